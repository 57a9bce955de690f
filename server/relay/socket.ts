// One WebSocket from its first frame to its end: frames and news one after the other, heartbeat, and bounds. Ten thousand of them wait at the
// same time: each is one object, with one timer.
import * as v from 'valibot';
import { WebSocket } from 'ws';
import type { ProblemCode } from '../../src/protocol/errors.ts';
import { FirstFrame, LaterFrame, LIMITS, type ServerFrame } from '../../src/protocol/relay.ts';
import { type Extra, problem, Refusal } from '../http/problems.ts';
import type { Attendance, Attendant, Line, Present, Services } from './attendant.ts';
import { type Caller, introduce } from './introduce.ts';

const SLOW_READER_BYTES = 64 * 1024;
/** What is said last leaves before that; nobody who is to go can stay longer. */
const LEAVING_MS = 1_000;

/** Where as many are there as may be, whoever came first and is in no sign-in makes way. @returns whether one more may be there */
function hasPlace({ present, limiters }: Services): boolean {
  if (present.size < limiters.connections.most) return true;
  for (const one of present) {
    if (one.is === 'browser' || one.is === 'phone') continue;
    present.delete(one);
    one.makeWay();
    return true;
  }
  return false;
}

/** Serves `socket` until it closes. `failed` hears of errors that are ours, not the client's. */
export function serve(socket: WebSocket, caller: Caller, services: Services, failed: (error: unknown) => void): void {
  socket.on('error', cutOff);
  const connection = new Connection(socket, caller, services, failed);
  if (!connection.enter()) return;
  const hears = (data: Buffer) => connection.hears(data);
  socket.on('ping', hears);
  socket.on('pong', hears);
  socket.on('message', (data: Buffer, isBinary) => connection.message(data, isBinary));
  socket.on('close', () => connection.leave());
}

function cutOff(this: WebSocket): void {
  this.terminate();
}

class Connection implements Line, Present {
  readonly #socket: WebSocket;
  readonly #bucket: string;
  readonly #services: Services;
  readonly #failed: (error: unknown) => void;
  readonly #caller: Caller;
  #attendant: Attendant | undefined;
  /** What is being done, and what is to be done after it. */
  readonly #works: (() => Promise<void>)[] = [];
  #alive = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, caller: Caller, services: Services, failed: (error: unknown) => void) {
    this.#socket = socket;
    this.#caller = caller;
    this.#bucket = caller.source.bucket;
    this.#services = services;
    this.#failed = failed;
  }

  get is(): Attendance {
    return this.#attendant?.is ?? 'new';
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** @returns whether there is a place for it; if not, it was told so */
  enter(): boolean {
    const { connections } = this.#services.limiters;
    const isOneMore = connections.enter(this.#bucket);
    if (!isOneMore || !hasPlace(this.#services)) {
      if (isOneMore) connections.leave(this.#bucket);
      this.refuse('busy', { retryAfter: 5 });
      return false;
    }
    this.#services.present.add(this);
    this.#timer = setTimeout(Connection.#late, LIMITS.firstFrameMs, this);
    return true;
  }

  leave(): void {
    this.#services.limiters.connections.leave(this.#bucket);
    this.#services.present.delete(this);
    clearTimeout(this.#timer);
    this.#attendant?.leave();
  }

  makeWay(): void {
    this.refuse('busy', { retryAfter: 30 });
    setTimeout(() => this.#socket.terminate(), LEAVING_MS);
  }

  send(frame: ServerFrame): void {
    if (!this.#isOpen) return;
    this.#socket.send(JSON.stringify(frame));
    if (this.#socket.bufferedAmount > SLOW_READER_BYTES) this.#socket.terminate();
  }

  refuse(code: ProblemCode, extra: Extra = {}): void {
    this.#attendant?.leave();
    this.#services.events.emit('refused', code, 'relay');
    this.send({ t: 'gone', problem: problem(code, extra) });
    this.hangUp();
  }

  hangUp(): void {
    this.#socket.close(1000);
  }

  enqueue(work: () => Promise<void>): void {
    if (this.#works.push(work) === 1) void this.#workOff();
  }

  async #workOff(): Promise<void> {
    // What has come at once is all there before the first of it is done: an acknowledgement is forgotten with what follows it.
    await undefined;
    for (let work = this.#works[0]; work; work = this.#works[0]) {
      try {
        // What was said before hanging up counts: mostly that it is over.
        await work();
      } catch (error) {
        if (error instanceof Refusal) this.refuse(error.code, error.extra);
        else if (error instanceof v.ValiError || error instanceof SyntaxError) this.refuse('bad-message');
        else {
          this.#failed(error);
          this.refuse('store-unavailable', { retryAfter: 5 });
        }
      }
      this.#works.shift();
      // Who has hung up meanwhile hears nothing more.
      if (!this.#isOpen) this.#attendant?.leave();
    }
  }

  async #take(text: string): Promise<void> {
    const frame: unknown = JSON.parse(text);
    if (this.#attendant) return this.#attendant.take(v.parse(LaterFrame, frame));
    const [caller, services] = [this.#caller, this.#services];
    this.#attendant = await introduce(v.parse(FirstFrame, frame), { caller, services, line: this });
    await this.#attendant?.begin();
  }

  static #late(this: void, connection: Connection): void {
    if (!connection.#attendant && connection.#works.length === 0) connection.refuse('bad-message');
    connection.#timer = setTimeout(Connection.#beat, LIMITS.pingMs - LIMITS.firstFrameMs, connection);
  }

  static #beat(this: void, connection: Connection): void {
    if (connection.#alive) {
      connection.#alive = false;
      connection.#socket.ping();
      connection.#timer = setTimeout(Connection.#beat, LIMITS.pingMs, connection);
    } else connection.#socket.terminate();
  }

  /** Counts a frame of any kind. @returns whether it is to be heard */
  hears(data: Buffer): boolean {
    this.#alive = true;
    // What somebody still says who was told that it is over.
    if (!this.#isOpen) return false;
    const wait = this.#services.limiters.traffic.take(this.#bucket, 1 + data.length / 1024);
    if (wait <= 0) return true;
    this.refuse('rate-limited', { retryAfter: Math.ceil(wait / 1000) });
    // Nothing more is read of one who does not listen.
    this.#socket.pause();
    return false;
  }

  message(data: Buffer, isBinary: boolean): void {
    if (!this.hears(data)) return;
    // A client that does not wait for answers has nothing to gain from a long queue here.
    if (isBinary || this.#works.length > LIMITS.waiting) this.refuse('bad-message');
    else this.enqueue(() => this.#take(String(data)));
  }
}
