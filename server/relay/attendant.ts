// What stands behind one connection: what it can say to the other end, and what it is once its first frame was accepted.
import type { ProblemCode } from '../../src/protocol/errors.ts';
import type { LaterFrame, ServerFrame } from '../../src/protocol/relay.ts';
import type { Events } from '../http/events.ts';
import type { Limiters } from '../http/limits.ts';
import type { Extra } from '../http/problems.ts';
import type { Pusher } from '../push/pusher.ts';
import type { Boxes } from './boxes.ts';
import type { Relay } from './relay.ts';

/** The other end of a connection. What is said to one that has hung up goes nowhere. */
export interface Line {
  send(frame: ServerFrame): void;
  /** Says why it is over, and hangs up. */
  refuse(code: ProblemCode, extra?: Extra): void;
  hangUp(): void;
  /** Does `work` after everything that came before it on this connection. */
  enqueue(work: () => Promise<void>): void;
}

/** What a connection is just now: not known yet, a browser that waits for its phone or has it, a phone in a session or at its boxes. */
export const ATTENDANCE = ['new', 'waiting', 'browser', 'phone', 'listening'] as const;
export type Attendance = (typeof ATTENDANCE)[number];

/** A connection that is open, for whoever counts them or has to end one. */
export interface Present {
  readonly is: Attendance;
  /** Says that there is no place left, and hangs up. */
  makeWay(): void;
}

/** One party of a session, or a phone that listens. */
export interface Attendant {
  readonly is: Attendance;
  /** Says what there is to say, now and whenever that changes. */
  begin(): Promise<void>;
  /** @throws Refusal, which ends the connection */
  take(frame: LaterFrame): Promise<void>;
  /** The connection is over. */
  leave(): void;
}

/** What connections work with; the same for all of a companion. */
export interface Services {
  relay: Relay;
  boxes: Boxes;
  pusher: Pusher;
  limiters: Limiters;
  events: Events;
  /** Every connection that is open, in the order in which they came. */
  present: Set<Present>;
}
