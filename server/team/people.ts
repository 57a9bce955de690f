// Who signs in to the team's sites: a person is known by keys of vaults and by identities at providers, and by nothing else.
import { createHash, randomBytes } from 'node:crypto';
import { base32nopad } from '@scure/base';
import * as v from 'valibot';
import { Tie } from '../../src/protocol/identity-proof.ts';
import { Refusal } from '../http/problems.ts';
import { type Found, Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Identity } from './providers/provider.ts';

const DAY_MS = 86_400_000;
/** Whoever has not been seen for this long is forgotten… */
const LASTING_MS = 400 * DAY_MS;
/** …and whom nobody has let in and no site was told of: whoever asks makes one of these. */
const WAITING_MS = 7 * DAY_MS;
/** So many of what came to somebody later are told. */
const TIES = 20;
/** How often a change is tried against others that are faster. */
const TRIES = 20;

const Person = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  /** What sites may call this person that want a short name. */
  username: v.optional(v.string(), ''),
  admitted: v.boolean(),
  /** When somebody was first known by this id, ms since 1970. */
  since: v.optional(v.number(), 0),
  /** The operator has let this person in, or a site was told who it is. */
  lasting: v.optional(v.boolean(), true),
  /** What came to it later, by the vault's word or the operator's: every phone of the person's is told. */
  ties: v.optional(v.array(Tie), []),
  /** Everything that this person is known by, `key:…` and `<provider>:…`; whoever is known by nothing is nobody. */
  knownBy: v.array(v.string()),
});
export type Person = v.InferOutput<typeof Person>;

/** What an operator says of somebody. */
export type Details = Partial<Pick<Person, 'name' | 'username' | 'email'>>;

/** Eight letters and digits by which an operator admits somebody; they say nothing else. */
export const codeOfPerson = (id: string): string => {
  const text = base32nopad.encode(createHash('sha256').update(id).digest().subarray(0, 5));
  return `${text.slice(0, 4)}-${text.slice(4)}`;
};

const kindOf = (subject: string): string => subject.split(':', 1)[0] ?? '';

/** Whether this person is known by something else of the kind that `identity` is: then that one is somebody else. */
export const hasKind = ({ knownBy }: Person, { subjects }: Identity): boolean =>
  knownBy.some((subject) => kindOf(subject) === kindOf(subjects[0]) && !subjects.includes(subject));

/**
 * What a person is known by stands twice: in the person's record, and under each subject, where it leads to the person. Only what both
 * say counts, so that nothing that was cut short, or overtaken by another sign-in, makes two people one. A subject leads to whoever
 * had it first, and from there to somebody else by nobody's word but the operator's.
 */
export class People {
  readonly #store: Store;
  readonly #people: Records<Person>;
  readonly #whoGetsIn: 'admitted' | 'anyone';
  readonly #now: () => number;

  constructor(store: Store, whoGetsIn: 'admitted' | 'anyone', now: () => number = Date.now) {
    this.#store = store;
    this.#people = new Records(store, 'person', Person, { until: (person) => this.#end(person) }, now);
    this.#whoGetsIn = whoGetsIn;
    this.#now = now;
  }

