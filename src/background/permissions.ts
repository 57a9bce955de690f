// What the browser is asked to allow for a sign-in: what is wanted, what becomes of it, and that it goes back.
import browser from 'webextension-polyfill';
import type { Look } from '../extension/page-api.ts';
import { type Need, permissionsFor, siteOf } from '../extension/permissions.ts';
import { losesClick } from '../extension/quirks.ts';
import * as automatic from './automatic.ts';
import { lookAt, pageOf } from './page.ts';
import type { SignInRecord } from './storage.ts';
import * as storage from './storage.ts';
import { seenIn } from './view.ts';

/** The end that all hosts of a site have in common. Whether they are of one is for the phone to say: it has the public suffix list. */
const endOf = (origin: string): string => {
  const { hostname } = new URL(origin);
  return /[^.]+\.[^.]*[a-z][^.]*$/.exec(hostname)?.[0] ?? hostname;
};

/** What the person is asked to allow for this page, as the popup shows it. */
export function needed(origin: string, look: Look | undefined): { need?: Need } {
  if (look?.step === 'name' && losesClick()) return { need: { why: 'steps', origin } };
  // The click ends with the origin, in any browser.
  const sister = look?.step && look.sendsTo && endOf(look.sendsTo) === endOf(origin) ? look.sendsTo : undefined;
  if (look?.step && losesClick()) return { need: { why: 'outcome', origin, ...(sister ? { sister } : {}) } };
  if (sister) return { need: { why: 'outcome', origin: sister } };
  if (look?.step || look?.sets || look?.signIn) return {};
  if (!look || look.status === 401) return { need: { why: 'basic', origin } };
  const [frame] = look.frames;
  return frame === undefined ? {} : { need: { why: 'frame', origin: frame } };
}

/**
 * Takes up the permission that a sign-in has use for, if it is there by now.
 * @returns whether it was, and the record says so
 */
export async function takeUp(record: SignInRecord): Promise<boolean> {
  const { view, page } = record;
  const { need } = view;
  if (!need || !(await browser.permissions.contains(permissionsFor(need)))) return false;
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

/** The person is being asked for this. @param keep for good, not for a sign-in alone */
export async function noteAsked({ why, origin, sister }: Need, keep: boolean): Promise<void> {
  await automatic.forgetWanted();
  for (const one of sister ? [origin, sister] : [origin])
    await (keep ? storage.dropLent({ why, origin: one }) : storage.writeLent({ why, origin: one }));
  const visits = await storage.readVisitLeave();
  if (keep && visits !== undefined && siteOf(visits) === siteOf(origin)) await storage.dropVisitLeave();
}

const isGiven = ({ origin }: Need): Promise<boolean> => browser.permissions.contains({ origins: [siteOf(origin)] });

/**
 * Gives back what was lent to sign-ins, or to sites that sign in by themselves, and is of no more use. What the person gave for good
 * stays. A note ends with the permission, not before: the browser's question may still be open, and the popup that asked it gone.
 */
export async function giveBack(isUsed: (lent: Need) => boolean): Promise<void> {
  for (const lent of await storage.readLent()) {
    if (isUsed(lent) || (await automatic.covers(lent.origin)) || !(await isGiven(lent))) continue;
    if (await browser.permissions.remove(permissionsFor(lent)).catch(() => false)) await storage.dropLent(lent);
  }
}

/** Forgets what was asked for and not given. Only where the browser has just started is no question open any more. */
export async function forgetRefused(): Promise<void> {
  for (const lent of await storage.readLent()) if (!(await isGiven(lent))) await storage.dropLent(lent);
  const visits = await storage.readVisitLeave();
  if (visits !== undefined && !(await isGiven({ why: 'outcome', origin: visits }))) await storage.dropVisitLeave();
}
