// Events that a provider sends us and signs: believed while they are fresh, and each nonce for one of them. Where the signature does not cover what the event
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
   * Believes an event, or not. A provider that has heard no answer sends the same one again, which is believed as well: what it
   * leads to happens once all the same, or at last, where it failed before.
   * @throws Refusal `provider-state` for one that is not signed, not fresh, or says something else under a nonce that was used
   */
  async take(stamp: Stamp | undefined, content: string): Promise<void> {
    if (!stamp || !(Math.abs(this.#now() - stamp.time) <= FRESH_MS)) throw new Refusal('provider-state');
    const key = `event:${hashOf(stamp.nonce)}`;
    const said = hashOf(content);
    // As long as it would be fresh.
    if (await this.#store.put(key, said, stamp.time + FRESH_MS + 1, 0)) return;
    if ((await this.#store.get(key))?.value !== said) throw new Refusal('provider-state');
  }
}
