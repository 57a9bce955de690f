// How a sign-in begins: with a code for the popup, with a call to a remembered phone, or by itself on a site that the person has
// set so. What the page needs to be allowed for is found out here, too.
import browser from 'webextension-polyfill';
import type { Ask, Known, Reply } from '../extension/messages.ts';
import type { Look } from '../extension/page-api.ts';
import { type Need, permissionsFor } from '../extension/permissions.ts';
import { losesClick } from '../extension/quirks.ts';
import type { View } from '../extension/view.ts';
import { fromBase64, randomBytes, toBase64 } from '../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import { newMail } from '../protocol/mailbox.ts';
import { makeCode } from '../protocol/new-code.ts';
import { call as calling, proofOf, pskOf } from '../protocol/pairing.ts';
import type { CompanionInfo } from '../protocol/relay.ts';
import { newKeyPair } from '../protocol/seal.ts';
import { newBrowserSession, TIMES } from '../protocol/session/session.ts';
import * as automatic from './automatic.ts';
import { fetchCompanion } from './companion.ts';
import { lookAt, lookAtOpening, type Page, watchTyping } from './page.ts';
import { changePairing, type Pairing, readPairings } from './pairing-store.ts';
import * as typed from './save-offer.ts';
import { apply, connect, giveUp, live, pageOf, remove, save, schedule, tickets } from './sign-in.ts';
import * as halves from './split-key.ts';
import { deliver, watch } from './steps.ts';
import type { NextCode, SignInRecord } from './storage.ts';
import * as storage from './storage.ts';

/** A popup that opens this soon after an end shows how it went; later it shows a fresh code. */
const SHOW_ENDED_MS = 20_000;

const justEnded = ({ view }: SignInRecord): boolean => Date.now() < (view.endedAt ?? 0) + SHOW_ENDED_MS;
/** A created ticket whose time on screen is over gives way to the next code. */
const isStale = ({ view: { session } }: SignInRecord): boolean =>
  session.state === 'created' && Date.now() >= session.startedAt + TIMES.shownMs;

let making: Promise<NextCode> | undefined;

/** Draws the next code ahead of time, for the companion in force. @throws ScankeyError `unreachable` if it was never reached */
export function prepare(): Promise<NextCode> {
  making ??= (async () => {
    const stored = await storage.readNext();
    const companion = await storage.readCompanion();
    const phoneOrigin = companion.phoneOrigin ?? (await askCompanion(companion.relay)).phoneOrigin;
    if (stored?.origin === phoneOrigin) return stored;
    const next = await makeCode(phoneOrigin);
    await storage.writeNext(next);
    return next;
  })().finally(() => {
    making = undefined;
  });
  return making;
}

/** Takes the prepared code out of storage; no code is ever handed out twice. */
async function takeNext(): Promise<NextCode> {
  const next = await prepare();
  await storage.dropNext();
  void prepare().catch(() => {});
  return next;
}

/** What the person must allow before this page can be signed in to. */
function needOf(origin: string, look: Look | undefined): Need | undefined {
  if (look?.step === 'name' && losesClick()) return { why: 'steps', origin };
  if (look?.step || look?.sets || look?.signIn) return undefined;
  if (!look || look.status === 401) return { why: 'basic', origin };
  const [frame] = look.frames;
  return frame === undefined ? undefined : { why: 'frame', origin: frame };
}

/** Goes on with a sign-in that waited for a permission, if it is there. @param given now, for this sign-in alone */
async function goOn(ticket: SignInRecord, given: boolean): Promise<void> {
  const { view, page } = ticket;
  const { need } = view;
  if (!need || !live(ticket) || !(await browser.permissions.contains(permissionsFor(need)))) return;
  if (given) ticket.granted = need;
  if (need.why === 'basic') {
    const { url = view.origin, pendingUrl } = await browser.tabs.get(view.tabId);
    const wanted = pendingUrl ?? url;
    page.url = URL.canParse(wanted) && new URL(wanted).origin === view.origin ? wanted : `${view.origin}/`;
  }
  if (need.why === 'frame') {
    const found = await lookAt({ tabId: view.tabId, frame: need.origin });
    if (!found) return;
    ticket.page = { ...pageOf(found), title: page.title };
    view.frame = need.origin;
    view.formSeen = Boolean(found.look.step || found.look.sets);
    view.purpose = found.look.sets ? 'new' : 'sign-in';
  }
  delete view.need;
  await save(ticket);
}

