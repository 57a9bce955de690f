// Sites that the person has set to sign in by themselves: each has its own permission and its own registered script. What keeps a
// site from calling the phone again and again is decided here.
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import arrival from '../content/arrival.ts?script&iife';
import content from '../content/content.ts?script&iife';
import { AutomaticSite } from '../extension/messages.ts';
import { permissionsFor, siteOf } from '../extension/permissions.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { hasEnded } from '../protocol/session/common.ts';
import type { Session } from '../protocol/session/types.ts';
import { isPrivate } from './page.ts';
import * as storage from './storage.ts';

/** A sign-in page this soon after a sign-in in the same tab was bounced back to. */
const BOUNCE_MS = 120_000;
/** Calls that led to no sign-in, within so long, are enough. */
const TRIES = 3;
const TRIES_MS = 600_000;

/**
 * Whether a sign-in page that has come up may call the phone.
 * @param fromSite it was reached from another page of the same site: after a sign-in that is "sign out"
 */
export function mayCall(record: storage.SiteRecord, tabId: number, fromSite: boolean, now: number): boolean {
  const { tries, refused, signedInAt, signedInTab } = record;
  if (refused) return false;
  const bounced = signedInTab === tabId && now - signedInAt < BOUNCE_MS;
  if (signedInAt > 0 && (fromSite || bounced)) return false;
  return tries.filter((at) => now - at < TRIES_MS).length < TRIES;
}

/** The record after a sign-in on that site has ended, whoever began it. */
export function recordAfter(
  record: storage.SiteRecord,
  { result, state }: Session,
  tabId: number,
  automatic: boolean,
  now: number,
): storage.SiteRecord {
  const signedIn = { signedInAt: now, signedInTab: tabId };
  // What a person began by hand makes up for all tries; one that worked by itself does not, or two could fail beside each.
  if (result === 'signed-in' || result === 'more')
    return { tries: automatic ? record.tries : [], refused: false, ...signedIn };
  if (result === 'refused') return { ...record, refused: true };
  // Nobody can look at what became of it: it counts as signed in, lest it be done again.
  if (result === 'cannot-tell') return { ...record, ...signedIn };
  if (!automatic) return record;
  // A person who declines has answered for all tries.
  const count = state === 'denied' ? TRIES : 1;
  return { ...record, tries: [...record.tries, ...Array<number>(count).fill(now)].slice(-TRIES) };
}

/** Notes how a sign-in ended. */
export async function note({ view, automatic = false }: storage.SignInRecord, now: number): Promise<void> {
  const { origin, session, tabId } = view;
  if (!hasEnded(session) || !(await find(origin))) return;
  const record = await storage.readRecord(origin);
  await storage.writeRecord(origin, recordAfter(record, session, tabId, automatic, now));
}

export const find = async (origin: string) => (await storage.readAutomatic()).find((site) => site.origin === origin);

const idOf = (origin: string): string => `automatic:${origin}`;
const permission = (origin: string) => ({ origins: [siteOf(origin)] });

async function unregister(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await browser.scripting.unregisterContentScripts({ ids: [...ids] });
}

/**
 * Makes what the browser runs agree with what the person has set: a site whose permission was taken away is forgotten, scripts that
 * an update of the extension has dropped are registered again.
 */
export async function agree(): Promise<void> {
  const sites = await storage.readAutomatic();
  const allowed: typeof sites = [];
  for (const site of sites) if (await browser.permissions.contains(permission(site.origin))) allowed.push(site);
  if (allowed.length < sites.length) await storage.writeAutomatic(allowed);
  const registered = (await browser.scripting.getRegisteredContentScripts()).map(({ id }) => id);
  const wanted = new Map(allowed.map((site) => [idOf(site.origin), site]));
  await unregister(registered.filter((id) => !wanted.has(id)));
  const missing = [...wanted].filter(([id]) => !registered.includes(id));
  if (missing.length === 0) return;
  await browser.scripting.registerContentScripts(
    missing.map(([id, { origin }]) => ({
      id,
      matches: [siteOf(origin)],
      js: [content, arrival],
      runAt: 'document_idle',
      allFrames: false,
      persistAcrossSessions: true,
    })),
  );
}

