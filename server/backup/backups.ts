// Backups: sealed copies of vaults under ids that tell nothing. Compare-and-set by revision; unknown, forbidden and wrong all
// look alike.
import type { FastifyInstance } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import * as v from 'valibot';
import { Authorization, BACKUP, BackupRequest } from '../../src/protocol/recovery.ts';
import { consume } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';

/** The record of one backup; its copies lie beside it, by revision. */
const Head = v.object({ auth: v.string(), rev: v.number(), kept: v.array(v.number()) });
type Head = v.InferOutput<typeof Head>;

export interface BackupLimiters {
  /** Consumed by each write, counted by id. */
  writes: RateLimiterMemory;
  /** Consumed by each request, counted by address: a household's phones, and nobody who guesses. */
  requests: RateLimiterMemory;
}
export const newBackupLimiters = (): BackupLimiters => ({
  writes: new RateLimiterMemory({ points: BACKUP.writesPerHour, duration: 3600 }),
  requests: new RateLimiterMemory({ points: 300, duration: 3600 }),
});

export class Backups {
  readonly #store: Store;
  readonly #now: () => number;
  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** @throws Refusal `no-backup`, `conflict` when another phone was faster */
  async serve(request: BackupRequest, auth: string): Promise<{ rev: number; blob: string } | { rev: number }> {
    const key = `backup:${hashOf(request.id)}`;
    const stored = await this.#store.get(key);
    const head = stored && v.parse(Head, JSON.parse(stored.value));
    if (head && !sameHash(head.auth, hashOf(auth))) throw new Refusal('no-backup');
    if (request.t === 'write') return this.#write(key, head, stored?.rev ?? 0, request, hashOf(auth));
    if (!stored || !head) throw new Refusal('no-backup');
    if (request.t === 'delete') {
      await this.#store.delete(key);
      for (const rev of head.kept) await this.#store.delete(`${key}:${rev}`);
      return { rev: 0 };
    }
    const copy = await this.#store.get(`${key}:${head.rev}`);
    if (!copy) throw new Refusal('no-backup');
    // Reading is using: both live on.
    const expires = this.#now() + BACKUP.unusedMs;
    await this.#store.put(key, stored.value, expires, stored.rev);
    await this.#store.put(`${key}:${head.rev}`, copy.value, expires, copy.rev);
    return { rev: head.rev, blob: copy.value };
  }

  async #write(
    key: string,
    head: Head | undefined,
    storedRev: number,
    { ifRev, rev, blob }: Extract<BackupRequest, { t: 'write' }>,
    auth: string,
  ): Promise<{ rev: number }> {
    if ((head?.rev ?? 0) !== ifRev || rev <= ifRev) throw new Refusal('conflict');
    const now = this.#now();
    const copyKey = `${key}:${rev}`;
    // A copy whose head was never written (a killed companion, a lost race) makes way.
    const orphan = await this.#store.get(copyKey);
    if (!(await this.#store.put(copyKey, blob, now + BACKUP.unusedMs, orphan?.rev ?? 0))) throw new Refusal('conflict');
    const kept = [rev, ...(head?.kept ?? [])];
    const next: Head = { auth, rev, kept: kept.slice(0, BACKUP.copies) };
    if (!(await this.#store.put(key, JSON.stringify(next), now + BACKUP.unusedMs, storedRev)))
      throw new Refusal('conflict');
    for (const old of kept.slice(BACKUP.copies)) await this.#store.delete(`${key}:${old}`);
    const before = head && (await this.#store.get(`${key}:${head.rev}`));
    if (before) await this.#store.put(`${key}:${head.rev}`, before.value, now + BACKUP.replacedMs, before.rev);
    return { rev };
  }
}

/** `POST /v1/backup`, for phone pages alone: ids and copies in the body, the authorisation in its header, nothing in the URL. */
export function serveBackups(
  app: FastifyInstance,
  backups: Backups,
  limiters: BackupLimiters,
  isPhone: (origin: string | undefined) => boolean,
): void {
  // JSON around the largest copy.
  app.post('/v1/backup', { bodyLimit: BACKUP.characters + 1024 }, async (request) => {
    if (!isPhone(request.headers.origin)) throw new Refusal('origin-required');
    await consume(limiters.requests, request.ip);
    const body = v.safeParse(BackupRequest, request.body);
    const auth = v.safeParse(Authorization, request.headers.authorization);
    if (!body.success || !auth.success) throw new Refusal('bad-message');
    if (body.output.t === 'write') await consume(limiters.writes, body.output.id);
    return backups.serve(body.output, auth.output);
  });
}
