// Exports in CSV. Products differ in the names of their columns only, so all of them share one table of names.
import Papa from 'papaparse';
import { ScankeyError } from '../../../protocol/errors.ts';
import { type Entry, entry, type Found, type Read, ROWS_MAX, take, timeOf } from './entry.ts';

/** What a column may be called, by what it holds; the first name that the file has counts. */
const COLUMNS = {
  title: ['name', 'title', 'account'],
  url: ['url', 'login_uri', 'website', 'web site', 'urls', 'login url'],
  username: ['username', 'login_username', 'login', 'user name', 'login name'],
  email: ['email', 'username2'],
  password: ['password', 'login_password'],
  notes: ['notes', 'note', 'extra', 'comments'],
  totp: ['totp', 'login_totp', 'otpauth', 'otpurl', 'otpsecret'],
  favourite: ['favorite', 'fav'],
  tenant: ['tenant'],
  kind: ['type'],
  at: ['timepasswordchanged', 'modifytime', 'last modified'],
} as const;
type Column = keyof typeof COLUMNS;

/** Columns that give a product away; the first row that fits names the source. */
const SOURCES: readonly (readonly [source: string, ...columns: string[]])[] = [
  ['Firefox', 'formactionorigin', 'httprealm'],
  ['Bitwarden', 'login_uri', 'login_password'],
  ['1Password', 'otpauth', 'favorite', 'archived'],
  ['Safari', 'title', 'url', 'otpauth'],
  ['LastPass', 'extra', 'grouping', 'fav'],
  ['Dashlane', 'username2', 'username3', 'category'],
  ['Proton Pass', 'createtime', 'modifytime', 'vault'],
  ['KeePassXC', 'group', 'title', 'last modified'],
  ['Scankey', 'title', 'tenant', 'url'],
  ['Chrome', 'name', 'url', 'username', 'password'],
];

const LOGIN = /^(login|logins?|password|1|)$/i;

/** Reads the exports of Chrome, Edge, Firefox, Safari, Bitwarden, 1Password, LastPass, Dashlane, Proton Pass and KeePassXC. */
export const readCsv: Read = async ({ text }) => {
  if (text === undefined) return undefined;
  const found: Found = { source: '', byLine: true, entries: [], unread: [] };
  let columns: Map<Column, number> | undefined;
  let width = 0;
  // Rows may hold line breaks, so lines are counted by where the reader stands.
  let [line, at] = [1, 0];
  const lineAt = (cursor: number): number => {
    const before = line;
    for (let next = text.indexOf('\n', at); next >= 0 && next < cursor; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    return before;
  };
  const separator = (text.split('\n', 1)[0] ?? '').includes(';') ? ';' : ',';
  const delimiter = (text.split('\n', 1)[0] ?? '').includes(',') ? ',' : separator;
  Papa.parse<string[]>(text, {
    delimiter,
    step({ data, meta, errors }, parser) {
      const here = lineAt(meta.cursor);
      // Thrown here, and not at the end, a file of millions of rows costs as little as one of thousands.
      if (found.entries.length + found.unread.length > ROWS_MAX) throw new ScankeyError('import-too-large');
      if (!columns) {
        const names = data.map((name) => name.trim().toLowerCase());
        columns = new Map(
          Object.entries(COLUMNS).flatMap(([column, known]) => {
            const index = known.map((name) => names.indexOf(name)).find((position) => position >= 0);
            return index === undefined ? [] : [[column as Column, index] as const];
          }),
        );
        width = names.length;
        found.source = SOURCES.find(([, ...marks]) => marks.every((mark) => names.includes(mark)))?.[0] ?? 'CSV';
        if (!columns.has('password') || !(columns.has('url') || columns.has('title'))) {
          columns = undefined;
          parser.abort();
        }
        return;
      }
      if (data.length === 1 && data[0]?.trim() === '') return;
      if (errors.length > 0 || data.length > width || data.length < width - 3) {
        take(found, here, { not: 'columns' });
        return;
      }
      const of = columns;
      const get = (column: Column) => data[of.get(column) ?? -1] ?? '';
      const one = rowOf(get);
      take(found, here, { ...one, not: (!LOGIN.test(get('kind')) || get('url') === 'http://sn') && 'other-kind' });
    },
  });
  return columns ? found : undefined;
};

const rowOf = (get: (column: Column) => string): Entry =>
  entry({
    title: get('title').trim(),
    urls: get('url')
      .split(/[\s,]+(?=[a-z][a-z0-9+.-]*:)/i)
      .map((url) => url.trim())
      .filter(Boolean),
    username: get('username') || get('email'),
    password: get('password'),
    notes: get('notes'),
    totp: get('totp').trim(),
    tenant: get('tenant'),
    favourite: /^(1|true|yes)$/i.test(get('favourite')),
    at: timeOf(get('at')),
  });
