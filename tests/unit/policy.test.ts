// What whoever looks after a computer sets for Scankey: read as a whole or not at all, and kept by everything that signs in.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { reachablePhones } from '../../src/background/paired-phones.ts';
import { refusalOf } from '../../src/background/request.ts';
import { readCompanion, type SignInRecord } from '../../src/background/storage.ts';
import { allows, managedBy, type Policy, policyInForce, readManaged, SETTINGS } from '../../src/extension/policy.ts';
import type { View } from '../../src/extension/view.ts';
import { stepPhone } from '../../src/protocol/session/phone.ts';
import { POLICY } from '../fakes/extension-pages.ts';
import { recordFor } from './background-in-memory.ts';
import { NOW, phoneIn } from './session-table.ts';

const managed = browser.storage.managed as unknown as typeof browser.storage.local;
afterEach(async () => {
  await managed.clear();
  await browser.storage.local.clear();
});

describe('a policy', () => {
  test('that is not there leaves everything to the person', () => {
    expect(managedBy({})).toMatchObject({ is: 'free', policy: { companion: '', noPairing: false } });
  });

  test.each(SETTINGS.filter((setting) => setting !== 'phonePages'))(
    'without %s is wrong: the browser has dropped it, or it is misspelt',
    (setting) => {
      const { [setting]: _missing, ...rest } = POLICY;
      expect(managedBy(rest)).toMatchObject({ is: 'wrong', settings: [setting] });
      expect(managedBy({ ...POLICY, [setting]: 7 })).toMatchObject({ is: 'wrong', settings: [setting] });
    },
  );

  test('without phone pages of its own is followed: it allows none', () => {
    const { phonePages: _missing, ...rest } = POLICY;
    expect(managedBy(rest)).toMatchObject({ is: 'managed', policy: { phonePages: [] } });
  });

  test('that cannot be read is wrong, unless the browser says that there is none', async () => {
    const refusing = (message: string) =>
      vi.spyOn(browser.storage.managed, 'get').mockRejectedValueOnce(new Error(message));
    refusing('Managed storage manifest not found');
    expect((await readManaged()).is).toBe('free');
    // Firefox for Android reads no policies, and tells no more than this.
    for (const [os, is] of [
      ['linux', 'wrong'],
      ['win', 'wrong'],
      ['android', 'free'],
    ] as const) {
      Object.assign(browser, { runtime: { getPlatformInfo: async () => ({ os }) } });
      refusing('An unexpected error occurred');
      expect((await readManaged()).is, os).toBe(is);
    }
  });

  const WRONG: [keyof Policy, unknown[]][] = [
    ['organisation', ['', '  ', 'x'.repeat(81)]],
    ['companion', ['id.example.org', 'http://id.example.org', 'https://id.example.org/', 'https://id.example.org/x']],
    ['allowedSites', [['https://example.org'], ['example.org/a'], ['*'], ['a.*.org'], 'example.org', ['Example.org']]],
    ['forbiddenSites', [['']]],
    // What no page is called: it would forbid nothing.
    [
      'forbiddenSites',
      ['127.1', '0x7f000001', '2130706433', '010.0.0.1', '192.168.001.001', '[0:0:0:0:0:0:0:1]', '[::FFFF]'].map(
        (host) => [host],
      ),
    ],
    ['noPairing', ['true', null]],
    ['language', ['English', 'en_GB']],
    ['phonePages', ['a'.repeat(64), ['a'.repeat(63)]]],
  ];
  test.each(WRONG)('with another %s than can be meant is wrong, and says so', (setting, values) => {
    for (const value of values)
      expect(managedBy({ ...POLICY, [setting]: value })).toMatchObject({ is: 'wrong', settings: [setting] });
  });

  test('of a later version is followed as far as this one knows', () => {
    expect(managedBy({ ...POLICY, later: true })).toEqual({ is: 'managed', policy: POLICY });
  });

  test('has for Chrome the schema of the same settings, each of the same type', () => {
    const schema = JSON.parse(readFileSync(`${import.meta.dirname}/../../src/extension/policy.schema.json`, 'utf8'));
    const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
    const types = Object.entries<{ type: string }>(schema.properties).map(([name, { type }]) => [name, type]);
    expect(types).toEqual(SETTINGS.map((name) => [name, typeOf(POLICY[name])]));
  });
});

