// What a tap puts into the vault as its answer leaves, and takes back where nothing came of it.
import type { Accounts, Change } from '../vault/accounts.ts';
import { undone } from '../vault/edits.ts';
import type { VaultEdit } from './answers.ts';

export class VaultWrite {
  readonly #accounts: Accounts;
  /** Kept until it is written. */
  #edit: VaultEdit | undefined;
  /** What that did. */
  #change: Change | undefined;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /** @param edit of the tap that counts now */
  prepare(edit: VaultEdit | undefined): void {
    this.#edit = edit;
  }

  /** @throws ScankeyError as `Accounts.change` */
  async write(): Promise<void> {
    const edit = this.#edit;
    if (!edit) return;
    const change = await this.#accounts.change(edit.id, edit.fn);
    // It may have been forgotten while that was written.
    if (this.#edit === edit) this.#change = change;
    this.#edit = undefined;
  }

  /** Nothing was filled in, so a new password is none: the account is as it was. */
  async takeBack(): Promise<void> {
    if (!this.#change?.after) return;
    await this.#accounts.change(this.#change.after.id, undone(this.#change)).catch(() => {});
  }

  /** Passwords that were typed or made, and those that were in the vault before: a lock of the vault does not reach them here. */
  forget(): void {
    this.#edit = undefined;
    this.#change = undefined;
  }
}
