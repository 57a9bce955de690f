// The ways to unlock, changed: each only after the passphrase was typed again.
import { fromBase64 } from '../../protocol/encoding.ts';
import type { VaultDocument } from './document.ts';
import { createVault, unlock } from './format.ts';
import type { GuessLimit } from './guess-limit.ts';
import type { OpenVault } from './open.ts';
import type { Secret } from './wraps.ts';

const asItIs = (document: VaultDocument): VaultDocument => document;

export interface Ways {
  /**
   * Adds ways to unlock; one of a kind replaces the one there is. Changes the document along with them.
   * @throws ScankeyError `wrong-passphrase`, `rate-limited`, `storage-failed`
   */
  enrol(
    passphrase: string,
    added: readonly Secret[],
    change?: (document: VaultDocument) => VaultDocument,
  ): Promise<void>;
  /** Gives a way to unlock up. */
  dropWay(kind: 'prf' | 'backup', change?: (document: VaultDocument) => VaultDocument): Promise<void>;
  /** Checks the passphrase before something that leaves the phone. @throws ScankeyError `wrong-passphrase`, `rate-limited` */
  confirmPassphrase(passphrase: string): Promise<void>;
  /**
   * A new passphrase and a new data key. Copies under the old passphrase are dropped, and so is the passkey, which would have to
   * be asked again.
   * @throws ScankeyError `wrong-passphrase`, `rate-limited`, `other-tab`, `storage-failed`
   */
  changePassphrase(before: string, after: string): Promise<void>;
}

export function waysOf(vault: OpenVault, { guarded }: GuessLimit): Ways {
  const enrol: Ways['enrol'] = async (passphrase, added, change = asItIs) => {
    const front = vault.newest();
    const { header } = await guarded(() => unlock(front, { k: 'pass', passphrase }, added));
    await vault.change(change, () => header.wraps);
  };
  const confirmPassphrase: Ways['confirmPassphrase'] = (passphrase) => enrol(passphrase, []);
  return {
    enrol,
    confirmPassphrase,
    dropWay: (kind, change = asItIs) => vault.change(change, (wraps) => wraps.filter(({ k }) => k !== kind)),
    async changePassphrase(before, after) {
      await confirmPassphrase(before);
      await vault.rekey(async ({ document, header }) => {
        const secrets: Secret[] = [{ k: 'pass', passphrase: after }];
        if (document.recovery)
          secrets.push({ k: 'backup', passphrase: after, recovery: fromBase64(document.recovery) });
        const renewed = await createVault(secrets, document, header.vault);
        return { ...renewed, header: { ...renewed.header, rev: header.rev } };
      });
    },
  };
}
