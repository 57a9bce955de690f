// Remembered browsers, as far as the companion knows them: boxes with names that tell nothing, at which calls wait for a phone.
// A box knows who may listen at it and, sealed, where the phone can be reached; never whose browser calls.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import * as v from 'valibot';
import {
  type FirstFrame,
  LIMITS,
  PAIRING_ENDS,
  type PairingEnd,
  type Push,
  type ServerFrame,
} from '../../src/protocol/relay.ts';
import { consume } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import type { Pusher } from '../push/push.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';

const Box = v.object({
  tokenHash: v.string(),
  calls: v.array(v.object({ sid: v.string(), time: v.number(), proof: v.string(), at: v.number() })),
  ended: v.nullable(v.picklist(PAIRING_ENDS)),
  /** No call gets through until then, ms since 1970. */
  quietUntil: v.number(),
  /** When the phone was last told by push; it is told again once it has listened, or when that call has rung out. */
  noticedAt: v.number(),
  /** The push subscription, sealed under the companion's key; empty for none. */
  push: v.string(),
});
type Box = v.InferOutput<typeof Box>;

type Listening = Extract<FirstFrame, { t: 'listen' }>['boxes'];
type Call = NonNullable<Extract<FirstFrame, { t: 'open' }>['call']> & { sid: string };

/** The topic under which a box's listeners are told. */
export const topicOf = (box: string): string => `box:${hashOf(box)}`;

export class Links {
  readonly #store: Store;
  readonly #pusher: Pusher;
  readonly #now: () => number;
  readonly #calls = new RateLimiterMemory({ points: LIMITS.callsPerTenMinutes, duration: 600 });
  /** Consumed by each box that is new, counted by address: rows that last half a year. */
  readonly #made = new RateLimiterMemory({ points: 200, duration: 3600 });
  /** Phones that listen at a box right now, on this node. */
  readonly #listeners = new Map<string, number>();

  constructor(store: Store, pusher: Pusher, now: () => number = Date.now) {
    this.#store = store;
    this.#pusher = pusher;
    this.#now = now;
  }

