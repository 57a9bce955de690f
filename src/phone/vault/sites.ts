// Sites as people read them, and which accounts fit one. Origins are compared as tuples, never as text.
import { signal } from '@preact/signals';
import { isLoopback } from '../../protocol/qr-link.ts';
import { loaded } from '../shell/loaded.ts';
import type { Account, Match } from './document.ts';

/** An origin in the parts that the approve screen sets apart. */
export interface Site {
  /** Everything before the registrable domain, with its dot; may be empty. */
  before: string;
  /** The registrable domain, or the whole host where there is none. International names stay in punycode. */
  domain: string;
  /** ":port" where it is not the scheme's own. */
  port: string;
  /** http, and not the loopback: whoever stands between can read what is typed. */
  insecure: boolean;
}

type Names = typeof import('./host-names.ts');
const names = signal<Names | undefined>(undefined);

/** Loads the public suffix list and the table of look-alikes, by far the largest part of the page; awaited before a vault is open. @throws ScankeyError `unreachable` */
export async function loadNames(): Promise<void> {
  names.value ??= await loaded(import('./host-names.ts'));
}

function known(): Names {
  if (!names.value) throw new Error('the public suffix list is not loaded');
  return names.value;
}

/** The registrable domain of a host; addresses and intranet names have none and stand for themselves. */
const domainOf = (host: string): string => known().registrableDomain(host) ?? host;

/** @param origin as `URL.origin` writes it */
export function siteOf(origin: string): Site {
  const url = new URL(origin);
  const domain = domainOf(url.hostname);
  return {
    before: url.hostname.slice(0, url.hostname.length - domain.length),
    domain,
    port: url.port ? `:${url.port}` : '',
    insecure: url.protocol === 'http:' && !isLoopback(url.hostname),
  };
}

/** What a person typed as a site, as an origin; https when they named no scheme. Undefined when it is none. */
export function originOf(typed: string): string | undefined {
  const text = typed.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  // Chromium takes spaces into host names, percent-encoded; no site has such a name.
  const named = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(url.hostname);
  return /^https?:$/.test(url.protocol) && named ? url.origin : undefined;
}

/** How a page's origin stands to one address of an account, nearest first. */
export type Nearness = 'same' | 'fits' | 'scheme' | 'port' | 'domain' | 'lookalike' | 'other';
const ORDER: readonly Nearness[] = ['same', 'fits', 'scheme', 'port', 'domain', 'lookalike', 'other'];

function nearnessOf(origin: string, site: string, match: Match): Nearness {
  if (origin === site) return 'same';
  const [page, own] = [new URL(origin), new URL(site)];
  const [pageDomain, ownDomain] = [domainOf(page.hostname), domainOf(own.hostname)];
  const sameHost = page.hostname === own.hostname;
  // The person's own rule widens names and ports, never the scheme.
  if (page.protocol === own.protocol) {
    if (match !== 'origin' && sameHost) return 'fits';
    if (match === 'domain' && pageDomain === ownDomain && !page.port && !own.port) return 'fits';
  }
  if (sameHost) return page.protocol === own.protocol ? 'port' : 'scheme';
  if (pageDomain === ownDomain) return 'domain';
  return known().looksLike(pageDomain, ownDomain) ? 'lookalike' : 'other';
}

/** The nearest of an account's addresses, and how near it is. */
export function nearest(origin: string, { sites, match }: Account): { site: string; nearness: Nearness } {
  const found = sites.map((site) => ({ site, nearness: nearnessOf(origin, site, match) }));
  const [first] = found.toSorted((a, b) => ORDER.indexOf(a.nearness) - ORDER.indexOf(b.nearness));
  return first ?? { site: '', nearness: 'other' };
}

/** Why a page's form may not send what is filled in to another origin: it loses its encryption, or belongs to somebody else. */
export type Astray = 'downgrade' | 'stranger';

/**
 * Judges where a form sends. It may be of the page's own site (the same registrable domain, at any port; the same host where there is
 * none), or an address that the person keeps with the account; and encrypted, if the page is.
 * @param page origin of the page, or of the frame with the form
 * @param target the other origin
 */
export function astray(page: string, target: string, account: Account | undefined): Astray | undefined {
  const [from, to] = [new URL(page), new URL(target)];
  const isBarer = siteOf(target).insecure && !siteOf(page).insecure;
  if (isBarer || (to.protocol !== 'https:' && to.protocol !== from.protocol)) return 'downgrade';
  if (domainOf(from.hostname) === domainOf(to.hostname)) return undefined;
  const { nearness } = account ? nearest(target, account) : { nearness: 'other' };
  return nearness === 'same' || nearness === 'fits' ? undefined : 'stranger';
}

export interface Offer {
  account: Account;
  site: string;
  nearness: Nearness;
}

/**
 * `exact`: accounts that the person keeps for this origin, the last used first. `related`: of another scheme, port or name of the
 * same registrable domain. `others`: the rest, look-alikes first. The person may choose from the latter two after a warning;
 * they are never chosen for them.
 */
export function accountsFor(
  origin: string,
  accounts: readonly Account[],
): Record<'exact' | 'related' | 'others', readonly Offer[]> {
  const offers = accounts
    .map((account) => ({ account, ...nearest(origin, account) }))
    .toSorted(
      (a, b) =>
        ORDER.indexOf(a.nearness) - ORDER.indexOf(b.nearness) ||
        b.account.usedAt - a.account.usedAt ||
        b.account.changedAt - a.account.changedAt,
    );
  const within = (...wanted: Nearness[]) => offers.filter(({ nearness }) => wanted.includes(nearness));
  return {
    exact: within('same', 'fits'),
    related: within('scheme', 'port', 'domain'),
    others: within('lookalike', 'other'),
  };
}
