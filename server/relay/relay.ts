// The relay: a mailbox for exactly two parties. Messages wait, numbered, until acknowledged; the session ends by itself.
import * as v from 'valibot';
import { type CloseReason, type FirstFrame, type LaterFrame, LIMITS } from '../../src/protocol/relay.ts';
import { Events } from '../http/events.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import { Records } from '../store/records.ts';
import type { Room } from '../store/room.ts';
import type { Store } from '../store/store.ts';
import { Deadlines } from './deadlines.ts';
import { newNetworkHash } from './networks.ts';
import { endOf, type Party, Session, Tombstone } from './session-record.ts';

const gone = () => new Refusal('session-gone');

/** Forgets the messages of the other side that have these numbers. */
function forget(session: Session, { role }: Party, acked: readonly number[]): void {
  const lane = session[role === 'b' ? 'p' : 'b'];
  lane.waiting = lane.waiting.filter(({ n }) => !acked.includes(n));
}

/** The mailbox's verbs over a store; every one is a single compare-and-set. Ids of sessions are secrets: stored are their hashes. */
export class Relay {
  readonly #store: Store;
  readonly #sessions: Records<Session>;
  readonly #room: Room;
  readonly #events: Events;
  readonly #now: () => number;
  readonly #deadlines = new Deadlines();
  readonly #hashOf: (network: string, time: number) => Promise<string>;

  constructor(store: Store, room: Room, now: () => number = Date.now, events = new Events()) {
    this.#store = store;
    this.#room = room;
    this.#events = events;
    this.#sessions = new Records(store, 'session', Session, { until: endOf }, now);
    this.#now = now;
    this.#hashOf = newNetworkHash(store);
  }

  /** @throws Refusal `busy` where what waits in all sessions has filled the room: some of them end soon */
  async #mustHold(characters: number): Promise<void> {
    if (!(await this.#room.holds(characters, 'sessions'))) throw new Refusal('busy', { retryAfter: 30 });
  }

  /** The session `sid` as it stands, undefined when it has ended. */
  async session(sid: string): Promise<Session | undefined> {
    return (await this.#sessions.read(hashOf(sid)))?.record;
  }

  /** Calls `changed` now and whenever something happens in the session `sid`; returns how to stop. */
  watch = (sid: string, changed: () => void): Promise<() => void> => this.#sessions.watch([hashOf(sid)], changed);

  /** @throws Refusal as `change` does, and `session-gone` */
  async #change<R>(sid: string, change: (session: Session) => R): Promise<R> {
    const result = await this.#sessions.change(hashOf(sid), (session) => ({ of: change(session) }));
    if (!result) throw gone();
    return result.of;
  }

  /** The same for a party of it, who may hear why it is over. @throws Refusal as `change` does, and `session-gone` with the reason */
  async #changeFor<R>(party: Party, change: (session: Session) => R): Promise<R> {
    const result = await this.#sessions.change(hashOf(party.sid), (session) => ({ of: change(session) }));
    if (result) return result.of;
    const reason = await this.reasonOf(party);
    throw new Refusal('session-gone', reason ? { reason } : {});
  }

