// The life of a sign-in, seen from the browser and from the phone: one pure function, two tables. It decides and does
// nothing; the background worker and the phone page carry out the effects it names. docs/protocol.md shows the tables.
import type { Code } from '../errors.ts';
import { DIGIT_TRIES, type Evidence, type Guard, HOLD_MS, type ProximityStep, stepsFor } from '../proximity.ts';
import { type CloseReason, LIMITS } from '../relay.ts';

export const TIMES = {
  /** How long one code stays on screen; it can be joined until LIMITS.joinableMs. */
  shownMs: 60_000,
  helloMs: 20_000,
  personMs: 120_000,
  deliverMs: 30_000,
  outcomeMs: 60_000,
  /** The phone's wait for an outcome: delivery and outcome together. */
  answerMs: 95_000,
} as const;

export const ENDS = ['done', 'denied', 'expired', 'cancelled', 'failed'] as const;
export const BROWSER_STATES = ['created', 'joined', 'requested', 'approved', 'delivering', 'filled', ...ENDS] as const;
export const PHONE_STATES = [
  'scanned',
  'joining',
  'waiting',
  'asking',
  'holding',
  'confirming',
  'sealed',
  ...ENDS,
] as const;
export type BrowserState = (typeof BROWSER_STATES)[number];
export type PhoneState = (typeof PHONE_STATES)[number];
/** How a sign-in ended. `entered`: a new password stands in its fields; `saved`: a typed login is in the vault. */
export const RESULTS = ['signed-in', 'refused', 'more', 'cannot-tell', 'not-filled', 'entered', 'saved'] as const;
export type Result = (typeof RESULTS)[number];

/** What a browser wants to have saved: a login typed by hand, one for a new account, or a changed password. */
export const SAVES = ['login', 'new', 'changed'] as const;

interface Common {
  startedAt: number;
  /** Milliseconds since 1970 at which this state ends by itself. */
  deadline: number;
  /** Messages that did not open or came out of shape; the third ends the session. */
  strikes: number;
  /** The `attempt` of the newest hello, 0 before the first. */
  attempt: number;
  /** Why it ended, for `failed` and `expired`. */
  code?: Code;
  /** How the sign-in went, for `done`. */
  result?: Result;
}

export interface BrowserSession extends Common {
  role: 'browser';
  state: BrowserState;
  /** How far the one-time code of this sign-in has come, if the page asked for one. */
  otp?: 'asked' | 'given';
}

export interface PhoneSession extends Common {
  role: 'phone';
  state: PhoneState;
  /** Nothing but a remembered browser's key counts until the relay has answered the join. */
  evidence: Evidence;
  /** Steps that the person has taken; the camera counts from the start when it found the code. */
  passed: readonly ProximityStep[];
  wrongDigits: number;
  /** A one-time code was asked for in the course of this sign-in. */
  otp?: boolean;
}

export type Session = BrowserSession | PhoneSession;

export type BrowserEvent =
  | { t: 'joined' }
  | { t: 'hello'; attempt: number }
  | { t: 'credential' }
  /** The phone has put the typed login into its vault. */
  | { t: 'saved' }
  /** With a code when the phone stopped for another reason than the person's word. */
  | { t: 'denied'; code?: Code }
  | { t: 'tab-ok' }
  | { t: 'tab-moved' }
  /** One step of several was filled, and the page goes on. */
  | { t: 'step' }
  | { t: 'filled' }
  /** The page asks for a one-time code. */
  | { t: 'otp-wanted' }
  | { t: 'otp' }
  /** The phone has no code for this account. */
  | { t: 'no-otp' }
  | { t: 'not-filled'; code: Code }
  | { t: 'outcome'; result: Result }
  | { t: 'restarted' }
  | { t: 'tab-closed' };

