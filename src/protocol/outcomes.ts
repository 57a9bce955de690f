// How a sign-in ends, and what a browser wants to have saved: words that the popup knows, too, which needs nothing else of the messages.

/**
 * How a sign-in ended. `not-sent`: what was filled in stands in the form, and nothing has left; `entered`: a new password stands in its
 * fields; `saved`: a typed login is in the vault.
 */
export const RESULTS = [
  'signed-in',
  'refused',
  'more',
  'cannot-tell',
  'not-sent',
  'not-filled',
  'entered',
  'saved',
] as const;
export type Result = (typeof RESULTS)[number];

/** Whether nothing stands against a sign-in that ended so. */
export const wentWell = (result: Result): boolean => !['refused', 'not-sent', 'not-filled'].includes(result);

/** What a browser wants to have saved: a login typed by hand, one for a new account, or a changed password. */
export const SAVES = ['login', 'new', 'changed'] as const;
