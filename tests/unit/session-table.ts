// Every pair of state and event, tried out: the tables that docs/protocol.md shows.

import type { Release } from '../../src/protocol/session/answer.ts';
import { type BrowserEvent, newBrowserSession, stepBrowser } from '../../src/protocol/session/browser.ts';
import { newPhoneSession, type PhoneEvent, stepPhone } from '../../src/protocol/session/phone.ts';
import {
  BROWSER_STATES,
  type BrowserSession,
  type CommonEvent,
  PHONE_STATES,
  type PhoneSession,
  type Session,
  type Shown,
  type Transition,
} from '../../src/protocol/session/types.ts';

export const NOW = 1_000_000;
/** The request on the phone's screen, and what a tap on it releases. */
export const SHOWN: Shown = {
  hash: 'shown',
  request: {
    ...{ v: 1, t: 'request', kind: 'password', topOrigin: 'https://site.example', frameOrigin: 'https://site.example' },
    ...{ title: 'Site', browser: 'Browser 1', os: 'System', time: 1 },
  },
};
export const GIVEN: Extract<Release, { t: 'credential' }> = {
  v: 1,
  t: 'credential',
  request: SHOWN.hash,
  frameOrigin: SHOWN.request.frameOrigin,
  username: 'li',
  password: 'secret',
};
export const TAP = { t: 'approve', guard: 'none', answer: GIVEN, laterCode: true } as const;
export const BROWSER_EVENTS: (BrowserEvent | CommonEvent)[] = [
  { t: 'joined' },
  { t: 'hello', attempt: 1 },
  { t: 'setting-up' },
  { t: 'set-up' },
  { t: 'holding' },
  { t: 'credential', given: GIVEN },
  { t: 'saved' },
  { t: 'denied' },
  { t: 'tab-ok', given: GIVEN },
  { t: 'tab-moved' },
  { t: 'step' },
  { t: 'filled' },
  { t: 'otp-wanted' },
  { t: 'otp', code: '123456' },
  { t: 'no-otp' },
  { t: 'not-filled', code: 'no-form' },
  { t: 'outcome', result: 'signed-in' },
  { t: 'looked-back', result: 'signed-in', text: '' },
  { t: 'restarted' },
  { t: 'forbidden', code: 'phone-page-changed' },
  { t: 'tab-closed' },
  { t: 'bad-message' },
  { t: 'cancel' },
  { t: 'gone', code: 'session-gone' },
  { t: 'tick' },
];
export const PHONE_EVENTS: (PhoneEvent | CommonEvent)[] = [
  { t: 'connect' },
  { t: 'joined', near: true },
  { t: 'request', shown: SHOWN },
  { t: 'setting-up' },
  { t: 'set-up' },
  { t: 'camera' },
  { t: 'digits', right: true },
  TAP,
  { t: 'interrupt' },
  { t: 'sent' },
  { t: 'otp-wanted' },
  { t: 'decline' },
  { t: 'outcome', result: 'signed-in' },
  { t: 'bad-message' },
  { t: 'cancel' },
  { t: 'gone', code: 'session-gone' },
  { t: 'tick' },
];

/** The same network, and no remembered browser. */
const NEAR = { remembered: false, near: true };

/** A session in `state` whose deadline has just come, so that `tick` means something. */
export const browserIn = (state: BrowserSession['state']): BrowserSession => ({
  ...newBrowserSession(NOW - 1000),
  state,
  deadline: NOW,
});
export const phoneIn = (state: PhoneSession['state']): PhoneSession => ({
  ...newPhoneSession(NOW - 1000, 'camera'),
  state,
  evidence: NEAR,
  deadline: NOW,
  shown: SHOWN,
  laterCode: true,
  ...(state === 'holding' ? { held: GIVEN } : {}),
});

const cell = <S extends Session, F extends { t: string }>(after: Transition<S, F>, before: string): string => {
  const { session, effects, refused } = after;
  if (refused) return '–';
  const to = session.state === before ? '=' : session.state;
  return effects.length > 0 ? `${to} (${effects.map(({ t }) => t).join(', ')})` : to;
};

/** Rows of Markdown, one an event: what it does in each state that has not ended. */
export function table(role: 'browser' | 'phone'): string[] {
  const states = (role === 'browser' ? BROWSER_STATES : PHONE_STATES).slice(0, -5);
  const events = role === 'browser' ? BROWSER_EVENTS : PHONE_EVENTS;
  return [
    `| event | ${states.join(' | ')} |`,
    `|---|${states.map(() => '---').join('|')}|`,
    ...events.map((event) => {
      const cells = states.map((state) =>
        role === 'browser'
          ? cell(stepBrowser(browserIn(state as BrowserSession['state']), event as BrowserEvent, NOW), state)
          : cell(stepPhone(phoneIn(state as PhoneSession['state']), event as PhoneEvent, NOW), state),
      );
      return `| \`${event.t}\` | ${cells.join(' | ')} |`;
    }),
  ];
}
