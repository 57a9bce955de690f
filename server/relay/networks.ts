// Networks as evidence of proximity: two connections are near when they come from the same one.
import { createHmac } from 'node:crypto';
import { newToken } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import { once } from '../store/values.ts';

const DAY = 86_400_000;

/**
 * Keyed hash of a network under the salt of one day, base64url: comparable with others of that day, meaningless later.
 * @param time any moment of that day (UTC), ms since 1970; for a session, that of its opening
 */
export async function hashNetwork(store: Store, network: string, time: number): Promise<string> {
  const salt = await once(store, `salt:${Math.floor(time / DAY)}`, newToken(), time + 2 * DAY);
  return createHmac('sha256', salt).update(network).digest('base64url');
}
