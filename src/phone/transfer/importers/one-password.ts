// 1Password's 1PUX (support article "1PUX format"), the `export.data` of its archive.
import * as v from 'valibot';
import { entry, type Found, type Read, timeOf } from './entry.ts';
import { list, parseJson, text } from './json.ts';

const OnePassword = v.object({
  accounts: v.array(v.object({ vaults: v.array(v.object({ items: v.array(v.unknown()) })) })),
});
const OneItem = v.object({
  categoryUuid: text,
  favIndex: v.optional(v.nullable(v.number()), 0),
  state: text,
  updatedAt: v.optional(v.unknown()),
  overview: v.object({ title: text, url: text, urls: list(v.object({ url: text })) }),
  details: v.object({
    loginFields: list(v.object({ designation: text, value: text })),
    password: text,
    notesPlain: text,
    sections: list(v.object({ fields: list(v.object({ value: v.optional(v.unknown()) })) })),
    passwordHistory: list(v.object({ value: text, time: v.optional(v.unknown()) })),
  }),
});

function itemsOf(items: readonly unknown[]): Found {
  const found: Found = { source: '1Password', entries: [], unread: [] };
  for (const [index, raw] of items.entries()) {
    // Older exports wrap each item once more.
    const parsed = v.safeParse(OneItem, v.is(v.object({ item: v.unknown() }), raw) ? raw.item : raw);
    const line = index + 1;
    if (!parsed.success) {
      found.unread.push({ line, why: 'unreadable' });
      continue;
    }
    const { overview, details, favIndex, updatedAt, categoryUuid } = parsed.output;
    const login = (designation: string) =>
      (details.loginFields ?? []).find((field) => field.designation === designation)?.value ?? '';
    const fields = (details.sections ?? []).flatMap((section) => section.fields ?? []);
    const totp = fields
      .map(({ value }) => v.safeParse(v.object({ totp: v.string() }), value))
      .find(({ success }) => success);
    const one = entry({
      title: overview.title ?? '',
      urls: [...new Set([overview.url ?? '', ...(overview.urls ?? []).map(({ url }) => url ?? '')])].filter(Boolean),
      username: login('username'),
      password: login('password') || (details.password ?? ''),
      notes: details.notesPlain ?? '',
      totp: (totp?.output as { totp: string } | undefined)?.totp ?? '',
      favourite: (favIndex ?? 0) > 0,
      history: (details.passwordHistory ?? []).map(({ value, time }) => ({
        password: value ?? '',
        until: timeOf(time),
      })),
      at: timeOf(updatedAt),
    });
    if (one.password || one.totp) found.entries.push(one);
    else found.unread.push({ line, why: categoryUuid === '001' ? 'no-secret' : 'other-kind' });
  }
  return found;
}

export const readOnePassword: Read = async (file) => {
  const parsed = v.safeParse(OnePassword, parseJson(file.text));
  if (!parsed.success) return undefined;
  return itemsOf(parsed.output.accounts.flatMap(({ vaults }) => vaults.flatMap(({ items }) => items)));
};
