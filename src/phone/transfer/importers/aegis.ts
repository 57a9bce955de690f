// Aegis's vault, plain or sealed (“Aegis Vault” in that project, version 1): a password opens a slot by scrypt, the slot holds the key.
import { hex } from '@scure/base';
import { scrypt } from 'hash-wasm';
import * as v from 'valibot';
import { concat, fromUtf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { codeItem, takeAll } from './authenticator.ts';
import { affordable, type Read } from './entry.ts';
import { parseJson, text } from './json.ts';
import { bytesOf, unsealed } from './unseal.ts';

const Params = v.object({ nonce: v.string(), tag: v.string() });
const Vault = v.object({
  version: v.number(),
  header: v.object({ slots: v.nullish(v.array(v.unknown()), []), params: v.nullish(Params) }),
  db: v.union([v.string(), v.object({ entries: v.array(v.unknown()) })]),
});
const PASSWORD_SLOT = 1;
const Slot = v.object({
  type: v.literal(PASSWORD_SLOT),
  key: v.string(),
  key_params: Params,
  n: v.number(),
  r: v.number(),
  p: v.number(),
  salt: v.string(),
});
const Entry = v.object({
  type: v.string(),
  name: text,
  issuer: text,
  note: text,
  favorite: v.nullish(v.boolean(), false),
  info: v.object({ secret: v.string(), algo: text, digits: v.nullish(v.number()), period: v.nullish(v.number()) }),
});

/** scrypt takes 128 · n · r bytes; Aegis itself asks for 32 MiB. */
const MOST_MEMORY = 256 * 1024 * 1024;

const gcm = ({ nonce }: v.InferOutput<typeof Params>) => ({ name: 'AES-GCM', iv: new Uint8Array(hex.decode(nonce)) });

async function keyOf({ key, key_params, n, r, p, salt }: v.InferOutput<typeof Slot>, password: string) {
  const cost = { costFactor: n, blockSize: r, parallelism: p, hashLength: 32 };
  const derived = await affordable(128 * n * r <= MOST_MEMORY && p <= 16, () =>
    scrypt({ password, salt: hex.decode(salt), ...cost, outputType: 'binary' }),
  );
  const sealed = concat(hex.decode(key), hex.decode(key_params.tag));
  return unsealed(new Uint8Array(derived), gcm(key_params), sealed);
}

/** @throws ScankeyError as `readAegis` */
async function opened(vault: v.InferOutput<typeof Vault>, password: string | undefined): Promise<readonly unknown[]> {
  const { db, header } = vault;
  if (typeof db !== 'string') return db.entries;
  const slots = (header.slots ?? []).filter((slot) => v.is(Slot, slot));
  if (slots.length === 0 || !header.params) throw new ScankeyError('import-locked');
  if (password === undefined) throw new ScankeyError('import-password');
  const sealed = concat(bytesOf(db), hex.decode(header.params.tag));
  for (const slot of slots) {
    // Aegis keeps a slot for each password.
    const key = await keyOf(slot, password).catch((error) => {
      if (error instanceof ScankeyError && error.code === 'import-password') return undefined;
      throw error;
    });
    if (!key) continue;
    const plain = parseJson(fromUtf8(await unsealed(key, gcm(header.params), sealed)));
    return v.parse(v.object({ entries: v.array(v.unknown()) }), plain).entries;
  }
  throw new ScankeyError('import-password');
}

/** @throws ScankeyError `import-password` when one is needed or wrong, `import-locked` for a vault that no password opens, `import-costly` */
export const readAegis: Read = async ({ text: json, password }) => {
  const vault = v.safeParse(Vault, parseJson(json));
  if (!vault.success) return undefined;
  return takeAll(
    'Aegis',
    await opened(vault.output, password),
    Entry,
    'name',
    ({ type, name, issuer, note, favorite, info }) => ({
      ...codeItem({ kind: type, issuer, account: name, ...info, algorithm: info.algo }),
      notes: note ?? '',
      favourite: favorite ?? false,
    }),
  );
};
