// One conversation, whichever end it is driven from: what comes out of the mailbox is opened, turned into events for the pure session
// machine, and what the machine asks for is carried out. The machine decides before anything that is shown or stored is replaced, and
// everything is stored before anything leaves, so that a process may die between any two lines. Socket, clock, storage and effects
// come in as arguments.
import type { Channel, Opened } from '../channel.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Socket } from '../connection.ts';
import type { Bytes } from '../encoding.ts';
import { codeOf, ScankeyError } from '../errors.ts';
import { type Mail, Mailbox, type MailboxOptions, tokenHash } from '../mailbox.ts';
import { type Kind, type Message, unpack, WIRE_BYTES } from '../messages.ts';
import type { CloseReason, FirstFrame, Problem } from '../relay.ts';
import { hasEnded, nextTick } from './common.ts';
import type { CommonEvent, Session, Transition } from './types.ts';

/** A message that opened; nothing is replaced by it until `adopt` is called. */
export interface Received<K extends Kind> extends Opened {
  message: Message<K>;
}

type Introduction = Extract<FirstFrame, { t: 'open' | 'join' }>;
type OmitEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** One end of a conversation: its machine, its seal, and what it does when something happens. */
export interface End<
  S extends Session,
  E extends { t: string },
  F extends { t: string },
  In extends Kind,
  Out extends Kind,
> {
  session: S;
  step(session: S, event: E | CommonEvent, now: number): Transition<S, F>;
  channel: Channel<In, Out>;
  connect(): Socket;
  clock?: Clock;
  /** Changed in place, and stored by `save`. */
  mail: Mail;
  introduction: OmitEach<Introduction, 'tokenHash'>;
  /** Stores session and mail; awaited before anything leaves. */
  save(): Promise<void>;
  /** The session is this now; awaited before it is saved, and that before any effect. */
  changed(session: S): void | Promise<void>;
  /** What the machine may ask for, carried out one after the other. */
  effects: { [T in F['t']]: (effect: Extract<F, { t: T }>) => Promise<void> };
  /** What the other side may say, by kind; resolves once the companion may forget it. */
  messages: { [K in In]: (received: Received<K>) => Promise<void> };
  /** This end has joined, the other end has, the companion answers or does not. */
  joined?: MailboxOptions['onJoined'];
  peer?: MailboxOptions['onPeer'];
  status?: MailboxOptions['onStatus'];
  /** The companion has nothing more of this session; called before the machine hears of it. */
  gone?(problem: Pick<Problem, 'code' | 'reason'>): Promise<void>;
  /** The session has ended, and the effects of its end are carried out; called once. */
  ended?(): Promise<void>;
  /** An effect or a message failed otherwise than by its shape. Without it whoever asked hears of it, and a message comes again. */
  failed?(error: unknown): Promise<void>;
}

export class Conversation<
  S extends Session,
  E extends { t: string },
  F extends { t: string },
  In extends Kind,
  Out extends Kind,
