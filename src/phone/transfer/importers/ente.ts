// Ente Auth's export: `otpauth:` addresses, one a line, each with what the app knows beside it; plain, or sealed under a password.
// Sealed: Argon2id, and one message of libsodium's secretstream (XChaCha20-Poly1305), whose steps WebCrypto has not.
import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { chacha20, hchacha } from '@noble/ciphers/chacha.js';
import { argon2id } from 'hash-wasm';
import * as v from 'valibot';
import { type Bytes, concat, equal, fromUtf8, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { decoded, judgeSeed, namesOf } from './code.ts';
import { affordable, type Found, type Read, take } from './entry.ts';
import { parseJson, text } from './json.ts';
import { bytesOf } from './unseal.ts';

const Sealed = v.object({
  version: v.literal(1),
  kdfParams: v.object({ memLimit: v.number(), opsLimit: v.number(), salt: v.string() }),
  encryptedData: v.string(),
  encryptionNonce: v.string(),
});
const Display = v.object({
  pinned: v.optional(v.boolean(), false),
  trashed: v.optional(v.boolean(), false),
  note: text,
});

/** Ente asks for as much as 1 GiB and four passes. */
const MOST = { bytes: 1024 ** 3, passes: 16 };

const words = (bytes: Bytes): Uint32Array<ArrayBuffer> => {
  const view = new DataView(bytes.buffer);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(4 * at, true));
};

/** `length` as libsodium counts: 8 bytes, the least first. */
function count(length: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}

/**
 * The first message of a secretstream (libsodium, `crypto_secretstream_xchacha20poly1305_pull`), with nothing beside it.
 * @throws ScankeyError `import-password` when it does not open
 */
function pulled(key: Bytes, header: Bytes, sealed: Bytes): Bytes {
  const subkey = new Uint32Array(8);
  hchacha(words(utf8('expand 32-byte k')), words(key), words(header.slice(0, 16)), subkey);
  const stream = new Uint8Array(subkey.buffer);
  const nonce = concat(new Uint8Array([1, 0, 0, 0]), header.slice(16));
  const xor = (data: Uint8Array, block: number) => chacha20(stream, nonce, data, undefined, block);
  const data = sealed.slice(1, -16);
  // The first byte, a mark, fills a block of its own; the tag is over that block as it was sealed.
  const mark = xor(concat(sealed.slice(0, 1), new Uint8Array(63)), 1);
  mark[0] = sealed[0] ?? 0;
  const padding = new Uint8Array((16 - 64 + data.length) & 15);
  const tag = poly1305(concat(mark, data, padding, count(0), count(64 + data.length)), xor(new Uint8Array(32), 0));
  if (!equal(tag, sealed.slice(-16))) throw new ScankeyError('import-password');
  return new Uint8Array(xor(data, 2));
}

async function opened(file: v.InferOutput<typeof Sealed>, password: string): Promise<string> {
  const { memLimit, opsLimit, salt } = file.kdfParams;
  const cost = { memorySize: Math.floor(memLimit / 1024), iterations: opsLimit, parallelism: 1, hashLength: 32 };
  const key = await affordable(memLimit <= MOST.bytes && opsLimit <= MOST.passes, () =>
    argon2id({ password, salt: bytesOf(salt), ...cost, outputType: 'binary' }),
  );
  return fromUtf8(pulled(new Uint8Array(key), bytesOf(file.encryptionNonce), bytesOf(file.encryptedData)));
}

/** @throws ScankeyError `import-password` when one is needed or wrong, `import-costly` for one that a phone could not open */
export const readEnte: Read = async ({ text: plain, password }) => {
  const sealed = v.safeParse(Sealed, parseJson(plain));
  if (sealed.success && password === undefined) throw new ScankeyError('import-password');
  const lines = sealed.success ? await opened(sealed.output, password ?? '') : plain;
  if (lines === undefined || !/^\s*otpauth:/i.test(lines)) return undefined;
  if (!sealed.success && !lines.includes('codeDisplay=')) return undefined;
  const found: Found = { source: 'Ente Auth', byLine: true, entries: [], unread: [] };
  for (const [index, line] of lines.split('\n').entries()) if (line.trim()) takeLine(found, index + 1, line.trim());
  return found;
};

function takeLine(found: Found, line: number, address: string): void {
  if (!URL.canParse(address)) return void take(found, line, { not: 'unreadable' });
  const url = new URL(address);
  const known = v.safeParse(Display, parseJson(url.searchParams.get('codeDisplay') ?? undefined));
  const display = known.success ? known.output : v.parse(Display, {});
  const label = decoded(url.pathname.replace(/^\/+((totp|hotp|steam)\/)?/i, ''));
  const [issuer, account] = namesOf(label, url.searchParams.get('issuer') ?? '');
  const judged = judgeSeed(address);
  take(found, line, {
    title: issuer || account,
    username: account,
    totp: address,
    notes: display.note ?? '',
    favourite: display.pinned,
    not: display.trashed ? 'binned' : 'why' in judged && judged.why,
  });
}
