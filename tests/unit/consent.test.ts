// What a tap on the phone covers, decided by the pure machine whatever a screen does: the request that was shown, what it asked for, and
// no more.
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/protocol/messages.ts';
import type { Evidence } from '../../src/protocol/proximity.ts';
import type { Release } from '../../src/protocol/session/answer.ts';
import { stepPhone } from '../../src/protocol/session/phone.ts';
import type { PhoneSession } from '../../src/protocol/session/types.ts';
import { GIVEN, NOW, phoneIn, SHOWN, TAP } from './session-table.ts';

const NEAR: Evidence = { remembered: false, near: true };
const REMEMBERED: Evidence = { remembered: true, near: true };
const FAR: Evidence = { remembered: false, near: false };

const request = SHOWN.hash;
const saved: Release = { v: 1, t: 'saved', request };
const identity: Release = { v: 1, t: 'identity', request, ticket: 'ticket' };
const nobody = { username: '', password: '' };

/** A phone on whose screen is a request like this. */
const asking = (more: Partial<Message<'request'>>, evidence = NEAR): PhoneSession => ({
  ...phoneIn('asking'),
  deadline: NOW + 1000,
  evidence,
  shown: { ...SHOWN, request: { ...SHOWN.request, ...more } },
  laterCode: false,
});
const tap = (session: PhoneSession, answer: Release, laterCode = false) =>
  stepPhone(session, { ...TAP, answer, laterCode }, NOW);

describe('a tap releases', () => {
  test.each<[string, PhoneSession, Release, boolean?]>([
    ['name and password', asking({}), GIVEN],
    ['and the code that the site may ask for afterwards', asking({}), GIVEN, true],
    ['the same for the browser’s own window', asking({ kind: 'basic' }), GIVEN],
    ['a code that the form asks for, too', asking({ otp: true }), { ...GIVEN, otp: '123456' }],
    ['the company that it asks for', asking({ extra: true }), { ...GIVEN, extra: 'acme' }],
    ['a code alone', asking({ kind: 'otp' }), { ...GIVEN, ...nobody, otp: '123456' }],
    ['a password to be kept', asking({ keep: 'wechat' }, REMEMBERED), { ...GIVEN, kept: true }],
    ['a new password', asking({ kind: 'new', saves: 'new' }), GIVEN],
    ['with the old one', asking({ kind: 'new', saves: 'changed' }), { ...GIVEN, current: 'old' }],
    ['that a login was saved', asking({ kind: 'save' }, REMEMBERED), saved],
    ['who one is', asking({ kind: 'identity' }), identity],
    ['that there is a vault, to whoever asks for that alone', asking({ kind: 'set-up' }, FAR), saved],
  ])('%s, where it was asked for', (_what, session, answer, laterCode) => {
    const { session: after, effects } = tap(session, answer, laterCode);
    expect(after.state).toBe('confirming');
    expect(effects).toEqual([{ t: 'release', answer }]);
  });

  test.each<[string, PhoneSession, Release, boolean?]>([
    ['for another request', asking({}), { ...GIVEN, request: 'another' }],
    ['where nothing is shown', { ...phoneIn('waiting'), evidence: NEAR }, GIVEN],
    ['with a code after the browser’s own window, which asks for none', asking({ kind: 'basic' }), GIVEN, true],
    ['for another frame', asking({}), { ...GIVEN, frameOrigin: 'https://elsewhere.example' }],
    ['with a code that was not asked for', asking({}), { ...GIVEN, otp: '123456' }],
    ['with a company that was not asked for', asking({}), { ...GIVEN, extra: 'acme' }],
    [
      'with the old password where none is changed',
      asking({ kind: 'new', saves: 'new' }),
      { ...GIVEN, current: 'old' },
    ],
    ['with the old password where somebody signs in', asking({ saves: 'changed' }), { ...GIVEN, current: 'old' }],
    ['to be kept where nobody asked', asking({}, REMEMBERED), { ...GIVEN, kept: true }],
    ['to be kept by a computer that is not remembered', asking({ keep: 'wechat' }), { ...GIVEN, kept: true }],
    ['with a name where a code alone was asked for', asking({ kind: 'otp' }), { ...GIVEN, password: '' }],
    ['with a password where a code alone was asked for', asking({ kind: 'otp' }), { ...GIVEN, username: '' }],
    ['with a password where an identity was asked for', asking({ kind: 'identity' }), GIVEN],
    ['with a password where the word that there is a vault was asked for', asking({ kind: 'set-up' }), GIVEN],
    ['with a password where a login is to be saved', asking({ kind: 'save' }, REMEMBERED), GIVEN],
    ['with an identity where a password was asked for', asking({}), identity],
    ['that saves where a password was asked for', asking({}, REMEMBERED), saved],
    ['that saves for a computer that is not remembered', asking({ kind: 'save' }), saved],
    [
      'with another code to come beside the one that goes along',
      asking({ otp: true }),
      { ...GIVEN, otp: '123456' },
      true,
    ],
    ['with a code to come after a code alone', asking({ kind: 'otp' }), { ...GIVEN, ...nobody }, true],
    ['with a code to come after a new password', asking({ kind: 'new', saves: 'new' }), GIVEN, true],
    ['with a code to come after who one is', asking({ kind: 'identity' }), identity, true],
  ])('nothing %s', (_what, session, answer, laterCode) => {
    expect(tap(session, answer, laterCode)).toEqual({ session, effects: [], refused: 'out-of-order' });
  });
});

describe('a code that the site asks for afterwards', () => {
  const asked = (session: PhoneSession) => stepPhone(session, { t: 'otp-wanted' }, NOW).effects.map(({ t }) => t);
  const sealed = (session: PhoneSession) => stepPhone(session, { t: 'sent' }, NOW).session;

  test.each([
    ['is sent where the screen said so', true, 'send-otp'],
    ['is refused where it did not', false, 'refuse-otp'],
  ] as const)('%s', (_what, laterCode, effect) => {
    expect(asked(sealed(tap(asking({}), GIVEN, laterCode).session))).toEqual([effect]);
  });

  test('is covered by the tap that released, not by one that was taken back', () => {
    const far: PhoneSession = { ...asking({}, FAR), passed: ['camera', 'digits'] };
    const held = tap(far, GIVEN, true).session;
    expect(held).toMatchObject({ state: 'holding', laterCode: true });
    const stopped = stepPhone(held, { t: 'interrupt' }, NOW).session;
    const again = tap(stopped, GIVEN, false).session;
    const released = stepPhone(again, { t: 'tick' }, again.deadline).session;
    expect(asked(sealed(released))).toEqual(['refuse-otp']);
  });
});

test.each([
  ['near', NEAR, 'signed-in', 'part'],
  ['near, and cannot tell', NEAR, 'cannot-tell', 'part'],
  ['near, and the site refused', NEAR, 'refused', 'close'],
  ['far', FAR, 'signed-in', 'close'],
  ['by a remembered computer', REMEMBERED, 'signed-in', 'close'],
  ['by a remembered computer far away', { remembered: true, near: false }, 'signed-in', 'close'],
] as const)('after a sign-in %s remembering is spoken of, or not', (_how, evidence, result, effect) => {
  const { effects } = stepPhone({ ...phoneIn('sealed'), evidence }, { t: 'outcome', result }, NOW);
  expect(effects).toEqual([{ t: effect }]);
});
