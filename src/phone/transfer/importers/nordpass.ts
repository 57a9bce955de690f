// NordPass's CSV: one table for all kinds of items; further addresses and fields stand in two columns as JSON.
import * as v from 'valibot';
import { type Found, type Read, take } from './entry.ts';
import { parseJson, text } from './json.ts';
import { has, named, type Row, rowsOf } from './rows.ts';

const Fields = v.array(v.object({ label: text, value: v.optional(v.unknown()) }));

/** A JSON array of addresses, or addresses with commas between them. */
function addresses(cell: string): string[] {
  const list = v.safeParse(v.array(v.string()), parseJson(cell));
  return (list.success ? list.output : cell.split(',')).map((one) => one.trim()).filter(Boolean);
}

function fieldsOf(cell: string): [name: string, value: string][] {
  const list = v.safeParse(Fields, parseJson(cell));
  // What cannot be taken apart is kept as it stands.
  if (!list.success) return [['', cell]];
  return list.output.map(({ label, value }) => [label ?? '', String(value ?? '')]);
}

export const readNordPass: Read = async ({ text: csv }) => {
  const [header, ...rows] = csv?.slice(0, 4096).toLowerCase().includes('cardholdername') ? rowsOf(csv) : [];
  if (!has(header, 'name', 'url', 'username', 'password', 'cardholdername', 'cardnumber', 'folder')) return undefined;
  const found: Found = { source: 'NordPass', byLine: true, entries: [], unread: [] };
  for (const row of rows) takeRow(found, header, row);
  return found;
};

function takeRow(found: Found, header: Row, row: Row): void {
  const get = named(header, row);
  // A folder is no item.
  if (get('type') === 'folder') return;
  if (row.cells.length > header.cells.length) return void take(found, row.line, { title: get('name'), not: 'columns' });
  take(found, row.line, {
    title: get('name'),
    urls: [get('url'), ...addresses(get('additional_urls'))].filter(Boolean),
    username: get('username') || get('email'),
    password: get('password'),
    notes: get('note'),
    fields: fieldsOf(get('custom_fields')),
    // Older exports have no types.
    not: !/^(password)?$/.test(get('type')) && 'other-kind',
  });
}
