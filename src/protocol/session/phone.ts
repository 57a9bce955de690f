// The phone's machine: one pure function over one table. The request that it holds is the one on the screen; a tap counts for that one
// and for no other, and what it releases passes through as a value. docs/protocol.md shows the table.
import type { Code } from '../errors.ts';
import type { Result } from '../outcomes.ts';
import { DIGIT_TRIES, type Guard, HOLD_MS, mayPair, stepsFor } from '../proximity.ts';
import type { CloseReason } from '../relay.ts';
import { isAnswerTo, isWithin, type Release } from './answer.ts';
import { type Change, cancelled, expired, gone, lastsUntil, machine, same, strike, type Table } from './common.ts';
import { type CommonEvent, type PhoneSession, type Shown, TIMES, type Transition } from './types.ts';

export type PhoneEvent =
  | { t: 'connect' }
  | { t: 'joined'; near: boolean }
  /** The one request of this hello: it will be on the screen until it is answered. */
  | { t: 'request'; shown: Shown }
  /** There is no vault yet to answer from: the person makes one now; or has made it. */
  | { t: 'setting-up' }
  | { t: 'set-up' }
  | { t: 'camera' }
  | { t: 'digits'; right: boolean }
  /** The tap. `answer` has the hash of the request that was on the screen; `laterCode`: the screen said that a code may follow. */
  | { t: 'approve'; guard: Guard; answer: Release; laterCode: boolean }
  | { t: 'interrupt' }
  | { t: 'sent' }
  | { t: 'otp-wanted' }
  | { t: 'decline' }
  /** `text`: the site's own words. */
  | { t: 'outcome'; result: Result; code?: Code; text?: string };

export type PhoneEffect =
  | { t: 'join' }
  | { t: 'send-hello' }
  | { t: 'release'; answer: Release }
  | { t: 'send-denied' }
  /** The computer hears that the vault is being made, or is there. */
  | { t: 'tell-set-up'; done: boolean }
  /** The computer hears that its person has confirmed, and waits. */
  | { t: 'tell-hold' }
  | { t: 'send-otp' }
  /** A code was asked for that the tap does not cover. */
  | { t: 'refuse-otp' }
  /** It went well, by a code and near: the two may still agree on a pairing, then it closes. */
  | { t: 'part' }
  | { t: 'close' };

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
  laterCode: false,
});

const live = { 'bad-message': strike, cancel: cancelled, gone, tick: expired } as const;
const declined = () => ({ state: 'denied', effects: [{ t: 'send-denied' }] }) as const;
const confirming = (answer: Release, now: number) =>
  ({ state: 'confirming', deadline: now + TIMES.answerMs, effects: [{ t: 'release', answer }] }) as const;
/** The computer has said nothing more. */
const UNHEARD = { state: 'done', result: 'cannot-tell', code: 'unseen' } as const;
const cannotTell = () => ({ ...UNHEARD, effects: [{ t: 'close' }] }) as const;

function approve(
  session: PhoneSession,
  { guard, answer, laterCode }: Extract<PhoneEvent, { t: 'approve' }>,
  now: number,
): Change<PhoneSession, PhoneEffect> {
  const { shown, evidence, passed } = session;
  if (!shown) return 'refused';
  const { hash, request } = shown;
  if (!isAnswerTo(answer, { ...request, hash })) return 'refused';
  if (!isWithin(answer, request, evidence.remembered, laterCode)) return 'refused';
  // That there is a vault gives nothing away: whoever asks may be anywhere.
  const steps = request.kind === 'set-up' ? [] : stepsFor(evidence, guard);
  if (steps === 'refused' || steps.some((step) => step !== 'hold' && !passed.includes(step))) return 'refused';
  if (!steps.includes('hold')) return { ...confirming(answer, now), laterCode };
  return { state: 'holding', deadline: now + HOLD_MS, held: answer, laterCode, effects: [{ t: 'tell-hold' }] };
}

const typed = (session: PhoneSession, event: { right: boolean }): Change<PhoneSession, PhoneEffect> => {
  if (event.right) return { passed: [...session.passed, 'digits'] };
  const wrongDigits = session.wrongDigits + 1;
  return wrongDigits < DIGIT_TRIES
    ? { wrongDigits }
    : { wrongDigits, state: 'failed', code: 'digits-wrong', effects: [{ t: 'send-denied' }] };
};

