// Which account answers a request, and what stands before the tap.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { accountOf, choiceOf, codesOf, type Picked, picked } from '../../src/phone/sign-in/choice.ts';
import { type Account, newAccount } from '../../src/phone/vault/document.ts';
import { accountsFor, loadNames } from '../../src/phone/vault/sites.ts';
import { GUARDS, stepsFor } from '../../src/protocol/proximity.ts';

beforeAll(() => loadNames());

const SITE = 'https://bank.com';
const HERE = { evidence: { remembered: false, near: true }, passed: [] };
const FAR = { evidence: { remembered: false, near: false }, passed: [] };
const KNOWN = { evidence: { remembered: true, near: true }, passed: [] };
/** Everything that can be ticked, said of one account. */
const all = (account: string): Picked => ({ account, otherAddress: true, insecure: true, stored: true });
const ticks = (account: string, which: 'otherAddress' | 'insecure'): Picked => ({
  ...{ account, otherAddress: false, insecure: false, stored: false },
  [which]: true,
});

const account = (id: string, more: Partial<Account> = {}): Account =>
  newAccount({ id, sites: [SITE], username: id, password: 'x', changedAt: 1, ...more });

function choose(
  accounts: readonly Account[],
  {
    origin = SITE,
    kind = 'password' as 'password' | 'otp',
    session = HERE as typeof HERE,
    sendsTo = undefined as string | undefined,
    chosen = '',
    pick = picked(chosen),
  } = {},
) {
  return choiceOf({ frameOrigin: origin, kind, sendsTo }, session, accountsFor(origin, accounts), pick);
}

describe('the account', () => {
  test('that was used last is chosen, until the person chooses', () => {
    const accounts = [account('old', { usedAt: 1 }), account('new', { usedAt: 2 })];
    expect(choose(accounts)).toMatchObject({ account: { id: 'new' }, ready: true });
    expect(choose(accounts, { chosen: 'old' })).toMatchObject({ account: { id: 'old' }, ready: true });
  });

  test('that was chosen and is deleted meanwhile is replaced by no other', () => {
    expect(choose([account('one')], { chosen: 'gone' })).toMatchObject({ account: undefined, ready: false });
  });

  test('is none where the vault has none of this address, however alike the other is', () => {
    const others = [
      'http://bank.com',
      'https://bank.com:8443',
      'https://login.bank.com',
      'https://bаnk.com',
      'https://b.org',
    ];
    for (const site of others) {
      const choice = choose([account('one', { sites: [new URL(site).origin] })]);
      expect(choice, site).toMatchObject({ account: undefined, ready: false });
    }
  });

  test('of another address is given only after a word of its own', () => {
    const accounts = [account('other', { sites: ['https://elsewhere.org'] })];
    expect(choose(accounts, { chosen: 'other' })).toMatchObject({ otherAddress: { nearness: 'other' }, ready: false });
    const pick = ticks('other', 'otherAddress');
    expect(choose(accounts, { pick })).toMatchObject({ otherAddress: { nearness: 'other' }, ready: true });
  });

  test('is not given to a form that sends to another site, until it is one that is kept for that, too', () => {
    const sendsTo = 'https://id.group.org';
    const accounts = [account('own'), account('both', { sites: [SITE, sendsTo] })];
    const ready = (chosen: string, target: string | undefined) => {
      // Whatever was ticked.
      const { ready, astray } = choose(accounts, { pick: all(chosen), sendsTo: target });
      return [ready, astray];
    };
    expect(ready('own', sendsTo)).toEqual([false, 'stranger']);
    expect(ready('both', sendsTo)).toEqual([true, undefined]);
    expect(ready('own', 'http://login.bank.com')).toEqual([false, 'downgrade']);
    expect(ready('own', undefined)).toEqual([true, undefined]);
  });

  test.each<[string, string, Partial<Account>, string | undefined]>([
    ['another host of the site', 'https://login.bank.com', {}, 'domain'],
    ['another port', 'https://bank.com:8443', {}, 'port'],
    ['another port, of an account for any', 'https://bank.com:8443', { match: 'host' }, undefined],
    ['another host, of an account for the whole site', 'https://login.bank.com', { match: 'domain' }, undefined],
    ['an address that the account is for, too', 'https://id.org', { sites: [SITE, 'https://id.org'] }, undefined],
  ])('is given to a form that sends to %s as to a page there', (_where, sendsTo, more, nearness) => {
    const accounts = [account('own', more)];
    expect(choose(accounts, { sendsTo }).otherAddress?.nearness).toBe(nearness);
    expect(choose(accounts, { sendsTo }).ready).toBe(nearness === undefined);
    expect(choose(accounts, { sendsTo, pick: ticks('own', 'otherAddress') }).ready).toBe(true);
  });

  test('that looks like the page’s is pointed at only where there is no account of this very address', () => {
    const lookalike = account('alike', { sites: ['https://bаnk.com'].map((site) => new URL(site).origin) });
    expect(choose([lookalike]).lookalike?.account.id).toBe('alike');
    expect(choose([lookalike, account('own')]).lookalike).toBeUndefined();
    expect(choose([account('other', { sites: ['https://elsewhere.org'] })]).lookalike).toBeUndefined();
  });

  test('that the person keeps for any port of the host needs no word for another one', () => {
    const wide = account('wide', { sites: ['https://bank.com:8443'], match: 'host' });
    expect(choose([wide])).toMatchObject({ account: { id: 'wide' }, otherAddress: undefined, ready: true });
  });
});

