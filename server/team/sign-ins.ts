// Sign-ins at the team's sites, each of one browser: who has shown who it is, and whether that is all that the site asks for.
import * as v from 'valibot';
import type { ProviderId } from '../../src/protocol/providers.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken, sameHash } from '../store/hashes.ts';
import { type Found, Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { codeOfPerson, type People, type Person } from './people.ts';
import type { Identity } from './providers/provider.ts';

/** A sign-in, and whatever belongs to one, lives no longer. */
export const SIGN_IN_MS = 600_000;

/** Why a step came to nothing: a code of ours, and what the person or an operator may need to know of it. */
export const Failure = v.object({ code: v.string(), detail: v.optional(v.string()) });
export type Failure = v.InferOutput<typeof Failure>;

const SignIn = v.object({
  client: v.string(),
  /** Where the site will be gone back to; empty for a device. */
  host: v.string(),
  /** What the device calls itself that is to be signed in, which may be nothing; absent for a site in this browser. */
  device: v.optional(v.string()),
  nonce: v.string(),
  /** Hash of the browser's own cookie. */
  browser: v.string(),
  /** Who it is, and how that was shown; complete once a second confirmation is there where one is asked for. */
  person: v.optional(v.string()),
  amr: v.array(v.string()),
  failure: v.optional(Failure),
});
export type SignIn = v.InferOutput<typeof SignIn>;

/** A site that wants two proofs gets two, of which one is that provider's. */
export const isEnough = (amr: readonly string[], confirm: ProviderId | undefined): boolean =>
  confirm === undefined || (amr.includes(confirm) && amr.length > 1);

export class SignIns {
  readonly #records: Records<SignIn>;
  readonly #people: People;
  readonly #confirmOf: (client: string) => ProviderId | undefined;

  /** @param confirmOf which second confirmation a client asks for */
  constructor(store: Store, people: People, confirmOf: (client: string) => ProviderId | undefined) {
    this.#records = new Records(store, 'sign-in', SignIn, { unusedMs: SIGN_IN_MS });
    this.#people = people;
    this.#confirmOf = confirmOf;
  }

  /** The sign-in `uid` of a browser; the first browser that opens it is the only one (R64). @throws Refusal `sign-in-gone` */
  async open(uid: string, what: Pick<SignIn, 'client' | 'host' | 'device'>, browser: string): Promise<void> {
    const begun: SignIn = { ...what, nonce: newToken(), browser: hashOf(browser), amr: [] };
    if (!(await this.#records.write(uid, begun, 0))) await this.of(uid, browser);
  }

  async #found(uid: string): Promise<Found<SignIn>> {
    const found = await this.#records.read(uid);
    if (!found) throw new Refusal('sign-in-gone');
    return found;
  }

  /** A sign-in as its own browser may know it. @throws Refusal `sign-in-gone` */
  async of(uid: string, browser: string | undefined): Promise<SignIn> {
    const { record } = await this.#found(uid);
    if (browser === undefined || !sameHash(record.browser, hashOf(browser))) throw new Refusal('sign-in-gone');
    return record;
  }

  /** What the phone is told of a sign-in before it confirms. @throws Refusal `sign-in-gone` */
  about = async (uid: string): Promise<SignIn> => (await this.#found(uid)).record;

  /**
   * Somebody has shown who it is.
   * @param how `pop` for a vault's key, a provider's name for a provider
   * @returns whether that was all that the site asks for
   * @throws Refusal `identity-unknown` with the code by which an operator admits the person, `identity-wrong` when a second
   * confirmation comes from somebody else
   */
  async prove(uid: string, identity: Identity, how: string): Promise<boolean> {
    const { record, rev } = await this.#found(uid);
    const confirm = this.#confirmOf(record.client);
    const before = record.person === undefined ? undefined : await this.#people.get(record.person);
    const [first] = record.amr;
    const second = before && confirm !== undefined && first !== how && (first === confirm || how === confirm);
    const person = await (second ? this.#second(before, identity) : this.#people.meet(identity));
    if (!person.admitted) throw new Refusal('identity-unknown', { detail: codeOfPerson(person.id) });
    const amr = second ? [...record.amr, how] : [how];
    const { failure: _over, ...rest } = record;
    const proved = { ...rest, person: person.id, amr };
    if (!(await this.#records.write(uid, proved, rev))) return this.prove(uid, identity, how);
    return isEnough(amr, confirm);
  }

  /** The second of two kinds of proof. Who brings it for the first time is tied to it by that; afterwards it is he or nobody. */
  async #second(before: Person, identity: Identity): Promise<Person> {
    const kind = identity.subjects[0].split(':')[0];
    const isKnown = before.knownBy.some((subject) => subject.startsWith(`${kind}:`));
    const isSame = identity.subjects.some((subject) => before.knownBy.includes(subject));
    const person = isKnown ? isSame && before : await this.#people.link(before.id, identity);
    if (!person) throw new Refusal('identity-wrong');
    return person;
  }

  /** A step came to nothing: the browser is told when it asks. */
  async fail(uid: string, failure: Failure): Promise<void> {
    await this.#records.change(uid, (record) => Object.assign(record, { failure }));
  }

  /** Who it is, once nothing is missing; undefined before. */
  async personOf({ person, amr, client }: SignIn): Promise<Person | undefined> {
    if (person === undefined || !isEnough(amr, this.#confirmOf(client))) return undefined;
    const known = await this.#people.get(person);
    return known?.admitted ? known : undefined;
  }
}
