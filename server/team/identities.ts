// How somebody becomes known: at the sign-in page by a vault's key or by a provider, inside an app by that app's provider. Every
// answer of a provider belongs to one attempt of one browser, and counts once (R34).
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { LIMITS } from '../../src/protocol/relay.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken, sameHash } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import { codeOfPerson, type Identity, type People, type Person } from './people.ts';
import {
  type Attempt,
  PROVIDERS,
  type Provider,
  ProviderError,
  type ProviderId,
  type Where,
} from './providers/provider.ts';
import type { WeChat } from './providers/wechat.ts';

/** An attempt at a provider, and a sign-in, live no longer. */
const ATTEMPT_MS = 600_000;
/** A few questions to a provider, one after the other. */
export const ANSWER_MS = 40_000;

const Failure = v.object({ code: v.string(), detail: v.optional(v.string()) });

/** A sign-in of one browser at one site, from its first page on. */
const SignInRecord = v.object({
  client: v.string(),
  /** Where the site will be gone back to; empty for a device. */
  host: v.string(),
  nonce: v.string(),
  /** Hash of the browser's own cookie. */
  browser: v.string(),
  /** Who it is, and how that was shown; complete once a second confirmation is there where one is asked for. */
  person: v.optional(v.string()),
  amr: v.array(v.string()),
  failure: v.optional(Failure),
});
export type SignInRecord = v.InferOutput<typeof SignInRecord>;

/** What an attempt at a provider is for. */
const Purpose = v.variant('t', [
  /** To go on with a sign-in in the same browser. */
  v.object({ t: v.literal('sign-in'), uid: v.string() }),
  /** To say on a phone, inside the provider's app, who scanned the code of the session `sid`. */
  v.object({ t: v.literal('in-app'), sid: v.string() }),
  /** To have something that the person put by: half a key, or the way to a vault. */
  v.object({ t: v.literal('keep'), handle: v.string(), phone: v.boolean() }),
]);
export type Purpose = v.InferOutput<typeof Purpose>;

const Subjects = v.tupleWithRest([v.string()], v.string());
const Known = v.object({ subjects: Subjects, name: v.string(), member: v.boolean() });

const AttemptRecord = v.object({
  provider: v.picklist(PROVIDERS),
  where: v.picklist(['page', 'app', 'code']),
  browser: v.string(),
  verifier: v.string(),
  purpose: Purpose,
  /** Hash of the code that it was answered with: a second answer is the same one or none. */
  code: v.optional(v.string()),
  done: v.optional(v.boolean()),
  failure: v.optional(Failure),
});
type AttemptRecord = v.InferOutput<typeof AttemptRecord>;

/** A site that wants two proofs gets two, of which one is that provider's. */
const isEnough = (amr: readonly string[], confirm: ProviderId | undefined): boolean =>
  confirm === undefined || (amr.includes(confirm) && amr.length > 1);

export interface IdentityOptions {
  store: Store;
  people: People;
  providers: ReadonlyMap<ProviderId, Provider>;
  /** The companion's own origin. */
  origin: string;
  /** Which second confirmation a client asks for. */
  confirmOf(client: string): ProviderId | undefined;
}

export class Identities {
  readonly #options: IdentityOptions;
  constructor(options: IdentityOptions) {
    this.#options = options;
  }

