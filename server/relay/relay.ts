// The relay: a mailbox for exactly two parties. Messages wait, numbered, until acknowledged; the session ends by itself.
import * as v from 'valibot';
import {
  type CloseReason,
  type FirstFrame,
  type LaterFrame,
  LIMITS,
  Reason,
  type Role,
} from '../../src/protocol/relay.ts';
import { hashNetwork } from '../http/addresses.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';

/** One direction: what waits for the other side, and what was ever sent, to tell repetition from forgery. */
const Lane = v.object({
  hashes: v.array(v.string()),
  waiting: v.array(v.object({ n: v.number(), m: v.string() })),
});

const Session = v.object({
  pk: v.string(),
  opened: v.number(),
  /** Token hash, and the keyed hash of the network of the party's newest connection. */
  browser: v.object({ tokenHash: v.string(), network: v.nullable(v.string()) }),
  phone: v.nullable(v.object({ tokenHash: v.string(), near: v.boolean() })),
  /** Another phone tried to join. */
  second: v.boolean(),
  /** The box at which the call that this session is for waits. */
  box: v.optional(v.string()),
  /** Opened by the sign-in page: it asks who somebody is, and for nothing else. */
  identity: v.optional(v.boolean()),
  b: Lane,
  p: Lane,
});
export type Session = v.InferOutput<typeof Session>;

/** What stays of a session that one side has ended: why, and who may hear it, token hashes by role. */
const Tombstone = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ reason: Reason, told: v.object({ b: v.string(), p: v.string() }) }),
);

/** Who speaks on a connection, once its first frame was accepted. */
export interface Party {
  key: string;
  role: Role;
}

const gone = () => new Refusal('session-gone');

