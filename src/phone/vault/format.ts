// The vault as one sealed document: "SKV1" ‖ u16 header length ‖ header ‖ nonce ‖ AES-256-GCM. A random data key seals it;
// each way to unlock wraps that key: the passphrase, a passkey, or passphrase and recovery key together. No I/O.
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
} from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import { newDocument, VaultDocument } from './document.ts';
import { argon2id } from './tasks.ts';

const MAGIC = utf8('SKV1');
const PAGE_BYTES = 4096;

/** Argon2id cost: `m` in KiB, `t` passes, `p` lanes. Raised over time; a vault follows when its passphrase is next typed. */
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

const sealedKey = { n: base64(12), ct: base64(48) };
const Wrap = v.variant('k', [
  // The cost is looked at by itself, so that bounds which were left are told apart from damage.
  v.strictObject({ k: v.literal('pass'), kdf: v.unknown(), ...sealedKey }),
  v.strictObject({ k: v.literal('backup'), kdf: v.unknown(), ...sealedKey }),
  v.strictObject({
    k: v.literal('prf'),
    kdf: v.strictObject({ cred: v.pipe(v.string(), v.maxLength(1400)), salt: base64(32) }),
    ...sealedKey,
  }),
]);
type Wrap = v.InferOutput<typeof Wrap>;

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

/** What opens a vault. `output` is 32 bytes of WebAuthn's PRF, `recovery` the 16 bytes of the recovery sheet. */
export type Secret =
  | { k: 'pass'; passphrase: string }
  | { k: 'backup'; passphrase: string; recovery: Bytes }
  | { k: 'prf'; cred: string; salt: string; output: Bytes };

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

const newCost = (): Cost => ({ ...COST, salt: toBase64(randomBytes(16)) });

/**
 * Key-encryption keys (docs/protocol.md section 8). `pass` and `prf` stay on the phone; `backup` needs both secrets.
 * @throws ScankeyError `params-refused` before anything is computed
 */
