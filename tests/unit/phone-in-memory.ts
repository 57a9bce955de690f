// A phone's vault without a browser: a disk in memory, as many tabs as a test wants.
import type { Records } from '../../src/phone/shell/database.ts';
import { accountsOf } from '../../src/phone/vault/accounts.ts';
import { openVault } from '../../src/phone/vault/open.ts';
import type { Secret } from '../../src/phone/vault/wraps.ts';

/** A passkey's bytes: the seal is the same, and no passphrase has to be hashed. */
export const SECRET: Secret = { k: 'prf', cred: 'AAAA', salt: 'A'.repeat(43), output: new Uint8Array(32).fill(9) };

/** The least that a vault may cost, where a test is not about the cost. */
export const LOW = { m: 19 * 1024, t: 2, p: 1 };

/** A phone whose tabs share one disk; `tab` opens another one, locked. */
export function phone() {
  const disk = { copies: [] as Uint8Array<ArrayBuffer>[], records: {} as Record<string, unknown> };
  /** Called before the next write reaches the disk. */
  let meanwhile: (() => Promise<void>) | undefined;
  const copies = {
    readVault: async () => disk.copies,
    async writeVault(blob: Uint8Array<ArrayBuffer>, before: Uint8Array | undefined, older = 2, beside: Records = {}) {
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      if (disk.copies[0] !== before) return false;
      disk.copies = [blob, ...disk.copies.slice(0, older)];
      Object.assign(disk.records, beside);
      return true;
    },
  };
  return {
    disk,
    tab() {
      const vault = openVault({ copies, now: () => 1000, by: () => 'phone', async onWritten() {}, announce() {} });
      return { vault, accounts: accountsOf(vault, false) };
    },
    beforeNextWrite(work: () => Promise<void>) {
      meanwhile = work;
    },
  };
}
