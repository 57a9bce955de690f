// Proton Pass, the `data.json` of its archive. One that is sealed with PGP cannot be opened here.
import * as v from 'valibot';
import { ScankeyError } from '../../../protocol/errors.ts';
import { entry, type Found, type Read, timeOf } from './entry.ts';
import { list, parseJson, text } from './json.ts';

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

function itemsOf(items: readonly unknown[]): Found {
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

/** @throws ScankeyError `import-locked` for one that is sealed with PGP */
export const readProtonPass: Read = async (file) => {
  if (file.name.endsWith('data.pgp')) throw new ScankeyError('import-locked');
  const parsed = v.safeParse(Proton, parseJson(file.text));
  return parsed.success ? itemsOf(Object.values(parsed.output.vaults).flatMap(({ items }) => items)) : undefined;
};
