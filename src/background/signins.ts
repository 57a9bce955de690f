// The sign-ins of this browser: one ticket each. Events go through the pure session machine; what it asks for is done
// here. A ticket is saved before anything leaves, so the worker may die between any two lines.
import bowser from 'bowser';
import { fromBase64, randomBytes, toBase64 } from '../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import { type Look, type Need, permissionsFor, type Reply, type View } from '../protocol/extension.ts';
import { Mailbox, newMail, type Socket, tokenHash } from '../protocol/mailbox.ts';
import { type Message, pack, requestHash, unpack, WIRE_BYTES } from '../protocol/messages.ts';
import { type BrowserEnd, browserEnd, sealResponse } from '../protocol/seal.ts';
import {
  type BrowserEvent,
  type CommonEvent,
  type Effect,
  hasEnded,
  newBrowserSession,
  nextTick,
  type Result,
  step,
  TIMES,
} from '../protocol/session.ts';
import { answerChallenge } from './basic.ts';
import { makeCode } from './code.ts';
import { fetchCompanion } from './companion.ts';
import { fill, lookAgain, lookAt, type Page, type Place } from './page.ts';
import type { NextCode, Ticket } from './storage.ts';
import * as storage from './storage.ts';
import { deliver, watch } from './walk.ts';

type Credential = Extract<Message<'answer'>, { t: 'credential' }>;
const TICK_ALARM = 'tick';
/** An ended ticket stays for the popup to show, and for its last message to leave. */
const KEEP_ENDED_MS = 120_000;
/** A popup that opens this soon after an end shows how it went; later it shows a fresh code. */
const SHOW_ENDED_MS = 20_000;

const tickets = new Map<string, Ticket>();
const mailboxes = new Map<string, Mailbox>();
/** Opened ends and credentials: this worker's memory and nowhere else. */
const ends = new Map<string, BrowserEnd>();
const credentials = new Map<string, Credential>();
const codes = new Map<string, string>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

const live = (ticket: Ticket): boolean => !hasEnded(ticket.view.session);
const justEnded = ({ view }: Ticket): boolean => Date.now() < (view.endedAt ?? 0) + SHOW_ENDED_MS;
const placeOf = ({ view }: Ticket): Place => ({ tabId: view.tabId, frame: view.frame });
/** The origin whose form is filled: the page's own, or that of the frame that the person allowed. */
const formOrigin = ({ view }: Ticket): string => view.frame ?? view.origin;
/** A created ticket whose time on screen is over gives way to the next code. */
const isStale = ({ view: { session } }: Ticket): boolean =>
  session.state === 'created' && Date.now() >= session.startedAt + TIMES.shownMs;

/** Loads what a former life of this worker left, and goes on with it. Awaited by everything else. */
export const ready: Promise<void> = (async () => {
  for (const ticket of await storage.readTickets()) tickets.set(ticket.view.sid, ticket);
  for (const ticket of tickets.values()) {
    if (live(ticket)) await apply(ticket, { t: 'restarted' });
    if ((live(ticket) || ticket.mail.outbox.length > 0) && !mailboxes.has(ticket.view.sid)) await connect(ticket);
  }
})();

/** Saves a ticket; ended ones lose their secrets, and let go of the relay once their last message is kept there. */
async function save(ticket: Ticket): Promise<void> {
  if (tickets.get(ticket.view.sid) !== ticket) return;
  await storage.writeTicket(ticket);
  if (!ticket.keys && ticket.mail.outbox.length === 0) mailboxes.get(ticket.view.sid)?.stop();
}

async function connect(ticket: Ticket): Promise<Mailbox> {
  const { view, mail, keys } = ticket;
  const { sid } = view;
  const { relay } = await storage.readCompanion();
  const url = new URL('/v1/relay', relay);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const mailbox = new Mailbox({
    connect: () => new WebSocket(url) as Socket,
    mail,
    role: 'b',
    introduction: { t: 'open', sid, pk: keys?.publicKey ?? '', tokenHash: await tokenHash(mail.token) },
    save: () => save(ticket),
    onMessage: (n, wire) => receive(ticket, n, wire),
    async onPeer({ near, second }) {
      Object.assign(view, { near, second });
      await save(ticket);
      await apply(ticket, { t: 'joined' });
      await dropRivals(ticket);
    },
    onStatus(up) {
      view.up = up;
      void save(ticket);
    },
    async onGone({ code, reason }) {
      mail.outbox = [];
      await apply(ticket, { t: 'gone', code, ...(reason ? { reason } : {}) });
    },
  });
  mailboxes.set(sid, mailbox);
  return mailbox;
}