export type PhoneEvent =
  | { t: 'connect' }
  | { t: 'joined'; near: boolean }
  | { t: 'request' }
  | { t: 'camera' }
  | { t: 'digits'; right: boolean }
  | { t: 'approve'; guard: Guard }
  | { t: 'interrupt' }
  | { t: 'sent' }
  | { t: 'otp-wanted' }
  | { t: 'decline' }
  | { t: 'outcome'; result: Result; code?: Code };

export type CommonEvent =
  | { t: 'bad-message' }
  | { t: 'cancel' }
  | { t: 'gone'; code: Code; reason?: CloseReason }
  | { t: 'tick' };

export type Event = BrowserEvent | PhoneEvent | CommonEvent;

export type Effect =
  | 'send-request'
  | 'check-tab'
  | 'deliver'
  | 'watch-outcome'
  | 'ask-otp'
  | 'fill-otp'
  | 'send-otp'
  | 'send-outcome'
  | 'join'
  | 'send-hello'
  | 'release'
  | 'send-denied'
  /** It went well: the two may still agree to remember each other, then it closes. */
  | 'part'
  | 'close';

/** What an event leads to; `refused` says that it had no place here and changed nothing. */
export interface Transition<S extends Session> {
  session: S;
  effects: readonly Effect[];
  refused?: 'out-of-order' | 'session-gone';
}

/** A fresh code was drawn. */
export const newBrowserSession = (now: number, via: 'code' | 'call' = 'code'): BrowserSession => ({
  role: 'browser',
  state: 'created',
  startedAt: now,
  // A phone that is called has to be found, and opened.
  deadline: now + (via === 'call' ? LIMITS.sessionMs : LIMITS.joinableMs),
  strikes: 0,
  attempt: 0,
});

/** The phone has read a code, by its own camera or because somebody opened the link, or a remembered browser calls. */
export const newPhoneSession = (now: number, via: 'camera' | 'navigation' | 'call', attempt = 1): PhoneSession => ({
  role: 'phone',
  state: 'scanned',
  startedAt: now,
  deadline: now + TIMES.helloMs,
  strikes: 0,
  attempt,
  evidence: { remembered: via === 'call', near: false },
  passed: via === 'camera' ? ['camera'] : [],
  wrongDigits: 0,
});

export const hasEnded = (session: Session): boolean => (ENDS as readonly string[]).includes(session.state);

type Change<S> = (Partial<Omit<S, 'role'>> & { effects?: readonly Effect[] }) | 'refused';
type Table<S extends Session, E extends Event> = {
  [State in Exclude<S['state'], (typeof ENDS)[number]>]: {
    [Name in E['t']]?: (session: S, event: Extract<E, { t: Name }>, now: number) => Change<S>;
  };
};

/** A change that either side may make. */
type SharedChange = Partial<Common> & { state?: (typeof ENDS)[number]; effects?: readonly Effect[] };

const strike = (session: Session): SharedChange =>
  session.strikes >= 2
    ? { state: 'failed', code: 'bad-message', strikes: session.strikes + 1, effects: ['close'] }
    : { strikes: session.strikes + 1 };
const same = (): SharedChange => ({});
const cancelled = (): SharedChange => ({ state: 'cancelled', effects: ['close'] });
const expired = (): SharedChange => ({ state: 'expired', code: 'expired', effects: ['close'] });
const gone = (_session: Session, event: { code: Code; reason?: CloseReason }): SharedChange => {
  if (event.reason === 'cancelled') return { state: 'cancelled' };
  if (event.reason === 'denied') return { state: 'denied' };
  if (event.reason === 'stale' || event.reason === 'suspended')
    return { state: 'failed', code: `link-${event.reason}` };
  return event.code === 'session-gone' ? { state: 'expired', code: 'expired' } : { state: 'failed', code: event.code };
};
const cannotTell = (): SharedChange => ({ state: 'done', result: 'cannot-tell', effects: ['send-outcome'] });

