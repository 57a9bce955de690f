// Events that a provider sends us and signs: believed while they are fresh, and once. Where the signature does not cover what the event
// says (WeChat's does not), whoever has seen one could otherwise say anything in the provider's name for ever.
import { Refusal } from '../http/problems.ts';
import { hashOf } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import type { Stamp } from './providers/provider.ts';

/** How far the provider's clock and ours may be apart, the event's way included. */
const FRESH_MS = 300_000;

export class SignedEvents {
  readonly #store: Store;
  readonly #now: () => number;
  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Takes an event in. A provider that has heard no answer sends the same one again.
   * @returns whether it is new
   * @throws Refusal `provider-state` for one that is not signed, not fresh, or says something else under a nonce that was used
   */
  async take(stamp: Stamp | undefined, content: string): Promise<boolean> {
    if (!stamp || !(Math.abs(this.#now() - stamp.time) <= FRESH_MS)) throw new Refusal('provider-state');
    const key = `event:${hashOf(stamp.nonce)}`;
    const said = hashOf(content);
    // As long as it would be fresh.
    if (await this.#store.put(key, said, stamp.time + FRESH_MS + 1, 0)) return true;
    if ((await this.#store.get(key))?.value !== said) throw new Refusal('provider-state');
    return false;
  }
}
