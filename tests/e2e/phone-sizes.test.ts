// The phone's screens on every size of phone, in both languages.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AxePuppeteer } from './axe.ts';
import type { chromium } from './chromium.ts';
import { ROOT, until } from './companion.ts';
import { fits } from './fits.ts';
import { type World, world } from './world.ts';

/** Runs where time is to stand still, until it is told to go on from there. */
function stopClock(): void {
  const { now } = Date;
  const at = now();
  Date.now = () => at;
  const goOn = () => {
    const stood = now() - at;
    Date.now = () => now() - stood;
  };
  Object.assign(globalThis, { goOn });
}

let w: World;
beforeAll(async () => {
  w = await world('chromium');
});
afterAll(() => w.close());

test.each(['en', 'zh-CN'])('a request can be confirmed and denied without scrolling: %s', async (language) => {
  const { page } = w.phone;
  const axe = new AxePuppeteer(join(ROOT, 'out/screens', `phone-sizes-${language}`));
  await page.evaluate((tag) => localStorage.setItem('language', tag), language);
  await w.phone.visit(w.companion.origin);
  await w.phone.unlock();
  await page.waitForSelector('ul.rows');
  const check = async (screen: string) => {
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await fits(page, `${screen}-${value}`, (name) => axe.check(page, name));
    }
  };
  const { worker } = w.desktop as Awaited<ReturnType<typeof chromium>>;
  const begun = await w.begin('/plain');
  await w.scan(begun.popup);
  // A request is good for two minutes, which all that is looked at may take: none pass until it is confirmed.
  await (await worker()).evaluate(stopClock);
  await page.evaluate(stopClock);
  const focused = () => page.evaluate(() => document.activeElement?.tagName);
  await until('a reader begins at the headline', async () => (await focused()) === 'H1');
  await check('request');
  expect(await page.$$('.bottom-sheet > .actions button')).toHaveLength(2);
  // The accounts have a sheet of their own, which is left as it was found.
  await page.locator('button.fact').click();
  await page.waitForSelector('button.account');
  await check('accounts');
  await page.locator('.actions button').click();
  await page.waitForSelector('.pass');
  await page.evaluate(() => (window as unknown as { goOn(): void }).goOn());
  await (await worker()).evaluate(() => (globalThis as { goOn?: () => void }).goOn?.());
  await w.phone.approve();
  expect(await w.outcome()).toBe('signed-in');
  await until('a reader begins at the headline', async () => (await focused()) === 'H1');
  await check('end');
  await w.tidy(begun.page);
});
