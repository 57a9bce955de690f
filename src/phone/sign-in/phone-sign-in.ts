// One sign-in that this phone is asked for: its end of the conversation, what the screens show of it, and what it leaves for a reload.
import { signal } from '@preact/signals';
import { type FromBrowser, type FromPhone, PhoneChannel } from '../../protocol/channel.ts';
import type { Clock } from '../../protocol/clock.ts';
import type { Socket } from '../../protocol/connection.ts';
import { type Bytes, fromBase64 } from '../../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import { type Message, pack, requestHash } from '../../protocol/messages.ts';
import { openingOf, phoneEnd } from '../../protocol/seal.ts';
import type { Release } from '../../protocol/session/answer.ts';
import { hasEnded } from '../../protocol/session/common.ts';
import { Conversation, type Received } from '../../protocol/session/conversation.ts';
import { closingOf, type PhoneEffect, type PhoneEvent, stepPhone } from '../../protocol/session/phone.ts';
import type { PhoneSession } from '../../protocol/session/types.ts';
import type { Requests } from '../pairing/listening.ts';
import type { Pairings, WaitingRequest } from '../pairing/pairings.ts';
import type { Accounts } from '../vault/accounts.ts';
import type { AutoLock } from '../vault/auto-lock.ts';
import type { Account } from '../vault/document.ts';
import type { OpenVault } from '../vault/open.ts';
import { codeAt } from '../vault/totp.ts';
import { type Tap, usedBy } from './answers.ts';
import type { Approval } from './approval.ts';
import { PairingTalk } from './pairing-talk.ts';
import type { Identity, SignInShown } from './prove-identity.ts';
import { type Pending, pendingOf, type Start } from './start.ts';
import { VaultWrite } from './vault-write.ts';

/** What a sign-in needs of the phone that it is on. */
export interface Surroundings {
  /** To the relay of the companion that serves this page. */
  connect(): Socket;
  clock: Clock;
  /** The page is in another app: nothing of it lasts. */
  insideApp: boolean;
  /** What the person calls this phone. */
  nameOfPhone(): string;
  vault: Pick<OpenVault, 'current' | 'isUnlocked'>;
  /** Whether there is a vault on this phone; undefined where it cannot be said, or has to be fetched first. */
  hasVault(): boolean | undefined;
  accounts: Accounts;
  isFresh: AutoLock['isFresh'];
  pairings: Pick<Pairings, 'answer' | 'takeRequest' | 'load' | 'add' | 'confirm' | 'remove'>;
  requests: Pick<Requests, 'quiet' | 'endPairing'>;
  identity: Identity;
  store: {
    writePending(pending: Pending): Promise<void>;
    dropPending(): Promise<void>;
    /** This installation's random name for itself. */
    readInstallation(): Promise<string>;
  };
  /** A copied browser was found out: its pairing is suspended. */
  onAlarm(pairingId: string): void;
  /** The person has read how it ended. */
  onDismissed(): void;
}

export class PhoneSignIn {
  readonly shown = signal<Approval | undefined>(undefined);
  readonly start: Start;
  readonly conversation: Conversation<PhoneSession, PhoneEvent, PhoneEffect, FromBrowser, FromPhone>;
  readonly #phone: Surroundings;
  readonly #channel: PhoneChannel;
  #publicKey: Bytes | undefined;
  /** The pairing that it came by, or that it leads to. */
  #pairingId: string | undefined;
  #pairingTalk: PairingTalk | undefined;
  /** A copy is being tried out: nobody is asked anything. */
  #probing = false;
  #sealed: boolean;
  #account: string | undefined;
  /** Of the tap that counts, as long as the sign-in goes on. */
  readonly #write: VaultWrite;

