// What is shown for a while only: followed from before it can come, since on a busy machine whoever looks afterwards comes too late.
import type { Page } from 'puppeteer';
import { until } from './companion.ts';

/** Waits until `text` is shown, or has been since it is followed. */
export type Shown = (text: string) => Promise<void>;

/** Runs in the page. */
export function noteTexts(page: Window & { texts?: string[] }): void {
  const { document } = page;
  const texts = [document.body.innerText];
  const look = () => document.body && texts.push(document.body.innerText);
  const Observer = (page as Window & typeof globalThis).MutationObserver;
  new Observer(look).observe(document, { childList: true, subtree: true, characterData: true });
  page.texts = texts;
}

/** @param texts everything that has been shown since it is followed */
export const shownIn =
  (texts: () => Promise<readonly string[]>): Shown =>
  async (text) => {
    let last: readonly string[] = [];
    const isShown = async () => {
      last = await texts();
      return last.some((one) => one.includes(text));
    };
    await until(`"${text}" is shown`, isShown).catch((error: Error) => {
      throw new Error(`${error.message}; it has said: ${[...new Set(last)].join('\n—\n')}`);
    });
  };

/** Follows a page until it is loaded anew. */
export async function follow(page: Page): Promise<Shown> {
  await page.evaluate(`(${noteTexts})(window)`);
  return shownIn(() => page.evaluate(() => (window as Window & { texts?: string[] }).texts ?? []));
}
