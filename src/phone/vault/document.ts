// What a vault holds, as it is sealed and as it is merged. No I/O.
import * as v from 'valibot';
import { GUARDS } from '../../protocol/proximity.ts';

/** How far from its own addresses an account counts as fitting: this very origin, any port of the host, any name of the domain. */
export const MATCHES = ['origin', 'host', 'domain'] as const;
export type Match = (typeof MATCHES)[number];

export const HISTORY_KEPT = 20;

export const Account = v.object({
  id: v.string(),
  /** What the person calls it; empty for the site's own name. */
  title: v.string(),
  /** Origins that the account signs in to, the main one first; empty for one that has no site yet. */
  sites: v.array(v.string()),
  match: v.picklist(MATCHES),
  username: v.string(),
  password: v.string(),
  notes: v.string(),
  /** For a third field of the form: company, team, tenant. */
  tenant: v.string(),
  /** Seed of one-time codes, as an `otpauth:` address; empty for none. */
  totp: v.string(),
  /** What the phone asks for beyond the tap. */
  guard: v.picklist(GUARDS),
  favourite: v.boolean(),
  /** Passwords that it had before, newest first, each with the time when it was replaced. */
  history: v.array(v.object({ password: v.string(), until: v.number() })),
  /** When the password in force was set, ms since 1970. */
  passwordAt: v.number(),
  changedAt: v.number(),
  /** When it was last given away, and to what computer, as that computer says; earlier versions kept the time alone. */
  usedAt: v.number(),
  usedOn: v.optional(v.object({ browser: v.string(), os: v.string() })),
});
export type Account = v.InferOutput<typeof Account>;

/** The first version knew one site an account, and no history. */
const FirstAccount = v.pipe(
  v.object({
    ...v.pick(Account, ['id', 'username', 'password', 'notes', 'guard', 'changedAt']).entries,
    site: v.string(),
    tenant: v.optional(v.string(), ''),
    totp: v.optional(v.string(), ''),
  }),
  v.transform(({ site, ...account }) => newAccount({ ...account, sites: [site], passwordAt: account.changedAt })),
);

export const VaultDocument: v.GenericSchema<unknown, VaultDocument> = v.union([
  v.pipe(
    v.object({ v: v.literal(1), accounts: v.array(FirstAccount) }),
    v.transform(({ accounts }) => newDocument(accounts)),
  ),
  v.object({
    v: v.literal(2),
    accounts: v.array(Account),
    /** Name of the phone that sealed it. */
    by: v.string(),
    /** The recovery key of the backup, 16 bytes in base64url; empty while there is no backup. */
    recovery: v.string(),
    /** The key by which companions know this vault's owner, PKCS #8 in base64url; empty until a site asks. */
    identity: v.optional(v.string(), ''),
  }),
]);
/** Whether a document is of a later version than this one reads. */
export const isNewerDocument = (document: unknown): boolean =>
  v.is(v.object({ v: v.pipe(v.number(), v.gtValue(2)) }), document);

export interface VaultDocument {
  v: 2;
  accounts: Account[];
  by: string;
  recovery: string;
  identity: string;
}

export const newDocument = (accounts: Account[] = [], by = ''): VaultDocument => ({
  v: 2,
  accounts,
  by,
  recovery: '',
  identity: '',
});

/** An account with nothing in it but what is given. */
export const newAccount = (known: Partial<Account> & { id: string }): Account => ({
  title: '',
  sites: [],
  match: 'origin',
  username: '',
  password: '',
  notes: '',
  tenant: '',
  totp: '',
  guard: 'none',
  favourite: false,
  history: [],
  passwordAt: 0,
  changedAt: 0,
  usedAt: 0,
  ...known,
});

/** `after` in the place of `before`: a password that was replaced goes into the history. */
export function replaced(before: Account | undefined, after: Account, now: number): Account {
  const changed = before !== undefined && before.password !== after.password;
  const history =
    changed && before.password ? [{ password: before.password, until: now }, ...after.history] : after.history;
  return {
    ...after,
    history: history.slice(0, HISTORY_KEPT),
    passwordAt: before !== undefined && !changed ? before.passwordAt : now,
    changedAt: now,
  };
}
