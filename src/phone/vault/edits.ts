// What a person does to one account, as functions of the account of that moment: what was synced since it was shown stays. Pure.
import type { Change } from './accounts.ts';
import { same } from './canonical.ts';
import { type Account, newAccount, replaced } from './document.ts';

const FIELDS = ['title', 'sites', 'match', 'username', 'password', 'notes', 'tenant', 'totp', 'guard'] as const;
/** What a form shows of an account. */
export type Fields = Pick<Account, (typeof FIELDS)[number]>;

const unlike = <K extends keyof Account>(keys: readonly K[], a: Pick<Account, K>, b: Pick<Account, K>): K[] =>
  keys.filter((key) => !same(a[key], b[key]));

/** The fields of `account`, or those of an empty one. */
export const fieldsOf = (account: Partial<Account> = {}): Fields => {
  const { title, sites, match, username, password, notes, tenant, totp, guard } = newAccount({ id: '', ...account });
  return { title, sites, match, username, password, notes, tenant, totp, guard };
};

/**
 * A form that was saved: only what the person changed is changed.
 * @param shown the fields as the form was opened
 * @param typed the fields as they were saved
 */
export const edited =
  (id: string, shown: Fields, typed: Fields, now: number) =>
  (account: Account | undefined): Account => {
    if (!account) return replaced(undefined, newAccount({ id, ...typed }), now);
    const next = { ...account };
    for (const key of unlike(FIELDS, shown, typed)) Object.assign(next, { [key]: typed[key] });
    // Of addresses, what was added and what was taken out; their order is the person's where nobody else changed them.
    if (!same(account.sites, shown.sites)) {
      const stay = account.sites.filter((site) => typed.sites.includes(site) || !shown.sites.includes(site));
      next.sites = [...new Set([...stay, ...typed.sites.filter((site) => !shown.sites.includes(site))])];
    }
    return same(next, account) ? account : replaced(account, next, now);
  };

/** Takes a change back, but nothing that came after it. */
export const undone =
  ({ before, after }: Change) =>
  (account: Account | undefined): Account | undefined => {
    if (!after) return account ?? before;
    if (!account) return undefined;
    if (!before) return account.changedAt === after.changedAt ? undefined : account;
    const next = { ...account };
    for (const key of unlike(Object.keys({ ...before, ...after }) as (keyof Account)[], before, after))
      if (same(account[key], after[key])) Object.assign(next, { [key]: before[key] });
    if (same(account.password, after.password)) {
      const added = after.history.filter((one) => !before.history.some((known) => same(known, one)));
      next.history = account.history.filter((one) => !added.some((gone) => same(gone, one)));
    }
    return next;
  };
