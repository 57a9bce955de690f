// The sign-in that this phone is asked for: goes through the pure session machine, and does what it asks for.
import { signal } from '@preact/signals';
import { relayUrl, type Socket } from '../../protocol/connection.ts';
import { fromBase64, randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, type Code as ErrorCode, ScankeyError } from '../../protocol/errors.ts';
import { Mailbox, newMail, tokenHash } from '../../protocol/mailbox.ts';
import { type Message, pack, requestHash, unpack, WIRE_BYTES } from '../../protocol/messages.ts';
import { formatQrLink, parseQrLink, type QrLink, sessionId } from '../../protocol/qr-link.ts';
import { LIMITS } from '../../protocol/relay.ts';
import { type Keyring, openFrom, openingOf, type PhoneEnd, phoneEnd, sealFrom } from '../../protocol/seal.ts';
import {
  type CommonEvent,
  type Effect,
  hasEnded,
  newPhoneSession,
  nextTick,
  type PhoneEvent,
  type PhoneSession,
  step,
} from '../../protocol/session/session.ts';
import {
  addComputer,
  type Call,
  confirmComputer,
  loadComputers,
  removeComputer,
  takeCall,
  takeRequest,
} from '../pairing/computers.ts';
import { endLink, quiet, takeUp } from '../pairing/requests.ts';
import { say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import * as storage from '../shell/storage.ts';
import type { Change } from '../vault/accounts.ts';
import { type Account, newAccount, replaced } from '../vault/document.ts';
import { undone } from '../vault/edits.ts';
import { codeAt } from '../vault/totp.ts';
import { accounts, current as currentVault, isFresh, isUnlocked, phoneName } from '../vault/vault.ts';
import { proveByApp, proveByVault, readSignIn, type SignInShown } from './prove-identity.ts';

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
  /** The remembered computer that calls. */
  computer?: { id: string; name: string };
  /** The computer has seen a newer revision of this vault than this phone has: it was set back (R52). */
  setBack?: boolean;
  /** What an identity is asked for, as the companion says; or why it cannot be said. */
  signIn?: SignInShown | { code: ErrorCode };
  /** How far the two have come with remembering each other, after a sign-in by code. */
  remembering?: 'offered' | 'asked' | 'said' | 'kept' | 'declined';
}

/** How long a copy may take to give itself away. */
const PROBE_MS = 20_000;

export const approval = signal<Approval | undefined>(undefined);
/** Why a scanned or opened code was not taken up. */
/** A copied browser was found out: its link is suspended. */
export const alarmed = signal<string | undefined>(undefined);
export const rejected = signal<{ code: ErrorCode; origin?: string } | undefined>(undefined);

/** Everything of the running sign-in that no screen needs; replaced as a whole by the next one. */
interface Run {
  /** Session id, base64url. */
  sid: string;
  /** What was scanned; a call has none. */
  code?: QrLink;
  call?: Call;
  via: 'camera' | 'navigation' | 'call';
  mailbox?: Mailbox;
  mail: ReturnType<typeof newMail>;
  end?: PhoneEnd;
  publicKey?: Uint8Array<ArrayBuffer>;
  shared?: Keyring;
  /** The key that a link would begin with, and the link once this side has said yes. */
  first?: Uint8Array<ArrayBuffer>;
  link?: string;
  /** The companion knows who this is, from the provider whose app this page is in. */
  known?: boolean;
  /** A copy is being tried out: nobody is asked anything. */
  probing?: boolean;
  sealed: boolean;
  hash?: string;
  /** The packed credential between the tap and the release. */
  answer?: Uint8Array<ArrayBuffer>;
  /** The account that was confirmed, by its id. */
  account?: string;
  /** What is put into the vault as the answer leaves. */
  change?: { id: string; fn: (account: Account | undefined) => Account };
  /** What that did, to take it back. */
  changed?: Change;
  timer?: ReturnType<typeof setTimeout>;
}
let run: Run | undefined;

/** Takes up what a camera saw. At the step that asks for it, the same code again is the proof. */
export async function scanned(text: string): Promise<void> {
  let code: QrLink;
  try {
    code = parseQrLink(text);
  } catch (error) {
    rejected.value = { code: codeOf(error, 'not-a-code') };
    return;
  }
  if (
    run &&
    approval.value &&
    !hasEnded(approval.value.session) &&
    run.code &&
    formatQrLink(run.code) === formatQrLink(code)
  ) {
    await apply(run, { t: 'camera' });
    return;
  }
  await begin(code, 'camera');
}

