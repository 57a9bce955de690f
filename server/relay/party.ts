// One WebSocket of one party: the first frame says who it is, then verbs in, messages out, until either side ends it.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { ProblemCode } from '../../src/protocol/errors.ts';
import { FirstFrame, LaterFrame, LIMITS, type Push, type Role, type ServerFrame } from '../../src/protocol/relay.ts';
import { consume, type Limiters } from '../http/limits.ts';
import { type Extra, problem, Refusal } from '../http/problems.ts';
import type { Pusher } from '../push/push.ts';
import { type Links, topicOf } from './boxes.ts';
import type { Party, Relay } from './relay.ts';

const SLOW_READER_BYTES = 64 * 1024;

type Listening = Extract<FirstFrame, { t: 'listen' }>['boxes'];

export interface Caller {
  /** The role that the Origin header allows. */
  role: Role;
  /** A page of ours where sites are signed in to by who one is: it opens sessions, too, and calls nobody. */
  signsIn: boolean;
  /** What rate limits count by. */
  address: string;
  /** The network for nearness; undefined when it cannot be known. */
  network: string | undefined;
}

/** Whether the Origin's role may say this. */
const allowed = (frame: FirstFrame, { role, signsIn }: Caller): boolean => {
  if (frame.t === 'end-link') return true;
  if (frame.t === 'open' && signsIn) return frame.call === undefined;
  if (frame.t === 'resume') return frame.role === role || signsIn;
  return (frame.t === 'open') === (role === 'b');
};

/** What a connection works with; one for all connections of a companion. */
export interface Services {
  relay: Relay;
  links: Links;
  pusher: Pusher;
  limiters: Limiters;
}

const newNonce = (): string => randomBytes(16).toString('base64url');

/** Serves `socket` until it closes. `failed` hears of errors that are ours, not the client's. */
export function serve(
  socket: WebSocket,
  caller: Caller,
  { relay, links, pusher, limiters }: Services,
  failed: (error: unknown) => void,
): void {
  let party: Party | undefined;
  /** The session's id, and the box of the call that it is for. */
  let sid = '';
  /** What a listening phone listens at. */
  let boxes: Listening | undefined;
  let proving: { nonce: string; push: Push } | undefined;
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
  const finish = (code: ProblemCode, extra: Extra = {}) => {
    unsubscribe();
    if (socket.readyState !== socket.OPEN) return;
    send({ t: 'gone', problem: problem(code, extra) });
    socket.close(1000);
  };

  /** Sends what this side has not been told yet. */
  const push = async () => {
    if (!party || socket.readyState !== socket.OPEN) return;
    const session = await relay.session(party);
    if (!session) {
      const reason = await relay.endOf(party);
      return finish('session-gone', reason ? { reason } : {});
    }
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
    if (!allowed(frame, caller)) throw new Refusal('origin-required');
    if (frame.t === 'listen') return listen(frame.boxes);
    if (frame.t === 'end-link') {
      await links.end(frame.box, frame.why, caller.address);
      send({ t: 'link-ended' });
      return socket.close(1000);
    }
    sid = frame.sid;
    if (frame.t === 'open') {
      await consume(limiters.opens, caller.address);
      const call = frame.call && { ...frame.call, sid };
      if (call) await links.check(call);
      party = await relay.open(frame, caller.network, caller.signsIn);
      send({ t: 'opened' });
      // Said again by a browser that did not hear the answer, a call that was taken up rings no more.
      if (call && !(await relay.session(party))?.phone) await links.call(call);
    } else {
      const left = await limiters.misses.get(caller.address);
      if (left && left.remainingPoints <= 0)
        throw new Refusal('rate-limited', { retryAfter: Math.ceil(left.msBeforeNext / 1000) });
      try {
        if (frame.t === 'join') {
          const joined = await relay.join(frame, caller.network);
          party = joined.party;
          await answered(party);
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
    unsubscribe = relay.store.subscribe(party.key, () => enqueue(push));
    await push();
  };

  /** A call that was answered, or given up, waits no longer. */
  const answered = async (by: Party) => {
    const box = (await relay.session(by))?.box;
    if (box !== undefined) await links.drop(box, sid);
  };

  const listen = async (at: Listening): Promise<void> => {
    await links.listen(at, caller.address);
    boxes = at;
    const stops = at.map(({ box }) => relay.store.subscribe(topicOf(box), () => enqueue(() => tell(at))));
    const leave = links.attend(at);
    unsubscribe = () => {
      for (const stop of stops.splice(0)) stop();
      leave();
      unsubscribe = () => {};
    };
    await tell(at);
  };

  const tell = async (at: Listening) => {
    const frame = await links.waiting(at);
    if (socket.readyState === socket.OPEN && told !== JSON.stringify(frame)) send(frame);
    told = JSON.stringify(frame);
  };

  /** The verbs of a phone that listens. */
  const takeListening = async (at: Listening, frame: LaterFrame): Promise<void> => {
    switch (frame.t) {
      case 'ping':
        return send({ t: 'pong' });
      case 'quiet':
        if (at.some(({ box }) => box === frame.box)) await links.quiet(frame.box);
        return;
      case 'push':
        await consume(limiters.pushes, caller.address);
        proving = { nonce: newNonce(), push: frame.push };
        // What cannot be reached proves nothing; what can, comes back as an echo.
        if ((await pusher.sendTo(frame.push, proving.nonce)) !== 'sent') send({ t: 'pushing', on: false });
        return;
      case 'echo': {
        const proved = proving?.nonce === frame.nonce ? proving.push : undefined;
        proving = undefined;
        if (proved) await links.reach(at, proved);
        return send({ t: 'pushing', on: proved !== undefined });
      }
      default:
        throw new Refusal('out-of-order');
    }
  };

  const take = async (text: string): Promise<void> => {
    if (!party && !boxes) return introduce(text);
    const frame = v.parse(LaterFrame, JSON.parse(text));
    if (boxes) return takeListening(boxes, frame);
    if (!party) return;
    if (frame.t === 'push' || frame.t === 'echo' || frame.t === 'quiet') throw new Refusal('out-of-order');
    if (frame.t === 'send') {
      await relay.send(party, frame);
      send({ t: 'acked', n: frame.n });
    } else if (frame.t === 'ack') await relay.ack(party, frame.n);
    else if (frame.t === 'close') {
      await answered(party);
      await relay.end(party, frame.reason);
    } else send({ t: 'pong' });
  };

  const enqueue = (work: () => Promise<void>) => {
    queued += 1;
    queue = queue
      // What was said before hanging up counts: mostly that it is over.
      .then(work)
      .catch((error: unknown) => {
        if (error instanceof Refusal) return finish(error.code, error.extra);
        if (error instanceof v.ValiError || error instanceof SyntaxError) return finish('bad-message');
        failed(error);
        finish('store-unavailable', { retryAfter: 5 });
      })
      .finally(() => {
        queued -= 1;
        // Who has hung up meanwhile hears nothing more.
        if (socket.readyState !== socket.OPEN) unsubscribe();
      });
  };

  const firstFrame = setTimeout(() => !party && !boxes && queued === 0 && finish('bad-message'), LIMITS.firstFrameMs);
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
