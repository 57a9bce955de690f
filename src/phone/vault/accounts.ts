// The accounts of the open vault, and the only two ways to change them: both work on the accounts of that very moment, with
// everything that was synced or written by another tab meanwhile. Screens hold ids.
import { ScankeyError } from '../../protocol/errors.ts';
import type { Account } from './document.ts';
import type { OpenVault } from './open.ts';

/** A trial shows how it feels; what is entered there should not be missed. */
const TRIAL_ACCOUNTS = 3;

/** What stood at an id and what stands there now; see `undone`. */
export interface Change {
  before: Account | undefined;
  after: Account | undefined;
}

export interface Accounts {
  /** Empty while the vault is locked. A signal: whoever draws it draws again when it changes. */
  readonly value: readonly Account[];
  /**
   * Changes one account.
   * @param fn gets the account as the vault has it, undefined where it has none; gives the one to put there, undefined to delete.
   * It may be called again when another tab was faster, so it must do nothing else.
   * @throws ScankeyError `trial-full`, `other-tab`, `storage-failed` (also when locked)
   */
  change(id: string, fn: (account: Account | undefined) => Account | undefined): Promise<Change>;
  /** Changes all accounts, as `change` does one. @throws ScankeyError as `change` */
  importInto(fn: (accounts: readonly Account[]) => readonly Account[]): Promise<void>;
}

/** @param trial no more than a few accounts, and no import */
export function accountsOf({ current, change }: Pick<OpenVault, 'current' | 'change'>, trial: boolean): Accounts {
  const all = (): readonly Account[] => current.value?.document.accounts ?? [];
  return {
    get value() {
      return all();
    },

    async change(id, fn) {
      let done: Change = { before: undefined, after: undefined };
      await change((document) => {
        const before = document.accounts.find((one) => one.id === id);
        const after = fn(before);
        done = { before, after };
        if (after === before) return document;
        const { accounts } = document;
        if (trial && after && !before && accounts.length >= TRIAL_ACCOUNTS) throw new ScankeyError('trial-full');
        const put = after ? [{ ...after, id }] : [];
        // Each stays in its place: the order is that of exports, too.
        const changed = before ? accounts.flatMap((one) => (one === before ? put : [one])) : [...accounts, ...put];
        return { ...document, accounts: changed };
      });
      return done;
    },

    async importInto(fn) {
      if (trial) throw new ScankeyError('trial-full');
      await change((document) => ({ ...document, accounts: [...fn(document.accounts)] }));
    },
  };
}
