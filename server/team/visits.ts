// Visits to a provider that are to begin by an address: an extension's in a tab, a phone page's in that very browser.
import * as v from 'valibot';
import { PROVIDER_IDS, type ProviderId } from '../../src/protocol/providers.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken } from '../store/hashes.ts';
import { Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';

const WITHIN_MS = 120_000;

const Visit = v.object({
  provider: v.picklist(PROVIDER_IDS),
  /** By which what the provider says can be had. */
  handle: v.string(),
  /** Hash of the only browser that may begin it: a link would fetch what another person has put by. */
  browser: v.optional(v.string()),
});
export type Visit = v.InferOutput<typeof Visit>;

export class Visits {
  readonly #records: Records<Visit>;
  readonly #origin: string;

  /** @param origin the companion's own */
  constructor(store: Store, origin: string) {
    this.#records = new Records(store, 'go', Visit, { unusedMs: WITHIN_MS });
    this.#origin = origin;
  }

  /** @returns the address that begins it, once and within two minutes */
  async plan(provider: ProviderId, handle: string, browser?: string): Promise<string> {
    const token = newToken();
    await this.#records.write(hashOf(token), { provider, handle, ...(browser ? { browser } : {}) }, 0);
    return `${this.#origin}/v1/kept/go?ticket=${token}`;
  }

  /** @param browser hash of the one that came @throws Refusal `provider-state` */
  async begin(token: string, browser: string): Promise<Visit> {
    const may = (visit: Visit) => visit.browser === undefined || visit.browser === browser;
    const visit = await this.#records.take(hashOf(token), may);
    if (!visit) throw new Refusal('provider-state');
    return visit;
  }
}
