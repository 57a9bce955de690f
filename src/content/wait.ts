// Waits for the page: for its next change, for something to appear in it, for its next frame.

/** Resolves at the page's next change, at the latest after `ms`. @returns whether it has changed */
export function change(ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (changes?: unknown) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(Boolean(changes));
    };
    const observer = new MutationObserver(finish);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    const timer = setTimeout(finish, ms);
  });
}

/** What `find` gives as soon as it gives something, looked for after each change of the page; undefined after `ms`. */
export async function appears<T>(find: () => T | undefined, ms: number): Promise<T | undefined> {
  const end = performance.now() + ms;
  for (;;) {
    const found = find();
    if (found !== undefined || performance.now() >= end) return found;
    // Shadow trees and frames do not tell that they changed.
    await change(100);
  }
}

/** Resolves after the next frame was drawn, or a tenth of a second where nothing is drawn (a tab in the background). */
export const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve, 0);
    });
  });
