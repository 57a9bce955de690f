// Logins typed by hand, from the page's word to the offer in the popup: what is offered, for how long, and what never comes back.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effectsOf } from '../../src/background/effects.ts';
import { hearPage } from '../../src/background/page-messages.ts';
import { SaveOffers } from '../../src/background/save-offer.ts';
import type { TypedLogin } from '../../src/extension/messages.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { SAVE_OFFER_PREFIX } from '../../src/extension/view.ts';
import { pause } from '../../src/protocol/clock.ts';
import browser from '../fakes/browser.ts';
import { type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { endAll, HurriedClock, pairingId, pairingOf, recordFor, surround } from './background-in-memory.ts';

const TAB = 1;
const form = { step: 'sign-in', typed: true } as const;
const welcome = { mark: 'second', lines: ['Welcome, Li'] };
const typed: TypedLogin = {
  t: 'typed',
  saves: 'new',
  username: 'li',
  password: 'Blue-Heron-7',
  mark: 'first',
  alert: '',
};
const sender = { tab: { id: TAB, incognito: false }, frameId: 0, url: `${SITE}/login` };
type Sender = Parameters<typeof hearPage>[2];

let clock: HurriedClock;
let tabs: FakeTabs;
beforeEach(() => {
  clock = new HurriedClock();
  tabs = fakeTabs();
  show(form);
});
afterEach(endAll);
const passed = (ms: number) => pause(clock, ms);
const show = (look: Partial<Look>) => tabs.show(TAB, [{ look: lookOf(look) }]);

/** A background that remembers a phone. @param giveUp what is waited for when the tab's sign-in is given up */
async function background(giveUp?: Promise<void>) {
  const around = await surround(clock);
  await around.pairings.add(await pairingOf('one'));
  const saveOffers = new SaveOffers(clock);
  const signIns = await around.signIns((one) => ({ ...effectsOf(one, saveOffers), close: async () => giveUp }));
  const asking = { signIns, saveOffers };
  const hear = (change: Partial<TypedLogin> = {}, from: object = sender) =>
    hearPage(asking, { ...typed, ...change }, from as Sender);
  return { ...around, signIns, saveOffers, hear };
}

/** What the popup can offer of the tab. */
async function offered(): Promise<object | undefined> {
  const key = SAVE_OFFER_PREFIX + TAB;
  return (await browser.storage.session.get(key))[key] as object | undefined;
}

describe('a login typed by hand', () => {
  test('is offered once the page shows that it was taken, without its password', async () => {
    const { hear, saveOffers } = await background();
    const heard = hear();
    expect(await offered()).toBeUndefined();
    show(welcome);
    await heard;
    expect(await offered()).toEqual({
      tabId: TAB,
      origin: SITE,
      username: 'li',
      saves: 'new',
      until: expect.any(Number),
    });
    expect(JSON.stringify(await browser.storage.session.get(null))).not.toContain(typed.password);
    expect(saveOffers.peek(TAB)).toEqual({ username: 'li', password: typed.password, saves: 'new' });
  });

  test.each<[string, Partial<Look>]>([
    ['the site refused', { ...welcome, ...form, alert: 'Wrong' }],
    ['was kept from being sent elsewhere', { ...form, stopped: 'origin-mismatch' }],
  ])('that %s is not offered, and forgotten', async (_what, look) => {
    const { hear, saveOffers } = await background();
    const heard = hear();
    show(look);
    await heard;
    expect(await offered()).toBeUndefined();
    expect(saveOffers.peek(TAB)).toBeUndefined();
  });

  describe('where nobody may look at what came', () => {
    async function unseen() {
      const around = await background();
      const heard = around.hear();
      tabs.show(TAB, undefined);
      await heard;
      return around;
    }

    test('is not offered before somebody may', async () => {
      const { saveOffers } = await unseen();
      expect(await offered()).toBeUndefined();
      await saveOffers.lookBack(TAB, SITE);
      expect(await offered()).toBeUndefined();
      show(welcome);
      await saveOffers.lookBack(TAB, SITE);
      expect(await offered()).toMatchObject({ username: 'li' });
    });

    test('is never offered if it was refused', async () => {
      const { saveOffers } = await unseen();
      show({ ...form, mark: 'second', typed: false, lines: ['Wrong password'] });
      await saveOffers.lookBack(TAB, SITE);
      expect(await offered()).toBeUndefined();
      expect(saveOffers.peek(TAB)).toBeUndefined();
    });

    test('is not offered for the page of another site, nor after two minutes', async () => {
      const { saveOffers } = await unseen();
      show(welcome);
      await saveOffers.lookBack(TAB, 'https://elsewhere.example');
      expect(await offered()).toBeUndefined();
      await passed(120_000);
      await saveOffers.lookBack(TAB, SITE);
      expect(await offered()).toBeUndefined();
    });
  });

  test('is forgotten after two minutes, with nobody asking', async () => {
    const { hear, saveOffers } = await background();
    const until = clock.now() + 120_000;
    const heard = hear();
    show(welcome);
    await heard;
    expect(saveOffers.peek(TAB)).toBeDefined();
    await passed(until + 1 - clock.now());
    expect(saveOffers.peek(TAB)).toBeUndefined();
    // The worker looks every twenty seconds.
    await passed(20_000);
    expect(saveOffers.originOf(TAB)).toBeUndefined();
    expect(await offered()).toBeUndefined();
  });

  test.each([
    ['in a private window', { ...sender, tab: { id: TAB, incognito: true } }],
    ['in a frame', { ...sender, frameId: 3 }],
    ['in no tab', { ...sender, tab: undefined }],
    ['in a page without an address', { ...sender, url: undefined }],
  ])('%s is not heard of', async (_where, from) => {
    const { hear, saveOffers } = await background();
    show(welcome);
    await hear({}, from);
    expect(saveOffers.peek(TAB)).toBeUndefined();
    expect(await offered()).toBeUndefined();
  });

  test('where no phone is remembered is not taken into memory, and gives nothing up', async () => {
    const { hear, saveOffers, signIns, pairings } = await background();
    await pairings.drop(pairingId('one'));
    const signIn = await signIns.add(await recordFor(TAB));
    show(welcome);
    await hear();
    expect(saveOffers.peek(TAB)).toBeUndefined();
    expect(signIn?.live).toBe(true);
  });

  test('ends what the tab was waiting for; a name alone does not', async () => {
    const { hear, signIns } = await background();
    const signIn = await signIns.add(await recordFor(TAB));
    await hear({ saves: 'name', password: '' });
    expect(signIn?.live).toBe(true);
    show(welcome);
    await hear();
    expect(signIn?.record.view.session.state).toBe('cancelled');
  });
});

describe('a name that was typed on the first of several steps', () => {
  const nameOnly = { saves: 'name', password: '' } as const;
  const second = { username: '', mark: 'second' };

  test.each<[string, { ms: number; from?: object; second?: Partial<TypedLogin> }, string]>([
    ['goes with the password of the next step', { ms: 1_000 }, 'li'],
    ['gives way to a name that stands there', { ms: 1_000, second: { ...second, username: 'wang' } }, 'wang'],
    ['is not taken over to another site', { ms: 1_000, from: { ...sender, url: 'https://elsewhere.example/' } }, ''],
    ['is forgotten after two minutes', { ms: 120_000 }, ''],
  ])('%s', async (_what, { ms, from = sender, second: login = second }, username) => {
    const { hear, saveOffers } = await background();
    await hear(nameOnly);
    await passed(ms);
    show({ mark: 'third' });
    await hear(login, from);
    expect(saveOffers.peek(TAB)).toMatchObject({ username, password: typed.password });
    expect(await offered()).toMatchObject({ username });
  });
});

test('an offer that the person has dropped does not come back, however late the phone is told to give up', async () => {
  const told = Promise.withResolvers<void>();
  const { hear, saveOffers, signIns } = await background(told.promise);
  await signIns.add(await recordFor(TAB));
  // The click on the button and the form that it sends are told both.
  const heard = [hear(), hear()];
  show(welcome);
  const seen: (object | undefined)[] = [];
  clock.after(5_000, async () => {
    seen.push(await offered());
    await saveOffers.drop(TAB);
    told.resolve();
  });
  await Promise.all(heard);
  await passed(15_000);
  expect(seen).toMatchObject([{ username: 'li' }]);
  expect(saveOffers.peek(TAB)).toBeUndefined();
  expect(await offered()).toBeUndefined();
});

test('a login that was dropped while the page was still watched is not offered', async () => {
  const { hear, saveOffers } = await background();
  const heard = hear();
  const seen: (object | undefined)[] = [];
  clock.after(500, async () => {
    seen.push(saveOffers.peek(TAB));
    await saveOffers.drop(TAB);
    show(welcome);
  });
  await heard;
  expect(seen).toMatchObject([{ username: 'li' }]);
  expect(await offered()).toBeUndefined();
});
