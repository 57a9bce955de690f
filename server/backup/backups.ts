// Backups: sealed copies of vaults under ids that tell nothing. Compare-and-set by revision; unknown, forbidden and wrong all
// look alike. Anybody may bring one, so what a stranger brings is little, and kept for less long until somebody comes back to it.
import * as v from 'valibot';
import { BACKUP, type BackupRequest } from '../../src/protocol/recovery.ts';
import { consume, type Limiters } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf, sameHash } from '../store/hashes.ts';
import { type Found, Records } from '../store/records.ts';
import { comeBack, keptMs, MADE, type Room } from '../store/room.ts';
import type { Store } from '../store/store.ts';

/** A copy by its revision; of one from before, `size` (characters) is not known. */
const Copy = v.union([
  v.object({ rev: v.number(), size: v.number() }),
  v.pipe(
    v.number(),
    v.transform((rev) => ({ rev, size: 0 })),
  ),
]);
/** The record of one backup; its copies lie beside it. */
const Head = v.object({ auth: v.string(), rev: v.number(), kept: v.array(Copy), ...MADE });
type Head = v.InferOutput<typeof Head>;

const lifeOf = (head: Head): number => keptMs(head, { known: BACKUP.unusedMs, new: BACKUP.newMs });

/** Who asks: what shows that the backup is theirs, and what limits count them by. */
export interface Asking {
  auth: string;
  bucket: string;
}

export class Backups {
  readonly #store: Store;
  readonly #heads: Records<Head>;
  readonly #room: Room;
  readonly #limiters: Pick<Limiters, 'backupGrowth'>;
  readonly #now: () => number;

  constructor(store: Store, room: Room, limiters: Pick<Limiters, 'backupGrowth'>, now: () => number = Date.now) {
    this.#store = store;
    this.#heads = new Records(store, 'backup', Head, { keptMs: lifeOf }, now);
    this.#room = room;
    this.#limiters = limiters;
    this.#now = now;
  }

  /** @throws Refusal `no-backup`, `no-room`, `conflict` when another phone was faster */
  async serve(request: BackupRequest, by: Asking): Promise<{ rev: number; blob: string } | { rev: number }> {
    const id = hashOf(request.id);
    const found = await this.#heads.read(id);
    if (found && !sameHash(found.record.auth, hashOf(by.auth))) throw new Refusal('no-backup');
    if (found) comeBack(found.record, this.#now());
    if (request.t === 'write') return this.#write(id, found, request, by);
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
    await this.#store.put(key, copy.value, this.#now() + lifeOf(record), copy.rev);
    return { rev: record.rev, blob: copy.value };
  }

  async #delete(id: string, { record }: Found<Head>): Promise<{ rev: number }> {
    // The head goes last: it alone knows of copies, should the companion die before they are gone.
    for (const { rev } of record.kept) await this.#store.delete(this.#copyKey(id, rev));
    await this.#heads.delete(id);
    return { rev: 0 };
  }

  /** Room for so many characters more. @throws Refusal `no-room` */
  async #claim(growth: number, head: Head, bucket: string): Promise<void> {
    if (growth <= 0) return;
    if (!(await this.#room.holds(growth, head.known ? 'known' : 'strangers'))) throw new Refusal('no-room');
    const { backupGrowth } = this.#limiters;
    const kib = Math.ceil(growth / 1024);
    // What strangers bring from the same network is not taken from those who came back.
    const key = head.known ? `known ${bucket}` : bucket;
    await consume(backupGrowth, key, 'no-room', kib).catch(async (refusal: unknown) => {
      // What was refused has not grown, and what is smaller may still fit.
      await backupGrowth.reward(key, kib);
      throw refusal;
    });
  }

  async #write(
    id: string,
    found: Found<Head> | undefined,
    { ifRev, rev, blob }: Extract<BackupRequest, { t: 'write' }>,
    { auth, bucket }: Asking,
  ): Promise<{ rev: number }> {
    const now = this.#now();
    const head: Head = found?.record ?? { auth: hashOf(auth), rev: 0, kept: [], made: now, known: false };
    if (head.rev !== ifRev || rev <= ifRev) throw new Refusal('conflict');
    const kept = [{ rev, size: blob.length }, ...head.kept];
    const left = kept.splice(head.known ? BACKUP.copies : 1);
    await this.#claim(blob.length - left.reduce((sum, { size }) => sum + size, 0), head, bucket);
    const key = this.#copyKey(id, rev);
    // A copy whose head was never written (a killed companion, a lost race) makes way.
    const orphan = await this.#store.get(key);
    if (!(await this.#store.put(key, blob, now + lifeOf(head), orphan?.rev ?? 0))) throw new Refusal('conflict');
    if (!(await this.#heads.write(id, { ...head, rev, kept }, found?.rev ?? 0))) throw new Refusal('conflict');
    for (const old of left) await this.#store.delete(this.#copyKey(id, old.rev));
    const before = await this.#store.get(this.#copyKey(id, head.rev));
    if (before) await this.#store.put(this.#copyKey(id, head.rev), before.value, now + BACKUP.replacedMs, before.rev);
    return { rev };
  }
}
