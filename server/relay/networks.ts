// Networks as evidence of proximity: two connections are near when they come from the same one.
import { createHmac, randomBytes } from 'node:crypto';
import type { Store } from '../store/store.ts';

const DAY = 86_400_000;

/**
 * Keyed hash of a network under the salt of one day, base64url: comparable with others of that day, meaningless later.
 * @param time any moment of that day (UTC), ms since 1970; for a session, that of its opening
 */
export async function hashNetwork(store: Store, network: string, time: number): Promise<string> {
  const key = `salt:${Math.floor(time / DAY)}`;
  if (!(await store.get(key))) await store.put(key, randomBytes(32).toString('base64url'), time + 2 * DAY, 0);
  const salt = (await store.get(key))?.value ?? '';
  return createHmac('sha256', salt).update(network).digest('base64url');
}