  async #read(box: string): Promise<{ state: Box; rev: number } | undefined> {
    const stored = await this.#store.get(topicOf(box));
    if (!stored) return undefined;
    const state = v.parse(Box, JSON.parse(stored.value));
    const rung = this.#now() - LIMITS.sessionMs;
    return { state: { ...state, calls: state.calls.filter(({ at }) => at > rung) }, rev: stored.rev };
  }

  /** Applies `change`; an absent box stays absent. Told are those who listen. @returns what `change` gives, undefined for no box */
  async #update<T>(box: string, change: (state: Box) => T): Promise<T | undefined> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const current = await this.#read(box);
      if (!current) return undefined;
      const result = change(current.state);
      const value = JSON.stringify(current.state);
      if (await this.#store.put(topicOf(box), value, this.#now() + LIMITS.boxUnusedMs, current.rev)) {
        this.#store.publish(topicOf(box));
        return result;
      }
    }
    throw new Refusal('busy', { retryAfter: 1 });
  }

  /** Makes a box where there is none. @throws Refusal `rate-limited` */
  async #make(box: string, address: string, known: Partial<Box>): Promise<void> {
    if (await this.#read(box)) return;
    await consume(this.#made, address);
    const state: Box = { tokenHash: '', calls: [], ended: null, quietUntil: 0, noticedAt: 0, push: '', ...known };
    await this.#store.put(topicOf(box), JSON.stringify(state), this.#now() + LIMITS.boxUnusedMs, 0);
  }

  /** A phone listens: whoever comes first sets the token. A box of somebody else's counts as over. @throws Refusal `rate-limited` */
  async listen(boxes: Listening, address: string): Promise<void> {
    for (const { box, token } of boxes) {
      const tokenHash = hashOf(token);
      await this.#make(box, address, { tokenHash });
      await this.#update(box, (state) => {
        if (sameHash(state.tokenHash, tokenHash)) state.noticedAt = 0;
      });
    }
  }

  /** Counts a listener, so that it is not told by push what it sees. @returns how it stops */
  attend(boxes: Listening): () => void {
    const count = (by: number) => {
      for (const { box } of boxes) this.#listeners.set(box, (this.#listeners.get(box) ?? 0) + by);
    };
    count(1);
    return () => count(-1);
  }

  /** What waits at `boxes`, and which of them are over. */
  async waiting(boxes: Listening): Promise<Extract<ServerFrame, { t: 'calls' }>> {
    const frame: Extract<ServerFrame, { t: 'calls' }> = { t: 'calls', calls: [], ended: [] };
    for (const { box, token } of boxes) {
      const state = (await this.#read(box))?.state;
      if (!state || !sameHash(state.tokenHash, hashOf(token))) frame.ended.push({ box, why: 'ended' });
      else if (state.ended) frame.ended.push({ box, why: state.ended });
      else frame.calls.push(...state.calls.map(({ sid, time, proof }) => ({ box, sid, time, proof })));
    }
    return frame;
  }

  /** Whether a call would be taken. @throws Refusal `link-unknown`, `link-ended`, `link-suspended`, `called-too-often` */
  async check({ box, sid }: Call): Promise<void> {
    const state = (await this.#read(box))?.state;
    if (!state) throw new Refusal('link-unknown');
    if (state.ended) throw new Refusal(`link-${state.ended}`);
    if (state.calls.some((one) => one.sid === sid)) return;
    const silence = state.quietUntil - this.#now();
    if (silence > 0) throw new Refusal('called-too-often', { retryAfter: Math.ceil(silence / 1000) });
    if (state.calls.length >= LIMITS.openCalls) throw new Refusal('called-too-often', { retryAfter: 60 });
    await consume(this.#calls, topicOf(box), 'called-too-often');
  }

  /** A browser's call, once its session is open. The phone is told by push if it does not listen, once for all that rings. */
  async call({ box, sid, time, proof }: Call): Promise<void> {
    const away = (this.#listeners.get(box) ?? 0) === 0;
    const push = await this.#update(box, (state) => {
      if (state.calls.some((one) => one.sid === sid)) return '';
      const now = this.#now();
      state.calls.push({ sid, time, proof, at: now });
      if (!away || state.noticedAt > now - LIMITS.sessionMs) return '';
      state.noticedAt = now;
      return state.push;
    });
    // Not awaited: the browser shows its code meanwhile, and the phone shows the call when it is opened.
    if (push) void this.#ring(box, push);
  }

  async #ring(box: string, push: string): Promise<void> {
    const told = await this.#pusher.send(push, 'open').catch(() => 'failed');
    // RFC 8030 section 7.3: the subscription is over.
    if (told === 'gone')
      await this.#update(box, (state) => {
        if (state.push === push) state.push = '';
      }).catch(() => {});
  }

  /** A call was answered, or given up. */
  async drop(box: string, sid: string): Promise<void> {
    await this.#update(box, (state) => {
      state.calls = state.calls.filter((one) => one.sid !== sid);
    });
  }

  /** The person declined at a box that its phone listens at. */
  async quiet(box: string): Promise<void> {
    await this.#update(box, (state) => {
      state.quietUntil = this.#now() + LIMITS.quietMs;
    });
  }

  /** Where the phone that listens at `boxes` can be reached from now on. */
  async reach(boxes: Listening, push: Push): Promise<void> {
    const sealed = this.#pusher.seal(push);
    for (const { box, token } of boxes)
      await this.#update(box, (state) => {
        if (sameHash(state.tokenHash, hashOf(token))) state.push = sealed;
      });
  }

  /** A link is over: its box remembers only that, also one that no phone has listened at yet. @throws Refusal `rate-limited` */
  async end(box: string, why: PairingEnd, address: string): Promise<void> {
    await this.#make(box, address, {});
    await this.#update(box, (state) => {
      Object.assign(state, { calls: [], push: '', ended: state.ended ?? why });
    });
  }
}
