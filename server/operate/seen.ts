// What a companion tells its doctor of a request that has come to it: where it seems to come from, and how it was started. The doctor shows
// a word that lies in the companion's own store, where its operator alone can have left it.
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { consume, type Limiters } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, newToken } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';

export const SEEN = '/v1/doctor';
/** It is taken back at once; so long for clocks that differ, of which the doctor is to tell. */
const LASTS_MS = 86_400_000;
const keyOf = (word: string): string => `doctor:${hashOf(word)}`;

export const Seen = v.object({
  /** The other end of the connection: the proxy, where there is one. */
  peer: v.string(),
  /** What limits count by (`Source.bucket`). */
  bucket: v.string(),
  doubt: v.optional(v.string()),
  /** `X-Forwarded-For`, as it came. */
  forwardedFor: v.optional(v.string()),
  /** Addresses at which it listens. */
  listens: v.array(v.string()),
  extensionIds: v.array(v.string()),
  roomBytes: v.number(),
  /** By its clock, ms since 1970. */
  now: v.number(),
});
export type Seen = v.InferOutput<typeof Seen>;

/** Leaves a word by which the doctor is known, while it does `work`. */
export async function withWord<T>(store: Store, work: (word: string) => Promise<T>): Promise<T> {
  const word = newToken();
  await store.put(keyOf(word), 'asks', Date.now() + LASTS_MS, 0);
  try {
    return await work(word);
  } finally {
    await store.delete(keyOf(word));
  }
}

export function seenRoute(
  app: FastifyInstance,
  {
    store,
    limiters,
    extensionIds,
    roomBytes,
  }: { store: Store; limiters: Limiters; extensionIds: readonly string[]; roomBytes: number },
): void {
  app.get(SEEN, async ({ source, raw, headers }): Promise<Seen> => {
    const word = /^Bearer ([\w-]{43})$/.exec(headers.authorization ?? '')?.[1];
    if (word === undefined || !(await store.get(keyOf(word)))) {
      await consume(limiters.misses, source.bucket);
      throw new Refusal('not-found');
    }
    const { bucket, doubt } = source;
    const forwardedFor = headers['x-forwarded-for'];
    return {
      ...{ peer: raw.socket.remoteAddress ?? '', bucket, extensionIds: [...extensionIds], roomBytes, now: Date.now() },
      ...(doubt ? { doubt } : {}),
      ...(forwardedFor === undefined ? {} : { forwardedFor: String(forwardedFor) }),
      listens: app.addresses().map((at) => (typeof at === 'string' ? at : at.address)),
    };
  });
}
