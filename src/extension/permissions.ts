// What Scankey needs leave for, and what is asked of the browser then: one site at a time, in the person's own click.
import * as v from 'valibot';
import type { Permissions } from 'webextension-polyfill';

/** What the person must allow before Scankey can go on, and why. */
export const Need = v.object({
  why: v.picklist(['frame', 'steps', 'basic']),
  /** The one site that the permission is for. */
  origin: v.string(),
});
export type Need = v.InferOutput<typeof Need>;

/** The pattern of one site, at all its ports: not every browser's patterns know ports. */
export function siteOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** What is asked of the browser for a need: this one site, and for the browser's own window the right to answer it. */
export const permissionsFor = ({ why, origin }: Need): Permissions.Permissions => ({
  origins: [siteOf(origin)],
  // Chromium wires up `webRequest` only for extensions that declare it from the start; without a site's permission it sees
  // nothing.
  permissions: why === 'basic' ? ['webRequestAuthProvider'] : [],
});
