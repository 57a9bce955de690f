// The phones that this browser remembers, in IndexedDB: names, boxes, and keys that script cannot read. They lie readable in a
// copied profile, and release nothing by themselves.
import * as v from 'valibot';
import type { PairingKey } from '../protocol/pairing.ts';

const Pairing = v.object({
  /** Pairing id, base64url. */
  id: v.string(),
  /** What the phone calls itself, or the person calls it here. */
  name: v.string(),
  /** The person has given it that name. */
  renamed: v.optional(v.boolean()),
  /** The phone's own name for its installation: remembered anew, it takes the place of its older pairing. */
  phone: v.string(),
  /** Origin of the phone page, sealed into every sign-in. */
  origin: v.string(),
  /** Address of the relay that it is reached through. */
  relay: v.optional(v.string()),
  box: v.string(),
  key: v.custom<PairingKey>((value) => value instanceof CryptoKey),
  /** The call that is out. */
  sid: v.optional(v.string()),
  /** When the last call was made. */
  time: v.optional(v.number()),
  /** The call whose hello made `key` what it is. */
  stepped: v.optional(v.string()),
  addedAt: v.number(),
  usedAt: v.number(),
  /** The newest revision of the phone's vault that was seen here. */
  vault: v.optional(v.string()),
  rev: v.optional(v.number()),
});
export type Pairing = v.InferOutput<typeof Pairing>;

const STORE = 'links';

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('scankey', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'id' });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

/**
 * One transaction that is on the disk before this resolves: a step that the system had only promised to write would look like a
 * copied profile after a power failure.
 */
async function inStore<T>(work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, 'readwrite', { durability: 'strict' });
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

const parse = (value: unknown): Pairing | undefined => {
  const parsed = v.safeParse(Pairing, value);
  return parsed.success ? parsed.output : undefined;
};

/** Where the phones are stored. */
export interface PairingStore {
  /** Every phone, the last used first. */
  all(): Promise<Pairing[]>;
  find(id: string): Promise<Pairing | undefined>;
  add(pairing: Pairing): Promise<void>;
  drop(id: string): Promise<void>;
  /** Changes a pairing within one transaction, unless it is gone. @returns the pairing as it is stored then */
  change(id: string, change: (pairing: Pairing) => Pairing): Promise<Pairing | undefined>;
}

/** On the disk of this browser. */
export const storedPairings: PairingStore = {
  async all() {
    const all = await inStore((store) => store.getAll());
    return all.flatMap((one) => parse(one) ?? []).sort((a, b) => b.usedAt - a.usedAt);
  },
  find: async (id) => parse(await inStore((store) => store.get(id))),
  add: async (pairing) => void (await inStore((store) => store.put(pairing))),
  drop: (id) => inStore((store) => store.delete(id)),
  async change(id, change) {
    let after: Pairing | undefined;
    await inStore((store) => {
      const reading = store.get(id);
      reading.onsuccess = () => {
        const before = parse(reading.result);
        if (!before) return;
        after = change(before);
        store.put(after);
      };
      return reading;
    });
    return after;
  },
};