/** Once one code of a tab has been scanned, its other codes are void. */
async function dropRivals(winner: Ticket): Promise<void> {
  for (const ticket of tickets.values())
    if (ticket !== winner && ticket.view.tabId === winner.view.tabId && ticket.view.session.state === 'created')
      await remove(ticket);
}

async function remove(ticket: Ticket): Promise<void> {
  const { sid } = ticket.view;
  if (live(ticket)) await giveBack(ticket);
  mailboxes.get(sid)?.close('cancelled');
  for (const map of [tickets, mailboxes, ends, credentials, codes]) map.delete(sid);
  clearTimeout(timers.get(sid));
  await storage.dropTicket(sid);
}

/** Runs one event through the machine, saves, then does what it asks for. */
async function apply(ticket: Ticket, event: BrowserEvent | CommonEvent, text?: string): Promise<void> {
  const { view } = ticket;
  const { session, effects } = step(view.session, event, Date.now());
  view.session = session;
  if (text) view.text = text;
  if (hasEnded(session)) view.endedAt ??= Date.now();
  await save(ticket);
  for (const effect of effects) await perform(ticket, effect);
  if (live(ticket)) schedule(ticket);
  else await settle(ticket);
}

/** Forgets the secrets of an ended sign-in. */
async function settle(ticket: Ticket): Promise<void> {
  const { sid } = ticket.view;
  credentials.delete(sid);
  codes.delete(sid);
  ends.delete(sid);
  clearTimeout(timers.get(sid));
  if (!ticket.keys) return;
  await giveBack(ticket);
  ticket.keys = null;
  delete ticket.hello;
  await save(ticket);
}

/** A permission that was given for one sign-in ends with it, or with the next code of the same tab. */
async function giveBack({ granted, view }: Ticket): Promise<void> {
  if (!granted) return;
  const heir = [...tickets.values()].find((one) => one.view !== view && one.view.tabId === view.tabId && live(one));
  if (!heir) await chrome.permissions.remove(permissionsFor(granted)).catch(() => false);
  else {
    heir.granted = granted;
    await save(heir);
  }
}

function schedule(ticket: Ticket): void {
  const { sid, session } = ticket.view;
  clearTimeout(timers.get(sid));
  timers.set(
    sid,
    setTimeout(() => void apply(ticket, { t: 'tick' }), Math.max(0, nextTick(session) - Date.now())),
  );
  void chrome.alarms.create(TICK_ALARM, { periodInMinutes: 0.5 });
}

/** The browser's end of the conversation, opened again from the stored hello if this worker is a new one. */
async function endOf(ticket: Ticket): Promise<BrowserEnd | undefined> {
  const { keys, hello } = ticket;
  const known = ends.get(ticket.view.sid);
  if (known || !keys || !hello) return known;
  const pair = { seed: fromBase64(keys.seed), publicKey: fromBase64(keys.publicKey) };
  const { end } = await browserEnd(pair, fromBase64(keys.secret), keys.origin, hello.n, fromBase64(hello.m));
  ends.set(ticket.view.sid, end);
  return end;
}

/** Takes one sealed message; resolves when the relay may forget it. */
async function receive(ticket: Ticket, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!live(ticket)) return;
  try {
    if (wire.length === WIRE_BYTES.hello) await receiveHello(ticket, n, wire);
    else if (wire.length === WIRE_BYTES.answer) await receiveAnswer(ticket, n, wire);
    else if (wire.length === WIRE_BYTES.otp) await receiveOtp(ticket, n, wire);
    else throw new ScankeyError('bad-message');
  } catch (error) {
    if (codeOf(error, 'not-opened') !== 'bad-message') throw error;
    await apply(ticket, { t: 'bad-message' });
  }
}