  /** Networks as this session knows them: under the salt of the day of its opening, whatever day it is now. */
  #hashed = (networks: readonly string[], opened: number): Promise<string[]> =>
    Promise.all(networks.map((network) => this.#hashOf(network, opened)));

  /**
   * The browser, or the sign-in page, opens a session; saying the same again is answered the same.
   * @throws Refusal `conflict`, `session-gone`, `busy`
   */
  async open(
    { sid, pk, tokenHash, call }: Extract<FirstFrame, { t: 'open' }>,
    by: { networks: readonly string[]; signsIn: boolean },
  ): Promise<Party> {
    const existing = await this.session(sid);
    if (existing) {
      if (existing.pk !== pk || !sameHash(existing.browser.tokenHash, tokenHash)) throw new Refusal('conflict');
      if (!(await this.#lasting(sid, 'b', tokenHash))) throw gone();
      return { sid, role: 'b' };
    }
    await this.#mustHold(pk.length);
    const opened = await this.#bury({ sid, by: hashOf(`${pk} ${tokenHash}`) });
    const lane = { hashes: [], waiting: [] };
    const session: Session = {
      pk,
      opened,
      browser: { tokenHash, networks: await this.#hashed(by.networks, opened) },
      phone: null,
      second: false,
      b: lane,
      p: lane,
      ...(call ? { box: call.box } : {}),
      ...(by.signsIn ? { identity: true } : {}),
    };
    if (endOf(session) <= this.#now()) throw gone();
    if (await this.#sessions.write(hashOf(sid), session, 0)) {
      this.#events.emit('opened');
      this.#lasts(hashOf(sid), LIMITS.sessionMs);
    }
    return { sid, role: 'b' };
  }

  /** @param ms that it may last from now, whatever the clock says by then; `isExtra`: it was made to last longer before */
  #lasts(id: string, ms: number, isExtra = false): void {
    this.#deadlines.set(id, ms, async () => {
      if (!isExtra && (await this.#sessions.read(id))?.record.extended)
        return this.#lasts(id, LIMITS.setUpMs - LIMITS.sessionMs, true);
      await this.#sessions.delete(id);
    });
  }

  /**
   * Writes a session's tombstone before there is a session, so that none is ever without one.
   * @param by says who opens it: if the companion died before the session was written, the same may say so again
   * @returns when it was opened first, ms since 1970: said again, it lasts no longer
   * @throws Refusal `session-gone`
   */
  async #bury({ sid, by }: { sid: string; by: string }): Promise<number> {
    const key = `tombstone:${hashOf(sid)}`;
    const now = this.#now();
    if (await this.#store.put(key, `${by} ${now}`, now + LIMITS.sessionMs + LIMITS.tombstoneMs, 0)) return now;
    const [before, opened] = (await this.#store.get(key))?.value.split(' ') ?? [];
    if (before !== by) throw gone();
    return Number(opened);
  }

  /** Whether the session `sid` asks only who somebody is. */
  async isIdentity(sid: string): Promise<boolean> {
    return (await this.session(sid))?.identity ?? false;
  }

  /**
   * When a session was opened, ms since 1970. Waits for the browser's `open`, ten seconds at most; also where it has been and gone, which is
   * nobody's to know who was not there.
   * @throws Refusal `session-gone`
   */
  async #opened(sid: string, tokenHash: string): Promise<number> {
    const there = await this.#lasting(sid, 'p', tokenHash);
    if (there) return there.opened;
    const found = await this.#sessions.until(hashOf(sid), () => true, LIMITS.joinWaitMs);
    if (!found) throw gone();
    return found.record.opened;
  }

  /** A phone joins: the first one, and the same one again after a reload. @throws Refusal `session-gone`, `session-taken` */
  async join(
    { sid, tokenHash }: Extract<FirstFrame, { t: 'join' }>,
    networks: readonly string[],
  ): Promise<{ party: Party; pk: string; near: boolean }> {
    const hashed = await this.#hashed(networks, await this.#opened(sid, tokenHash));
    const joined = await this.#change(sid, (session) => {
      if (session.phone && !sameHash(session.phone.tokenHash, tokenHash)) {
        session.second = true;
        return undefined;
      }
      const near = hashed.some((network) => session.browser.networks.includes(network));
      const isFirst = session.phone === null;
      session.phone = { tokenHash, near };
      return { pk: session.pk, near, isFirst };
    });
    if (!joined) throw new Refusal('session-taken');
    const { pk, near, isFirst } = joined;
    if (isFirst) this.#events.emit('joined');
    return { party: { sid, role: 'p' }, pk, near };
  }

  /** A party comes back with its token. @throws Refusal `session-gone`, whatever was wrong; to a party of it, with the reason */
  async resume(
    { sid, role, token }: Extract<FirstFrame, { t: 'resume' }>,
    networks: readonly string[],
  ): Promise<{ party: Party; next: number }> {
    const there = await this.#lasting(sid, role, hashOf(token));
    if (!there) throw gone();
    const hashed = await this.#hashed(networks, there.opened);
    const next = await this.#change(sid, (session) => {
      const known = role === 'b' ? session.browser.tokenHash : (session.phone?.tokenHash ?? '');
      if (!sameHash(known, hashOf(token))) throw gone();
      if (role === 'b') session.browser.networks = hashed;
      return session[role].hashes.length;
    });
    return { party: { sid, role }, next };
  }

  /**
   * Stores a sealed message for the other side. A repeated number with equal bytes changes nothing.
   * @param acked numbers of messages of the other side that may be forgotten with the same write
   * @throws Refusal
   */
  async send(party: Party, { n, m }: Extract<LaterFrame, { t: 'send' }>, acked: readonly number[]): Promise<void> {
    await this.#mustHold(m.length);
    const hash = hashOf(m);
    const forged = await this.#changeFor(party, (session) => {
      forget(session, party, acked);
      const lane = session[party.role];
      if (n < lane.hashes.length) return lane.hashes[n] !== hash;
      if (n > lane.hashes.length || (party.role === 'b' && !session.phone)) throw new Refusal('out-of-order');
      const characters = lane.waiting.reduce((sum, message) => sum + message.m.length, m.length);
      if (lane.waiting.length >= LIMITS.waiting || characters > LIMITS.waitingCharacters)
        throw new Refusal('rate-limited', { retryAfter: 5 });
      lane.hashes.push(hash);
      lane.waiting.push({ n, m });
      return false;
    });
    if (!forged) return;
    await this.end(party, 'failed');
    throw new Refusal('conflict');
  }

  /** Forgets messages of the other side. @throws Refusal `session-gone` */
  async ack(party: Party, acked: readonly number[]): Promise<void> {
    await this.#changeFor(party, (session) => forget(session, party, acked));
  }

  /** The phone's person has a vault to make first: the session may last longer, and so does its tombstone. @throws Refusal */
  async extend(party: Party): Promise<void> {
    const { sid, role } = party;
    if (role !== 'p') throw new Refusal('out-of-order');
    const opened = await this.#changeFor(party, (session) => {
      session.extended = true;
      return session.opened;
    });
    const key = `tombstone:${hashOf(sid)}`;
    const tombstone = await this.#store.get(key);
    const until = opened + LIMITS.setUpMs + LIMITS.tombstoneMs;
    if (tombstone) await this.#store.put(key, tombstone.value, until, tombstone.rev);
  }

  /** Ends the session for both; only the tombstone stays, and says why to those who were in it. */
  async end(party: Party, reason: CloseReason): Promise<void> {
    const { sid } = party;
    const session = await this.session(sid);
    const key = `tombstone:${hashOf(sid)}`;
    const tombstone = await this.#store.get(key);
    if (session && tombstone) {
      const told = { b: session.browser.tokenHash, p: session.phone?.tokenHash ?? '' };
      const until = this.#now() + LIMITS.tombstoneMs;
      // The other side was faster: it has ended the session as well, or made it last longer.
      if (!(await this.#store.put(key, JSON.stringify({ reason, told }), until, tombstone.rev)))
        return this.end(party, reason);
      this.#events.emit('ended', reason);
    }
    this.#deadlines.drop(hashOf(sid));
    await this.#sessions.delete(hashOf(sid));
  }

  async #ended(sid: string) {
    const read = v.safeParse(Tombstone, (await this.#store.get(`tombstone:${hashOf(sid)}`))?.value);
    return read.success ? read.output : undefined;
  }

  /**
   * The session `sid`, undefined when there is none that goes on. One that stands beside the word of its end is what a companion has
   * left that died between the two: it is forgotten here.
   * @throws Refusal `session-gone`, with the reason, to who was a party of a session that has ended
   */
  async #lasting(sid: string, role: Party['role'], tokenHash: string): Promise<Session | undefined> {
    const [session, ended] = await Promise.all([this.session(sid), this.#ended(sid)]);
    if (!ended) return session;
    if (session) await this.#sessions.delete(hashOf(sid));
    if (sameHash(ended.told[role], tokenHash)) throw new Refusal('session-gone', { reason: ended.reason });
    return undefined;
  }

  /** Why a session has ended, for a party to it; undefined when nobody said. */
  async reasonOf({ sid }: Party): Promise<CloseReason | undefined> {
    return (await this.#ended(sid))?.reason;
  }
}