  async #read<T>(key: string, schema: v.GenericSchema<unknown, T>): Promise<{ record: T; rev: number } | undefined> {
    const stored = await this.#options.store.get(key);
    return stored && { record: v.parse(schema, JSON.parse(stored.value)), rev: stored.rev };
  }

  #write = (key: string, record: unknown, rev: number): Promise<boolean> =>
    this.#options.store.put(key, JSON.stringify(record), Date.now() + ATTEMPT_MS, rev);

  /** The sign-in `uid` of a browser; the first browser that opens it is the only one (R64). @throws Refusal `sign-in-gone` */
  async open(uid: string, { client, host }: { client: string; host: string }, browser: string): Promise<SignInRecord> {
    const key = `sign-in:${uid}`;
    const fresh: SignInRecord = { client, host, nonce: newToken(), browser: hashOf(browser), amr: [] };
    if (await this.#write(key, fresh, 0)) return fresh;
    return (await this.of(uid, browser)).record;
  }

  /** A sign-in as its own browser may know it. @throws Refusal `sign-in-gone` */
  async of(uid: string, browser: string | undefined): Promise<{ record: SignInRecord; rev: number }> {
    const found = await this.#read(`sign-in:${uid}`, SignInRecord);
    if (!found || browser === undefined || !sameHash(found.record.browser, hashOf(browser)))
      throw new Refusal('sign-in-gone');
    return found;
  }

  /** What the phone is told of a sign-in before it confirms. @throws Refusal `sign-in-gone` */
  async about(uid: string): Promise<SignInRecord> {
    const found = await this.#read(`sign-in:${uid}`, SignInRecord);
    if (!found) throw new Refusal('sign-in-gone');
    return found.record;
  }

  /**
   * Somebody has shown who it is.
   * @param how `pop` for a vault's key, a provider's name for a provider
   * @returns whether that was all that the site asks for
   * @throws Refusal `identity-unknown` with the code by which an operator admits the person, `identity-wrong` when a second
   * confirmation comes from somebody else
   */
  async prove(uid: string, identity: Identity, how: string): Promise<boolean> {
    const key = `sign-in:${uid}`;
    const found = await this.#read(key, SignInRecord);
    if (!found) throw new Refusal('sign-in-gone');
    const { record, rev } = found;
    const { people } = this.#options;
    const before = record.person === undefined ? undefined : await people.get(record.person);
    const confirm = this.#options.confirmOf(record.client);
    // The second of two kinds of proof. Who brings it for the first time is tied to it by that; afterwards it is he or nobody.
    const [first] = record.amr;
    const second = before && confirm !== undefined && first !== how && (first === confirm || how === confirm);
    let person: Person | undefined;
    if (second) {
      const kind = identity.subjects[0].split(':')[0];
      const known = before.knownBy.some((subject) => subject.startsWith(`${kind}:`));
      if (!known) person = await people.link(before, identity);
      else if (identity.subjects.some((subject) => before.knownBy.includes(subject))) person = before;
      if (!person) throw new Refusal('identity-wrong');
    } else person = await people.meet(identity);
    if (!person.admitted) throw new Refusal('identity-unknown', { detail: codeOfPerson(person.id) });
    const amr = second ? [...record.amr, how] : [how];
    const { failure: _over, ...rest } = record;
    if (!(await this.#write(key, { ...rest, person: person.id, amr }, rev))) return this.prove(uid, identity, how);
    this.#options.store.publish(key);
    return isEnough(amr, confirm);
  }

  /** Whether nothing is missing, and who it is then. */
  async isComplete({ person, amr, client }: SignInRecord): Promise<Person | undefined> {
    const confirm = this.#options.confirmOf(client);
    if (person === undefined || !isEnough(amr, confirm)) return undefined;
    const known = await this.#options.people.get(person);
    return known?.admitted ? known : undefined;
  }

  #provider(id: string): Provider {
    const provider = this.#options.providers.get(id as ProviderId);
    if (!provider) throw new Refusal('not-found');
    return provider;
  }

  #callback = (id: string): string => `${this.#options.origin}/v1/callback/${id}`;

  /** Begins an attempt at a provider, for this browser alone. @throws Refusal `not-found` where it is not set up so */
  async begin(
    id: string,
    where: Where,
    browser: string,
    purpose: Purpose,
  ): Promise<{ to: URL | undefined; state: string }> {
    const provider = this.#provider(id);
    if (!provider.where.includes(where)) throw new Refusal('not-found');
    // Letters and digits only, and short: WeChat allows no more.
    const state = randomBytes(24).toString('hex');
    const attempt: AttemptRecord = {
      provider: provider.id,
      where,
      browser: hashOf(browser),
      verifier: newToken(),
      purpose,
    };
    await this.#write(`attempt:${hashOf(state)}`, attempt, 0);
    return {
      to: provider.authorizeUrl({ where, state, callback: this.#callback(id), verifier: attempt.verifier }),
      state,
    };
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
  ): Promise<{ purpose: Purpose; failure: { code: string; detail?: string | undefined } | undefined }> {
    const key = `attempt:${hashOf(query.state ?? '')}`;
    const found = await this.#read(key, AttemptRecord);
    const mine = found && browser !== undefined && sameHash(found.record.browser, hashOf(browser));
    // Another provider's callback is no place for it either (mix-up).
    if (!mine || found.record.provider !== id || found.record.where === 'code') throw new Refusal('provider-state');
    const { record, rev } = found;
    const { purpose } = record;
    const provider = this.#provider(id);
    let code: string | undefined;
    let unreadable: unknown;
    try {
      code = provider.codeOf(query);
    } catch (error) {
      unreadable = error;
    }
    const given = hashOf(code ?? '');
    if (record.code !== undefined) {
      if (record.code !== given) throw new Refusal('provider-state');
      return { purpose, failure: await this.#settled(key) };
    }
    // Taken before it is used: whatever happens now, it is not used again.
    if (!(await this.#write(key, { ...record, code: given }, rev))) return this.answer(id, query, browser);
    const failure = await (unreadable
      ? this.#fail(purpose, unreadable)
      : this.#identify(provider, code, record, query.state ?? ''));
    await this.#write(key, { ...record, code: given, done: true, ...(failure ? { failure } : {}) }, rev + 1);
    this.#options.store.publish(key);
    return { purpose, failure };
  }

  async #identify(
    provider: Provider,
    code: string | undefined,
    { where, verifier, purpose }: AttemptRecord,
    state: string,
  ) {
    try {
      if (code === undefined) throw new ProviderError('provider-cancelled');
      const attempt: Attempt = { where: where as Where, state, callback: this.#callback(provider.id), verifier };
      await this.#deliver(purpose, provider.id, await provider.identify(code, attempt));
      return undefined;
    } catch (error) {
      return this.#fail(purpose, error);
    }
  }

  /** Hands on what a provider has said to whatever asked. */
  async #deliver(purpose: Purpose, how: string, identity: Identity): Promise<void> {
    if (purpose.t === 'sign-in') await this.prove(purpose.uid, identity, how);
    else if (purpose.t === 'in-app') await this.#write(`said:${purpose.sid}`, identity, 0);
    else await this.#write(`said:${purpose.handle}`, identity, 0);
  }

  async #fail(purpose: Purpose, error: unknown): Promise<{ code: string; detail?: string | undefined }> {
    if (!(error instanceof Refusal)) throw error;
    const detail = error.said ?? error.extra.detail;
    const failure = { code: error.code, ...(detail ? { detail } : {}) };
    if (purpose.t === 'sign-in') {
      const found = await this.#read(`sign-in:${purpose.uid}`, SignInRecord);
      if (found) await this.#write(`sign-in:${purpose.uid}`, { ...found.record, failure }, found.rev);
      this.#options.store.publish(`sign-in:${purpose.uid}`);
    }
    return failure;
  }

  /** How the first of two equal answers went. */
  async #settled(key: string) {
    for (const end = Date.now() + ANSWER_MS; Date.now() < end; await pause(100)) {
      const found = await this.#read(key, AttemptRecord);
      if (found?.record.done) return found.record.failure;
    }
    return { code: 'provider-slow' };
  }

  /** What an attempt of this browser has brought, once: of a session inside an app, or of a handle. @throws Refusal `provider-state` */
  async take(name: string): Promise<Identity> {
    const key = `said:${name}`;
    const found = await this.#read(key, Known);
    if (!found) throw new Refusal('provider-state');
    await this.#options.store.delete(key);
    return found.record;
  }

  /** Whether an attempt of this browser has brought something. @throws Refusal `provider-state` */
  async hasSaid(name: string): Promise<void> {
    if (!(await this.#read(`said:${name}`, Known))) throw new Refusal('provider-state');
  }

  /** What a provider has said, for this one sign-in and whoever brings the ticket. @throws Refusal `provider-state` */
  async ticketFor(name: string, uid: string): Promise<string> {
    const identity = await this.take(name);
    const ticket = newToken();
    await this.#write(`said:${hashOf(`${ticket} ${uid}`)}`, identity, 0);
    return ticket;
  }

  /** Who a ticket is for, once, and for no other sign-in. @throws Refusal `provider-state` */
  redeem = (ticket: string, uid: string): Promise<Identity> => this.take(hashOf(`${ticket} ${uid}`));

  /** A code of the service account's that this page may draw; scanning it is the answer. @throws ProviderError */
  async drawCode(uid: string, browser: string): Promise<string> {
    const provider = this.#provider('wechat') as WeChat;
    if (!provider.drawsCodes) throw new Refusal('not-found');
    const scene = randomBytes(24).toString('hex');
    const purpose = { t: 'sign-in', uid } as const;
    const attempt: AttemptRecord = {
      provider: 'wechat',
      where: 'code',
      browser: hashOf(browser),
      verifier: '',
      purpose,
    };
    await this.#write(`attempt:${hashOf(scene)}`, attempt, 0);
    return provider.newCode(scene, Math.floor(LIMITS.sessionMs / 1000));
  }

  /** WeChat says that somebody has scanned such a code. It says so up to three times. */
  async scanned(xml: string): Promise<void> {
    const provider = this.#provider('wechat') as WeChat;
    const scan = provider.scanOf(xml);
    const key = `attempt:${hashOf(scan?.scene ?? '')}`;
    const found = await this.#read(key, AttemptRecord);
    if (!scan || !found || found.record.where !== 'code' || found.record.code !== undefined) return;
    if (!(await this.#write(key, { ...found.record, code: hashOf(scan.openid), done: true }, found.rev))) return;
    const { purpose } = found.record;
    await this.#deliver(purpose, 'wechat', provider.identityOf(scan.openid)).catch((error) =>
      this.#fail(purpose, error),
    );
  }
}
