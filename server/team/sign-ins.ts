// Sign-ins at the team's sites, each of one browser: who has shown who it is, and whether that is all that the site asks for.
import * as v from 'valibot';
import type { ProviderId } from '../../src/protocol/providers.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken, sameHash } from '../store/hashes.ts';
import { type Found, Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { codeOfPerson, hasKind, type People, type Person } from './people.ts';
import { type Identity, IdentityRecord } from './providers/provider.ts';

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
  /** What the confirming provider says and nobody is known by yet: it becomes the person's once the vault has said so to `nonce`. */
  adds: v.optional(IdentityRecord),
  failure: v.optional(Failure),
});
export type SignIn = v.InferOutput<typeof SignIn>;

/** What shows who somebody is: a provider's word, or the vault's key over a sign-in's `nonce`, with what the phone was shown of it. */
export type Proof = { by: ProviderId; identity: Identity } | { by: 'pop'; identity: Identity; nonce: string };

/** A site that wants two proofs gets two, of which one is that provider's. */
export const isEnough = (amr: readonly string[], confirm: ProviderId | undefined): boolean =>
  confirm === undefined || (amr.includes(confirm) && amr.length > 1);
/** …and they are one person's. */
const isComplete = ({ amr, adds }: Pick<SignIn, 'amr' | 'adds'>, confirm: ProviderId | undefined): boolean =>
  !adds && isEnough(amr, confirm);

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
   * @returns whether that was all that the site asks for
   * @throws Refusal `identity-unknown` with the code by which an operator admits the person; for two proofs that are not known as one
   * person's `identity-apart`, with the code by which an operator joins the second, or `identity-wrong` where they cannot be
   */
  async prove(uid: string, proof: Proof): Promise<boolean> {
    const { record, rev } = await this.#found(uid);
    const confirm = this.#confirmOf(record.client);
    const { person: _before, amr: _shown, adds: _added, failure: _over, ...rest } = record;
    const proved = { ...rest, ...(await this.#proved(record, proof, confirm)) };
    if (!(await this.#records.write(uid, proved, rev))) return this.prove(uid, proof);
    return isComplete(proved, confirm);
  }

  /** What a sign-in becomes by a proof. Two proofs are one person's only if they were before, or if the vault has just said so. */
  async #proved(
    { person, amr, nonce, adds }: SignIn,
    proof: Proof,
    confirm: ProviderId | undefined,
  ): Promise<Pick<SignIn, 'amr'> & Partial<SignIn>> {
    const { by, identity } = proof;
    // What the phone was shown has changed since.
    if (proof.by === 'pop' && proof.nonce !== nonce) throw new Refusal('identity-wrong');
    const [first] = amr;
    const both = [...new Set([...amr, by])];
    if (by === 'pop' && adds) {
      const { id } = await this.#admitted(identity);
      if (person !== undefined && person !== id) throw new Refusal('identity-wrong');
      if (!(await this.#people.tie(id, adds))) throw new Refusal('identity-wrong');
      return { person: id, amr: both };
    }
    const known = await this.#people.find(identity);
    const before = await this.#known(person);
    const isSecond = first !== undefined && first !== by && (first === confirm || by === confirm);
    if (isSecond && before) {
      if (known?.id === before.id) return { person: before.id, amr: both };
      if (hasKind(before, identity)) throw new Refusal('identity-wrong');
    }
    if (by === confirm && !known)
      return { ...(before ? { person: before.id } : {}), amr: both, adds: identity, nonce: newToken() };
    if (isSecond) {
      const { id } = known ?? (await this.#people.meet(identity));
      throw new Refusal('identity-apart', { detail: codeOfPerson(id) });
    }
    return { person: (await this.#admitted(identity)).id, amr: [by] };
  }

  /** @throws Refusal `identity-unknown` */
  async #admitted(identity: Identity): Promise<Person> {
    const person = await this.#people.meet(identity);
    if (!person.admitted) throw new Refusal('identity-unknown', { detail: codeOfPerson(person.id) });
    return person;
  }

  /** A step came to nothing: the browser is told when it asks. */
  async fail(uid: string, failure: Failure): Promise<void> {
    await this.#records.change(uid, (record) => Object.assign(record, { failure }));
  }

  /** The person of a sign-in; undefined while there is none, or once the operator has taken that one out. */
  #known = async (person: string | undefined): Promise<Person | undefined> =>
    person === undefined ? undefined : this.#people.get(person);

  /** Who it is, once nothing is missing; undefined before. */
  async personOf(signIn: SignIn): Promise<Person | undefined> {
    return isComplete(signIn, this.#confirmOf(signIn.client)) ? this.#known(signIn.person) : undefined;
  }

  /** Who it is, for the site, which is told now. @throws Refusal `sign-in-gone` while something is missing */
  async finish(signIn: SignIn): Promise<Person> {
    const person = await this.personOf(signIn);
    if (!person) throw new Refusal('sign-in-gone');
    await this.#people.keep(person.id);
    return person;
  }
}
