// Proton Authenticator's export (version 1), plain or under a password: Argon2id at a fixed cost, AES-256-GCM.
import { argon2id } from 'hash-wasm';
import * as v from 'valibot';
import { fromUtf8, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { takeAll } from './authenticator.ts';
import { judgeSeed, namesOf } from './code.ts';
import type { Read } from './entry.ts';
import { parseJson, text } from './json.ts';
import { bytesOf, unsealed } from './unseal.ts';

const Entry = v.object({ content: v.object({ uri: v.string(), entry_type: text, name: text }), note: text });
const Plain = v.object({ version: v.literal(1), entries: v.array(v.unknown()) });
const Sealed = v.object({ version: v.literal(1), salt: v.string(), content: v.string() });
const COST = { iterations: 2, memorySize: 19 * 1024, parallelism: 1, hashLength: 32 };
const NONCE = 12;

async function opened({ salt, content }: v.InferOutput<typeof Sealed>, password: string): Promise<readonly unknown[]> {
  const key = new Uint8Array(await argon2id({ password, salt: bytesOf(salt), ...COST, outputType: 'binary' }));
  const sealed = bytesOf(content);
  const additionalData = utf8('proton.authenticator.export.v1');
  const how = { name: 'AES-GCM', iv: sealed.slice(0, NONCE), additionalData };
  return v.parse(Plain, parseJson(fromUtf8(await unsealed(key, how, sealed.slice(NONCE))))).entries;
}

/** @throws ScankeyError `import-password` when one is needed or wrong */
export const readProtonAuthenticator: Read = async ({ text: json, password }) => {
  const parsed = parseJson(json);
  const sealed = v.safeParse(Sealed, parsed);
  const plain = v.safeParse(Plain, parsed);
  if (sealed.success && password === undefined) throw new ScankeyError('import-password');
  const entries = sealed.success ? await opened(sealed.output, password ?? '') : plain.success && plain.output.entries;
  // Others have entries, too.
  if (!entries || !(sealed.success || entries.some((one) => v.is(Entry, one)))) return undefined;
  return takeAll('Proton Authenticator', entries, Entry, 'id', ({ content, note }) => {
    const judged = judgeSeed(content.uri);
    const named = URL.canParse(content.uri) ? new URL(content.uri).searchParams.get('issuer') : '';
    const [issuer] = namesOf(content.name ?? '', named ?? '');
    return {
      title: issuer || content.name || '',
      username: content.name ?? '',
      totp: content.uri,
      notes: note ?? '',
      not: 'why' in judged && judged.why,
    };
  });
};
