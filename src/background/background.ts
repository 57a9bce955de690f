// The background worker: it may die after every line below, and begins again here. Listeners first, all in one turn, as the browser
// asks; what they do is in the files that are named here, in the order in which it happens.
import * as v from 'valibot';
import browser, { type Runtime } from 'webextension-polyfill';
import { Ask, PageMessage, type Reply } from '../extension/messages.ts';
import { policyInForce } from '../extension/policy.ts';
import { systemClock } from '../protocol/clock.ts';
import { relayUrl, type Socket } from '../protocol/connection.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import * as automatic from './automatic.ts';
import { CompanionWatch, useCompanion } from './companion.ts';
import { effectsOf } from './effects.ts';
import { known } from './known.ts';
import { NextCodes } from './next-code.ts';
import { Opener } from './open.ts';
import { hearPage } from './page-messages.ts';
import { endPairing } from './paired-phones.ts';
import { storedPairings } from './pairing-store.ts';
import { forgetRefused, noteAsked } from './permissions.ts';
import { allowCode, examinePhonePage } from './phone-page.ts';
import { requestPhone } from './request-phone.ts';
import { SaveOffers } from './save-offer.ts';
import { SetUpCode } from './set-up-code.ts';
import { SignIns } from './sign-ins.ts';
import * as splitKey from './split-key.ts';
import { makeSplitKey, signInBySplitKey } from './split-key-sign-in.ts';
import * as storage from './storage.ts';
import type { Surroundings } from './surroundings.ts';
import { welcome } from './welcome.ts';

const surroundings: Surroundings = {
  clock: systemClock,
  connect: (relay) => new WebSocket(relayUrl(relay)) as Socket,
  examinePhonePage,
  pairings: storedPairings,
  visits: new Set(),
};
const { clock, pairings } = surroundings;
const saveOffers = new SaveOffers(clock);
const signIns = new SignIns((signIn) => effectsOf(signIn, saveOffers), surroundings);
const asking = { signIns, saveOffers };
const nextCodes = new NextCodes();
const opener = new Opener({ ...asking, nextCodes, companion: new CompanionWatch(clock) });

const setUpCode = new SetUpCode(surroundings, navigator.userAgent);

/** The phone page is looked at, between codes. */
const PAGE_ALARM = 'phone-page';

const DONE: Reply = { ok: true };
const andKnown = async (): Promise<Reply> => ({ ok: true, known: await known(pairings) });

async function answer(ask: Ask): Promise<Reply> {
  await signIns.ready;
  switch (ask.t) {
    case 'open':
      return opener.open(ask.tabId, false);
    case 'renew':
      return opener.open(ask.tabId, true);
    case 'cancel':
      await signIns.find(ask.sid)?.apply({ t: 'cancel' });
      return DONE;
    case 'companion':
      return changeCompanion(ask.relay);
    case 'check':
      return checkCompanion();
    case 'allow':
      await noteAsked(ask.need, ask.keep);
      await signIns.takeUp();
      return DONE;
    case 'give-back':
      await browser.permissions.remove({ origins: [ask.pattern] });
      return andKnown();
    case 'here':
      await signIns.tick();
      return DONE;
    case 'call':
      return requestPhone(asking, { tabId: ask.tabId, pairing: ask.pairing, saves: ask.save });
    case 'pair':
      await signIns.find(ask.sid)?.pair(ask.yes);
      return DONE;
    case 'forget-phone':
      await endPairing(surroundings, ask.pairing);
      return andKnown();
    case 'rename-phone':
      await pairings.change(ask.pairing, (pairing) => ({ ...pairing, name: ask.name, renamed: true }));
      return andKnown();
    case 'automatic':
      if (ask.pairing === null) await automatic.stop(ask.origin);
      else
        await automatic.want({ origin: ask.origin, pairing: ask.pairing }, ask.tabId, ask.given === true, clock.now());
      return andKnown();
    case 'drop-offer':
      await saveOffers.drop(ask.tabId);
      return DONE;
    case 'split-key':
      if (ask.do === 'drop') await splitKey.drop(surroundings, ask.origin, ask.provider);
      // A visit takes as long as a person takes.
      else void (ask.do === 'make' ? makeSplitKey(asking, ask) : signInBySplitKey(signIns, ask)).catch(() => {});
      return andKnown();
    case 'set-up':
      return { ok: true, setUp: await setUpCode.show(ask.again) };
    case 'known':
      return andKnown();
  }
}

