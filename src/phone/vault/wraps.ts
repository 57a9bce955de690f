// The ways to unlock a vault: each wraps its data key by itself, under a passphrase, a passkey, or passphrase and recovery key
// together (docs/protocol.md section 8). No I/O.
import * as v from 'valibot';
import { type Bytes, concat, fromBase64, randomBytes, toBase64, utf8 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import { canonical } from './canonical.ts';
import { argon2id } from './tasks.ts';

/** `m` in KiB, `t` passes, `p` lanes. */
export interface ArgonCost {
  m: number;
  t: number;
  p: number;
}

/** What a passphrase costs today. Raised over time; a vault follows when its passphrase is next typed. */
export const COST: ArgonCost = { m: 64 * 1024, t: 3, p: 1 };
export const base64 = (bytes: number) =>
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/), v.length(Math.ceil((bytes * 4) / 3)));
export const bounded = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Below the floor a stolen vault is guessed too fast, beyond the roof a hostile one freezes the phone. */
const Cost = v.strictObject({
  m: bounded(19 * 1024, 256 * 1024),
  t: bounded(2, 10),
  p: bounded(1, 4),
  salt: base64(16),
});

const sealedKey = { n: base64(12), ct: base64(48) };
export const Wrap = v.variant('k', [
  // The cost is looked at by itself, so that bounds which were left are told apart from damage.
  v.strictObject({ k: v.literal('pass'), kdf: v.unknown(), ...sealedKey }),
  v.strictObject({ k: v.literal('backup'), kdf: v.unknown(), ...sealedKey }),
  v.strictObject({
    k: v.literal('prf'),
    kdf: v.strictObject({ cred: v.pipe(v.string(), v.maxLength(1400)), salt: base64(32) }),
    ...sealedKey,
  }),
]);
export type Wrap = v.InferOutput<typeof Wrap>;

/** What opens a vault. `output` is 32 bytes of WebAuthn's PRF, `recovery` the 16 bytes of the recovery sheet. */
export type Secret =
  | { k: 'pass'; passphrase: string }
  | { k: 'backup'; passphrase: string; recovery: Bytes }
  | { k: 'prf'; cred: string; salt: string; output: Bytes };

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

export const importKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

/** Wraps the data key `raw` of `vault` (its id, base64url) under `secret`. */
export async function wrapKey(vault: string, raw: Bytes, secret: Secret, cost: ArgonCost): Promise<Wrap> {
  const kdf =
    secret.k === 'prf' ? { cred: secret.cred, salt: secret.salt } : { ...cost, salt: toBase64(randomBytes(16)) };
  const iv = randomBytes(12);
  const additionalData = wrapAad(vault, { k: secret.k, kdf } as Wrap);
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await wrappingKey(secret, kdf), raw);
  return { k: secret.k, kdf, n: toBase64(iv), ct: toBase64(new Uint8Array(ct)) } as Wrap;
}

/** The data key. @throws ScankeyError `wrong-passphrase`, `params-refused` before anything is computed, `vault-damaged` */
export async function unwrapKey(vault: string, wraps: readonly Wrap[], secret: Secret): Promise<Bytes> {
  const wrap = wraps.find(
    (one) => one.k === secret.k && (one.k !== 'prf' || one.kdf.cred === (secret as { cred: string }).cred),
  );
  if (!wrap) throw new ScankeyError('vault-damaged');
  const kek = await wrappingKey(secret, wrap.kdf);
  try {
    const params = { name: 'AES-GCM', iv: fromBase64(wrap.n), additionalData: wrapAad(vault, wrap) };
    return new Uint8Array(await crypto.subtle.decrypt(params, kek, fromBase64(wrap.ct)));
  } catch (cause) {
    throw new ScankeyError('wrong-passphrase', { cause });
  }
}

/** Whether the cost of a passphrase was set when less was asked for than `today`. */
export function isOutgrown(wraps: readonly Wrap[], secret: Secret, today: ArgonCost): boolean {
  const kdf = wraps.find(({ k }) => k === secret.k)?.kdf;
  const cost = v.safeParse(Cost, kdf);
  return secret.k === 'pass' && cost.success && cost.output.m * cost.output.t < today.m * today.t;
}
