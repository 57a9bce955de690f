// One sign-in of this browser: its record, which is stored before anything leaves so that the worker may die between any two lines,
// and its end of the conversation with the phone. What the session machine asks for is carried out in effects.ts.
import { type Need, siteOf, sitesOf } from '../extension/permissions.ts';
import { mayRemember } from '../extension/policy.ts';
import { BrowserChannel, type FromBrowser, type FromPhone } from '../protocol/channel.ts';
import { fromBase64, toBase64 } from '../protocol/encoding.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { pack } from '../protocol/messages.ts';
import { mayPair } from '../protocol/proximity.ts';
import type { CloseReason } from '../protocol/relay.ts';
import { type Keyring, type Opening, openingOf, openingOfPairing } from '../protocol/seal.ts';
import { answered, type BrowserEffect, type BrowserEvent, stepBrowser } from '../protocol/session/browser.ts';
import { hasEnded } from '../protocol/session/common.ts';
import { Conversation, type End, type Received } from '../protocol/session/conversation.ts';
import type { BrowserSession, CommonEvent } from '../protocol/session/types.ts';
import * as automatic from './automatic.ts';
import type { Place } from './page.ts';
import { addPhone, forgetPhone, stepOn } from './paired-phones.ts';
import { giveBack, takeUp } from './permissions.ts';
import { giveLeaveBack } from './split-key.ts';
import type { SignInRecord } from './storage.ts';
import * as storage from './storage.ts';
import type { Surroundings } from './surroundings.ts';

type BrowserSide = End<BrowserSession, BrowserEvent, BrowserEffect, FromPhone, FromBrowser>;
export type Effects = BrowserSide['effects'];

/** What one sign-in has to do with the others. */
export interface Others {
  /** Those that go on, but for `one`. */
  live(one: SignIn): SignIn[];
  /** A phone has taken up this sign-in of a tab: the tab's codes and requests that nobody has taken up are void. */
  dropRivals(winner: SignIn): Promise<void>;
}

const keyringOf = ({ encapsulated, response }: { encapsulated: string; response: string }): Keyring => ({
  encapsulated: fromBase64(encapsulated),
  response: fromBase64(response),
});

export class SignIn {
  readonly record: SignInRecord;
  readonly surroundings: Surroundings;
  readonly #others: Others;
  readonly #channel: BrowserChannel;
  readonly #conversation: Conversation<BrowserSession, BrowserEvent, BrowserEffect, FromPhone, FromBrowser>;
  #dropped = false;

