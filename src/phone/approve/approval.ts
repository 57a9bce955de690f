// The sign-in that this phone is asked for: goes through the pure session machine, and does what it asks for.
import { signal } from '@preact/signals';
import { fromBase64, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, type Code as ErrorCode, ScankeyError } from '../../protocol/errors.ts';
import { type Code, linkOf, parseLink, sessionId } from '../../protocol/link.ts';
import { Mailbox, newMail, type Socket, tokenHash } from '../../protocol/mailbox.ts';
import { type Message, pack, requestHash, unpack, WIRE_BYTES } from '../../protocol/messages.ts';
import { levelOf } from '../../protocol/near.ts';
import { LIMITS } from '../../protocol/relay.ts';
import { openResponse, type PhoneEnd, phoneEnd, type Shared } from '../../protocol/seal.ts';
import {
  type CommonEvent,
  type Effect,
  hasEnded,
  newPhoneSession,
  nextTick,
  type PhoneEvent,
  type PhoneSession,
  step,
} from '../../protocol/session.ts';
import { say } from '../state.ts';
import * as storage from '../storage.ts';
import type { Account } from '../vault/document.ts';
import { accounts, isFresh, noteUse, phoneName } from '../vault/open-vault.ts';
import { codeAt } from '../vault/totp.ts';

/** What the screens show of it. */
export interface Approval {
  session: PhoneSession;
  request?: Message<'request'>;
  /** The companion answers. */
  up: boolean;
  /** The site's own words. */
  text?: string;
  /** The site asks for a one-time code: it was sent, the account has none, or the vault has to be opened for it. */
  otp?: 'sent' | 'none' | 'locked';
}

export const approval = signal<Approval | undefined>(undefined);
/** Why a scanned or opened code was not taken up. */
export const rejected = signal<{ code: ErrorCode; origin?: string } | undefined>(undefined);

/** Everything of the running sign-in that no screen needs; replaced as a whole by the next one. */
interface Run {
  code: Code;
  via: 'camera' | 'navigation';
  mailbox?: Mailbox;
  mail: ReturnType<typeof newMail>;
  end?: PhoneEnd;
  publicKey?: Uint8Array<ArrayBuffer>;
  shared?: Pick<Shared, 'encapsulated' | 'response'>;
  sealed: boolean;
  hash?: string;
  /** The packed credential between the tap and the release. */
  answer?: Uint8Array<ArrayBuffer>;
  /** The account that was confirmed, by its id. */
  account?: string;
  timer?: ReturnType<typeof setTimeout>;
}
let run: Run | undefined;

/** Takes up what a camera saw. At the step that asks for it, the same code again is the proof. */
export async function scanned(text: string): Promise<void> {
  let code: Code;
  try {
    code = parseLink(text);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-code') };
    return;
  }
  if (run && approval.value && !hasEnded(approval.value.session) && linkOf(run.code) === linkOf(code)) {
    await apply(run, { t: 'camera' });
    return;
  }
  await begin(code, 'camera');
}

/** Begins with a code. Whatever was under way is cancelled. */
export async function begin(code: Code, via: 'camera' | 'navigation'): Promise<void> {
  rejected.value = undefined;
  if (code.origin !== location.origin) {
    rejected.value = { code: 'other-companion', origin: code.origin };
    return;
  }
  if (run && approval.value && !hasEnded(approval.value.session)) await apply(run, { t: 'cancel' });
  await start({ code, via, mail: newMail(toBase64(randomBytes(32))), sealed: false }, newPhoneSession(Date.now(), via));
}

/** After a reload: goes on with the sign-in that was under way. @returns whether there was one */
export async function resume(): Promise<boolean> {
  const pending = await storage.readPending();
  if (!pending) return false;
  const { link, via, mail, sealed, startedAt, account } = pending;
  const attempt = pending.attempt + (sealed ? 0 : 1);
  if (Date.now() > startedAt + LIMITS.sessionMs || attempt > 3) {
    await storage.dropPending();
    return false;
  }
  const code = parseLink(link);
  // Joining once more with the same token gives the browser's key and the nearness again.
  const session = { ...newPhoneSession(Date.now(), via, attempt), startedAt };
  if (!sealed) await start({ code, via, mail: { ...mail, known: false }, sealed: false }, session);
  else {
    const shared = { encapsulated: fromBase64(sealed.encapsulated), response: fromBase64(sealed.response) };
    const deadline = startedAt + LIMITS.sessionMs;
    const known = account === undefined ? {} : { account };
    await start({ code, via, mail, sealed: true, shared, ...known }, { ...session, state: 'sealed', deadline });
  }
  return true;
}