test.each([
  [[], [], 'https://a.example', true],
  [['a.example'], [], 'https://a.example:8443', true],
  [['a.example'], [], 'http://a.example', true],
  [[], ['a.example'], 'https://a.example.', false],
  [[], ['*.a.example'], 'https://b.a.example.', false],
  [['a.example'], [], 'https://b.a.example', false],
  [['a.example'], [], 'https://a.example.org', false],
  [['*.a.example'], [], 'https://a.example', true],
  [['*.a.example'], [], 'https://c.b.a.example', true],
  [['*.a.example'], [], 'https://ba.example', false],
  [[], ['a.example'], 'https://a.example', false],
  [['*.a.example'], ['b.a.example'], 'https://b.a.example', false],
  [['[::1]', '192.0.2.7'], [], 'http://[::1]:80', true],
  [['my_wiki.intranet'], [], 'https://my_wiki.intranet', true],
  [[], ['xn--bcher-kva.example'], 'https://bücher.example', false],
] as const)('allowed %j, forbidden %j: %s, %s', (allowedSites, forbiddenSites, origin, expected) => {
  const policy = { ...POLICY, allowedSites: [...allowedSites], forbiddenSites: [...forbiddenSites] };
  expect(allows(policy, origin)).toBe(expected);
});

describe('under a policy', () => {
  const ward = 'https://ward-north.example';
  const elsewhere = 'https://elsewhere.example';
  const sent = { pairing: 'p', box: 'b', time: 0, proof: '' };

  /** Why a sign-in goes no further that is allowed everything but what is changed. */
  async function refusal({ sendsTo, formOrigin = ward, view = {}, ...change }: Change = {}) {
    const record = await recordFor(1, { relay: POLICY.companion, ...change });
    Object.assign(record.view, { origin: ward, near: true, ...view });
    return refusalOf({ record, formOrigin }, sendsTo);
  }
  interface Change extends Partial<Omit<SignInRecord, 'view'>> {
    view?: Partial<View>;
    formOrigin?: string;
    sendsTo?: string;
  }

  test.each<[string, Change, string]>([
    ['on a page that is not allowed', { view: { origin: elsewhere } }, 'site-not-allowed'],
    ['in a frame that is not', { formOrigin: elsewhere }, 'site-not-allowed'],
    ['by a form that sends elsewhere', { sendsTo: elsewhere }, 'site-not-allowed'],
    ['by a companion that is not the policy’s', { relay: elsewhere }, 'way-not-allowed'],
    ['with a remembered phone', { pairedRequest: sent }, 'way-not-allowed'],
    ['with a phone that is elsewhere', { view: { near: false } }, 'near-only'],
  ])('nobody signs in %s', async (_how, change, code) => {
    expect(await refusal(change)).toBe(undefined);
    await managed.set(POLICY);
    expect(await refusal(change)).toBe(code);
    expect(await refusal()).toBe(undefined);
  });

  test('that is wrong nobody signs in', async () => {
    await managed.set({ nearOnly: 'yes' });
    expect(await refusal()).toBe('policy-wrong');
    await expect(policyInForce()).rejects.toThrow('policy-wrong');
    await expect(readCompanion()).rejects.toThrow('policy-wrong');
  });

  test.each(['waiting', 'asking'] as const)(
    'a phone that is %s is told why it is not asked, and believes nothing else',
    (state) => {
      const told = (result: 'not-filled' | 'signed-in') =>
        stepPhone(phoneIn(state), { t: 'outcome', result, code: 'site-not-allowed' }, NOW);
      expect(told('not-filled').session).toMatchObject({ state: 'failed', code: 'site-not-allowed' });
      expect(told('signed-in').refused).toBe('out-of-order');
    },
  );

  test('the companion is the policy’s, whatever a person had chosen, and what was known of that one is not taken for it', async () => {
    await browser.storage.local.set({ companion: { relay: elsewhere, phoneOrigin: elsewhere, providers: [] } });
    expect((await readCompanion()).relay).toBe(elsewhere);
    await managed.set(POLICY);
    expect(await readCompanion()).toEqual({ relay: POLICY.companion, phoneOrigin: null, providers: [] });
  });

  test('no phone that was remembered before is called where none may be', async () => {
    const phone = { id: 'p', name: 'Phone', origin: 'https://keys.ward-north.example' };
    const pairings = { all: async () => [phone] } as unknown as Parameters<typeof reachablePhones>[0];
    const companion = { relay: POLICY.companion, phoneOrigin: POLICY.companion, providers: [] };
    await browser.storage.local.set({ companion });
    expect(await reachablePhones(pairings)).toEqual([phone]);
    await managed.set(POLICY);
    expect(await reachablePhones(pairings)).toEqual([]);
  });
});
