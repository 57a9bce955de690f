// Every way in which a sign-in can go wrong has one stable code; the sentences for people live in src/ui/messages.

/** Codes that the companion answers with, and their HTTP status (RFC 9457 problem types `/problems/<code>`). */
export const PROBLEMS = {
  'bad-message': 400,
  'version-unsupported': 400,
  'origin-required': 403,
  'identity-unknown': 403,
  'identity-wrong': 403,
  'sign-in-gone': 404,
  'host-unknown': 421,
  'not-found': 404,
  'session-gone': 404,
  'no-backup': 404,
  'link-unknown': 404,
  'link-ended': 410,
  'link-suspended': 409,
  'session-taken': 409,
  conflict: 409,
  'out-of-order': 409,
  'too-large': 413,
  'upgrade-required': 426,
  'rate-limited': 429,
  'called-too-often': 429,
  'provider-state': 403,
  'provider-cancelled': 403,
  'provider-code': 403,
  'provider-code-used': 403,
  'provider-organisation': 403,
  'provider-snapshot': 403,
  'provider-refused': 502,
  'provider-token': 502,
  'provider-secret': 502,
  'provider-set-up': 502,
  'provider-scope': 502,
  'provider-callback': 502,
  'provider-address': 502,
  'provider-clock': 502,
  'provider-busy': 503,
  'provider-down': 503,
  'provider-slow': 504,
  busy: 503,
  'store-unavailable': 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Codes that arise on the phone or in the browser alone. */
export const LOCAL_CODES = [
  'not-a-code',
  'other-companion',
  'page-left',
  'no-form',
  'does-not-fit',
  'step-blocked',
  'page-forbidden',
  'origin-mismatch',
  'key-mismatch',
  'not-opened',
  'digits-wrong',
  'denied',
  'cancelled',
  'expired',
  'cannot-tell',
  'unreachable',
  'params-refused',
  'wrong-passphrase',
  'vault-damaged',
  'storage-failed',
  'trial-full',
  'link-stale',
  'no-answer',
  'not-a-sheet',
  'backup-older',
  'backup-damaged',
  'passphrase-changed',
  'no-passkey',
  'import-unknown',
  'import-failed',
  'import-too-large',
  'import-encoding',
  'import-locked',
  'import-password',
] as const;

export type Code = ProblemCode | (typeof LOCAL_CODES)[number];

export const CODES: readonly Code[] = [...(Object.keys(PROBLEMS) as ProblemCode[]), ...LOCAL_CODES];

/** The one error class of the project: `code` is for programs, the catalogue's sentence for people, `cause` for logs. */
export class ScankeyError extends Error {
  readonly code: Code;
  constructor(code: Code, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'ScankeyError';
    this.code = code;
  }
}

/** The stable code of anything thrown; what is not ours counts as `fallback`. */
export const codeOf = (error: unknown, fallback: Code): Code => (error instanceof ScankeyError ? error.code : fallback);