async function receiveHello(ticket: Ticket, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const { view, keys } = ticket;
  if (!keys) return;
  const pair = { seed: fromBase64(keys.seed), publicKey: fromBase64(keys.publicKey) };
  const { end, first } = await browserEnd(pair, fromBase64(keys.secret), keys.origin, n, wire);
  const hello = unpack('hello', first);
  const { state, attempt } = view.session;
  // A worker that died between taking the hello and asking takes it up where it stopped.
  const again = state === 'requested' && hello.attempt === attempt && ticket.asked?.attempt !== attempt;
  if (!again && step(view.session, { t: 'hello', attempt: hello.attempt }, Date.now()).refused) return;
  ends.set(view.sid, end);
  ticket.hello = { n, m: toBase64(wire) };
  view.phone = hello.phone;
  view.digits = end.shared.digits;
  if (again) await perform(ticket, 'send-request');
  else await apply(ticket, { t: 'hello', attempt: hello.attempt });
}

async function receiveAnswer(ticket: Ticket, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = await endOf(ticket);
  if (!end) throw new ScankeyError('bad-message');
  const answer = unpack('answer', await end.open(n, wire));
  if (answer.t === 'denied')
    return apply(ticket, { t: 'denied', ...(answer.reason === 'digits-wrong' ? { code: answer.reason } : {}) });
  if (answer.request !== ticket.asked?.hash || answer.frameOrigin !== formOrigin(ticket))
    throw new ScankeyError('bad-message');
  credentials.set(ticket.view.sid, answer);
  ticket.view.account = answer.username;
  return apply(ticket, { t: 'credential' });
}

async function receiveOtp(ticket: Ticket, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = await endOf(ticket);
  if (!end) throw new ScankeyError('bad-message');
  const { code } = unpack('otp', await end.open(n, wire));
  if (code === undefined) return apply(ticket, { t: 'no-otp' });
  codes.set(ticket.view.sid, code);
  return apply(ticket, { t: 'otp' });
}

async function send(ticket: Ticket, kind: 'request' | 'outcome', plaintext: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = await endOf(ticket);
  const mailbox = mailboxes.get(ticket.view.sid) ?? (await connect(ticket));
  if (!end) return;
  const wire = await sealResponse(end.shared, mailbox.next, plaintext);
  if (wire.length !== WIRE_BYTES[kind]) throw new ScankeyError('too-large');
  await mailbox.send(wire);
}

const DO: Record<
  Exclude<Effect, 'join' | 'send-hello' | 'release' | 'send-denied' | 'send-otp'>,
  (ticket: Ticket) => Promise<void>
