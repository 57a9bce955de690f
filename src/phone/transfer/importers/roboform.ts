// RoboForm's CSV of logins. The fields of a form stand in as many further columns as it has, of which the first alone is named;
// what a spreadsheet would run has an apostrophe before it, and so has an apostrophe.
import { type Found, type Read, take } from './entry.ts';
import { has, named, type Row, rowsOf } from './rows.ts';

const bare = (cell: string): string => cell.replace(/^'(?=['@=+-])/, '');

/** `name,,,kind,value` as it is written today, `name:…:value` or `name:value:rck:…` as it was. */
function fieldOf(cell: string): [name: string, value: string] {
  const [, name, value] = /^([^,]*),[^,]*,[^,]*,[^,]*,(.*)$/s.exec(cell) ?? [];
  if (name !== undefined && value !== undefined) return [name, bare(value)];
  const parts = cell.split(':');
  if (parts.length < 3) return ['', cell];
  return [parts[0] ?? '', parts.length === 4 && parts[2] === 'rck' ? (parts[1] ?? '') : parts.slice(2).join(':')];
}

/** Those of every form, which the columns before hold already, or which do nothing here. */
const KNOWN = /^(User ID|Password|Script|TOTP KEY)\$$/;

export const readRoboForm: Read = async ({ text: csv }) => {
  const [header, ...rows] = csv?.slice(0, 4096).toLowerCase().includes('matchurl') ? rowsOf(csv) : [];
  if (!has(header, 'name', 'url', 'matchurl', 'login', 'pwd')) return undefined;
  const found: Found = { source: 'RoboForm', byLine: true, entries: [], unread: [] };
  for (const row of rows) takeRow(found, header, row);
  return found;
};

function takeRow(found: Found, header: Row, row: Row): void {
  const cell = named(header, row);
  const get = (column: string) => bare(cell(column));
  const last = header.cells.findIndex((name) => /^rf_?fields/i.test(name));
  const fields = row.cells
    .slice(last < 0 ? header.cells.length : last)
    .filter(Boolean)
    .map(fieldOf);
  const [username, password] = [get('login'), get('pwd')];
  take(found, row.line, {
    title: get('name'),
    urls: [...new Set([get('url'), get('matchurl')])].filter(Boolean),
    username,
    password,
    notes: get('note').trimEnd(),
    totp: fields.find(([name]) => name === 'TOTP KEY$')?.[1] ?? '',
    fields: fields
      .filter(([name, value]) => !KNOWN.test(name) && value !== username && value !== password)
      .map(([name, value]) => [name === '-no-name-' ? '' : name.replace(/\$$/, ''), value]),
    // A note of its own, without anything to sign in to.
    not: [username, password, get('url'), get('matchurl')].every((one) => one === '') && 'other-kind',
  });
}
