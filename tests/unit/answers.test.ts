// What each tap gives, made from what was on the screen.
import { beforeAll, describe, expect, test } from 'vitest';
import { givesCredential, givesNew, savesLogin, saysWho } from '../../src/phone/sign-in/answers.ts';
import { newAccount } from '../../src/phone/vault/document.ts';
import { loadNames } from '../../src/phone/vault/sites.ts';
import type { Message } from '../../src/protocol/messages.ts';
import { isAnswerTo, isWithin } from '../../src/protocol/session/answer.ts';
import type { Shown } from '../../src/protocol/session/types.ts';
import { SHOWN } from './session-table.ts';

beforeAll(() => loadNames());

const NOW = 59_000;
/** What the account's owner is told of it afterwards. */
const USED = { usedAt: NOW, usedOn: { browser: SHOWN.request.browser, os: SHOWN.request.os } };
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
  ['the browser’s own window’s', { kind: 'basic' }, { username: 'ann', password: 'hers' }, false],
])('an account gives %s, and nothing more', async (_what, more, given, laterCode) => {
  const shown = asks(more);
  const { answer, ...tap } = await givesCredential(shown, ann, false, NOW);
  expect(answer).toEqual({ v: 1, t: 'credential', request: SHOWN.hash, frameOrigin: SITE, ...given });
  expect(tap).toEqual({ guard: 'near', account: 'ann', laterCode });
  expect(isAnswerTo(answer, { ...shown.request, hash: shown.hash })).toBe(true);
  expect(isWithin(answer, shown.request, false, false)).toBe(true);
});

test('what the account does not have is not given', async () => {
  const bare = { ...ann, totp: '', tenant: '' };
  const { answer, laterCode } = await givesCredential(asks({ extra: true, otp: true }), bare, false, NOW);
  expect([answer, laterCode]).toEqual([expect.not.objectContaining({ extra: '' }), false]);
  expect(Object.keys(answer)).not.toContain('extra');
  expect(Object.keys(answer)).not.toContain('otp');
});

test('nothing is given to a form that sends it to another site, whatever a screen allows', async () => {
  const login = { username: 'ann', password: 'new' };
  for (const kind of ['password', 'otp'] as const)
    await expect(givesCredential(asks({ kind, sendsTo: 'https://evil.org' }), ann, false, NOW)).rejects.toThrow(
      'origin-mismatch',
    );
  expect(() => givesNew(asks({ kind: 'new', sendsTo: 'https://evil.org' }), undefined, login, NOW)).toThrow(
    'origin-mismatch',
  );
  const shown = asks({ sendsTo: 'https://login.site.example' });
  expect((await givesCredential(shown, ann, false, NOW)).answer).toMatchObject({ password: 'hers' });
  expect(givesNew({ ...shown, request: { ...shown.request, kind: 'new' } }, ann, login, NOW).answer).toMatchObject(
    login,
  );
  const both = { ...ann, sites: [SITE, 'https://evil.org'] };
  expect((await givesCredential(asks({ sendsTo: 'https://evil.org' }), both, false, NOW)).answer).toMatchObject({
    password: 'hers',
  });
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
    expect(edit?.fn(ann)).toMatchObject({ ...login, ...USED, history: [{ password: 'hers' }] });
  });

  test.each([
    ['an account of that name that is there already', 'new', ann],
    ['a changed one that this phone does not know', 'changed', undefined],
  ] as const)('goes alone for %s', (_what, saves, account) => {
    expect(givesNew(asks({ kind: 'new', saves }), account, login, NOW).answer).not.toHaveProperty('current');
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

  test('is none that was given to a computer', () => {
    for (const one of [ann, undefined]) {
      const saved = savesLogin(typed, one, 'ann', NOW).edit?.fn(one);
      expect([saved?.usedAt, saved?.usedOn]).toEqual([0, undefined]);
    }
  });

  test('becomes an account again where that was deleted meanwhile', () => {
    expect(savesLogin(typed, ann, 'ann', NOW).edit?.fn(undefined)).toMatchObject({ id: 'ann', password: 'typed' });
  });

  test('that the computer has not sent cannot be saved', () => {
    const code = expect.objectContaining({ code: 'out-of-order' });
    expect(() => savesLogin(asks({ kind: 'save' }), ann, 'ann', NOW)).toThrow(code);
  });
});

test.each([
  ['', {}, 'none'],
  [
    ', which is near where that makes a provider’s identity theirs',
    { adds: { provider: 'wechat', name: 'Li' } },
    'near',
  ],
] as const)('who one is goes with the proof that was made for what was named%s', (_where, more, guard) => {
  const site = { ...{ issuer: SITE, id: 'ID', client: 'wiki', nonce: 'AAAA' }, ...{ name: 'Wiki', host: '' }, ...more };
  const answer = { v: 1, t: 'identity', request: SHOWN.hash, ticket: 'T' };
  expect(saysWho(SHOWN, site, { ticket: 'T' })).toEqual({ answer, guard });
});
