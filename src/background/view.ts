// What the popup shows of a sign-in that has just begun.
import type { Look } from '../extension/page-api.ts';
import type { View } from '../extension/view.ts';
import { newBrowserSession } from '../protocol/session/browser.ts';

/** What a page is there for, as far as one look tells. */
export const seenIn = (look: Look | undefined): Pick<View, 'purpose' | 'formSeen'> => ({
  purpose: look?.signIn ? 'identity' : look?.sets ? 'new' : 'sign-in',
  formSeen: Boolean(look?.step || look?.sets || look?.signIn),
});

/** @param now ms since 1970 */
export const viewOf = (sid: string, tabId: number, origin: string, look: Look | undefined, now: number): View => ({
  sid,
  tabId,
  origin,
  session: newBrowserSession(now),
  up: null,
  ...seenIn(look),
});