  constructor(start: Start, phone: Surroundings) {
    const { sid, mail, session, keyring, account } = start;
    this.start = start;
    this.#phone = phone;
    this.#channel = new PhoneChannel(keyring);
    this.#write = new VaultWrite(phone.accounts);
    this.#sealed = keyring !== undefined;
    this.#account = account;
    this.shown.value = { session, up: true };
    this.conversation = new Conversation({
      session,
      step: stepPhone,
      channel: this.#channel,
      connect: phone.connect,
      clock: phone.clock,
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
        'tell-set-up': ({ done }) => this.#tellSetUp(done),
        'tell-hold': () => this.#followUp({ v: 1, t: 'holding' }),
        'send-otp': () => this.#sendOtp(),
        'refuse-otp': () => this.#refuseOtp(),
        part: () => this.#part(),
        close: async () => this.conversation.close(closingOf(this.conversation.session)),
      },
      ended: async () => {
        this.#channel.forget();
        this.#write.forget();
        await phone.store.dropPending();
      },
      failed: async (error) => void (await this.conversation.apply({ t: 'gone', code: codeOf(error, 'not-opened') })),
    });
  }

  get live(): boolean {
    return this.conversation.live;
  }

  async begin(): Promise<void> {
    if (this.conversation.session.state === 'scanned') await this.conversation.apply({ t: 'connect' });
    else await this.conversation.connect();
  }

  /**
   * The person's tap: releases its answer, if that is to the very request that is on the screen.
   * @throws ScankeyError `too-large` when it does not fit a message, `out-of-order` when a step is missing or something else is shown
   */
  async tap({ answer, guard, account, laterCode = false, edit }: Tap): Promise<void> {
    if (!this.#mayRelease()) throw new ScankeyError('out-of-order');
    pack('answer', answer);
    const taken = await this.conversation.apply({ t: 'approve', guard, answer, laterCode }, () => {
      this.#account = account;
      this.#write.prepare(edit);
    });
    if (!taken) throw new ScankeyError('out-of-order');
  }

  /** Six digits as typed; right ones are those that this phone's own handshake gave. */
  async typeDigits(typed: string): Promise<void> {
    const digits = this.#channel.shared?.digits;
    if (digits) await this.conversation.apply({ t: 'digits', right: typed.replace(/\D/g, '') === digits });
  }

  /** What says who one is, for the sign-in that the screen names. @throws ScankeyError */
  prove(site: SignInShown): Promise<{ key: string; signature: string } | { ticket: string }> {
    const { sid, known } = this.start;
    return known ? this.#phone.identity.byApp(sid, site) : this.#phone.identity.byVault(site);
  }

  async decline(): Promise<void> {
    await this.conversation.apply({ t: this.conversation.session.shown ? 'decline' : 'cancel' });
  }

  /** "This wasn't me": the request is declined, and the computer that made it is not remembered any more. */
  async disown(): Promise<void> {
    await this.decline();
    if (this.#pairingId) await this.#phone.requests.endPairing(this.#pairingId, 'ended');
  }

  /** The vault was locked or the page hidden: a running hold stops. */
  async interrupt(): Promise<void> {
    if (this.conversation.session.state !== 'holding') return;
    await this.conversation.apply({ t: 'interrupt' }, () => this.#write.forget());
  }

  /** The vault was opened, or made: for the code that a sign-in waits for, or for all of it. */
  async unlocked(): Promise<void> {
    if (this.conversation.session.state === 'setting-up') await this.conversation.apply({ t: 'set-up' });
    await this.#sayReady();
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
    this.#phone.onDismissed();
  }

  /** Another one takes its place. */
  stop(): void {
    this.conversation.stop();
    this.#write.forget();
    this.shown.value = undefined;
  }

  /** What is hidden stays hidden. */
  #show(change: Partial<Approval>): void {
    if (this.shown.value) this.shown.value = { ...this.shown.value, ...change };
  }

  async #store(): Promise<void> {
    const { session } = this.shown.value ?? {};
    // The key of an answer to a remembered computer is gone with the page: the computer asks again.
    const lasts = this.start.link !== undefined || this.#sealed;
    if (!session || hasEnded(session) || !lasts) return;
    const keyring = this.#sealed ? this.#channel.keyring : undefined;
    await this.#phone.store.writePending(pendingOf(this.start, session, keyring, this.#account));
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
    const answer = await this.#phone.pairings.answer(call, publicKey);
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
    await this.#phone.pairings.load();
    if (!this.#pairingId) return;
    this.#phone.onAlarm(this.#pairingId);
    await this.#phone.requests.endPairing(this.#pairingId, 'suspended');
  }

  async #request({ message, plaintext }: Received<'request'>): Promise<void> {
    const { call, sid } = this.start;
    if (this.#pairingId && (await this.#phone.pairings.takeRequest(this.#pairingId, sid)) === 'alarm')
      return this.#raiseAlarm();
    if (this.#probing) return;
    // A typed password comes from a remembered computer or not at all, and whoever was scanned asks for no saving.
    if (message.kind === 'save' && !call) throw new ScankeyError('bad-message');
    const hash = await requestHash(plaintext);
    const rev = this.#phone.vault.current.value?.header.rev ?? 0;
    const setBack = message.newest !== undefined && message.newest > rev ? { setBack: true } : {};
    const event = { t: 'request', shown: { hash, request: message } } as const;
    if (!(await this.conversation.apply(event, () => this.#show(setBack)))) return;
    // Inside an app there is no vault, and none is made.
    if (!this.#phone.insideApp) {
      if (this.#phone.hasVault() === false) await this.conversation.apply({ t: 'setting-up' });
      else await this.#sayReady();
    }
    if (message.kind !== 'identity') return;
    void this.#phone.identity.read(message.signIn ?? '').then(
      (signIn) => this.#show({ signIn }),
      (error) => this.#show({ signIn: { code: codeOf(error, 'unreachable') } }),
    );
  }

  /** A computer that has asked for nothing else hears that there is a vault. Nothing of it is opened, so nobody is asked. */
  async #sayReady(): Promise<void> {
    const { shown } = this.conversation.session;
    if (shown?.request.kind !== 'set-up' || !this.#phone.hasVault()) return;
    const answer = { v: 1, t: 'saved', request: shown.hash } as const;
    await this.conversation.apply({ t: 'approve', guard: 'none', answer, laterCode: false });
  }

  async #outcome(message: Message<'outcome'>): Promise<void> {
    if (message.t === 'otp-request') {
      await this.conversation.apply({ t: 'otp-wanted' });
      return;
    }
    if (message.t === 'remember') return this.#pairingTalk?.hear(message.yes);
    const { result, code, text } = message;
    const event = { t: 'outcome', result, ...(code ? { code } : {}), ...(text ? { text } : {}) } as const;
    if (result === 'not-filled' && this.#phone.vault.isUnlocked.value && this.conversation.accepts(event))
      await this.#write.takeBack();
    await this.conversation.apply(event);
  }

  /** Name and, to a remembered computer, how far the vault has come: it keeps that as a witness. */
  #hello(attempt: number, remembered: boolean): Message<'hello'> {
    const phone = this.#phone.nameOfPhone().slice(0, 40);
    const { header } = this.#phone.vault.current.value ?? {};
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
    return this.#phone.isFresh() || this.start.known === true;
  }

  async #release(answer: Release): Promise<void> {
    const { shown } = this.conversation.session;
    if (shown?.request.kind !== 'set-up' && !this.#mayRelease()) throw new ScankeyError('cancelled');
    // Stored before it is used: a password that only a site knows is lost.
    await this.#write.write();
    this.#sealed = true;
    const plaintext = pack('answer', answer);
    await this.conversation.send('answer', plaintext);
    plaintext.fill(0);
    await this.conversation.apply({ t: 'sent' });
    // A phone that cannot save this has signed in all the same.
    if (this.#account) void this.#used(this.#account).catch(() => {});
  }

  async #used(account: string): Promise<void> {
    const { accounts, clock } = this.#phone;
    const { shown } = this.conversation.session;
    const usedOn = shown && usedBy(shown.request);
    await accounts.change(account, (one) => one && { ...one, usedAt: clock.now(), usedOn });
  }

  async #tellSetUp(done: boolean): Promise<void> {
    if (!done) this.conversation.extend();
    await this.#followUp({ v: 1, t: 'setting-up', done });
  }

  async #sendDenied(): Promise<void> {
    const reason = this.conversation.session.code === 'digits-wrong' ? 'digits-wrong' : 'declined';
    await this.conversation.send('answer', pack('answer', { v: 1, t: 'denied', reason }));
    if (this.#pairingId) void this.#phone.requests.quiet(this.#pairingId).catch(() => {});
  }

  /** The tap covers it, so it needs no other; but the vault has to be open for it. */
  async #sendOtp(): Promise<void> {
    const { isFresh, clock } = this.#phone;
    if (!isFresh()) return this.#show({ otp: 'locked' });
    const { totp } = this.#chosen ?? {};
    await this.#followUp({ v: 1, t: 'otp', ...(totp ? { code: await codeAt(totp, clock.now()) } : {}) });
    this.#show({ otp: totp ? 'sent' : 'none' });
  }

  async #refuseOtp(): Promise<void> {
    await this.#followUp({ v: 1, t: 'otp' });
    this.#show({ otp: this.#chosen?.totp === '' ? 'none' : 'not-covered' });
  }

  /** The account that is signed in with, as the vault has it now; a locked one has none. */
  get #chosen(): Account | undefined {
    return this.#phone.accounts.value.find(({ id }) => id === this.#account);
  }

  async #followUp(message: Message<'followUp'>): Promise<void> {
    await this.conversation.send('followUp', pack('followUp', message));
  }

  async #part(): Promise<void> {
    const { shared } = this.#channel;
    // A page that forgets everything, and one of which a reload has left nothing to begin a pairing with.
    const { forgets } = this.conversation.session.shown?.request ?? {};
    if (!shared || this.#phone.insideApp || forgets) return this.conversation.close('done');
    this.#pairingTalk = new PairingTalk(shared.pairing, {
      pairings: this.#phone.pairings,
      readInstallation: this.#phone.store.readInstallation,
      say: (message) => this.#followUp(message),
      show: (pairing) => this.#show({ pairing }),
      close: () => this.conversation.close('done'),
    });
  }
}
