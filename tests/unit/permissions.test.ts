// What the browser must allow for one sign-in or for one site: what is asked for, what is made of it, and that it ends with its reason.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as automatic from '../../src/background/automatic.ts';
import { known } from '../../src/background/known.ts';
import { forgetRefused, needed, noteAsked, takeUp } from '../../src/background/permissions.ts';
import type { SignInRecord } from '../../src/background/storage.ts';
import * as storage from '../../src/background/storage.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { type Need, permissionsFor } from '../../src/extension/permissions.ts';
import browser from '../fakes/browser.ts';
import { type FakeTabs, fakeTabs, lookOf, SITE } from '../fakes/tabs.ts';
import { endAll, NOW, recordFor, surround } from './background-in-memory.ts';

const TAB = 1;
const FRAME = 'https://login.example';
const ELSEWHERE = 'https://elsewhere.example';
const SISTER = 'https://login.site.example';
const siteOnly = (origin: string) => ({ origins: [`${origin}/*`] });

let tabs: FakeTabs;
beforeEach(async () => {
  await surround();
  tabs = fakeTabs();
  tabs.show(TAB, [{ look: lookOf() }]);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await endAll();
  const permissions = ['webRequestAuthProvider'];
  await browser.permissions.remove({ origins: [SITE, FRAME, `${SITE}:8443`].map((one) => `${one}/*`), permissions });
});

describe('a page needs leave', () => {
  const firefox = () => vi.stubGlobal('location', { protocol: 'moz-extension:' });
  const chromium = () => vi.stubGlobal('location', { protocol: 'chrome-extension:' });

  test.each<[string, () => void, Partial<Look> | undefined, Need | undefined]>([
    ['for nothing, when it shows a form', chromium, { step: 'sign-in', status: 401, frames: [FRAME] }, undefined],
    ['for nothing, when it sets a password', firefox, { sets: 'new', frames: [FRAME] }, undefined],
    ['for nothing, when it is a companion’s own', firefox, { signIn: 'one', frames: [FRAME] }, undefined],
    ['for nothing, when there is nothing to be found', firefox, {}, undefined],
    [
      'for its next step, where the click ends with the document',
      firefox,
      { step: 'name' },
      { why: 'steps', origin: SITE },
    ],
    [
      'for seeing how it went, where the click ends with the document',
      firefox,
      { step: 'sign-in', status: 401, frames: [FRAME] },
      { why: 'outcome', origin: SITE },
    ],
    ['for nothing, where the click lasts', chromium, { step: 'name' }, undefined],
    [
      'for where its form sends on the same site',
      chromium,
      { step: 'sign-in', sendsTo: SISTER, frames: [FRAME] },
      { why: 'outcome', origin: SISTER },
    ],
    [
      'for both at once, where the click ends with the document',
      firefox,
      { step: 'sign-in', sendsTo: SISTER },
      { why: 'outcome', origin: SITE, sister: SISTER },
    ],
    ['for nothing, when its form sends to another site', chromium, { step: 'sign-in', sendsTo: ELSEWHERE }, undefined],
    ['for nothing, when a new password is sent elsewhere', chromium, { sets: 'new', sendsTo: SISTER }, undefined],
    ['for the frame that its form is in', chromium, { frames: [FRAME, ELSEWHERE] }, { why: 'frame', origin: FRAME }],
    ['for the browser’s own window', chromium, { status: 401, frames: [FRAME] }, { why: 'basic', origin: SITE }],
    [
      'for the browser’s own window over a page that may not be looked at',
      chromium,
      undefined,
      { why: 'basic', origin: SITE },
    ],
  ])('%s', (_what, in_, look, need) => {
    in_();
    expect(needed(SITE, look && lookOf(look))).toEqual(need ? { need } : {});
  });

  test.each([
    ['http://127.0.0.1:80', 'http://127.0.0.1:81', true],
    ['http://127.0.0.1', 'http://10.1.0.1', false],
    ['http://[::1]', 'http://[::1]:81', true],
    ['http://[::1]', 'http://[fe80::1]', false],
    ['http://wiki', 'https://wiki', true],
    ['http://wiki', 'http://mail', false],
    ['https://a.b.site.example', 'https://site.example', true],
    ['https://site.example', 'https://site.test', false],
  ])('on %s for %s to which its form sends, if it may be of the same site', (origin, sendsTo, is) => {
    const need = { why: 'outcome', origin: sendsTo };
    expect(needed(origin, lookOf({ origin, step: 'sign-in', sendsTo }))).toEqual(is ? { need } : {});
  });
});

