// Bitwarden's JSON export, plain or protected by a password (help article "Encrypted export", "Decrypt exports"; field names
// as in the export of the web vault). An export that is bound to the account cannot be opened by anybody else.
import { argon2id } from 'hash-wasm';
import * as v from 'valibot';
import { concat, equal, fromUtf8, sha256, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { type Found, type Read, take, timeOf } from './entry.ts';
import { known, list, parseJson, plainText, text, titleOf } from './json.ts';

const Item = v.object({
  id: text,
  type: v.number(),
  name: text,
  notes: text,
  favorite: v.optional(v.unknown()),
  revisionDate: v.optional(v.unknown()),
  deletedDate: v.optional(v.unknown()),
  archivedDate: v.optional(v.unknown()),
  login: v.optional(
    v.nullable(
      v.object({
        uris: list(v.object({ uri: text })),
        username: text,
        password: text,
        totp: text,
        passwordRevisionDate: v.optional(v.unknown()),
        fido2Credentials: list(v.unknown()),
      }),
    ),
  ),
  fields: list(v.object({ name: text, value: v.optional(v.unknown()) })),
  attachments: list(v.unknown()),
  passwordHistory: list(v.object({ password: text, lastUsedDate: v.optional(v.unknown()) })),
});
/** Other products' JSON has lists of items, too, but no kinds that are numbers. */
const Plain = v.object({
  encrypted: v.optional(v.literal(false)),
  items: v.array(v.unknown()),
});
const Kind = v.object({ type: v.number(), name: v.optional(v.nullable(v.string())) });
const isPlain = (parsed: unknown): parsed is v.InferOutput<typeof Plain> =>
  v.is(Plain, parsed) && (parsed.encrypted === false || parsed.items.some((item) => v.is(Kind, item)));
const bounded = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const Protected = v.object({
  encrypted: v.literal(true),
  passwordProtected: v.literal(true),
  salt: v.string(),
  kdfType: v.picklist([0, 1]),
  kdfIterations: bounded(5_000_000),
  /** MiB. */
  kdfMemory: v.optional(v.nullable(bounded(256))),
  kdfParallelism: v.optional(v.nullable(bounded(16))),
  encKeyValidation_DO_NOT_EDIT: v.string(),
  data: v.string(),
});
const Bound = v.object({ encrypted: v.literal(true) });

const LOGIN = 1;

/** @param beside names of the archive's files, where attachments lie in a folder of their item's id */
function itemsOf(items: readonly unknown[], beside: readonly string[]): Found {
  const found: Found = { source: 'Bitwarden', entries: [], unread: [] };
  for (const [index, raw] of items.entries()) {
    const parsed = v.safeParse(Item, raw);
    if (!parsed.success) {
      take(found, index + 1, { title: titleOf(raw, 'name'), not: 'unreadable' });
      continue;
    }
    const { id, type, name, notes, favorite, login, revisionDate, passwordHistory, ...item } = parsed.output;
    const history = known(passwordHistory).map((one) => ({
      password: one.password ?? '',
      until: timeOf(one.lastUsedDate),
    }));
    const attached = known(item.attachments).length > 0 || beside.some((path) => id && path.includes(`/${id}/`));
    take(found, index + 1, {
      not:
        (Boolean(item.deletedDate) && 'binned') ||
        (Boolean(item.archivedDate) && 'archived') ||
        ((type !== LOGIN || !login) && 'other-kind'),
      title: name ?? '',
      urls: known(login?.uris)
        .map(({ uri }) => uri ?? '')
        .filter(Boolean),
      username: login?.username ?? '',
      password: login?.password ?? '',
      notes: notes ?? '',
      totp: login?.totp ?? '',
      favourite: Boolean(favorite),
      history,
      // An item is revised for other reasons, too.
      at:
        timeOf(login?.passwordRevisionDate) ||
        Math.max(0, ...history.map(({ until }) => until)) ||
        timeOf(revisionDate),
      fields: known(item.fields).map((field) => [field.name ?? '', plainText(field.value)]),
      without: [
        ...(known(login?.fido2Credentials).length > 0 ? (['passkey'] as const) : []),
        ...(attached ? (['attachment'] as const) : []),
      ],
    });
  }
  return found;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

async function hmac(key: Uint8Array<ArrayBuffer>, ...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, concat(...parts)));
}

/** The file's own encryption: AES-256-CBC with HMAC-SHA-256 before it, keys by HKDF-Expand. */
async function decrypt(cipher: string, master: Uint8Array<ArrayBuffer>): Promise<string> {
  const [type = '', rest = ''] = cipher.split('.', 2);
  const [iv, ct, mac] = rest.split('|').map(bytesOf);
  if (type !== '2' || !iv || !ct || !mac) throw new ScankeyError('import-failed');
  const one = new Uint8Array([1]);
  const [enc, auth] = await Promise.all([hmac(master, utf8('enc'), one), hmac(master, utf8('mac'), one)]);
  if (!equal(await hmac(auth, iv, ct), mac)) throw new ScankeyError('import-password');
  const key = await crypto.subtle.importKey('raw', enc, 'AES-CBC', false, ['decrypt']);
  return fromUtf8(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, ct)));
}

async function masterKey(file: v.InferOutput<typeof Protected>, password: string): Promise<Uint8Array<ArrayBuffer>> {
  if (file.kdfType === 1) {
    const hash = await argon2id({
      password,
      salt: await sha256(utf8(file.salt)),
      iterations: file.kdfIterations,
      memorySize: (file.kdfMemory ?? 64) * 1024,
      parallelism: file.kdfParallelism ?? 4,
      hashLength: 32,
      outputType: 'binary',
    });
    return new Uint8Array(hash);
  }
  const base = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveBits']);
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt: utf8(file.salt), iterations: file.kdfIterations };
  return new Uint8Array(await crypto.subtle.deriveBits(params, base, 256));
}

/** @throws ScankeyError `import-password` when one is needed or wrong, `import-locked` for an export bound to its account */
export const readBitwarden: Read = async ({ text: json, password, beside = [] }) => {
  const parsed = parseJson(json);
  if (isPlain(parsed)) return itemsOf(parsed.items, beside);
  const locked = v.safeParse(Protected, parsed);
  if (locked.success) {
    if (password === undefined) throw new ScankeyError('import-password');
    const key = await masterKey(locked.output, password);
    await decrypt(locked.output.encKeyValidation_DO_NOT_EDIT, key);
    const inner = v.safeParse(
      v.object({ items: v.array(v.unknown()) }),
      parseJson(await decrypt(locked.output.data, key)),
    );
    if (!inner.success) throw new ScankeyError('import-failed');
    return itemsOf(inner.output.items, beside);
  }
  if (v.is(Bound, parsed)) throw new ScankeyError('import-locked');
  return undefined;
};
