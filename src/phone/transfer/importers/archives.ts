// Exports that come as a ZIP archive: 1Password's 1PUX (support article "1PUX format"), Proton Pass, Dashlane. What an archive
// says of its sizes is not trusted: nothing is unpacked beyond the roof.
import { unzipSync } from 'fflate';
import * as v from 'valibot';
import { fromUtf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { entry, type Found, type Read, timeOf } from '../entry.ts';
import { parseJson } from './bitwarden.ts';
import { readCsv } from './csv.ts';

const UNPACKED_MAX = 64 * 1024 * 1024;
const WANTED = /(^|\/)(export\.data|data\.json|credentials\.csv)$/;

const text = v.optional(v.nullable(v.string()), '');
const list = <T extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(of: T) =>
  v.optional(v.nullable(v.array(of)), []);

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

function onePassword(items: readonly unknown[]): Found {
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

const Proton = v.object({ vaults: v.record(v.string(), v.object({ items: v.array(v.unknown()) })) });
const ProtonItem = v.object({
  state: v.optional(v.number(), 1),
  pinned: v.optional(v.boolean(), false),
  modifyTime: v.optional(v.unknown()),
  data: v.object({
    type: v.string(),
    metadata: v.object({ name: text, note: text }),
    content: v.object({
      itemEmail: text,
      itemUsername: text,
      username: text,
      password: text,
      urls: list(v.string()),
      totpUri: text,
    }),
  }),
});

function proton(items: readonly unknown[]): Found {
  const found: Found = { source: 'Proton Pass', entries: [], unread: [] };
  for (const [index, raw] of items.entries()) {
    const line = index + 1;
    const kind = v.safeParse(v.object({ data: v.object({ type: v.string() }) }), raw);
    const parsed = v.safeParse(ProtonItem, raw);
    if (kind.success && kind.output.data.type !== 'login') found.unread.push({ line, why: 'other-kind' });
    else if (!parsed.success) found.unread.push({ line, why: 'unreadable' });
    else {
      const { data, pinned, modifyTime } = parsed.output;
      const { content, metadata } = data;
      const one = entry({
        title: metadata.name ?? '',
        urls: content.urls ?? [],
        username: content.itemUsername || content.username || content.itemEmail || '',
        password: content.password ?? '',
        notes: metadata.note ?? '',
        totp: content.totpUri ?? '',
        favourite: pinned,
        at: timeOf(modifyTime),
      });
      if (one.password || one.totp) found.entries.push(one);
      else found.unread.push({ line, why: 'no-secret' });
    }
  }
  return found;
}

/** @throws ScankeyError `import-too-large` for an archive that unpacks to more than it should, `import-locked` for Proton's PGP */
export const readArchive: Read = async (file) => {
  if (file.bytes[0] !== 0x50 || file.bytes[1] !== 0x4b) return readJson(file.text);
  let total = 0;
  let locked = false;
  const files = unzipSync(file.bytes, {
    filter({ name, originalSize }) {
      if (name.endsWith('data.pgp')) locked = true;
      if (!WANTED.test(name)) return false;
      total += originalSize;
      if (total > UNPACKED_MAX) throw new ScankeyError('import-too-large');
      return true;
    },
  });
  if (locked) throw new ScankeyError('import-locked');
  for (const [name, bytes] of Object.entries(files)) {
    const inner = fromUtf8(bytes);
    const found = name.endsWith('.csv') ? await readCsv({ ...file, text: inner }) : readJson(inner);
    if (found) return found;
  }
  return undefined;
};

function readJson(json: string | undefined): Found | undefined {
  const parsed = parseJson(json);
  const one = v.safeParse(OnePassword, parsed);
  if (one.success)
    return onePassword(one.output.accounts.flatMap(({ vaults }) => vaults.flatMap(({ items }) => items)));
  const other = v.safeParse(Proton, parsed);
  return other.success ? proton(Object.values(other.output.vaults).flatMap(({ items }) => items)) : undefined;
}
