// Proton Pass, the `data.json` of its archive. One that is sealed with PGP cannot be opened here.
import * as v from 'valibot';
import { ScankeyError } from '../../../protocol/errors.ts';
import { type Found, type Read, take, timeOf } from './entry.ts';
import { known, list, parseJson, plainText, text } from './json.ts';

const Proton = v.object({ vaults: v.record(v.string(), v.object({ items: v.array(v.unknown()) })) });
const Extra = v.object({
  fieldName: text,
  data: v.optional(v.object({ content: text, totpUri: text, timestamp: v.optional(v.unknown()) })),
});
const ProtonItem = v.object({
  state: v.optional(v.nullable(v.number()), 1),
  pinned: v.optional(v.nullable(v.boolean()), false),
  modifyTime: v.optional(v.unknown()),
  files: list(v.unknown()),
  data: v.object({
    type: v.string(),
    metadata: v.object({ name: text, note: text }),
    extraFields: list(Extra),
    content: v.optional(
      v.nullable(
        v.object({
          itemEmail: text,
          itemUsername: text,
          username: text,
          password: text,
          urls: list(v.string()),
          autofillUrls: list(v.object({ url: text })),
          totpUri: text,
          passkeys: list(v.unknown()),
        }),
      ),
    ),
  }),
});
const BINNED = 2;

function itemsOf(items: readonly unknown[]): Found {
  const found: Found = { source: 'Proton Pass', entries: [], unread: [] };
  for (const [index, raw] of items.entries()) {
    const parsed = v.safeParse(ProtonItem, raw);
    if (!parsed.success) {
      const named = v.safeParse(v.object({ data: v.object({ metadata: v.object({ name: v.string() }) }) }), raw);
      take(found, index + 1, { title: named.success ? named.output.data.metadata.name : '', not: 'unreadable' });
      continue;
    }
    const { state, data, pinned, modifyTime, files } = parsed.output;
    const { content, metadata, extraFields } = data;
    const name = content?.itemUsername || content?.username || '';
    const email = content?.itemEmail ?? '';
    const more = known(extraFields).map(({ fieldName, data: value }) => ({
      name: fieldName ?? '',
      totp: value?.totpUri ?? '',
      text: value?.content || plainText(value?.timestamp),
    }));
    const totps = [content?.totpUri ?? '', ...more.map(({ totp }) => totp)].filter(Boolean);
    const [totp = '', ...totpsMore] = totps;
    take(found, index + 1, {
      not: (state === BINNED && 'binned') || (data.type !== 'login' && 'other-kind'),
      title: metadata.name ?? '',
      urls: [...new Set([...known(content?.urls), ...known(content?.autofillUrls).map(({ url }) => url ?? '')])].filter(
        Boolean,
      ),
      username: name || email,
      password: content?.password ?? '',
      notes: metadata.note ?? '',
      totp,
      favourite: pinned ?? false,
      at: timeOf(modifyTime),
      fields: [
        ['Email', name && name !== email ? email : ''],
        ...more.map((field): [string, string] => [field.name, field.text]),
        ...totpsMore.map((other): [string, string] => ['', other]),
      ],
      without: [
        ...(known(content?.passkeys).length > 0 ? (['passkey'] as const) : []),
        ...(known(files).length > 0 ? (['attachment'] as const) : []),
      ],
    });
  }
  return found;
}

/** @throws ScankeyError `import-locked` for one that is sealed with PGP */
export const readProtonPass: Read = async (file) => {
  if (file.name.endsWith('data.pgp')) throw new ScankeyError('import-locked');
  const parsed = v.safeParse(Proton, parseJson(file.text));
  return parsed.success ? itemsOf(Object.values(parsed.output.vaults).flatMap(({ items }) => items)) : undefined;
};