/** Begins with a code. Whatever was under way is cancelled. @param known inside an app, its provider has said who this is */
export async function begin(code: QrLink, via: 'camera' | 'navigation', known = false): Promise<void> {
  rejected.value = undefined;
  if (code.origin !== location.origin) {
    rejected.value = { code: 'other-companion', origin: code.origin };
    return;
  }
  if (run && approval.value && !hasEnded(approval.value.session)) await apply(run, { t: 'cancel' });
  const sid = toBase64(await sessionId(code.secret));
  await start(
    { sid, code, via, mail: newMail(toBase64(randomBytes(32))), sealed: false, ...(known ? { known } : {}) },
    newPhoneSession(Date.now(), via),
  );
}

/** Takes up the call of a remembered computer. Whatever was under way is cancelled. */
export async function beginCall(call: Call): Promise<void> {
  // A second one would join as another phone, and stop the first, which may be trying out a copy without anything to see.
  if (!takeUp(call)) return;
  rejected.value = undefined;
  if (run && approval.value && !hasEnded(approval.value.session)) await apply(run, { t: 'cancel' });
  const mail = newMail(toBase64(randomBytes(32)));
  await start({ sid: call.sid, call, via: 'call', mail, sealed: false }, newPhoneSession(Date.now(), 'call'));
}

