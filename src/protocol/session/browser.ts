// The browser's machine: one pure function over one table. It decides and does nothing; whoever drives it carries out the effects
// that it names. What the phone releases passes through it as a value and is never part of the session. docs/protocol.md shows the table.
import { type Code, ScankeyError } from '../errors.ts';
import type { Message } from '../messages.ts';
import type { Result } from '../outcomes.ts';
import { type CloseReason, LIMITS } from '../relay.ts';
import { type Asked, isAnswerTo } from './answer.ts';
import { type Change, cancelled, expired, gone, lastsUntil, machine, same, strike, type Table } from './common.ts';
import { type BrowserSession, type CommonEvent, TIMES } from './types.ts';

/** What a phone releases: a credential for a form, or a proof of identity for a companion's own page. */
export type Given = Extract<Message<'answer'>, { t: 'credential' | 'identity' }>;

export type BrowserEvent =
  | { t: 'joined' }
  /** `unasked`: the request for it has never left, because a worker died in between. */
  | { t: 'hello'; attempt: number; unasked?: boolean }
  /** The phone has released what was asked for. */
  | { t: 'credential'; given: Given }
  /** The phone has no vault yet, and its person makes one now; or has made it. */
  | { t: 'setting-up' }
  | { t: 'set-up' }
  /** The person has confirmed a sign-in that is not near: the phone waits before it releases anything. */
  | { t: 'holding' }
  /** The phone has put the typed login into its vault, or has made the vault that was waited for. */
  | { t: 'saved' }
  /** With a code when the phone stopped for another reason than the person's word. */
  | { t: 'denied'; code?: Code }
  | { t: 'tab-ok'; given: Given }
  | { t: 'tab-moved' }
  /** One step of several was filled, and the page goes on. */
  | { t: 'step' }
  /** `told`: how that went is known already. */
  | { t: 'filled'; told?: boolean }
  /** The page asks for a one-time code. */
  | { t: 'otp-wanted' }
  | { t: 'otp'; code: string }
  /** The phone has no code for this account. */
  | { t: 'no-otp' }
  | { t: 'not-filled'; code: Code }
  /** `text`: the site's own words. `code`: why it cannot be told. */
  | { t: 'outcome'; result: Result; text?: string; code?: Code }
  /** The person has opened the popup again where nobody could tell, and by now the page says it. The phone has gone. */
  | { t: 'looked-back'; result: 'signed-in' | 'refused'; text: string }
  | { t: 'restarted' }
  /** It may not go on: the companion gives phones a page that is not known, or the policy is another by now. */
  | { t: 'forbidden'; code: Code }
  | { t: 'tab-closed' };

export type BrowserEffect =
  | { t: 'send-request' }
  /** Is what was confirmed still in the tab, and still allowed? Leads to `tab-ok`, `tab-moved` or `not-filled`. */
  | { t: 'check-tab'; given: Given }
  | { t: 'deliver'; given: Given }
  | { t: 'watch-outcome' }
  | { t: 'ask-otp' }
  | { t: 'fill-otp'; code: string }
  | { t: 'send-outcome' }
  | { t: 'close' };

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

/** What is cut off before the page has been heard of: nobody can say that anything was entered. */
const cannotTell = () =>
  ({ state: 'done', result: 'cannot-tell', code: 'unseen', effects: [{ t: 'send-outcome' }] }) as const;

const notFilled = (_session: BrowserSession, { code }: { code: Code }) =>
  ({ state: 'failed', code, effects: [{ t: 'send-outcome' }] }) as const;

/** Before the credential is in the browser's hands, these end the session; afterwards the sign-in goes on without a phone. */
const beforeRelease = {
  'bad-message': strike,
  restarted: same,
  cancel: cancelled,
  forbidden: (_session: BrowserSession, { code }: { code: Code }) =>
    ({ state: 'failed', code, effects: [{ t: 'close' }] }) as const,
  'tab-closed': cancelled,
  gone,
  tick: expired,
} as const;
const afterRelease = {
  'bad-message': same,
  gone: same,
  // What is in the page by now stays there; nothing more is filled in.
  forbidden: (_session: BrowserSession, { code }: { code: Code }) => ({ ...cannotTell(), code }) as const,
  'tab-closed': cannotTell,
  tick: cannotTell,
} as const;

function requestAgain(
  session: BrowserSession,
  { attempt, unasked }: { attempt: number; unasked?: boolean },
): Change<BrowserSession, BrowserEffect> {
  const newer = attempt > session.attempt && attempt <= 3;
  return newer || (unasked && attempt === session.attempt) ? { attempt, effects: [{ t: 'send-request' }] } : 'refused';
}

/** The person is asked, as far as this side knows. */
const asking = (now: number) => ({ state: 'requested', deadline: now + TIMES.personMs }) as const;

/** What a phone says that has the request. One that was loaded anew meanwhile does not say what has become of its last word. */
const words = {
  // Also again: a hold that was broken off leaves no word, and the next one counts from its own beginning.
  holding: (_session: BrowserSession, _event: unknown, now: number) =>
    ({ state: 'holding', deadline: now + TIMES.heldMs }) as const,
  credential: (_session: BrowserSession, { given }: { given: Given }) =>
    ({ state: 'approved', effects: [{ t: 'check-tab', given }] }) as const,
  saved: () => ({ state: 'done', result: 'saved', effects: [{ t: 'send-outcome' }] }) as const,
  denied: (_session: BrowserSession, { code }: { code?: Code }) =>
    ({ state: 'denied', ...(code ? { code } : {}), effects: [{ t: 'close' }] }) as const,
};

