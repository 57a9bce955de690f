// How a sign-in ends, and what a browser wants to have saved: words that the popup knows, too, which needs nothing else of the messages.

/** How a sign-in ended. `entered`: a new password stands in its fields; `saved`: a typed login is in the vault. */
export const RESULTS = ['signed-in', 'refused', 'more', 'cannot-tell', 'not-filled', 'entered', 'saved'] as const;
export type Result = (typeof RESULTS)[number];

/** What a browser wants to have saved: a login typed by hand, one for a new account, or a changed password. */
export const SAVES = ['login', 'new', 'changed'] as const;
