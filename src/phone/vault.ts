// The vault as one sealed document: "SKV1" ‖ u16 header length ‖ header ‖ nonce ‖ AES-256-GCM. A random data key seals it;
// a passphrase wraps that key through Argon2id. No I/O.
import * as v from 'valibot';
import {
  type Bytes,
  concat,
  fromBase64,
  fromUtf8,
  randomBytes,
  sha256,
  toBase64,
  uint,
  utf8,
} from '../protocol/encoding.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { GUARDS } from '../protocol/near.ts';

const MAGIC = utf8('SKV1');
const PAGE_BYTES = 4096;

/** Argon2id cost: `m` in KiB, `t` passes, `p` lanes. */
const COST = { m: 64 * 1024, t: 3, p: 1 } as const;
const base64 = (bytes: number) => v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/), v.length(Math.ceil((bytes * 4) / 3)));
const bounded = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Below the floor a stolen vault is guessed too fast, beyond the roof a hostile one freezes the phone. */
const Cost = v.strictObject({
  m: bounded(19 * 1024, 256 * 1024),
  t: bounded(2, 10),
  p: bounded(1, 4),
  salt: base64(16),
});
type Cost = v.InferOutput<typeof Cost>;

const Wrap = v.strictObject({ k: v.literal('pass'), kdf: v.unknown(), n: base64(12), ct: base64(48) });
const Header = v.strictObject({
  vault: base64(16),
  rev: bounded(1, Number.MAX_SAFE_INTEGER),
  /** First 8 bytes of SHA-256 of the copy before this one; empty for the first. */
  prev: v.string(),
  /** When it was sealed, ms since 1970. */
  time: v.number(),
  wraps: v.pipe(v.array(Wrap), v.minLength(1), v.maxLength(8)),
});
type Header = v.InferOutput<typeof Header>;

export const Account = v.object({
  id: v.string(),
  /** Origin that the account signs in to. */
  site: v.string(),
  username: v.string(),
  password: v.string(),
  notes: v.string(),
  /** For a third field of the form: company, team, tenant. */
  tenant: v.optional(v.string(), ''),
  /** Seed of one-time codes, as an `otpauth:` address; empty for none. */
  totp: v.optional(v.string(), ''),
  /** What the phone asks for beyond the tap. */
  guard: v.picklist(GUARDS),
  changedAt: v.number(),
});
export type Account = v.InferOutput<typeof Account>;

const VaultDocument = v.object({ v: v.literal(1), accounts: v.array(Account) });
export type VaultDocument = v.InferOutput<typeof VaultDocument>;

/** An unlocked vault. `key` cannot be read out of the browser's memory by script. */
export interface Vault {
  readonly header: Header;
  readonly key: CryptoKey;
  readonly document: VaultDocument;
}

/** JSON with sorted keys: the same value is always the same bytes. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** KEK(pass) = HKDF(Argon2id(NFKC(passphrase)), "scankey/1 wrap pass"). About half a second on a phone. */
async function passphraseKey(passphrase: string, cost: Cost): Promise<CryptoKey> {
  const { argon2id } = await import('hash-wasm');
  const hash = await argon2id({
    password: passphrase.normalize('NFKC'),
    salt: fromBase64(cost.salt),
    memorySize: cost.m,
    iterations: cost.t,
    parallelism: cost.p,
    hashLength: 32,
    outputType: 'binary',
  });
  const ikm = await crypto.subtle.importKey('raw', new Uint8Array(hash), 'HKDF', false, ['deriveKey']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8('scankey/1 wrap pass') };
  return crypto.subtle.deriveKey(params, ikm, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const wrapAad = (vault: string, cost: Cost): Bytes =>
  concat(utf8('scankey/1 wrap'), fromBase64(vault), utf8('pass'), utf8(canonical(cost)));

const importKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

/** A new, empty vault under `passphrase`, at revision 0: `seal` makes its first copy. */
export async function createVault(passphrase: string): Promise<Vault> {
  const vault = toBase64(randomBytes(16));
  const kdf: Cost = { ...COST, salt: toBase64(randomBytes(16)) };
  const raw = randomBytes(32);
  const iv = randomBytes(12);
  const kek = await passphraseKey(passphrase, kdf);
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: wrapAad(vault, kdf) }, kek, raw);
  const key = await importKey(raw);
  raw.fill(0);
  const wraps = [{ k: 'pass' as const, kdf, n: toBase64(iv), ct: toBase64(new Uint8Array(ct)) }];
  return { header: { vault, rev: 0, prev: '', time: 0, wraps }, key, document: { v: 1, accounts: [] } };
}