/** A permission was given: the sign-ins that waited for it go on. */
export async function permissionsAdded(): Promise<void> {
  for (const ticket of tickets.values()) await goOn(ticket, true);
}

const opening = new Map<number, Promise<Reply>>();

/** Phones that can be called through the companion in force. */
async function phones(): Promise<Pairing[]> {
  const { phoneOrigin } = await storage.readCompanion();
  return (await readPairings()).filter(({ origin }) => origin === phoneOrigin);
}

/** What lasts in this browser. */
export async function known(): Promise<Known> {
  const { phoneOrigin, providers } = await storage.readCompanion();
  const phones = (await readPairings()).map(({ id, name, addedAt, usedAt, origin }) => {
    return { id, name, addedAt, usedAt, here: origin === phoneOrigin };
  });
  const kept = (await halves.readHalves()).map(({ origin, provider, username }) => ({ origin, provider, username }));
  return { phones, automatic: await storage.readAutomatic(), splitKeys: kept, providers };
}

/** The popup wants this tab's sign-in: the one under way, or a new one. Asked twice at once, it is begun once. */
export function open(tabId: number, renew: boolean): Promise<Reply> {
  void refresh().catch(() => {});
  const begun = opening.get(tabId) ?? beginIn(tabId, renew).finally(() => opening.delete(tabId));
  opening.set(tabId, begun);
  return begun;
}

const ticketsOf = (tabId: number): SignInRecord[] => [...tickets.values()].filter(({ view }) => view.tabId === tabId);

/** A call that has come further than ringing, or just went well, is what the popup shows. */
const isTakenUp = (ticket: SignInRecord): boolean =>
  ticket.call !== undefined &&
  (live(ticket)
    ? ticket.view.session.state !== 'created'
    : justEnded(ticket) && ticket.view.session.state === 'done' && ticket.view.session.result !== 'refused');

/** Whether a ticket gives way to a new code for `origin`. */
function isOver(ticket: SignInRecord, origin: string): boolean {
  const { view, call: rings } = ticket;
  // A phone that rings goes on, but not for a page that was left.
  if (rings) return live(ticket) && view.purpose !== 'save' && view.origin !== origin;
  // A code that has just left the screen may still be read by a phone that saw it: it stays joinable.
  return !(live(ticket) && isStale(ticket));
}

/** What nobody has taken up yet goes on with the document that stands in the tab now, if it is of the same origin. */
async function follows(mine: readonly SignInRecord[], page: Page | undefined): Promise<boolean> {
  for (const ticket of mine) {
    const { view } = ticket;
    if (view.session.state !== 'created' || view.need || !page || page.look.mark === ticket.page.mark) continue;
    if (page.look.origin !== view.origin) return false;
    ticket.page = pageOf(page);
    if (view.purpose !== 'save') view.purpose = page.look.sets ? 'new' : 'sign-in';
    view.formSeen = Boolean(page.look.step || page.look.sets);
    await save(ticket);
  }
  return true;
}

/** Signed in, and yet there is a form again, in another document: signed out, or another account is wanted. */
function hasGoneOn({ view: { session }, page }: SignInRecord, now: Page | undefined): boolean {
  const good = session.result === 'signed-in' || session.result === 'cannot-tell';
  return good && Boolean(now?.look.step) && now?.look.mark !== page.mark;
}

