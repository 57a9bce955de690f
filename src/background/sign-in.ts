// The sign-ins of this browser: one ticket each. Events go through the pure session machine; what it asks for is done
// here. A ticket is saved before anything leaves, so the worker may die between any two lines.
import bowser from 'bowser';
import browser from 'webextension-polyfill';
import type { Reply } from '../extension/messages.ts';
import type { FillOrder, Look } from '../extension/page-api.ts';
import { permissionsFor } from '../extension/permissions.ts';
import { relayUrl, type Socket } from '../protocol/connection.ts';
import { fromBase64, toBase64 } from '../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../protocol/errors.ts';
import { Mailbox, tokenHash } from '../protocol/mailbox.ts';
import { type Message, pack, requestHash, unpack, WIRE_BYTES } from '../protocol/messages.ts';
import {
  type BrowserEnd,
  browserEnd,
  type Opening,
  openFrom,
  openingOf,
  openingOfPairing,
  sealFrom,
} from '../protocol/seal.ts';
import {
  type BrowserEvent,
  type CommonEvent,
  type Effect,
  hasEnded,
  nextTick,
  type Result,
  step,
} from '../protocol/session/session.ts';
import * as automatic from './automatic.ts';
import { answerChallenge } from './http-auth.ts';
import { fill, leavesFor, lookAgain, lookAt, type Page, type Place, submitProof } from './page.ts';
import { addPhone, forgetPhone, stepOn } from './paired-phones.ts';
import { readPairing } from './pairing-store.ts';
import * as typed from './save-offer.ts';
import * as halves from './split-key.ts';
import { deliver, watch } from './steps.ts';
import type { SignInRecord } from './storage.ts';
import * as storage from './storage.ts';

type Credential = Extract<Message<'answer'>, { t: 'credential' }>;
const TICK_ALARM = 'tick';
/** An ended ticket stays for the popup to show, and for its last message to leave. */
const KEEP_ENDED_MS = 120_000;

export const tickets = new Map<string, SignInRecord>();
const mailboxes = new Map<string, Mailbox>();
/** Opened ends and credentials: this worker's memory and nowhere else. */
const ends = new Map<string, BrowserEnd>();
const credentials = new Map<string, Credential>();
const codes = new Map<string, string>();
/** Proofs of identity, on their way to a companion's own page. */
const proofs = new Map<string, string>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

export const live = (ticket: SignInRecord): boolean => !hasEnded(ticket.view.session);
const placeOf = ({ view }: SignInRecord): Place => ({ tabId: view.tabId, frame: view.frame });
/** The origin whose form is filled: the page's own, or that of the frame that the person allowed. */
const formOrigin = ({ view }: SignInRecord): string => view.frame ?? view.origin;
/** An ended sign-in that still has something to say or to hear. */
const isTalking = ({ mail, parting }: SignInRecord): boolean => mail.outbox.length > 0 || parting !== undefined;

/** Loads what a former life of this worker left, and goes on with it. Awaited by everything else. */
export const ready: Promise<void> = (async () => {
  for (const ticket of await storage.readSignIns()) tickets.set(ticket.view.sid, ticket);
  for (const ticket of tickets.values()) {
    if (live(ticket)) await apply(ticket, { t: 'restarted' });
    if ((live(ticket) || isTalking(ticket)) && !mailboxes.has(ticket.view.sid)) await connect(ticket);
  }
})();

/** Saves a ticket; ended ones lose their secrets, and let go of the relay once their last message is kept there. */
export async function save(ticket: SignInRecord): Promise<void> {
  if (tickets.get(ticket.view.sid) !== ticket) return;
  await storage.writeSignIn(ticket);
  if (!ticket.keys && !isTalking(ticket)) mailboxes.get(ticket.view.sid)?.stop();
}

/** @returns undefined when the ticket was removed meanwhile: what is not wanted any more is not opened */
export async function connect(ticket: SignInRecord): Promise<Mailbox | undefined> {
  const { view, mail, keys, call } = ticket;
  const { sid } = view;
  const { relay } = await storage.readCompanion();
  const hash = await tokenHash(mail.token);
  if (tickets.get(sid) !== ticket) return undefined;
  const rings = call && { call: { box: call.box, time: call.time, proof: call.proof } };
  const mailbox = new Mailbox({
    connect: () => new WebSocket(relayUrl(relay)) as Socket,
    mail,
    role: 'b',
    introduction: { t: 'open', sid, pk: keys?.publicKey ?? '', tokenHash: hash, ...rings },
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
      delete ticket.parting;
      if (view.pairing !== 'kept') delete view.pairing;
      // The phone has ended the link, knows it no more, or has seen a copy of it.
      if (call && (OVER.includes(code) || reason === 'stale' || reason === 'suspended')) await forgetPhone(call.link);
      if (!live(ticket)) return save(ticket);
      await apply(ticket, { t: 'gone', code, ...(reason ? { reason } : {}) });
    },
  });
  mailboxes.set(sid, mailbox);
  return mailbox;
}

