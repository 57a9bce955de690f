// The background worker: it may die after every line below, and begins again here. Listeners first, all in one turn, as
// the browser asks; what they do is in signins.ts, begin.ts and automatic.ts.
import * as v from 'valibot';
import browser, { type Runtime } from 'webextension-polyfill';
import { Ask, PageMessage, type Reply } from '../extension/messages.ts';
import * as automatic from './automatic.ts';
import * as begin from './open.ts';
import { endPairing } from './paired-phones.ts';
import { changePairing, readPairings } from './pairing-store.ts';
import * as typed from './save-offer.ts';
import * as signins from './sign-in.ts';
import * as storage from './storage.ts';

const DONE: Reply = { ok: true };

async function answer(ask: Ask): Promise<Reply> {
  await signins.ready;
  switch (ask.t) {
    case 'open':
      return begin.open(ask.tabId, false);
    case 'renew':
      return begin.open(ask.tabId, true);
    case 'cancel':
      return signins.cancel(ask.sid);
    case 'companion':
      return begin.useCompanion(ask.relay);
    case 'here':
      await signins.tick();
      return DONE;
    case 'call':
      return begin.call(ask.tabId, ask.pairing, ask.save);
    case 'pair':
      await signins.remember(ask.sid, ask.yes);
      return DONE;
    case 'forget-phone':
      await endPairing(ask.pairing);
      return { ok: true, known: await begin.known() };
    case 'rename-phone':
      await changePairing(ask.pairing, (link) => ({ ...link, name: ask.name, renamed: true }));
      return { ok: true, known: await begin.known() };
    case 'automatic':
      await automatic.want(ask.origin, ask.pairing, ask.tabId);
      return { ok: true, known: await begin.known() };
    case 'drop-offer':
      await typed.drop(ask.tabId);
      return DONE;
    case 'split-key':
      if (ask.do === 'drop') await begin.byHalf(ask);
      // A visit takes as long as a person takes.
      else void begin.byHalf(ask).catch(() => {});
      return { ok: true, known: await begin.known() };
    case 'known':
      return { ok: true, known: await begin.known() };
  }
}

/** A word of our own script in a page: it can make a phone ring where the person wants that, and offer what they have typed. */
async function hear(word: PageMessage, { tab, frameId, url }: Runtime.MessageSender): Promise<void> {
  if (tab?.id === undefined || tab.incognito || frameId !== 0 || !url || !URL.canParse(url)) return;
  await signins.ready;
  const { origin } = new URL(url);
  if (word.t === 'arrived') await begin.arrived(tab.id, origin, word.fromSite);
  // Without a phone to save it to, it is not even taken into memory.
  else if ((await readPairings()).length > 0) {
    // Who types by hand wants no phone any more.
    if (word.saves !== 'name') await signins.giveUp(tab.id);
    await typed.hear(tab.id, origin, word);
  }
}

// Only our own pages ask; our own script in a page may say two things and is answered nothing. A web page and another
// extension are neither.
browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
  if (sender.id !== browser.runtime.id) return undefined;
  if (!sender.url?.startsWith(browser.runtime.getURL(''))) {
    const word = v.safeParse(PageMessage, message);
    if (word.success) void hear(word.output, sender);
    return undefined;
  }
  const ask = v.safeParse(Ask, message);
  if (!ask.success) return undefined;
  return answer(ask.output).catch((): Reply => ({ ok: false, code: 'unreachable' }));
});

browser.tabs.onRemoved.addListener(async (tabId) => {
  await signins.ready;
  await signins.tabClosed(tabId);
});

browser.permissions.onAdded.addListener(async () => {
  await signins.ready;
  await automatic.granted();
  await begin.permissionsAdded();
});

// Taken away in the browser's own settings.
browser.permissions.onRemoved.addListener(() => void automatic.agree());

browser.alarms.onAlarm.addListener(async () => {
  await signins.ready;
  await signins.tick();
});

// A code lies ready before anybody asks for one; an update of the extension or the browser has dropped what was registered.
const prepare = () => void begin.prepare().catch(() => {});
const restore = () => {
  prepare();
  void automatic.agree();
};
browser.runtime.onInstalled.addListener(restore);
browser.runtime.onStartup.addListener(restore);
void signins.ready.then(prepare);
void storage.dropOffers();