  #end({ knownBy, lasting }: Person): number {
    return knownBy.length === 0 ? 0 : this.#now() + (lasting ? LASTING_MS : WAITING_MS);
  }

  async get(id: string): Promise<Person | undefined> {
    return (await this.#people.read(id))?.record;
  }

  /** Who is known by `subject`, if anybody is. */
  async #holder(subject: string): Promise<Found<Person> | undefined> {
    const id = await this.#store.get(`subject:${subject}`);
    const found = id && (await this.#people.read(id.value));
    return found?.record.knownBy.includes(subject) ? found : undefined;
  }

  /** Each subject's holder, and who it is by all of them: by the most particular that is known, which comes last. */
  async #holders({ subjects }: Identity) {
    const holders = await Promise.all(subjects.map((subject) => this.#holder(subject)));
    return { found: holders.findLast((one) => one !== undefined), free: subjects.filter((_, i) => !holders[i]) };
  }

  /** Who this is, if it is anybody who is known. Nothing is written. */
  async find(identity: Identity): Promise<Person | undefined> {
    return (await this.#holders(identity)).found?.record;
  }

  /** Who this is; somebody new gets an entry. A name that came later (a unionid) leads to the same person from then on. */
  async meet(identity: Identity): Promise<Person> {
    const { name, member } = identity;
    return this.#retried(async () => {
      const { found, free } = await this.#holders(identity);
      const before: Person = found?.record ?? {
        id: randomBytes(12).toString('base64url'),
        email: '',
        username: '',
        name,
        admitted: false,
        since: this.#now(),
        lasting: false,
        ties: [],
        knownBy: [],
      };
      const met: Person = {
        ...before,
        admitted: before.admitted || member || this.#whoGetsIn === 'anyone',
        knownBy: [...new Set([...before.knownBy, ...free])],
      };
      // Somebody else was faster: another sign-in, or the operator, whose word must not be lost.
      if (!(await this.#people.write(met.id, met, found?.rev ?? 0))) return undefined;
      if (await this.#claim(met, free)) return met;
      // Another sign-in has come by one of the names meanwhile: it decides who that is.
      await this.#leave(met.id, free);
      return undefined;
    });
  }

  /**
   * Ties a proof that nobody is known by to a person, who has said so just now; once more is no more.
   * @returns who that is; undefined when somebody is known by it already, or the person by another of its kind
   */
  async tie(id: string, identity: Identity): Promise<Person | undefined> {
    const at = this.#now();
    const tied = await this.#retried(async () => {
      const person = await this.#people.read(id);
      const { found, free } = await this.#holders(identity);
      if (person && found?.record.id === id) return person.record;
      if (!person || found || hasKind(person.record, identity)) return 'not-free';
      // That an organisation knows it lets nobody in who was not let in before.
      const { name, knownBy, ties } = person.record;
      const both: Person = {
        ...person.record,
        name: name || identity.name,
        ties: this.#tied(ties, identity.subjects, identity.name, at),
        // A companion that died before has left them in the record, leading nowhere.
        knownBy: [...new Set([...knownBy, ...free])],
      };
      if (!(await this.#people.write(id, both, person.rev))) return undefined;
      if (await this.#claim(both, free)) return both;
      await this.#leave(id, free, at);
      return 'not-free';
    });
    return tied === 'not-free' ? undefined : tied;
  }

  /** A site is told who this is: from now on that is nothing to forget in days. */
  async keep(id: string): Promise<void> {
    let before = true;
    const person = await this.#people.change(id, (one) => {
      before = one.lasting;
      return Object.assign(one, { lasting: true });
    });
    if (person && !before) await this.#claim(person, []);
  }

  /**
   * The operator's word on whoever has this code.
   * @returns undefined when nobody has it; `taken` when a site that goes by user name or address would take the person for another
   */
  async admit(code: string, details: Details): Promise<Person | 'taken' | undefined> {
    const person = await this.#byCode(code);
    // Many sites make no difference between small letters and capitals.
    const namesOf = (one: Details) => [one.username, one.email].flatMap((name) => name?.toLowerCase() || []);
    const names = namesOf(details);
    const isTaken = (one: Person) => one.id !== person?.id && namesOf(one).some((name) => names.includes(name));
    if (person && names.length > 0 && (await this.list()).some(isTaken)) return 'taken';
    const word = { ...details, admitted: true, lasting: true };
    const admitted = person && (await this.#people.change(person.id, (one) => Object.assign(one, word)));
    if (admitted) await this.#claim(admitted, []);
    return admitted;
  }

  /**
   * The operator's word that two are one: whoever was known first stays, also to the sites, and is known by all of it; `one` where
   * that is not known of either (rows from before it was kept).
   * @returns who that is; undefined when the codes are not those of two people
   */
  async join(one: string, other: string): Promise<Person | undefined> {
    const both = [await this.#byCode(one), await this.#byCode(other)].filter((person) => person !== undefined);
    const [stays, goes] = both.sort((a, b) => a.since - b.since);
    if (!stays || !goes || stays.id === goes.id) return undefined;
    const at = this.#now();
    return this.#retried(async () => {
      const younger = await this.#people.read(goes.id);
      if (!younger) return this.get(stays.id);
      const { knownBy, admitted, name, email, username } = younger.record;
      const joined = await this.#people.change(stays.id, (person) =>
        Object.assign(person, {
          ties: this.#tied(person.ties, [...person.knownBy, ...knownBy], person.name || name, at),
          knownBy: [...new Set([...person.knownBy, ...knownBy])],
          admitted: person.admitted || admitted,
          lasting: true,
          name: person.name || name,
          email: person.email || email,
          username: person.username || username,
        }),
      );
      if (!joined) return undefined;
      // Nobody stands between the two at any moment: what leads to the younger leads to the older before the younger is nobody.
      for (const subject of knownBy) await this.#lead(subject, joined, (leadsTo) => leadsTo === goes.id);
      const gone = await this.#people.write(goes.id, { ...younger.record, knownBy: [] }, younger.rev);
      return gone ? joined : undefined;
    });
  }

  /** Takes somebody out again: at once for new sign-ins, and for tokens at their next use. */
  async remove(code: string): Promise<Person | undefined> {
    const person = await this.#byCode(code);
    const before = person && (await this.#people.change(person.id, (one) => one.knownBy.splice(0)));
    for (const subject of before ?? []) {
      const stored = await this.#store.get(`subject:${subject}`);
      if (stored?.value === person?.id) await this.#store.put(`subject:${subject}`, '', 0, stored?.rev ?? 0);
    }
    return person;
  }

  list = (): Promise<Person[]> => this.#people.list();

  async #byCode(code: string): Promise<Person | undefined> {
    const wanted = code.toUpperCase().replace(/[^A-Z2-7]/g, '');
    return (await this.list()).find(({ id }) => codeOfPerson(id).replace('-', '') === wanted);
  }

  /** @returns `ties` and what comes to them, one for each kind of thing; what came at that moment already comes no second time */
  #tied(ties: readonly Tie[], subjects: readonly string[], name: string, at: number): Tie[] {
    const kinds = [...new Set(subjects.map(kindOf))];
    const isThere = (kind: string) => ties.some((tie) => tie.by === kind && tie.at === at);
    const added = kinds.filter((kind) => !isThere(kind)).map((by) => v.parse(Tie, { by, name, at }));
    return [...ties, ...added].slice(-TIES);
  }

  /** Does `work` until it gives something: it gives undefined when somebody else was faster. @throws Refusal `busy` */
  async #retried<T>(work: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const done = await work();
      if (done !== undefined) return done;
    }
    throw new Refusal('busy', { retryAfter: 1 });
  }

  /** Not after all: this person is not known by `subjects`, and nothing is told of them as having come `at` that moment. */
  async #leave(id: string, subjects: readonly string[], at?: number): Promise<void> {
    const kinds = subjects.map(kindOf);
    await this.#people.change(id, (one) => {
      one.knownBy = one.knownBy.filter((subject) => !subjects.includes(subject));
      one.ties = one.ties.filter((tie) => tie.at !== at || !kinds.includes(tie.by));
    });
  }

  /**
   * Lets all that leads to a person lead there for as long as the person is known, and what is `free` as well. The last of it decides
   * who somebody is, so it comes last: whoever is met by it meanwhile is not left alone again.
   * @returns whether all of it does; false as soon as something leads to somebody else by now
   */
  async #claim(person: Person, free: readonly string[]): Promise<boolean> {
    for (const subject of person.knownBy) {
      const isFree = free.includes(subject);
      const leads = await this.#lead(subject, person, async () => {
        if (!isFree) return false;
        const holder = await this.#holder(subject);
        // By now another sign-in may have let it lead to this very person.
        return holder === undefined || holder.record.id === person.id;
      });
      if (isFree && !leads) return false;
    }
    return true;
  }

  /** Lets a subject lead to a person if it does already, or `may` be taken from whom it leads to. @returns whether it does now */
  async #lead(
    subject: string,
    person: Person,
    may: (leadsTo: string | undefined) => boolean | Promise<boolean>,
  ): Promise<boolean> {
    return this.#retried(async () => {
      const stored = await this.#store.get(`subject:${subject}`);
      if (stored?.value !== person.id && !(await may(stored?.value))) return false;
      const written = await this.#store.put(`subject:${subject}`, person.id, this.#end(person), stored?.rev ?? 0);
      return written ? true : undefined;
    });
  }
}