const OVER: readonly string[] = ['link-ended', 'link-suspended'];

/** Once a phone has taken up one sign-in of a tab, its codes and calls are void. */
async function dropRivals(winner: SignInRecord): Promise<void> {
  for (const ticket of tickets.values())
    if (ticket !== winner && ticket.view.tabId === winner.view.tabId && ticket.view.session.state === 'created')
      await remove(ticket);
}

export async function remove(ticket: SignInRecord): Promise<void> {
  const { sid } = ticket.view;
  if (live(ticket)) await giveBack(ticket);
  mailboxes.get(sid)?.close('cancelled');
  for (const map of [tickets, mailboxes, ends, credentials, codes, proofs]) map.delete(sid);
  clearTimeout(timers.get(sid));
  await storage.dropSignIn(sid);
}

/** Runs one event through the machine, saves, then does what it asks for. */
export async function apply(ticket: SignInRecord, event: BrowserEvent | CommonEvent, text?: string): Promise<void> {
  const { view } = ticket;
  const { session, effects } = step(view.session, event, Date.now());
  view.session = session;
  if (text) view.text = text;
  if (hasEnded(session)) {
    view.endedAt ??= Date.now();
    // Before the phone hears how it went, so that its answer finds it.
    await offerRemembering(ticket);
  }
  await save(ticket);
  for (const effect of effects) await perform(ticket, effect);
  if (live(ticket)) schedule(ticket);
  else await settle(ticket);
}

/** Forgets the secrets of an ended sign-in. */
async function settle(ticket: SignInRecord): Promise<void> {
  const { sid } = ticket.view;
  credentials.delete(sid);
  codes.delete(sid);
  proofs.delete(sid);
  clearTimeout(timers.get(sid));
  if (!ticket.keys) return;
  await giveBack(ticket);
  ends.delete(sid);
  ticket.keys = null;
  delete ticket.hello;
  await save(ticket);
  const { origin, session, tabId } = ticket.view;
  await automatic.note(origin, session, tabId, ticket.automatic ?? false);
}

/** A permission that was given for one sign-in ends with it, or with the next code of the same tab. */
async function giveBack({ granted, view }: SignInRecord): Promise<void> {
  if (!granted) return;
  const heir = [...tickets.values()].find((one) => one.view !== view && one.view.tabId === view.tabId && live(one));
  // What the person gave for good stays.
  const lasting = await automatic.covers(granted.origin);
  if (!heir && !lasting) await browser.permissions.remove(permissionsFor(granted)).catch(() => false);
  else if (heir) {
    heir.granted = granted;
    await save(heir);
  }
}

export function schedule(ticket: SignInRecord): void {
  const { sid, session } = ticket.view;
  clearTimeout(timers.get(sid));
  timers.set(
    sid,
    setTimeout(() => void apply(ticket, { t: 'tick' }), Math.max(0, nextTick(session) - Date.now())),
  );
  void browser.alarms.create(TICK_ALARM, { periodInMinutes: 0.5 });
}

/** What this sign-in is opened with: its code's secret, or the key of the phone that was called. */
async function openingFor({ view, call }: SignInRecord, keys: NonNullable<SignInRecord['keys']>): Promise<Opening> {
  const { secret, origin } = keys;
  return call
    ? openingOfPairing(origin, fromBase64(call.link), fromBase64(view.sid), fromBase64(secret))
    : openingOf({ origin, secret: fromBase64(secret) });
}

/** The browser's end of the conversation, opened again from the stored hello if this worker is a new one. */
async function endOf(ticket: SignInRecord): Promise<BrowserEnd | undefined> {
  const { keys, hello } = ticket;
  const known = ends.get(ticket.view.sid);
  if (known || !keys || !hello) return known;
  const pair = { seed: fromBase64(keys.seed), publicKey: fromBase64(keys.publicKey) };
  const { end } = await browserEnd(pair, await openingFor(ticket, keys), hello.n, fromBase64(hello.m));
  ends.set(ticket.view.sid, end);
  return end;
}