async function beginIn(tabId: number, renew: boolean): Promise<Reply> {
  const mine = ticketsOf(tabId);
  const current = mine.find((ticket) => !ticket.call && (live(ticket) ? !isStale(ticket) : justEnded(ticket)));
  const shown = current ?? mine.find(isTakenUp);
  if (shown && !renew && live(shown) && shown.view.session.state !== 'created') return { ok: true };
  const page = await lookAtOpening({ tabId });
  if (shown && !renew) {
    if (!live(shown) && !hasGoneOn(shown, page)) return { ok: true };
    if (live(shown) && (await follows(mine, page))) return { ok: true };
  }
  const tab = await browser.tabs.get(tabId);
  const url = tab.pendingUrl || tab.url;
  // Where no extension may look there may be the browser's own window, over a page that has not come yet.
  const origin = page?.look.origin ?? (url && URL.canParse(url) ? new URL(url).origin : '');
  if (!/^https?:\/\//.test(origin)) return { ok: false, code: 'page-forbidden' };
  // What is typed by hand from now on can be saved to a phone.
  const [phone, another] = tab.incognito ? [] : await phones();
  if (phone) await watchTyping({ tabId });
  const code = await takeNext();
  for (const ticket of mine) if (isOver(ticket, origin)) await remove(ticket);
  const { sid, drawing, origin: phoneOrigin, ...keys } = code;
  const view: View = { ...viewOf(sid, tabId, origin, page?.look), drawing, incognito: tab.incognito };
  const need = needOf(origin, page?.look);
  if (need) view.need = need;
  const ticket: SignInRecord = {
    view,
    mail: newMail(toBase64(randomBytes(32))),
    keys: { ...keys, origin: phoneOrigin },
    page: pageOf(page),
  };
  await start(ticket);
  if (!phone) return { ok: true };
  // One phone, one click: it is asked at once. Which of several is meant only the person knows, and whether a provider is.
  const halved = (await halves.readHalves()).some((one) => one.origin === origin);
  const wanted =
    (page?.look.step || page?.look.signIn) &&
    !another &&
    !halved &&
    !typed.peek(tabId) &&
    !ticketsOf(tabId).some((one) => one.call && !hasGoneOn(one, page));
  if (wanted && !renew) await call(tabId, phone.id, false);
  return { ok: true };
}

const viewOf = (sid: string, tabId: number, origin: string, look: Look | undefined): View => ({
  sid,
  tabId,
  origin,
  purpose: look?.signIn ? 'identity' : look?.sets ? 'new' : 'sign-in',
  session: newBrowserSession(Date.now()),
  up: null,
  formSeen: Boolean(look?.step || look?.sets || look?.signIn),
});

async function start(ticket: SignInRecord): Promise<void> {
  tickets.set(ticket.view.sid, ticket);
  await save(ticket);
  // A tab that was closed while this was made has been heard of before there was anything to end.
  if (!(await browser.tabs.get(ticket.view.tabId).catch(() => undefined))) return remove(ticket);
  await goOn(ticket, false);
  if (await connect(ticket)) schedule(ticket);
}

/**
 * Calls a remembered phone for a tab; an older call to it is given up.
 * @param saves it is asked to save what was typed in the tab, not to sign in
 * @param keep it is asked to let the password be kept here, under a key of which this is the companion's half
 */
export async function call(
  tabId: number,
  id: string,
  saves: boolean,
  byItself = false,
  keep?: halves.Made,
): Promise<Reply> {
  const link = (await phones()).find((one) => one.id === id);
  if (!link) return { ok: false, code: 'link-ended' };
  for (const ticket of [...tickets.values()]) {
    if (!ticket.call || (ticket.call.link !== id && ticket.view.tabId !== tabId)) continue;
    if (live(ticket)) await apply(ticket, { t: 'cancel' });
    await remove(ticket);
  }
  // The popup may have looked at the page already, and have been allowed into a frame of it.
  const shown = ticketsOf(tabId).find((ticket) => live(ticket));
  const page = shown ? undefined : await lookAt({ tabId });
  const tab = await browser.tabs.get(tabId);
  const origin = (saves ? typed.originOf(tabId) : undefined) ?? shown?.view.origin ?? page?.look.origin;
  if (origin === undefined) return { ok: false, code: 'page-forbidden' };
  const { seed, publicKey } = await newKeyPair();
  const sid = randomBytes(16);
  const time = Date.now();
  const ringing = await changePairing(id, (one) => ({ ...one, ...calling(one, toBase64(sid)) }));
  if (!ringing) return { ok: false, code: 'link-ended' };
  const proof = await proofOf(ringing.key, { pairingId: fromBase64(id), sid, time, publicKey });
  const view = viewOf(toBase64(sid), tabId, origin, page?.look);
  await start({
    view: {
      ...view,
      ...(shown && { purpose: shown.view.purpose, formSeen: shown.view.formSeen }),
      ...(shown?.view.frame === undefined ? {} : { frame: shown.view.frame }),
      ...(shown?.view.need && !saves ? { need: shown.view.need } : {}),
      ...(saves ? { purpose: 'save' as const } : {}),
      session: newBrowserSession(time, 'call'),
      called: { pairing: id, name: link.name },
      incognito: tab.incognito,
    },
    mail: newMail(toBase64(randomBytes(32))),
    keys: {
      secret: toBase64(await pskOf(ringing.key)),
      seed: toBase64(seed),
      publicKey: toBase64(publicKey),
      origin: link.origin,
    },
    call: { link: id, box: link.box, time, proof: toBase64(proof) },
    page: shown && !saves ? { ...shown.page } : pageOf(page),
    ...(byItself ? { automatic: true } : {}),
    ...(keep ? { keep: keep as NonNullable<SignInRecord['keep']> } : {}),
  });
  return { ok: true };
}

/** A sign-in page of a site that signs in by itself has come up. */
export async function arrived(tabId: number, origin: string, fromSite: boolean): Promise<void> {
  const site = await automatic.find(origin);
  if (!site || ticketsOf(tabId).some(live)) return;
  if ((await browser.tabs.get(tabId)).incognito) return;
  if (!automatic.mayCall(await storage.readRecord(origin), tabId, fromSite, Date.now())) return;
  await call(tabId, site.link, false, true);
}

/**
 * Signs in to the site of a tab by a provider's word (`open`), or has its password kept for that by a phone that agrees (`make`).
 * The popup has gone by then: how it went shows in the page, and in the popup when it is opened again.
 */
export async function byHalf(ask: Extract<Ask, { t: 'split-key' }>): Promise<void> {
  const { tabId, origin, provider, pairing } = ask;
  if (ask.do === 'drop') return halves.drop(origin, provider);
  const back = () => browser.tabs.update(tabId, { active: true });
  if (ask.do === 'make') {
    // A phone that was asked already is asked anew afterwards.
    await giveUp(tabId);
    const made = await halves.make(provider).finally(back);
    if (pairing !== undefined) await call(tabId, pairing, false, false, made);
    return;
  }
  const kept = (await halves.readHalves()).find((one) => one.origin === origin && one.provider === provider);
  if (!kept) return;
  const startedAt = Date.now();
  let end: Pick<View['session'], 'state' | 'code' | 'result'> & { text?: string };
  try {
    const secret = await halves.open(kept).finally(back);
    const page = await lookAt({ tabId });
    if (!page || page.look.origin !== origin) throw new ScankeyError('page-left');
    const report = await deliver({ tabId }, origin, page, { ...secret, otp: '' }, async () => {});
    if (report.done === 'not-filled') throw new ScankeyError(report.code);
    const seen =
      report.done === 'filled'
        ? await watch({ tabId }, report.page.look, false)
        : { result: 'refused' as const, text: report.text };
    end = { state: 'done', result: seen.result === 'otp' ? 'more' : seen.result, text: seen.text };
  } catch (error) {
    end = { state: 'failed', code: codeOf(error, 'not-opened') };
  }
  const { text, ...session } = end;
  const sid = toBase64(randomBytes(16));
  const view = {
    ...viewOf(sid, tabId, origin, undefined),
    account: kept.username,
    endedAt: Date.now(),
    ...(text ? { text } : {}),
  };
  const ticket: SignInRecord = {
    view: { ...view, session: { ...newBrowserSession(startedAt), ...session } },
    mail: newMail(sid),
    keys: null,
    page: pageOf(undefined),
  };
  tickets.set(sid, ticket);
  await save(ticket);
}

/** Uses another companion from now on, if one answers there. */
export async function useCompanion(relay: string): Promise<Reply> {
  try {
    if (!URL.canParse(relay)) throw new ScankeyError('unreachable');
    await askCompanion(new URL(relay).origin);
    for (const ticket of [...tickets.values()]) await remove(ticket);
    await storage.dropNext();
    await prepare();
    return { ok: true };
  } catch (error) {
    return { ok: false, code: codeOf(error, 'unreachable') };
  }
}

const companionOf = (relay: string, { phoneOrigin, providers = [] }: CompanionInfo) => ({
  relay,
  phoneOrigin,
  providers: providers.filter(({ where }) => where.includes('page')).map(({ id }) => id),
});

async function askCompanion(relay: string) {
  const companion = companionOf(relay, await fetchCompanion(relay));
  await storage.writeCompanion(companion);
  return companion;
}

const ASK_AGAIN_MS = 600_000;
let askedAt = 0;

/** Whose word the companion takes may have changed; nobody waits for that. */
async function refresh(): Promise<void> {
  if (Date.now() < askedAt + ASK_AGAIN_MS) return;
  askedAt = Date.now();
  const { relay, phoneOrigin } = await storage.readCompanion();
  if (phoneOrigin === null) return;
  const now = companionOf(relay, await fetchCompanion(relay));
  // The person may have chosen another one meanwhile.
  if ((await storage.readCompanion()).relay === relay) await storage.writeCompanion(now);
}
