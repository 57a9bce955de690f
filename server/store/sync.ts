// Has what was written lie on the disk before anybody hears of it, and the loop go on meanwhile: one call to the disk for all that came
// while the one before it ran.

export interface Sync {
  /** Resolves once all that was written before the call lies on the disk, and rejects where the disk did not take it. */
  synced(): Promise<void>;
  /** Resolves when no call to the disk runs that was under way: what is written until then is too late for it. */
  idle(): Promise<void>;
}

/** @param toDisk brings all that was written before it is called to the disk */
export function newSync(toDisk: () => Promise<void>): Sync {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    idle: () => running,
    synced() {
      if (next) return next;
      const own = running.then(async () => {
        next = undefined;
        await toDisk();
      });
      next = own;
      running = own.catch(() => {});
      return own;
    },
  };
}
