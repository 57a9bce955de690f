// Exports that other password managers read. Passwords stand as they are, so that they still sign in; titles and notes that a
// spreadsheet would run as a formula get an apostrophe before them.
import Papa from 'papaparse';
import type { Account } from '../vault/document.ts';

const FORMULA = /^[=+\-@\t\r]/;
const inert = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** One row an account; the columns that Chrome, Firefox and Bitwarden read, and two of our own. */
export const writeCsv = (accounts: readonly Account[]): string =>
  Papa.unparse({
    fields: ['title', 'url', 'username', 'password', 'notes', 'totp', 'tenant'],
    data: accounts.map(({ title, sites, username, password, notes, totp, tenant }) => [
      ...[inert(title), sites.join(' '), username, password, inert(notes), totp, inert(tenant)],
    ]),
  });

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
        name: account.title || account.sites[0] || account.username,
        notes: account.notes || null,
        favorite: account.favourite,
        login: {
          uris: account.sites.map((uri) => ({ match: null, uri })),
          username: account.username,
          password: account.password,
          totp: account.totp || null,
          passwordRevisionDate: new Date(account.passwordAt).toISOString(),
        },
        passwordHistory: account.history.map(({ password, until }) => ({
          password,
          lastUsedDate: new Date(until).toISOString(),
        })),
        collectionIds: null,
      })),
    },
    null,
    2,
  );
