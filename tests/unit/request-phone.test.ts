// A remembered phone is asked: when it rings, with what proof, and what the request says once it answers.
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as automatic from '../../src/background/automatic.ts';
import { effectsOf } from '../../src/background/effects.ts';
import { lookAt } from '../../src/background/page.ts';
import { hearPage } from '../../src/background/page-messages.ts';
import { requestOf } from '../../src/background/request.ts';
import { requestPhone } from '../../src/background/request-phone.ts';
import { SaveOffers } from '../../src/background/save-offer.ts';
import type { SignInRecord } from '../../src/background/storage.ts';
import * as storage from '../../src/background/storage.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { siteOf } from '../../src/extension/permissions.ts';
import type { View } from '../../src/extension/view.ts';
import { fromBase64 } from '../../src/protocol/encoding.ts';
import { isProofOf } from '../../src/protocol/pairing.ts';
import { answered } from '../../src/protocol/session/browser.ts';
import browser from '../fakes/browser.ts';
import { type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { endAll, NOW, pairingId, pairingOf, RELAY, recordFor, surround } from './background-in-memory.ts';

const [TAB, OTHER_TAB] = [1, 2];
const ELSEWHERE = 'https://elsewhere.example';
const FRAME = 'https://login.example';
const form = { step: 'sign-in' } as const;
const typed = { t: 'typed', saves: 'new', username: 'li', password: 'Blue-Heron-7', mark: 'first', alert: '' } as const;

let tabs: FakeTabs;
beforeEach(() => {
  tabs = fakeTabs();
  for (const id of [TAB, OTHER_TAB]) show(form, id);
});
afterEach(endAll);
const show = (look: Partial<Look>, tabId = TAB, tab: Parameters<FakeTabs['show']>[2] = {}) =>
  tabs.show(tabId, [{ look: lookOf(look) }], tab);

/** Remembers the phones `one` and `two`. */
async function background() {
  const around = await surround();
  for (const phone of ['one', 'two']) await around.pairings.add(await pairingOf(phone));
  const saveOffers = new SaveOffers(around.clock);
  const signIns = await around.signIns((one) => effectsOf(one, saveOffers));
  const asking = { signIns, saveOffers };
  const ask = (phone: string, change: Partial<Parameters<typeof requestPhone>[1]> = {}) =>
    requestPhone(asking, { tabId: TAB, pairing: pairingId(phone), ...change });
  /** Who is asked for which tab, and who is not any more. */
  const rings = () => signIns.all().map(({ tabId, record }) => `${record.view.called?.name ?? 'code'} for ${tabId}`);
  const newest = () => {
    const one = signIns.all().at(-1);
    if (!one) throw new Error('nobody is asked');
    return one;
  };
  return { ...around, saveOffers, signIns, asking, ask, rings, newest };
}

describe('a phone that is asked', () => {
  test('gets a request with a proof that only this browser can make, for the key of this one sign-in', async () => {
    const { ask, connections, pairings } = await background();
    expect(await ask('one')).toEqual({ ok: true });
    const [frame] = connections[0]?.said ?? [];
    const { sid, pk, call } = frame as { sid: string; pk: string; call: { box: string; time: number; proof: string } };
    expect(connections[0]?.relay).toBe(RELAY);
    expect(call).toMatchObject({ box: 'box of one', time: NOW });
    const pairing = await pairings.find(pairingId('one'));
    if (!pairing) throw new Error('it is remembered');
    expect(pairing.sid).toBe(sid);
    const request = { pairingId: fromBase64(pairing.id), sid: fromBase64(sid), time: NOW, publicKey: fromBase64(pk) };
    expect(await isProofOf(fromBase64(call.proof), pairing.key, request)).toBe(true);
    expect(await isProofOf(fromBase64(call.proof), pairing.key, { ...request, time: NOW + 1 })).toBe(false);
  });

  test('has its older request given up, as has the phone that this tab asked before; others go on', async () => {
    const { ask, rings } = await background();
    await ask('one', { tabId: OTHER_TAB });
    await ask('two');
    await ask('one');
    expect(rings()).toEqual(['Phone one for 1']);
    await ask('two', { tabId: OTHER_TAB });
    expect(rings()).toEqual(['Phone one for 1', 'Phone two for 2']);
  });

  test.each<[string, (all: Awaited<ReturnType<typeof background>>) => unknown, string]>([
    ['is not remembered any more', ({ pairings }) => pairings.drop(pairingId('one')), 'link-ended'],
    [
      'is reached by another companion',
      async ({ pairings }) => pairings.change(pairingId('one'), (one) => ({ ...one, origin: ELSEWHERE })),
      'link-ended',
    ],
    [
      'is forgotten in this very moment',
      ({ pairings }) => Object.assign(pairings, { change: async () => undefined }),
      'link-ended',
    ],
    ['is asked for a page where we may not look', () => tabs.show(TAB, undefined), 'page-forbidden'],
  ])('but %s is not asked at all', async (_who, prepare, code) => {
    const all = await background();
    await prepare(all);
    expect(await all.ask('one')).toEqual({ ok: false, code });
    expect(all.connections).toEqual([]);
  });

  test('is not asked while the phone page that it would come to is a changed one, which is looked at again each time', async () => {
    const { ask, connections, pairings } = await background();
    const looks = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    onTestFinished(() => looks.mockRestore());
    await storage.writeWrongPage({ relay: RELAY, code: 'phone-page-changed' });
    const before = await pairings.all();
    expect(await ask('one')).toEqual({ ok: false, code: 'phone-page-changed' });
    expect([looks.mock.calls.length > 0, connections, await pairings.all()]).toEqual([true, [], before]);
    await storage.dropWrongPage();
    expect(await ask('one')).toEqual({ ok: true });
  });

  test('is asked about the frame that the person allowed for the code, and needs no new leave', async () => {
    const { ask, signIns, newest } = await background();
    const allowed = { why: 'frame', origin: FRAME } as const;
    const shown = await recordFor(TAB, { allowed, page: { mark: 'inner', documentId: 'inner', title: '', alert: '' } });
    Object.assign(shown.view, { frame: FRAME, formSeen: true });
    await signIns.add(shown);
    await ask('one');
    expect(newest().record).toMatchObject({ allowed, page: { documentId: 'inner' }, view: { frame: FRAME } });
    expect(newest().formOrigin).toBe(FRAME);
  });

  test('is asked about the page as it is now when the last sign-in of the tab has ended', async () => {
    const { ask, signIns, newest } = await background();
    const ended = await recordFor(TAB, { page: { mark: 'inner', documentId: 'inner', title: '', alert: '' } });
    Object.assign(ended.view, { frame: FRAME, session: { ...ended.view.session, state: 'cancelled' } });
    await signIns.add(ended);
    await ask('one');
    expect(newest().formOrigin).toBe(SITE);
    expect(newest().record.page).toMatchObject({ documentId: 'first' });
  });

  test.each<[string, boolean, object]>([
    ['to sign in needs the leave that its page needs', false, { view: { need: { why: 'frame', origin: FRAME } } }],
    ['to save a login needs none', true, { view: { purpose: 'save' } }],
  ])('%s', async (_what, saves, record) => {
    const { ask, signIns, saveOffers, newest } = await background();
    const need = { why: 'frame', origin: FRAME } as const;
    const shown = await recordFor(TAB, { allowed: need });
    await signIns.add({ ...shown, view: { ...shown.view, need } });
    void saveOffers.hear(TAB, SITE, typed);
    await ask('one', { saves });
    expect(newest().record).toMatchObject(record);
    expect('need' in newest().record.view).toBe(!saves);
    expect('allowed' in newest().record).toBe(!saves);
  });

  test('to sign in is asked about the page of the tab, whatever was typed before', async () => {
    const { ask, saveOffers, newest } = await background();
    void saveOffers.hear(TAB, SITE, typed);
    show({ ...form, mark: 'second', origin: ELSEWHERE });
    await ask('one');
    expect(newest().record.view).toMatchObject({ origin: ELSEWHERE, purpose: 'sign-in' });
  });

  test('to save a login is asked about the page where it was typed, wherever the tab is by now', async () => {
    const { ask, saveOffers, newest } = await background();
    void saveOffers.hear(TAB, SITE, typed);
    show({ mark: 'second', origin: ELSEWHERE });
    await ask('one', { saves: true });
    expect(newest().record.view).toMatchObject({ origin: SITE, purpose: 'save' });
    expect(await requestOf(newest(), saveOffers)).toMatchObject({
      kind: 'save',
      topOrigin: SITE,
      username: 'li',
      password: 'Blue-Heron-7',
    });
  });
});

describe('a page that comes up', () => {
  const arrived = { t: 'arrived', fromSite: false } as const;
  const sender = { tab: { id: TAB, incognito: false }, frameId: 0, url: `${SITE}/login` };
  /** The site signs in by itself, by the phone `one`; the person has set that long ago. */
  async function automaticSite() {
    const all = await background();
    await storage.writeAutomatic([{ origin: SITE, pairing: pairingId('one') }]);
    const arrive = (change: object = {}, message: { t: 'arrived'; fromSite: boolean } = arrived) =>
      hearPage(all.asking, message, { ...sender, ...change } as Parameters<typeof hearPage>[2]);
    return { ...all, arrive };
  }

  test('makes the phone of its choice ring, and says that nobody clicked', async () => {
    const { arrive, rings, newest } = await automaticSite();
    await arrive();
    expect(rings()).toEqual(['Phone one for 1']);
    expect(newest().record.automatic).toBe(true);
  });

  test('counts as a try that led nowhere when the person asks by hand instead', async () => {
    const { arrive, ask, rings } = await automaticSite();
    await arrive();
    await ask('two');
    expect(rings()).toEqual(['Phone two for 1']);
    expect(await storage.readRecord(SITE)).toMatchObject({ tries: [NOW] });
  });

  test.each<[string, (all: Awaited<ReturnType<typeof automaticSite>>) => unknown, object?, boolean?]>([
    ['of another site', () => {}, { url: `${ELSEWHERE}/login` }],
    ['in a frame', () => {}, { frameId: 3 }],
    ['in a private window', () => {}, { tab: { id: TAB, incognito: true } }],
    [
      'in a tab that the browser knows to be private, whatever the message says',
      () => show(form, TAB, { incognito: true }),
    ],
    ['in a tab that has gone', () => tabs.close(TAB)],
    ['in a tab that is signed in to already', async ({ signIns }) => signIns.add(await recordFor(TAB))],
    [
      'after the person has signed out there',
      () => storage.writeRecord(SITE, { tries: [], refused: false, signedInAt: 1, signedInTab: OTHER_TAB }),
      {},
      true,
    ],
    ['after a password was refused', () => storage.writeRecord(SITE, { tries: [], refused: true, signedInAt: 0 })],
  ])('%s makes none ring', async (_what, prepare, from = {}, fromSite = false) => {
    const { arrive, rings, ...all } = await automaticSite();
    await prepare({ arrive, rings, ...all });
    const before = rings();
    await arrive(from, { t: 'arrived', fromSite });
    expect(rings()).toEqual(before);
  });
});

describe('a site is to sign in by itself', () => {
  const site = { origin: SITE, pairing: pairingId('one') };
  const permission = { origins: [siteOf(SITE)] };

  test('from when its permission is given', async () => {
    await background();
    await browser.permissions.remove(permission);
    await automatic.want(site, TAB, false, NOW);
    expect(await storage.readAutomatic()).toEqual([]);
    await browser.permissions.request(permission);
    await automatic.granted(NOW);
    expect(await storage.readAutomatic()).toEqual([site]);
    await automatic.stop(SITE);
    expect(await storage.readAutomatic()).toEqual([]);
    expect(await browser.permissions.contains(permission)).toBe(false);
  });

  test.each<[string, () => void]>([
    ['a private window', () => show(form, TAB, { incognito: true })],
    ['a tab that has gone', () => tabs.close(TAB)],
  ])('but not by the word of %s, whatever the popup asks for', async (_whose, prepare) => {
    await background();
    prepare();
    await expect(automatic.want(site, TAB, false, NOW)).rejects.toMatchObject({ code: 'page-forbidden' });
    await browser.permissions.request(permission);
    await automatic.granted(NOW);
    expect(await storage.readAutomatic()).toEqual([]);
    await browser.permissions.remove(permission);
  });
});

describe('what the phone is asked for', () => {
  const ours = { ...form, origin: RELAY };
  const splitKey = { provider: 'wechat', id: 'id', half: 'half', auth: 'auth' } as const;
  test.each<[string, Partial<Look>, { record?: Partial<SignInRecord>; view?: Partial<View> }, object]>([
    ['a password', form, {}, { kind: 'password', otp: false, extra: false }],
    [
      'with what else the form wants',
      { ...form, otp: true, extra: true },
      {},
      { kind: 'password', otp: true, extra: true },
    ],
    ['a one-time code alone', { step: 'code' }, {}, { kind: 'otp' }],
    [
      'a new password, by the rules of the page',
      { sets: 'changed', rules: 'minlength: 12', name: 'li' },
      {},
      { kind: 'new', saves: 'changed', rules: 'minlength: 12', username: 'li' },
    ],
    [
      'what the browser’s own window wants',
      form,
      { record: { page: { mark: '', title: '', alert: '', url: `${SITE}/` } } },
      { kind: 'basic' },
    ],
    [
      'an identity, by the companion in force',
      { ...ours, signIn: 'one' },
      { view: { origin: RELAY } },
      { kind: 'identity', signIn: 'one' },
    ],
    ['a password, where another companion asks for an identity', { ...form, signIn: 'one' }, {}, { kind: 'password' }],
    [
      'leave to store the password, where a provider’s word is to open it',
      form,
      { record: { splitKey } },
      { kind: 'password', keep: 'wechat' },
    ],
    ['where else the form sends', { ...form, sendsTo: FRAME }, {}, { kind: 'password', sendsTo: FRAME }],
    ['where else a code is sent', { step: 'code', sendsTo: FRAME }, {}, { kind: 'otp', sendsTo: FRAME }],
    ['where else a new password is sent', { sets: 'new', sendsTo: FRAME }, {}, { kind: 'new', sendsTo: FRAME }],
    ['a password of a form that has not come yet', {}, {}, { kind: 'password', otp: false }],
  ])('%s', async (_what, look, { record, view }, request) => {
    const { signIns, saveOffers } = await background();
    show(look);
    const signIn = await signIns.add(
      await recordFor(TAB, { page: { mark: 'first', documentId: 'first', title: 'Site', alert: '' }, ...record }),
    );
    if (!signIn) throw new Error('the tab is there');
    Object.assign(signIn.record.view, view);
    await lookAt({ tabId: TAB });
    const origin = view?.origin ?? SITE;
    expect(await requestOf(signIn, saveOffers)).toMatchObject({ topOrigin: origin, frameOrigin: origin, ...request });
    // What is asked for is what is watched for afterwards.
    const { step = '', sets = '', rules = '', name = '' } = look;
    expect(signIn.record.page).toMatchObject({ step, sets, rules, name });
  });

  test('is asked anew for a form that has come to send elsewhere: no word on the one before counts for it', async () => {
    const { signIns, saveOffers } = await background();
    const page = { mark: 'first', documentId: 'first', title: 'Site', alert: '' };
    const signIn = await signIns.add(await recordFor(TAB, { page }));
    if (!signIn) throw new Error('the tab is there');
    signIn.send = async () => {};
    const ask = async (sendsTo: string) => {
      show({ ...form, sendsTo });
      await lookAt({ tabId: TAB });
      await effectsOf(signIn, saveOffers)['send-request']({ t: 'send-request' });
      return signIn.record.asked;
    };
    const [home, there, elsewhere] = [await ask(''), await ask(FRAME), await ask(ELSEWHERE)];
    expect([home, there, elsewhere].map((one) => one?.sendsTo)).toEqual([undefined, FRAME, ELSEWHERE]);
    const given = (hash = '') => {
      const login = { username: 'li', password: 'secret' };
      return answered({ v: 1, t: 'credential', request: hash, frameOrigin: SITE, ...login }, elsewhere);
    };
    expect(given(elsewhere?.hash)).toMatchObject({ t: 'credential' });
    for (const old of [home, there]) expect(() => given(old?.hash)).toThrow('bad-message');
    expect(signIn.sendsTo).toBe(ELSEWHERE);
  });

  test('a password, by a document that has just left: it is told afterwards', async () => {
    const { signIns, saveOffers } = await background();
    const page = { mark: 'first', documentId: 'first', title: 'Site', alert: '', step: 'sign-in' };
    const signIn = await signIns.add(await recordFor(TAB, { page }));
    if (!signIn) throw new Error('the tab is there');
    show({ mark: 'second', step: 'code' });
    expect(await requestOf(signIn, saveOffers)).toMatchObject({ kind: 'password', otp: false });
    expect(signIn.record.page).toEqual(page);
  });

  test('says which of its states this browser has seen last, and so notices one that was set back', async () => {
    const { ask, pairings, newest, saveOffers } = await background();
    await pairings.change(pairingId('one'), (one) => ({ ...one, vault: 'vault', rev: 7 }));
    await ask('one');
    expect(await requestOf(newest(), saveOffers)).toMatchObject({ newest: 7 });
  });

  test('is nothing, and the sign-in is called off, when the login that was to be saved is gone', async () => {
    const { ask, saveOffers, newest } = await background();
    void saveOffers.hear(TAB, SITE, typed);
    await ask('one', { saves: true });
    const signIn = newest();
    await saveOffers.drop(TAB);
    await signIn.apply({ t: 'joined' });
    await signIn.apply({ t: 'hello', attempt: 1 });
    expect(signIn.record.view.session.state).toBe('cancelled');
  });
});