/** The mailbox's verbs over a store; every one is a single compare-and-set. */
export class Relay {
  readonly store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number = Date.now) {
    this.store = store;
    this.#now = now;
  }

  async #read(key: string): Promise<{ session: Session; rev: number } | undefined> {
    const stored = await this.store.get(`session:${key}`);
    return stored && { session: v.parse(Session, JSON.parse(stored.value)), rev: stored.rev };
  }

  /** The session as it stands, undefined when it has ended. */
  async session(party: Party): Promise<Session | undefined> {
    return (await this.#read(party.key))?.session;
  }

  /** Applies `change` to the session, again if somebody else was faster. @throws Refusal as `change` does */
  async #update<T>(key: string, change: (session: Session) => T): Promise<T> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const current = await this.#read(key);
      if (!current) throw gone();
      const before = JSON.stringify(current.session);
      const result = change(current.session);
      const after = JSON.stringify(current.session);
      if (before === after) return result;
      const joinable = current.session.box === undefined ? LIMITS.joinableMs : LIMITS.sessionMs;
      const lifetime = current.session.phone ? LIMITS.sessionMs : joinable;
      if (await this.store.put(`session:${key}`, after, current.session.opened + lifetime, current.rev)) {
        this.store.publish(key);
        return result;
      }
    }
    throw new Refusal('busy', { retryAfter: 1 });
  }

  /** The browser opens a session; saying the same again is answered the same. @throws Refusal */
  async open(frame: Extract<FirstFrame, { t: 'open' }>, network: string | undefined, identity = false): Promise<Party> {
    const key = hashOf(frame.sid);
    const now = this.#now();
    const hashed = network === undefined ? null : await hashNetwork(this.store, network, now);
    const existing = (await this.#read(key))?.session;
    if (existing) {
      if (existing.pk !== frame.pk || !sameHash(existing.browser.tokenHash, frame.tokenHash))
        throw new Refusal('conflict');
      return { key, role: 'b' };
    }
    // The tombstone is written first, so that no session is ever without one.
    const until = now + LIMITS.sessionMs + LIMITS.tombstoneMs;
    if (!(await this.store.put(`tombstone:${key}`, '', until, 0))) throw gone();
    const lane = { hashes: [], waiting: [] };
    const session: Session = {
      pk: frame.pk,
      opened: now,
      browser: { tokenHash: frame.tokenHash, network: hashed },
      phone: null,
      second: false,
      b: lane,
      p: lane,
      ...(frame.call ? { box: frame.call.box } : {}),
      ...(identity ? { identity } : {}),
    };
    const lifetime = frame.call ? LIMITS.sessionMs : LIMITS.joinableMs;
    await this.store.put(`session:${key}`, JSON.stringify(session), now + lifetime, 0);
    this.store.publish(key);
    return { key, role: 'b' };
  }

  /** Whether the session `sid` asks only who somebody is. */
  async isIdentity(sid: string): Promise<boolean> {
    return (await this.#read(hashOf(sid)))?.session.identity ?? false;
  }

  /** Waits for the browser's `open`, ten seconds at most, unless that has been and gone. @throws Refusal `session-gone` */
  async #opened(key: string): Promise<void> {
    if (await this.#read(key)) return;
    if (await this.#ended(key)) throw gone();
    await new Promise<void>((resolve, reject) => {
      const stop = this.store.subscribe(key, () => done(resolve));
      const timer = setTimeout(() => done(() => reject(gone())), LIMITS.joinWaitMs);
      const done = (settle: () => void) => {
        clearTimeout(timer);
        stop();
        settle();
      };
    });
  }

  /** A phone joins: the first one, and the same one again after a reload. @throws Refusal */
  async join(
    frame: Extract<FirstFrame, { t: 'join' }>,
    network: string | undefined,
  ): Promise<{ party: Party; pk: string; near: boolean }> {
    const key = hashOf(frame.sid);
    await this.#opened(key);
    const hashed = network === undefined ? null : await hashNetwork(this.store, network, this.#now());
    const joined = await this.#update(key, (session) => {
      if (session.phone && !sameHash(session.phone.tokenHash, frame.tokenHash)) {
        session.second = true;
        return undefined;
      }
      const near = hashed !== null && hashed === session.browser.network;
      session.phone = { tokenHash: frame.tokenHash, near };
      return { pk: session.pk, near };
    });
    if (!joined) throw new Refusal('session-taken');
    return { party: { key, role: 'p' }, ...joined };
  }

  /** A party comes back with its token. @throws Refusal `session-gone`, whatever was wrong; to a party of it, with the reason */
  async resume(
    frame: Extract<FirstFrame, { t: 'resume' }>,
    network: string | undefined,
  ): Promise<{ party: Party; next: number }> {
    const key = hashOf(frame.sid);
    const hashed = network === undefined ? null : await hashNetwork(this.store, network, this.#now());
    const ended = await this.#ended(key);
    if (ended && sameHash(ended.told[frame.role], hashOf(frame.token)))
      throw new Refusal('session-gone', { reason: ended.reason });
    const next = await this.#update(key, (session) => {
      const known = frame.role === 'b' ? session.browser.tokenHash : (session.phone?.tokenHash ?? '');
      if (!sameHash(known, hashOf(frame.token))) throw gone();
      if (frame.role === 'b') session.browser.network = hashed;
      return session[frame.role].hashes.length;
    });
    return { party: { key, role: frame.role }, next };
  }

  /** Keeps a sealed message for the other side. A repeated number with equal bytes changes nothing. @throws Refusal */
  async send(party: Party, frame: Extract<LaterFrame, { t: 'send' }>): Promise<void> {
    const hash = hashOf(frame.m);
    const forged = await this.#update(party.key, (session) => {
      const lane = session[party.role];
      if (frame.n < lane.hashes.length) return lane.hashes[frame.n] !== hash;
      if (frame.n > lane.hashes.length || (party.role === 'b' && !session.phone)) throw new Refusal('out-of-order');
      if (lane.waiting.length >= LIMITS.waiting) throw new Refusal('rate-limited', { retryAfter: 5 });
      lane.hashes.push(hash);
      lane.waiting.push({ n: frame.n, m: frame.m });
      return false;
    });
    if (!forged) return;
    await this.end(party, 'failed');
    throw new Refusal('conflict');
  }

  /** Forgets the message `n` of the other side. */
  async ack(party: Party, n: number): Promise<void> {
    await this.#update(party.key, (session) => {
      const lane = session[party.role === 'b' ? 'p' : 'b'];
      lane.waiting = lane.waiting.filter((message) => message.n !== n);
    });
  }

  /** Ends the session for both; only the tombstone stays, and says why to those who were in it. */
  async end({ key }: Party, reason: CloseReason): Promise<void> {
    const session = (await this.#read(key))?.session;
    const tombstone = await this.store.get(`tombstone:${key}`);
    const until = this.#now() + LIMITS.tombstoneMs;
    if (session && tombstone) {
      const told = { b: session.browser.tokenHash, p: session.phone?.tokenHash ?? '' };
      await this.store.put(`tombstone:${key}`, JSON.stringify({ reason, told }), until, tombstone.rev);
    }
    await this.store.delete(`session:${key}`);
    this.store.publish(key);
  }

  async #ended(key: string) {
    const read = v.safeParse(Tombstone, (await this.store.get(`tombstone:${key}`))?.value);
    return read.success ? read.output : undefined;
  }

  /** Why a session has ended, for a party to it; undefined when nobody said. */
  async endOf({ key }: Party): Promise<CloseReason | undefined> {
    return (await this.#ended(key))?.reason;
  }
}