/** Signs in on a site by asking the phone of that pairing from now on. @param tabId where the person has just signed in @param given as for `want` */
async function start(site: AutomaticSite, tabId: number, given: boolean, now: number): Promise<void> {
  const others = (await storage.readAutomatic()).filter(({ origin }) => origin !== site.origin);
  await storage.writeAutomatic([...others, site]);
  // After the site, never before it: what was lent and covers nothing goes back at once.
  if (!given) await storage.writeLent({ why: 'steps', origin: site.origin });
  await storage.writeRecord(site.origin, { tries: [], refused: false, signedInAt: now, signedInTab: tabId });
  await agree();
}

/** A site signs in by itself no more, or was not allowed to, and the permission that it was lent for that goes, too. What the person gave for good stays. */
export async function stop(origin: string): Promise<void> {
  await forgetWanted();
  const others = (await storage.readAutomatic()).filter((site) => site.origin !== origin);
  await storage.writeAutomatic(others);
  // A permission may cover several ports of one host.
  const lent = (await covers(origin)) ? undefined : await storage.findLent(origin);
  if (lent && (await browser.permissions.remove(permissionsFor(lent)).catch(() => false))) await storage.dropLent(lent);
  await agree();
}

/** Whether a site at this origin's host, at any of its ports, signs in by itself. */
export const covers = async (origin: string): Promise<boolean> =>
  (await storage.readAutomatic()).some((site) => new URL(site.origin).hostname === new URL(origin).hostname);

const WANTED_KEY = 'wanted';

/**
 * The person wants a site to sign in by itself. Its permission may still be asked for, and the popup may not live to see the answer:
 * `granted` goes on then.
 * @param given it was there before the person asked: given for good, or lent to a sign-in, which has its own note of it
 * @throws ScankeyError `page-forbidden` for a private window, which leaves nothing behind; nobody reads it, for the popup offers this in none
 */
export async function want(site: AutomaticSite, tabId: number, given: boolean, now: number): Promise<void> {
  if (await isPrivate(tabId)) throw new ScankeyError('page-forbidden');
  // What was lent to the sign-in that was still going on when the popup looked has gone back since.
  const is = given && (await browser.permissions.contains(permission(site.origin)));
  await browser.storage.session.set({ [WANTED_KEY]: { ...site, tabId, given: is } });
  // It may be there already.
  await granted(now);
}

/** What was wanted has been answered with no, or something else is asked for by now: a permission that comes is none for it. */
export const forgetWanted = (): Promise<void> => browser.storage.session.remove(WANTED_KEY);

/** A permission was given. @param now ms since 1970 */
export async function granted(now: number): Promise<void> {
  const Wanted = v.object({ ...AutomaticSite.entries, tabId: v.number(), given: v.boolean() });
  const wanted = v.safeParse(Wanted, (await browser.storage.session.get(WANTED_KEY))[WANTED_KEY]);
  if (!wanted.success || !(await browser.permissions.contains(permission(wanted.output.origin)))) return;
  await forgetWanted();
  const { tabId, given, ...site } = wanted.output;
  await start(site, tabId, given, now);
}

/** Sites that asked the phone by one pairing ask it by another. */
export async function movePhone(from: string, to: string): Promise<void> {
  const sites = await storage.readAutomatic();
  await storage.writeAutomatic(sites.map((site) => (site.pairing === from ? { ...site, pairing: to } : site)));
}

/** Sites that ask a phone which is not remembered any more do not sign in by themselves. */
export async function forgetPhone(pairing: string): Promise<void> {
  for (const site of await storage.readAutomatic()) if (site.pairing === pairing) await stop(site.origin);
}
