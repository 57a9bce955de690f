// What each tap gives, made from what was on the screen.
import { describe, expect, test } from 'vitest';
import { givesCredential, givesNew, savesLogin, saysWho } from '../../src/phone/sign-in/answers.ts';
import { newAccount } from '../../src/phone/vault/document.ts';
import type { Message } from '../../src/protocol/messages.ts';
import { isAnswerTo, isWithin } from '../../src/protocol/session/answer.ts';
import type { Shown } from '../../src/protocol/session/types.ts';
import { SHOWN } from './session-table.ts';

const NOW = 59_000;
const SITE = SHOWN.request.frameOrigin;
/** Of RFC 6238, appendix B: at 59 s the code ends in 287082. */
const totp = 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const ann = newAccount({
  ...{ id: 'ann', sites: [SITE], username: 'ann', password: 'hers', totp, tenant: 'acme', guard: 'near', changedAt: 1 },
});
const asks = (more: Partial<Message<'request'>>): Shown => ({ ...SHOWN, request: { ...SHOWN.request, ...more } });

test.each<[string, Partial<Message<'request'>>, object, boolean]>([
  ['name and password', {}, { username: 'ann', password: 'hers' }, true],
  ['a code that the form asks for', { otp: true }, { username: 'ann', password: 'hers', otp: '287082' }, false],
  ['a code alone', { kind: 'otp' }, { username: '', password: '', otp: '287082' }, false],
  ['the company', { extra: true }, { username: 'ann', password: 'hers', extra: 'acme' }, true],
  ['the browser’s own window’s', { kind: 'basic' }, { username: 'ann', password: 'hers' }, true],
])('an account gives %s, and nothing more', async (_what, more, given, laterCode) => {
  const shown = asks(more);
  const { answer, ...tap } = await givesCredential(shown, ann, false, NOW);
  expect(answer).toEqual({ v: 1, t: 'credential', request: SHOWN.hash, frameOrigin: SITE, ...given });
  expect(tap).toEqual({ guard: 'near', account: 'ann', laterCode });
  expect(isAnswerTo(answer, { ...shown.request, hash: shown.hash })).toBe(true);
  expect(isWithin(answer, shown.request, false)).toBe(true);
});

test('that the password may be kept is said only where it was ticked', async () => {
  const shown = asks({ keep: 'wechat' });
  expect((await givesCredential(shown, ann, true, NOW)).answer).toHaveProperty('kept', true);
  expect((await givesCredential(shown, ann, false, NOW)).answer).not.toHaveProperty('kept');
});

describe('a new password', () => {
  const login = { username: 'ann', password: 'new' };

  test('goes with the old one where that is changed, and keeps it in the history', () => {
    const { answer, guard, edit, laterCode } = givesNew(asks({ kind: 'new', saves: 'changed' }), ann, login, NOW);
    expect(answer).toMatchObject({ ...login, current: 'hers' });
    expect([guard, laterCode]).toEqual(['near', undefined]);
    expect(edit?.fn(ann)).toMatchObject({ ...login, usedAt: NOW, history: [{ password: 'hers' }] });
  });

  test('goes alone for a new account, of that very address', () => {
    const { answer, guard, edit } = givesNew(asks({ kind: 'new', saves: 'new' }), undefined, login, NOW);
    expect(answer).not.toHaveProperty('current');
    expect(guard).toBe('none');
    expect(edit?.fn(undefined)).toMatchObject({ ...login, id: edit?.id, sites: [SITE] });
  });
});

describe('a typed login', () => {
  const typed = asks({ kind: 'save', password: 'typed' });

  test('takes the place of what the account has at that moment, not of what it had on the screen', () => {
    const { answer, edit } = savesLogin(typed, ann, 'ann', NOW);
    expect(answer).toEqual({ v: 1, t: 'saved', request: SHOWN.hash });
    const synced = { ...ann, notes: 'from the other phone' };
    expect(edit?.fn(synced)).toMatchObject({ password: 'typed', notes: 'from the other phone' });
  });

  test('becomes an account again where that was deleted meanwhile', () => {
    expect(savesLogin(typed, ann, 'ann', NOW).edit?.fn(undefined)).toMatchObject({ id: 'ann', password: 'typed' });
  });

  test('that the computer has not sent cannot be saved', () => {
    const code = expect.objectContaining({ code: 'out-of-order' });
    expect(() => savesLogin(asks({ kind: 'save' }), ann, 'ann', NOW)).toThrow(code);
  });
});

test('who one is goes with the proof that was made for what was named', () => {
  expect(saysWho(SHOWN, { ticket: 'T' })).toEqual({
    answer: { v: 1, t: 'identity', request: SHOWN.hash, ticket: 'T' },
    guard: 'none',
  });
});