/**
 * Seals `document` as the next revision of `vault`.
 * @returns the bytes to keep, and the vault as it stands then
 */
export async function seal(
  vault: Vault,
  document: VaultDocument,
  now: number,
  before?: Bytes,
): Promise<{ blob: Bytes; vault: Vault }> {
  const prev = before ? toBase64((await sha256(before)).slice(0, 8)) : '';
  const header: Header = { ...vault.header, rev: vault.header.rev + 1, prev, time: now };
  const head = utf8(canonical(header));
  const front = concat(MAGIC, uint(head.length, 2), head);
  const json = utf8(JSON.stringify(document));
  const padded = concat(uint(json.length, 4), json, new Uint8Array(-(json.length + 4) & (PAGE_BYTES - 1)));
  const iv = randomBytes(12);
  const additionalData = concat(utf8('scankey/1 vault'), await sha256(front));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, vault.key, padded);
  padded.fill(0);
  return { blob: concat(front, iv, new Uint8Array(sealed)), vault: { header, key: vault.key, document } };
}

function parse(blob: Bytes): { header: Header; front: Bytes; iv: Bytes; sealed: Bytes } {
  try {
    if (fromUtf8(blob.slice(0, 4)) !== 'SKV1') throw new Error('magic');
    const length = new DataView(blob.buffer, blob.byteOffset).getUint16(4);
    const front = blob.slice(0, 6 + length);
    const header = v.parse(Header, JSON.parse(fromUtf8(front.slice(6))));
    return { header, front, iv: blob.slice(6 + length, 18 + length), sealed: blob.slice(18 + length) };
  } catch (cause) {
    throw new ScankeyError('vault-damaged', { cause });
  }
}

/** Revision of a sealed copy, read without unlocking it. @throws ScankeyError `vault-damaged` */
export const revisionOf = (blob: Bytes): number => parse(blob).header.rev;

/**
 * Unlocks a sealed copy.
 * @throws ScankeyError `wrong-passphrase`, `params-refused` before anything is computed, `vault-damaged`
 */
export async function unlock(blob: Bytes, passphrase: string): Promise<Vault> {
  const { header, front, iv, sealed } = parse(blob);
  const wrap = header.wraps.find(({ k }) => k === 'pass');
  if (!wrap) throw new ScankeyError('vault-damaged');
  const cost = v.safeParse(Cost, wrap.kdf);
  if (!cost.success) throw new ScankeyError('params-refused');
  const kek = await passphraseKey(passphrase, cost.output);
  const additionalData = wrapAad(header.vault, cost.output);
  let raw: Bytes;
  try {
    const params = { name: 'AES-GCM', iv: fromBase64(wrap.n), additionalData };
    raw = new Uint8Array(await crypto.subtle.decrypt(params, kek, fromBase64(wrap.ct)));
  } catch (cause) {
    throw new ScankeyError('wrong-passphrase', { cause });
  }
  const key = await importKey(raw);
  raw.fill(0);
  try {
    const aad = concat(utf8('scankey/1 vault'), await sha256(front));
    const padded = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: aad }, key, sealed),
    );
    const length = new DataView(padded.buffer).getUint32(0);
    const document = v.parse(VaultDocument, JSON.parse(fromUtf8(padded.subarray(4, 4 + length))));
    padded.fill(0);
    return { header, key, document };
  } catch (cause) {
    throw new ScankeyError('vault-damaged', { cause });
  }
}
