// Enpass's JSON, and its CSV: a title, then pairs of a field's name and its value, then a note. Sensitive names have a star there.
import * as v from 'valibot';
import { type Found, type Item, type Read, take, timeOf } from './entry.ts';
import { list, parseJson, text, titleOf } from './json.ts';
import { rowsOf } from './rows.ts';

const Field = v.object({
  type: text,
  label: text,
  value: text,
  deleted: v.optional(v.unknown()),
  value_updated_at: v.optional(v.unknown()),
  history: list(v.object({ value: text, updated_at: v.optional(v.unknown()), encrypted: v.optional(v.unknown()) })),
});
const EnpassItem = v.object({
  title: text,
  note: text,
  category: text,
  template_type: v.string(),
  favorite: v.optional(v.unknown()),
  archived: v.optional(v.unknown()),
  trashed: v.optional(v.unknown()),
  updated_at: v.optional(v.unknown()),
  fields: list(Field),
  attachments: list(v.unknown()),
});
const Export = v.object({ items: v.array(v.unknown()) });
const yes = (flag: unknown): boolean => flag === true || flag === 1;

/** One field of whatever format, its kind as the JSON calls it. */
interface Plain {
  kind: string;
  name: string;
  value: string;
}

/** The first of each kind is what an account has one of; of the rest the values go into the notes. */
function itemOf(fields: readonly Plain[]): Pick<Item, 'urls' | 'username' | 'password' | 'totp' | 'fields'> {
  const filled = fields.filter(({ value, kind }) => value.trim() !== '' && kind !== 'section');
  const first = (...kinds: string[]) =>
    kinds.map((kind) => filled.find((field) => field.kind === kind)).find((field) => field !== undefined);
  const [username, password, totp] = [first('username', 'email'), first('password'), first('totp')];
  // The names of Android's apps are no addresses.
  const rest = filled.filter(
    (one) => ![username, password, totp].includes(one) && !/^(url|\.Android#)$/.test(one.kind),
  );
  return {
    urls: filled.filter(({ kind }) => kind === 'url').map(({ value }) => value),
    username: username?.value ?? '',
    password: password?.value ?? '',
    totp: totp?.value ?? '',
    fields: rest.map(({ name, value }) => [name, value]),
  };
}

function fromJson(raw: unknown): Item {
  const parsed = v.safeParse(EnpassItem, raw);
  if (!parsed.success) return { title: titleOf(raw, 'title'), not: 'unreadable' };
  const one = parsed.output;
  const fields = (one.fields ?? []).filter(({ deleted }) => !yes(deleted));
  const password = fields.find(({ type, value }) => type === 'password' && value);
  const item = itemOf(
    fields.map(({ type, label, value }) => ({ kind: type ?? '', name: label ?? '', value: value ?? '' })),
  );
  const login = /^(login|password)\b/.test(one.template_type) || item.password || item.totp;
  return {
    ...item,
    title: one.title ?? '',
    notes: one.note ?? '',
    favourite: yes(one.favorite),
    at: timeOf(password?.value_updated_at) || timeOf(one.updated_at),
    history: (password?.history ?? [])
      .filter(({ encrypted, value }) => !yes(encrypted) && value)
      .map(({ value, updated_at }) => ({ password: value ?? '', until: timeOf(updated_at) }))
      .toSorted((a, b) => b.until - a.until),
    without: (one.attachments ?? []).length > 0 ? ['attachment'] : [],
    not: yes(one.trashed) ? 'binned' : yes(one.archived) ? 'archived' : !login && 'other-kind',
  };
}

export const readEnpass: Read = async ({ text: json }) => {
  const parsed = v.safeParse(Export, parseJson(json));
  const ours = parsed.success && parsed.output.items.some((one) => v.is(v.object({ template_type: v.string() }), one));
  if (!ours) return undefined;
  const found: Found = { source: 'Enpass', entries: [], unread: [] };
  for (const [index, raw] of parsed.output.items.entries()) take(found, index + 1, fromJson(raw));
  return found;
};

/** What the templates for logins call their fields, in the languages of most. */
const KINDS: readonly (readonly [kind: string, name: RegExp])[] = [
  [
    'username',
    /^(user ?name|benutzername|nom d.utilisateur|usuario|nome utente|用户名|用戶名|ユーザー名|имя пользователя)$/i,
  ],
  ['email', /^(e-?mail|电子邮件|电邮|電子郵件|メール)$/i],
  ['password', /^(password|passwort|kennwort|mot de passe|contraseña|senha|密码|密碼|パスワード|пароль)$/i],
  ['url', /^(url|website|webseite|site web|sitio web|sito web|网站|網站|ウェブサイト|веб-сайт)( \d+)?$/i],
  ['totp', /^(totp|one[- ]time code|totp secret key)$/i],
];
const kindOf = (name: string): string => KINDS.find(([, known]) => known.test(name))?.[0] ?? '';
const HEADER = [/^title$/i, /^field$/i];

export const readEnpassCsv: Read = async ({ text: csv }) => {
  if (csv === undefined || parseJson(csv) !== undefined) return undefined;
  // A file of many megabytes is not read twice for what its first rows tell.
  const front = rowsOf(csv.slice(0, 16_384));
  const headed = HEADER.every((name, at) => name.test(front[0]?.cells[at] ?? ''));
  const starred = front.some(({ cells }) =>
    cells.some((cell, at) => at % 2 === 1 && /^\*?/.exec(cell)?.[0] === '*' && kindOf(cell.slice(1)) === 'password'),
  );
  if (!headed && !starred) return undefined;
  const found: Found = { source: 'Enpass', byLine: true, entries: [], unread: [] };
  for (const { line, cells } of rowsOf(csv).slice(headed ? 1 : 0)) {
    const [title = '', ...rest] = cells;
    const pairs = Array.from({ length: Math.floor(rest.length / 2) }, (_, at) => {
      const name = (rest[2 * at] ?? '').replace(/^\*/, '').trim();
      return { kind: kindOf(name), name, value: rest[2 * at + 1] ?? '' };
    });
    const item = itemOf(pairs);
    const notes = rest.length % 2 === 1 ? (rest.at(-1) ?? '') : '';
    const login = [item.username, item.password, item.totp, ...(item.urls ?? [])].some(Boolean);
    take(found, line, { ...item, title, notes, not: !login && 'other-kind' });
  }
  return found;
};