async function start(next: Run, session: PhoneSession): Promise<void> {
  run?.mailbox?.stop();
  clearTimeout(run?.timer);
  run = next;
  approval.value = { session, up: true };
  if (session.state === 'scanned') await apply(next, { t: 'connect' });
  else await connect(next);
}

async function persist(current: Run): Promise<void> {
  const session = approval.value?.session;
  if (current !== run || !session || hasEnded(session)) return;
  const { code, via, mail, sealed, shared, account } = current;
  const opening = shared && { encapsulated: toBase64(shared.encapsulated), response: toBase64(shared.response) };
  await storage.writePending({
    link: linkOf(code),
    via,
    startedAt: session.startedAt,
    attempt: session.attempt,
    mail,
    sealed: sealed && opening ? opening : null,
    account,
  });
}

async function connect(current: Run): Promise<void> {
  const { code, mail } = current;
  const url = new URL('/v1/relay', code.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const sid = toBase64(await sessionId(code.secret));
  current.mailbox = new Mailbox({
    connect: () => new WebSocket(url) as Socket,
    mail,
    role: 'p',
    introduction: { t: 'join', sid, tokenHash: await tokenHash(mail.token) },
    save: () => persist(current),
    async onJoined({ pk, near }) {
      current.publicKey = fromBase64(pk);
      await apply(current, { t: 'joined', level: levelOf({ near }) });
    },
    onMessage: (n, wire) => receive(current, n, wire),
    onStatus(up) {
      if (current === run && approval.value) approval.value = { ...approval.value, up };
    },
    onGone: ({ code: problem, reason }) => apply(current, { t: 'gone', code: problem, ...(reason ? { reason } : {}) }),
  });
}

async function receive(current: Run, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const shared = current.end?.shared ?? current.shared;
  const before = approval.value;
  if (current !== run || !before) return;
  try {
    if (!shared) throw new ScankeyError('bad-message');
    const plaintext = await openResponse(shared as Shared, n, wire);
    if (wire.length === WIRE_BYTES.request) {
      const request = unpack('request', plaintext);
      current.hash = await requestHash(plaintext);
      approval.value = { ...before, request };
      await apply(current, { t: 'request' });
    } else {
      const word = unpack('outcome', plaintext);
      if (word.t === 'otp-request') return await apply(current, { t: 'otp-wanted' });
      const { result, code, text } = word;
      if (text) approval.value = { ...before, text };
      await apply(current, { t: 'outcome', result, ...(code ? { code } : {}) });
    }
  } catch (error) {
    if (codeOf(error, 'not-opened') !== 'bad-message') throw error;
    await apply(current, { t: 'bad-message' });
  }
}

async function apply(current: Run, event: PhoneEvent | CommonEvent): Promise<void> {
  const before = approval.value;
  if (current !== run || !before) return;
  const { session, effects } = step(before.session, event, Date.now());
  approval.value = { ...before, session };
  if (session.state !== 'holding' && session.state !== 'confirming') delete current.answer;
  for (const effect of effects) {
    try {
      await DO[effect as keyof typeof DO](current);
    } catch (error) {
      await apply(current, { t: 'gone', code: codeOf(error, 'not-opened') });
    }
  }
  clearTimeout(current.timer);
  const now = approval.value?.session ?? session;
  if (hasEnded(now)) {
    await storage.dropPending();
    delete current.end;
    delete current.answer;
  } else current.timer = setTimeout(() => void apply(current, { t: 'tick' }), Math.max(0, nextTick(now) - Date.now()));
}

async function sendAnswer(current: Run, answer: Uint8Array<ArrayBuffer>): Promise<void> {
  const { end, mailbox } = current;
  if (!end || !mailbox) throw new ScankeyError('not-opened');
  await mailbox.send(await end.seal(mailbox.next, answer));
}

const told = (otp: NonNullable<Approval['otp']>): void => {
  if (approval.value) approval.value = { ...approval.value, otp };
};

/** The tap covers the whole sign-in, so its code needs no other; but the vault has to be open for it. */
async function sendOtp(current: Run): Promise<void> {
  if (!isFresh()) return told('locked');
  const account = accounts.value.find(({ id }) => id === current.account);
  const code = account?.totp ? { code: await codeAt(account.totp, Date.now()) } : {};
  await sendAnswer(current, pack('otp', { v: 1, t: 'otp', ...code }));
  told('code' in code ? 'sent' : 'none');
}

/** The vault was opened for the code that a sign-in waits for. */
export async function unlocked(): Promise<void> {
  if (run && approval.value?.otp === 'locked') await sendOtp(run);
}

const DO: Record<
  Extract<Effect, 'join' | 'send-hello' | 'release' | 'send-denied' | 'send-otp' | 'close'>,
  (current: Run) => Promise<void>
> = {
  join: connect,
  async 'send-hello'(current) {
    const { code, publicKey, mailbox } = current;
    const session = approval.value?.session;
    if (!publicKey || !mailbox || !session) return;
    current.end = await phoneEnd(code, publicKey);
    const phone = (phoneName.value || say('defaultPhone')).slice(0, 40);
    const hello = pack('hello', { v: 1, t: 'hello', phone, attempt: session.attempt });
    await mailbox.send(await current.end.seal(mailbox.next, hello));
  },
  async release(current) {
    const { answer, end } = current;
    delete current.answer;
    // The last gate: nothing leaves a vault that has been locked since the tap.
    if (!answer || !end || !isFresh()) throw new ScankeyError('cancelled');
    current.shared = end.shared;
    current.sealed = true;
    await sendAnswer(current, answer);
    answer.fill(0);
    await apply(current, { t: 'sent' });
    // A phone that cannot save this has signed in all the same.
    if (current.account) void noteUse(current.account).catch(() => {});
  },
  async 'send-denied'(current) {
    const reason = approval.value?.session.code === 'digits-wrong' ? 'digits-wrong' : 'declined';
    await sendAnswer(current, pack('answer', { v: 1, t: 'denied', reason }));
  },
  'send-otp': sendOtp,
  async close(current) {
    const { state } = approval.value?.session ?? { state: 'failed' };
    current.mailbox?.close(state === 'cancelled' || state === 'done' ? state : 'failed');
  },
};

/**
 * The person's tap: binds `account` to the very request that was shown.
 * @throws ScankeyError `too-large` when the account does not fit a message, `out-of-order` when a step is missing
 */
export async function approve(account: Account): Promise<void> {
  const { request, session } = approval.value ?? {};
  const current = run;
  if (!current?.hash || !request || !session || !isFresh()) throw new ScankeyError('out-of-order');
  // The code of this very moment, and only where the form asks for one.
  const otp =
    account.totp && (request.otp || request.kind === 'otp') ? await codeAt(account.totp, Date.now()) : undefined;
  const codeOnly = request.kind === 'otp';
  const answer = pack('answer', {
    v: 1,
    t: 'credential',
    request: current.hash,
    frameOrigin: request.frameOrigin,
    username: codeOnly ? '' : account.username,
    password: codeOnly ? '' : account.password,
    ...(request.extra && account.tenant ? { extra: account.tenant } : {}),
    ...(otp === undefined ? {} : { otp }),
  });
  if (step(session, { t: 'approve', guard: account.guard }, Date.now()).refused) throw new ScankeyError('out-of-order');
  current.answer = answer;
  current.account = account.id;
  await apply(current, { t: 'approve', guard: account.guard });
}

/** Six digits as typed; right ones are those that this phone's own handshake gave. */
export async function typeDigits(typed: string): Promise<void> {
  const digits = run?.end?.shared.digits;
  if (run && digits) await apply(run, { t: 'digits', right: typed.replace(/\D/g, '') === digits });
}

export async function decline(): Promise<void> {
  if (run) await apply(run, approval.value?.request ? { t: 'decline' } : { t: 'cancel' });
}

/** The vault was locked or the page hidden: a running hold stops. */
export async function interrupt(): Promise<void> {
  if (run && approval.value?.session.state === 'holding') await apply(run, { t: 'interrupt' });
}

/** The person has read how it ended. */
export function dismiss(): void {
  run?.mailbox?.stop();
  clearTimeout(run?.timer);
  run = undefined;
  approval.value = undefined;
}
