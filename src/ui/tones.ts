// What an end means to the person, in four tones; whoever draws one takes colour and icon from here, so that no sign contradicts it.
import { Check, CircleSlash, Hand, type IconNode, MousePointerClick, ShieldAlert } from 'lucide';
import type { Code } from '../protocol/errors.ts';
import type { Result } from '../protocol/outcomes.ts';
import type { BrowserState, PhoneState } from '../protocol/session/types.ts';

/** It went well; it is the person's turn; it came to nothing; somebody may be in the way. */
export type Tone = 'done' | 'turn' | 'stopped' | 'danger';

/** Ends behind which there may be somebody else: nobody is invited to try again. */
const DANGERS: readonly Code[] = [
  'key-mismatch',
  'phone-page-unknown',
  'phone-page-changed',
  'digits-wrong',
  'link-suspended',
  'origin-mismatch',
  'password-in-address',
];

interface End {
  state: BrowserState | PhoneState;
  result?: Result;
  code?: Code;
}

/** The tone of a sign-in that has ended. */
export function toneOf({ state, result, code }: End): Tone {
  if (code && DANGERS.includes(code)) return 'danger';
  if (state !== 'done' || result === 'refused' || result === 'not-filled') return 'stopped';
  return !code && (result === undefined || result === 'signed-in' || result === 'saved') ? 'done' : 'turn';
}

export const ICONS: Readonly<Record<Tone, IconNode>> = {
  done: Check,
  turn: MousePointerClick,
  stopped: CircleSlash,
  danger: ShieldAlert,
};

/** The icon of a sign-in that has ended: what somebody did not want is no failure. */
export function iconOf(end: End): IconNode {
  const tone = toneOf(end);
  return tone === 'stopped' && (end.state === 'denied' || end.state === 'cancelled') ? Hand : ICONS[tone];
}