async function wrappingKey(secret: Secret, kdf: unknown): Promise<CryptoKey> {
  let ikm: Uint8Array<ArrayBuffer>;
  if (secret.k === 'prf') ikm = secret.output;
  else {
    const cost = v.safeParse(Cost, kdf);
    if (!cost.success) throw new ScankeyError('params-refused');
    const { m, t, p, salt } = cost.output;
    const hash = await argon2id(secret.passphrase.normalize('NFKC'), fromBase64(salt), { m, t, p });
    ikm = secret.k === 'backup' ? concat(hash, secret.recovery) : hash;
  }
  const base = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveKey']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(`scankey/1 wrap ${secret.k}`) };
  return crypto.subtle.deriveKey(params, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const wrapAad = (vault: string, { k, kdf }: Pick<Wrap, 'k' | 'kdf'>): Bytes =>
  concat(utf8('scankey/1 wrap'), fromBase64(vault), utf8(k), utf8(canonical(kdf)));

const importKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

async function wrapKey(vault: string, raw: Bytes, secret: Secret): Promise<Wrap> {
  const kdf = secret.k === 'prf' ? { cred: secret.cred, salt: secret.salt } : newCost();
  const iv = randomBytes(12);
  const additionalData = wrapAad(vault, { k: secret.k, kdf } as Wrap);
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await wrappingKey(secret, kdf), raw);
  return { k: secret.k, kdf, n: toBase64(iv), ct: toBase64(new Uint8Array(ct)) } as Wrap;
}

async function unwrapKey(header: Header, secret: Secret): Promise<Bytes> {
  const wrap = header.wraps.find(
    (one) => one.k === secret.k && (one.k !== 'prf' || one.kdf.cred === (secret as { cred: string }).cred),
  );
  if (!wrap) throw new ScankeyError('vault-damaged');
  const kek = await wrappingKey(secret, wrap.kdf);
  try {
    const params = { name: 'AES-GCM', iv: fromBase64(wrap.n), additionalData: wrapAad(header.vault, wrap) };
    return new Uint8Array(await crypto.subtle.decrypt(params, kek, fromBase64(wrap.ct)));
  } catch (cause) {
    throw new ScankeyError('wrong-passphrase', { cause });
  }
}

/** A new vault under `secrets`, at revision 0: `seal` makes its first copy. Its data key is fresh. */
export async function createVault(
  secrets: readonly Secret[],
  document: VaultDocument = newDocument(),
  vault = toBase64(randomBytes(16)),
): Promise<Vault> {
  const raw = randomBytes(32);
  const wraps: Wrap[] = [];
  for (const secret of secrets) wraps.push(await wrapKey(vault, raw, secret));
  const key = await importKey(raw);
  raw.fill(0);
  return { header: { vault, rev: 0, prev: '', time: 0, wraps }, key, document };
}

export interface SealOptions {
  /** The copy that this one follows. */
  before?: Uint8Array | undefined;
  /** Revision to give it; one more than the vault's otherwise. */
  rev?: number;
  /** The only way to unlock that goes with it; all otherwise. */
  only?: Wrap['k'];
}

/**
 * Seals `document` as the next revision of `vault`.
 * @returns the bytes to keep, and the vault as it stands then
 */
export async function seal(
  vault: Vault,
  document: VaultDocument,
  now: number,
  { before, rev = vault.header.rev + 1, only }: SealOptions = {},
): Promise<{ blob: Bytes; vault: Vault }> {
  const prev = before ? await fingerprint(before) : '';
  const wraps = only ? vault.header.wraps.filter(({ k }) => k === only) : vault.header.wraps;
  const header: Header = { ...vault.header, rev, prev, time: now, wraps };
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

/** First 8 bytes of SHA-256 of a sealed copy, base64url: what the next one calls it by. */
export const fingerprint = async (blob: Uint8Array): Promise<string> => toBase64((await sha256(blob)).slice(0, 8));

function parse(blob: Uint8Array): { header: Header; front: Bytes; iv: Bytes; sealed: Bytes } {
  try {
    const bytes = new Uint8Array(blob);
    if (fromUtf8(bytes.slice(0, 4)) !== 'SKV1') throw new Error('magic');
    const length = new DataView(bytes.buffer).getUint16(4);
    const front = bytes.slice(0, 6 + length);
    const header = v.parse(Header, JSON.parse(fromUtf8(front.slice(6))));
    return { header, front, iv: bytes.slice(6 + length, 18 + length), sealed: bytes.slice(18 + length) };
  } catch (cause) {
    throw new ScankeyError('vault-damaged', { cause });
  }
}

/** Header of a sealed copy, read without unlocking it, so not to be trusted yet. @throws ScankeyError `vault-damaged` */
export const headerOf = (blob: Uint8Array): Header => parse(blob).header;

/** Opens a copy of a vault that is unlocked already. @throws ScankeyError `vault-damaged`, also for another data key */
export async function openWith(blob: Uint8Array, key: CryptoKey): Promise<Vault> {
  const { header, front, iv, sealed } = parse(blob);
  try {
    const additionalData = concat(utf8('scankey/1 vault'), await sha256(front));
    const padded = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed));
    const length = new DataView(padded.buffer).getUint32(0);
    const document = v.parse(VaultDocument, JSON.parse(fromUtf8(padded.subarray(4, 4 + length))));
    padded.fill(0);
    return { header, key, document };
  } catch (cause) {
    throw new ScankeyError('vault-damaged', { cause });
  }
}

/**
 * Unlocks a sealed copy.
 * @param added further ways to unlock it from its next revision on; one of a kind replaces the one there is
 * @throws ScankeyError `wrong-passphrase`, `params-refused` before anything is computed, `vault-damaged`
 */
export async function unlock(blob: Uint8Array, secret: Secret, added: readonly Secret[] = []): Promise<Vault> {
  const { header } = parse(blob);
  const raw = await unwrapKey(header, secret);
  const opened = await openWith(blob, await importKey(raw));
  const wraps = [...header.wraps];
  for (const one of added.length === 0 && isOutgrown(header, secret) ? [secret] : added) {
    const wrap = await wrapKey(header.vault, raw, one);
    const at = wraps.findIndex(({ k }) => k === one.k);
    if (at < 0) wraps.push(wrap);
    else wraps[at] = wrap;
  }
  raw.fill(0);
  return { ...opened, header: { ...header, wraps } };
}

/** Whether the cost of a passphrase was set when less was asked for. */
function isOutgrown(header: Header, secret: Secret): boolean {
  const kdf = header.wraps.find(({ k }) => k === secret.k)?.kdf;
  const cost = v.safeParse(Cost, kdf);
  return secret.k === 'pass' && cost.success && cost.output.m * cost.output.t < COST.m * COST.t;
}
