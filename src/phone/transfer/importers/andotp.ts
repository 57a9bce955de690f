// andOTP's backup, plain or sealed with a password, also as before its version 0.6.3. What is sealed has no mark: it is known by its
// name, or by the number of rounds at its front.
import * as v from 'valibot';
import { fromUtf8, sha256, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { codeItem, takeAll } from './authenticator.ts';
import type { ExportFile, Read } from './entry.ts';
import { parseJson, text } from './json.ts';
import { stretched, unsealed } from './unseal.ts';

const Code = v.object({
  type: v.string(),
  secret: v.string(),
  issuer: v.optional(v.nullable(v.string())),
  label: text,
  digits: v.nullish(v.number()),
  period: v.nullish(v.number()),
  algorithm: text,
});

/** Rounds of PBKDF2, drawn anew for each backup. */
const ROUNDS = { least: 140_000, most: 160_000 };
const [SALT_AT, NONCE_AT, DATA_AT, NONCE] = [4, 16, 28, 12];
const OLD_NAME = /\.json\.aes$|^otp_accounts.*\.aes$/i;

const roundsOf = (bytes: Uint8Array): number =>
  bytes.length > DATA_AT ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) : 0;

/** The JSON in a sealed backup; undefined for another file. */
async function opened({ name, bytes, password }: ExportFile): Promise<string | undefined> {
  const rounds = roundsOf(bytes);
  const isNew = rounds >= ROUNDS.least && rounds <= ROUNDS.most;
  if (!isNew && !OLD_NAME.test(name)) return undefined;
  if (password === undefined) throw new ScankeyError('import-password');
  const key = isNew
    ? await stretched(password, bytes.slice(SALT_AT, NONCE_AT), rounds, 'SHA-1')
    : await sha256(utf8(password));
  const at = isNew ? DATA_AT : NONCE;
  const how = { name: 'AES-GCM', iv: bytes.slice(at - NONCE, at) };
  return fromUtf8(await unsealed(key, how, bytes.slice(at)));
}

/** @throws ScankeyError `import-password` when one is needed or wrong */
export const readAndOtp: Read = async (file) => {
  const codes = parseJson((await opened(file)) ?? file.text);
  if (!Array.isArray(codes) || !codes.some((one) => v.is(Code, one))) return undefined;
  return takeAll('andOTP', codes, Code, 'label', ({ type, label, issuer, ...code }) => {
    // Before there were issuers, both stood in the label.
    const [, before, after] = (issuer ?? undefined) === undefined ? (/^(.+?) - (.+)$/s.exec(label ?? '') ?? []) : [];
    return codeItem({ kind: type, ...code, issuer: before ?? issuer, account: after ?? label });
  });
};
