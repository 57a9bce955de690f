// Networks as evidence of proximity: two connections are near when they come from the same one.
import { createHmac } from 'node:crypto';
import { newToken } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import { once } from '../store/values.ts';

const DAY = 86_400_000;

/** How long a salt is believed to be still that of all nodes, ms. */
const HOLDS_MS = 60_000;

/**
 * @returns the keyed hash of a network under the salt of one day, base64url: comparable with others of that day, meaningless later. `time`:
 *   any moment of that day (UTC), ms since 1970; for a session, that of its opening
 */
export function newNetworkHash(store: Store): (network: string, time: number) => Promise<string> {
  let last = { day: 0, at: Number.NEGATIVE_INFINITY, salt: '' };
  return async (network, time) => {
    const day = Math.floor(time / DAY);
    if (last.day !== day || performance.now() - last.at > HOLDS_MS)
      last = {
        day,
        at: performance.now(),
        salt: await once(store, `salt:${day}`, newToken(), time + 2 * DAY),
      };
    return createHmac('sha256', last.salt).update(network).digest('base64url');
  };
}