const TABLE: Table<BrowserSession, BrowserEvent | CommonEvent, BrowserEffect> = {
  created: {
    ...beforeRelease,
    joined: (_session, _event, now) => ({ state: 'joined', deadline: now + TIMES.helloMs }),
  },
  joined: {
    ...beforeRelease,
    joined: same,
    hello: (_session, event, now) => ({
      ...asking(now),
      attempt: event.attempt,
      effects: [{ t: 'send-request' }],
    }),
  },
  requested: {
    ...beforeRelease,
    joined: same,
    hello: requestAgain,
    ...words,
    // What this browser may not ask for.
    'not-filled': notFilled,
    // Once, and before anything was approved.
    'setting-up': (session) =>
      session.extended
        ? 'refused'
        : { state: 'setting-up', extended: true, deadline: lastsUntil({ ...session, extended: true }) },
  },
  'setting-up': {
    ...beforeRelease,
    joined: same,
    hello: requestAgain,
    ...words,
    // It is asked again then, and perhaps may not be any more.
    'not-filled': notFilled,
    'set-up': (_session, _event, now) => asking(now),
  },
  holding: {
    ...beforeRelease,
    joined: same,
    ...words,
    // A phone that was loaded anew in between asks its person once more.
    hello(session, event, now) {
      const again = requestAgain(session, event);
      return again === 'refused' ? again : { ...again, ...asking(now) };
    },
    // The hold was broken off: the person is asked again. A tick before its own end is the session's hard cap.
    tick: (session, _event, now) => (now < session.deadline || now >= lastsUntil(session) ? expired() : asking(now)),
  },
  approved: {
    ...beforeRelease,
    gone: same,
    joined: same,
    // The relay delivers it again to a worker that died here.
    credential: (_session, { given }) => ({ effects: [{ t: 'check-tab', given }] }),
    'tab-ok': (_session, { given }, now) => ({
      state: 'delivering',
      deadline: now + TIMES.deliverMs,
      effects: [{ t: 'deliver', given }],
    }),
    'not-filled': notFilled,
    'tab-moved': () => ({ state: 'failed', code: 'page-left', effects: [{ t: 'send-outcome' }] }),
  },
  delivering: {
    ...afterRelease,
    joined: same,
    // At most one fill and one submit: what a dead worker had begun is never begun again.
    restarted: cannotTell,
    step: (_session, _event, now) => ({ deadline: now + TIMES.deliverMs }),
    filled: (_session, { told }, now) => ({
      state: 'filled',
      deadline: now + TIMES.outcomeMs,
      effects: told ? [] : [{ t: 'watch-outcome' }],
    }),
    'not-filled': notFilled,
  },
  filled: {
    ...afterRelease,
    joined: same,
    // While the phone is asked for the code, the page has nothing yet to judge.
    restarted: ({ otp }) => (otp === 'asked' ? {} : { effects: [{ t: 'watch-outcome' }] }),
    // One code a sign-in: a page that asks again has refused the first.
    'otp-wanted': (session, _event, now) =>
      session.otp ? 'refused' : { otp: 'asked', deadline: now + TIMES.personMs, effects: [{ t: 'ask-otp' }] },
    otp: (session, { code }, now) =>
      session.otp === 'asked'
        ? { otp: 'given', deadline: now + TIMES.outcomeMs, effects: [{ t: 'fill-otp', code }] }
        : 'refused',
    // The page tried it only now.
    'not-filled': notFilled,
    'no-otp': () => ({ state: 'done', result: 'more', effects: [{ t: 'send-outcome' }] }),
    outcome: (_session, { result, text, code }) => ({
      state: 'done',
      result,
      ...(text ? { text } : {}),
      ...(code ? { code } : {}),
      effects: [{ t: 'send-outcome' }],
    }),
  },
  done: {
    // What is told with its reason was seen, as far as there was anything to see.
    'looked-back': (session, { result, text }) =>
      session.result === 'cannot-tell' && !session.code ? { result, ...(text ? { text } : {}) } : 'refused',
  },
};

export const stepBrowser = machine<BrowserSession, BrowserEvent, BrowserEffect>(TABLE);

/** What an answer means to the sign-in that asked. @throws ScankeyError `bad-message` when it answers something else */
export function answered(answer: Message<'answer'>, asked: Asked | undefined): BrowserEvent {
  if (answer.t === 'denied')
    return { t: 'denied', ...(answer.reason === 'digits-wrong' ? { code: answer.reason } : {}) };
  if (!asked || !isAnswerTo(answer, asked)) throw new ScankeyError('bad-message');
  return answer.t === 'saved' ? { t: 'saved' } : { t: 'credential', given: answer };
}

/** How an ended session is told to the phone. */
export function outcomeOf({ state, result, code, text }: BrowserSession): Message<'outcome'> {
  const told = state === 'done' ? (result ?? 'cannot-tell') : 'not-filled';
  return { v: 1, t: 'outcome', result: told, ...(code ? { code } : {}), ...(text ? { text } : {}) };
}

/** Why an ended session is closed at the companion. */
export const closingOf = ({ state }: BrowserSession): CloseReason =>
  state === 'cancelled' || state === 'denied' ? state : 'failed';
