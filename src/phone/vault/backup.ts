// The backup of this phone's vault, put together once with the phone's own companion and storage; and the way back from it.
import { fromBase64 } from '../../protocol/encoding.ts';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import { backupOf } from './exchange.ts';
import { unlock, type Vault } from './format.ts';
import { ownCompanion, type Remote } from './remote-copies.ts';
import * as storage from './stored.ts';
import { begin, guarded, hasVault, limit, openEscrow, phoneName, vault, ways } from './vault.ts';
import type { Secret } from './wraps.ts';

const backup = backupOf({
  ...{ vault, ways, limit, store: storage, remote: ownCompanion },
  now: () => Date.now(),
  by: () => phoneName.value,
});
export const { standing, sync, turnOn, turnOff, putBack, takeUpPassphrase } = backup;

/** A backup before it becomes this phone's vault. */
export interface Restorable {
  vault: Vault;
  remote: Remote;
  /** Which phone sealed it, when, and how much is in it: what a companion that rolls back would have to explain. */
  by: string;
  time: number;
  accounts: number;
}

/**
 * Finds and opens a backup.
 * @param key the recovery key of the sheet, base64url
 * @throws ScankeyError `no-backup`, `wrong-passphrase`, `rate-limited`, `params-refused`, `backup-damaged`, `unreachable`
 */
export async function find(key: string, passphrase: string): Promise<Restorable> {
  const bytes = fromBase64(key);
  const remote = await ownCompanion.read(bytes);
  if (!remote) throw new ScankeyError('no-backup');
  const secret: Secret = { k: 'backup', passphrase, recovery: bytes };
  const opened = await guarded(() => unlock(remote.blob, secret, [{ k: 'pass', passphrase }])).catch(
    (cause: unknown) => {
      throw codeOf(cause, 'backup-damaged') === 'vault-damaged' ? new ScankeyError('backup-damaged', { cause }) : cause;
    },
  );
  if (opened.header.rev !== remote.rev || opened.document.recovery !== key) throw new ScankeyError('backup-damaged');
  const { by, accounts } = opened.document;
  return { vault: opened, remote, by, time: opened.header.time, accounts: accounts.length };
}

/** Makes a found backup this phone's vault. @throws ScankeyError `storage-failed` */
export async function restore({ vault: opened, remote, time }: Restorable, name: string): Promise<void> {
  const beside = await backup.agreement(opened, remote, time);
  // One that lies here can not be opened any more: its passphrase was forgotten.
  await begin({ ...opened, header: { ...opened.header, rev: 0 } }, name, { replaces: hasVault.value === true, beside });
}

/** The browser evicted the vault: the passphrase finds the backup. @throws ScankeyError as `find` and `openEscrow` */
export async function restoreEvicted(passphrase: string): Promise<void> {
  const left = await openEscrow(passphrase);
  await restore(await find(left.recovery, passphrase), left.by);
}