/** Before the credential is in the browser's hands, these end the session; afterwards the sign-in goes on without them. */
const beforeRelease = {
  'bad-message': strike,
  restarted: same,
  cancel: cancelled,
  'tab-closed': cancelled,
  gone,
  tick: expired,
} as const;
const afterRelease = { 'bad-message': same, gone: same, 'tab-closed': cannotTell, tick: cannotTell } as const;

const requestAgain = (session: BrowserSession, event: { attempt: number }): Change<BrowserSession> =>
  event.attempt > session.attempt && event.attempt <= 3
    ? { attempt: event.attempt, effects: ['send-request'] }
    : 'refused';

const BROWSER: Table<BrowserSession, BrowserEvent | CommonEvent> = {
  created: {
    ...beforeRelease,
    joined: (_session, _event, now) => ({ state: 'joined', deadline: now + TIMES.helloMs }),
  },
  joined: {
    ...beforeRelease,
    joined: same,
    hello: (_session, event, now) => ({
      state: 'requested',
      attempt: event.attempt,
      deadline: now + TIMES.personMs,
      effects: ['send-request'],
    }),
  },
  requested: {
    ...beforeRelease,
    joined: same,
    hello: requestAgain,
    credential: () => ({ state: 'approved', effects: ['check-tab'] }),
    saved: () => ({ state: 'done', result: 'saved', effects: ['send-outcome'] }),
    denied: (_session, { code }) => ({ state: 'denied', ...(code ? { code } : {}), effects: ['close'] }),
  },
  approved: {
    ...beforeRelease,
    gone: same,
    joined: same,
    // The relay delivers it again to a worker that died here.
    credential: () => ({ effects: ['check-tab'] }),
    'tab-ok': (_session, _event, now) => ({
      state: 'delivering',
      deadline: now + TIMES.deliverMs,
      effects: ['deliver'],
    }),
    'tab-moved': () => ({ state: 'failed', code: 'page-left', effects: ['send-outcome'] }),
  },
  delivering: {
    ...afterRelease,
    joined: same,
    // At most one fill and one submit: what a dead worker had begun is never begun again.
    restarted: cannotTell,
    step: (_session, _event, now) => ({ deadline: now + TIMES.deliverMs }),
    filled: (_session, _event, now) => ({
      state: 'filled',
      deadline: now + TIMES.outcomeMs,
      effects: ['watch-outcome'],
    }),
    'not-filled': (_session, event) => ({ state: 'failed', code: event.code, effects: ['send-outcome'] }),
  },
  filled: {
    ...afterRelease,
    joined: same,
    restarted: () => ({ effects: ['watch-outcome'] }),
    // One code a sign-in: a page that asks again has refused the first.
    'otp-wanted': (session, _event, now) =>
      session.otp ? 'refused' : { otp: 'asked', deadline: now + TIMES.personMs, effects: ['ask-otp'] },
    otp: (session, _event, now) =>
      session.otp === 'asked' ? { otp: 'given', deadline: now + TIMES.outcomeMs, effects: ['fill-otp'] } : 'refused',
    'no-otp': () => ({ state: 'done', result: 'more', effects: ['send-outcome'] }),
    outcome: (_session, event) => ({ state: 'done', result: event.result, effects: ['send-outcome'] }),
  },
};

const phoneLive = { 'bad-message': strike, cancel: cancelled, gone, tick: expired } as const;
const declined = (): SharedChange => ({ state: 'denied', effects: ['send-denied'] });

const approve = (session: PhoneSession, event: { guard: Guard }, now: number): Change<PhoneSession> => {
  const steps = stepsFor(session.evidence, event.guard);
  if (steps === 'refused' || steps.some((step) => step !== 'hold' && !session.passed.includes(step))) return 'refused';
  return steps.includes('hold')
    ? { state: 'holding', deadline: now + HOLD_MS }
    : { state: 'confirming', deadline: now + TIMES.answerMs, effects: ['release'] };
};