> {
  readonly #end: End<S, E, F, In, Out>;
  readonly #clock: Clock;
  #session: S;
  #mailbox: Mailbox | undefined;
  #sending: Promise<unknown> = Promise.resolve();
  #callOff = () => {};
  #stopped = false;
  /** The effects of its end are carried out: those of an earlier event may be so later, or sooner. */
  #isTold = false;
  #over = false;

  constructor(end: End<S, E, F, In, Out>) {
    this.#end = end;
    this.#clock = end.clock ?? systemClock;
    this.#session = end.session;
  }

  get session(): S {
    return this.#session;
  }

  get live(): boolean {
    return !hasEnded(this.#session);
  }

  /** Speaks with the companion from now on, unless it is stopped already; time passes for the session, too. */
  async connect(): Promise<void> {
    const { connect, mail, introduction, save, joined, peer, status } = this.#end;
    const hash = await tokenHash(mail.token);
    if (this.#stopped || this.#mailbox) return;
    this.#mailbox = new Mailbox({
      connect,
      clock: this.#clock,
      mail,
      role: this.#session.role === 'browser' ? 'b' : 'p',
      introduction: { ...introduction, tokenHash: hash } as Introduction,
      save,
      onMessage: (n, wire) => this.#receive(n, wire),
      onGone: (problem) => this.#gone(problem),
      ...(joined ? { onJoined: joined } : {}),
      ...(peer ? { onPeer: peer } : {}),
      ...(status ? { onStatus: status } : {}),
    });
    this.#schedule();
  }

  /** Whether the machine has a place for `event` now. */
  accepts(event: E | CommonEvent): boolean {
    return !this.#stopped && !this.#end.step(this.#session, event, this.#clock.now()).refused;
  }

  /**
   * Runs one event through the machine. Unless it is refused: `accept` takes over what came with it, the session is saved, and the
   * effects are carried out.
   * @returns whether it had a place
   */
  async apply(event: E | CommonEvent, accept?: () => void): Promise<boolean> {
    // One that has ended may still be looked at; the machine says for what.
    if (this.#stopped && this.live) return false;
    const { session, effects, refused } = this.#end.step(this.#session, event, this.#clock.now());
    if (refused) return false;
    accept?.();
    const ends = this.live && hasEnded(session);
    this.#session = session;
    await this.#end.changed(session);
    await this.#end.save();
    try {
      for (const effect of effects) await this.#perform(effect);
    } finally {
      this.#isTold ||= ends;
    }
    await this.#after();
    return true;
  }

  /** Seals a packed message and leaves it in the mailbox: once this resolves it arrives, whatever fails. */
  send(kind: Out, plaintext: Bytes): Promise<void> {
    // A message is sealed for its place in the order, so the next one waits for it.
    const sent = this.#sending.then(async () => {
      await this.connect();
      const mailbox = this.#mailbox;
      if (!mailbox) return;
      const wire = await this.#end.channel.seal(kind, mailbox.next, plaintext);
      if (wire.length !== WIRE_BYTES[kind]) throw new ScankeyError('too-large');
      await mailbox.send(wire);
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  /** Asks the companion to let the session last longer: a vault is made on the phone. */
  extend(): void {
    this.#mailbox?.extend();
  }

  /** Ends the session at the companion, for both sides. */
  close(reason: CloseReason): void {
    this.#mailbox?.close(reason);
  }

  /** Lets go of connection and clock; nothing happens here any more. */
  stop(): void {
    this.#stopped = true;
    this.#callOff();
    this.#mailbox?.stop();
  }

  async #receive(n: number, wire: Bytes): Promise<void> {
    const { channel, messages } = this.#end;
    try {
      const kind = (Object.keys(messages) as In[]).find((one) => WIRE_BYTES[one] === wire.length);
      if (!kind) throw new ScankeyError('bad-message');
      const opened = await channel.open(kind, n, wire);
      await messages[kind]({ ...opened, message: unpack(kind, opened.plaintext) });
    } catch (error) {
      if (codeOf(error, 'not-opened') === 'bad-message') await this.apply({ t: 'bad-message' });
      else await this.#fail(error);
    }
  }

  async #gone(problem: Pick<Problem, 'code' | 'reason'>): Promise<void> {
    const { code, reason } = problem;
    await this.#end.gone?.(problem);
    await this.apply({ t: 'gone', code, ...(reason ? { reason } : {}) });
  }

  async #perform(effect: F): Promise<void> {
    try {
      await this.#end.effects[effect.t as F['t']](effect as never);
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (!this.#end.failed) throw error;
    await this.#end.failed(error);
  }

  async #after(): Promise<void> {
    if (this.live) return this.#schedule();
    this.#callOff();
    if (this.#over || !this.#isTold) return;
    this.#over = true;
    await this.#end.ended?.();
  }

  #schedule(): void {
    this.#callOff();
    if (this.#stopped) return;
    const ms = Math.max(0, nextTick(this.#session) - this.#clock.now());
    this.#callOff = this.#clock.after(ms, () => void this.apply({ t: 'tick' }));
  }
}
