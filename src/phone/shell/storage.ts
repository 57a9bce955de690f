// What the phone keeps in IndexedDB: sealed copies of the vault, how far the backup is, wrong tries, its name and habits, and
// the sign-in under way, sealed under a key that script cannot read.
import { createStore, del, get, set, update } from 'idb-keyval';
import * as v from 'valibot';
import { type Bytes, concat, equal, fromUtf8, randomBytes, toBase64, utf8 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import { Mail } from '../../protocol/mailbox.ts';

const store = createStore('scankey', 'phone');
const COPIES_KEPT = 3;
const Copies = v.array(v.instance(Uint8Array));

async function keep<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof ScankeyError ? cause : new ScankeyError('storage-failed', { cause });
  }
}

/** The sealed copies of the vault, newest first; empty when there is none yet. */
export async function readVault(): Promise<Bytes[]> {
  const parsed = v.safeParse(Copies, await get('vault', store));
  return parsed.success ? (parsed.output as Bytes[]) : [];
}

/**
 * Puts `blob` in front of the copies.
 * @param before the copy that it follows, undefined for the first
 * @param keepOlder how many older copies stay: none where they open with a passphrase that was given up
 * @returns false when the newest copy is another one, because another tab was faster
 * @throws ScankeyError `storage-failed`
 */
export async function writeVault(
  blob: Bytes,
  before: Uint8Array | undefined,
  keepOlder = COPIES_KEPT - 1,
): Promise<boolean> {
  let written = false;
  await keep(
    update(
      'vault',
      (stored: unknown) => {
        const copies = v.safeParse(Copies, stored);
        const older = copies.success ? copies.output : [];
        const [newest] = older;
        written = newest && before ? equal(newest, before) : newest === before;
        return written ? [blob, ...older.slice(0, keepOlder)] : older;
      },
      store,
    ),
  );
  return written;
}

/** The last state that this phone and the backup agreed on. */
const Synced = v.object({
  rev: v.number(),
  /** Fingerprint of the sealed copy at the companion. */
  print: v.string(),
  time: v.number(),
  /** That state, sealed under the vault's own key: the base of the next merge. */
  base: v.instance(Uint8Array),
});
export type Synced = v.InferOutput<typeof Synced>;

export async function readSynced(): Promise<Synced | undefined> {
  const parsed = v.safeParse(Synced, await get('synced', store));
  return parsed.success ? parsed.output : undefined;
}
export const writeSynced = (synced: Synced | undefined): Promise<void> =>
  keep(synced ? set('synced', synced, store) : del('synced', store));

const Tries = v.object({ wrong: v.number(), until: v.number() });

/** Wrong passphrases in a row, and until when the next one is not taken (ms since 1970). */
export async function readTries(): Promise<v.InferOutput<typeof Tries>> {
  const parsed = v.safeParse(Tries, await get('tries', store));
  return parsed.success ? parsed.output : { wrong: 0, until: 0 };
}
export const writeTries = (tries: v.InferOutput<typeof Tries>): Promise<void> => keep(set('tries', tries, store));

/** What the person calls this phone, empty when they never said. */
export async function readPhoneName(): Promise<string> {
  const parsed = v.safeParse(v.string(), await get('phone-name', store));
  return parsed.success ? parsed.output : '';
}
export const writePhoneName = (name: string): Promise<void> => keep(set('phone-name', name, store));

/** When the vault locks by itself: on leaving the page, or a minute after the last touch alone. */
export const LOCKING = ['leave', 'minute'] as const;
const Habits = v.object({
  locking: v.fallback(v.picklist(LOCKING), 'leave'),
  hints: v.fallback(v.array(v.string()), []),
});
export type Habits = v.InferOutput<typeof Habits>;

export async function readHabits(): Promise<Habits> {
  const parsed = v.safeParse(Habits, await get('habits', store));
  return parsed.success ? parsed.output : { locking: 'leave', hints: [] };
}
export const writeHabits = (habits: Habits): Promise<void> => keep(set('habits', habits, store));

/** A sign-in that a reload of the page must not lose. */
export const Pending = v.object({
  /** Session id, base64url. */
  sid: v.string(),
  /** The code's link; a remembered browser's call has none. */
  link: v.optional(v.string()),
  via: v.picklist(['camera', 'navigation', 'call']),
  startedAt: v.number(),
  attempt: v.number(),
  mail: Mail,
  /** Set once the answer was sealed: what is needed to open the outcome, base64url. */
  sealed: v.nullable(v.object({ encapsulated: v.string(), response: v.string() })),
  /** The account that was confirmed, by its id. */
  account: v.optional(v.string()),
});
export type Pending = v.InferOutput<typeof Pending>;

async function deviceKey(): Promise<CryptoKey> {
  const known: unknown = await get('device-key', store);
  if (known instanceof CryptoKey) return known;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await set('device-key', key, store);
  return key;
}

// One after the other: sealing takes a moment, and a record written late would outlive the end of its sign-in.
let pendingWork: Promise<unknown> = Promise.resolve();
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = pendingWork.then(work);
  pendingWork = done.catch(() => {});
  return done;
}

async function sealed(value: unknown): Promise<Bytes> {
  const iv = randomBytes(12);
  const plain = utf8(JSON.stringify(value));
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await deviceKey(), plain)));
}

/** What lies sealed under `name`, if it opens and is of the schema. */
async function unsealed<T>(name: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  const bytes = v.safeParse(v.instance(Uint8Array), await get(name, store));
  if (!bytes.success) return undefined;
  try {
    const iv = bytes.output.slice(0, 12);
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await deviceKey(), bytes.output.slice(12));
    return v.parse(schema, JSON.parse(fromUtf8(new Uint8Array(opened))));
  } catch {
    return undefined;
  }
}

export const writePending = (pending: Pending): Promise<void> =>
  inTurn(async () => keep(set('pending', await sealed(pending), store)));

/** The sign-in that a reload interrupted, if any. */
export const readPending = (): Promise<Pending | undefined> => unsealed('pending', Pending);

export const dropPending = (): Promise<void> => inTurn(() => del('pending', store));

const Box = v.object({ box: v.string(), token: v.string() });
/** Where remembered browsers call, and what shows that this phone may listen there; read before the vault is open. */
export type Box = v.InferOutput<typeof Box>;

export const readBoxes = async (): Promise<Box[]> => (await unsealed('boxes', v.array(Box))) ?? [];
export const writeBoxes = async (boxes: readonly Box[]): Promise<void> =>
  keep(set('boxes', await sealed(boxes), store));

/** The remembered browsers, sealed under the vault's key. */
export async function readLinks(): Promise<Bytes | undefined> {
  const parsed = v.safeParse(v.instance(Uint8Array), await get('links', store));
  return parsed.success ? (parsed.output as Bytes) : undefined;
}

/** On the disk before this resolves: a step that was only promised to be written would shut the browser out. */
export async function writeLinks(bytes: Bytes): Promise<void> {
  await keep(
    new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('scankey');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const db = opening.result;
        const transaction = db.transaction('phone', 'readwrite', { durability: 'strict' });
        transaction.objectStore('phone').put(bytes, 'links');
        transaction.oncomplete = () => {
          db.close();
          resolve();
        };
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      };
    }),
  );
}

/** This installation's random name for itself, 16 bytes in base64url. */
export async function readInstallation(): Promise<string> {
  const parsed = v.safeParse(v.string(), await get('installation', store));
  if (parsed.success) return parsed.output;
  const made = toBase64(randomBytes(16));
  await keep(set('installation', made, store));
  return made;
}
