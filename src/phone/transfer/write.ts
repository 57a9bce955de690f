// Exports that other password managers read.
import Papa from 'papaparse';
import type { Account } from '../vault/document.ts';
import { inert } from './importers/own-csv.ts';

const nameOf = ({ title, sites: [site], username }: Account): string =>
  title || (site ? new URL(site).host : '') || username;

/** Bitwarden knows Steam's codes by an address of their own. */
function seedOf({ totp }: Account): string {
  const url = totp ? new URL(totp) : undefined;
  const secret = url?.searchParams.get('secret');
  return url?.searchParams.get('encoder') === 'steam' && secret ? `steam://${secret}` : totp;
}

/**
 * Bitwarden's columns, which Chrome and Firefox know, too; and one of our own. A row for each site, since browsers take one address a row;
 * the code stands in the first. Titles and notes do nothing in a spreadsheet; names and passwords stand as they are, to sign in with.
 */
export const writeCsv = (accounts: readonly Account[]): string =>
  Papa.unparse({
    fields: [
      ...['folder', 'favorite', 'type', 'name', 'notes', 'fields', 'reprompt'],
      ...['login_uri', 'login_username', 'login_password', 'login_totp', 'tenant'],
    ],
    data: accounts.flatMap((account) =>
      (account.sites.length > 0 ? account.sites : ['']).map((site, index) => [
        ...['', account.favourite ? '1' : '', 'login', inert(nameOf(account)), inert(account.notes), '', '0'],
        ...[site, account.username, account.password, index === 0 ? seedOf(account) : '', inert(account.tenant)],
      ]),
    ),
  });

const dateOf = (at: number): string | null => (at > 0 ? new Date(at).toISOString() : null);

/** Bitwarden's unencrypted JSON export, logins only. */
export const writeBitwarden = (accounts: readonly Account[]): string =>
  JSON.stringify(
    {
      encrypted: false,
      folders: [],
      items: accounts.map((account) => ({
        id: account.id,
        organizationId: null,
        folderId: null,
        type: 1,
        reprompt: 0,
        name: nameOf(account),
        notes: account.notes || null,
        favorite: account.favourite,
        fields: account.tenant ? [{ name: 'Tenant', value: account.tenant, type: 0, linkedId: null }] : [],
        login: {
          fido2Credentials: [],
          uris: account.sites.map((uri) => ({ match: null, uri })),
          username: account.username,
          password: account.password,
          totp: seedOf(account) || null,
          passwordRevisionDate: dateOf(account.passwordAt),
        },
        passwordHistory: account.history.map(({ password, until }) => ({
          password,
          lastUsedDate: dateOf(until) ?? new Date(0).toISOString(),
        })),
        revisionDate: dateOf(account.changedAt || account.passwordAt),
        creationDate: dateOf(
          Math.min(account.passwordAt || account.changedAt, ...account.history.map(({ until }) => until)),
        ),
        deletedDate: null,
        collectionIds: null,
      })),
    },
    null,
    2,
  );
