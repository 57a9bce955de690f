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

/** What an account goes by: each of its sites with the person's name there; its title, where it has no site. */
const keysOf = (sites: readonly string[], { title, username }: Pick<Account, 'title' | 'username'>): string[] =>
  (sites.length > 0 ? sites : [`title:${title}`]).map((at) => `${at}\n${username.toLowerCase()}`);
/** "GitHub" of an authenticator and github.com of an account speak of the same. */
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Two entries of one file that name the same site and the same person, but not the same password or code, stay two accounts: the file's
 * owner kept them apart. Only against what the vault had before does one password replace another.
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
  const places = new Map<string, Set<number>>();
  const index = (account: Account, at: number) => {
    for (const key of keysOf(account.sites, account)) places.set(key, (places.get(key) ?? new Set()).add(at));
  };
  accounts.forEach(index);
  /** Accounts that some entry of the file is. */
  const claimed = new Set<number>();
  const changed = new Set<number>();
  let [added, same] = [0, 0];

  /** Where an entry may belong, as far as their codes do not speak against it. */
  const alike = (one: Entry, sites: readonly string[]): number[] =>
    [...new Set(keysOf(sites, one).flatMap((key) => [...(places.get(key) ?? [])]))].filter((at) =>
      agrees(accounts[at]?.totp ?? '', one.totp),
    );
  const holds = (at: number, { password }: Entry) => accounts[at]?.password === password;
  const held = (at: number, one: Entry) => accounts[at]?.history.some(({ password }) => password === one.password);
  const placeOf = (one: Entry, sites: readonly string[]): number | undefined => {
    const all = alike(one, sites);
    if (one.password === '') return all[0] ?? placeOfCode(accounts, one);
    const free = all.filter((at) => !claimed.has(at));
    return all.find((at) => holds(at, one)) ?? free.find((at) => held(at, one)) ?? free[0];
  };

  const all = found.map((one) => ({
    one,
    sites: [...new Set(one.urls.map((url) => originOf(url)).filter((site) => site !== undefined))],
  }));
  // Entries whose password is here already come first, so that no other takes their account from them.
  const isKnown = ({ one, sites }: (typeof all)[number]) => alike(one, sites).some((at) => holds(at, one));
  const known = new Set(all.filter((each) => each.one.password !== '' && isKnown(each)));
  for (const { one, sites } of [...known, ...all.filter((each) => !known.has(each))]) {
    const before = placeOf(one, sites) ?? -1;
    const account = accounts[before];
    if (!account) {
      const made = newAccount({
        ...{ id: newId(), sites, title: one.title, username: one.username, password: one.password, notes: one.notes },
        ...{ totp: one.totp, favourite: one.favourite, tenant: one.tenant, ...one.rules },
        history: one.history.slice(0, HISTORY_KEPT),
        passwordAt: one.at || now,
        changedAt: now,
      });
      const place = accounts.push(made) - 1;
      index(made, place);
      claimed.add(place);
      added++;
      continue;
    }
    if (one.password) claimed.add(before);
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

/** Two seeds that may be of one account: the same, however the addresses name it, or not both there. */
function agrees(one: string, other: string): boolean {
  const secretOf = (seed: string) => (URL.canParse(seed) ? new URL(seed).searchParams.get('secret') : seed);
  return one === '' || other === '' || secretOf(one) === secretOf(other);
}

/** The account that a code without a password belongs to: by its issuer and name, if there is just one. */
function placeOfCode(accounts: readonly Account[], { title, username, totp }: Entry): number | undefined {
  const issuer = plain(title);
  const fits = accounts.flatMap((account, at) => {
    const names = [account.title, ...account.sites.map((site) => new URL(site).hostname)].flatMap((name) => [
      plain(name),
      ...name.split('.').map(plain),
    ]);
    return issuer !== '' && names.includes(issuer) && account.password && agrees(account.totp, totp) ? [at] : [];
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
