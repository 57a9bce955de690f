// RFC 9457 problem documents: a stable code, a title for people who read logs, nothing about internals.
import { PROBLEMS, type ProblemCode } from '../src/protocol/errors.ts';
import type { CloseReason, Problem } from '../src/protocol/relay.ts';

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
  busy: 'The companion is busy.',
  'store-unavailable': 'The companion cannot reach its storage.',
};

/** An expected refusal: `code` is answered to the client, `retryAfter` in seconds. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly retryAfter: number | undefined;
  constructor(code: ProblemCode, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}

/** The document for `code`. */
export const problem = (code: ProblemCode, extra: { reason?: CloseReason; retryAfter?: number } = {}): Problem => ({
  type: `/problems/${code}`,
  title: TITLES[code],
  status: PROBLEMS[code],
  code,
  ...extra,
});
