// The first frame of a connection: whether its Origin may say that, and what the connection is from then on.
import type { FirstFrame, Role } from '../../src/protocol/relay.ts';
import type { Source } from '../http/addresses.ts';
import { consume, look } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import type { Attendant, Line, Services } from './attendant.ts';
import { endRequest, InSession } from './in-session.ts';
import { Listener } from './listener.ts';

/** Longer than any look into the store takes. */
const REFUSED_AFTER_MS = 100;

export interface Caller {
  /** The role that the Origin header allows. */
  role: Role;
  /** A page of ours where sites are signed in to by who one is: it opens sessions, too, and asks no phone. */
  signsIn: boolean;
  source: Source;
}

type First<T extends FirstFrame['t']> = Extract<FirstFrame, { t: T }>;

/** A connection that has just come. */
interface Arrival {
  caller: Caller;
  services: Services;
  line: Line;
}

const allowed = (frame: FirstFrame, { role, signsIn }: Caller): boolean => {
  if (frame.t === 'end-link') return true;
  if (frame.t === 'open' && signsIn) return frame.call === undefined;
  if (frame.t === 'resume') return frame.role === role || signsIn;
  return (frame.t === 'open') === (role === 'b');
};

/** @returns what this connection is; undefined when everything was said @throws Refusal */
export async function introduce(frame: FirstFrame, arrival: Arrival): Promise<Attendant | undefined> {
  const { caller, services, line } = arrival;
  if (!allowed(frame, caller)) throw new Refusal('origin-required');
  switch (frame.t) {
    case 'open':
      return open(frame, arrival);
    case 'join':
      return guessing(arrival, () => join(frame, arrival));
    case 'resume':
      return guessing(arrival, () => resume(frame, arrival));
    case 'listen':
      return new Listener(frame.boxes, caller.source.bucket, services, line);
    case 'end-link':
      await services.boxes.end(frame.box, frame.why, caller.source.bucket);
      line.send({ t: 'link-ended' });
      line.hangUp();
  }
}

async function open(frame: First<'open'>, { caller, services, line }: Arrival): Promise<Attendant> {
  const { relay, boxes, limiters } = services;
  await consume(limiters.opens, caller.source.bucket);
  const request = frame.call && { ...frame.call, sid: frame.sid };
  if (request) await boxes.check(request);
  const party = await relay.open(frame, { networks: caller.source.networks, signsIn: caller.signsIn });
  line.send({ t: 'opened' });
  // Said again by a browser that did not hear the answer, a request that was taken up is not made anew.
  if (request && !(await relay.session(frame.sid))?.phone) await boxes.add(request);
  return new InSession(party, -1, services, line);
}

/** Each try that finds no session counts against those who guess, and is refused no sooner for what there was to be looked at. */
async function guessing<T>({ caller, services }: Arrival, work: () => Promise<T>): Promise<T> {
  const { misses } = services.limiters;
  await look(misses, caller.source.bucket);
  const told = Promise.withResolvers<void>();
  const telling = setTimeout(told.resolve, REFUSED_AFTER_MS);
  try {
    return await work();
  } catch (error) {
    // Who is told why it has ended was in it, and guesses nothing.
    if (error instanceof Refusal && error.code === 'session-gone' && error.extra.reason === undefined) {
      await misses.consume(caller.source.bucket).catch(() => {});
      await told.promise;
    }
    throw error;
  } finally {
    clearTimeout(telling);
  }
}

async function join(frame: First<'join'>, { caller, services, line }: Arrival): Promise<Attendant> {
  const { party, pk, near } = await services.relay.join(frame, caller.source.networks);
  await endRequest(services, party);
  line.send({ t: 'joined', pk, near });
  return new InSession(party, -1, services, line);
}

async function resume(frame: First<'resume'>, { caller, services, line }: Arrival): Promise<Attendant> {
  const { party, next } = await services.relay.resume(frame, caller.source.networks);
  line.send({ t: 'resumed', next });
  return new InSession(party, frame.lastSeen, services, line);
}
