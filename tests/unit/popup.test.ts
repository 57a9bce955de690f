// Which screen the popup is at, by what storage holds of its tab.
import { expect, test } from 'vitest';
import { NEXT_KEY, SAVE_OFFER_PREFIX, SIGN_IN_PREFIX, type View } from '../../src/extension/view.ts';
import { isFailed, isHeldUp, isSlow, readStored, secondsLeft, shownOf } from '../../src/popup/shown.ts';
import { TIMES } from '../../src/protocol/session/types.ts';

const TAB = 7;
const NOW = 1_000_000;
const drawing = { path: 'M0 0h1v1h-1z', size: 9, link: 'https://keys.example/#AE' };

type Change = Partial<Omit<View, 'session'>> & { session?: Partial<View['session']> };
const view = ({ session, ...change }: Change = {}): View => ({
  sid: 'a',
  tabId: TAB,
  origin: 'https://site.example',
  purpose: 'sign-in',
  drawing,
  up: true,
  formSeen: true,
  session: { role: 'browser', state: 'created', startedAt: NOW, deadline: 0, strikes: 0, attempt: 0, ...session },
  ...change,
});
const called = { pairing: 'p', name: 'Pixel' };
const offer = { tabId: TAB, origin: 'https://site.example', username: 'li', saves: 'new', until: NOW + 1 } as const;

const storage = (...views: View[]) =>
  Object.fromEntries(views.map((one, at) => [`${SIGN_IN_PREFIX}${at}`, { view: one, keys: null }]));
const screenOf = (everything: Record<string, unknown>, now = NOW): string => {
  const shown = shownOf(readStored(everything, TAB, now), now);
  return `${shown.screen} ${shown.purpose}`;
};

test.each([
  ['nothing yet', {}, 'waiting sign-in'],
  ['a code', storage(view()), 'waiting sign-in'],
  ['a code for a new password', storage(view({ purpose: 'new' })), 'waiting new'],
  ['a phone that has scanned', storage(view({ session: { state: 'joined' } })), 'asking sign-in'],
  ['a phone that is asked', storage(view({ session: { state: 'requested' } })), 'asking sign-in'],
  ['a phone that is set up', storage(view({ session: { state: 'setting-up' } })), 'asking sign-in'],
  ['a phone that waits', storage(view({ session: { state: 'holding' } })), 'asking sign-in'],
  ['an answer', storage(view({ session: { state: 'approved' } })), 'going-on sign-in'],
  ['an end', storage(view({ session: { state: 'done', result: 'signed-in' } })), 'outcome sign-in'],
  ['another tab', storage(view({ tabId: 8, session: { state: 'joined' } })), 'waiting sign-in'],
  ['what is no sign-in of ours', { [`${SIGN_IN_PREFIX}x`]: { view: { tabId: TAB } } }, 'waiting sign-in'],
  ['a request that rings, beside a code', storage(view(), view({ called })), 'waiting sign-in'],
  ['one that was taken up', storage(view(), view({ called, session: { state: 'joined' } })), 'asking sign-in'],
  [
    'one that failed: the code again',
    storage(view(), view({ called, session: { state: 'denied' } })),
    'waiting sign-in',
  ],
  ['a login that can be saved', { [`${SAVE_OFFER_PREFIX}${TAB}`]: offer }, 'offer sign-in'],
  ['one whose time is over', { [`${SAVE_OFFER_PREFIX}${TAB}`]: { ...offer, until: NOW } }, 'waiting sign-in'],
  ['a phone asked to save', storage(view({ called, purpose: 'save' })), 'saving save'],
  [
    'a phone that would not save',
    storage(view({ called, purpose: 'save', session: { state: 'denied' } })),
    'saving save',
  ],
  [
    'a phone that saved',
    storage(view({ called, purpose: 'save', session: { state: 'done', result: 'saved' } })),
    'outcome save',
  ],
])('%s', (_what, everything, screen) => {
  expect(screenOf(everything)).toBe(screen);
});

test.each([
  ['steps', false],
  ['outcome', false],
  ['frame', true],
  ['basic', true],
] as const)('a code beside which "%s" is asked for waits for that: %s', (why, is) => {
  expect(isHeldUp(view({ need: { why, origin: 'https://site.example' } }))).toBe(is);
});

test('of several sign-ins the newest that has moved on is shown', () => {
  const [first, second, third] = [
    view({ sid: 'first', session: { state: 'joined', startedAt: NOW - 2 } }),
    view({ sid: 'second', session: { state: 'joined', startedAt: NOW - 1 } }),
    view({ sid: 'third' }),
  ];
  expect(readStored(storage(first, second, third), TAB, NOW).signIn?.sid).toBe('second');
});

test('a code that is over its time gives its place to the one that lies ready', () => {
  const over = NOW + TIMES.shownMs;
  const next = { path: 'M1 1h1v1h-1z', size: 9, link: 'https://keys.example/#AF' };
  const stored = readStored({ ...storage(view()), [NEXT_KEY]: { drawing: next } }, TAB, over);
  expect(shownOf(stored, over - 1)).toMatchObject({ drawing, current: { sid: 'a' } });
  expect(shownOf(stored, over)).toEqual({ screen: 'waiting', purpose: 'sign-in', drawing: next });
});

test('seconds are counted from the start, whatever the clocks say', () => {
  const { session } = view();
  expect([NOW - 5_000, NOW, NOW + 1, NOW + TIMES.shownMs + 1].map((at) => secondsLeft(session, at))).toEqual([
    TIMES.shownMs / 1000,
    TIMES.shownMs / 1000,
    TIMES.shownMs / 1000,
    0,
  ]);
});

test('what was not filled in has failed, what the site refused has not', () => {
  expect(isFailed(view({ session: { state: 'done', result: 'not-filled' } }))).toBe(true);
  expect(isFailed(view({ session: { state: 'done', result: 'refused' } }))).toBe(false);
});

test.each<[string, Partial<View['session']>, number, boolean]>([
  ['was filled in just now', { state: 'filled', deadline: NOW + TIMES.outcomeMs }, 4_999, false],
  ['was filled in five seconds ago', { state: 'filled', deadline: NOW + TIMES.outcomeMs }, 5_000, true],
  ['is being filled in for five seconds', { state: 'delivering', deadline: NOW + TIMES.deliverMs }, 5_000, true],
  ['waits for a code from the phone', { state: 'filled', otp: 'asked', deadline: NOW + TIMES.personMs }, 70_000, false],
  ['has ended', { state: 'done', deadline: NOW }, 9_000, false],
])('a page that %s keeps one waiting without a word, or not', (_what, change, ms, slow) => {
  expect(isSlow({ ...view().session, ...change }, NOW + ms)).toBe(slow);
});
