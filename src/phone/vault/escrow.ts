// Where the browser evicts what a site stores, it may leave this: the recovery key, sealed as the vault is. With the passphrase it
// finds the backup.
import { fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { newDocument } from './document.ts';
import { seal, unlock, type Vault } from './format.ts';

/** The recovery key of `vault` alone, sealed. @returns base64url; undefined where there is no backup */
export async function sealEscrow({ document, ...vault }: Vault, by: string, now: number): Promise<string | undefined> {
  const { recovery } = document;
  if (!recovery) return undefined;
  const only = { ...newDocument([], by), recovery };
  return toBase64((await seal({ ...vault, document: only }, only, now, { only: 'pass' })).blob);
}

/** @throws ScankeyError `wrong-passphrase`, `vault-damaged` */
export async function openEscrow(escrow: string, passphrase: string): Promise<{ recovery: string; by: string }> {
  return (await unlock(fromBase64(escrow), { k: 'pass', passphrase })).document;
}