/** Takes one sealed message; resolves when the relay may forget it. */
async function receive(ticket: SignInRecord, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    if (!live(ticket)) return await hearParting(ticket, n, wire);
    if (wire.length === WIRE_BYTES.hello) await receiveHello(ticket, n, wire);
    else if (wire.length === WIRE_BYTES.answer) await receiveAnswer(ticket, n, wire);
    else if (wire.length === WIRE_BYTES.followUp) await receiveWord(ticket, n, wire);
    else throw new ScankeyError('bad-message');
  } catch (error) {
    if (codeOf(error, 'not-opened') !== 'bad-message') throw error;
    await apply(ticket, { t: 'bad-message' });
  }
}

async function receiveHello(ticket: SignInRecord, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const { view, keys } = ticket;
  if (!keys) return;
  const pair = { seed: fromBase64(keys.seed), publicKey: fromBase64(keys.publicKey) };
  const { end, first } = await browserEnd(pair, await openingFor(ticket, keys), n, wire);
  const hello = unpack('hello', first);
  const { state, attempt } = view.session;
  // A worker that died between taking the hello and asking takes it up where it stopped.
  const again = state === 'requested' && hello.attempt === attempt && ticket.asked?.attempt !== attempt;
  if (!again && step(view.session, { t: 'hello', attempt: hello.attempt }, Date.now()).refused) return;
  if (ticket.call && !(await stepOn(ticket.call.link, view.sid, end.shared.pairing, hello))) return;
  ends.set(view.sid, end);
  ticket.hello = { n, m: toBase64(wire) };
  view.phone = hello.phone;
  view.digits = end.shared.digits;
  if (again) await perform(ticket, 'send-request');
  else await apply(ticket, { t: 'hello', attempt: hello.attempt });
}

async function receiveAnswer(ticket: SignInRecord, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = await endOf(ticket);
  if (!end) throw new ScankeyError('bad-message');
  const answer = unpack('answer', await end.open(n, wire));
  if (answer.t === 'denied')
    return apply(ticket, { t: 'denied', ...(answer.reason === 'digits-wrong' ? { code: answer.reason } : {}) });
  if (answer.request !== ticket.asked?.hash) throw new ScankeyError('bad-message');
  const saves = ticket.view.purpose === 'save';
  if (saves !== (answer.t === 'saved')) throw new ScankeyError('bad-message');
  if (answer.t === 'saved') {
    await typed.drop(ticket.view.tabId);
    return apply(ticket, { t: 'saved' });
  }
  if ((ticket.view.purpose === 'identity') !== (answer.t === 'identity')) throw new ScankeyError('bad-message');
  if (answer.t === 'identity') {
    const { key, signature } = answer;
    proofs.set(ticket.view.sid, JSON.stringify({ key, signature }));
    return apply(ticket, { t: 'credential' });
  }
  if (answer.frameOrigin !== formOrigin(ticket)) throw new ScankeyError('bad-message');
  credentials.set(ticket.view.sid, answer);
  ticket.view.account = answer.username;
  return apply(ticket, { t: 'credential' });
}

async function receiveWord(ticket: SignInRecord, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = await endOf(ticket);
  if (!end) throw new ScankeyError('bad-message');
  const word = unpack('followUp', await openFrom('p', end.shared, n, wire));
  // Remembering is spoken of after the sign-in; the phone has not heard of its end yet.
  if (word.t === 'remember') return;
  if (word.code === undefined) return apply(ticket, { t: 'no-otp' });
  codes.set(ticket.view.sid, word.code);
  return apply(ticket, { t: 'otp' });
}

/** After a sign-in by code that went well, outside of private windows, the two may remember each other. */
async function offerRemembering(ticket: SignInRecord): Promise<void> {
  const { view, call } = ticket;
  const { state, result } = view.session;
  if (call || view.incognito || state !== 'done' || result === 'refused') return;
  const shared = (await endOf(ticket))?.shared;
  if (!shared) return;
  const { encapsulated, response, pairing } = shared;
  ticket.parting = { encapsulated: toBase64(encapsulated), response: toBase64(response), first: toBase64(pairing) };
  view.pairing = 'offered';
}

/** The phone's word on remembering, once the sign-in is over. */
async function hearParting(ticket: SignInRecord, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const { parting, view } = ticket;
  if (!parting || wire.length !== WIRE_BYTES.followUp) return;
  const shared = { encapsulated: fromBase64(parting.encapsulated), response: fromBase64(parting.response) };
  const word = unpack('followUp', await openFrom('p', shared, n, wire));
  if (word.t !== 'remember') return;
  if (!word.yes) view.pairing = 'declined';
  else if (view.pairing === 'said') return keep(ticket, word.phone ?? '');
  else {
    view.pairing = 'asked';
    ticket.installation = word.phone ?? '';
  }
  await save(ticket);
}

