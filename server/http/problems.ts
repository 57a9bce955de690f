// RFC 9457 problem documents: a stable code, a title for people who read logs, nothing about internals.
import { type ProblemCode, STATUS } from '../../src/protocol/errors.ts';
import type { CloseReason, Problem } from '../../src/protocol/relay.ts';

const TITLES: Record<ProblemCode, string> = {
  'bad-message': 'The message does not have the form that the protocol asks for.',
  'version-unsupported': 'This version of the protocol is not spoken here.',
  'origin-required': 'This request must come from a Scankey extension or phone page.',
  'host-unknown': 'This companion does not answer under that name.',
  'not-found': 'There is nothing at this address.',
  'session-gone': 'There is no such session.',
  'no-backup': 'There is no such backup.',
  'link-unknown': 'No phone has listened there.',
  'link-ended': 'One side has given this link up.',
  'link-suspended': 'This link was suspended by its phone.',
  'session-taken': 'Another phone has joined this session.',
  conflict: 'This was said before with other content.',
  'out-of-order': 'This does not fit here.',
  'too-large': 'The message is too large.',
  'upgrade-required': 'This client is too old.',
  'rate-limited': 'Too many requests from this address.',
  'called-too-often': 'The phone is not to be called now.',
  'identity-apart': 'The two proofs are not known as one person’s.',
  'identity-unknown': 'Nobody has admitted this person here yet.',
  'identity-wrong': 'The proof of identity does not hold.',
  'sign-in-gone': 'There is no such sign-in, or it belongs to another browser.',
  'provider-state': 'This answer of a provider does not belong to a sign-in of this browser.',
  'provider-cancelled': 'The person has declined at the provider.',
  'provider-code': 'The provider does not know this code, or not any more.',
  'provider-code-used': 'The code was used already.',
  'provider-organisation': 'The person is not a member of an organisation that may sign in here.',
  'provider-snapshot': 'WeChat has shown a preview only, without a person.',
  'provider-refused': 'The provider has refused.',
  'provider-token': 'The provider did not accept its own token.',
  'provider-secret': 'The provider does not accept this app’s secret.',
  'provider-set-up': 'The app is not set up at the provider as this companion expects.',
  'provider-scope': 'The app lacks a permission at the provider.',
  'provider-callback': 'The callback’s address is not registered at the provider.',
  'provider-address': 'The provider does not allow this server’s address.',
  'provider-clock': 'The clocks of companion and provider differ.',
  'provider-busy': 'The provider wants fewer requests.',
  'provider-down': 'The provider does not answer as it should.',
  'provider-slow': 'The provider took too long.',
  busy: 'The companion is busy.',
  'no-room': 'There is no room for more.',
  'store-unavailable': 'The companion cannot reach its storage.',
};

/** What a client is told beside the code: `retryAfter` in seconds, `detail` what the person may have to tell an operator, `instance` by which id the request stands in the log. */
export type Extra = { reason?: CloseReason; retryAfter?: number; detail?: string; instance?: string };

/** An expected refusal: `code` and what goes with it are answered to the client. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly extra: Extra;
  /** A provider's own number or word for it, for the log and whoever runs the companion; undefined where none was asked. */
  readonly said: string | undefined;
  constructor(code: ProblemCode, { cause, said, ...extra }: Extra & { cause?: unknown; said?: string } = {}) {
    super(code, { cause });
    this.code = code;
    this.said = said;
    this.extra = extra;
  }
}

/** The document for `code`. */
export const problem = (code: ProblemCode, extra: Extra = {}): Problem => ({
  type: `/problems/${code}`,
  title: TITLES[code],
  status: STATUS[code],
  code,
  ...extra,
});
