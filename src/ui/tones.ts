// What an end means to the person, in four tones; whoever draws one takes colour and icon from here, so that no sign contradicts it.
import type { Code } from '../protocol/errors.ts';
import type { Result } from '../protocol/outcomes.ts';
import type { BrowserState, PhoneState } from '../protocol/session/types.ts';

/** It went well; it is the person's turn; it came to nothing; somebody may be in the way. */
export type Tone = 'done' | 'turn' | 'stopped' | 'danger';

/** Ends behind which there may be somebody else: nobody is invited to try again. */
const DANGERS: readonly Code[] = [
  'key-mismatch',
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
