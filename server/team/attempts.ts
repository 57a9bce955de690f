// Attempts to learn from a provider who somebody is. Every answer belongs to one attempt of one browser, and counts once (R34).
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { PROVIDER_IDS, type ProviderId } from '../../src/protocol/providers.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken, sameHash } from '../store/hashes.ts';
import { Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Answers } from './answers.ts';
import { type Codes, type Identity, type Provider, ProviderError, type Where } from './providers/provider.ts';
import type { Providers } from './providers/registry.ts';
import { Failure, SIGN_IN_MS, type SignIns } from './sign-ins.ts';

/** A few questions to a provider, one after the other. */
export const ANSWER_MS = 40_000;

/** What an attempt at a provider is for. */
const Purpose = v.variant('t', [
  /** To go on with a sign-in in the same browser. */
  v.object({ t: v.literal('sign-in'), uid: v.string() }),
  /** To say on a phone, inside the provider's app, who scanned the code of the session `sid`. */
  v.object({ t: v.literal('in-app'), sid: v.string() }),
  /**
   * To have something that the person put by: half of a split key, or the way to a vault. `receipt` is shown in the tab where an
   * extension's visit ends, and nowhere else.
   */
  v.object({ t: v.literal('keep'), handle: v.string(), receipt: v.optional(v.string()) }),
]);
export type Purpose = v.InferOutput<typeof Purpose>;

const Attempt = v.object({
  provider: v.picklist(PROVIDER_IDS),
  /** `code`: a code of the provider's own that our page has drawn. */
  where: v.picklist(['page', 'app', 'code']),
  browser: v.string(),
  verifier: v.string(),
  purpose: Purpose,
  /** Hash of the code that it was answered with: a second answer is the same one or none. */
  code: v.optional(v.string()),
  done: v.optional(v.boolean()),
  failure: v.optional(Failure),
});
type Attempt = v.InferOutput<typeof Attempt>;

/** What `read` gives, and nothing where it refuses. */
const readable = (read: () => string | undefined): string | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

export interface AttemptOptions {
  store: Store;
  providers: Providers;
  /** The companion's own origin. */
  origin: string;
  signIns: SignIns;
  answers: Answers;
}

