// Our own sealed export: read here and written here, while files of other password managers are read by a worker.
import { ScankeyError } from '../../protocol/errors.ts';
import { type Account, newDocument } from '../vault/document.ts';
import { createVault, isNewer, seal, unlock } from '../vault/format.ts';
import type { Found } from './importers/entry.ts';
import { readExport } from './tasks.ts';

export const isOwn = (bytes: Uint8Array): boolean =>
  isNewer(bytes) || ['S', 'K', 'V', '1'].every((mark, at) => bytes[at] === mark.charCodeAt(0));

/** @throws ScankeyError as `readExport`, and for our own export as `unlock` */
export async function readFile(
  name: string,
  bytes: Uint8Array,
  password?: string,
  more?: Parameters<typeof readExport>[3],
): Promise<Found> {
  if (!isOwn(bytes)) return readExport(name, bytes, password, more);
  if (isNewer(bytes)) throw new ScankeyError('vault-newer');
  if (!password) throw new ScankeyError('import-password');
  const { document } = await unlock(bytes, { k: 'pass', passphrase: password });
  const entries = document.accounts.map(({ match, guard, ...account }) => ({
    ...{ ...account, urls: account.sites, at: account.passwordAt },
    rules: { match, guard },
  }));
  return { source: 'Scankey', entries, unread: [] };
}

/** All accounts, sealed under a password of their own. */
export async function sealAccounts(accounts: readonly Account[], password: string): Promise<Uint8Array<ArrayBuffer>> {
  const made = await createVault([{ k: 'pass', passphrase: password }]);
  return (await seal(made, newDocument([...accounts]), Date.now())).blob;
}