test('what was ticked of one account says nothing of any other', () => {
  const origin = 'http://bank.com';
  const accounts = ['a', 'b'].map((id) => account(id, { sites: ['https://elsewhere.org'] }));
  expect(choose(accounts, { origin, pick: all('a') })).toMatchObject({ account: { id: 'a' }, ready: true });
  // However it may have come to be: an account that is shown is ready by its own ticks alone.
  fc.assert(
    fc.property(fc.constantFrom('', 'b', 'gone'), fc.boolean(), fc.boolean(), (of, otherAddress, insecure) => {
      const pick = { ...all(of), otherAddress, insecure };
      const own = account('own', { sites: [origin] });
      const choice = choose([...accounts, own], { origin, pick });
      const ticked = of === 'b';
      expect(choice.pick).toEqual(ticked ? pick : picked(choice.account?.id ?? ''));
      expect(choice.ready).toBe(ticked && otherAddress && insecure);
    }),
  );
});

const SEED = 'otpauth://totp/x?secret=AA';
test.each([
  ['goes along where the form asks for it', { kind: 'password', otp: true }, { now: SEED, later: '' }],
  ['is all that goes where it is asked for alone', { kind: 'otp' }, { now: SEED, later: '' }],
  ['may follow where it does not', { kind: 'password' }, { now: '', later: SEED }],
  ['follows no window of the browser’s own, after which nobody watches', { kind: 'basic' }, { now: '', later: '' }],
] as const)('a code %s', (_what, request, which) => {
  expect(codesOf(request, { totp: SEED })).toEqual(which);
  expect(codesOf(request, { totp: '' })).toEqual({ now: '', later: '' });
});

describe('nothing is ready', () => {
  test('on a page that is not encrypted, until that was said', () => {
    const origin = 'http://bank.com';
    const accounts = [account('one', { sites: [origin] })];
    expect(choose(accounts, { origin })).toMatchObject({ insecure: true, ready: false });
    expect(choose(accounts, { origin, pick: ticks('one', 'insecure') }).ready).toBe(true);
  });

  test('where a code is asked for and the account has none', () => {
    expect(choose([account('one')], { kind: 'otp' })).toMatchObject({ codeMissing: true, ready: false });
    expect(choose([account('one', { totp: 'otpauth://totp/x?secret=AA' })], { kind: 'otp' }).ready).toBe(true);
  });

  test('at a computer that the account’s own rule refuses', () => {
    expect(choose([account('one', { guard: 'near' })], { session: FAR })).toMatchObject({
      refused: true,
      ready: false,
    });
    expect(choose([account('one', { guard: 'remembered' })])).toMatchObject({ refused: true, ready: false });
    expect(choose([account('one', { guard: 'remembered' })], { session: KNOWN }).ready).toBe(true);
  });

  test('while a step is lacking, whatever the person is sure of', () => {
    fc.assert(
      fc.property(
        fc.record({ remembered: fc.boolean(), near: fc.boolean() }),
        fc.constantFrom(...GUARDS),
        fc.subarray(['camera', 'digits'] as const),
        (evidence, guard, passed) => {
          const session = { evidence, passed };
          const one = account('one', { guard });
          const choice = choiceOf(
            { frameOrigin: SITE, kind: 'password' },
            session,
            accountsFor(SITE, [one]),
            all('one'),
          );
          const steps = stepsFor(evidence, guard);
          // The hold comes after the tap.
          const done =
            steps !== 'refused' && steps.every((step) => step === 'hold' || passed.some((one) => one === step));
          expect(choice.ready).toBe(done);
        },
      ),
    );
  });
});

test('a typed login belongs to the account of its name, or to the only one where it names none', () => {
  const [ann, bob] = [account('ann'), account('bob')];
  expect(accountOf(SITE, [ann, bob], 'bob')).toBe(bob);
  expect(accountOf(SITE, [ann, bob], 'eve')).toBeUndefined();
  expect(accountOf(SITE, [ann, bob], '')).toBeUndefined();
  expect(accountOf(SITE, [ann], '')).toBe(ann);
  expect(accountOf(SITE, [ann], 'eve')).toBeUndefined();
  expect(accountOf('https://other.org', [ann], '')).toBeUndefined();
});
