// One sign-in that this phone is asked for: its end of the conversation, what the screens show of it, and what it leaves for a reload.
import { signal } from '@preact/signals';
import { type FromBrowser, type FromPhone, PhoneChannel } from '../../protocol/channel.ts';
import { relayUrl, type Socket } from '../../protocol/connection.ts';
import { type Bytes, fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import type { Mail } from '../../protocol/mailbox.ts';
import { type Message, pack, requestHash } from '../../protocol/messages.ts';
import { formatQrLink, type QrLink } from '../../protocol/qr-link.ts';
import { type Keyring, openingOf, phoneEnd } from '../../protocol/seal.ts';
import { hasEnded } from '../../protocol/session/common.ts';
import { Conversation, type Received } from '../../protocol/session/conversation.ts';
import { closingOf, type PhoneEffect, type PhoneEvent, stepPhone } from '../../protocol/session/phone.ts';
import type { PhoneSession } from '../../protocol/session/types.ts';
import { answerRequest, loadComputers, takeRequest, type WaitingRequest } from '../pairing/computers.ts';
import { endPairing, quiet } from '../pairing/requests.ts';
import { say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import type { Change } from '../vault/accounts.ts';
import type { Account } from '../vault/document.ts';
import { undone } from '../vault/edits.ts';
import { codeAt } from '../vault/totp.ts';
import { accounts, current as currentVault, isFresh, isUnlocked, phoneName } from '../vault/vault.ts';
import type { Approval } from './approval.ts';
import { PairingTalk } from './pairing-talk.ts';
import { dropPending, writePending } from './pending.ts';
import { readSignIn } from './prove-identity.ts';

/** A copied browser was found out: its pairing is suspended. */
export const alarmed = signal<string | undefined>(undefined);

/** How it came to this phone, and what a reload has left of it. */
export interface Start {
  /** Session id, base64url. */
  sid: string;
  session: PhoneSession;
  mail: Mail;
  via: 'camera' | 'navigation' | 'call';
  /** What was scanned; a remembered computer's request has none. */
  link?: QrLink;
  call?: WaitingRequest;
  /** The companion knows who this is, from the provider whose app this page is in. */
  known?: boolean;
  /** After a reload, once the answer has left: what still opens and follows up, and the account that was confirmed. */
  keyring?: Keyring;
  account?: string;
}

/** What is put into the vault as the answer leaves. */
export interface VaultEdit {
  id: string;
  fn(account: Account | undefined): Account;
}

export class PhoneSignIn {
  readonly shown = signal<Approval | undefined>(undefined);
  readonly start: Start;
  readonly conversation: Conversation<PhoneSession, PhoneEvent, PhoneEffect, FromBrowser, FromPhone>;
  readonly #channel: PhoneChannel;
  #publicKey: Bytes | undefined;
  /** The pairing that it came by, or that it leads to. */
  #pairingId: string | undefined;
  #pairingTalk: PairingTalk | undefined;
  /** A copy is being tried out: nobody is asked anything. */
  #probing = false;
  #sealed: boolean;
  #account: string | undefined;
  #edit: VaultEdit | undefined;
  /** What that did, to take it back. */
  #change: Change | undefined;

  constructor(start: Start) {
    const { sid, mail, session, keyring, account } = start;
    this.start = start;
    this.#channel = new PhoneChannel(keyring);
    this.#sealed = keyring !== undefined;
    this.#account = account;
    this.shown.value = { session, up: true };
    this.conversation = new Conversation({
      session,
      step: stepPhone,
      channel: this.#channel,
      connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
      mail,
      introduction: { t: 'join', sid },
      save: () => this.#store(),
      changed: (now) => this.#show({ session: now }),
      status: (up) => this.#show({ up }),
      joined: (frame) => this.#joined(fromBase64(frame.pk), frame.near),
      gone: async () => this.#pairingTalk?.end(),
      messages: {
        request: (received) => this.#request(received),
        outcome: ({ message }) => this.#outcome(message),
      },
      effects: {
        join: () => this.conversation.connect(),
        'send-hello': () => this.#sendHello(),
        release: ({ answer }) => this.#release(answer),
        'send-denied': () => this.#sendDenied(),
        'send-otp': () => this.#sendOtp(),
        part: () => this.#part(),
        close: async () => this.conversation.close(closingOf(this.conversation.session)),
      },
      ended: async () => {
        this.#channel.forget();
        await dropPending();
      },
      failed: async (error) => void (await this.conversation.apply({ t: 'gone', code: codeOf(error, 'not-opened') })),
    });
  }

  get live(): boolean {
    return this.conversation.live;
  }

  /** The six digits that this phone's own handshake gave. */
  get digits(): string | undefined {
    return this.#channel.shared?.digits;
  }

  async begin(): Promise<void> {
    if (this.conversation.session.state === 'scanned') await this.conversation.apply({ t: 'connect' });
    else await this.conversation.connect();
  }

  /**
   * The person's tap: releases what `answer` makes for the very request that was shown.
   * @param effect what the answer's leaving does to the vault, and whose account it is
   * @throws ScankeyError `too-large` when it does not fit a message, `out-of-order` when a step is missing or nothing was shown
   */
  async tap(
    answer: (request: string) => Message<'answer'>,
    guard: Account['guard'],
    effect: { account?: string; edit?: VaultEdit } = {},
  ): Promise<void> {
    const { request } = this.conversation.session;
    if (!request || !this.#mayRelease()) throw new ScankeyError('out-of-order');
    const event = { t: 'approve', guard, request, answer: pack('answer', answer(request)) } as const;
    const taken = await this.conversation.apply(event, () => {
      this.#account = effect.account;
      this.#edit = effect.edit;
    });
    if (!taken) throw new ScankeyError('out-of-order');
  }

  /** The vault was opened for the code that a sign-in waits for. */
  async unlocked(): Promise<void> {
    if (this.shown.value?.otp === 'locked') await this.#sendOtp();
  }

  /** The person's word on remembering the computer. @throws ScankeyError `storage-failed` */
  async pair(yes: boolean, name: string): Promise<void> {
    await this.#pairingTalk?.answer(yes, name);
  }

  /** The person has read how it ended. */
  dismiss(): void {
    if (this.#pairingTalk) this.conversation.close('done');
    this.stop();
  }

  /** Another one takes its place. */
  stop(): void {
    this.conversation.stop();
    this.shown.value = undefined;
  }

  /** What is hidden stays hidden. */
  #show(change: Partial<Approval>): void {
    if (this.shown.value) this.shown.value = { ...this.shown.value, ...change };
  }

  async #store(): Promise<void> {
    const { session } = this.shown.value ?? {};
    const { sid, link, via, mail } = this.start;
    if (!session || hasEnded(session)) return;
    // The key of an answer to a remembered computer is gone with the page: the computer asks again.
    if (!link && !this.#sealed) return;
    const { keyring } = this.#channel;
    const sealed = keyring && {
      encapsulated: toBase64(keyring.encapsulated),
      response: toBase64(keyring.response),
    };
    await writePending({
      sid,
      ...(link ? { link: formatQrLink(link) } : {}),
      via,
      startedAt: session.startedAt,
      attempt: session.attempt,
      mail,
      sealed: this.#sealed && sealed ? sealed : null,
      account: this.#account,
    });
  }

  async #joined(publicKey: Bytes, near: boolean): Promise<void> {
    this.#publicKey = publicKey;
    const { call } = this.start;
    try {
      if (call && !(await this.#answerCall(call, publicKey))) return;
    } catch (error) {
      await this.conversation.apply({ t: 'gone', code: codeOf(error, 'not-opened') });
      return;
    }
    await this.conversation.apply({ t: 'joined', near });
  }

  /** Whose request it is, and what that leads to. @returns whether the person is to be asked */
  async #answerCall(call: WaitingRequest, publicKey: Bytes): Promise<boolean> {
    const answer = await answerRequest(call, publicKey);
    if (answer.act === 'main') {
      const { id, name } = answer.computer;
      this.#channel.begin(answer.end);
      this.#pairingId = id;
      this.#show({ computer: { id, name } });
      return true;
    }
    // Nothing of this is for the person: a copy that asks, a request that was answered already, a computer that is not known.
    this.shown.value = undefined;
    if (answer.act !== 'probe') {
      const reason = { repeated: 'done', stale: 'stale', full: 'stale', suspended: 'suspended' } as const;
      this.conversation.close(reason[answer.act]);
      return false;
    }
    // The session's own deadline is how long a copy may take to give itself away.
    this.#probing = true;
    this.#channel.begin(answer.end);
    this.#pairingId = answer.computer.id;
    await this.conversation.send('hello', pack('hello', this.#hello(1, true)));
    return false;
  }

  /** A copy, or what was copied, has opened an answer under a key that it should not have any more. */
  async #raiseAlarm(): Promise<void> {
    this.conversation.close('suspended');
    this.shown.value = undefined;
    await loadComputers();
    if (!this.#pairingId) return;
    alarmed.value = this.#pairingId;
    await endPairing(this.#pairingId, 'suspended');
  }

  async #request({ message, plaintext }: Received<'request'>): Promise<void> {
    const { call, sid } = this.start;
    if (this.#pairingId && (await takeRequest(this.#pairingId, sid)) === 'alarm') return this.#raiseAlarm();
    if (this.#probing) return;
    // A typed password comes from a remembered computer or not at all, and whoever was scanned asks for no saving.
    if (message.kind === 'save' && !call) throw new ScankeyError('bad-message');
    const hash = await requestHash(plaintext);
    const rev = currentVault()?.header.rev ?? 0;
    const setBack = message.newest !== undefined && message.newest > rev ? { setBack: true } : {};
    const shown = await this.conversation.apply({ t: 'request', hash }, () =>
      this.#show({ request: message, ...setBack }),
    );
    if (!shown || message.kind !== 'identity') return;
    void readSignIn(message.signIn ?? '').then(
      (signIn) => this.#show({ signIn }),
      (error) => this.#show({ signIn: { code: codeOf(error, 'unreachable') } }),
    );
  }

  async #outcome(message: Message<'outcome'>): Promise<void> {
    if (message.t === 'otp-request') {
      await this.conversation.apply({ t: 'otp-wanted' });
      return;
    }
    if (message.t === 'remember') return this.#pairingTalk?.hear(message.yes);
    const { result, code, text } = message;
    const event = { t: 'outcome', result, ...(code ? { code } : {}), ...(text ? { text } : {}) } as const;
    if (result === 'not-filled' && this.conversation.accepts(event)) await this.#takeBack();
    await this.conversation.apply(event);
  }

  /** Name and, to a remembered computer, how far the vault has come: it keeps that as a witness. */
  #hello(attempt: number, remembered: boolean): Message<'hello'> {
    const phone = (phoneName.value || say('defaultPhone')).slice(0, 40);
    const { header } = currentVault() ?? {};
    const witness = remembered && header ? { vault: header.vault.slice(0, 11), rev: header.rev } : {};
    return { v: 1, t: 'hello', phone, attempt, ...witness };
  }

  async #sendHello(): Promise<void> {
    const { link } = this.start;
    if (!this.#publicKey) return;
    // A remembered computer's end was made as its answer was written down.
    if (link) this.#channel.begin(await phoneEnd(await openingOf(link), this.#publicKey));
    const { attempt } = this.conversation.session;
    await this.conversation.send('hello', pack('hello', this.#hello(attempt, !link)));
  }

  /** The last gate: nothing leaves a vault that has been locked since the tap. */
  #mayRelease(): boolean {
    return isFresh() || this.start.known === true;
  }

  async #release(answer: Bytes): Promise<void> {
    if (!this.#mayRelease()) throw new ScankeyError('cancelled');
    // Stored before it is used: a password that only a site knows is lost.
    if (this.#edit) this.#change = await accounts.change(this.#edit.id, this.#edit.fn);
    this.#sealed = true;
    await this.conversation.send('answer', answer);
    answer.fill(0);
    await this.conversation.apply({ t: 'sent' });
    // A phone that cannot save this has signed in all the same.
    if (this.#account)
      void accounts.change(this.#account, (one) => one && { ...one, usedAt: Date.now() }).catch(() => {});
  }

  async #sendDenied(): Promise<void> {
    const reason = this.conversation.session.code === 'digits-wrong' ? 'digits-wrong' : 'declined';
    await this.conversation.send('answer', pack('answer', { v: 1, t: 'denied', reason }));
    if (this.#pairingId) void quiet(this.#pairingId).catch(() => {});
  }

  /** The tap covers the whole sign-in, so its code needs no other; but the vault has to be open for it. */
  async #sendOtp(): Promise<void> {
    if (!isFresh()) return this.#show({ otp: 'locked' });
    const account = accounts.value.find(({ id }) => id === this.#account);
    const code = account?.totp ? { code: await codeAt(account.totp, Date.now()) } : {};
    await this.#followUp({ v: 1, t: 'otp', ...code });
    this.#show({ otp: 'code' in code ? 'sent' : 'none' });
  }

  async #followUp(message: Message<'followUp'>): Promise<void> {
    await this.conversation.send('followUp', pack('followUp', message));
  }

  async #part(): Promise<void> {
    const { shared } = this.#channel;
    // Only after a code, on a page that keeps something, and where something is worth repeating.
    const { forgets } = this.shown.value?.request ?? {};
    const refused = this.conversation.session.result === 'refused';
    if (!this.start.link || !shared || insideApp || forgets || refused) return this.conversation.close('done');
    this.#pairingTalk = new PairingTalk(shared.pairing, {
      say: (message) => this.#followUp(message),
      show: (pairing) => this.#show({ pairing }),
      close: () => this.conversation.close('done'),
    });
  }

  /** Nothing was filled in, so a new password is none: the account is as it was. */
  async #takeBack(): Promise<void> {
    if (!this.#change?.after || !isUnlocked.value) return;
    await accounts.change(this.#change.after.id, undone(this.#change)).catch(() => {});
  }
}
