// One WebSocket from its first frame to its end: frames and news one after the other, heartbeat, and bounds.
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { FirstFrame, LaterFrame, LIMITS } from '../../src/protocol/relay.ts';
import { problem, Refusal } from '../http/problems.ts';
import type { Attendant, Line, Present, Services } from './attendant.ts';
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
  let attendant: Attendant | undefined;
  let alive = true;
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;
  const isOpen = () => socket.readyState === socket.OPEN;

  const line: Line = {
    send(frame) {
      if (!isOpen()) return;
      socket.send(JSON.stringify(frame));
      if (socket.bufferedAmount > SLOW_READER_BYTES) socket.terminate();
    },
    refuse(code, extra = {}) {
      attendant?.leave();
      services.events.emit('refused', code, 'relay');
      line.send({ t: 'gone', problem: problem(code, extra) });
      line.hangUp();
    },
    hangUp: () => socket.close(1000),
    enqueue(work) {
      queued += 1;
      queue = queue
        // What was said before hanging up counts: mostly that it is over.
        .then(work)
        .catch((error: unknown) => {
          if (error instanceof Refusal) return line.refuse(error.code, error.extra);
          if (error instanceof v.ValiError || error instanceof SyntaxError) return line.refuse('bad-message');
          failed(error);
          line.refuse('store-unavailable', { retryAfter: 5 });
        })
        .finally(() => {
          queued -= 1;
          // Who has hung up meanwhile hears nothing more.
          if (!isOpen()) attendant?.leave();
        });
    },
  };

  socket.on('error', () => socket.terminate());
  const leave = services.limiters.connections.enter(caller.source.bucket);
  if (!leave || !hasPlace(services)) {
    leave?.();
    line.refuse('busy', { retryAfter: 5 });
    return;
  }

  const present: Present = {
    get is() {
      return attendant?.is ?? 'new';
    },
    makeWay() {
      line.refuse('busy', { retryAfter: 30 });
      setTimeout(() => socket.terminate(), LEAVING_MS);
    },
  };
  services.present.add(present);

  const take = async (text: string): Promise<void> => {
    const frame: unknown = JSON.parse(text);
    if (attendant) return attendant.take(v.parse(LaterFrame, frame));
    attendant = await introduce(v.parse(FirstFrame, frame), { caller, services, line });
    await attendant?.begin();
  };

  const firstFrame = setTimeout(() => !attendant && queued === 0 && line.refuse('bad-message'), LIMITS.firstFrameMs);
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, LIMITS.pingMs);
  /** Counts a frame of any kind. @returns whether it is to be heard */
  const hears = (data: Buffer): boolean => {
    alive = true;
    // What somebody still says who was told that it is over.
    if (!isOpen()) return false;
    const wait = services.limiters.traffic.take(caller.source.bucket, 1 + data.length / 1024);
    if (wait <= 0) return true;
    line.refuse('rate-limited', { retryAfter: Math.ceil(wait / 1000) });
    // Nothing more is read of one who does not listen.
    socket.pause();
    return false;
  };
  socket.on('ping', hears);
  socket.on('pong', hears);
  socket.on('message', (data: Buffer, isBinary) => {
    if (!hears(data)) return;
    // A client that does not wait for answers has nothing to gain from a long queue here.
    if (isBinary || queued > LIMITS.waiting) return line.refuse('bad-message');
    line.enqueue(() => take(String(data)));
  });
  socket.on('close', () => {
    leave();
    services.present.delete(present);
    clearTimeout(firstFrame);
    clearInterval(heartbeat);
    attendant?.leave();
  });
}
