// Phones from the smallest to one that lies on its side, at the text size of the browser and at twice that, in both schemes: on
// each of them a screen has to fit.
import type { Page } from 'puppeteer';
import { expect } from 'vitest';
import type { AxePuppeteer } from './axe.ts';

const SIZES = [
  [320, 480],
  [360, 560],
  [390, 664],
  [844, 390],
] as const;

/**
 * Holds the screen to every size, scheme and size of text: nothing overflows sideways, the buttons of a sheet are in sight without
 * any scrolling, axe finds nothing. The page is left as it was.
 * @param name begins the names of the pictures
 */
export async function fitsEverywhere(page: Page, axe: AxePuppeteer, name: string): Promise<void> {
  const before = page.viewport();
  for (const scheme of ['light', 'dark'])
    for (const text of ['100%', '200%'])
      for (const [width, height] of SIZES) {
        const what = `${name}-${width}x${height}-${scheme}-${text.replace('%', '')}`;
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.setViewport({ width, height, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
        await page.evaluate((size) => {
          document.documentElement.style.fontSize = size;
        }, text);
        await axe.check(page, what);
        const out = await page.evaluate(() => {
          const { innerWidth, innerHeight } = window;
          const buttons = [...document.querySelectorAll('.bottom-sheet > .actions button')];
          const hidden = buttons.filter((button) => {
            const { top, bottom, left, right } = button.getBoundingClientRect();
            return top < 0 || bottom > innerHeight || left < 0 || right > innerWidth;
          });
          return { width: document.documentElement.scrollWidth, hidden: hidden.map(({ textContent }) => textContent) };
        });
        expect(out, what).toEqual({ width, hidden: [] });
      }
  await page.emulateMediaFeatures([]);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  if (before) await page.setViewport(before);
}
