// Who signs in to the team's sites: a person is known by keys of vaults and by identities at providers, and by nothing else.
import { createHash, randomBytes } from 'node:crypto';
import { base32nopad } from '@scure/base';
import * as v from 'valibot';
import type { Store } from '../store/store.ts';

/** Whoever has not been seen for this long is forgotten. */
const UNUSED_MS = 400 * 86_400_000;

const Person = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  admitted: v.boolean(),
  /** Everything that this person is known by, `key:…` and `<provider>:…`. */
  knownBy: v.array(v.string()),
});
export type Person = v.InferOutput<typeof Person>;

/** What a sign-in shows of who somebody is: the first name is the main one. */
export interface Identity {
  /** `key:<SHA-256 of the public key>` of a vault, or names at a provider: `wechat:union:…`, `wechat:<app>:<openid>`. */
  subjects: readonly [string, ...string[]];
  name: string;
  /** A member of an organisation that the team's file names is admitted by that. */
  member: boolean;
}

/** Eight letters and digits by which an operator admits somebody; they say nothing else. */
export const codeOfPerson = (id: string): string => {
  const text = base32nopad.encode(createHash('sha256').update(id).digest().subarray(0, 5));
  return `${text.slice(0, 4)}-${text.slice(4)}`;
};

export class People {
  readonly #store: Store;
  readonly #anyone: boolean;
  constructor(store: Store, anyone: boolean) {
    this.#store = store;
    this.#anyone = anyone;
  }

  async get(id: string): Promise<Person | undefined> {
    const stored = await this.#store.get(`person:${id}`);
    return stored && v.parse(Person, JSON.parse(stored.value));
  }

  /** Who this is; somebody new gets an entry. A name that came later (a unionid) leads to the same person from then on. */
  async meet({ subjects, name, member }: Identity): Promise<Person> {
    let person: Person | undefined;
    for (const subject of subjects) {
      const id = await this.#store.get(`subject:${subject}`);
      person ??= id && (await this.get(id.value));
    }
    const met: Person = {
      ...(person ?? { id: randomBytes(12).toString('base64url'), email: '', name, admitted: false }),
      knownBy: [...new Set([...(person?.knownBy ?? []), ...subjects])],
    };
    met.admitted ||= member || this.#anyone;
    await this.#write(met);
    return met;
  }

  /**
   * Somebody has shown two things in one sign-in: from now on both are one person.
   * @returns who that is; undefined when one of them is another person's, who is known by that kind of thing already
   */
  async link(person: Person, { subjects }: Identity): Promise<Person | undefined> {
    const holders = new Map<string, Person>();
    for (const subject of subjects) {
      const id = await this.#store.get(`subject:${subject}`);
      const holder = id && id.value !== person.id ? await this.get(id.value) : undefined;
      if (holder) holders.set(holder.id, holder);
    }
    const [other, another] = [...holders.values()];
    const kinds = (one: Person) => one.knownBy.map((subject) => subject.split(':')[0]);
    if (another || (other && kinds(other).some((kind) => kinds(person).includes(kind)))) return undefined;
    const both: Person = {
      ...(other ?? person),
      admitted: person.admitted || (other?.admitted ?? false),
      knownBy: [...new Set([...(other?.knownBy ?? []), ...person.knownBy, ...subjects])],
    };
    await this.#write(both);
    if (other) await this.#store.delete(`person:${person.id}`);
    return both;
  }

  /** The operator's word on whoever has this code. @returns undefined when nobody has it */
  async admit(code: string, details: { name?: string; email?: string }): Promise<Person | undefined> {
    const person = await this.#byCode(code);
    if (!person) return undefined;
    const admitted = { ...person, ...details, admitted: true };
    await this.#write(admitted);
    return admitted;
  }

  /** Takes somebody out again: at once for new sign-ins, and for tokens at their next use. */
  async remove(code: string): Promise<Person | undefined> {
    const person = await this.#byCode(code);
    if (!person) return undefined;
    for (const subject of person.knownBy) await this.#store.delete(`subject:${subject}`);
    await this.#store.delete(`person:${person.id}`);
    return person;
  }

  async list(): Promise<Person[]> {
    const stored = await this.#store.list('person:');
    return stored.map((value) => v.parse(Person, JSON.parse(value)));
  }

  async #byCode(code: string): Promise<Person | undefined> {
    const wanted = code.toUpperCase().replace(/[^A-Z2-7]/g, '');
    return (await this.list()).find(({ id }) => codeOfPerson(id).replace('-', '') === wanted);
  }

  async #write(person: Person): Promise<void> {
    const expires = Date.now() + UNUSED_MS;
    for (const [key, value] of [
      [`person:${person.id}`, JSON.stringify(person)],
      ...person.knownBy.map((subject) => [`subject:${subject}`, person.id]),
    ] as [string, string][]) {
      const stored = await this.#store.get(key);
      await this.#store.put(key, value, expires, stored?.rev ?? 0);
    }
  }
}