> = {
  async 'send-request'(ticket) {
    const { view, page } = ticket;
    const { browser, os } = bowser.parse(navigator.userAgent);
    // The form may have come, or changed, since the code was drawn.
    const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
    if (look) page.step = look.step;
    const plaintext = pack('request', {
      v: 1,
      t: 'request',
      topOrigin: view.origin,
      frameOrigin: formOrigin(ticket),
      title: page.title,
      browser: `${browser.name ?? 'Browser'} ${browser.version?.split('.')[0] ?? ''}`.trim().slice(0, 40),
      os: (os.name ?? '').slice(0, 40),
      kind: page.url !== undefined ? 'basic' : look?.step === 'code' ? 'otp' : 'password',
      otp: look?.otp ?? false,
      extra: look?.extra ?? false,
      time: Date.now(),
    });
    ticket.asked = { attempt: view.session.attempt, hash: await requestHash(plaintext) };
    await send(ticket, 'request', plaintext);
  },
  async 'check-tab'(ticket) {
    await apply(ticket, { t: (await isStillThere(ticket)) ? 'tab-ok' : 'tab-moved' });
  },
  async deliver(ticket) {
    const { view, page } = ticket;
    const credential = credentials.get(view.sid);
    credentials.delete(view.sid);
    if (!credential) return;
    const { username, password, extra = '', otp = '' } = credential;
    if (page.url !== undefined) {
      const result = await answerChallenge(view.tabId, page.url, { username, password });
      if (result === 'not-filled') return apply(ticket, { t: 'not-filled', code: 'no-form' });
      await apply(ticket, { t: 'filled' });
      return apply(ticket, { t: 'outcome', result });
    }
    const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
    if (!look) return apply(ticket, { t: 'not-filled', code: 'page-left' });
    const given = { username, password, extra, otp };
    const report = await deliver(
      placeOf(ticket),
      formOrigin(ticket),
      { look, documentId: page.documentId },
      given,
      () => apply(ticket, { t: 'step' }),
    );
    if (report.done === 'not-filled') return apply(ticket, { t: 'not-filled', code: report.code });
    // What is watched is the document that got the password.
    if (report.done === 'filled') Object.assign(page, pageOf(report.page), { title: page.title });
    await apply(ticket, { t: 'filled' });
    if (report.done === 'refused') await apply(ticket, { t: 'outcome', result: 'refused' }, report.text);
  },
  async 'watch-outcome'(ticket) {
    const { page, view } = ticket;
    if (page.url !== undefined) return;
    const otpGiven = Boolean(view.session.otp) || page.step === 'code';
    // Not awaited: the relay may forget the credential now, and the machine's own deadline bounds the watching.
    void watch(placeOf(ticket), page, otpGiven).then(async ({ result, text, page: seen }) => {
      if (result !== 'otp') return apply(ticket, { t: 'outcome', result }, text);
      Object.assign(page, { mark: seen?.look.mark ?? page.mark, alert: seen?.look.alert ?? '' });
      if (seen?.documentId !== undefined) page.documentId = seen.documentId;
      await apply(ticket, { t: 'otp-wanted' });
    });
  },
  async 'ask-otp'(ticket) {
    await send(ticket, 'outcome', pack('outcome', { v: 1, t: 'otp-request' }));
  },
  async 'fill-otp'(ticket) {
    const { view, page } = ticket;
    const otp = codes.get(view.sid) ?? '';
    codes.delete(view.sid);
    const order = { username: '', password: '', extra: '', otp };
    const at = { mark: page.mark, origin: formOrigin(ticket), frame: view.frame !== undefined };
    const report = await fill({ tabId: view.tabId, documentId: page.documentId }, { ...order, ...at });
    // A page that moved on by itself took the code along, or it says itself what it wants.
    if (report?.done === 'not-filled' && report.code !== 'page-left')
      return apply(ticket, { t: 'outcome', result: 'more' });
    await perform(ticket, 'watch-outcome');
  },
  async 'send-outcome'(ticket) {
    const { session, text } = ticket.view;
    const result: Result = session.state === 'done' ? (session.result ?? 'cannot-tell') : 'not-filled';
    const local = { code: session.code as Extract<Message<'outcome'>, { t: 'outcome' }>['code'] };
    const message = { v: 1, t: 'outcome', result, ...(session.code ? local : {}), ...(text ? { text } : {}) } as const;
    await send(ticket, 'outcome', pack('outcome', message));
  },
  async close(ticket) {
    const { state } = ticket.view.session;
    const reason = state === 'cancelled' || state === 'denied' ? state : 'failed';
    mailboxes.get(ticket.view.sid)?.close(reason);
  },
};

/** Whether the place that the phone confirmed is still what it was: the document and, around it, the frame. */
async function isStillThere(ticket: Ticket): Promise<boolean> {
  const { view, page } = ticket;
  if (page.url !== undefined) {
    const { url } = await chrome.tabs.get(view.tabId);
    // The window of the browser stands over a page that is not there yet.
    return !url || !/^https?:/.test(url) || new URL(url).origin === view.origin;
  }
  const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
  page.alert = look?.alert ?? '';
  if (look?.mark !== page.mark || look.origin !== formOrigin(ticket)) return false;
  if (view.frame === undefined) return true;
  const top = await lookAt({ tabId: view.tabId });
  return top?.look.origin === view.origin && top.look.frames.includes(view.frame);
}

async function perform(ticket: Ticket, effect: Effect): Promise<void> {
  await DO[effect as keyof typeof DO](ticket);
}

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

/** What of a page is kept with its ticket. */
const pageOf = (page: Page | undefined): Ticket['page'] => ({
  mark: page?.look.mark ?? '',
  title: page?.look.title ?? '',
  alert: page?.look.alert ?? '',
  step: page?.look.step ?? '',
  ...(page?.documentId === undefined ? {} : { documentId: page.documentId }),
});

/** Firefox takes the click's permission away with the document, so there a second page needs the site's own. */
const losesClick = chrome.runtime.getURL('').startsWith('moz-extension:');

/** What the person must allow before this page can be signed in to. */
function needOf(origin: string, look: Look | undefined): Need | undefined {
  if (look?.step === 'name' && losesClick) return { why: 'steps', origin };
  if (look?.step) return undefined;
  if (!look || look.status === 401) return { why: 'basic', origin };
  const [frame] = look.frames;
  return frame === undefined ? undefined : { why: 'frame', origin: frame };
}

