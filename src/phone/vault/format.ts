// The vault as one sealed document: "SKV1" ‖ u16 header length ‖ header ‖ nonce ‖ AES-256-GCM. A random data key seals it;
// each way to unlock wraps that key: the passphrase, a passkey, or passphrase and recovery key together. No I/O.
import * as v from 'valibot';
import { type Bytes, concat, fromUtf8, randomBytes, sha256, toBase64, uint, utf8 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import { canonical } from './canonical.ts';
import { isNewerDocument, newDocument, VaultDocument } from './document.ts';
import {
  type ArgonCost,
  base64,
  bounded,
  COST,
  importKey,
  isOutgrown,
  type Secret,
  unwrapKey,
  Wrap,
  wrapKey,
} from './wraps.ts';

const MAGIC = utf8('SKV1');
const PAGE_BYTES = 4096;

/** Whether sealed bytes are of a later version, which this one neither reads nor puts anything in the place of. */
export const isNewer = (blob: Uint8Array): boolean =>
  MAGIC.subarray(0, 3).every((byte, at) => blob[at] === byte) && /[2-9]/.test(String.fromCharCode(blob[3] ?? 0));

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

/** An unlocked vault. `key` cannot be read out of the browser's memory by script. */
export interface Vault {
  readonly header: Header;
  readonly key: CryptoKey;
  readonly document: VaultDocument;
}

/** A new vault under `secrets`, at revision 0: `seal` makes its first copy. Its data key is fresh. */
export async function createVault(
  secrets: readonly Secret[],
  document: VaultDocument = newDocument(),
  vault = toBase64(randomBytes(16)),
  cost: ArgonCost = COST,
): Promise<Vault> {
  const raw = randomBytes(32);
  const wraps: Wrap[] = [];
  for (const secret of secrets) wraps.push(await wrapKey(vault, raw, secret, cost));
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
 * @returns the bytes to store, and the vault as it stands then
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
  if (isNewer(blob)) throw new ScankeyError('vault-newer');
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

/** Header of a sealed copy, read without unlocking it, so not to be trusted yet. @throws ScankeyError `vault-damaged`, `vault-newer` */
export const headerOf = (blob: Uint8Array): Header => parse(blob).header;

/** Opens a copy of a vault that is unlocked already. @throws ScankeyError `vault-newer`, `vault-damaged`, also for another data key */
export async function openWith(blob: Uint8Array, key: CryptoKey): Promise<Vault> {
  const { header, front, iv, sealed } = parse(blob);
  try {
    const additionalData = concat(utf8('scankey/1 vault'), await sha256(front));
    const padded = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed));
    const length = new DataView(padded.buffer).getUint32(0);
    const plain: unknown = JSON.parse(fromUtf8(padded.subarray(4, 4 + length)));
    padded.fill(0);
    if (isNewerDocument(plain)) throw new ScankeyError('vault-newer');
    return { header, key, document: v.parse(VaultDocument, plain) };
  } catch (cause) {
    if (cause instanceof ScankeyError) throw cause;
    throw new ScankeyError('vault-damaged', { cause });
  }
}

/**
 * Unlocks a sealed copy.
 * @param added further ways to unlock it from its next revision on; one of a kind replaces the one there is
 * @throws ScankeyError `vault-newer`, `params-refused` before anything is computed, `wrong-passphrase`, `vault-damaged`
 */
export async function unlock(
  blob: Uint8Array,
  secret: Secret,
  added: readonly Secret[] = [],
  cost: ArgonCost = COST,
): Promise<Vault> {
  const { header } = parse(blob);
  const raw = await unwrapKey(header.vault, header.wraps, secret);
  const opened = await openWith(blob, await importKey(raw));
  const wraps = [...header.wraps];
  for (const one of added.length === 0 && isOutgrown(header.wraps, secret, cost) ? [secret] : added) {
    const wrap = await wrapKey(header.vault, raw, one, cost);
    const at = wraps.findIndex(({ k }) => k === one.k);
    if (at < 0) wraps.push(wrap);
    else wraps[at] = wrap;
  }
  raw.fill(0);
  return { ...opened, header: { ...header, wraps } };
}
