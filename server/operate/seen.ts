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

/** How the request has come. */
const Came = v.object({
  /** The other end of the connection: the proxy, where there is one. */
  peer: v.string(),
  /** What limits count by (`Source.bucket`). */
  bucket: v.string(),
  doubt: v.optional(v.string()),
  /** `X-Forwarded-For`, as it came. */
  forwardedFor: v.optional(v.string()),
  /** Addresses at which it listens. */
  listens: v.array(v.string()),
});
type Came = v.InferOutput<typeof Came>;

export const Seen = v.object({
  ...Came.entries,
  extensionIds: v.array(v.string()),
  roomBytes: v.number(),
  /** It stands on a certificate of its own, and keeps no backups. */
  trial: v.boolean(),
  /** `hashOfTeam` of the file that it was started with; undefined where it knows no team. */
  team: v.optional(v.string()),
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
  { store, limiters, started }: { store: Store; limiters: Limiters; started: Omit<Seen, keyof Came | 'now'> },
): void {
  app.get(SEEN, async (request): Promise<Seen> => {
    const { raw, headers } = request;
    const word = /^Bearer ([\w-]{43})$/.exec(headers.authorization ?? '')?.[1];
    if (word === undefined || !(await store.get(keyOf(word)))) {
      await consume(limiters.misses, request.source.bucket);
      throw new Refusal('not-found');
    }
    // What the doctor makes up is no fault of how the companion is set up: none is told of in its log.
    const { bucket, doubt } = app.sourceOf(raw);
    const forwardedFor = headers['x-forwarded-for'];
    return {
      ...{ ...started, peer: raw.socket.remoteAddress ?? '', bucket, now: Date.now() },
      ...(doubt ? { doubt } : {}),
      ...(forwardedFor === undefined ? {} : { forwardedFor: String(forwardedFor) }),
      listens: app.addresses().map((at) => (typeof at === 'string' ? at : at.address)),
    };
  });
}