/** Goes on with a sign-in that waited for a permission, if it is there. @param given now, for this sign-in alone */
async function goOn(ticket: Ticket, given: boolean): Promise<void> {
  const { view, page } = ticket;
  const { need } = view;
  if (!need || !live(ticket) || !(await chrome.permissions.contains(permissionsFor(need)))) return;
  if (given) ticket.granted = need;
  if (need.why === 'basic') {
    const { url = view.origin, pendingUrl } = await chrome.tabs.get(view.tabId);
    const wanted = pendingUrl ?? url;
    page.url = URL.canParse(wanted) && new URL(wanted).origin === view.origin ? wanted : `${view.origin}/`;
  }
  if (need.why === 'frame') {
    const found = await lookAt({ tabId: view.tabId, frame: need.origin });
    if (!found) return;
    ticket.page = { ...pageOf(found), title: page.title };
    view.frame = need.origin;
    view.formSeen = Boolean(found.look.step);
  }
  delete view.need;
  await save(ticket);
}

/** A permission was given: the sign-ins that waited for it go on. */
export async function permissionsAdded(): Promise<void> {
  for (const ticket of tickets.values()) await goOn(ticket, true);
}

const opening = new Map<number, Promise<Reply>>();

/** The popup wants this tab's sign-in: the one under way, or a new one. Asked twice at once, it is begun once. */
export function open(tabId: number, renew: boolean): Promise<Reply> {
  const begun = opening.get(tabId) ?? beginIn(tabId, renew).finally(() => opening.delete(tabId));
  opening.set(tabId, begun);
  return begun;
}

async function beginIn(tabId: number, renew: boolean): Promise<Reply> {
  const mine = [...tickets.values()].filter(({ view }) => view.tabId === tabId);
  const current = mine.find((ticket) => (live(ticket) ? !isStale(ticket) : justEnded(ticket)));
  if (current && !renew) return { ok: true };
  const page = await lookAt({ tabId });
  const tab = page ? undefined : await chrome.tabs.get(tabId);
  const url = tab?.pendingUrl || tab?.url;
  // Where no extension may look there may be the browser's own window, over a page that has not come yet.
  const origin = page?.look.origin ?? (url && URL.canParse(url) ? new URL(url).origin : '');
  if (!/^https?:\/\//.test(origin)) return { ok: false, code: 'page-forbidden' };
  const code = await takeNext();
  // A code that has just left the screen may still be read by a phone that saw it: it stays joinable.
  for (const ticket of mine) if (!(live(ticket) && isStale(ticket))) await remove(ticket);
  const { sid, drawing, origin: phoneOrigin, ...keys } = code;
  const view: View = {
    sid,
    tabId,
    origin,
    session: newBrowserSession(Date.now()),
    drawing,
    up: null,
    formSeen: Boolean(page?.look.step),
  };
  const need = needOf(origin, page?.look);
  if (need) view.need = need;
  const ticket: Ticket = {
    view,
    mail: newMail(toBase64(randomBytes(32))),
    keys: { ...keys, origin: phoneOrigin },
    page: pageOf(page),
  };
  tickets.set(sid, ticket);
  await save(ticket);
  await goOn(ticket, false);
  await connect(ticket);
  schedule(ticket);
  return { ok: true };
}

/** The person pressed "Cancel" or "Not me". */
export async function cancel(sid: string): Promise<Reply> {
  const ticket = tickets.get(sid);
  if (ticket) await apply(ticket, { t: 'cancel' });
  return { ok: true };
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

async function askCompanion(relay: string) {
  const companion = { relay, phoneOrigin: (await fetchCompanion(relay)).phoneOrigin };
  await storage.writeCompanion(companion);
  return companion;
}

/** Time passed: deadlines are looked at, and what ended long ago is forgotten. */
export async function tick(): Promise<void> {
  for (const ticket of [...tickets.values()]) {
    if (live(ticket)) await apply(ticket, { t: 'tick' });
    else if (Date.now() > (ticket.view.endedAt ?? 0) + KEEP_ENDED_MS) await remove(ticket);
  }
  if (tickets.size === 0) await chrome.alarms.clear(TICK_ALARM);
}

/** A tab was closed. */
export async function tabClosed(tabId: number): Promise<void> {
  for (const ticket of [...tickets.values()]) {
    if (ticket.view.tabId !== tabId) continue;
    if (live(ticket)) await apply(ticket, { t: 'tab-closed' });
    await remove(ticket);
  }
}
