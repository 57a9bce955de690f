// Time, as an argument: what waits asks a clock, so that a test can let it pass.

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once, `ms` milliseconds from now. @returns calls it off */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves `ms` milliseconds from now. */
export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