  /** @param effectsOf what is done when the machine asks for it */
  constructor(
    record: SignInRecord,
    others: Others,
    effectsOf: (signIn: SignIn) => Effects,
    surroundings: Surroundings,
  ) {
    const { view, mail, keys, pairedRequest, hello, pairingOffer } = record;
    this.record = record;
    this.surroundings = surroundings;
    this.#others = others;
    this.#channel = new BrowserChannel(() => this.#opening(), {
      hello,
      ...(pairingOffer ? { keyring: keyringOf(pairingOffer) } : {}),
    });
    const call = pairedRequest && {
      call: { box: pairedRequest.box, time: pairedRequest.time, proof: pairedRequest.proof },
    };
    this.#conversation = new Conversation({
      session: view.session,
      step: stepBrowser,
      channel: this.#channel,
      connect: () => surroundings.connect(record.relay),
      clock: surroundings.clock,
      mail,
      introduction: { t: 'open', sid: view.sid, pk: keys?.publicKey ?? '', ...call },
      save: () => this.save(),
      changed: (session) => this.#changed(session),
      status: (up) => {
        view.up = up;
        void this.save();
      },
      peer: async ({ near, second }) => {
        Object.assign(view, { near, second });
        await this.save();
        await this.apply({ t: 'joined' });
        await this.#others.dropRivals(this);
      },
      gone: (problem) => this.#gone(problem),
      messages: {
        hello: (received) => this.#hello(received),
        answer: (received) => this.#answer(received),
        followUp: (received) => this.#followUp(received),
      },
      effects: effectsOf(this),
      ended: () => this.#settle(),
    });
  }

  get sid(): string {
    return this.record.view.sid;
  }

  get tabId(): number {
    return this.record.view.tabId;
  }

  get live(): boolean {
    return !this.#dropped && this.#conversation.live;
  }

  /** It still has something to say or to hear. */
  get isTalking(): boolean {
    return this.live || this.record.mail.outbox.length > 0 || this.record.pairingOffer !== undefined;
  }

  /** Where the form is. */
  get place(): Place {
    return { tabId: this.tabId, frame: this.record.view.frame };
  }

  /** The origin whose form is filled: the page's own, or that of the frame that the person allowed. */
  get formOrigin(): string {
    return this.record.view.frame ?? this.record.view.origin;
  }

  /** The one other origin that what is filled in may be posted to: the newest request has named it. */
  get sendsTo(): string | undefined {
    return this.record.asked?.sendsTo;
  }

  connect(): Promise<void> {
    return this.#conversation.connect();
  }

  /** Goes on where a former life of the worker stopped. */
  async resume(): Promise<void> {
    if (this.live) await this.apply({ t: 'restarted' });
    else await this.#settle();
    if (this.isTalking) await this.connect();
  }

  /** Goes on with a permission that it has use for, if it is there now. */
  async goOn(): Promise<void> {
    if (this.live && (await takeUp(this.record))) await this.save();
  }

  apply(event: BrowserEvent | CommonEvent): Promise<boolean> {
    return this.#conversation.apply(event);
  }

  send(kind: FromBrowser, plaintext: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#conversation.send(kind, plaintext);
  }

  close(reason: CloseReason): void {
    this.#conversation.close(reason);
  }

  /** Stores the record; one that has ended and said everything lets go of the companion. */
  async save(): Promise<void> {
    if (this.#dropped) return;
    await storage.writeSignIn(this.record);
    if (!this.record.keys && !this.isTalking) this.#conversation.stop();
  }

  /** Ends it, if it goes on, and forgets it. */
  async drop(): Promise<void> {
    if (this.live) await this.#giveBack();
    this.#dropped = true;
    this.close('cancelled');
    this.#conversation.stop();
    await storage.dropSignIn(this.sid);
    await this.dropSplitKey();
  }

  /** The companion's half of a key is not needed any more, whether the phone let something be stored under it or not. */
  async dropSplitKey(): Promise<void> {
    if (!this.record.splitKey) return;
    delete this.record.splitKey;
    await this.save();
    await giveLeaveBack(this.surroundings.visits);
  }

  /** The person's word on remembering the phone. */
  async pair(yes: boolean): Promise<void> {
    const { pairingOffer, view, installation } = this.record;
    if (!pairingOffer || (yes && !(await mayRemember()))) return;
    await this.send('outcome', pack('outcome', { v: 1, t: 'remember', yes }));
    if (yes && view.pairing === 'asked') return this.#pair(installation ?? '');
    view.pairing = yes ? 'said' : 'declined';
    if (!yes) delete this.record.pairingOffer;
    await this.save();
  }

  async #changed(session: BrowserSession): Promise<void> {
    const { view } = this.record;
    view.session = session;
    if (!hasEnded(session) || view.endedAt !== undefined) return;
    view.endedAt = this.surroundings.clock.now();
    // Before the phone hears how it went, so that its answer finds it.
    await this.#offerPairing(session);
  }

  /** What this sign-in is opened with: its code's secret, or the key of the phone that was asked. */
  async #opening() {
    const { keys, pairedRequest, view } = this.record;
    // One that has ended opens nothing, and what still comes for it must not come again.
    if (!keys) throw new ScankeyError('bad-message');
    const { secret, origin, seed, publicKey } = keys;
    const opening: Opening = pairedRequest
      ? openingOfPairing(origin, fromBase64(pairedRequest.pairing), fromBase64(view.sid), fromBase64(secret))
      : await openingOf({ origin, secret: fromBase64(secret) });
    return { pair: { seed: fromBase64(seed), publicKey: fromBase64(publicKey) }, opening };
  }

  async #hello({ message, shared, adopt }: Received<'hello'>): Promise<void> {
    const { view, asked, pairedRequest } = this.record;
    const { attempt, phone } = message;
    // A worker that died between taking the hello and asking takes it up where it stopped.
    const event = { t: 'hello', attempt, unasked: asked?.attempt !== attempt } as const;
    if (!shared || !this.#conversation.accepts(event)) return;
    if (pairedRequest && !(await stepOn(this.surroundings, pairedRequest.pairing, view.sid, shared.pairing, message)))
      return;
    await this.#conversation.apply(event, () => {
      adopt();
      this.record.hello = this.#channel.hello;
      view.phone = phone;
      view.digits = shared.digits;
    });
  }

  async #answer({ message }: Received<'answer'>): Promise<void> {
    const event = answered(message, this.record.asked);
    await this.#conversation.apply(event, () => {
      if (event.t === 'credential' && event.given.t === 'credential') this.record.view.account = event.given.username;
    });
  }

  async #followUp({ message }: Received<'followUp'>): Promise<void> {
    if (message.t === 'remember') return this.#hearPairing(message.yes, message.phone ?? '');
    if (message.t === 'setting-up') {
      // A phone that this browser remembers has a vault.
      if (!this.record.pairedRequest) await this.apply({ t: message.done ? 'set-up' : 'setting-up' });
      return;
    }
    if (message.t === 'holding') {
      await this.apply({ t: 'holding' });
      return;
    }
    if (message.t === 'later') return;
    const { code } = message;
    await this.apply(code === undefined ? { t: 'no-otp' } : { t: 'otp', code });
  }

  async #gone({ code, reason }: { code: string; reason?: string | undefined }): Promise<void> {
    const { mail, view, pairedRequest } = this.record;
    mail.outbox = [];
    delete this.record.pairingOffer;
    if (view.pairing !== 'remembered') delete view.pairing;
    // The phone has ended the pairing, knows it no more, or has seen a copy of it.
    const over = code === 'link-ended' || code === 'link-suspended' || reason === 'stale' || reason === 'suspended';
    if (pairedRequest && over) await forgetPhone(this.surroundings.pairings, pairedRequest.pairing);
    await this.save();
  }

  /** After a sign-in by code, near, that went well, outside of private windows, the two may remember each other. */
  async #offerPairing({ state, result, code }: BrowserSession): Promise<void> {
    const { view, pairedRequest } = this.record;
    const evidence = { remembered: pairedRequest !== undefined, near: view.near === true };
    if (view.incognito || state !== 'done' || !result || !mayPair(evidence, result, code)) return;
    if (!(await mayRemember())) return;
    const shared = await this.#channel.shared();
    if (!shared) return;
    const { encapsulated, response, pairing } = shared;
    this.record.pairingOffer = {
      encapsulated: toBase64(encapsulated),
      response: toBase64(response),
      first: toBase64(pairing),
    };
    view.pairing = 'offered';
  }

  /** The phone's word on remembering, which is spoken of once the sign-in is over. */
  async #hearPairing(yes: boolean, installation: string): Promise<void> {
    const { pairingOffer, view } = this.record;
    if (this.live || !pairingOffer) return;
    if (yes && view.pairing === 'said') return this.#pair(installation);
    view.pairing = yes ? 'asked' : 'declined';
    if (yes) this.record.installation = installation;
    await this.save();
  }

  /** Both have said yes. */
  async #pair(installation: string): Promise<void> {
    const { view, pairingOffer } = this.record;
    if (!pairingOffer || !(await mayRemember())) return;
    await addPhone(this.surroundings, fromBase64(pairingOffer.first), view.phone ?? '', installation);
    view.pairing = 'remembered';
    delete this.record.pairingOffer;
    await this.save();
  }

  /** Forgets the secrets of a sign-in that has ended. */
  async #settle(): Promise<void> {
    const { keys, pairingOffer } = this.record;
    if (!keys) return;
    await this.#giveBack();
    await this.dropSplitKey();
    this.#channel.forget(pairingOffer && keyringOf(pairingOffer));
    this.record.keys = null;
    delete this.record.hello;
    await this.save();
    await automatic.note(this.record, this.surroundings.clock.now());
  }

  /** Permissions that were lent end with the last sign-in that has use for them. */
  #giveBack(): Promise<void> {
    return giveBack((lent) => this.#others.live(this).some((other) => other.uses(lent)));
  }

  /** Whether this sign-in works under a permission for that site, or would if it were given. */
  uses({ origin }: Need): boolean {
    const { allowed, view } = this.record;
    return [allowed, view.need].some((own) => own && sitesOf(own).includes(siteOf(origin)));
  }
}
