// What Scankey needs leave for, and what is asked of the browser then: one site at a time, in the person's own click, for one sign-in
// or for good.
import * as v from 'valibot';
import type { Permissions } from 'webextension-polyfill';

/**
 * What the person is asked to allow, and why: the form is in a frame of another site, the page asks in steps, how it went can be seen
 * only there, the browser's own window asks. Without leave a sign-in goes as far as it can.
 */
export const Need = v.object({
  why: v.picklist(['frame', 'steps', 'outcome', 'basic']),
  /** The site that the permission is for. */
  origin: v.string(),
  /** Another address of the same site, to which its form sends: asked for together with it. */
  sister: v.optional(v.string()),
});
export type Need = v.InferOutput<typeof Need>;

/** The pattern of one site, at all its ports: not every browser's patterns know ports. */
export function siteOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** The patterns of what a need is for. */
export const sitesOf = ({ origin, sister }: Need): string[] => [origin, ...(sister ? [sister] : [])].map(siteOf);

/** What is asked of the browser for a need: its sites, and for the browser's own window the right to answer it. */
export const permissionsFor = (need: Need): Permissions.Permissions => ({
  origins: sitesOf(need),
  // Chromium wires up `webRequest` only for extensions that declare it from the start; without a site's permission it sees
  // nothing.
  permissions: need.why === 'basic' ? ['webRequestAuthProvider'] : [],
});
