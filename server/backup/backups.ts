// Backups: sealed copies of vaults under ids that tell nothing. Compare-and-set by revision; unknown, forbidden and wrong all
// look alike.
import * as v from 'valibot';
import { BACKUP, type BackupRequest } from '../../src/protocol/recovery.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import { type Found, Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** The record of one backup; its copies lie beside it, by revision. */
const Head = v.object({ auth: v.string(), rev: v.number(), kept: v.array(v.number()) });
type Head = v.InferOutput<typeof Head>;

export class Backups {
  readonly #store: Store;
  readonly #heads: Records<Head>;
  readonly #now: () => number;

  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#heads = new Records(store, 'backup', Head, { unusedMs: BACKUP.unusedMs }, now);
    this.#now = now;
  }

  /** @throws Refusal `no-backup`, `conflict` when another phone was faster */
  async serve(request: BackupRequest, auth: string): Promise<{ rev: number; blob: string } | { rev: number }> {
    const id = hashOf(request.id);
    const found = await this.#heads.read(id);
    if (found && !sameHash(found.record.auth, hashOf(auth))) throw new Refusal('no-backup');
    if (request.t === 'write') return this.#write(id, found, request, hashOf(auth));
    if (!found) throw new Refusal('no-backup');
    return request.t === 'read' ? this.#read(id, found) : this.#delete(id, found);
  }

  #copyKey = (id: string, rev: number): string => `backup:${id}:${rev}`;

  async #read(id: string, { record, rev }: Found<Head>): Promise<{ rev: number; blob: string }> {
    const key = this.#copyKey(id, record.rev);
    const copy = await this.#store.get(key);
    if (!copy) throw new Refusal('no-backup');
    // Reading is using: both live on.
    await this.#heads.write(id, record, rev);
    await this.#store.put(key, copy.value, this.#now() + BACKUP.unusedMs, copy.rev);
    return { rev: record.rev, blob: copy.value };
  }

  async #delete(id: string, { record }: Found<Head>): Promise<{ rev: number }> {
    await this.#heads.delete(id);
    for (const rev of record.kept) await this.#store.delete(this.#copyKey(id, rev));
    return { rev: 0 };
  }

  async #write(
    id: string,
    found: Found<Head> | undefined,
    { ifRev, rev, blob }: Extract<BackupRequest, { t: 'write' }>,
    auth: string,
  ): Promise<{ rev: number }> {
    const head = found?.record;
    if ((head?.rev ?? 0) !== ifRev || rev <= ifRev) throw new Refusal('conflict');
    const now = this.#now();
    const key = this.#copyKey(id, rev);
    // A copy whose head was never written (a killed companion, a lost race) makes way.
    const orphan = await this.#store.get(key);
    if (!(await this.#store.put(key, blob, now + BACKUP.unusedMs, orphan?.rev ?? 0))) throw new Refusal('conflict');
    const kept = [rev, ...(head?.kept ?? [])];
    const next: Head = { auth, rev, kept: kept.slice(0, BACKUP.copies) };
    if (!(await this.#heads.write(id, next, found?.rev ?? 0))) throw new Refusal('conflict');
    for (const old of kept.slice(BACKUP.copies)) await this.#store.delete(this.#copyKey(id, old));
    const before = head && (await this.#store.get(this.#copyKey(id, head.rev)));
    if (before) await this.#store.put(this.#copyKey(id, head.rev), before.value, now + BACKUP.replacedMs, before.rev);
    return { rev };
  }
}
