// Who signs in to the team's sites: a person is known by keys of vaults and by identities at providers, and by nothing else.
import { createHash, randomBytes } from 'node:crypto';
import { base32nopad } from '@scure/base';
import * as v from 'valibot';
import type { Store } from './store.ts';

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

  /** What somebody proves beside who he is: from now on both are one. A name that is another person's stays there. */
  async link(person: Person, { subjects }: Identity): Promise<boolean> {
    for (const subject of subjects) {
      const held = await this.#store.get(`subject:${subject}`);
      if (held && held.value !== person.id && (await this.get(held.value))) return false;
    }
    await this.#write({ ...person, knownBy: [...new Set([...person.knownBy, ...subjects])] });
    return true;
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