export class Attempts {
  readonly #options: AttemptOptions;
  /** By the hash of their state. */
  readonly #records: Records<Attempt>;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.#records = new Records(options.store, 'attempt', Attempt, { unusedMs: SIGN_IN_MS });
  }

  #provider(id: string): Provider {
    const provider = this.#options.providers.get(id);
    if (!provider) throw new Refusal('not-found');
    return provider;
  }

  #callback = (id: string): string => `${this.#options.origin}/v1/callback/${id}`;

  /** @returns the new attempt's state: letters and digits only, and short, for WeChat allows no more */
  async #open(attempt: Pick<Attempt, 'provider' | 'where' | 'verifier' | 'purpose'>, browser: string): Promise<string> {
    const state = randomBytes(24).toString('hex');
    await this.#records.write(hashOf(state), { ...attempt, browser: hashOf(browser) }, 0);
    return state;
  }

  /** Begins an attempt at a provider, for this browser alone. @throws Refusal `not-found` where it is not set up so */
  async begin(
    id: string,
    where: Where,
    browser: string,
    purpose: Purpose,
  ): Promise<{ to: URL | undefined; state: string }> {
    const provider = this.#provider(id);
    if (!provider.where.includes(where)) throw new Refusal('not-found');
    const verifier = newToken();
    const state = await this.#open({ provider: provider.id, where, verifier, purpose }, browser);
    return { to: provider.authorizeUrl({ where, state, callback: this.#callback(id), verifier }), state };
  }

  /**
   * A provider has sent the browser back. The first answer counts; the same one again (browsers and apps do that) gets the same
   * result without another question.
   * @returns what the attempt was for, and why it came to nothing
   * @throws Refusal `provider-state` for an answer to no attempt of this browser
   */
  async answer(
    id: string,
    query: Readonly<Record<string, string>>,
    browser: string | undefined,
  ): Promise<{ purpose: Purpose; failure: Failure | undefined }> {
    const { state = '' } = query;
    const key = hashOf(state);
    const found = await this.#records.read(key);
    if (!found || browser === undefined || !sameHash(found.record.browser, hashOf(browser)))
      throw new Refusal('provider-state');
    const { record, rev } = found;
    const { purpose, where, verifier } = record;
    // Another provider's callback is no place for it either (mix-up).
    if (record.provider !== id || where === 'code') throw new Refusal('provider-state');
    const provider = this.#provider(id);
    const given = hashOf(readable(() => provider.codeOf(query)) ?? '');
    if (record.code !== undefined) {
      if (record.code !== given) throw new Refusal('provider-state');
      return { purpose, failure: await this.#settled(key) };
    }
    // Taken before it is used: whatever happens now, it is not used again.
    const taken = { ...record, code: given };
    if (!(await this.#records.write(key, taken, rev))) return this.answer(id, query, browser);
    const failure = await this.#settle(purpose, provider.id, async () => {
      const code = provider.codeOf(query);
      if (code === undefined) throw new ProviderError('provider-cancelled');
      return provider.identify(code, { where, state, callback: this.#callback(id), verifier });
    });
    await this.#records.change(key, (one) => Object.assign(one, { done: true, ...(failure ? { failure } : {}) }));
    return { purpose, failure };
  }

  /** What becomes of an answer: who it is is handed on to whatever asked, or why that is not known. */
  #ends(
    purpose: Purpose,
    by: ProviderId,
  ): { known(who: Identity): Promise<unknown>; failed(why: Failure): Promise<void> } {
    const { signIns, answers } = this.#options;
    if (purpose.t === 'sign-in')
      return {
        known: (identity) => signIns.prove(purpose.uid, { by, identity }),
        failed: (failure) => signIns.fail(purpose.uid, failure),
      };
    const name = purpose.t === 'in-app' ? purpose.sid : purpose.handle;
    return { known: (identity) => answers.put(name, identity), failed: async () => {} };
  }

  async #settle(purpose: Purpose, by: ProviderId, learn: () => Promise<Identity>): Promise<Failure | undefined> {
    const ends = this.#ends(purpose, by);
    try {
      await ends.known(await learn());
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const detail = error.said ?? error.extra.detail;
      const failure = { code: error.code, ...(detail ? { detail } : {}) };
      await ends.failed(failure);
      return failure;
    }
  }

  /** How the first of two equal answers went. */
  async #settled(key: string): Promise<Failure | undefined> {
    const found = await this.#records.until(key, ({ done }) => done === true, ANSWER_MS);
    return found ? found.record.failure : { code: 'provider-slow' };
  }

  /** The provider that gives codes of its own, if one is set up so. */
  #drawn(): { id: ProviderId; codes: Codes } {
    for (const { id, codes } of this.#options.providers.values()) if (codes) return { id, codes };
    throw new Refusal('not-found');
  }

  /** A code of a provider's own that this page may draw; scanning it is the answer. @throws ProviderError, Refusal `not-found` */
  async drawCode(uid: string, browser: string): Promise<string> {
    const { id, codes } = this.#drawn();
    const purpose = { t: 'sign-in', uid } as const;
    const scene = await this.#open({ provider: id, where: 'code', verifier: '', purpose }, browser);
    return codes.draw(scene, Math.floor(LIMITS.sessionMs / 1000));
  }

  /** The provider says that somebody has scanned such a code. It may say so several times: that counts once, and as soon as it can. */
  async scanned(message: string): Promise<void> {
    const { id, codes } = this.#drawn();
    const scan = codes.scanOf(message);
    if (!scan) return;
    const key = hashOf(scan.scene);
    const found = await this.#records.read(key);
    if (found?.record.where !== 'code' || found.record.code !== undefined) return;
    const taken = { ...found.record, code: hashOf(scan.identity.subjects[0]), done: true };
    if (!(await this.#records.write(key, taken, found.rev))) return;
    try {
      await this.#settle(found.record.purpose, id, async () => scan.identity);
    } catch (error) {
      await this.#records.change(key, (one) => {
        delete one.code;
        delete one.done;
      });
      throw error;
    }
  }
}
