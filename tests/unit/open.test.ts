// The popup opens over a tab: which sign-in it finds there, and when the one click is word enough to make a remembered phone ring.
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectsOf } from '../../src/background/effects.ts';
import { Opener } from '../../src/background/open.ts';
import { requestPhone } from '../../src/background/request-phone.ts';
import { SaveOffers } from '../../src/background/save-offer.ts';
import { store as storeSplitKey } from '../../src/background/split-key.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { permissionsFor } from '../../src/extension/permissions.ts';
import { makeCode, type NewCode } from '../../src/protocol/new-code.ts';
import type { Result } from '../../src/protocol/outcomes.ts';
import browser from '../fakes/browser.ts';
import { type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { endAll, letPass, pairingId, pairingOf, RELAY, surround } from './background-in-memory.ts';

const TAB = 1;
const FRAME = 'https://login.example';
const ELSEWHERE = 'https://elsewhere.example';
const form = { step: 'sign-in' } as const;
const typed = { t: 'typed', saves: 'new', username: 'li', password: 'p', mark: 'first', alert: '' } as const;
const made = { provider: 'wechat', id: 'id', half: 'A'.repeat(43), auth: 'auth' } as const;
const second = { ...form, mark: 'second' };

let codes: NewCode[];
beforeAll(async () => {
  codes = await Promise.all([1, 2, 3].map(() => makeCode(RELAY)));
});
let tabs: FakeTabs;
beforeEach(() => {
  tabs = fakeTabs();
  show(form);
});
afterEach(endAll);
const show = (look: Partial<Look>, tab: Parameters<FakeTabs['show']>[2] = {}) =>
  tabs.show(TAB, [{ look: lookOf(look) }], tab);

/** @param phones remembered ones, by name */
async function background(...phones: string[]) {
  const around = await surround();
  for (const id of phones) await around.pairings.add(await pairingOf(id));
  const saveOffers = new SaveOffers(around.clock);
  const signIns = await around.signIns((one) => effectsOf(one, saveOffers));
  const left = [...codes];
  const nextCodes = {
    async take() {
      const code = left.shift();
      if (!code) throw new Error('a test asks for no more codes');
      return code;
    },
  };
  const opener = new Opener({ signIns, saveOffers, nextCodes, companion: { refresh: async () => {} } });
  /** What the tab has: how its codes stand, and its requests. */
  const states = () =>
    signIns.ofTab(TAB).map(({ record: { view } }) => [view.called?.name ?? 'code', view.session.state]);
  return { ...around, signIns, saveOffers, nextCodes, opener, states };
}
type Background = Awaited<ReturnType<typeof background>>;

/** The tab's only sign-in. */
function only({ signIns }: Background) {
  const [one, another] = signIns.ofTab(TAB);
  if (!one || another) throw new Error(`the tab has ${signIns.ofTab(TAB).length} sign-ins`);
  return one;
}
/** The credential is filled in by now, and this is what the page makes of it. */
async function end(one: ReturnType<typeof only>, result: Result) {
  // Nobody is there who could be told.
  one.send = async () => {};
  await one.apply({ t: 'joined' });
  await one.apply({ t: 'hello', attempt: 1 });
  const given = {
    v: 1,
    t: 'credential',
    request: 'A'.repeat(43),
    frameOrigin: SITE,
    username: 'li',
    password: 'p',
  } as const;
  await one.apply({ t: 'credential', given });
  // Whoever watched it saw the form go.
  if (result === 'signed-in') one.record.page.step = '';
  await one.apply({ t: 'outcome', result });
}

describe('a tab', () => {
  test('without a sign-in begins one by a code, at its companion', async () => {
    const all = await background();
    expect(await all.opener.open(TAB, false)).toEqual({ ok: true });
    expect(only(all).record.view).toMatchObject({
      origin: SITE,
      purpose: 'sign-in',
      formSeen: true,
      drawing: codes[0]?.drawing,
      incognito: false,
    });
    expect(all.connections).toMatchObject([{ relay: RELAY, said: [{ t: 'open', sid: codes[0]?.sid }] }]);
  });

  test('asked twice at once begins one', async () => {
    const all = await background();
    await Promise.all([all.opener.open(TAB, false), all.opener.open(TAB, true), all.opener.open(TAB, false)]);
    expect(only(all).sid).toBe(codes[0]?.sid);
    expect(all.connections).toHaveLength(1);
  });

  test('is shown its sign-in again, and a fresh one on demand', async () => {
    const all = await background();
    await all.opener.open(TAB, false);
    await all.opener.open(TAB, false);
    expect(only(all).sid).toBe(codes[0]?.sid);
    await all.opener.open(TAB, true);
    expect(only(all).sid).toBe(codes[1]?.sid);
  });

  test('gets a fresh code after a minute; the last one can still be joined', async () => {
    const all = await background();
    await all.opener.open(TAB, false);
    letPass(all.clock, 59_999);
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([['code', 'created']]);
    letPass(all.clock, 1);
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([
      ['code', 'created'],
      ['code', 'created'],
    ]);
  });

  test.each<[string, { result: Result; now: Partial<Look>; ms?: number }, number]>([
    ['is shown how it has just gone', { result: 'refused', now: form }, 0],
    ['is shown that it was refused, whatever asks by now', { result: 'refused', now: second }, 0],
    ['that has signed in and out again in the same document gets a fresh code', { result: 'signed-in', now: form }, 1],
    ['that may have signed in where the same form still stands is shown that', { result: 'cannot-tell', now: form }, 0],
    [
      'that may have signed in and asks again somewhere else gets a fresh code',
      { result: 'cannot-tell', now: second },
      1,
    ],
    ['gets a fresh code later', { result: 'refused', now: form, ms: 20_000 }, 1],
    ['that has signed in and shows no form is shown that', { result: 'signed-in', now: { mark: 'second' } }, 0],
    ['that has signed in and asks again somewhere else gets a fresh code', { result: 'signed-in', now: second }, 1],
  ])('%s', async (_what, { result, now, ms = 0 }, code) => {
    const all = await background();
    await all.opener.open(TAB, false);
    await end(only(all), result);
    show(now);
    if (ms > 0) letPass(all.clock, ms);
    await all.opener.open(TAB, false);
    expect(only(all).sid).toBe(codes[code]?.sid);
  });

  test.each<[string, Partial<Look>, Result]>([
    ['is in by now is told so', { mark: 'second', lines: ['Sign out'] }, 'signed-in'],
    ['says by now that it was refused is told so', { mark: 'second', lines: ['Wrong password'] }, 'refused'],
    [
      'says much, and nothing of it, is told nothing else',
      { mark: 'second', lines: ['News. '.repeat(40)] },
      'cannot-tell',
    ],
    ['says nothing is told nothing else', { mark: 'second' }, 'cannot-tell'],
    ['has not moved is told nothing else', form, 'cannot-tell'],
    ['is at another site is told nothing else', { mark: 'second', origin: ELSEWHERE }, 'cannot-tell'],
  ])('that could not be looked at when it ended, and %s', async (_what, now, result) => {
    const all = await background();
    await all.opener.open(TAB, false);
    await end(only(all), 'cannot-tell');
    show(now);
    await all.opener.open(TAB, false);
    // Longer than anybody looks.
    for (const until = all.clock.now() + 20_000; all.clock.now() < until; letPass(all.clock, 400))
      await new Promise(setImmediate);
    const { session, pairing } = only(all).record.view;
    expect({ sid: only(all).sid, state: session.state, result: session.result, pairing }).toEqual({
      ...{ sid: codes[0]?.sid, state: 'done', result },
      // The phone has gone: nothing more is agreed on with it.
      pairing: undefined,
    });
  });

  test('that was refused, as is seen only now, remembers nobody for that', async () => {
    const all = await background();
    await all.opener.open(TAB, false);
    const one = only(all);
    await end(one, 'cannot-tell');
    one.record.view.pairing = 'offered';
    one.record.pairingOffer = { encapsulated: '', response: '', first: '' };
    show({ mark: 'second', lines: ['Wrong password'] });
    await all.opener.open(TAB, false);
    for (const until = all.clock.now() + 5_000; all.clock.now() < until; letPass(all.clock, 400))
      await new Promise(setImmediate);
    expect(one.record.view).toMatchObject({ session: { result: 'refused' }, pairing: 'declined' });
    expect(one.record.pairingOffer).toBeUndefined();
  });

  test.each<[string, Partial<Look>, object]>([
    ['a form', form, { formSeen: true, need: { why: 'outcome', origin: SITE } }],
    ['a first step', { step: 'name' }, { formSeen: true, need: { why: 'steps', origin: SITE } }],
    ['nothing', {}, { formSeen: false }],
    ['a form of another site', { ...form, origin: ELSEWHERE }, { formSeen: false }],
  ])('where %s comes late is offered what belongs to that, while its code is on screen', async (_what, look, view) => {
    vi.stubGlobal('location', { protocol: 'moz-extension:' });
    try {
      show({});
      const all = await background();
      await all.opener.open(TAB, false);
      expect(only(all).record.view).toMatchObject({ formSeen: false });
      show(look);
      for (const until = all.clock.now() + 3_000; all.clock.now() < until; letPass(all.clock, 400))
        await new Promise(setImmediate);
      const seen = only(all).record.view;
      expect({ formSeen: seen.formSeen, ...(seen.need ? { need: seen.need } : {}) }).toEqual(view);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test.each<[string, Partial<Look>, number, object]>([
    ['another page of its site', { ...second, sets: 'new', step: '' }, 0, { purpose: 'new' }],
    ['a page of another site', { ...second, origin: ELSEWHERE }, 1, { origin: ELSEWHERE }],
  ])('whose code nobody has read yet and that shows %s now follows it', async (_what, now, code, view) => {
    const all = await background();
    await all.opener.open(TAB, false);
    show(now);
    await all.opener.open(TAB, false);
    expect(only(all)).toMatchObject({ sid: codes[code]?.sid, record: { page: { mark: 'second' }, view } });
  });

  test('that is signed in to is left in peace, wherever it has gone meanwhile', async () => {
    const all = await background();
    await all.opener.open(TAB, false);
    await only(all).apply({ t: 'joined' });
    only(all).send = async () => {};
    await only(all).apply({ t: 'hello', attempt: 1 });
    letPass(all.clock, 60_000);
    show({ ...second, origin: ELSEWHERE });
    await all.opener.open(TAB, false);
    expect(only(all)).toMatchObject({ sid: codes[0]?.sid, record: { view: { origin: SITE } } });
  });

  test('that is closed while its code is made leaves nothing behind', async () => {
    const all = await background();
    const { take } = all.nextCodes;
    all.nextCodes.take = () => {
      tabs.close(TAB);
      return take();
    };
    expect(await all.opener.open(TAB, false)).toEqual({ ok: true });
    expect(all.signIns.all()).toEqual([]);
    expect(all.connections).toEqual([]);
  });

  test('that is signed in to gets a fresh code on demand alone', async () => {
    const all = await background();
    await all.opener.open(TAB, false);
    await only(all).apply({ t: 'joined' });
    await all.opener.open(TAB, true);
    expect(only(all).sid).toBe(codes[1]?.sid);
  });

  test('that cannot be looked at for a while keeps its code', async () => {
    const all = await background();
    await all.opener.open(TAB, false);
    tabs.show(TAB, undefined);
    expect(await all.opener.open(TAB, false)).toEqual({ ok: true });
    expect(only(all).sid).toBe(codes[0]?.sid);
  });

  test.each([
    ['a page of the browser’s own', 'chrome://settings/'],
    ['a file', 'file:///home/li/page.html'],
    ['nothing', ''],
  ])('with %s is refused', async (_what, url) => {
    const all = await background();
    tabs.show(TAB, undefined, { url });
    expect(await all.opener.open(TAB, false)).toEqual({ ok: false, code: 'page-forbidden' });
    expect(all.states()).toEqual([]);
  });

  test.each<[string, object]>([
    ['is on its way to a site', { url: '', pendingUrl: `${SITE}/` }],
    ['is on its way from one site to another', { url: `${ELSEWHERE}/`, pendingUrl: `${SITE}/` }],
  ])('that %s is taken for what it comes to', async (_what, change) => {
    const all = await background();
    tabs.show(TAB, undefined, change);
    await all.opener.open(TAB, false);
    expect(only(all).record.view.origin).toBe(SITE);
  });

  test.each<[string, () => void, object]>([
    [
      'with the browser’s own window needs leave to answer that',
      () => tabs.show(TAB, undefined),
      { why: 'basic', origin: SITE },
    ],
    [
      'whose form is in a frame of another site needs leave for that site alone',
      () => show({ frames: [ELSEWHERE] }),
      { why: 'frame', origin: ELSEWHERE },
    ],
  ])('%s', async (_what, page, need) => {
    const all = await background();
    page();
    await all.opener.open(TAB, false);
    expect(only(all).record.view.need).toEqual(need);
  });

  test('whose form is in an allowed frame keeps to that frame when the popup opens again', async () => {
    const all = await background();
    const around = { look: lookOf({ mark: 'around', frames: [FRAME] }) };
    const inner = (look: Partial<Look>) => ({ frameId: 3, look: lookOf({ origin: FRAME, ...form, ...look }) });
    tabs.show(TAB, [around, inner({ mark: 'inner' })]);
    await all.opener.open(TAB, false);
    const permission = permissionsFor({ why: 'frame', origin: FRAME });
    await browser.permissions.request(permission);
    await only(all).goOn();
    const inFrame = {
      sid: codes[0]?.sid,
      formOrigin: FRAME,
      record: { page: { mark: 'inner' }, view: { formSeen: true } },
    };
    expect(only(all)).toMatchObject(inFrame);
    const shown = vi.spyOn(browser.storage.session, 'set');
    await all.opener.open(TAB, false);
    expect(only(all)).toMatchObject(inFrame);
    // Not even for a moment is the person asked again.
    expect(shown).not.toHaveBeenCalled();
    shown.mockRestore();
    // It may have been loaded anew meanwhile, or have gone.
    tabs.show(TAB, [around, inner({ mark: 'again' })]);
    await all.opener.open(TAB, false);
    expect(only(all)).toMatchObject({ ...inFrame, record: { page: { mark: 'again' } } });
    tabs.show(TAB, [{ look: lookOf(second) }]);
    await all.opener.open(TAB, false);
    expect(only(all)).toMatchObject({ sid: codes[0]?.sid, formOrigin: SITE, record: { page: { mark: 'second' } } });
    await browser.permissions.remove(permission);
  });

  test('that needs no leave any more, or another one, says so when the popup opens again', async () => {
    const all = await background();
    show({ frames: [FRAME] });
    await all.opener.open(TAB, false);
    expect(only(all).record.view.need).toEqual({ why: 'frame', origin: FRAME });
    show({ mark: 'second', frames: [ELSEWHERE] });
    await all.opener.open(TAB, false);
    expect(only(all).record.view.need).toEqual({ why: 'frame', origin: ELSEWHERE });
    show({ ...form, mark: 'third', frames: [ELSEWHERE] });
    await all.opener.open(TAB, false);
    expect(only(all).record.view).toMatchObject({ sid: codes[0]?.sid, formSeen: true });
    expect(only(all).record.view).not.toHaveProperty('need');
  });
});

describe('the one remembered phone', () => {
  const phone = (state: string) => ['Phone one', state];
  const code = ['code', 'created'];

  test('rings by the one click, beside the code, and typing is watched', async () => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([
      ['code', 'created'],
      ['Phone one', 'created'],
    ]);
    expect(all.connections[1]?.said).toMatchObject([{ t: 'open', call: { box: 'box of one' } }]);
    expect([...tabs.watched]).toEqual(['first']);
  });

  test.each<[string, (all: Background) => unknown]>([
    ['lies ready', () => {}],
    ['was taken up', ({ signIns }) => signIns.ofTab(TAB)[0]?.apply({ t: 'joined' })],
    ['was given up', ({ signIns }) => signIns.giveUp(TAB)],
  ])('watches typing in the document that came after the one whose code %s', async (_what, become) => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    await become(all);
    show(second);
    await all.opener.open(TAB, false);
    expect([...tabs.watched]).toEqual(['first', 'second']);
  });

  test('rings on a companion’s own sign-in page, too, and beside a split key of another site', async () => {
    const all = await background('one');
    await storeSplitKey(ELSEWHERE, made, { username: 'li', password: 'p', extra: '' });
    show({ signIn: 'one' });
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([code, phone('created')]);
  });

  test('that takes it up makes the code void', async () => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    all.connections[1]?.tell({ t: 'opened' });
    all.connections[1]?.tell({ t: 'peer', near: true, second: false });
    await expect.poll(all.states, { timeout: 20_000, interval: 2 }).toEqual([['Phone one', 'joined']]);
  });

  /** The phone has been asked beside the code, and has taken it up. */
  async function takenUp() {
    const all = await background('one');
    await all.opener.open(TAB, false);
    const request = all.signIns.ofTab(TAB)[1];
    const [code] = all.signIns.ofTab(TAB);
    if (!request || !code) throw new Error('it rings');
    await all.signIns.remove(code);
    return { ...all, request };
  }
  test.each<[string, Result | undefined, Partial<Look>, number, string[][]]>([
    ['is under way', undefined, form, 0, [phone('joined')]],
    ['has just signed in', 'signed-in', { mark: 'second' }, 0, [phone('done')]],
    ['has signed in a while ago', 'signed-in', { mark: 'second' }, 20_000, [phone('done'), code]],
    ['has just signed in, and whose page has signed out, rings again', 'signed-in', form, 0, [code, phone('created')]],
    ['was refused', 'refused', form, 0, [phone('done'), code]],
  ])('whose sign-in %s is shown, or a code beside it', async (_what, result, now, ms, states) => {
    const all = await takenUp();
    if (result) await end(all.request, result);
    else await all.request.apply({ t: 'joined' });
    show(now);
    if (ms > 0) letPass(all.clock, ms);
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual(states);
  });

  test.each<[string, (all: Background) => unknown, { phones?: string[]; renew?: boolean }?]>([
    ['there is another one: the person says which', () => {}, { phones: ['one', 'two'] }],
    ['a fresh code is wanted', () => {}, { renew: true }],
    ['the page shows no form', () => show({})],
    ['the page sets a password', () => show({ sets: 'new' })],
    ['the window is private', () => show(form, { incognito: true })],
    [
      'it is reached by another companion',
      async ({ pairings }) => pairings.add(await pairingOf('one', { origin: ELSEWHERE })),
    ],
    ['a login that was typed here can be saved', ({ saveOffers }) => void saveOffers.hear(TAB, SITE, typed)],
    [
      'a provider’s word could be meant as well',
      () => {
        return storeSplitKey(SITE, made, { username: 'li', password: 'p', extra: '' });
      },
    ],
  ])('does not ring by itself when %s', async (_when, prepare, { phones = ['one'], renew = false } = {}) => {
    const all = await background(...phones);
    await prepare(all);
    await all.opener.open(TAB, renew);
    expect(all.states()).toEqual([['code', 'created']]);
    expect(all.connections).toHaveLength(1);
  });

  test('that was asked for this page and said nothing is not asked by the next code', async () => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    await all.signIns.ofTab(TAB)[1]?.apply({ t: 'cancel' });
    letPass(all.clock, 60_000);
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([
      ['code', 'created'],
      ['Phone one', 'cancelled'],
      ['code', 'created'],
    ]);
  });

  test('rings on when a fresh code takes the place of the code', async () => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    await all.opener.open(TAB, true);
    expect(all.states()).toEqual([phone('created'), code]);
  });

  test('that is to save a login rings on, wherever the tab has gone', async () => {
    const all = await background('one');
    void all.saveOffers.hear(TAB, SITE, typed);
    await requestPhone(all, { tabId: TAB, pairing: pairingId('one'), saves: true });
    show({ ...second, origin: ELSEWHERE });
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([phone('created'), code]);
  });

  test('that is to save a login is asked for that and nothing else, also when the code beside it follows the page', async () => {
    const all = await background('one');
    void all.saveOffers.hear(TAB, SITE, typed);
    await all.opener.open(TAB, false);
    await requestPhone(all, { tabId: TAB, pairing: pairingId('one'), saves: true });
    show(second);
    await all.opener.open(TAB, false);
    const [beside, request] = all.signIns.ofTab(TAB).map(({ record }) => record);
    expect(beside?.page.mark).toBe('second');
    expect(request).toMatchObject({ view: { purpose: 'save' }, page: { mark: '' } });
  });

  test('that has just said no leaves the tab to a fresh code', async () => {
    const all = await takenUp();
    all.request.send = async () => {};
    await all.request.apply({ t: 'joined' });
    await all.request.apply({ t: 'hello', attempt: 1 });
    await all.request.apply({ t: 'denied' });
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([phone('denied'), code]);
  });

  test('that said no on the site before is in nobody’s way', async () => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    await all.signIns.ofTab(TAB)[1]?.apply({ t: 'cancel' });
    show({ ...second, origin: ELSEWHERE });
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([phone('cancelled'), code]);
    const [, first] = all.signIns.ofTab(TAB);
    show({ mark: 'third', origin: ELSEWHERE });
    await all.opener.open(TAB, false);
    expect(all.signIns.ofTab(TAB)[1]?.sid).toBe(first?.sid);
  });

  test('that has signed in here rings again when the page asks for another account', async () => {
    const all = await takenUp();
    await end(all.request, 'signed-in');
    show(second);
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([phone('created'), code].reverse());
  });

  test('that rings for a page which was left is let go', async () => {
    const all = await background('one');
    await all.opener.open(TAB, false);
    show({ mark: 'second', origin: ELSEWHERE });
    await all.opener.open(TAB, false);
    expect(all.states()).toEqual([['code', 'created']]);
  });

  test('hears of no private window’s typing', async () => {
    const all = await background('one');
    show(form, { incognito: true });
    await all.opener.open(TAB, false);
    expect([...tabs.watched]).toEqual([]);
    expect(only(all).record.view.incognito).toBe(true);
  });
});