describe('a leave that a sign-in waited for', () => {
  async function waiting(why: Need['why'], origin = SITE): Promise<{ record: SignInRecord; need: Need }> {
    const need = { why, origin };
    const record = await recordFor(TAB, { page: { mark: 'first', documentId: 'first', title: 'Site', alert: '' } });
    record.view.need = need;
    await browser.permissions.request(permissionsFor(need));
    return { record, need };
  }

  test('and that was not given changes nothing', async () => {
    const { record, need } = await waiting('steps');
    await browser.permissions.remove(permissionsFor(need));
    const before = structuredClone(record);
    expect(await takeUp(record)).toBe(false);
    expect(record).toEqual(before);
  });

  test.each(['steps', 'outcome'] as const)('and that is given (%s) is what it works under', async (why) => {
    const { record, need } = await waiting(why);
    expect(await takeUp(record)).toBe(true);
    expect(record).toMatchObject({ allowed: need, page: { mark: 'first' } });
    expect(record.view).not.toHaveProperty('need');
    expect(record.page).not.toHaveProperty('url');
  });

  test.each<[string, object, string]>([
    ['the address that the tab is on its way to', { url: 'about:blank', pendingUrl: `${SITE}/wiki` }, `${SITE}/wiki`],
    ['the address of the tab', { url: `${SITE}/wiki`, pendingUrl: undefined }, `${SITE}/wiki`],
    ['the site that was confirmed, when the tab has gone elsewhere', { url: `${ELSEWHERE}/wiki` }, `${SITE}/`],
    ['the site that was confirmed, when the tab tells no address', { url: 'nowhere' }, `${SITE}/`],
  ])('for the browser’s own window answers at %s', async (_where, change, url) => {
    const { record } = await waiting('basic');
    tabs.show(TAB, undefined, change);
    await takeUp(record);
    expect(record.page.url).toBe(url);
    expect(record.view).not.toHaveProperty('frame');
  });

  test.each<[string, Partial<Look>, object]>([
    ['a form', { step: 'sign-in' }, { purpose: 'sign-in', formSeen: true }],
    ['a place for a new password', { sets: 'new' }, { purpose: 'new', formSeen: true }],
    ['no form yet', {}, { purpose: 'sign-in', formSeen: false }],
  ])('for a frame finds there %s', async (_what, look, view) => {
    const { record } = await waiting('frame', FRAME);
    tabs.show(TAB, [
      { look: lookOf() },
      { frameId: 3, look: lookOf({ origin: FRAME, mark: 'inner', title: 'Log in', ...look }) },
    ]);
    expect(await takeUp(record)).toBe(true);
    expect(record).toMatchObject({
      page: { mark: 'inner', documentId: 'inner', title: 'Site' },
      view: { ...view, frame: FRAME },
    });
  });

  test('for a frame that has gone meanwhile is waited for on', async () => {
    const { record, need } = await waiting('frame', FRAME);
    expect(await takeUp(record)).toBe(false);
    expect(record.view).toMatchObject({ need });
    expect(record.page.mark).toBe('first');
  });
});

test('what was allowed for good is listed, and nothing that a sign-in was lent or a site signs in by', async () => {
  const { pairings } = await surround();
  const automaticSite = 'https://automatic.example';
  const origins = [SITE, FRAME, automaticSite].map((one) => `${one}/*`);
  await browser.permissions.request({ origins });
  await storage.writeAutomatic([{ origin: automaticSite, pairing: 'one' }]);
  await noteAsked({ why: 'outcome', origin: SITE }, false);
  await noteAsked({ why: 'frame', origin: FRAME }, false);
  expect((await known(pairings)).allowed).toEqual([]);
  // Asked for again, at another port, and now for good.
  await noteAsked({ why: 'outcome', origin: `${SITE}:8443` }, true);
  expect((await known(pairings)).allowed).toEqual([`${SITE}/*`]);
  await browser.permissions.remove({ origins });
});

test('what was asked for and not given is forgotten by the next start of the browser, and nothing that was given', async () => {
  await browser.permissions.request(siteOnly(SITE));
  await noteAsked({ why: 'outcome', origin: SITE, sister: SISTER }, false);
  await forgetRefused();
  expect(await storage.readLent()).toEqual([{ why: 'outcome', origin: SITE }]);
  await noteAsked({ why: 'outcome', origin: SITE }, true);
});

