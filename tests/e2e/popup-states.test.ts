// The popup's frame in every state, as it is drawn: one size, nothing cut off, nothing that axe objects to, one status that stays.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXTENSION_PAGES } from '../fakes/extension-pages.ts';
import { popupStates, popupStatesNow } from '../fakes/popup-states.ts';
import { AxePuppeteer } from './axe.ts';
import { ROOT, until } from './companion.ts';
import { popupMaker } from './made-popup.ts';

let maker: Awaited<ReturnType<typeof popupMaker>>;
beforeAll(async () => {
  maker = await popupMaker();
});
afterAll(() => maker.close());

// Sizes follow the language, contrast the scheme: each is there once.
const looks = [
  { language: 'en', dark: false },
  { language: 'zh-CN', dark: true },
] as const;

/** Measured in the page: what does not fit, by name. */
function misfits(larger: boolean): string[] {
  const found: string[] = [];
  const { width, height } = document.body.getBoundingClientRect();
  if (width !== 360 || height !== 520) found.push(`frame ${width} × ${height}`);
  const root = document.documentElement;
  if (root.scrollWidth > 360 || root.scrollHeight > 520) found.push(`page ${root.scrollWidth} × ${root.scrollHeight}`);
  const main = document.querySelector('main') as HTMLElement;
  if (main.scrollWidth > main.clientWidth) found.push(`stage ${main.scrollWidth} wide`);
  // Larger text scrolls inside.
  if (!larger && main.scrollHeight > main.clientHeight)
    found.push(`stage ${main.scrollHeight} of ${main.clientHeight}`);
  const edge = main.getBoundingClientRect();
  for (const one of document.querySelectorAll('main *, header *, footer *')) {
    const { left, right } = one.getBoundingClientRect();
    if (one.closest('.hidden-text, bdi') || right === left) continue;
    if (left < edge.left || right > edge.right) found.push(`${one.tagName}.${one.className} ${left}–${right}`);
  }
  const visual = document.querySelector('.visual') as HTMLElement;
  // Below a command that is to be copied it gives way.
  if (visual.offsetHeight < (document.querySelector('.admit') ? 128 : 200))
    found.push(`visual ${visual.offsetHeight} high`);
  if (document.querySelectorAll('[role=status]').length !== 1) found.push('more than one status, or none');
  return found;
}

describe.each(looks)('$language, dark: $dark', ({ language, dark }) => {
  test('the frame keeps its size in every state, and cuts nothing off', async () => {
    const { page, show, close } = await maker.open({ language, dark });
    const axe = new AxePuppeteer(join(ROOT, `out/pictures/popup-${language}-${dark ? 'dark' : 'light'}`));
    const found: string[] = [];
    const status = () => page.evaluate(() => document.querySelector('[role=status]')?.getAttribute('data-kept'));
    await page.evaluate(() => document.querySelector('[role=status]')?.setAttribute('data-kept', 'yes'));
    /** What does not fit once all of a state is drawn: of the one before it something may stand there for a frame. */
    const atLast = async (larger: boolean): Promise<string[]> => {
      let last: string[] = [];
      const fits = async () => {
        last = await page.evaluate(misfits, larger);
        return last.length === 0;
      };
      return until('it fits', fits, 2_000).then(
        () => [],
        () => last,
      );
    };
    for (const state of popupStatesNow()) {
      await show(state);
      found.push(...(await atLast(false)).map((one) => `${state.name}: ${one}`));
      await axe.check(page, state.name).catch((error: Error) => found.push(error.message));
      await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
      found.push(...(await atLast(true)).map((one) => `${state.name} at 200 %: ${one}`));
      await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
      if (!state.refused && (await status()) !== 'yes') found.push(`${state.name}: the status is another element`);
    }
    expect(found).toEqual([]);
    await close();
  });
});

test.each(looks)('options and the page after installing fit, and axe finds nothing: $language', async (look) => {
  const { page, visit, close } = await maker.open(look);
  const axe = new AxePuppeteer(join(ROOT, `out/pictures/popup-${look.language}-${look.dark ? 'dark' : 'light'}`));
  const found: string[] = [];
  for (const other of EXTENSION_PAGES) {
    await visit(other);
    await axe.check(page, other.name).catch((error: Error) => found.push(error.message));
    for (const size of [100, 200]) {
      const wide = await page.evaluate((percent) => {
        document.documentElement.style.fontSize = `${percent}%`;
        return document.documentElement.scrollWidth;
      }, size);
      if (wide > 360) found.push(`${other.name} at ${size} %: ${wide} wide`);
    }
  }
  expect(found).toEqual([]);
  await close();
});

test('on a phone, where a popup is a page of its own, it fills the screen, by a finger’s sizes', async () => {
  const { page, show, close } = await maker.open({ language: 'en', dark: false });
  await page.setViewport({ width: 412, height: 780, isMobile: true, hasTouch: true });
  await page.reload();
  for (const state of popupStates(Date.now()).filter(({ name }) => /^(code|ringing|signed-in-trust)/.test(name))) {
    await show(state);
    const { frame, small } = await page.evaluate(() => {
      const { width, height } = document.body.getBoundingClientRect();
      const heights = [...document.querySelectorAll('button')].map((one) => one.getBoundingClientRect().height);
      return { frame: [width, height], small: heights.filter((one) => one < 24) };
    });
    expect(frame, state.name).toEqual([412, 780]);
    expect(small, state.name).toEqual([]);
  }
  await close();
});

