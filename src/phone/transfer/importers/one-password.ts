// 1Password's 1PUX (support article "1PUX format"), the `export.data` of its archive.
import * as v from 'valibot';
import { type Found, type Read, take, timeOf } from './entry.ts';
import { known, list, parseJson, plainText, text } from './json.ts';

const OnePassword = v.object({
  accounts: v.array(v.object({ vaults: v.array(v.object({ items: v.array(v.unknown()) })) })),
});
const Value = v.record(v.string(), v.unknown());
const OneField = v.object({
  title: text,
  id: text,
  value: v.optional(v.unknown()),
});
const OneItem = v.object({
  categoryUuid: text,
  favIndex: v.optional(v.nullable(v.number()), 0),
  state: text,
  trashed: v.optional(v.unknown()),
  createdAt: v.optional(v.unknown()),
  updatedAt: v.optional(v.unknown()),
  overview: v.object({ title: text, url: text, urls: list(v.object({ url: text })) }),
  details: v.object({
    loginFields: list(v.object({ designation: text, value: text, name: text, fieldType: text })),
    password: text,
    notesPlain: text,
    sections: list(v.object({ fields: list(OneField) })),
    passwordHistory: list(v.object({ value: text, time: v.optional(v.unknown()) })),
    documentAttributes: v.optional(v.unknown()),
    passkey: v.optional(v.unknown()),
  }),
});
/** Kinds that are a card, a note, a person, a paper; every other one may hold a name and a password. */
const OTHER = ['002', '003', '004', '006', '100', '101', '103', '104', '105', '106', '107', '108', '113', '114', '115'];

/** What stands in a field: `{ string }`, `{ date }`, `{ email: { email_address } }`, `{ address: { street, city } }` and the like. */
function fieldText(value: Readonly<Record<string, unknown>>): string {
  const [[kind, held] = ['', '']] = Object.entries(value);
  if (kind === 'date' && typeof held === 'number') return new Date(held * 1000).toISOString().slice(0, 10);
  if (!v.is(v.record(v.string(), v.unknown()), held)) return plainText(held);
  return Object.values(held).map(plainText).filter(Boolean).join(', ');
}

function itemsOf(items: readonly unknown[]): Found {
  const found: Found = { source: '1Password', entries: [], unread: [] };
  for (const [index, raw] of items.entries()) {
    // Older exports wrap each item once more.
    const item = v.is(v.object({ item: v.unknown() }), raw) ? raw.item : raw;
    const parsed = v.safeParse(OneItem, item);
    if (!parsed.success) {
      const named = v.safeParse(v.object({ overview: v.object({ title: v.string() }) }), item);
      take(found, index + 1, { title: named.success ? named.output.overview.title : '', not: 'unreadable' });
      continue;
    }
    const { overview, details, favIndex, createdAt, updatedAt, categoryUuid, state, trashed } = parsed.output;
    const loginFields = known(details.loginFields);
    const login = (designation: string) => loginFields.find((field) => field.designation === designation)?.value ?? '';
    const all = known(details.sections)
      .flatMap((section) => known(section.fields))
      .map(({ id, title, value }) => ({ id, title, value: v.is(Value, value) ? value : { string: value } }));
    /** Servers, databases and routers have name and password among their other fields. */
    const own = (...ids: string[]) => all.find(({ id, value }) => ids.includes(id ?? '') && fieldText(value) !== '');
    const ownName = login('username') ? undefined : own('username', 'network_name', 'pop_username');
    const ownPassword =
      login('password') || details.password
        ? undefined
        : own('password', 'credential', 'wireless_password', 'pop_password');
    const code = all.find(({ value }) => typeof value.totp === 'string' && value.totp !== '');
    const files = all.some(({ value }) => 'file' in value) || details.documentAttributes;
    const history = known(details.passwordHistory).map(({ value, time }) => ({
      password: value ?? '',
      until: timeOf(time),
    }));
    take(found, index + 1, {
      not:
        (state === 'archived' && 'archived') ||
        ((trashed === true || state === 'trashed' || state === 'deleted') && 'binned') ||
        (OTHER.includes(categoryUuid ?? '') && 'other-kind'),
      title: overview.title ?? '',
      urls: [...new Set([overview.url ?? '', ...known(overview.urls).map(({ url }) => url ?? '')])].filter(Boolean),
      username: login('username') || (ownName ? fieldText(ownName.value) : ''),
      password: login('password') || (details.password ?? '') || (ownPassword ? fieldText(ownPassword.value) : ''),
      notes: details.notesPlain ?? '',
      totp: code ? plainText(code.value.totp) : '',
      favourite: (favIndex ?? 0) > 0,
      history,
      // An item is updated for other reasons, too.
      at: Math.max(0, ...history.map(({ until }) => until)) || timeOf(updatedAt) || timeOf(createdAt),
      fields: [
        ...loginFields
          .filter(
            ({ designation, fieldType }) => !designation && ['T', 'E', 'P', 'N', 'U', 'A'].includes(fieldType ?? ''),
          )
          .map(({ name, value }): [string, string] => [name ?? '', value ?? '']),
        ...all
          .filter((field) => ![ownName, ownPassword, code].includes(field) && !('file' in field.value))
          .map(({ title, value }): [string, string] => [title ?? '', fieldText(value)]),
      ],
      without: [...(details.passkey ? (['passkey'] as const) : []), ...(files ? (['attachment'] as const) : [])],
    });
  }
  return found;
}

export const readOnePassword: Read = async (file) => {
  const parsed = v.safeParse(OnePassword, parseJson(file.text));
  if (!parsed.success) return undefined;
  return itemsOf(parsed.output.accounts.flatMap(({ vaults }) => vaults.flatMap(({ items }) => items)));
};
