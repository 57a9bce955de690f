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
  /** The push subscription, sealed under the companion's key; empty for none. */
  push: v.string(),
});
type Box = v.InferOutput<typeof Box>;

/** Boxes at which one phone listens, each with its token. */
export type Listening = Extract<FirstFrame, { t: 'listen' }>['boxes'];
export type SignInRequest = NonNullable<Extract<FirstFrame, { t: 'open' }>['call']> & { sid: string };

export class Boxes {
  readonly #boxes: Records<Box>;
  readonly #pusher: Pusher;
  readonly #limiters: Pick<Limiters, 'requests' | 'boxes'>;
  readonly #now: () => number;
  /** How many phones listen at a box. */
  readonly #listeners = new Map<string, number>();

  constructor(
    store: Store,
    pusher: Pusher,
    limiters: Pick<Limiters, 'requests' | 'boxes'>,
    now: () => number = Date.now,
  ) {
    this.#boxes = new Records(store, 'box', Box, { unusedMs: LIMITS.boxUnusedMs }, now);
    this.#pusher = pusher;
    this.#limiters = limiters;
    this.#now = now;
  }

  /** Requests that have not lapsed: one waits as long as its session can live. */
  #live = ({ calls }: Box): Box['calls'] => calls.filter(({ at }) => at > this.#now() - LIMITS.sessionMs);

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

  /** Makes a box where there is none. @throws Refusal `rate-limited` */
  async #make(box: string, bucket: string, known: Partial<Box>): Promise<void> {
    if (await this.#read(box)) return;
    await consume(this.#limiters.boxes, bucket);
    const state: Box = { tokenHash: '', calls: [], ended: null, quietUntil: 0, noticedAt: 0, push: '', ...known };
    await this.#boxes.write(hashOf(box), state, 0);
  }

  /** A phone listens: whoever comes first sets the token. A box of somebody else's counts as over. @throws Refusal `rate-limited` */
  async listen(boxes: Listening, bucket: string): Promise<void> {
    for (const { box, token } of boxes) {
      const tokenHash = hashOf(token);
      await this.#make(box, bucket, { tokenHash });
      await this.#change(box, (state) => {
        if (sameHash(state.tokenHash, tokenHash)) state.noticedAt = 0;
      });
    }
  }

  /** Whether a phone listens at the box right now, on this node. */
  isHeard = (box: string): boolean => (this.#listeners.get(box) ?? 0) > 0;

  /**
   * A phone listens from now on: it sees what others are told by push.
   * @param changed called whenever a box has changed
   * @returns how it stops
   */
  attend(boxes: Listening, changed: () => void): () => void {
    const count = (by: number) => {
      for (const { box } of boxes) this.#listeners.set(box, (this.#listeners.get(box) ?? 0) + by);
    };
    const stops = boxes.map(({ box }) => this.#boxes.watch(hashOf(box), changed));
    count(1);
    return () => {
      for (const stop of stops) stop();
      count(-1);
    };
  }

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
    if (silence > 0) throw new Refusal('called-too-often', { retryAfter: Math.ceil(silence / 1000) });
    if (state.calls.length >= LIMITS.openCalls) throw new Refusal('called-too-often', { retryAfter: 60 });
    await consume(this.#limiters.requests, box, 'called-too-often');
  }

  /** A browser's request, once its session is open. The phone is told by push if it does not listen, once for all that wait. */
  async add({ box, sid, time, proof }: SignInRequest): Promise<void> {
    const push = await this.#change(box, (state) => {
      if (state.calls.some((one) => one.sid === sid)) return '';
      const now = this.#now();
      state.calls.push({ sid, time, proof, at: now });
      if (this.isHeard(box) || state.noticedAt > now - LIMITS.sessionMs) return '';
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

  /** The person declined at a box that its phone listens at. */
  async quiet(box: string): Promise<void> {
    await this.#change(box, (state) => {
      state.quietUntil = this.#now() + LIMITS.quietMs;
    });
  }

  /** Where the phone that listens at `boxes` can be reached from now on. */
  async reach(boxes: Listening, push: Push): Promise<void> {
    const sealed = this.#pusher.seal(push);
    for (const { box, token } of boxes)
      await this.#change(box, (state) => {
        if (sameHash(state.tokenHash, hashOf(token))) state.push = sealed;
      });
  }

  /** A pairing is over: its box remembers only that, also one that no phone has listened at yet. @throws Refusal `rate-limited` */
  async end(box: string, why: PairingEnd, bucket: string): Promise<void> {
    await this.#make(box, bucket, {});
    await this.#change(box, (state) => {
      Object.assign(state, { calls: [], push: '', ended: state.ended ?? why });
    });
  }
}
