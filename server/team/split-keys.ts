// Halves of split keys (R36): a paired browser has the other half and what both together open. This one is given to whoever a
// provider says it is and brings the browser's own proof, to nobody by either alone.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken, sameHash } from '../store/hashes.ts';
import { Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';

type Subjects = readonly string[];

/** A half that nobody has asked for this long is forgotten. */
const UNUSED_MS = 180 * 86_400_000;

const Half = v.object({
  half: v.string(),
  /** Hash of the browser's proof. */
  auth: v.string(),
  /** Who may have it: names at the provider. */
  subjects: v.array(v.string()),
});
type Half = v.InferOutput<typeof Half>;

export class SplitKeys {
  readonly #records: Records<Half>;
  constructor(store: Store, now: () => number = Date.now) {
    this.#records = new Records(store, 'half', Half, { unusedMs: UNUSED_MS }, now);
  }

  /** A new half for somebody, and the proof by which the browser can ask for it again; all base64url. */
  async make(subjects: Subjects): Promise<{ id: string; half: string; auth: string }> {
    const [id, half, auth] = [randomBytes(16).toString('base64url'), newToken(), newToken()];
    await this.#records.write(id, { half, auth: hashOf(auth), subjects: [...subjects] }, 0);
    return { id, half, auth };
  }

  /** @throws Refusal `not-found` where there is none of that proof */
  async #of(id: string, auth: string): Promise<Half> {
    const found = await this.#records.read(id);
    if (!found || !sameHash(found.record.auth, hashOf(auth))) throw new Refusal('not-found');
    return found.record;
  }

  /** @throws Refusal `not-found` */
  check = async (id: string, auth: string): Promise<void> => void (await this.#of(id, auth));

  /** The half, for another while. @throws Refusal `not-found`, `identity-wrong` for anybody else */
  async open(id: string, auth: string, subjects: Subjects): Promise<string> {
    const { half, subjects: owners } = await this.#of(id, auth);
    if (!subjects.some((subject) => owners.includes(subject))) throw new Refusal('identity-wrong');
    await this.#records.change(id, () => {});
    return half;
  }

  /** @throws Refusal `not-found` */
  async drop(id: string, auth: string): Promise<void> {
    await this.#of(id, auth);
    await this.#records.delete(id);
  }
}
