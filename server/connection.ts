// One WebSocket of one party: the first frame says who it is, then verbs in, messages out, until either side ends it.
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { ProblemCode } from '../src/protocol/errors.ts';
import {
  type CloseReason,
  FirstFrame,
  LaterFrame,
  LIMITS,
  type Role,
  type ServerFrame,
} from '../src/protocol/relay.ts';
import { problem, Refusal } from './problems.ts';
import type { Party, Relay } from './relay.ts';

const SLOW_READER_BYTES = 64 * 1024;
const REASONS: readonly string[] = ['cancelled', 'denied', 'done', 'failed'] satisfies CloseReason[];

export interface Caller {
  /** The role that the Origin header allows. */
  role: Role;
  /** What rate limits count by. */
  address: string;
  /** The network for nearness; undefined when it cannot be known. */
  network: string | undefined;
}

export interface Limiters {
  /** Consumed by each `open`. */
  opens: RateLimiterMemory;
  /** Consumed by each join or resume that found nothing. */
  misses: RateLimiterMemory;
  /** Open connections by address. */
  connections: Map<string, number>;
}

/** Takes one point from `limiter`. @throws Refusal `rate-limited` when none is left */
export async function consume(limiter: RateLimiterMemory, address: string): Promise<void> {
  await limiter.consume(address).catch((rejected: { msBeforeNext?: number }) => {
    throw new Refusal('rate-limited', { retryAfter: Math.ceil((rejected.msBeforeNext ?? 1000) / 1000) });
  });
}

/** Serves `socket` until it closes. `failed` hears of errors that are ours, not the client's. */
export function serve(
  socket: WebSocket,
  caller: Caller,
  relay: Relay,
  limiters: Limiters,
  failed: (error: unknown) => void,
): void {
  let party: Party | undefined;
  let unsubscribe = () => {};
  let pushed = -1;
  let told = '';
  let alive = true;
  // Everything on a connection happens one after the other: verbs and pushes alike.
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;

  const send = (frame: ServerFrame) => {
    socket.send(JSON.stringify(frame));
    if (socket.bufferedAmount > SLOW_READER_BYTES) socket.terminate();
  };
  const finish = (code: ProblemCode, extra: { reason?: CloseReason; retryAfter?: number } = {}) => {
    unsubscribe();
    if (socket.readyState !== socket.OPEN) return;
    send({ t: 'gone', problem: problem(code, extra) });
    socket.close(1000);
  };

  /** Sends what this side has not been told yet. */
  const push = async (note: string) => {
    if (!party || socket.readyState !== socket.OPEN) return;
    const session = await relay.session(party);
    if (!session) return finish('session-gone', REASONS.includes(note) ? { reason: note as CloseReason } : {});
    if (party.role === 'b' && session.phone) {
      const frame = { t: 'peer', near: session.phone.near, second: session.second } as const;
      if (told !== JSON.stringify(frame)) send(frame);
      told = JSON.stringify(frame);
    }
    for (const message of session[party.role === 'b' ? 'p' : 'b'].waiting) {
      if (message.n <= pushed) continue;
      send({ t: 'msg', n: message.n, m: message.m });
      pushed = message.n;
    }
  };

  const { connections } = limiters;
  const others = connections.get(caller.address) ?? 0;
  socket.on('error', () => socket.terminate());
  if (others >= LIMITS.connections) {
    finish('busy', { retryAfter: 5 });
    return;
  }
  connections.set(caller.address, others + 1);

  const introduce = async (text: string): Promise<void> => {
    const frame = v.parse(FirstFrame, JSON.parse(text));
    if (caller.role !== (frame.t === 'open' ? 'b' : frame.t === 'join' ? 'p' : frame.role))
      throw new Refusal('origin-required');
    if (frame.t === 'open') {
      await consume(limiters.opens, caller.address);
      party = await relay.open(frame, caller.network);
      send({ t: 'opened' });
    } else {
      const left = await limiters.misses.get(caller.address);
      if (left && left.remainingPoints <= 0)
        throw new Refusal('rate-limited', { retryAfter: Math.ceil(left.msBeforeNext / 1000) });
      try {
        if (frame.t === 'join') {
          const joined = await relay.join(frame, caller.network);
          party = joined.party;
          send({ t: 'joined', pk: joined.pk, near: joined.near });
        } else {
          const resumed = await relay.resume(frame, caller.network);
          party = resumed.party;
          pushed = frame.lastSeen;
          send({ t: 'resumed', next: resumed.next });
        }
      } catch (error) {
        if (error instanceof Refusal && error.code === 'session-gone')
          await limiters.misses.consume(caller.address).catch(() => {});
        throw error;
      }
    }
    unsubscribe = relay.store.subscribe(party.key, (note) => enqueue(() => push(note)));
    await push('');
  };

  const take = async (text: string): Promise<void> => {
    if (!party) return introduce(text);
    const frame = v.parse(LaterFrame, JSON.parse(text));
    if (frame.t === 'send') {
      await relay.send(party, frame);
      send({ t: 'acked', n: frame.n });
    } else if (frame.t === 'ack') await relay.ack(party, frame.n);
    else if (frame.t === 'close') await relay.end(party, frame.reason);
    else send({ t: 'pong' });
  };

  const enqueue = (work: () => Promise<void>) => {
    queued += 1;
    queue = queue
      .then(() => (socket.readyState === socket.OPEN ? work() : undefined))
      .catch((error: unknown) => {
        if (error instanceof Refusal)
          return finish(error.code, error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter });
        if (error instanceof v.ValiError || error instanceof SyntaxError) return finish('bad-message');
        failed(error);
        finish('store-unavailable', { retryAfter: 5 });
      })
      .finally(() => {
        queued -= 1;
      });
  };

  const firstFrame = setTimeout(() => !party && queued === 0 && finish('bad-message'), LIMITS.firstFrameMs);
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, LIMITS.pingMs);
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('message', (data, isBinary) => {
    alive = true;
    // A client that does not wait for answers has nothing to gain from a long queue here.
    if (isBinary || queued > LIMITS.waiting) return finish('bad-message');
    enqueue(() => take(String(data)));
  });
  socket.on('close', () => {
    const left = (connections.get(caller.address) ?? 1) - 1;
    if (left > 0) connections.set(caller.address, left);
    else connections.delete(caller.address);
    clearTimeout(firstFrame);
    clearInterval(heartbeat);
    unsubscribe();
  });
}