test('at a zoom of 200 % the code is whole in what the browser leaves of the popup', async () => {
  const { page, show, close } = await maker.open({ language: 'en', dark: false });
  await page.setViewport({ width: 400, height: 300, deviceScaleFactor: 2 });
  for (const state of popupStates(Date.now()).filter(({ name }) => /^(code|ringing|confirm-far)/.test(name))) {
    await show(state);
    const [top = 0, bottom = 0] = await page.$eval('svg.code', (code) => {
      scrollTo(0, 0);
      document.querySelector('main')?.scrollTo(0, 0);
      const { top: from, bottom: to } = code.getBoundingClientRect();
      return [from, to];
    });
    expect(
      [top, bottom].every((at) => at >= 44 && at <= 300),
      `${state.name}: ${top} to ${bottom}`,
    ).toBe(true);
  }
  await close();
});

test.each([
  'hospital-of-the-northern-districts.example:8443',
  'www.google.com.sign-in.account-recovery.and-more.and-more-of-it.my-bank-of-the-northern-districts.example',
])('whose page it is stays whole in sight, however long the address: %s', async (host) => {
  const { page, show, close } = await maker.open({ language: 'en', dark: false, url: `https://${host}/` });
  const [state] = popupStates(Date.now());
  if (state) await show(state);
  const domain = /[^.]+\.example.*/.exec(host)?.[0] ?? '';
  for (const size of [100, 200]) {
    const seen = await page.evaluate(
      (wanted, percent) => {
        document.documentElement.style.fontSize = `${percent}%`;
        const text = document.querySelector('header bdi')?.firstChild as Text;
        const room = text.parentElement?.parentElement?.getBoundingClientRect() as DOMRect;
        const range = document.createRange();
        range.setStart(text, text.data.indexOf(wanted));
        range.setEnd(text, text.data.indexOf(wanted) + wanted.length);
        return [...range.getClientRects()].every(
          ({ top, bottom, left, right }) =>
            top >= Math.max(0, room.top - 1) &&
            bottom <= Math.min(44, room.bottom + 1) &&
            left >= room.left &&
            right <= room.right + 1,
        );
      },
      domain,
      size,
    );
    expect(seen, `at ${size} %`).toBe(true);
  }
  await close();
});

test('focus that would be lost goes to the headline, and stays where it is otherwise', async () => {
  const { page, show, close } = await maker.open({ language: 'en', dark: false });
  const states = popupStates(Date.now());
  const named = (name: string) => states.find((one) => one.name === name) ?? states[0];
  const at = () => page.evaluate(() => document.activeElement?.tagName);
  const go = async (name: string) => {
    const state = named(name);
    if (state) await show(state);
  };
  await go('confirm');
  expect(await at()).toBe('BODY');
  await page.focus('.actions button');
  await go('confirm-number');
  expect(await at()).toBe('BUTTON');
  await go('signing-in');
  expect(await at()).toBe('H1');
  await go('signed-in-trust-offered');
  expect(await at()).toBe('H1');
  await close();
});

test('the popup closes by itself once there is nothing left to decide, but not for somebody who is at it', async () => {
  const { page, show, close } = await maker.open({ language: 'en', dark: false });
  const states = popupStates(Date.now());
  const end = states.find(({ closes }) => closes);
  const offered = states.find(({ name }) => name === 'signed-in-trust-offered');
  if (!end || !offered) throw new Error('no such states');
  // Timers as they would run out, in their order, with nothing waited for.
  await page.evaluate(() => {
    const timers = new Map<number, () => void>();
    const { setTimeout: later, clearTimeout: forget } = window;
    let next = -1;
    Object.assign(window, {
      setTimeout: (run: () => void, ms: number) => {
        if (ms !== 2_000) return later(run, ms);
        timers.set(next, run);
        return next--;
      },
      clearTimeout: (id: number) => timers.delete(id) || forget(id),
      pass: () => {
        for (const run of timers.values()) run();
        timers.clear();
        return (window as unknown as { closed_: number }).closed_;
      },
    });
  });
  const pass = () => page.evaluate(() => (window as unknown as { pass(): number }).pass());
  const move = () =>
    page.evaluate(() =>
      document.documentElement.dispatchEvent(new PointerEvent('pointermove', { movementX: 4, movementY: 0 })),
    );
  await show(offered);
  expect(await pass()).toBe(0);
  // Where the button was that the person pressed.
  await move();
  await page.evaluate(() => document.querySelector('h1')?.focus());
  await show(end);
  expect(await pass()).toBe(1);
  await show(offered);
  await show(end);
  await move();
  expect(await pass()).toBe(1);
  await close();
});