/** After a reload: goes on with the sign-in that was under way. @returns whether there was one */
export async function resume(): Promise<boolean> {
  const pending = await storage.readPending();
  if (!pending) return false;
  const { sid, link, via, mail, sealed, startedAt, account } = pending;
  const attempt = pending.attempt + (sealed ? 0 : 1);
  if (Date.now() > startedAt + LIMITS.sessionMs || attempt > 3) {
    await storage.dropPending();
    return false;
  }
  const origin = link === undefined ? {} : { code: parseQrLink(link) };
  // Joining once more with the same token gives the browser's key and the nearness again.
  const session = { ...newPhoneSession(Date.now(), via, attempt), startedAt };
  if (!sealed) await start({ sid, ...origin, via, mail: { ...mail, known: false }, sealed: false }, session);
  else {
    const shared = { encapsulated: fromBase64(sealed.encapsulated), response: fromBase64(sealed.response) };
    const deadline = startedAt + LIMITS.sessionMs;
    const known = account === undefined ? {} : { account };
    await start(
      { sid, ...origin, via, mail, sealed: true, shared, ...known },
      { ...session, state: 'sealed', deadline },
    );
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
  const { sid, code, via, mail, sealed, shared, account } = current;
  // The key of a call's answer is gone with the page: the computer calls again.
  if (!code && !sealed) return;
  const opening = shared && { encapsulated: toBase64(shared.encapsulated), response: toBase64(shared.response) };
  await storage.writePending({
    sid,
    ...(code ? { link: formatQrLink(code) } : {}),
    via,
    startedAt: session.startedAt,
    attempt: session.attempt,
    mail,
    sealed: sealed && opening ? opening : null,
    account,
  });
}

async function connect(current: Run): Promise<void> {
  const { sid, mail } = current;
  current.mailbox = new Mailbox({
    connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
    mail,
    role: 'p',
    introduction: { t: 'join', sid, tokenHash: await tokenHash(mail.token) },
    save: () => persist(current),
    async onJoined({ pk, near }) {
      current.publicKey = fromBase64(pk);
      try {
        if (current.call && !(await answerCall(current, current.call))) return;
      } catch (error) {
        return apply(current, { t: 'gone', code: codeOf(error, 'not-opened') });
      }
      await apply(current, { t: 'joined', near });
    },
    onMessage: (n, wire) => receive(current, n, wire),
    onStatus(up) {
      if (current === run && approval.value) approval.value = { ...approval.value, up };
    },
    async onGone({ code: problem, reason }) {
      const { remembering } = approval.value ?? {};
      if (current === run && remembering && remembering !== 'kept') show({ remembering: 'declined' });
      await apply(current, { t: 'gone', code: problem, ...(reason ? { reason } : {}) });
    },
  });
}

const show = (change: Partial<Approval>): void => {
  if (approval.value) approval.value = { ...approval.value, ...change };
};
const tell = (signIn: NonNullable<Approval['signIn']>): void => show({ signIn });

/** Whose call it is, and what that leads to. @returns whether the person is to be asked */
async function answerCall(current: Run, call: Call): Promise<boolean> {
  const { mailbox, publicKey } = current;
  if (!mailbox || !publicKey) return false;
  const answer = await takeCall(call, publicKey);
  if (answer.act === 'main') {
    current.end = answer.end;
    current.link = answer.computer.id;
    show({ computer: { id: answer.computer.id, name: answer.computer.name } });
    return true;
  }
  // Nothing of this is for the person: a copy that calls, a call that was answered already, a computer that is not known.
  approval.value = undefined;
  if (answer.act !== 'probe') {
    const reason = { repeated: 'done', stale: 'stale', full: 'stale', suspended: 'suspended' } as const;
    mailbox.close(reason[answer.act]);
    return false;
  }
  current.probing = true;
  current.end = answer.end;
  current.link = answer.computer.id;
  await mailbox.send(await answer.end.seal(mailbox.next, pack('hello', await helloOf(1, true))));
  current.timer = setTimeout(() => mailbox.close('failed'), PROBE_MS);
  return false;
}

/** A copy, or what was copied, has opened an answer under a key that it should not have any more. */
async function raiseAlarm({ link, mailbox }: Run): Promise<void> {
  mailbox?.close('suspended');
  approval.value = undefined;
  await loadComputers();
  if (!link) return;
  alarmed.value = link;
  await endLink(link, 'suspended');
}

async function receive(current: Run, n: number, wire: Uint8Array<ArrayBuffer>): Promise<void> {
  const shared = current.end?.shared ?? current.shared;
  if (current !== run || !(approval.value || current.probing)) return;
  try {
    if (!shared) throw new ScankeyError('bad-message');
    const plaintext = await openFrom('b', shared, n, wire);
    if (wire.length === WIRE_BYTES.request) {
      const request = unpack('request', plaintext);
      if (current.link && (await takeRequest(current.link, current.sid)) === 'alarm') return await raiseAlarm(current);
      if (current.probing) return;
      // A typed password comes from a remembered computer or not at all, and whoever was scanned asks for no saving.
      if (request.kind === 'save' && !current.call) throw new ScankeyError('bad-message');
      current.hash = await requestHash(plaintext);
      const rev = currentVault()?.header.rev ?? 0;
      if (request.kind === 'identity')
        void readSignIn(request.signIn ?? '').then(tell, (error) => tell({ code: codeOf(error, 'unreachable') }));
      show({ request, ...(request.newest !== undefined && request.newest > rev ? { setBack: true } : {}) });
      await apply(current, { t: 'request' });
    } else {
      const word = unpack('outcome', plaintext);
      if (word.t === 'otp-request') return await apply(current, { t: 'otp-wanted' });
      if (word.t === 'remember') return await hearRemember(current, word.yes);
      const { result, code, text } = word;
      if (text) show({ text });
      if (result === 'not-filled') await takeBack(current);
      await apply(current, { t: 'outcome', result, ...(code ? { code } : {}) });
    }
  } catch (error) {
    const code = codeOf(error, 'not-opened');
    await apply(current, code === 'bad-message' ? { t: code } : { t: 'gone', code });
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

/** What the phone says after its answer needs no more than what a reload leaves. */
async function sendWord({ shared, mailbox }: Run, word: Message<'followUp'>): Promise<void> {
  if (!shared || !mailbox) throw new ScankeyError('not-opened');
  await mailbox.send(await sealFrom('p', shared, mailbox.next, pack('followUp', word)));
}

const told = (otp: NonNullable<Approval['otp']>): void => show({ otp });

/** Name and, to a remembered computer, how far the vault has come: it keeps that as a witness. */
async function helloOf(attempt: number, remembered: boolean): Promise<Message<'hello'>> {
  const phone = (phoneName.value || say('defaultPhone')).slice(0, 40);
  const { header } = currentVault() ?? {};
  const witness = remembered && header ? { vault: header.vault.slice(0, 11), rev: header.rev } : {};
  return { v: 1, t: 'hello', phone, attempt, ...witness };
}

/** The tap covers the whole sign-in, so its code needs no other; but the vault has to be open for it. */
async function sendOtp(current: Run): Promise<void> {
  if (!isFresh()) return told('locked');
  const account = accounts.value.find(({ id }) => id === current.account);
  const code = account?.totp ? { code: await codeAt(account.totp, Date.now()) } : {};
  await sendWord(current, { v: 1, t: 'otp', ...code });
  told('code' in code ? 'sent' : 'none');
}

/** The vault was opened for the code that a sign-in waits for. */
export async function unlocked(): Promise<void> {
  if (run && approval.value?.otp === 'locked') await sendOtp(run);
}

const DO: Record<
  Extract<Effect, 'join' | 'send-hello' | 'release' | 'send-denied' | 'send-otp' | 'part' | 'close'>,
  (current: Run) => Promise<void>
> = {
  join: connect,
  async 'send-hello'(current) {
    const { code, publicKey, mailbox } = current;
    const session = approval.value?.session;
    if (!publicKey || !mailbox || !session) return;
    // A call's end was made as its answer was written down.
    if (code) current.end = await phoneEnd(await openingOf(code), publicKey);
    if (!current.end) return;
    const hello = pack('hello', await helloOf(session.attempt, !code));
    await mailbox.send(await current.end.seal(mailbox.next, hello));
  },
  async release(current) {
    const { answer, end } = current;
    delete current.answer;
    // The last gate: nothing leaves a vault that has been locked since the tap.
    if (!answer || !end || !(isFresh() || current.known)) throw new ScankeyError('cancelled');
    // Kept before it is used: a password that only a site knows is lost.
    if (current.change) current.changed = await accounts.change(current.change.id, current.change.fn);
    current.shared = end.shared;
    current.sealed = true;
    await sendAnswer(current, answer);
    answer.fill(0);
    await apply(current, { t: 'sent' });
    // A phone that cannot save this has signed in all the same.
    if (current.account)
      void accounts.change(current.account, (one) => one && { ...one, usedAt: Date.now() }).catch(() => {});
  },
  async 'send-denied'(current) {
    const reason = approval.value?.session.code === 'digits-wrong' ? 'digits-wrong' : 'declined';
    await sendAnswer(current, pack('answer', { v: 1, t: 'denied', reason }));
    if (current.link) void quiet(current.link).catch(() => {});
  },
  'send-otp': sendOtp,
  async part(current) {
    const { session } = approval.value ?? {};
    const { shared } = current.end ?? {};
    // Only after a code, on a page that keeps something, and where something is worth repeating.
    const { forgets } = approval.value?.request ?? {};
    if (!current.code || !shared || insideApp || forgets || session?.result === 'refused')
      return current.mailbox?.close('done');
    current.first = shared.pairing;
    current.shared = shared;
    show({ remembering: 'offered' });
  },
  async close(current) {
    const { state } = approval.value?.session ?? { state: 'failed' };
    current.mailbox?.close(state === 'cancelled' || state === 'done' ? state : 'failed');
  },
};

/** The person's word on remembering the computer. @throws ScankeyError `storage-failed` */
export async function remember(yes: boolean, name: string): Promise<void> {
  const current = run;
  const { remembering } = approval.value ?? {};
  if (!current?.first || !remembering) return;
  if (yes) {
    const agreed = remembering === 'asked';
    current.link = await addComputer(current.first, name, agreed);
    show({ remembering: agreed ? 'kept' : 'said' });
  } else show({ remembering: 'declined' });
  await sendWord(current, { v: 1, t: 'remember', yes, ...(yes ? { phone: await storage.readInstallation() } : {}) });
  if (!yes) current.mailbox?.close('done');
}

/** The computer's word on it. */
async function hearRemember(current: Run, yes: boolean): Promise<void> {
  const { remembering } = approval.value ?? {};
  if (!remembering) return;
  if (!yes) {
    if (current.link) await removeComputer(current.link).catch(() => {});
    return show({ remembering: 'declined' });
  }
  if (remembering !== 'said' || !current.link) return show({ remembering: 'asked' });
  // A vault that was locked meanwhile hears it from the computer's first call.
  await confirmComputer(current.link).catch(() => {});
  show({ remembering: 'kept' });
}

/** Nothing was filled in, so a new password is none: the account is as it was. */
async function takeBack({ changed }: Run): Promise<void> {
  if (!changed?.after || !isUnlocked.value) return;
  await accounts.change(changed.after.id, undone(changed)).catch(() => {});
}

/** "This wasn't me": the request is declined, and the computer that made it is not remembered any more. */
export async function disown(): Promise<void> {
  const { computer } = approval.value ?? {};
  await decline();
  if (computer) await endLink(computer.id, 'ended');
}

/** Seals what the person has confirmed, for the very request that was shown. @throws ScankeyError `out-of-order` */
async function release(answer: (request: string) => Message<'answer'>, guard: Account['guard']): Promise<void> {
  const { session } = approval.value ?? {};
  const current = run;
  if (!current?.hash || !session || !(isFresh() || current.known)) throw new ScankeyError('out-of-order');
  const packed = pack('answer', answer(current.hash));
  if (step(session, { t: 'approve', guard }, Date.now()).refused) throw new ScankeyError('out-of-order');
  current.answer = packed;
  await apply(current, { t: 'approve', guard });
}

/** A login put into `known`, or into a new account of `site` where that is undefined or was deleted meanwhile. */
function withLogin(
  known: Account | undefined,
  site: string,
  login: Pick<Account, 'username' | 'password'>,
  now: number,
): NonNullable<Run['change']> {
  const made = known ?? newAccount({ id: toBase64(randomBytes(12)), sites: [site] });
  return { id: made.id, fn: (account) => replaced(account, { ...(account ?? made), ...login, usedAt: now }, now) };
}

/**
 * The person's tap on a new password: the account gets it, the page is given it.
 * @param account as it is now, undefined for a new one
 * @throws ScankeyError as `approve`, and `trial-full`
 */
export async function approveNew(account: Account | undefined, username: string, password: string): Promise<void> {
  const { request } = approval.value ?? {};
  if (!run || !request) throw new ScankeyError('out-of-order');
  const { id, fn } = withLogin(account, request.frameOrigin, { username, password }, Date.now());
  run.change = { id, fn };
  run.account = id;
  const { frameOrigin } = request;
  const current = request.saves === 'changed' && account ? { current: account.password } : {};
  await release(
    (hash) => ({ v: 1, t: 'credential', request: hash, frameOrigin, username, password, ...current }),
    account?.guard ?? 'none',
  );
}

/** The person's tap on a login that the computer has sent to be saved. @throws ScankeyError as `approve`, and `trial-full` */
export async function approveSave(account: Account | undefined, username: string): Promise<void> {
  const { request } = approval.value ?? {};
  if (!run || !request || request.password === undefined) throw new ScankeyError('out-of-order');
  run.change = withLogin(account, request.frameOrigin, { username, password: request.password }, Date.now());
  await release((hash) => ({ v: 1, t: 'saved', request: hash }), 'none');
}

/**
 * The person's tap: binds `account` to the very request that was shown.
 * @param kept the person lets the computer keep the password, for a provider's word to open
 * @throws ScankeyError `too-large` when the account does not fit a message, `out-of-order` when a step is missing
 */
export async function approve(account: Account, kept = false): Promise<void> {
  const { request } = approval.value ?? {};
  if (!run || !request) throw new ScankeyError('out-of-order');
  // The code of this very moment, and only where the form asks for one.
  const otp =
    account.totp && (request.otp || request.kind === 'otp') ? await codeAt(account.totp, Date.now()) : undefined;
  const codeOnly = request.kind === 'otp';
  run.account = account.id;
  await release(
    (hash) => ({
      v: 1,
      t: 'credential',
      request: hash,
      frameOrigin: request.frameOrigin,
      username: codeOnly ? '' : account.username,
      password: codeOnly ? '' : account.password,
      ...(request.extra && account.tenant ? { extra: account.tenant } : {}),
      ...(otp === undefined ? {} : { otp }),
      ...(kept && request.keep && run?.call ? { kept } : {}),
    }),
    account.guard,
  );
}

/** The person's tap: says who one is, to this companion and for this sign-in. @throws ScankeyError as `approve` */
export async function approveIdentity(): Promise<void> {
  const { signIn } = approval.value ?? {};
  if (!run || !signIn || 'code' in signIn) throw new ScankeyError('out-of-order');
  const proof = await (run.known ? proveByApp(run.sid, signIn) : proveByVault(signIn));
  await release((request) => ({ v: 1, t: 'identity', request, ...proof }), 'none');
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
  if (approval.value?.remembering) run?.mailbox?.close('done');
  run?.mailbox?.stop();
  clearTimeout(run?.timer);
  run = undefined;
  approval.value = undefined;
}
