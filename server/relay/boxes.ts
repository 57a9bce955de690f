// Pairings, as far as the companion knows them: boxes with names that tell nothing, at which sign-in requests of paired browsers wait
// for their phone. A box knows who may listen at it and, sealed, where the phone can be reached; never whose browser asks.
import * as v from 'valibot';
import {
  type FirstFrame,
  LIMITS,
  PAIRING_ENDS,
  type PairingEnd,
  type Push,
  type ServerFrame,
} from '../../src/protocol/relay.ts';
import { consume, type Limiters } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import type { Pusher } from '../push/pusher.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import { Records } from '../store/records.ts';
import { comeBack, keptMs, MADE, type Room } from '../store/room.ts';
import type { Store } from '../store/store.ts';

const Box = v.object({
  tokenHash: v.string(),
  /** The requests that wait; `at`: when they came, ms since 1970. */
  calls: v.array(v.object({ sid: v.string(), time: v.number(), proof: v.string(), at: v.number() })),
  ended: v.nullable(v.picklist(PAIRING_ENDS)),
  /** No request gets through until then, ms since 1970. */
  quietUntil: v.number(),
  /** When the phone was last told by push; it is told again once it has listened, or when that request has lapsed. */
  noticedAt: v.number(),
  /** When its phone last listened, to the day, ms since 1970: more often nothing is written for that alone. */
  heardAt: v.optional(v.number(), 0),
  /** The push subscription, sealed under the companion's key; empty for none. */
  push: v.string(),
  ...MADE,
});
type Box = v.InferOutput<typeof Box>;

const DAY = 86_400_000;
const lifeOf = (box: Box): number => keptMs(box, { known: LIMITS.boxUnusedMs, new: LIMITS.boxNewMs });

/** Boxes at which one phone listens, each with its token. */
export type Listening = Extract<FirstFrame, { t: 'listen' }>['boxes'];
export type SignInRequest = NonNullable<Extract<FirstFrame, { t: 'open' }>['call']> & { sid: string };

export class Boxes {
  readonly #boxes: Records<Box>;
  readonly #pusher: Pusher;
  readonly #room: Room;
  readonly #limiters: Pick<Limiters, 'requests' | 'boxes'>;
  readonly #now: () => number;

  constructor(
    store: Store,
    room: Room,
    pusher: Pusher,
    limiters: Pick<Limiters, 'requests' | 'boxes'>,
    now: () => number = Date.now,
  ) {
    this.#boxes = new Records(store, 'box', Box, { keptMs: lifeOf }, now);
    this.#room = room;
    this.#pusher = pusher;
    this.#limiters = limiters;
    this.#now = now;
  }

  /** Whether that was less than a session's life ago. What lies further ahead a clock has said that was set back since. */
  #isRecent = (at: number): boolean => Math.abs(this.#now() - at) < LIMITS.sessionMs;

  /** Requests that have not lapsed: one waits as long as its session can live. */
  #live = ({ calls }: Box): Box['calls'] => calls.filter(({ at }) => this.#isRecent(at));

  async #read(box: string): Promise<Box | undefined> {
    const found = await this.#boxes.read(hashOf(box));
    return found && { ...found.record, calls: this.#live(found.record) };
  }

