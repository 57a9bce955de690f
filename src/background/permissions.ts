// What the browser must allow before a page can be signed in to, for one sign-in at a time: what is wanted, and what becomes of it.
import browser from 'webextension-polyfill';
import type { Look } from '../extension/page-api.ts';
import { type Need, permissionsFor } from '../extension/permissions.ts';
import { losesClick } from '../extension/quirks.ts';
import * as automatic from './automatic.ts';
import { lookAt, pageOf } from './page.ts';
import type { SignInRecord } from './storage.ts';
import { seenIn } from './view.ts';

/** What the person must allow before this page can be signed in to, as the popup shows it. */
export function needed(origin: string, look: Look | undefined): { need?: Need } {
  if (look?.step === 'name' && losesClick()) return { need: { why: 'steps', origin } };
  if (look?.step || look?.sets || look?.signIn) return {};
  if (!look || look.status === 401) return { need: { why: 'basic', origin } };
  const [frame] = look.frames;
  return frame === undefined ? {} : { need: { why: 'frame', origin: frame } };
}

/**
 * Takes up a permission that a sign-in waited for, if it is there by now.
 * @param given just now, for this sign-in alone
 * @returns whether it was, and the record says so
 */
export async function takeUp(record: SignInRecord, given: boolean): Promise<boolean> {
  const { view, page } = record;
  const { need } = view;
  if (!need || !(await browser.permissions.contains(permissionsFor(need)))) return false;
  if (given) record.granted = need;
  if (need.why === 'basic') {
    const { url = view.origin, pendingUrl } = await browser.tabs.get(view.tabId);
    const wanted = pendingUrl ?? url;
    page.url = URL.canParse(wanted) && new URL(wanted).origin === view.origin ? wanted : `${view.origin}/`;
  }
  if (need.why === 'frame') {
    const found = await lookAt({ tabId: view.tabId, frame: need.origin });
    if (!found) return false;
    record.page = { ...pageOf(found), title: page.title };
    view.frame = need.origin;
    Object.assign(view, seenIn(found.look));
  }
  record.allowed = need;
  delete view.need;
  return true;
}

/** A permission that was given for one sign-in ends with it; what the person gave for good stays. */
export async function giveBack(granted: Need): Promise<void> {
  if (await automatic.covers(granted.origin)) return;
  await browser.permissions.remove(permissionsFor(granted)).catch(() => false);
}
