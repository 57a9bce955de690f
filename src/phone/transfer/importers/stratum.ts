// Backups of Stratum, once Authenticator Pro: plain, sealed, or sealed as before 2023 (“Backup File Format” of that project).
import { argon2id } from 'hash-wasm';
import * as v from 'valibot';
import { fromUtf8, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { codeItem, takeAll } from './authenticator.ts';
import type { Read } from './entry.ts';
import { parseJson, text } from './json.ts';
import { stretched, unsealed } from './unseal.ts';

const Backup = v.object({ Authenticators: v.array(v.unknown()) });
const Authenticator = v.object({
  Type: v.number(),
  Issuer: text,
  Username: text,
  Secret: v.string(),
  Algorithm: v.nullish(v.number(), 0),
  Digits: v.nullish(v.number()),
  Period: v.nullish(v.number()),
});
const KINDS = ['', 'hotp', 'totp', 'mobile-otp', 'steam', 'yandex'];
const ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'];

/** What stands before what is sealed: the mark, a salt, a nonce. */
const SEALS = [
  {
    mark: 'AUTHENTICATORPRO',
    salt: 16,
    nonce: 12,
    name: 'AES-GCM',
    async key(password: string, salt: Uint8Array<ArrayBuffer>) {
      const cost = { iterations: 3, memorySize: 64 * 1024, parallelism: 4, hashLength: 32 };
      return new Uint8Array(await argon2id({ password, salt, ...cost, outputType: 'binary' }));
    },
  },
  {
    mark: 'AuthenticatorPro',
    salt: 20,
    nonce: 16,
    name: 'AES-CBC',
    key: (password: string, salt: Uint8Array<ArrayBuffer>) => stretched(password, salt, 64_000, 'SHA-1'),
  },
];

/** The JSON in a sealed backup; undefined for another file. */
async function opened(bytes: Uint8Array, password: string | undefined): Promise<string | undefined> {
  const seal = SEALS.find(({ mark }) => utf8(mark).every((byte, at) => bytes[at] === byte));
  if (!seal) return undefined;
  if (password === undefined) throw new ScankeyError('import-password');
  const nonceAt = seal.mark.length + seal.salt;
  const dataAt = nonceAt + seal.nonce;
  const key = await seal.key(password, bytes.slice(seal.mark.length, nonceAt));
  const plain = await unsealed(key, { name: seal.name, iv: bytes.slice(nonceAt, dataAt) }, bytes.slice(dataAt));
  try {
    return fromUtf8(plain);
  } catch (cause) {
    // CBC opens under one password in 256 that is another one.
    throw new ScankeyError('import-password', { cause });
  }
}

/** @throws ScankeyError `import-password` when one is needed or wrong */
export const readStratum: Read = async ({ bytes, text: json, password }) => {
  const backup = v.safeParse(Backup, parseJson((await opened(bytes, password)) ?? json));
  if (!backup.success) return undefined;
  return takeAll('Stratum', backup.output.Authenticators, Authenticator, 'Issuer', (one) =>
    codeItem({
      kind: KINDS[one.Type] ?? '',
      ...{ issuer: one.Issuer, account: one.Username, secret: one.Secret, digits: one.Digits, period: one.Period },
      algorithm: ALGORITHMS[one.Algorithm ?? 0] ?? 'unknown',
    }),
  );
};
