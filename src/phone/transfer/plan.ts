// What an import would do to the vault, decided before anything is written. Pure.
import { type Account, HISTORY_KEPT, newAccount } from '../vault/document.ts';
import { originOf } from '../vault/sites.ts';
import type { Entry } from './importers/entry.ts';

export interface Plan {
  /** All accounts as they would stand. */
  accounts: Account[];
  added: number;
  /** Accounts that the file adds something to: a newer password, a code, another address. */
  updated: number;
  /** Entries that the vault or the file itself has already. */
  same: number;
}

const keyOf = (site: string, username: string): string => `${site}\n${username.toLowerCase()}`;
/** "GitHub" of an authenticator and github.com of an account speak of the same. */
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * @param found entries of one file, their codes judged
 * @param newId gives the id of each account that is added
 */
export function planImport(
  existing: readonly Account[],
  found: readonly Entry[],
  now: number,
  newId: () => string,
): Plan {
  const accounts = [...existing];
  const places = new Map<string, number>();
  const index = (account: Account, at: number) => {
    for (const site of account.sites) places.set(keyOf(site, account.username), at);
  };
  accounts.forEach(index);
  const changed = new Set<number>();
  let [added, same] = [0, 0];
  for (const one of found) {
    const sites = [...new Set(one.urls.map((url) => originOf(url)).filter((site) => site !== undefined))];
    const at = one.password
      ? sites.map((site) => places.get(keyOf(site, one.username))).find((place) => place !== undefined)
      : placeOfCode(accounts, one);
    const before = at ?? (sites.length === 0 ? accounts.findIndex((known) => isSame(known, one)) : -1);
    const account = accounts[before];
    if (!account) {
      const made = newAccount({
        ...{ id: newId(), sites, title: one.title, username: one.username, password: one.password, notes: one.notes },
        ...{ totp: one.totp, favourite: one.favourite, tenant: one.tenant, ...one.rules },
        history: one.history.slice(0, HISTORY_KEPT),
        passwordAt: one.at || now,
        changedAt: now,
      });
      index(made, accounts.push(made) - 1);
      added++;
      continue;
    }
    const joined = join(account, one, sites, now);
    if (joined === account) same++;
    else {
      accounts[before] = joined;
      index(joined, before);
      // One that this very file added is not counted again.
      if (before < existing.length) changed.add(before);
    }
  }
  return { accounts, added, updated: changed.size, same };
}

/** Entries without an address are the same only when everything is. */
const isSame = (known: Account, one: Entry): boolean =>
  known.sites.length === 0 &&
  known.title === one.title &&
  known.username === one.username &&
  known.password === one.password &&
  known.totp === one.totp;

/** The account that a code without a password belongs to: by its issuer and name, if there is just one. */
function placeOfCode(accounts: readonly Account[], { title, username }: Entry): number | undefined {
  const issuer = plain(title);
  const fits = accounts.flatMap((account, at) => {
    const names = [account.title, ...account.sites.map((site) => new URL(site).hostname)].flatMap((name) => [
      plain(name),
      ...name.split('.').map(plain),
    ]);
    return issuer !== '' && names.includes(issuer) && account.password ? [at] : [];
  });
  const named = fits.filter((at) => accounts[at]?.username.toLowerCase() === username.toLowerCase());
  const [only, ...others] = named.length > 0 ? named : fits;
  return others.length === 0 ? only : undefined;
}

/** `account` with what `one` adds; the same object when that is nothing. Of two passwords the later one is in force. */
function join(account: Account, one: Entry, sites: readonly string[], now: number): Account {
  const { password, history, passwordAt } = account;
  const missing = sites.filter((site) => !account.sites.includes(site));
  const known = new Set([password, ...history.map((before) => before.password)]);
  // An account of a code alone takes any password.
  const later = password === '' || (one.at > passwordAt && !known.has(one.password));
  const newer = one.password !== '' && one.password !== password && later;
  const older = one.history.filter((before) => before.password !== '' && !known.has(before.password));
  // The one of the two that is not in force from now on.
  const replaced = newer ? password : one.password;
  if (replaced !== '' && (newer || !known.has(replaced))) older.push({ password: replaced, until: one.at || now });
  const takesCode = one.totp !== '' && account.totp === '';
  const notes =
    one.notes !== '' && !account.notes.includes(one.notes)
      ? [account.notes, one.notes].filter(Boolean).join('\n')
      : account.notes;
  if (!newer && older.length === 0 && missing.length === 0 && !takesCode && notes === account.notes) return account;
  return {
    ...account,
    sites: [...account.sites, ...missing],
    notes,
    ...(takesCode ? { totp: one.totp } : {}),
    ...(newer ? { password: one.password, passwordAt: one.at || now } : {}),
    history: [...history, ...older].toSorted((a, b) => b.until - a.until).slice(0, HISTORY_KEPT),
    changedAt: now,
  };
}
