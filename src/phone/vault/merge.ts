// Three-way merge of two vaults that went apart: account by account, field by field. Nothing that was written on either side
// is lost: of two passwords the later one is in force and the other in the history, of two names both accounts stay. Pure.
import { same } from './canonical.ts';
import { type Account, HISTORY_KEPT, newAccount, type VaultDocument } from './document.ts';

/** The field as one side changed it; `pick` decides where both did. */
function field<K extends keyof Account>(
  key: K,
  base: Account,
  a: Account,
  b: Account,
  pick: (a: Account[K], b: Account[K]) => Account[K],
): Account[K] {
  if (same(a[key], b[key]) || same(b[key], base[key])) return a[key];
  return same(a[key], base[key]) ? b[key] : pick(a[key], b[key]);
}

const unionOf = (base: readonly string[], a: readonly string[], b: readonly string[]): string[] => [
  ...new Set([...a, ...b].filter((one) => (a.includes(one) && b.includes(one)) || !base.includes(one))),
];

function histories(base: Account, a: Account, b: Account, password: string): Account['history'] {
  const all = [...a.history, ...b.history];
  for (const one of [a, b])
    if (one.password && one.password !== password && one.password !== base.password)
      all.push({ password: one.password, until: Math.max(a.changedAt, b.changedAt) });
  const newest = all.toSorted((x, y) => y.until - x.until || (x.password < y.password ? -1 : 1));
  const seen = new Set<string>();
  return newest.filter(({ password: one, until }) => {
    const key = JSON.stringify([one, until]);
    return !seen.has(key) && seen.add(key);
  });
}

/** Fields that say whose account it is: two different answers make two accounts. */
const IDENTITY = ['username', 'tenant', 'totp'] as const;

function mergeAccount(base: Account, a: Account, b: Account): Account[] {
  if (same(a, b) || same(b, base)) return [a];
  if (same(a, base)) return [b];
  // The same order on both phones, whichever is called `a`.
  const aIsNewer = a.changedAt !== b.changedAt ? a.changedAt > b.changedAt : JSON.stringify(a) > JSON.stringify(b);
  const [newer, older] = aIsNewer ? [a, b] : [b, a];
  const newerWins = <T>(of: T): T => of;
  const clash = IDENTITY.some((key) => ![base[key], newer[key]].includes(older[key]) && newer[key] !== base[key]);
  if (clash) {
    // Which id the copy has follows from what it is, so that two phones that merge make the same one.
    const copy = { ...older, id: `${older.id}+${older.changedAt.toString(36)}` };
    return [newer, copy];
  }
  const password = field('password', base, newer, older, newerWins);
  const usedAt = Math.max(a.usedAt, b.usedAt);
  const both = <K extends keyof Account>(key: K, pick: (a: Account[K], b: Account[K]) => Account[K] = newerWins) =>
    field(key, base, newer, older, pick);
  return [
    {
      id: base.id,
      title: both('title'),
      sites: unionOf(base.sites, newer.sites, older.sites),
      match: both('match'),
      username: both('username'),
      password,
      notes: both('notes', (x, y) => `${x}\n— — —\n${y}`),
      tenant: both('tenant'),
      totp: both('totp'),
      guard: both('guard'),
      favourite: both('favourite'),
      history: histories(base, newer, older, password).slice(0, HISTORY_KEPT),
      passwordAt: both('passwordAt', Math.max),
      changedAt: Math.max(a.changedAt, b.changedAt),
      usedAt,
      usedOn: [newer, older].find((one) => one.usedAt === usedAt && one.usedOn)?.usedOn,
    },
  ];
}

/**
 * @param base what both sides had when they last agreed
 * @returns the accounts of both; one that was deleted on one side and changed on the other stays
 */
export function mergeAccounts(base: readonly Account[], a: readonly Account[], b: readonly Account[]): Account[] {
  const [inBase, inA, inB] = [base, a, b].map((list) => new Map(list.map((account) => [account.id, account])));
  const ids = new Set([...a, ...b].map(({ id }) => id));
  const merged = [...ids].flatMap((id) => {
    const [was, left, right] = [inBase?.get(id), inA?.get(id), inB?.get(id)];
    if (left && right) return mergeAccount(was ?? newAccount({ id }), left, right);
    const only = left ?? right;
    // Deleted over there, and not touched here.
    return !only || (was && same(was, only)) ? [] : [only];
  });
  return merged.toSorted((x, y) => (x.id < y.id ? -1 : 1));
}

/** `ours` and `theirs` in one document. */
export const mergeDocuments = (base: VaultDocument, ours: VaultDocument, theirs: VaultDocument): VaultDocument => ({
  ...ours,
  accounts: mergeAccounts(base.accounts, ours.accounts, theirs.accounts),
  recovery: ours.recovery === base.recovery ? theirs.recovery : ours.recovery,
  // Made on both sides before they met, one stays, the same one on either.
  identity: [ours.identity, theirs.identity].filter(Boolean).sort()[0] ?? '',
});