/** The person's word on remembering the phone. */
export async function remember(sid: string, yes: boolean): Promise<void> {
  const ticket = tickets.get(sid);
  const { parting, view } = ticket ?? {};
  if (!ticket || !parting || !view) return;
  const shared = { encapsulated: fromBase64(parting.encapsulated), response: fromBase64(parting.response) };
  const mailbox = mailboxes.get(sid) ?? (await connect(ticket));
  if (!mailbox) return;
  const word = pack('outcome', { v: 1, t: 'remember', yes });
  await mailbox.send(await sealFrom('b', shared, mailbox.next, word));
  if (yes && view.pairing === 'asked') return keep(ticket, ticket.installation ?? '');
  view.pairing = yes ? 'said' : 'declined';
  if (!yes) delete ticket.parting;
  await save(ticket);
}

/** Both have said yes. */
async function keep(ticket: SignInRecord, installation: string): Promise<void> {
  const { view, parting } = ticket;
  if (!parting) return;
  await addPhone(fromBase64(parting.first), view.phone ?? '', installation);
  view.pairing = 'kept';
  delete ticket.parting;
  await save(ticket);
}

async function send(
  ticket: SignInRecord,
  kind: 'request' | 'outcome',
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const end = await endOf(ticket);
  const mailbox = mailboxes.get(ticket.view.sid) ?? (await connect(ticket));
  if (!end || !mailbox) return;
  const wire = await sealFrom('b', end.shared, mailbox.next, plaintext);
  if (wire.length !== WIRE_BYTES[kind]) throw new ScankeyError('too-large');
  await mailbox.send(wire);
}

const DO: Record<
  Exclude<Effect, 'join' | 'send-hello' | 'release' | 'send-denied' | 'send-otp' | 'part'>,
  (ticket: SignInRecord) => Promise<void>
