// What leaves a document after it was filled in, as far as the browser tells its scripts: what was asked and answered.

const ASKS = /^(fetch|xmlhttprequest)$/;

export class Traffic {
  /** Some request of the page's scripts was answered. */
  answered = false;
  /** The worst HTTP status among the answers, 0 while there is none or it is not told. */
  worst = 0;
  #since = 0;
  #observer: PerformanceObserver | undefined;

  /** From now on counts. */
  begin(): void {
    this.answered = false;
    this.worst = 0;
    this.#since = performance.now();
    this.#observer ??= new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
        if (entry.startTime < this.#since || !ASKS.test(entry.initiatorType)) continue;
        this.answered = true;
        this.worst = Math.max(this.worst, entry.responseStatus ?? 0);
      }
    });
    this.#observer.observe({ type: 'resource' });
  }
}
