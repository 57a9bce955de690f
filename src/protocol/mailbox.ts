// One party's side of the relay's mailbox: keeps a connection, resumes, and loses or repeats nothing. The caller brings
// the socket and keeps `mail`; what is to be sent is saved before it is sent, so a process may die at any moment.
import * as v from 'valibot';
import { fromBase64, sha256, toBase64, utf8 } from './encoding.ts';
import { type CloseReason, type FirstFrame, type LaterFrame, LIMITS, type Problem, ServerFrame } from './relay.ts';

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
});
export type Mail = v.InferOutput<typeof Mail>;

export const newMail = (token: string): Mail => ({ token, known: false, seen: [], next: 0, outbox: [] });

/** SHA-256 of a token as the relay knows it, base64url. */
export const tokenHash = async (token: string): Promise<string> => toBase64(await sha256(utf8(token)));

/** The part of `WebSocket` that is used. */
export interface Socket {
  send(data: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: never) => void) | null;
}

export interface MailboxOptions {
  connect(): Socket;
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

const RETRY_CODES = ['rate-limited', 'busy', 'store-unavailable'];

export class Mailbox {
  readonly #options: MailboxOptions;
  #socket: Socket | undefined;
  #ready = false;
  #stopped = false;
  #tries = 0;
  #queue: Promise<void> = Promise.resolve();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Whether the relay answers. */
  get up(): boolean {
    return this.#ready;
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
    this.#transmit({ t: 'send', ...message });
  }

  /** Ends the session for both sides, if the relay can be reached, and stops. */
  close(reason: CloseReason): void {
    this.#transmit({ t: 'close', reason });
    this.stop();
  }

  /** Lets go of the connection; the session stays. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#drop();
  }

  #drop(): void {
    this.#ready = false;
    clearInterval(this.#ping);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #transmit(frame: LaterFrame): void {
    if (this.#ready) this.#socket?.send(JSON.stringify(frame));
  }

  #connect(): void {
    const socket = this.#options.connect();
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onopen = () => socket.send(JSON.stringify(this.#firstFrame()));
    socket.onmessage = ({ data }) => {
      this.#heardAt = Date.now();
      // Frames are taken one after the other, each wholly, whatever the handlers await.
      this.#queue = this.#queue.then(() => this.#take(socket, data));
    };
    socket.onclose = () => this.#again();
    // Traffic also keeps an extension's worker alive, as long as a session needs it.
    this.#ping = setInterval(() => {
      if (Date.now() - this.#heardAt > 2 * LIMITS.pingMs) this.#again();
      else this.#transmit({ t: 'ping' });
    }, LIMITS.pingMs);
  }

  #firstFrame(): FirstFrame {
    const { mail, introduction, role } = this.#options;
    if (!mail.known) return introduction;
    return { t: 'resume', sid: introduction.sid, role, token: mail.token, lastSeen: mail.seen.length - 1 };
  }

  #again(seconds?: number): void {
    this.#drop();
    if (this.#stopped) return;
    this.#options.onStatus?.(false);
    const backoff = Math.min(500 * 2 ** this.#tries++, 15_000) * (0.5 + Math.random());
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), Math.max(backoff, (seconds ?? 0) * 1000));
  }

  async #take(socket: Socket, data: unknown): Promise<void> {
    if (this.#stopped || socket !== this.#socket) return;
    let frame: ServerFrame;
    try {
      frame = v.parse(ServerFrame, JSON.parse(String(data)));
    } catch {
      return this.#end({ code: 'bad-message' });
    }
    const { mail, save } = this.#options;
    switch (frame.t) {
      case 'opened':
      case 'joined':
      case 'resumed':
        if (!mail.known) {
          mail.known = true;
          await save(mail);
        }
        this.#tries = 0;
        this.#ready = true;
        this.#options.onStatus?.(true);
        for (const message of mail.outbox) this.#transmit({ t: 'send', ...message });
        if (frame.t === 'joined') await this.#options.onJoined?.(frame);
        return;
      case 'peer':
        return this.#options.onPeer?.(frame);
      case 'acked':
        mail.outbox = mail.outbox.filter((message) => message.n !== frame.n);
        return save(mail);
      case 'msg':
        return this.#receive(frame.n, frame.m);
      case 'gone':
        if (RETRY_CODES.includes(frame.problem.code)) return this.#again(frame.problem.retryAfter);
        return this.#end(frame.problem);
      case 'pong':
    }
  }

  async #receive(n: number, m: string): Promise<void> {
    const { mail, save } = this.#options;
    const wire = fromBase64(m);
    const hash = toBase64(await sha256(wire));
    if (n > mail.seen.length) return this.#end({ code: 'out-of-order' });
    if (n < mail.seen.length) {
      if (mail.seen[n] === hash) this.#transmit({ t: 'ack', n });
      else await this.#end({ code: 'conflict' });
      return;
    }
    await this.#options.onMessage(n, wire);
    mail.seen.push(hash);
    await save(mail);
    this.#transmit({ t: 'ack', n });
  }

  async #end(problem: Pick<Problem, 'code' | 'reason'>): Promise<void> {
    if (this.#stopped) return;
    this.stop();
    await this.#options.onGone(problem);
  }
}
