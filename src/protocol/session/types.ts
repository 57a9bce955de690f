// The life of a sign-in: its states, ends and times, and what an event leads to. The two machines are in browser.ts and phone.ts.
import type { Code } from '../errors.ts';
import type { Message } from '../messages.ts';
import type { Result } from '../outcomes.ts';
import { type Evidence, HOLD_MS, type ProximityStep } from '../proximity.ts';
import type { CloseReason } from '../relay.ts';
import type { Release } from './answer.ts';

export const TIMES = {
  /** How long one code stays on screen; it can be joined until LIMITS.joinableMs. */
  shownMs: 60_000,
  helloMs: 20_000,
  personMs: 120_000,
  deliverMs: 30_000,
  outcomeMs: 60_000,
  /** The phone's hold, and what its answer takes on its way. */
  heldMs: HOLD_MS + 5_000,
  /** The phone's wait for an outcome: delivery and outcome together. */
  answerMs: 95_000,
} as const;

export const ENDS = ['done', 'denied', 'expired', 'cancelled', 'failed'] as const;
export const BROWSER_STATES = [
  'created',
  'joined',
  'requested',
  'setting-up',
  'holding',
  'approved',
  'delivering',
  'filled',
  ...ENDS,
] as const;
export const PHONE_STATES = [
  'scanned',
  'joining',
  'waiting',
  'asking',
  'setting-up',
  'holding',
  'confirming',
  'sealed',
  ...ENDS,
] as const;
export type BrowserState = (typeof BROWSER_STATES)[number];
export type PhoneState = (typeof PHONE_STATES)[number];
interface Common {
  startedAt: number;
  /** Milliseconds since 1970 at which this state ends by itself. */
  deadline: number;
  /** Messages that did not open or came out of shape; the third ends the session. */
  strikes: number;
  /** The `attempt` of the newest hello, 0 before the first. */
  attempt: number;
  /** A vault is made on the phone, or was: it may last until LIMITS.setUpMs. */
  extended?: boolean;
  /** Why it ended, for `failed` and `expired`. */
  code?: Code;
  /** How the sign-in went, for `done`. */
  result?: Result;
  /** The site's own words about that. */
  text?: string;
}

export interface BrowserSession extends Common {
  role: 'browser';
  state: BrowserState;
  /** How far the one-time code of this sign-in has come, if the page asked for one. */
  otp?: 'asked' | 'given';
}

/** A request as it is on the phone's screen. */
export interface Shown {
  /** `requestHash` of it. */
  hash: string;
  request: Message<'request'>;
}

export interface PhoneSession extends Common {
  role: 'phone';
  state: PhoneState;
  /** Nothing but a remembered browser's key counts until the relay has answered the join. */
  evidence: Evidence;
  /** Steps that the person has taken; the camera counts from the start when it found the code. */
  passed: readonly ProximityStep[];
  wrongDigits: number;
  /** What is on the screen; a tap counts for this one alone. */
  shown?: Shown;
  /** What the tap released, sealed for nobody yet, while the hold runs. In memory only. */
  held?: Release;
  /** The tap covers a one-time code that the site may ask for afterwards. */
  laterCode: boolean;
  /** A one-time code was asked for in the course of this sign-in. */
  otp?: boolean;
}

export type Session = BrowserSession | PhoneSession;

/** What may happen to either side. */
export type CommonEvent =
  | { t: 'bad-message' }
  | { t: 'cancel' }
  | { t: 'gone'; code: Code; reason?: CloseReason }
  | { t: 'tick' };

/** What an event leads to; `refused` says that it had no place here and changed nothing. */
export interface Transition<S extends Session, F> {
  session: S;
  effects: readonly F[];
  refused?: 'out-of-order' | 'session-gone';
}
