// One party's side of the relay's mailbox: resumes, and loses or repeats nothing. The caller brings the socket and keeps `mail`; what is to be sent is saved before it is sent, so a process may die at any moment.
import * as v from 'valibot';
import type { Clock } from './clock.ts';
import { Connection, type ConnectionOptions, type Socket } from './connection.ts';
import { fromBase64, sha256, toBase64, utf8 } from './encoding.ts';
import type { CloseReason, FirstFrame, Problem, ServerFrame } from './relay.ts';

/** What survives a restart; kept by the caller, changed only here. */
export const Mail = v.object({
  /** 32 random bytes, base64url. */
  token: v.string(),
  /** The relay has accepted `open` or `join`. */
  known: v.boolean(),
  /** SHA-256 of each message taken from the other side, by number. */
  seen: v.array(v.string()),
  /** The number of the next message to send. */
  next: v.number(),
  /** Messages that the relay has not confirmed yet. */
  outbox: v.array(v.object({ n: v.number(), m: v.string() })),
  /** The relay was asked to let the session last longer. */
  extended: v.exactOptional(v.boolean()),
});
export type Mail = v.InferOutput<typeof Mail>;

export const newMail = (token: string): Mail => ({ token, known: false, seen: [], next: 0, outbox: [] });

/** SHA-256 of a token as the relay knows it, base64url. */
export const tokenHash = async (token: string): Promise<string> => toBase64(await sha256(utf8(token)));

export interface MailboxOptions {
  connect(): Socket;
  clock?: Clock;
  mail: Mail;
  /** The frame that introduces this party as long as the relay does not know it. */
  introduction: Extract<FirstFrame, { t: 'open' | 'join' }>;
  role: 'b' | 'p';
  /** Keeps `mail`; awaited before anything leaves. */
  save(mail: Mail): Promise<void>;
  /** A message of the other side, in order. Resolves once it may be forgotten by the relay. */
  onMessage(n: number, wire: Uint8Array<ArrayBuffer>): Promise<void>;
  onJoined?(frame: Extract<ServerFrame, { t: 'joined' }>): Promise<void>;
  onPeer?(frame: Extract<ServerFrame, { t: 'peer' }>): Promise<void>;
  onStatus?(up: boolean): void;
  /** The session has no mailbox any more; nothing follows. */
  onGone(problem: Pick<Problem, 'code' | 'reason'>): Promise<void>;
}

export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #connection: Connection;

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#connection = new Connection({
      connect: options.connect,
      ...(options.clock ? { clock: options.clock } : {}),
      introduction: () => this.#introduction(),
      onFrame: (frame) => this.#take(frame),
      onGone: options.onGone,
      ...(options.onStatus ? { onStatus: options.onStatus } : {}),
    });
  }

  /** Whether the relay answers. */
  get up(): boolean {
    return this.#connection.up;
  }

  /** The number that the next message will have: it is sealed into it. */
  get next(): number {
    return this.#options.mail.next;
  }

  /** Sends a sealed message; resolves once it is saved, and it arrives even if the connection or the process fails. */
  async send(wire: Uint8Array): Promise<void> {
    const { mail, save } = this.#options;
    const message = { n: mail.next, m: toBase64(wire) };
    mail.next += 1;
    mail.outbox.push(message);
    await save(mail);
    this.#connection.send({ t: 'send', ...message });
  }

  /** Asks the relay to let the session last longer, and again after each break; saved with the next message. */
  extend(): void {
    this.#options.mail.extended = true;
    this.#connection.send({ t: 'extend' });
  }

  /** Ends the session for both sides, if the relay can be reached, and stops. A session that it never heard of just ends. */
  close(reason: CloseReason): void {
    if (this.#options.mail.known || this.#connection.introduced) this.#connection.finish({ t: 'close', reason });
    else this.stop();
  }

  /** Lets go of the connection; the session stays. */
  stop(): void {
    this.#connection.stop();
  }

  #introduction(): FirstFrame {
    const { mail, introduction, role } = this.#options;
    if (!mail.known) return introduction;
    return { t: 'resume', sid: introduction.sid, role, token: mail.token, lastSeen: mail.seen.length - 1 };
  }

  async #take(frame: Parameters<ConnectionOptions['onFrame']>[0]): Promise<void> {
    const { mail, save } = this.#options;
    switch (frame.t) {
      case 'opened':
      case 'joined':
      case 'resumed':
        if (!mail.known) {
          mail.known = true;
          await save(mail);
        }
        if (mail.extended) this.#connection.send({ t: 'extend' });
        for (const message of mail.outbox) this.#connection.send({ t: 'send', ...message });
        if (frame.t === 'joined') await this.#options.onJoined?.(frame);
        return;
      case 'peer':
        return this.#options.onPeer?.(frame);
      case 'acked':
        mail.outbox = mail.outbox.filter((message) => message.n !== frame.n);
        return save(mail);
      case 'msg':
        return this.#receive(frame.n, frame.m);
      default:
        return this.#connection.end({ code: 'bad-message' });
    }
  }

  async #receive(n: number, m: string): Promise<void> {
    const { mail, save } = this.#options;
    const wire = fromBase64(m);
    const hash = toBase64(await sha256(wire));
    if (n > mail.seen.length) return this.#connection.end({ code: 'out-of-order' });
    if (n < mail.seen.length) {
      if (mail.seen[n] === hash) this.#connection.send({ t: 'ack', n });
      else await this.#connection.end({ code: 'conflict' });
      return;
    }
    await this.#options.onMessage(n, wire);
    mail.seen.push(hash);
    await save(mail);
    this.#connection.send({ t: 'ack', n });
  }
}
