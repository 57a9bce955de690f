// What the accounts are written out as: one row a format.
import { loaded } from '../shell/loaded.ts';
import type { Account } from '../vault/document.ts';
import { sealAccounts } from './own.ts';
import { writeKdbx } from './tasks.ts';

interface Format {
  /** Of the file's name. */
  ending: string;
  /** It is sealed under the password that `write` is given; another one stands open. */
  sealed: boolean;
  write(accounts: readonly Account[], password: string): Promise<BlobPart>;
}

// Written by few, so loaded when it is asked for.
const writers = () => loaded(import('./write.ts'));

export const FORMATS = {
  sealed: { ending: 'scankey', sealed: true, write: sealAccounts },
  kdbx: { ending: 'kdbx', sealed: true, write: writeKdbx },
  bitwarden: { ending: 'json', sealed: false, write: async (all) => (await writers()).writeBitwarden(all) },
  csv: { ending: 'csv', sealed: false, write: async (all) => (await writers()).writeCsv(all) },
} satisfies Record<string, Format>;
