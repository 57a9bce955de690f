// What the vault stores: its sealed copies, how far the backup is, wrong tries, and how the person wants it.
import * as v from 'valibot';
import { type Bytes, equal } from '../../protocol/encoding.ts';
import { type Records, read, remove, replace, StoredBytes, write } from '../shell/database.ts';
import type { Synced } from './exchange.ts';

const COPIES_STORED = 3;
const Copies = v.array(StoredBytes);

/** The sealed copies of the vault, newest first; empty when there is none yet. */
export const readVault = async (): Promise<Bytes[]> => (await read('vault', Copies)) ?? [];

/**
 * Puts `blob` in front of the copies.
 * @param before the copy that it follows, undefined for the first
 * @param olderStored how many older copies stay: none where they open with a passphrase that was given up
 * @param beside further records that are written in one with it
 * @returns false when the newest copy is another one, because another tab was faster
 * @throws ScankeyError `storage-failed`
 */
export async function writeVault(
  blob: Bytes,
  before: Uint8Array | undefined,
  olderStored = COPIES_STORED - 1,
  beside: Records = {},
): Promise<boolean> {
  let written = false;
  await replace('vault', (stored) => {
    const copies = v.safeParse(Copies, stored);
    const older = copies.success ? copies.output : [];
    const [newest] = older;
    written = newest && before ? equal(newest, before) : newest === before;
    return written ? { ...beside, vault: [blob, ...older.slice(0, olderStored)] } : {};
  });
  return written;
}

const StoredSynced: v.GenericSchema<unknown, Synced> = v.object({
  rev: v.number(),
  print: v.string(),
  time: v.number(),
  // Earlier versions did not say.
  at: v.optional(v.number(), 0),
  base: StoredBytes,
});
export const readSynced = (): Promise<Synced | undefined> => read('synced', StoredSynced);
export const writeSynced = (synced: Synced | undefined): Promise<void> =>
  synced ? write('synced', synced) : remove('synced');
export const recordOfSynced = (synced: Synced): Records => ({ synced });

const Tries = v.object({ wrong: v.number(), until: v.number() });
type Tries = v.InferOutput<typeof Tries>;

export const readTries = async (): Promise<Tries> => (await read('tries', Tries)) ?? { wrong: 0, until: 0 };
export const writeTries = (tries: Tries): Promise<void> => write('tries', tries);

/** What the person calls this phone, empty when they never said. */
export const readPhoneName = async (): Promise<string> => (await read('phone-name', v.string())) ?? '';
export const writePhoneName = (name: string): Promise<void> => write('phone-name', name);

/** When the vault locks by itself: on leaving the page, or a minute after the last touch alone. */
export const LOCKING = ['leave', 'minute'] as const;
const Habits = v.object({
  locking: v.fallback(v.picklist(LOCKING), 'leave'),
  hints: v.fallback(v.array(v.string()), []),
});
export type Habits = v.InferOutput<typeof Habits>;

export const readHabits = async (): Promise<Habits> =>
  (await read('habits', Habits)) ?? { locking: 'leave', hints: [] };
export const writeHabits = (habits: Habits): Promise<void> => write('habits', habits);