/** Before anything was released the computer can only say why it may not ask. */
const notAsked = (
  _session: PhoneSession,
  { result, code = 'no-form' }: Extract<PhoneEvent, { t: 'outcome' }>,
): Change<PhoneSession, PhoneEffect> =>
  result === 'not-filled' ? { state: 'failed', result, code, effects: [{ t: 'close' }] } : 'refused';

const TABLE: Table<PhoneSession, PhoneEvent | CommonEvent, PhoneEffect> = {
  scanned: { ...live, connect: () => ({ state: 'joining', effects: [{ t: 'join' }] }) },
  joining: {
    ...live,
    joined: (session, event, now) => ({
      state: 'waiting',
      evidence: { ...session.evidence, near: event.near },
      deadline: now + TIMES.helloMs,
      effects: [{ t: 'send-hello' }],
    }),
  },
  waiting: {
    ...live,
    request: (_session, { shown }, now) => ({ state: 'asking', shown, deadline: now + TIMES.personMs }),
    outcome: notAsked,
    decline: declined,
  },
  asking: {
    ...live,
    camera: (session) => ({ passed: [...session.passed, 'camera'] }),
    digits: typed,
    approve,
    outcome: notAsked,
    decline: declined,
    interrupt: same,
    'setting-up': (session) => ({
      state: 'setting-up',
      extended: true,
      deadline: lastsUntil({ ...session, extended: true }),
      // Also by a page that was loaded anew, perhaps before a word of it had left; who has heard it already takes no notice.
      effects: [{ t: 'tell-set-up', done: false }],
    }),
  },
  // Nothing can be released from here.
  'setting-up': {
    ...live,
    'set-up': (_session, _event, now) => ({
      state: 'asking',
      deadline: now + TIMES.personMs,
      effects: [{ t: 'tell-set-up', done: true }],
    }),
    decline: declined,
  },
  holding: {
    ...live,
    // A tick before the hold's own end is the session's hard cap.
    tick: (session, _event, now) =>
      now < session.deadline || !session.held ? expired() : confirming(session.held, now),
    interrupt: (_session, _event, now) => ({ state: 'asking', deadline: now + TIMES.personMs }),
    decline: declined,
  },
  confirming: {
    'bad-message': strike,
    gone,
    tick: cannotTell,
    sent: () => ({ state: 'sealed' }),
  },
  sealed: {
    'bad-message': strike,
    gone: (session, event) =>
      event.reason === 'cancelled' || event.reason === 'failed' ? gone(session, event) : UNHEARD,
    tick: cannotTell,
    'otp-wanted': ({ otp, laterCode }, _event, now) =>
      otp
        ? 'refused'
        : { otp: true, deadline: now + TIMES.personMs, effects: [{ t: laterCode ? 'send-otp' : 'refuse-otp' }] },
    outcome: ({ evidence }, { result, code, text }) => ({
      result,
      ...(text ? { text } : {}),
      ...(code ? { code } : {}),
      ...(result === 'not-filled'
        ? { state: 'failed', code: code ?? 'no-form', effects: [{ t: 'close' }] }
        : { state: 'done', effects: [{ t: mayPair(evidence, result, code) ? 'part' : 'close' }] }),
    }),
  },
};

const stepTable = machine<PhoneSession, PhoneEvent, PhoneEffect>(TABLE);

/** A login that was sent to be saved is shown until it is decided. */
function withoutPassword<S extends Pick<PhoneSession, 'shown'>>(session: S): S {
  if (session.shown?.request.password === undefined) return session;
  const { password: _saved, ...request } = session.shown.request;
  return { ...session, shown: { ...session.shown, request } };
}

/**
 * The phone's machine; what was released is held by it for as long as the hold runs, and a password that is to be saved for as long as
 * the person is asked, and not a moment longer.
 */
export function stepPhone(
  before: PhoneSession,
  event: PhoneEvent | CommonEvent,
  now: number,
): Transition<PhoneSession, PhoneEffect> {
  const after = stepTable(before, event, now);
  if (after.session.state === 'holding') return after;
  const { held: _released, ...session } = after.session;
  return { ...after, session: session.state === 'asking' ? session : withoutPassword(session) };
}

/** Why an ended session is closed at the companion. */
export const closingOf = ({ state }: PhoneSession): CloseReason =>
  state === 'cancelled' || state === 'done' ? state : 'failed';
