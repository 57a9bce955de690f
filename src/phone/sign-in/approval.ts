// What the screens show of the sign-in that this phone is asked for.
import type { Code } from '../../protocol/errors.ts';
import type { PhoneSession } from '../../protocol/session/types.ts';
import type { PairingProgress } from './pairing-talk.ts';
import type { SignInShown } from './prove-identity.ts';

export interface Approval {
  /** With the request that is on the screen, if there is one. */
  session: PhoneSession;
  /** The companion answers. */
  up: boolean;
  /** The site asks for a one-time code: it was sent, the account has none, the tap did not cover it, or the vault has to be opened. */
  otp?: 'sent' | 'none' | 'not-covered' | 'locked';
  /** The remembered computer that asks. */
  computer?: { id: string; name: string };
  /** The computer has seen a newer revision of this vault than this phone has: it was set back (R52). */
  setBack?: boolean;
  /** What an identity is asked for, as the companion says; or why it cannot be said. */
  signIn?: SignInShown | { code: Code };
  /** How far the two have come with a pairing, after a sign-in by code. */
  pairing?: PairingProgress;
}
