// What leaves a document after it was filled in, as far as the browser tells its scripts: what was asked and answered.

const ASKS = /^fetch|^xml/;

/** What is asked for so soon after a press may be the form's, in ms, whatever else is asked of the same address. */
const SOON_MS = 1_000;

export class Traffic {
  /**
   * The HTTP status of the last answer to what was asked since, and never before; 0 while there is none, 1 for an answer that may be the
   * form's or the page's own.
   */
  status = 0;
  /** Before the first press nothing counts. */
  #since = 1e12;
  /** What the page asks for by itself. */
  readonly #polled = new Set<string>();

  constructor() {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
        const { name, responseStatus: status } = entry;
        const after = entry.startTime - this.#since;
        const isPolled = this.#polled.has(name);
        const isLate = after > SOON_MS;
        if (!ASKS.test(entry.initiatorType)) continue;
        if (after < 0) this.#polled.add(name);
        // Without a status it was not for the page's eyes, or never came.
        else if (status && !(isPolled && isLate)) this.status = isPolled || isLate ? this.status || 1 : status;
      }
    });
    observer.observe({ type: 'resource', buffered: true });
  }

  /** From now on counts: when fields are filled, and anew when the button is pressed. What answered an earlier press may answer this one, too. */
  begin(): void {
    this.status = 0;
    this.#since = performance.now();
  }
}
