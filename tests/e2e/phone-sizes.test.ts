// The phone's screens on every size of phone, in both languages.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AxePuppeteer } from './axe.ts';
import type { chromium } from './chromium.ts';
import { ROOT, until } from './companion.ts';
import { fits } from './fits.ts';
import { type World, world } from './world.ts';

/** Runs where time is to stand still, until it is told to go on from there, or to be again what it is elsewhere. */
function stopClock(): void {
  const { now } = Date;
  const at = now();
  Date.now = () => at;
  const goOn = () => {
    const stood = now() - at;
    Date.now = () => now() - stood;
  };
  const setRight = () => {
    Date.now = now;
  };
  Object.assign(globalThis, { clock: { goOn, setRight } });
}
type Clock = { clock: { goOn(): void; setRight(): void } };
const startClock = (): void => (globalThis as unknown as Clock).clock.goOn();
const setClockRight = (): void => (globalThis as Partial<Clock>).clock?.setRight();

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
  const goOn = async () => {
    await page.evaluate(startClock);
    await (await worker()).evaluate(startClock);
  };
  // Whatever fails meanwhile: the worker is the next test's, too, and by a clock that is behind every new code has run out.
  onTestFinished(async () => void (await (await worker()).evaluate(setClockRight)));
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
  await goOn();
  await w.phone.approve();
  expect(await w.outcome()).toBe('signed-in');
  await until('a reader begins at the headline', async () => (await focused()) === 'H1');
  await check('end');
  await w.tidy(begun.page);
});

test('on a phone that lies on its side nothing is below the notch', async () => {
  const { page } = w.phone;
  const cdp = await page.createCDPSession();
  const before = page.viewport();
  await page.setViewport({ width: 500, height: 320, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
  const [left, right] = [59, 47];
  await cdp.send('Emulation.setSafeAreaInsetsOverride', { insets: { left, right } });
  await w.phone.visit(w.companion.origin);
  /** What lies below the notch, or the round corner opposite to it. */
  const below = () =>
    page.evaluate(
      (from, to) =>
        [...document.querySelectorAll<HTMLElement>('#app *')]
          .map((one) => ({ one, place: one.getBoundingClientRect() }))
          .filter(({ place }) => place.width > 1 && (place.left < from || place.right > innerWidth - to))
          .map(({ one, place }) => `${one.tagName}.${one.className} ${place.left}–${place.right}`),
      left,
      right,
    );
  const check = async (screen: string) => {
    let found: string[] = [];
    await until(`${screen} is beside the notch`, async () => {
      found = await below();
      return found.length === 0;
    }).catch((error: Error) => {
      throw new Error(`${error.message}: ${found.join(', ')}`);
    });
  };
  await page.waitForSelector('form');
  await w.phone.picture(join(ROOT, 'out/screens/notch-unlock.png'));
  await check('unlocking');
  await w.phone.unlock();
  await page.waitForSelector('ul.rows');
  await w.phone.picture(join(ROOT, 'out/screens/notch-list.png'));
  await check('the list');
  const begun = await w.begin('/plain');
  await w.scan(begun.popup);
  await page.waitForSelector('.pass');
  await w.phone.picture(join(ROOT, 'out/screens/notch-request.png'));
  await check('the request');
  // Whichever language the screens were in before.
  await page.locator('.bottom-sheet > .actions button:last-child').click();
  await page.waitForSelector('[data-outcome]');
  await w.tidy(begun.page);
  await cdp.send('Emulation.setSafeAreaInsetsOverride', { insets: {} });
  if (before) await page.setViewport(before);
});
