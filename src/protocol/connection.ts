// A connection to the relay that comes back by itself: backs off, notices silence, and takes frames one after the other.
import * as v from 'valibot';
import { type Clock, systemClock } from './clock.ts';
import { type FirstFrame, type LaterFrame, LIMITS, type Problem, ServerFrame } from './relay.ts';

/** The part of `WebSocket` that is used. */
export interface Socket {
  send(data: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: never) => void) | null;
}

/** Address of the relay of the companion at `origin`. */
export function relayUrl(origin: string): URL {
  const url = new URL('/v1/relay', origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

export interface ConnectionOptions {
  connect(): Socket;
  clock?: Clock;
  /** Who speaks; asked again for each connection. */
  introduction(): FirstFrame;
  /** A frame that is no refusal, wholly taken before the next one. */
  onFrame(frame: Exclude<ServerFrame, { t: 'gone' | 'pong' }>): Promise<void>;
  onStatus?(up: boolean): void;
  /** The companion wants no more of this; nothing follows. */
  onGone(problem: Pick<Problem, 'code' | 'reason'>): Promise<void>;
}

/** How long a last word waits for a relay that does not answer. */
const LAST_WORD_MS = 10_000;

/**
 * How long after a break the next try comes at the latest, doubled with each; at any moment before, or all who lost one companion would
 * come to the next at once. Somebody stands before the screen and waits: never long.
 */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 4_500;

const RETRY_CODES = ['rate-limited', 'busy', 'store-unavailable'];

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #ready = false;
  #stopped = false;
  #introduced = false;
  #last: LaterFrame | undefined;
  #tries = 0;
  #queue: Promise<void> = Promise.resolve();
  #callOffRetry = () => {};
  #callOffPing = () => {};
  #heardAt = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#connect();
  }

  /** Whether the relay has taken the introduction. */
  get up(): boolean {
    return this.#ready;
  }

  /** Whether the relay may have heard of this party. */
  get introduced(): boolean {
    return this.#introduced;
  }

  /** Sends `frame` if the line is up; whoever needs more keeps it and sends it again. */
  send(frame: LaterFrame): void {
    if (this.#ready) this.#socket?.send(JSON.stringify(frame));
  }

  /** Lets go of the connection for good; once `finish` has been called, that happens by itself. */
  stop(): void {
    if (!this.#last) this.#letGo();
  }

  #letGo(): void {
    this.#stopped = true;
    this.#callOffRetry();
    this.#drop();
  }

  /** Says `frame`, at the latest when the relay has taken the introduction, and lets go; the caller hears nothing any more. */
  finish(frame: LaterFrame): void {
    if (this.#stopped || this.#last) return;
    this.send(frame);
    if (this.#ready) this.#letGo();
    else {
      this.#last = frame;
      this.#clock.after(LAST_WORD_MS, () => this.#letGo());
    }
  }

  /** Ends the line as the companion would. */
  async end(problem: Pick<Problem, 'code' | 'reason'>): Promise<void> {
    if (this.#stopped) return;
    this.#letGo();
    if (!this.#last) await this.#options.onGone(problem);
  }

  #drop(): void {
    this.#ready = false;
    this.#callOffPing();
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #connect(): void {
    const socket = this.#options.connect();
    this.#socket = socket;
    this.#heardAt = this.#clock.now();
    socket.onopen = () => {
      this.#introduced = true;
      socket.send(JSON.stringify(this.#options.introduction()));
    };
    socket.onmessage = ({ data }) => {
      this.#heardAt = this.#clock.now();
      // Frames are taken one after the other, each wholly, whatever the handlers await.
      // What could not be taken comes again on the next connection.
      this.#queue = this.#queue.then(() => this.#take(socket, data)).catch(() => this.#again());
    };
    socket.onclose = () => this.#again();
    // Traffic also keeps an extension's worker alive, as long as a session needs it.
    this.#pingLater();
  }

  #pingLater(): void {
    this.#callOffPing();
    this.#callOffPing = this.#clock.after(LIMITS.pingMs, () => {
      if (this.#clock.now() - this.#heardAt > 2 * LIMITS.pingMs) return this.#again();
      this.send({ t: 'ping' });
      this.#pingLater();
    });
  }

  #again(seconds?: number): void {
    this.#drop();
    if (this.#stopped) return;
    if (!this.#last) this.#options.onStatus?.(false);
    const backoff = Math.min(FIRST_RETRY_MS * 2 ** this.#tries++, LAST_RETRY_MS) * Math.random();
    this.#callOffRetry();
    this.#callOffRetry = this.#clock.after((seconds ?? 0) * 1000 + backoff, () => this.#connect());
  }

  async #take(socket: Socket, data: unknown): Promise<void> {
    if (this.#stopped) return;
    let frame: ServerFrame;
    try {
      frame = v.parse(ServerFrame, JSON.parse(String(data)));
    } catch {
      return this.end({ code: 'bad-message' });
    }
    // The companion's last word counts, also when the connection closed while an earlier frame was being taken: nobody repeats it.
    if (frame.t === 'pong' || (frame.t !== 'gone' && socket !== this.#socket)) return;
    if (frame.t === 'gone') {
      if (RETRY_CODES.includes(frame.problem.code)) return this.#again(frame.problem.retryAfter);
      return this.end(frame.problem);
    }
    if (!this.#ready) {
      this.#tries = 0;
      this.#ready = true;
      if (this.#last) {
        this.send(this.#last);
        this.#letGo();
        return;
      }
      await this.#options.onFrame(frame);
      this.#options.onStatus?.(true);
    } else await this.#options.onFrame(frame);
  }
}