/** Asks the companion in force what it is, now, and whether its phone page is well again where it was not. */
async function checkCompanion(): Promise<Reply> {
  try {
    const { relay } = await storage.readCompanion();
    await useCompanion(relay);
    await allowCode(relay);
    return DONE;
  } catch (error) {
    return { ok: false, code: codeOf(error, 'unreachable') };
  }
}

/** Ends all that was begun, or lies ready, for a companion that is not in force any more. */
async function beginAnew(): Promise<void> {
  for (const signIn of signIns.all()) await signIns.remove(signIn);
  await storage.dropNext();
  await nextCodes.prepare();
}

/** Uses another companion from now on, if one answers there. */
async function changeCompanion(relay: string): Promise<Reply> {
  try {
    if ((await policyInForce()).companion) throw new ScankeyError('set-by-policy');
    if (!URL.canParse(relay)) throw new ScankeyError('unreachable');
    await useCompanion(new URL(relay).origin, true);
    await beginAnew();
    return DONE;
  } catch (error) {
    return { ok: false, code: codeOf(error, 'unreachable') };
  }
}

// Only our own pages ask; our own script in a page may say two things and is answered nothing. A web page and another
// extension are neither.
browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
  if (sender.id !== browser.runtime.id) return undefined;
  if (!sender.url?.startsWith(browser.runtime.getURL(''))) {
    const said = v.safeParse(PageMessage, message);
    if (said.success) void hearPage(asking, said.output, sender);
    return undefined;
  }
  const ask = v.safeParse(Ask, message);
  if (!ask.success) return undefined;
  return answer(ask.output).catch((error): Reply => ({ ok: false, code: codeOf(error, 'unreachable') }));
});

browser.tabs.onRemoved.addListener(async (tabId) => {
  await signIns.ready;
  await signIns.tabClosed(tabId);
  await saveOffers.drop(tabId);
});

browser.storage.onChanged.addListener(async (_changes, area) => {
  if (area !== 'managed') return;
  await signIns.ready;
  await signIns.obeyPolicy();
  // Where the policy names another companion this is another code; where nobody can read it, none.
  await nextCodes.prepare().catch(storage.dropNext);
});

browser.permissions.onAdded.addListener(async () => {
  await signIns.ready;
  await automatic.granted(clock.now());
  await signIns.takeUp();
});

// Taken away in the browser's own settings.
browser.permissions.onRemoved.addListener(() => void automatic.agree());

/** Between an hour and twelve from now, so that nobody knows when. */
const lookLater = () => browser.alarms.create(PAGE_ALARM, { delayInMinutes: 60 + Math.random() * 660 });

browser.alarms.onAlarm.addListener(async ({ name }) => {
  if (name === PAGE_ALARM) {
    await lookLater();
    return examinePhonePage((await storage.readCompanion()).relay).catch(() => {});
  }
  await signIns.ready;
  await signIns.tick();
  if (await storage.readUpdate()) await update();
});

// A code lies ready before anybody asks for one; an update of the extension or the browser has dropped what was registered.
const prepare = () => void nextCodes.prepare().catch(() => {});
const restore = () => {
  prepare();
  void lookLater();
  void automatic.agree();
};
browser.runtime.onInstalled.addListener(({ reason }) => {
  restore();
  if (reason === 'install') void welcome();
});

/** An update ends this worker, and what it keeps in memory: it waits for whoever is signing in, and looks again. */
const update = async () => {
  await signIns.ready;
  if (saveOffers.isHolding || surroundings.visits.size > 0 || signIns.all().some((one) => one.isTalking)) {
    await browser.alarms.create('update', { delayInMinutes: 0.5 });
    return;
  }
  await storage.writeUpdate(false);
  browser.runtime.reload();
};
browser.runtime.onUpdateAvailable.addListener(async () => {
  await storage.writeUpdate(true);
  await update();
});
browser.runtime.onStartup.addListener(() => {
  restore();
  void forgetRefused();
});
void signIns.ready.then(prepare);
void storage.dropOffers();
