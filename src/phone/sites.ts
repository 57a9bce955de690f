// Sites as people read them, and which accounts fit one. Origins are compared as tuples, never as text.
import { isLoopback } from '../protocol/link.ts';
import type { Account } from './vault.ts';

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

let suffixes: typeof import('tldts') | undefined;

/** Loads the public suffix list, by far the largest part of the page; awaited before a vault is open. */
export async function loadSuffixes(): Promise<void> {
  suffixes ??= await import('tldts');
}

function domainOf(host: string): string {
  if (!suffixes) throw new Error('the public suffix list is not loaded');
  return suffixes.getDomain(host, { allowPrivateDomains: true }) ?? host;
}

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

/**
 * `exact`: accounts of this very origin, newest first. `related`: of another origin of the same registrable domain.
 * `others`: the rest. The person may choose from the latter two after a warning; they are never chosen for them.
 */
export function accountsFor(
  origin: string,
  accounts: readonly Account[],
): Record<'exact' | 'related' | 'others', readonly Account[]> {
  const domain = domainOf(new URL(origin).hostname);
  const kindOf = ({ site }: Account) =>
    site === origin ? 'exact' : domainOf(new URL(site).hostname) === domain ? 'related' : 'others';
  const newest = accounts.toSorted((a, b) => b.changedAt - a.changedAt);
  return {
    exact: newest.filter((account) => kindOf(account) === 'exact'),
    related: newest.filter((account) => kindOf(account) === 'related'),
    others: newest.filter((account) => kindOf(account) === 'others'),
  };
}
