// What the popup shows of a sign-in that has just begun.
import type { Look } from '../extension/page-api.ts';
import type { View } from '../extension/view.ts';
import { newBrowserSession } from '../protocol/session/browser.ts';

/** @param now ms since 1970 */
export const viewOf = (sid: string, tabId: number, origin: string, look: Look | undefined, now: number): View => ({
  sid,
  tabId,
  origin,
  purpose: look?.signIn ? 'identity' : look?.sets ? 'new' : 'sign-in',
  session: newBrowserSession(now),
  up: null,
  formSeen: Boolean(look?.step || look?.sets || look?.signIn),
});
