// Signing in by a provider's word alone, on a remembered computer: what it takes, where the password goes, and what is left of it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import browser from 'webextension-polyfill';
import { deliverCredential } from '../../src/background/delivery.ts';
import { effectsOf } from '../../src/background/effects.ts';
import { known } from '../../src/background/known.ts';
import { noteAsked } from '../../src/background/permissions.ts';
import { SaveOffers } from '../../src/background/save-offer.ts';
import * as splitKey from '../../src/background/split-key.ts';
import { makeSplitKey, signInBySplitKey } from '../../src/background/split-key-sign-in.ts';
import * as storage from '../../src/background/storage.ts';
import type { FillReport, Look } from '../../src/extension/page-api.ts';
import { siteOf } from '../../src/extension/permissions.ts';
import { VISITED } from '../../src/protocol/providers.ts';
import { type FakeCompanion, fakeCompanion } from '../fakes/companion.ts';
import { POLICY } from '../fakes/extension-pages.ts';
import { type FakeDocument, type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { endAll, HurriedClock, pairingId, pairingOf, surround } from './background-in-memory.ts';

const TAB = 1;
const PROVIDER = 'wechat';
const ELSEWHERE = 'https://elsewhere.example';
const half = 'A'.repeat(43);
const made = { provider: PROVIDER, id: 'I'.repeat(22), half, auth: 'P'.repeat(43) } as const;
const login = { username: 'li', password: 'Blue-Heron-7', extra: '' };
const form = { step: 'sign-in' } as const;

let clock: HurriedClock;
let tabs: FakeTabs;
let companion: FakeCompanion;
/** What the companion says once the person has been at the provider's, and where it sends them first. */
let opened: () => Record<string, unknown>;
let door: string;
/** What the visit's tab shows at each look; the companion's last page where nothing else is said. */
let shows: (() => string)[];
const receipt = 'R'.repeat(43);
const home = () => `${companion.origin}${VISITED}#${receipt}`;
beforeEach(async () => {
  // The looks for the provider's word, not the pings to the relay.
  clock = new HurriedClock(1_000);
  tabs = fakeTabs();
  show(form);
  opened = () => ({ half });
  companion = await fakeCompanion((_path, body) => {
    if (body?.t === 'begin') return { to: door };
    if (body?.t === 'make') return { id: made.id, auth: made.auth, half };
    return opened();
  });
  door = `${companion.origin}/visit`;
  shows = [];
  const { get } = browser.tabs;
  Object.assign(browser.tabs, {
    async get(id: number) {
      const tab = await get(id);
      return id === TAB ? tab : { ...tab, url: (shows.shift() ?? home)() };
    },
  });
  await browser.permissions.request({ origins: [siteOf(companion.origin)] });
});
afterEach(async () => {
  await browser.storage.managed.clear();
  await endAll();
  await browser.permissions.remove({ origins: [siteOf(companion.origin)] });
  await companion.close();
});
const show = (look: Partial<Look>, tab: Parameters<FakeTabs['show']>[2] = {}, more: Partial<FakeDocument> = {}) =>
  tabs.show(TAB, [{ look: lookOf(look), ...more }], tab);

/** One phone is remembered, and a password is stored for the provider's word to open. */
async function background() {
  const around = await surround(clock);
  const { origin } = companion;
  await storage.writeCompanion({ relay: origin, phoneOrigin: origin, providers: [PROVIDER] });
  await around.pairings.add(await pairingOf('one', { origin }));
  await splitKey.store(SITE, made, login);
  const saveOffers = new SaveOffers(clock);
  const signIns = await around.signIns((one) => effectsOf(one, saveOffers));
  const wish = { t: 'split-key', tabId: TAB, origin: SITE, provider: PROVIDER, pairing: pairingId('one') } as const;
  return {
    ...around,
    signIns,
    open: (change: object = {}) => signInBySplitKey(signIns, { ...wish, do: 'open', ...change }),
    make: (change: object = {}) => makeSplitKey({ signIns, saveOffers }, { ...wish, do: 'make', ...change }),
    drop: () => splitKey.drop(around, SITE, PROVIDER),
    /** How it ended, as the popup shows it. */
    ended: () => signIns.ofTab(TAB).map(({ record: { view } }) => view.session),
  };
}
/** Whether this browser may see how a visit ends. */
const mayLook = () => browser.permissions.contains({ origins: [siteOf(companion.origin)] });
const asked = () => companion.asked.map(({ body }) => body?.t);

describe('a provider’s word', () => {
  test('signs in by what is stored here, in the tab that it was wanted for, after a visit in a tab of its own', async () => {
    const { open, ended } = await background();
    const visited: number[] = [];
    opened = () => {
      visited.push(...tabs.ids());
      return { half };
    };
    show(
      form,
      {},
      {
        fill() {
          show({ mark: 'second' });
          return { done: 'filled', step: 'sign-in' };
        },
      },
    );
    await open();
    expect(asked()).toEqual(['begin', 'open']);
    expect(tabs.filled).toEqual([
      { document: 'first', order: { ...login, otp: '', mark: 'first', origin: SITE, frame: false } },
    ]);
    expect(ended()).toMatchObject([{ state: 'done', result: 'signed-in' }]);
    expect(visited).toEqual([TAB, TAB + 1]);
    expect(tabs.ids()).toEqual([TAB]);
  });

  test('is not used when the policy has come to forbid it during the visit', async () => {
    const { open, ended } = await background();
    opened = () => {
      void browser.storage.managed.set(POLICY);
      return { half };
    };
    show(form);
    await open();
    expect(ended()).toMatchObject([{ state: 'failed', code: 'way-not-allowed' }]);
    expect(tabs.filled).toEqual([]);
  });

  test('lets the form send to the one other address that the phone was shown when it was stored', async () => {
    const { open } = await background();
    await splitKey.store(SITE, made, { ...login, sendsTo: ELSEWHERE });
    show(form);
    await open();
    expect(tabs.filled).toMatchObject([{ order: { ...login, sendsTo: ELSEWHERE } }]);
  });

  test('is waited for as long as the person is at the provider’s, and read in the visit’s own tab', async () => {
    const { open, ended } = await background();
    shows = [
      () => 'https://provider.example/confirm',
      () => `${ELSEWHERE}${VISITED}#${receipt}`,
      () => `${companion.origin}/other#${receipt}`,
      () => `${companion.origin}${VISITED}`,
    ];
    await open();
    expect(companion.asked.map(({ body }) => [body?.t, body?.receipt])).toEqual([
      ['begin', undefined],
      ['open', receipt],
    ]);
    expect(ended()).toMatchObject([{ state: 'done' }]);
  });

  test.each<[string, Partial<Look>, Partial<Look>, object]>([
    ['refuses the password', form, { ...form, alert: 'Wrong' }, { result: 'refused', text: 'Wrong' }],
    ['does not know the name', { step: 'name' }, { step: 'name', alert: 'Who?' }, { result: 'refused', text: 'Who?' }],
    ['asks for a code, which only a phone has', form, { step: 'code' }, { result: 'more' }],
  ])('is no word about a site that %s', async (_what, first, then, session) => {
    const { open, ended } = await background();
    const fill = (): FillReport => {
      show({ ...then, mark: 'second' });
      return { done: 'filled', step: first.step || 'sign-in' };
    };
    show(first, {}, { fill });
    await open();
    expect(ended()).toMatchObject([{ state: 'done', ...session }]);
    expect(tabs.filled).toHaveLength(1);
  });

  test('that ends in another browser than this one is none: the companion is asked for nothing', async () => {
    const { open, ended } = await background();
    shows = Array.from({ length: 500 }, () => () => 'https://provider.example/confirm');
    await open();
    expect(asked()).toEqual(['begin']);
    expect(ended()).toMatchObject([{ state: 'failed', code: 'expired' }]);
    expect(tabs.ids()).toEqual([TAB]);
  });

  test('is asked for only where this browser may see how the visit ends', async () => {
    await browser.permissions.remove({ origins: [siteOf(companion.origin)] });
    const { open, ended } = await background();
    await open();
    expect(companion.asked).toEqual([]);
    expect(ended()).toMatchObject([{ state: 'failed', code: 'provider-cancelled' }]);
  });

  test('leaves that leave as long as something is stored, and takes it back with the last of it', async () => {
    const { open, drop } = await background();
    await open();
    expect(await mayLook()).toBe(true);
    await drop();
    expect(await mayLook()).toBe(false);
  });

  test.each<[string, object, () => Promise<void>]>([
    ['before it was asked for', { given: true }, async () => {}],
    ['meanwhile', {}, () => noteAsked({ why: 'outcome', origin: companion.origin }, true)],
  ])('leaves a leave that was given for good %s', async (_when, change, then) => {
    const { open, drop } = await background();
    await open(change);
    await then();
    await drop();
    expect(await mayLook()).toBe(true);
  });

  const sentOff = () => {
    show({ ...form, origin: ELSEWHERE });
    return { half };
  };
  const hidden = () => {
    tabs.show(TAB, undefined);
    return { half };
  };
  const refused: [string, () => Record<string, unknown>, string][] = [
    ['of another person opens nothing', () => ({ status: 403, code: 'identity-wrong' }), 'identity-wrong'],
    ['that was used already opens nothing', () => ({ status: 403, code: 'provider-state' }), 'provider-state'],
    ['with another half opens nothing', () => ({ half: `B${half.slice(1)}` }), 'not-opened'],
    ['with something that is no half opens nothing', () => ({ half: 'half' }), 'unreachable'],
    ['goes to no other site that stands in the tab by then', sentOff, 'page-left'],
    ['goes to no page that may not be looked at', hidden, 'page-left'],
  ];
  test.each(refused)('%s, and the popup says why', async (_whose, answer, code) => {
    const { open, ended } = await background();
    opened = answer;
    await open();
    expect(tabs.filled).toEqual([]);
    expect(ended()).toMatchObject([{ state: 'failed', code }]);
    expect(tabs.ids()).toEqual([TAB]);
  });

  test('that the person gives up opens nothing', async () => {
    const { open, ended } = await background();
    const { get } = browser.tabs;
    Object.assign(browser.tabs, {
      get(id: number) {
        if (id !== TAB) tabs.close(id);
        return get(id);
      },
    });
    await open();
    expect(asked()).toEqual(['begin']);
    expect(ended()).toMatchObject([{ state: 'failed', code: 'provider-cancelled' }]);
  });

  test.each<[string, Extract<FillReport, { done: 'not-filled' }>['code']]>([
    ['send it elsewhere', 'origin-mismatch'],
    ['not take it', 'does-not-fit'],
  ])('does not fill a page that would %s', async (_what, code) => {
    const { open, ended } = await background();
    show(form, {}, { fill: () => ({ done: 'not-filled', code }) });
    await open();
    expect(ended()).toMatchObject([{ state: 'failed', code }]);
  });

  test('says why of a page that was kept from sending it elsewhere once it was filled', async () => {
    const { open, ended } = await background();
    const fill = () => {
      show({ ...form, stopped: 'password-in-address' });
      return { done: 'filled', step: 'sign-in' } as const;
    };
    show(form, {}, { fill });
    await open();
    expect(ended()).toMatchObject([{ state: 'failed', code: 'password-in-address' }]);
  });

  test('leads by the companion itself and nowhere else', async () => {
    const { open, ended } = await background();
    door = `${ELSEWHERE}/visit`;
    await open();
    expect(asked()).toEqual(['begin']);
    expect(tabs.ids()).toEqual([TAB]);
    expect(ended()).toMatchObject([{ state: 'failed', code: 'bad-message' }]);
  });

  test.each([
    ['for a site that nothing is stored for', { origin: ELSEWHERE }],
    ['of a provider that nothing is stored for', { provider: 'dingtalk' }],
  ])('%s asks nobody', async (_whose, change) => {
    const { open, ended } = await background();
    await open(change);
    expect(asked()).toEqual([]);
    expect(ended()).toEqual([]);
  });
});

describe('a password is to be stored for it', () => {
  test('by a phone that is asked after the visit, about that', async () => {
    const { make, signIns, connections } = await background();
    await make();
    expect(asked()).toEqual(['begin', 'make']);
    expect(signIns.ofTab(TAB)).toMatchObject([{ record: { splitKey: made, view: { called: { name: 'Phone one' } } } }]);
    expect(connections).toHaveLength(1);
  });

  test('and without a phone that could be asked, none is', async () => {
    const { make, connections } = await background();
    await make({ pairing: undefined });
    expect(connections).toEqual([]);
  });

  test('in place of what the tab was waiting for', async () => {
    const { make, signIns } = await background();
    await make();
    const [before] = signIns.ofTab(TAB);
    await make();
    expect(before?.live).toBe(false);
    expect(signIns.ofTab(TAB).filter(({ live }) => live)).toHaveLength(1);
  });
});

describe('the leave to see where a visit ends', () => {
  /** Nothing is stored, and a popup has just asked for the leave. */
  async function unstored() {
    const all = await background();
    await all.drop();
    await browser.permissions.request({ origins: [siteOf(companion.origin)] });
    companion.asked.splice(0);
    return { ...all, signIn: () => all.signIns.ofTab(TAB).find((one) => one.record.splitKey) };
  }
  type Unstored = Awaited<ReturnType<typeof unstored>>;
  const unticked = async ({ make, signIn }: Unstored) => {
    await make();
    const one = signIn();
    if (!one) throw new Error('no phone was asked');
    expect(await mayLook()).toBe(true);
    await deliverCredential(one, { v: 1, t: 'credential', request: '', frameOrigin: SITE, ...login, extra: undefined });
  };

  test.each<[string, (all: Unstored) => Promise<unknown>]>([
    ['no phone can be asked', ({ make }) => make({ pairing: undefined })],
    ['the phone is not remembered any more', ({ make }) => make({ pairing: 'gone' })],
    ['the person gives it up', ({ make, signIn }) => make().then(() => signIn()?.apply({ t: 'cancel' }))],
    ['the tab is closed', ({ make, signIns }) => make().then(() => signIns.tabClosed(TAB))],
    ['the phone lets nothing be stored', unticked],
  ])('is given back where a key was made and %s', async (_why, end) => {
    const all = await unstored();
    await end(all);
    expect(asked()).toContain('make');
    expect(await mayLook()).toBe(false);
  });

  test('stays while another visit goes on, and goes with the last', async () => {
    const { make, signIns } = await unstored();
    const other = TAB + 100;
    tabs.show(other, [{ look: lookOf(form) }]);
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { get } = browser.tabs;
    // The first tab that is visited stays at the provider's until it is said; the second is closed by the person.
    const visited: number[] = [];
    Object.assign(browser.tabs, {
      async get(id: number) {
        if (id === TAB || id === other) return get(id);
        if (!visited.includes(id)) visited.push(id);
        if (id !== visited[0]) {
          tabs.close(id);
          return get(id);
        }
        begun.resolve();
        await goOn.promise;
        return get(id);
      },
    });
    const first = make({ pairing: undefined });
    await begun.promise;
    await expect(make({ tabId: other })).rejects.toMatchObject({ code: 'provider-cancelled' });
    expect(await mayLook()).toBe(true);
    goOn.resolve();
    await first;
    expect(signIns.all()).toEqual([]);
    expect(await mayLook()).toBe(false);
  });
});

test('the popup asks leave for the companion in force, whatever it was when the popup opened', async () => {
  const { pairings } = await background();
  expect((await known(pairings)).companion).toBe(companion.origin);
  await storage.writeCompanion({ relay: ELSEWHERE, phoneOrigin: ELSEWHERE, providers: [PROVIDER] });
  expect(await known(pairings)).toMatchObject({ companion: ELSEWHERE, providers: [PROVIDER] });
});

test.each<[string, () => void]>([
  ['a private window', () => show(form, { incognito: true })],
  ['a tab that has gone', () => tabs.close(TAB)],
])(
  'neither is done for %s, whatever the popup asks for: nobody is visited, asked or filled in',
  async (_whose, prepare) => {
    const { make, open, ended, connections } = await background();
    prepare();
    for (const wish of [make(), open()]) await expect(wish).rejects.toMatchObject({ code: 'page-forbidden' });
    expect(companion.asked).toEqual([]);
    expect(connections).toEqual([]);
    expect(tabs.filled).toEqual([]);
    expect(ended()).toEqual([]);
  },
);
