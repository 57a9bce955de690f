// The phone's page in every state that is made up, on the smallest phone: nothing that axe objects to, and in each language nothing cut
// off, at the browser's size of text and at twice that.
import { join } from 'node:path';
import type { Viewport } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phoneStates } from '../fakes/phone-states.ts';
import { AxePuppeteer } from './axe.ts';
import { ROOT } from './companion.ts';
import { type Language, type MadePhone, madePhone } from './made-phone.ts';

let phone: MadePhone;
beforeAll(async () => {
  phone = await madePhone();
});
afterAll(() => phone?.close());

/** Measured in the page at both sizes of text: what does not fit, by name. */
function misfits(): string[] {
  const found: string[] = [];
  // What is too long for a line of its own ends in dots, which is meant; a field scrolls by itself.
  const inDots = (one: Element | null): boolean =>
    one !== null &&
    (one.matches('input') || getComputedStyle(one).textOverflow === 'ellipsis' || inDots(one.parentElement));
  for (const size of [100, 200]) {
    document.documentElement.style.fontSize = `${size}%`;
    const tell = (what: string) => found.push(`${what} at ${size} %`);
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) tell(`page ${scrollWidth} wide`);
    for (const one of document.querySelectorAll<HTMLElement>('#app *')) {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      if (right - left <= 1 || !one.checkVisibility() || inDots(one)) continue;
      const name = `${one.tagName}.${one.className} "${one.textContent?.slice(0, 30)}"`;
      if (left < 0 || right > innerWidth + 0.5) tell(`${name} ${left}–${right}`);
      if (getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
        tell(`${name} holds more than its width`);
      const stays = one.matches('.bottom-sheet > .actions button');
      if (stays && (top < 0 || bottom > innerHeight)) tell(`${name} out of sight`);
    }
  }
  document.documentElement.style.removeProperty('font-size');
  return found;
}

/** What the page is built of, whatever it says: two that differ in a sentence alone axe judges alike. */
function structure(): string {
  const copy = document.body.cloneNode(true);
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.nodeValue = '';
  return (copy as HTMLElement).innerHTML;
}

/** As the phone is, and so long that nothing lies below what stays at its foot: what is hidden there axe takes for too small. */
const [SMALL, LONG] = [568, 2400].map((height) => ({
  ...{ width: 320, height, deviceScaleFactor: 1, isMobile: true, hasTouch: true },
})) as [Viewport, Viewport];

// Contrast follows the scheme, sizes the language: each is there once.
const LOOKS = [
  { language: 'en', dark: false },
  { language: 'zh-CN', dark: true },
] as const;

const looks = LOOKS.map(({ language, dark }) => ({
  ...{ language, dark },
  axe: new AxePuppeteer(join(ROOT, `out/screens/phone-states-${language}-${dark ? 'dark' : 'light'}`)),
}));
const judged = new Set<string>();

const states = phoneStates(Date.now()).map((state) => [state.name, state] as const);
test.each(states)('%s fits the smallest phone in each language, and axe finds nothing', async (_name, state) => {
  const { page } = phone;
  const found: string[] = [];
  await page.setViewport(SMALL);
  await phone.show(state, 'ja');
  const measure = async (language: Language) => {
    await phone.speak(language);
    found.push(...(await page.evaluate(misfits)).map((one) => `${language}: ${one}`));
  };
  for (const language of ['ja', 'zh-TW'] as const) await measure(language);
  for (const { language, dark, axe } of looks) {
    await page.setViewport(SMALL);
    await phone.paint(dark);
    await measure(language);
    const built = `${language} ${await page.evaluate(structure)}`;
    if (judged.has(built)) continue;
    judged.add(built);
    const picture = await page.screenshot();
    await page.setViewport(LONG);
    await axe.check(page, state.name, picture).catch((error: Error) => found.push(`${language}: ${error.message}`));
  }
  expect(found).toEqual([]);
});
