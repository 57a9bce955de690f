// Which account a login belongs to that was typed or is made for a site.
import type { Message } from '../../protocol/messages.ts';
import type { Account } from '../vault/document.ts';
import { accountsFor } from '../vault/sites.ts';
import { accounts } from '../vault/vault.ts';

/** The account of that name, or the only one of the site where none was named. */
export function accountOf({ frameOrigin }: Message<'request'>, username: string): Account | undefined {
  const { exact } = accountsFor(frameOrigin, accounts.value);
  const [only, another] = exact;
  const named = exact.find(({ account }) => account.username === username);
  return (named ?? (username || another ? undefined : only))?.account;
}
