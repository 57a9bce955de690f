// How a page is looked at before anything is filled in: the right document of it, and no longer than a person would wait.
import { beforeEach, describe, expect, test } from 'vitest';
import browser from 'webextension-polyfill';
import { isPrivate, lookAt, lookAtOpening, lookOrSilence } from '../../src/background/page.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { type FakeDocument, type FakeTabs, fakeTabs, lookOf } from '../fakes/tabs.ts';
import { HurriedClock, NOW } from './background-in-memory.ts';

const TAB = 1;
const FRAME = 'https://login.example';
const ELSEWHERE = 'https://elsewhere.example';
const form = { step: 'sign-in' } as const;
let tabs: FakeTabs;
beforeEach(() => {
  tabs = fakeTabs();
});

const page: FakeDocument = { look: lookOf({ mark: 'page' }) };
const frame = (mark: string, look: Partial<Look> = {}): FakeDocument => ({
  frameId: mark.length,
  look: lookOf({ mark, origin: FRAME, ...look }),
});

describe('what is looked at is', () => {
  test.each<[string, FakeDocument[] | undefined, string | undefined, string | undefined]>([
    ['the page itself, not a frame with a form', [page, frame('in', form)], undefined, 'page'],
    ['the frame that was allowed, not the page', [page, frame('in')], FRAME, 'in'],
    ['of several such frames the one with the form', [page, frame('a'), frame('login', form)], FRAME, 'login'],
    ['no frame of another origin', [page, frame('in', { origin: ELSEWHERE, ...form })], FRAME, undefined],
    ['no page in the place of the frame', [{ look: lookOf({ origin: FRAME, ...form }) }], FRAME, undefined],
    ['nothing where no extension may look', undefined, undefined, undefined],
  ])('%s', async (_what, documents, origin, mark) => {
    tabs.show(TAB, documents);
    const found = await lookAt({ tabId: TAB, frame: origin });
    expect(found?.look.mark).toBe(mark);
    expect(found?.documentId).toBe(mark);
  });
});

describe('a page that is still on its way', () => {
  test.each<[string, Partial<Look>, number, object]>([
    ['is looked at as soon as its form is there', { ...form, loaded: false }, 600, { step: 'sign-in' }],
    ['is looked at as soon as it is there', { loaded: true }, 600, { step: '' }],
    ['is not waited for longer than a second or so', { loaded: false }, 1_600, { step: '' }],
  ])('%s', async (_what, then, within, look) => {
    const clock = new HurriedClock();
    tabs.show(TAB, [{ look: lookOf({ loaded: false }) }]);
    clock.after(300, () => tabs.show(TAB, [{ look: lookOf(then) }]));
    expect((await lookAtOpening(clock, { tabId: TAB }))?.look).toMatchObject(look);
    expect(clock.now()).toBeLessThanOrEqual(NOW + within);
  });
});

describe('a page that keeps one waiting', () => {
  let clock: HurriedClock;
  beforeEach(() => {
    clock = new HurriedClock();
  });
  /** The page answers once `held` is over. */
  const lookWhile = async (held: (answer: () => void) => void) => {
    const { executeScript } = browser.scripting;
    type Injection = Parameters<typeof executeScript>[0];
    const { promise, resolve } = Promise.withResolvers<void>();
    tabs.show(TAB, [page]);
    const answersLate = (asked: Injection) => promise.then(() => executeScript(asked));
    Object.assign(browser.scripting, { executeScript: answersLate });
    held(resolve);
    try {
      return await lookOrSilence(clock, { tabId: TAB });
    } finally {
      Object.assign(browser.scripting, { executeScript });
      clock.stop();
    }
  };

  test('is silent after five seconds', async () => {
    expect(await lookWhile((answer) => clock.after(5_500, answer))).toBe('silent');
  });

  test('is not, for a machine that slept, and answers when that wakes', async () => {
    const clockThatSleeps = (answer: () => void) =>
      clock.after(200, () => {
        clock.sleep(60_000);
        clock.after(100, answer);
      });
    expect(await lookWhile(clockThatSleeps)).toMatchObject({ look: { mark: 'page' } });
  });
});

test('a tab that has gone counts as a private one', async () => {
  tabs.show(TAB, []);
  expect(await isPrivate(TAB)).toBe(false);
  tabs.show(TAB, [], { incognito: true });
  expect(await isPrivate(TAB)).toBe(true);
  tabs.close(TAB);
  expect(await isPrivate(TAB)).toBe(true);
});
