// Every pair of state and event, tried out: the tables that docs/protocol.md shows.
import {
  BROWSER_STATES,
  type BrowserEvent,
  type BrowserSession,
  type CommonEvent,
  newBrowserSession,
  newPhoneSession,
  PHONE_STATES,
  type PhoneEvent,
  type PhoneSession,
  step,
} from '../../src/protocol/session/session.ts';

export const NOW = 1_000_000;
export const BROWSER_EVENTS: (BrowserEvent | CommonEvent)[] = [
  { t: 'joined' },
  { t: 'hello', attempt: 1 },
  { t: 'credential' },
  { t: 'saved' },
  { t: 'denied' },
  { t: 'tab-ok' },
  { t: 'tab-moved' },
  { t: 'step' },
  { t: 'filled' },
  { t: 'otp-wanted' },
  { t: 'otp' },
  { t: 'no-otp' },
  { t: 'not-filled', code: 'no-form' },
  { t: 'outcome', result: 'signed-in' },
  { t: 'restarted' },
  { t: 'tab-closed' },
  { t: 'bad-message' },
  { t: 'cancel' },
  { t: 'gone', code: 'session-gone' },
  { t: 'tick' },
];
export const PHONE_EVENTS: (PhoneEvent | CommonEvent)[] = [
  { t: 'connect' },
  { t: 'joined', near: true },
  { t: 'request' },
  { t: 'camera' },
  { t: 'digits', right: true },
  { t: 'approve', guard: 'none' },
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
});

const cell = ({ session, effects, refused }: ReturnType<typeof step>, before: string): string => {
  if (refused) return '–';
  const to = session.state === before ? '=' : session.state;
  return effects.length > 0 ? `${to} (${effects.join(', ')})` : to;
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
          ? cell(step(browserIn(state as BrowserSession['state']), event as BrowserEvent, NOW), state)
          : cell(step(phoneIn(state as PhoneSession['state']), event as PhoneEvent, NOW), state),
      );
      return `| \`${event.t}\` | ${cells.join(' | ')} |`;
    }),
  ];
}
