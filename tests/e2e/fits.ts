// Phones from the smallest to one that lies on its side, and a tablet, at the text size of the browser and at twice that: on each of
// them a screen has to fit.
import type { Page } from 'puppeteer';
import { until } from './companion.ts';

const SIZES = [
  [320, 480],
  [360, 560],
  [390, 664],
  [844, 390],
  [768, 1024],
] as const;

/**
 * Holds the screen to every size and size of text: nothing overflows sideways, the buttons of a sheet are in sight without any
 * scrolling. The page is left as it was.
 * @param look what else is looked at in each of them; it is given a name for it
 */
export async function fits(page: Page, screen: string, look?: (name: string) => Promise<void>): Promise<void> {
  const before = page.viewport();
  for (const text of [100, 200])
    for (const [width, height] of SIZES) {
      const name = `${screen}-${width}x${height}-${text}`;
      await page.setViewport({ width, height, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
      // The page hears of its new size a moment later.
      let out: { width: number; hidden: (string | null)[] } | undefined;
      const measure = (percent: number) =>
        page.evaluate(async (size) => {
          document.documentElement.style.fontSize = `${size}%`;
          // What still moves has not come to its place.
          await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
          const buttons = [...document.querySelectorAll('.bottom-sheet > .actions button')];
          const hidden = buttons.filter((button) => {
            const { top, bottom, left, right } = button.getBoundingClientRect();
            return top < 0 || bottom > innerHeight || left < 0 || right > innerWidth;
          });
          return { width: document.documentElement.scrollWidth, hidden: hidden.map(({ textContent }) => textContent) };
        }, percent);
      await until(`${name} fits`, async () => {
        out = await measure(text);
        return out.width === width && out.hidden.length === 0;
      }).catch((error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify(out)}`);
      });
      await look?.(name);
    }
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  if (before) await page.setViewport(before);
}