  /** Lets `change` alter a box; one that there is not stays so. @returns what `change` gives, undefined for no box */
  #change = <R>(box: string, change: (state: Box) => R): Promise<R | undefined> =>
    this.#boxes.change(hashOf(box), (state) => {
      state.calls = this.#live(state);
      return change(state);
    });

  /** Makes a box where there is none. @throws Refusal `rate-limited`, `busy` */
  async #make(box: string, bucket: string, tokenHash: string): Promise<void> {
    if (await this.#read(box)) return;
    // It takes some hundred bytes, and so many an hour: what strangers fill the room with is something else.
    if (!(await this.#room.holds(0, 'known'))) throw new Refusal('busy', { retryAfter: 60 });
    await consume(this.#limiters.boxes, bucket);
    const nothing = { calls: [], ended: null, quietUntil: 0, noticedAt: 0, heardAt: this.#now(), push: '' };
    await this.#boxes.write(hashOf(box), { tokenHash, ...nothing, made: this.#now(), known: false }, 0);
  }

  /**
   * A phone listens: whoever comes first sets the token. A box of somebody else's counts as over.
   * @returns `own`: the names of the phone's own, whose token it has shown: nothing is done for it at any other; `heard`: all but
   * those that could not be made just now, which are not over either
   * @throws Refusal `rate-limited`, `busy` where not one of them is left
   */
  async listen(boxes: Listening, bucket: string): Promise<{ own: string[]; heard: Listening }> {
    const own: string[] = [];
    const heard: Listening = [];
    let refusal: Refusal | undefined;
    for (const one of boxes) {
      const tokenHash = hashOf(one.token);
      try {
        await this.#make(one.box, bucket, tokenHash);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refusal = error;
        continue;
      }
      heard.push(one);
      const found = await this.#read(one.box);
      // Not to change it is not to use it.
      if (!found || !sameHash(found.tokenHash, tokenHash)) continue;
      if (found.noticedAt > 0 || found.heardAt <= this.#now() - DAY)
        await this.#change(one.box, (state) => {
          comeBack(state, this.#now());
          Object.assign(state, { noticedAt: 0, heardAt: this.#now() });
        });
      own.push(one.box);
    }
    if (refusal && heard.length === 0) throw refusal;
    return { own, heard };
  }

  /** Whether a phone listens at the box right now. */
  isHeard = (box: string): Promise<boolean> => this.#boxes.isWatched(hashOf(box));

  /**
   * A phone listens from now on: it sees what others are told by push.
   * @param own names of its own boxes, as `listen` gives them
   * @param changed called now and whenever one of them has changed
   * @returns how it stops
   */
  attend = (own: readonly string[], changed: () => void): Promise<() => void> =>
    this.#boxes.watch(own.map(hashOf), changed);

  /** What waits at `boxes`, and which of them are over. */
  async waiting(boxes: Listening): Promise<Extract<ServerFrame, { t: 'calls' }>> {
    const frame: Extract<ServerFrame, { t: 'calls' }> = { t: 'calls', calls: [], ended: [] };
    for (const { box, token } of boxes) {
      const state = await this.#read(box);
      if (!state || !sameHash(state.tokenHash, hashOf(token))) frame.ended.push({ box, why: 'ended' });
      else if (state.ended) frame.ended.push({ box, why: state.ended });
      else frame.calls.push(...state.calls.map(({ sid, time, proof }) => ({ box, sid, time, proof })));
    }
    return frame;
  }

  /** Whether a request would be taken. @throws Refusal `link-unknown`, `link-ended`, `link-suspended`, `called-too-often` */
  async check({ box, sid }: SignInRequest): Promise<void> {
    const state = await this.#read(box);
    if (!state) throw new Refusal('link-unknown');
    if (state.ended) throw new Refusal(`link-${state.ended}`);
    if (state.calls.some((one) => one.sid === sid)) return;
    const silence = state.quietUntil - this.#now();
    if (silence > 0 && silence <= LIMITS.quietMs)
      throw new Refusal('called-too-often', { retryAfter: Math.ceil(silence / 1000) });
    if (state.calls.length >= LIMITS.openCalls) throw new Refusal('called-too-often', { retryAfter: 60 });
    await consume(this.#limiters.requests, box, 'called-too-often');
  }

  /** A browser's request, once its session is open. The phone is told by push if it does not listen, once for all that wait. */
  async add({ box, sid, time, proof }: SignInRequest): Promise<void> {
    const isHeard = await this.isHeard(box);
    const push = await this.#change(box, (state) => {
      if (state.calls.some((one) => one.sid === sid)) return '';
      const now = this.#now();
      state.calls.push({ sid, time, proof, at: now });
      if (isHeard || this.#isRecent(state.noticedAt)) return '';
      state.noticedAt = now;
      return state.push;
    });
    // Not awaited: the browser shows its code meanwhile, and the phone shows the request when it is opened.
    if (push) void this.#wake(box, push);
  }

  async #wake(box: string, push: string): Promise<void> {
    const told = await this.#pusher.send(push, 'open').catch(() => 'failed');
    // RFC 8030 section 7.3: the subscription is over.
    if (told === 'gone')
      await this.#change(box, (state) => {
        if (state.push === push) state.push = '';
      }).catch(() => {});
  }

  /** A request was answered, or given up. */
  async drop(box: string, sid: string): Promise<void> {
    await this.#change(box, (state) => {
      state.calls = state.calls.filter((one) => one.sid !== sid);
    });
  }

  /** The person declined at one of the phone's own boxes. */
  async quiet(box: string): Promise<void> {
    await this.#change(box, (state) => {
      state.quietUntil = this.#now() + LIMITS.quietMs;
    });
  }

  /** Where the phone can be reached from now on that listens at its `own` boxes. */
  async reach(own: readonly string[], push: Push): Promise<void> {
    const sealed = this.#pusher.seal(push);
    for (const box of own)
      await this.#change(box, (state) => {
        state.push = sealed;
      });
  }

  /** A pairing is over: its box remembers only that, also one that no phone has listened at yet. @throws Refusal `rate-limited`, `busy` */
  async end(box: string, why: PairingEnd, bucket: string): Promise<void> {
    await this.#make(box, bucket, '');
    await this.#change(box, (state) => {
      Object.assign(state, { calls: [], push: '', ended: state.ended ?? why });
    });
  }
}
