// Who may speak with the companion from where: the Origin header tells phone pages from extensions, and both from everybody else.
import type { Role } from '../../src/protocol/relay.ts';

export interface Origins {
  /** Origins from which a phone may join. */
  pageOrigins: readonly string[];
  /** Ids of the Chromium builds that may open sessions; any Firefox build may. */
  extensionIds: readonly string[];
}

/** Whether an `Origin` is some extension's, ours or not. */
export const isExtension = (origin = ''): boolean => /^(chrome|moz)-extension:/.test(origin);

/** A page that is no phone page and an extension that is not ours get no role. */
export function roleOf(origin = '', { pageOrigins, extensionIds }: Origins): Role | undefined {
  if (pageOrigins.includes(origin)) return 'p';
  const chromium = /^chrome-extension:\/\/([a-p]{32})$/.exec(origin)?.[1];
  if (chromium !== undefined) return extensionIds.includes(chromium) ? 'b' : undefined;
  // Firefox gives every installation an id of its own, so any is taken.
  return /^moz-extension:\/\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(origin) ? 'b' : undefined;
}