describe('a site that signs in by itself', () => {
  const site = (origin: string, pairing = 'one') => ({ origin, pairing });
  /** The background hears of it before the browser has asked. */
  const begin = async (origin: string, pairing?: string) => {
    const host = siteOnly(new URL(origin).origin.replace(/:\d+$/, ''));
    const given = await browser.permissions.contains(host);
    await automatic.want(site(origin, pairing), TAB, given, NOW);
    await browser.permissions.request(host);
    await automatic.granted(NOW);
  };

  test('has a script of its own, for itself alone, from the first time on', async () => {
    await begin(SITE);
    await begin(SITE, 'two');
    expect(tabs.scripts.size).toBe(1);
    await begin(FRAME);
    expect(await storage.readAutomatic()).toEqual([site(SITE, 'two'), site(FRAME)]);
    expect([...tabs.scripts.values()]).toEqual([[`${SITE}/*`], [`${FRAME}/*`]]);
    // Who sets it so has just signed in there.
    expect(await storage.readRecord(SITE)).toMatchObject({ signedInAt: NOW, signedInTab: TAB, tries: [] });
  });

  test('is forgotten when its permission is taken away in the browser, and no other', async () => {
    await begin(SITE);
    await begin(FRAME);
    await browser.permissions.remove(siteOnly(FRAME));
    await automatic.agree();
    expect(await storage.readAutomatic()).toEqual([site(SITE)]);
    expect([...tabs.scripts.values()]).toEqual([[`${SITE}/*`]]);
  });

  test('gets its script back when an update of the extension has dropped it', async () => {
    await begin(SITE);
    await begin(FRAME);
    const [first] = tabs.scripts.keys();
    tabs.scripts.delete(first ?? '');
    await automatic.agree();
    expect([...tabs.scripts.values()].sort()).toEqual([[`${FRAME}/*`], [`${SITE}/*`]]);
  });

  test('gives its permission back with the last port of its host', async () => {
    await begin(SITE);
    await begin(`${SITE}:8443`);
    await begin(FRAME);
    await automatic.stop(SITE);
    expect(await storage.readAutomatic()).toEqual([site(`${SITE}:8443`), site(FRAME)]);
    expect(await browser.permissions.contains(siteOnly(SITE))).toBe(true);
    await automatic.stop(`${SITE}:8443`);
    expect(await browser.permissions.contains(siteOnly(SITE))).toBe(false);
    expect([...tabs.scripts.values()]).toEqual([[`${FRAME}/*`]]);
  });

  test.each<[string, () => Promise<void>, boolean]>([
    ['leaves what the person had given for good', () => noteAsked({ why: 'outcome', origin: SITE }, true), true],
    ['gives back what a sign-in was lent before', () => noteAsked({ why: 'outcome', origin: SITE }, false), false],
  ])('%s, when it does no more', async (_what, before, stays) => {
    await before();
    await browser.permissions.request(siteOnly(SITE));
    await begin(SITE);
    await begin(`${SITE}:8443`);
    await automatic.stop(`${SITE}:8443`);
    await automatic.stop(SITE);
    expect(await browser.permissions.contains(siteOnly(SITE))).toBe(stays);
    expect(await storage.readLent()).toEqual([]);
  });

  test('gives back its own, where the one of the sign-in before was still there as the popup looked', async () => {
    await automatic.want(site(SITE), TAB, true, NOW);
    await browser.permissions.request(siteOnly(SITE));
    await automatic.granted(NOW);
    await automatic.stop(SITE);
    expect(await browser.permissions.contains(siteOnly(SITE))).toBe(false);
  });

  test('asks no phone that is not remembered any more, and one that was remembered anew by its new key', async () => {
    await begin(SITE, 'old');
    await begin(FRAME, 'other');
    await automatic.movePhone('old', 'new');
    expect(await storage.readAutomatic()).toEqual([site(SITE, 'new'), site(FRAME, 'other')]);
    await automatic.forgetPhone('other');
    expect(await storage.readAutomatic()).toEqual([site(SITE, 'new')]);
  });

  test.each<[string, string, Partial<SignInRecord['view']['session']>, boolean]>([
    ['notes how a sign-in there ended', SITE, { state: 'done', result: 'refused' }, true],
    ['notes nothing of one that goes on', SITE, { state: 'filled', result: 'refused' }, false],
    ['notes nothing of another site', ELSEWHERE, { state: 'done', result: 'refused' }, false],
  ])('%s', async (_what, origin, session, refused) => {
    await begin(SITE);
    const record = await recordFor(TAB);
    Object.assign(record.view, { origin, session: { ...record.view.session, ...session } });
    await automatic.note(record, NOW);
    expect((await storage.readRecord(origin)).refused).toBe(refused);
  });
});

describe('a site that was to sign in by itself, and was not allowed to,', () => {
  const site = { origin: SITE, pairing: 'one' };
  const want = () => automatic.want(site, TAB, false, NOW);
  const allow = async () => {
    await browser.permissions.request(siteOnly(SITE));
    await automatic.granted(NOW);
  };

  test.each<[string, () => Promise<void>, object[]]>([
    ['does once it is', async () => {}, [site]],
    ['does not by a permission for a single sign-in', () => noteAsked({ why: 'outcome', origin: SITE }, false), []],
    ['does not by any, once the person has said no', () => automatic.stop(SITE), []],
  ])('%s', async (_what, then, sites) => {
    await want();
    await then();
    await allow();
    expect(await storage.readAutomatic()).toEqual(sites);
    await automatic.stop(SITE);
  });
});
