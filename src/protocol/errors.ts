// Every way in which something can go wrong has one stable code. Its sentence for people is in src/ui/locales/<language>/errors.ts.

/**
 * Every code, with the HTTP status that the companion answers with (RFC 9457, problem type `/problems/<code>`); null for what arises on
 * the phone or in the browser alone.
 */
export const STATUS = {
  'bad-message': 400,
  'version-unsupported': 400,
  'origin-required': 403,
  'identity-apart': 403,
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
  'no-room': 507,
  'store-unavailable': 503,

  'not-a-code': null,
  'other-companion': null,
  'not-a-companion': null,
  'phone-page-unknown': null,
  'phone-page-changed': null,
  'page-left': null,
  'no-form': null,
  covered: null,
  'does-not-fit': null,
  'step-blocked': null,
  'page-forbidden': null,
  'site-not-allowed': null,
  'near-only': null,
  'set-by-policy': null,
  'way-not-allowed': null,
  'policy-wrong': null,
  'origin-mismatch': null,
  'password-in-address': null,
  'key-mismatch': null,
  'not-opened': null,
  'digits-wrong': null,
  denied: null,
  cancelled: null,
  expired: null,
  'cannot-tell': null,
  unseen: null,
  'page-blocked': null,
  'asked-again': null,
  unreachable: null,
  'params-refused': null,
  'wrong-passphrase': null,
  'vault-damaged': null,
  'vault-newer': null,
  overtaxed: null,
  'storage-failed': null,
  'other-tab': null,
  'trial-full': null,
  'link-stale': null,
  'no-answer': null,
  'not-a-sheet': null,
  'backup-older': null,
  'backup-damaged': null,
  'backup-too-large': null,
  'passphrase-changed': null,
  'no-passkey': null,
  'import-unknown': null,
  'import-failed': null,
  'import-too-large': null,
  'import-encoding': null,
  'import-costly': null,
  'import-locked': null,
  'import-password': null,
  'import-key-file': null,
  'import-kdb': null,
  'import-twofish': null,
  'import-columns': null,
} as const;

export type Code = keyof typeof STATUS;
/** What the companion answers with. */
export type ProblemCode = { [C in Code]: (typeof STATUS)[C] extends number ? C : never }[Code];

export const CODES = Object.keys(STATUS) as readonly Code[];
export const PROBLEM_CODES = CODES.filter((code): code is ProblemCode => STATUS[code] !== null);

/** The one error class of the project: `code` is for programs, the catalogue's sentence for people, `cause` for logs. */
export class ScankeyError extends Error {
  readonly code: Code;
  /** What goes with the code and is shown beside its sentence: an operator's code (`identity-unknown`, `identity-apart`). */
  readonly detail: string | undefined;
  constructor(code: Code, options?: { cause?: unknown; detail?: string }) {
    super(code, options);
    this.name = 'ScankeyError';
    this.code = code;
    this.detail = options?.detail;
  }
}

/** The stable code of anything thrown; what is not ours counts as `fallback`. */
export const codeOf = (error: unknown, fallback: Code): Code => (error instanceof ScankeyError ? error.code : fallback);
