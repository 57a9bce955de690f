// What the phone stores lies in IndexedDB: every room reads and writes its own records through this, by a schema. Some are sealed
// under a key that script cannot read.
import { clear, createStore, del, get, set } from 'idb-keyval';
import * as v from 'valibot';
import { type Bytes, concat, fromUtf8, randomBytes, utf8 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';

const [DATABASE, STORE] = ['scankey', 'phone'] as const;
const store = createStore(DATABASE, STORE);

/** Bytes as they are stored. */
export const StoredBytes = v.custom<Bytes>((value) => value instanceof Uint8Array);

async function written<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof ScankeyError ? cause : new ScankeyError('storage-failed', { cause });
  }
}

/** The record `name`; undefined where there is none of this schema. */
export async function read<T>(name: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  const parsed = v.safeParse(schema, await get(name, store));
  return parsed.success ? parsed.output : undefined;
}

/** @throws ScankeyError `storage-failed` */
export const write = (name: string, value: unknown): Promise<void> => written(set(name, value, store));

/** @throws ScankeyError `storage-failed` */
export const remove = (name: string): Promise<void> => written(del(name, store));

/** Forgets all that this phone stores. @throws ScankeyError `storage-failed` */
export const removeAll = (): Promise<void> => written(clear(store));

/** Records by name, which are written all together or not at all. */
export type Records = Readonly<Record<string, unknown>>;

/**
 * Puts what `change` makes of the record `name` in the place of what there is; no tab writes in between, and nothing is written by half.
 * @throws ScankeyError `storage-failed`
 */
export const replace = (name: string, change: (stored: unknown) => Records): Promise<void> =>
  written(
    store(
      'readwrite',
      (records) =>
        new Promise<void>((resolve, reject) => {
          const { transaction } = records;
          transaction.oncomplete = () => resolve();
          transaction.onerror = transaction.onabort = () => reject(transaction.error);
          const reading = records.get(name);
          reading.onsuccess = () => {
            try {
              for (const [one, value] of Object.entries(change(reading.result))) records.put(value, one);
            } catch (error) {
              reject(error);
              transaction.abort();
            }
          };
        }),
    ),
  );

/** As `write`, and on the disk before it resolves, whatever becomes of the phone then. @throws ScankeyError `storage-failed` */
export const writeThrough = (name: string, value: unknown): Promise<void> =>
  written(
    new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(DATABASE);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const db = opening.result;
        const transaction = db.transaction(STORE, 'readwrite', { durability: 'strict' });
        transaction.objectStore(STORE).put(value, name);
        transaction.oncomplete = () => {
          db.close();
          resolve();
        };
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      };
    }),
  );

async function deviceKey(): Promise<CryptoKey> {
  const known: unknown = await get('device-key', store);
  if (known instanceof CryptoKey) return known;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await set('device-key', key, store);
  return key;
}

/** As `write`, sealed. @throws ScankeyError `storage-failed` */
export async function writeSealed(name: string, value: unknown): Promise<void> {
  const iv = randomBytes(12);
  const plain = utf8(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await deviceKey(), plain);
  await write(name, concat(iv, new Uint8Array(sealed)));
}

/** What lies sealed under `name`; undefined where nothing opens, is none of this schema, or the browser lets nothing be read. */
export async function readSealed<T>(name: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  try {
    const sealed = await read(name, StoredBytes);
    if (!sealed) return undefined;
    const iv = sealed.slice(0, 12);
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await deviceKey(), sealed.slice(12));
    return v.parse(schema, JSON.parse(fromUtf8(new Uint8Array(opened))));
  } catch {
    return undefined;
  }
}
