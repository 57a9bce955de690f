// Who signs in to the team's sites: a person is known by keys of vaults and by identities at providers, and by nothing else.
import { createHash, randomBytes } from 'node:crypto';
import { base32nopad } from '@scure/base';
import * as v from 'valibot';
import { type Found, Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Identity } from './providers/provider.ts';

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

/** Eight letters and digits by which an operator admits somebody; they say nothing else. */
export const codeOfPerson = (id: string): string => {
  const text = base32nopad.encode(createHash('sha256').update(id).digest().subarray(0, 5));
  return `${text.slice(0, 4)}-${text.slice(4)}`;
};

const kindsOf = ({ knownBy }: Person): (string | undefined)[] => knownBy.map((subject) => subject.split(':')[0]);

export class People {
  readonly #store: Store;
  readonly #people: Records<Person>;
  readonly #whoGetsIn: 'admitted' | 'anyone';

  constructor(store: Store, whoGetsIn: 'admitted' | 'anyone') {
    this.#store = store;
    this.#people = new Records(store, 'person', Person, { unusedMs: UNUSED_MS });
    this.#whoGetsIn = whoGetsIn;
  }

  async get(id: string): Promise<Person | undefined> {
    return (await this.#people.read(id))?.record;
  }

  /** Who is known by `subject`, if anybody is. */
  async #holder(subject: string): Promise<Found<Person> | undefined> {
    const id = await this.#store.get(`subject:${subject}`);
    return id && this.#people.read(id.value);
  }

  /** Who this is; somebody new gets an entry. A name that came later (a unionid) leads to the same person from then on. */
  async meet(identity: Identity): Promise<Person> {
    const { subjects, name, member } = identity;
    let found: Found<Person> | undefined;
    for (const subject of subjects) found ??= await this.#holder(subject);
    const before = found?.record ?? {
      id: randomBytes(12).toString('base64url'),
      email: '',
      name,
      admitted: false,
      knownBy: [],
    };
    const met: Person = {
      ...before,
      admitted: before.admitted || member || this.#whoGetsIn === 'anyone',
      knownBy: [...new Set([...before.knownBy, ...subjects])],
    };
    // Somebody else was faster: another sign-in, or the operator, whose word must not be lost.
    if (!(await this.#people.write(met.id, met, found?.rev ?? 0))) return this.meet(identity);
    await this.#point(met);
    return met;
  }

  /**
   * Somebody has shown two things in one sign-in: from now on both are one person.
   * @param id of the person who is known already
   * @returns who that is; undefined when one of them is another person's, who is known by that kind of thing already
   */
  async link(id: string, identity: Identity): Promise<Person | undefined> {
    const person = await this.#people.read(id);
    if (!person) return undefined;
    const holders = new Map<string, Found<Person>>();
    for (const subject of identity.subjects) {
      const holder = await this.#holder(subject);
      if (holder && holder.record.id !== id) holders.set(holder.record.id, holder);
    }
    const [other, another] = [...holders.values()];
    const kinds = kindsOf(person.record);
    if (another || (other && kindsOf(other.record).some((kind) => kinds.includes(kind)))) return undefined;
    const stays = other ?? person;
    const both: Person = {
      ...stays.record,
      admitted: person.record.admitted || stays.record.admitted,
      knownBy: [...new Set([...stays.record.knownBy, ...person.record.knownBy, ...identity.subjects])],
    };
    if (!(await this.#people.write(both.id, both, stays.rev))) return this.link(id, identity);
    await this.#point(both);
    if (other) await this.#people.delete(id);
    return both;
  }

  /** The operator's word on whoever has this code. @returns undefined when nobody has it */
  async admit(code: string, details: { name?: string; email?: string }): Promise<Person | undefined> {
    const person = await this.#byCode(code);
    const admitted =
      person && (await this.#people.change(person.id, (one) => Object.assign(one, details, { admitted: true })));
    if (admitted) await this.#point(admitted);
    return admitted;
  }

  /** Takes somebody out again: at once for new sign-ins, and for tokens at their next use. */
  async remove(code: string): Promise<Person | undefined> {
    const person = await this.#byCode(code);
    if (!person) return undefined;
    for (const subject of person.knownBy) await this.#store.delete(`subject:${subject}`);
    await this.#people.delete(person.id);
    return person;
  }

  list = (): Promise<Person[]> => this.#people.list();

  async #byCode(code: string): Promise<Person | undefined> {
    const wanted = code.toUpperCase().replace(/[^A-Z2-7]/g, '');
    return (await this.list()).find(({ id }) => codeOfPerson(id).replace('-', '') === wanted);
  }

  /** Lets all that a person is known by lead there, for as long as the person is known. */
  async #point({ id, knownBy }: Person): Promise<void> {
    const expires = Date.now() + UNUSED_MS;
    for (const subject of knownBy) {
      const key = `subject:${subject}`;
      const stored = await this.#store.get(key);
      await this.#store.put(key, id, expires, stored?.rev ?? 0);
    }
  }
}