const typed = (session: PhoneSession, event: { right: boolean }): Change<PhoneSession> => {
  if (event.right) return { passed: [...session.passed, 'digits'] };
  const wrongDigits = session.wrongDigits + 1;
  return wrongDigits < DIGIT_TRIES
    ? { wrongDigits }
    : { wrongDigits, state: 'failed', code: 'digits-wrong', effects: ['send-denied'] };
};

const PHONE: Table<PhoneSession, PhoneEvent | CommonEvent> = {
  scanned: { ...phoneLive, connect: () => ({ state: 'joining', effects: ['join'] }) },
  joining: {
    ...phoneLive,
    joined: (session, event, now) => ({
      state: 'waiting',
      evidence: { ...session.evidence, near: event.near },
      deadline: now + TIMES.helloMs,
      effects: ['send-hello'],
    }),
  },
  waiting: {
    ...phoneLive,
    request: (_session, _event, now) => ({ state: 'asking', deadline: now + TIMES.personMs }),
    decline: declined,
  },
  asking: {
    ...phoneLive,
    camera: (session) => ({ passed: [...session.passed, 'camera'] }),
    digits: typed,
    approve,
    decline: declined,
    interrupt: same,
  },
  holding: {
    ...phoneLive,
    // A tick before the hold's own end is the session's hard cap.
    tick: (session, _event, now) =>
      now < session.deadline
        ? expired()
        : { state: 'confirming', deadline: now + TIMES.answerMs, effects: ['release'] },
    interrupt: (_session, _event, now) => ({ state: 'asking', deadline: now + TIMES.personMs }),
    decline: declined,
  },
  confirming: {
    'bad-message': strike,
    gone,
    tick: () => ({ state: 'done', result: 'cannot-tell', effects: ['close'] }),
    sent: () => ({ state: 'sealed' }),
  },
  sealed: {
    'bad-message': strike,
    gone: (session, event) =>
      event.reason === 'cancelled' || event.reason === 'failed'
        ? gone(session, event)
        : { state: 'done', result: 'cannot-tell' },
    tick: () => ({ state: 'done', result: 'cannot-tell', effects: ['close'] }),
    'otp-wanted': (session, _event, now) =>
      session.otp ? 'refused' : { otp: true, deadline: now + TIMES.personMs, effects: ['send-otp'] },
    outcome: (_session, event) =>
      event.result === 'not-filled'
        ? { state: 'failed', code: event.code ?? 'no-form', result: event.result, effects: ['close'] }
        : { state: 'done', result: event.result, effects: ['part'] },
  },
};

/**
 * Where `event` leads from `session` at the time `now` (milliseconds since 1970). Pure.
 * A session's hard cap of 300 s counts as a `tick` past its deadline. A pair that has no place in the tables changes
 * nothing and comes back `refused`.
 */
export function step<S extends Session>(
  session: S,
  event: S extends BrowserSession ? BrowserEvent | CommonEvent : PhoneEvent | CommonEvent,
  now: number,
): Transition<S> {
  if (hasEnded(session)) return { session, effects: [], refused: 'session-gone' };
  if (event.t === 'tick' && now < nextTick(session)) return { session, effects: [] };
  const table = session.role === 'browser' ? BROWSER : PHONE;
  const row = table[session.state as keyof typeof table] as Record<
    string,
    ((session: S, event: Event, now: number) => Change<S>) | undefined
  >;
  const change = row[event.t]?.(session, event as Event, now) ?? 'refused';
  if (change === 'refused') return { session, effects: [], refused: 'out-of-order' };
  const { effects = [], ...changed } = change;
  return { session: { ...session, ...changed }, effects };
}

/** When `session` next wants a `tick`, in milliseconds since 1970. */
export const nextTick = (session: Session): number => Math.min(session.deadline, session.startedAt + LIMITS.sessionMs);
