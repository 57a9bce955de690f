// How a page that was signed in to is judged, and how a credential goes through several steps: no page gets what another was to have,
// and none gets it twice.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Before } from '../../src/background/judge.ts';
import { lookAt } from '../../src/background/page.ts';
import { deliver, watch } from '../../src/background/steps.ts';
import type { FillReport, Look } from '../../src/extension/page-api.ts';
import { type FakeDocument, type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { HurriedClock } from './background-in-memory.ts';

const TAB = 1;
const FRAME = 'https://login.example';
let clock: HurriedClock;
let tabs: FakeTabs;
beforeEach(() => {
  clock = new HurriedClock();
  tabs = fakeTabs();
});
// What a story has not come to yet would go on in the next one's tab.
afterEach(() => clock.stop());

/** What stands in the tab: one document, several, or nothing that may be looked at. */
type Scene = Partial<Look> | FakeDocument[] | 'hidden';
function show(scene: Scene): void {
  if (scene === 'hidden') tabs.show(TAB, undefined);
  else tabs.show(TAB, Array.isArray(scene) ? scene : [{ look: lookOf(scene) }]);
}

const form = { step: 'sign-in', typed: true } as const;
const emptied = { ...form, typed: false };
const second = { mark: 'second' };

interface Watched {
  /** After how many milliseconds the tab shows what. */
  story: readonly (readonly [number, Scene])[];
  before?: Before;
  otpGiven?: boolean;
  result: Awaited<ReturnType<typeof watch>>['result'];
  text?: string;
}

const WATCHED: Record<string, Watched> = {
  'a form that was kept from being sent elsewhere': {
    story: [[700, { ...emptied, stopped: 'origin-mismatch' }]],
    result: 'stopped',
  },
  'another document without a form': { story: [[500, second]], result: 'signed-in' },
  'a document that is answered with 401 and shows no form': {
    story: [[500, { ...second, status: 401 }]],
    result: 'refused',
  },
  'a document that says that the site is broken': { story: [[500, { ...second, status: 503 }]], result: 'cannot-tell' },
  'a form that has gone from its document for more than a second': { story: [[500, {}]], result: 'signed-in' },
  'a form that makes way for a one-time code': {
    story: [
      [500, {}],
      [1_500, { step: 'code' }],
    ],
    result: 'otp',
  },
  'a form that was gone for one look alone': {
    story: [
      [350, second],
      [750, { ...second, ...emptied, alert: 'Wrong' }],
    ],
    result: 'refused',
    text: 'Wrong',
  },
  'the form in another document': {
    story: [[500, { ...second, ...emptied, alert: 'Wrong password' }]],
    result: 'refused',
    text: 'Wrong password',
  },
  'the form in another document, without a word': { story: [[500, { ...second, ...form }]], result: 'refused' },
  'a complaint in the same document': { story: [[500, { ...form, alert: 'Wrong' }]], result: 'refused', text: 'Wrong' },
  'a complaint that stood there before': {
    story: [[0, { ...form, alert: 'Cookies!' }]],
    before: { mark: 'first', alert: 'Cookies!' },
    result: 'cannot-tell',
  },
  'a form that stays and was emptied': { story: [[500, emptied]], result: 'refused' },
  'a form that stays as it was sent': { story: [], result: 'cannot-tell' },
  'a place where we may not look': { story: [[500, 'hidden']], result: 'cannot-tell' },
  'a place where we may not look, for long, and then a welcome': {
    story: [
      [500, 'hidden'],
      [9_000, second],
    ],
    result: 'cannot-tell',
  },
  'a document that never comes to its end': { story: [[500, { ...second, loaded: false }]], result: 'cannot-tell' },
  'a one-time code': { story: [[500, { ...second, step: 'code' }]], result: 'otp' },
  'a one-time code again after it was given': {
    story: [[500, { ...second, step: 'code', alert: 'Wrong code' }]],
    otpGiven: true,
    result: 'refused',
    text: 'Wrong code',
  },
  'a one-time code that stands still after it was given': {
    story: [[0, { step: 'code', typed: true }]],
    otpGiven: true,
    result: 'cannot-tell',
  },
  'the form once more, still filled in, with a place for a code': {
    story: [[500, { ...second, ...form, otp: true }]],
    result: 'otp',
  },
  'the form once more, emptied, with a place for a code': {
    story: [[500, { ...second, ...emptied, otp: true, alert: 'And the code' }]],
    result: 'more',
    text: 'And the code',
  },
  'a code that came by message': {
    story: [[500, { ...second, sentCode: true, alert: 'Look at your phone' }]],
    result: 'more',
    text: 'Look at your phone',
  },
  'a passkey': { story: [[500, { ...second, obstacle: 'passkey' }]], result: 'more' },
  'a riddle in another document': {
    story: [[500, { ...second, ...emptied, obstacle: 'captcha' }]],
    result: 'more',
  },
  'a riddle over the form as it was sent': { story: [[500, { ...form, obstacle: 'captcha' }]], result: 'more' },
  'a riddle that the person solves': {
    story: [
      [500, { ...form, obstacle: 'captcha' }],
      [3_000, second],
    ],
    result: 'signed-in',
  },
  'a riddle that comes with a complaint': {
    story: [[500, { ...form, obstacle: 'captcha', alert: 'Show that you are human' }]],
    result: 'more',
    text: 'Show that you are human',
  },
  'a passkey beside the form once more': {
    story: [[500, { ...second, ...emptied, obstacle: 'passkey' }]],
    result: 'refused',
  },
  'the same document with its form gone, whatever it was answered with': {
    story: [[500, { status: 403 }]],
    result: 'signed-in',
  },
  'the same document with its form gone, however broken it was': {
    story: [[500, { status: 503 }]],
    result: 'signed-in',
  },
  'a document that is answered with 403 and shows no form': {
    story: [[500, { ...second, status: 403 }]],
    result: 'refused',
  },
  'a complaint of before that has gone': {
    story: [],
    before: { mark: 'first', alert: 'Cookies!' },
    result: 'cannot-tell',
  },
  'a one-time code again in another document, without a word': {
    story: [[500, { ...second, step: 'code' }]],
    otpGiven: true,
    result: 'refused',
  },
  'a complaint about the one-time code in the same document': {
    story: [
      [0, { step: 'code' }],
      [500, { step: 'code', alert: 'Wrong code' }],
    ],
    otpGiven: true,
    result: 'refused',
    text: 'Wrong code',
  },
  'a place for a code once more after it was given': {
    story: [[500, { ...second, ...form, otp: true }]],
    otpGiven: true,
    result: 'refused',
  },
  'a place for a code beside a form that stays as it was sent': {
    story: [[0, { ...form, otp: true }]],
    before: { mark: 'first', alert: '', otp: true },
    result: 'cannot-tell',
  },
  'a complaint over the same form, with a place for a code': {
    story: [[500, { ...form, otp: true, alert: 'And the code' }]],
    result: 'otp',
  },
  'a password alone once more, with a place for a code': {
    story: [[500, { ...second, ...form, step: 'password', otp: true }]],
    result: 'refused',
  },
};

describe('a sign-in is watched, and a page that then shows', () => {
  test.each(Object.entries(WATCHED))('%s ends it so', async (_what, watched) => {
    const { story, before = { mark: 'first', alert: '' }, otpGiven = false, result, text = '' } = watched;
    const told = result === 'stopped' ? { result } : { result, text };
    show(form);
    for (const [ms, scene] of story) {
      if (ms === 0) show(scene);
      else clock.after(ms, () => show(scene));
    }
    expect(await watch(clock, { tabId: TAB }, { ...before, otpGiven })).toMatchObject(told);
  });

  test.each<[string, number, Partial<Look>, object]>([
    ['the whole time that is given to it, and then a welcome', 20_000, second, { result: 'signed-in' }],
    ['longer than a dead button takes, and then a welcome', 7_000, second, { result: 'signed-in' }],
    ['the whole time, and then a complaint', 20_000, { ...second, ...emptied, alert: 'No' }, { result: 'refused' }],
  ])('a machine that slept in between: %s', async (_what, ms, comes, told) => {
    show({ ...form, sent: false });
    clock.after(500, () => clock.sleep(ms));
    clock.after(1_500, () => show(comes));
    expect(await watch(clock, { tabId: TAB }, { mark: 'first', alert: '' })).toMatchObject(told);
  });

  test('a dialog of its own is told of within eight seconds', async () => {
    const from = clock.now();
    show(form);
    clock.after(500, () => show([{ look: lookOf(form), blocked: true }]));
    expect(await watch(clock, { tabId: TAB }, { mark: 'first', alert: '' })).toMatchObject({
      result: 'cannot-tell',
      code: 'page-blocked',
    });
    expect(clock.now() - from).toBeLessThan(8_000);
  });

  test('another origin in the allowed frame is judged by the frame, not by the page around it', async () => {
    const around = { look: lookOf({ ...emptied, mark: 'around', alert: 'Wrong' }) };
    const inner = (look: Partial<Look>) => ({ frameId: 5, look: lookOf({ origin: FRAME, mark: 'inner', ...look }) });
    show([around, inner(form)]);
    clock.after(500, () => show([around, inner({ mark: 'welcome' })]));
    const ended = watch(clock, { tabId: TAB, frame: FRAME }, { mark: 'inner', alert: '' });
    expect(await ended).toMatchObject({ result: 'signed-in' });
  });
});

const given = { username: 'li', password: 'Blue-Heron-7', extra: '', otp: '' };
/** Gives that to the page as it stands now. */
async function deliverHere(isLive = () => true, onStep = async () => {}): ReturnType<typeof deliver> {
  const page = await lookAt({ tabId: TAB });
  if (!page) throw new Error('there is a page');
  return deliver(clock, { tabId: TAB }, SITE, page, given, isLive, onStep);
}
const name = { step: 'name' } as const;
const password = { ...second, step: 'password' } as const;

interface Delivered {
  first: Partial<Look>;
  /** What the tab shows once the first step is filled, after so many milliseconds. */
  story?: readonly (readonly [number, Scene])[];
  fill?: FakeDocument['fill'];
  report: object;
  /** Documents that got anything, in order. */
  got: string[];
}

const DELIVERED: Record<string, Delivered> = {
  'one form': { first: form, report: { done: 'filled', page: { documentId: 'first' } }, got: ['first'] },
  'a name, and then a password in another document': {
    first: name,
    story: [[700, password]],
    report: { done: 'filled', page: { documentId: 'second' } },
    got: ['first', 'second'],
  },
  'a name, and then a page of another origin': {
    first: name,
    story: [[700, { ...password, origin: 'https://elsewhere.example' }]],
    report: { done: 'not-filled', code: 'step-blocked' },
    got: ['first'],
  },
  'a name, and then a page where we may not look': {
    first: name,
    story: [[700, 'hidden']],
    report: { done: 'not-filled', code: 'step-blocked' },
    got: ['first'],
  },
  'a name that the site does not know': {
    first: name,
    story: [[700, { ...second, ...name, alert: 'Who?' }]],
    report: { done: 'told', told: { result: 'refused', text: 'Who?' } },
    got: ['first'],
  },
  'a name, and then the whole form': {
    first: name,
    story: [[700, { ...second, ...form }]],
    report: { done: 'filled', page: { documentId: 'second' } },
    got: ['first', 'second'],
  },
  'a name that the site does not know, said in the same document': {
    first: name,
    story: [[700, { ...name, alert: 'Who?' }]],
    report: { done: 'told', told: { result: 'refused', text: 'Who?' } },
    got: ['first'],
  },
  'a name that the site asks for again without a word': {
    first: name,
    story: [[700, { ...second, ...name }]],
    report: { done: 'told', told: { result: 'refused', text: '' } },
    got: ['first'],
  },
  'a name, a document that is still on its way, and then the password': {
    first: name,
    story: [
      [700, { ...second, ...name, loaded: false }],
      [3_000, password],
    ],
    report: { done: 'filled', page: { documentId: 'second' } },
    got: ['first', 'second'],
  },
  'a name, the same once more for one look alone, and then the password': {
    first: name,
    story: [
      [700, { ...second, ...name }],
      [1_100, password],
    ],
    report: { done: 'filled', page: { documentId: 'second' } },
    got: ['first', 'second'],
  },
  'a name after which nothing comes': {
    first: name,
    report: { done: 'told', told: { result: 'cannot-tell', code: 'unseen' } },
    got: ['first'],
  },
  'a name that never leaves': {
    first: { ...name, sent: false },
    report: { done: 'told', told: { result: 'not-sent' } },
    got: ['first'],
  },
  'a name, while the page says that it goes on, and then the password': {
    first: name,
    story: [
      [300, { ...name, alert: 'Loading…' }],
      [4_000, password],
    ],
    report: { done: 'filled', page: { documentId: 'second' } },
    got: ['first', 'second'],
  },
  'a name, and then nothing but a blank page': {
    first: name,
    story: [[700, second]],
    report: { done: 'not-filled', code: 'no-form' },
    got: ['first'],
  },
  'a name, and a code in place of a password': {
    first: name,
    story: [[700, { ...second, step: 'code' }]],
    report: { done: 'filled', page: { documentId: 'first' } },
    got: ['first'],
  },
  'a name, and then a page that moves for a minute before it asks': {
    first: name,
    story: [
      [20_000, { alert: 'One moment' }],
      [40_000, { alert: 'Please wait' }],
      [60_000, password],
    ],
    report: { done: 'filled', page: { documentId: 'second' } },
    got: ['first', 'second'],
  },
  'a form whose button sleeps': {
    first: form,
    fill: () => ({ done: 'entered', step: 'sign-in' }),
    report: { done: 'told', told: { result: 'not-sent' } },
    got: ['first'],
  },
  'a form that asks somebody who is in for the password once more': {
    first: form,
    fill: () => ({ done: 'entered', step: 'again' }),
    report: { done: 'told', told: { result: 'not-sent', code: 'asked-again' } },
    got: ['first'],
  },
  'a form that turned out to send elsewhere': {
    first: form,
    fill: () => ({ done: 'not-filled', code: 'origin-mismatch' }),
    report: { done: 'not-filled', code: 'origin-mismatch' },
    got: ['first'],
  },
  'a document that went away while it was filled, and was replaced by the same form': {
    first: form,
    story: [[100, { ...second, ...form }]],
    // A frozen document never answers.
    fill: () => new Promise(() => {}),
    report: { done: 'filled', page: { documentId: 'first' } },
    got: ['first'],
  },
};

describe('a credential is given to', () => {
  test.each(Object.entries(DELIVERED))('%s', async (_what, { first, story = [], fill, report, got }) => {
    const document: FakeDocument = {
      look: lookOf(first),
      fill(order) {
        for (const [ms, scene] of story) clock.after(ms, () => show(scene));
        return fill?.(order) ?? { done: 'filled', step: document.look.step || 'sign-in' };
      },
    };
    show([document]);
    let steps = 0;
    const delivered = await deliverHere(undefined, async () => {
      steps += 1;
    });
    expect(delivered).toMatchObject(report);
    expect(tabs.filled.map((one) => one.document)).toEqual(got);
    // Each is told for which document and origin it is meant, and looks for itself.
    for (const one of tabs.filled)
      expect(one.order).toEqual({ ...given, mark: one.document, origin: SITE, frame: false });
    expect(steps).toBe(first.step === 'name' ? 1 : 0);
  });

  test('a name, a machine that slept for a minute, and then the password', async () => {
    const fill = (): FillReport => {
      clock.after(500, () => clock.sleep(60_000));
      clock.after(1_500, () => show(password));
      return { done: 'filled', step: 'name' };
    };
    show([{ look: lookOf(name), fill }]);
    expect(await deliverHere()).toMatchObject({ done: 'filled', page: { documentId: 'second' } });
  });

  test.each([
    ['shows its next form', password],
    ['stays as it is', name],
  ])('no page after the end of the sign-in, also one that %s', async (_what, then) => {
    let isLive = true;
    const document: FakeDocument = {
      look: lookOf(name),
      fill() {
        clock.after(700, () => {
          isLive = false;
          show(then);
        });
        return { done: 'filled', step: 'name' };
      },
    };
    show([document]);
    const report = await deliverHere(() => isLive);
    expect(report).toEqual({ done: 'not-filled', code: 'session-gone' });
    expect(tabs.filled.map((one) => one.document)).toEqual(['first']);
  });

  test.each([
    ['nothing runs', true],
    ['all runs but timers', 'timers'],
  ] as const)(
    'a dialog under which %s comes up as it is filled in, and is told of within eight seconds',
    async (_what, blocked) => {
      const from = clock.now();
      const document: FakeDocument = {
        look: lookOf(form),
        fill() {
          document.blocked = blocked;
          return new Promise(() => {});
        },
      };
      show([document]);
      const report = await deliverHere();
      expect(report).toMatchObject({ done: 'told', told: { result: 'cannot-tell', code: 'page-blocked' } });
      expect(clock.now() - from).toBeLessThan(8_000);
    },
  );
});
