// What leaves a document after it was filled in, as far as the browser tells its scripts: what was asked and answered.

const ASKS = /^fetch|^xml/;

export class Traffic {
  /** The HTTP status of the last answer to what was asked since, and never before; 0 while there is none. */
  status = 0;
  /** Before the first press nothing counts. */
  #since = 1e12;
  /** What the page asks for by itself. */
  readonly #polled = new Set<string>();

  constructor() {
    const observer = new PerformanceObserver((list) => {
      for (const {
        name,
        startTime,
        initiatorType,
        responseStatus,
      } of list.getEntries() as PerformanceResourceTiming[]) {
        if (!ASKS.test(initiatorType)) continue;
        if (startTime < this.#since) this.#polled.add(name);
        // Without a status it was not for the page's eyes, or never came.
        else if (responseStatus && !this.#polled.has(name)) this.status = responseStatus;
      }
    });
    observer.observe({ type: 'resource', buffered: true });
  }

  /** From now on counts. What answered an earlier press may answer this one, too. */
  begin(): void {
    this.status = 0;
    this.#since = performance.now();
  }
}
