// Ends that no clock puts off: by one that is set back, what ends by it would last longer than it may. Kept by this process alone: one that
// starts anew has the clock's word.

export class Deadlines {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** Has `end` done when so many ms have really passed. */
  set(id: string, ms: number, end: () => Promise<void>): void {
    this.drop(id);
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      // A store that is lost has the clock's word, too.
      end().catch(() => {});
    }, ms);
    this.#timers.set(id, timer.unref());
  }

  /** It has ended before. */
  drop(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}