> = {
  async 'send-request'(ticket) {
    const { view, page } = ticket;
    const { browser, os } = bowser.parse(navigator.userAgent);
    // The form may have come, or changed, since the code was drawn.
    const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
    if (look) Object.assign(page, { step: look.step, sets: look.sets, rules: look.rules, name: look.name });
    const asked = await askedOf(ticket, look);
    if (!asked) return apply(ticket, { t: 'cancel' });
    const plaintext = pack('request', {
      v: 1,
      t: 'request',
      topOrigin: view.origin,
      frameOrigin: formOrigin(ticket),
      title: page.title,
      browser: `${browser.name ?? 'Browser'} ${browser.version?.split('.')[0] ?? ''}`.trim().slice(0, 40),
      os: (os.name ?? '').slice(0, 40),
      ...asked,
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
    if (view.purpose === 'identity') return handIn(ticket);
    const credential = credentials.get(view.sid);
    credentials.delete(view.sid);
    if (!credential) return;
    const { username, password, extra = '', otp = '', current = '' } = credential;
    if (ticket.keep && credential.kept)
      await halves.keep(formOrigin(ticket), ticket.keep, { username, password, extra });
    delete ticket.keep;
    if (page.url !== undefined) {
      const result = await answerChallenge(view.tabId, page.url, { username, password });
      if (result === 'not-filled') return apply(ticket, { t: 'not-filled', code: 'no-form' });
      await apply(ticket, { t: 'filled' });
      return apply(ticket, { t: 'outcome', result });
    }
    const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
    if (!look) return apply(ticket, { t: 'not-filled', code: 'page-left' });
    if (view.purpose === 'new') return giveNew(ticket, { username, password, extra, otp, current });
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
    if (page.url !== undefined || view.purpose === 'new' || view.purpose === 'identity') return;
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

/** What is asked of the phone, by what the page shows; undefined when what was to be saved is gone. */
async function askedOf(ticket: SignInRecord, look: Look | undefined) {
  const { view, page, call } = ticket;
  const newest = call && (await readPairing(call.link))?.rev;
  const witness = newest === undefined ? {} : { newest };
  if (view.purpose === 'save') {
    const what = typed.peek(view.tabId);
    return what && ({ kind: 'save', ...what, ...witness } as const);
  }
  if (page.url !== undefined) return { kind: 'basic', ...witness } as const;
  if (look?.sets) {
    view.purpose = 'new';
    const saves = look.sets;
    return { kind: 'new', saves, rules: look.rules, username: look.name, ...witness } as const;
  }
  // Only the companion in force, whose page the phone knows, is asked for a proof.
  if (look?.signIn && view.origin === (await storage.readCompanion()).phoneOrigin) {
    view.purpose = 'identity';
    return { kind: 'identity', signIn: look.signIn, ...witness } as const;
  }
  const kind: 'otp' | 'password' = look?.step === 'code' ? 'otp' : 'password';
  const { keep } = ticket;
  return {
    kind,
    otp: look?.otp ?? false,
    extra: look?.extra ?? false,
    ...witness,
    ...(keep ? { keep: keep.provider } : {}),
  };
}

/** Hands a proof of identity to the companion's sign-in page, which goes on to the site with it. */
async function handIn(ticket: SignInRecord): Promise<void> {
  const { view, page } = ticket;
  const proof = proofs.get(view.sid);
  proofs.delete(view.sid);
  if (proof === undefined) return;
  const target = { tabId: view.tabId, documentId: page.documentId };
  if (!(await submitProof(target, proof))) return apply(ticket, { t: 'not-filled', code: 'no-form' });
  await apply(ticket, { t: 'filled' });
  void leavesFor(target).then((alert) =>
    apply(
      ticket,
      { t: 'outcome', result: alert === undefined ? 'signed-in' : alert ? 'refused' : 'cannot-tell' },
      alert,
    ),
  );
}

/** Puts a new password where the page sets one; the person looks at it and sends it. */
async function giveNew(ticket: SignInRecord, given: Omit<FillOrder, 'mark' | 'origin' | 'frame'>): Promise<void> {
  const { view, page } = ticket;
  const order = {
    ...given,
    newPassword: true,
    mark: page.mark,
    origin: formOrigin(ticket),
    frame: view.frame !== undefined,
  };
  const report = await fill({ tabId: view.tabId, documentId: page.documentId }, order);
  if (report?.done !== 'filled') return apply(ticket, { t: 'not-filled', code: report?.code ?? 'page-left' });
  await apply(ticket, { t: 'filled' });
  await apply(ticket, { t: 'outcome', result: 'entered' });
}

/** Whether the place that the phone confirmed is still what it was: the document and, around it, the frame. */
async function isStillThere(ticket: SignInRecord): Promise<boolean> {
  const { view, page } = ticket;
  if (page.url !== undefined) {
    const { url } = await browser.tabs.get(view.tabId);
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

async function perform(ticket: SignInRecord, effect: Effect): Promise<void> {
  await DO[effect as keyof typeof DO](ticket);
}

/** What of a page is kept with its ticket. */
export const pageOf = (page: Page | undefined): SignInRecord['page'] => ({
  mark: page?.look.mark ?? '',
  title: page?.look.title ?? '',
  alert: page?.look.alert ?? '',
  step: page?.look.step ?? '',
  sets: page?.look.sets ?? '',
  ...(page?.documentId === undefined ? {} : { documentId: page.documentId }),
});

/** The person pressed "Cancel" or "Not me". */
export async function cancel(sid: string): Promise<Reply> {
  const ticket = tickets.get(sid);
  if (ticket) await apply(ticket, { t: 'cancel' });
  return { ok: true };
}

/** What a tab was waiting for, before a phone has released anything, is not wanted any more. */
export async function giveUp(tabId: number): Promise<void> {
  for (const ticket of [...tickets.values()]) {
    const waits = ['created', 'joined', 'requested'].includes(ticket.view.session.state);
    if (ticket.view.tabId === tabId && waits) await apply(ticket, { t: 'cancel' });
  }
}

/** Time passed: deadlines are looked at, and what ended long ago is forgotten. */
export async function tick(): Promise<void> {
  for (const ticket of [...tickets.values()]) {
    if (live(ticket)) await apply(ticket, { t: 'tick' });
    else if (Date.now() > (ticket.view.endedAt ?? 0) + KEEP_ENDED_MS) await remove(ticket);
  }
  if (tickets.size === 0) await browser.alarms.clear(TICK_ALARM);
}

/** A tab was closed. */
export async function tabClosed(tabId: number): Promise<void> {
  for (const ticket of [...tickets.values()]) {
    if (ticket.view.tabId !== tabId) continue;
    if (live(ticket)) await apply(ticket, { t: 'tab-closed' });
    await remove(ticket);
  }
  await typed.drop(tabId);
}
