// Keeper's JSON, and its CSV without names of columns: folder, title, login, password, address, notes, shared folder, then pairs of a
// field's name and its value.
import * as v from 'valibot';
import { type Found, type Item, type Read, take, timeOf } from './entry.ts';
import { list, parseJson, text, titleOf } from './json.ts';
import { type Row, rowsOf } from './rows.ts';

const KeeperRecord = v.object({
  title: text,
  login: text,
  password: text,
  login_url: text,
  notes: text,
  $type: text,
  last_modified: v.optional(v.unknown()),
  custom_fields: v.nullish(v.record(v.string(), v.unknown()), {}),
  references: v.nullish(v.record(v.string(), v.unknown()), {}),
});
const Export = v.object({ records: v.array(v.unknown()), shared_folders: list(v.unknown()) });

/** One field: its kind where the file says it, its name, what stands in it. */
interface Field {
  kind: string;
  name: string;
  value: unknown;
}

/** `$kind:name:number`, each part but the first may be missing; older records have names alone. */
function fieldOf(key: string, value: unknown): Field {
  const [, kind = '', name = ''] = /^\$([^:]*)(?::(.*?))?(?::\d*)?$/s.exec(key) ?? [];
  if (!key.startsWith('$')) return { kind: key === 'TFC:Keeper' ? 'oneTimeCode' : '', name: key, value };
  return { kind, name: name || kind, value };
}

/** What stands in a field, for people. */
function said({ kind, value }: Pick<Field, 'kind' | 'value'>): string {
  if (Array.isArray(value)) return value.map((one) => said({ kind, value: one })).join('\n');
  if (typeof value === 'number' && /date$/i.test(kind)) return new Date(value).toISOString().slice(0, 10);
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const parts = Object.entries(value).filter(([, part]) => part !== '' && part !== null);
  if (kind === 'name') return parts.map(([, part]) => part).join(' ');
  if (kind === 'securityQuestion') return parts.map(([, part]) => part).join(' ');
  return parts.map(([name, part]) => `${name}: ${part}`).join(', ');
}

/** Codes and addresses among the fields come to where an account has them; the rest goes into the notes. */
function sorted(fields: readonly Field[]): Required<Pick<Item, 'totp' | 'urls' | 'fields'>> {
  const all = fields.flatMap(({ kind, name, value }) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ kind, name, value: said({ kind, value: one }) })),
  );
  const totp = all.find(({ kind }) => kind === 'oneTimeCode');
  const isUrl = ({ kind, name, value }: (typeof all)[0]) =>
    kind === 'url' || (/^(website address|url)\b/i.test(name) && /^https?:/i.test(value));
  // How the app fills its own programs is nobody's business.
  const rest = all.filter((one) => one !== totp && !isUrl(one) && !/^(appFiller|script|passkey)$/.test(one.kind));
  return {
    totp: totp?.value ?? '',
    urls: all.filter(isUrl).map(({ value }) => value),
    fields: rest.map(({ name, value }) => [name, value]),
  };
}

function fromJson(raw: unknown): Item {
  const parsed = v.safeParse(KeeperRecord, raw);
  if (!parsed.success) return { title: titleOf(raw, 'title'), not: 'unreadable' };
  const one = parsed.output;
  const fields = Object.entries(one.custom_fields ?? {}).map(([key, value]) => fieldOf(key, value));
  const { totp, urls, fields: rest } = sorted(fields);
  const login = one.password || totp || /^(login|general|)$/.test(one.$type ?? '');
  return {
    title: one.title ?? '',
    urls: [...new Set([one.login_url ?? '', ...urls])].filter(Boolean),
    ...{ username: one.login ?? '', password: one.password ?? '', totp, notes: one.notes ?? '', fields: rest },
    at: timeOf(one.last_modified),
    without: [
      ...(fields.some(({ kind }) => kind === 'passkey') ? (['passkey'] as const) : []),
      ...(Object.keys(one.references ?? {}).some((key) => /^\$?fileRef/.test(key)) ? (['attachment'] as const) : []),
    ],
    not: !login && 'other-kind',
  };
}

export const readKeeper: Read = async ({ text: json }) => {
  const parsed = v.safeParse(Export, parseJson(json));
  const ours = parsed.success && parsed.output.records.some((one) => v.is(v.looseObject({ title: v.string() }), one));
  if (!ours) return undefined;
  const found: Found = { source: 'Keeper', entries: [], unread: [] };
  for (const [index, raw] of parsed.output.records.entries()) take(found, index + 1, fromJson(raw));
  return found;
};

/** Cells before the pairs. */
const FIXED = 7;
const FRONT = 16_384;
const HEADER = /^\uFEFF?folder,title,login,password,(website address|url),notes,/i;
const isAddress = (cell: string): boolean => cell === '' || (/[.:]/.test(cell) && !/\s/.test(cell));
/** Without names of columns it is the shape of every row that tells. */
const fits = ({ cells }: Row): boolean =>
  cells.length >= FIXED && (cells.length - FIXED) % 2 === 0 && isAddress(cells[4] ?? '');

/** By its front: other files are not read as a whole for it. */
function couldBe(csv: string): boolean {
  const front = rowsOf(csv.slice(0, FRONT));
  const whole = csv.length > FRONT ? front.slice(0, -1) : front;
  return HEADER.test(csv) || (whole.length > 0 && whole.every(fits));
}

export const readKeeperCsv: Read = async ({ text: csv }) => {
  if (csv === undefined || !couldBe(csv)) return undefined;
  const rows = rowsOf(csv);
  const headed = HEADER.test(rows[0]?.cells.join(',') ?? '');
  const all = headed ? rows.slice(1) : rows;
  const sure = all.some(({ cells }) => cells.includes('TFC:Keeper') || (cells[3] && /^https?:/i.test(cells[4] ?? '')));
  if (!headed && !(sure && all.every(fits))) return undefined;
  const found: Found = { source: 'Keeper', byLine: true, entries: [], unread: [] };
  for (const { line, cells } of all) {
    const [, title = '', username = '', password = '', url = '', notes = '', , ...pairs] = cells;
    const fields = Array.from({ length: Math.ceil(pairs.length / 2) }, (_, at) =>
      fieldOf(pairs[2 * at] ?? '', pairs[2 * at + 1] ?? ''),
    );
    const { totp, urls, fields: rest } = sorted(fields);
    take(found, line, {
      ...{ title, username, password, totp, notes, fields: rest },
      urls: [...new Set([url, ...urls])].filter(Boolean),
      not: [username, password, url, totp].every((one) => one === '') && 'other-kind',
    });
  }
  return found;
};
