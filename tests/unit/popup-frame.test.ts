// What the popup's frame says in every state that there is, and what no frame may say.
import { describe, expect, test } from 'vitest';
import { NEXT_KEY } from '../../src/extension/view.ts';
import type { About, Frame, Words } from '../../src/popup/frame.ts';
import { frameOf } from '../../src/popup/frame-of.ts';
import { RINGS_MS } from '../../src/popup/shown.ts';
import { ERRORS, POPUP } from '../../src/ui/catalogues.ts';
import errors from '../../src/ui/locales/en/errors.ts';
import en from '../../src/ui/locales/en/popup.ts';
import { speaker } from '../../src/ui/locales/i18n.ts';
import { NOBODY_KNOWN, type PopupState, popupStates, SITE } from '../fakes/popup-states.ts';

const NOW = 1_000_000_000;
const explain = speaker(ERRORS, () => 'en');
const words: Words = {
  say: speaker(POPUP, () => 'en'),
  reason: (code) => explain(code, { origin: '' }),
  provider: (id) => id,
  list: (hosts) => hosts.join(),
};
const aboutOf = ({ signIn, request, offer, known, refused, trouble, press }: PopupState): About => ({
  stored: { ...(signIn ? { signIn } : {}), ...(request ? { request } : {}), ...(offer ? { offer } : {}) },
  now: NOW,
  known: { ...NOBODY_KNOWN, ...known },
  refusal: refused,
  relay: 'http://localhost:8787',
  site: new URL(SITE).host,
  trouble,
  given: { origin: SITE, is: false },
  opened: { number: press === 'asksNumber', providers: press === 'byProviderOn' },
});
const told = { ...errors, ...en };
/** The sentence as it begins, whatever values are in it. */
const beginning = (key: keyof typeof told): string => told[key].replace(/\{.*/, '');
const states = popupStates(NOW);
const frames = new Map<string, Frame>(states.map((state) => [state.name, frameOf(aboutOf(state), words)]));
const frameNamed = (name: string): Frame => {
  const frame = frames.get(name);
  if (!frame) throw new Error(name);
  return frame;
};

describe.each(states)('$name', ({ name, tone, headline, actions, closes }) => {
  test('is drawn and told as it is', () => {
    const frame = frameNamed(name);
    expect({ tone: frame.tone, closes: frame.closes }).toEqual({ tone, closes });
    expect(frame.headline.startsWith(beginning(headline)), frame.headline).toBe(true);
    expect(frame.actions).toHaveLength(actions.length);
    for (const [at, { label }] of frame.actions.entries())
      expect(label.startsWith(beginning(actions[at] ?? 'close')), label).toBe(true);
  });
});

test('no danger invites to try again first, and nothing but a good end is green', () => {
  for (const [name, { tone, main, actions, headline }] of frames) {
    if (tone === 'danger') expect([main ?? false, actions[0]?.deed.do === 'begin'], name).toEqual([false, false]);
    if (tone === 'done') expect([en['signed-in'], en.saved], name).toContain(headline);
  }
});

test('the popup waits for no scan while the server does not answer, and says that it looks again', () => {
  for (const name of ['offline', 'refused-unreachable', 'confirm-offline']) {
    const { headline, detail, visual } = frameNamed(name);
    expect([headline, ...detail].join(' '), name).not.toContain(en.scan);
    expect([headline, ...detail].join(' '), name).toContain('Can’t reach your Scankey server (http://localhost:8787).');
    expect(detail, name).toContain(en.looksAgain);
    if (visual.of === 'code') expect(visual.over?.label).toBe(en.refresh);
  }
});

test('how a server is told of this extension is shown where that is what is wrong with it, and nowhere else', () => {
  expect([...frames].flatMap(([name, { admit }]) => (admit ? [name] : []))).toEqual([
    'offline-not-allowed',
    'confirm-not-allowed',
    'refused-not-allowed',
  ]);
});

test('where no server was ever reached there is one way on: to finish the setup', () => {
  for (const name of ['refused-unreachable', 'refused-not-a-server', 'refused-not-allowed'])
    expect(frameNamed(name).actions, name).toEqual([{ label: en.finishSetup, deed: { do: 'finish-setup' } }]);
});

test('a number is shown where it is asked for: far away at once, near by when the person says so', () => {
  expect([...frames].flatMap(([name, { digits }]) => (digits ? [name] : []))).toEqual([
    'confirm-number',
    'confirm-far',
    'confirm-called-far',
  ]);
});

test('a phone rings for a minute, then it can be asked again, and the code is there all the while', () => {
  const state = states.find(({ name }) => name === 'ringing');
  if (!state?.request) throw new Error('no such state');
  const { startedAt } = state.request.session;
  const [rings, over] = [startedAt + RINGS_MS - 1, startedAt + RINGS_MS].map((now) =>
    frameOf({ ...aboutOf(state), now }, words),
  );
  expect(rings?.actions.map(({ deed }) => deed.do)).toEqual(['cancel']);
  expect(over?.actions[0]?.deed).toEqual({ do: 'call', pairing: 'p', save: false });
  for (const frame of [rings, over]) expect(frame?.visual).toMatchObject({ of: 'code', drawing: {} });
});

test('the code that lies ready is drawn before anything is known', () => {
  const drawing = { path: 'M0 0h1v1h-1z', size: 9, link: NEXT_KEY };
  const about = { ...aboutOf({ ...states[0] } as PopupState), stored: { drawing }, known: undefined };
  expect(frameOf(about, words)).toMatchObject({ visual: { of: 'code', drawing }, headline: en.scan, actions: [] });
});

test('what a site does by itself can be turned off however a sign-in ended', () => {
  const known = { automatic: [{ origin: SITE, pairing: 'p' }] };
  for (const name of ['ended-denied', 'ended-refused', 'failed-covered', 'danger-digits-wrong', 'signed-in', 'code']) {
    const state = states.find((one) => one.name === name);
    if (!state) throw new Error(name);
    const buttons = frameOf(aboutOf({ ...state, known }), words).rows.flatMap((row) => row.buttons);
    expect(
      buttons.map(({ label }) => label),
      name,
    ).toContain(en.automaticOff);
  }
});
