// The way to a vault, by a provider's word (R36): the backup's recovery key, sealed under the passphrase on the phone, which this
// companion cannot open.
import { BACKUP } from '../../src/protocol/recovery.ts';
import { Refusal } from '../http/problems.ts';
import { hashOf } from '../store/hashes.ts';
import type { Store } from '../store/store.ts';
import { overwrite } from '../store/values.ts';

type Subjects = readonly string[];
const keyOf = (subject: string): string => `vault:${hashOf(subject)}`;

export class Escrows {
  readonly #store: Store;
  constructor(store: Store) {
    this.#store = store;
  }

  /** @param escrow the sealed recovery key, base64url; it lies under each name that the provider has for the person */
  async put(subjects: Subjects, escrow: string): Promise<void> {
    for (const key of subjects.map(keyOf)) await overwrite(this.#store, key, escrow, Date.now() + BACKUP.unusedMs);
  }

  /** @throws Refusal `no-backup` */
  async find(subjects: Subjects): Promise<string> {
    for (const key of subjects.map(keyOf)) {
      const stored = await this.#store.get(key);
      if (stored) return stored.value;
    }
    throw new Refusal('no-backup');
  }
}
