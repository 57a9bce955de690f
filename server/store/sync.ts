// Has what was written lie on the disk before anybody hears of it, and the loop go on meanwhile: one call to the disk for all that came
// while the one before it ran.

/**
 * @param toDisk brings all that was written before it is called to the disk
 * @returns what resolves once all that was written before the call is there, and rejects where the disk did not take it
 */
export function newSync(toDisk: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    if (next) return next;
    const own = running.then(async () => {
      next = undefined;
      await toDisk();
    });
    next = own;
    running = own.catch(() => {});
    return own;
  };
}
