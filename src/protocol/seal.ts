// Sealing: HPKE (RFC 9180) in PSK mode, MLKEM768-X25519 · HKDF-SHA256 · AES-256-GCM, one suite, nothing negotiated.
// Phone → browser uses the HPKE context; browser → phone a fresh key per message (RFC 9458 section 4.4), because a
// worker that dies and comes back must never use a (key, nonce) pair twice.
import type { CipherSuite, RecipientContext, SenderContext } from 'hpke';
import { type Bytes, concat, randomBytes, sha256, str8, uint, utf8 } from './encoding.ts';
import { ScankeyError } from './errors.ts';
import { checkCommitment, sessionId } from './qr-link.ts';
import type { Role } from './relay.ts';

/** What seals, loaded when it is first asked for, or before, so that it is there by then. @throws ScankeyError `unreachable` */
export async function sealing(): Promise<CipherSuite> {
  try {
    return (await import('./suite.ts')).suite;
  } catch (cause) {
    throw new ScankeyError('unreachable', { cause });
  }
}

export const ENCAPSULATED_BYTES = 1120;
export const TAG_BYTES = 16;
export const RESPONSE_NONCE_BYTES = 32;

/** The browser's key pair for one code: `seed` is the 32-byte X-Wing private key. */
export interface KeyPair {
  seed: Bytes;
  publicKey: Bytes;
}

/** What both sides export once the phone has encapsulated a key. */
export interface Shared {
  /** Encapsulated key, 1,120 bytes. */
  encapsulated: Bytes;
  /** Six digits; equal on both sides only if nobody stands between them. */
  digits: string;
  /** 32 bytes from which every message outside the HPKE context takes its own key. */
  response: Bytes;
  /** 32 bytes for a pairing: the first key of one when a code was scanned, the step to its next key when there is one. */
  pairing: Bytes;
}

/** What both sides know before the first message: a scanned code's secret, or a pairing's key. */
export interface Opening {
  kind: 'code' | 'pairing';
  /** Origin of the companion, as the code names it. */
  origin: string;
  /** 16 bytes. */
  sid: Bytes;
  /** 32 bytes. */
  psk: Bytes;
  pskId: Bytes;
  /** Of a code: what pins the browser's public key. A call proves its key by itself. */
  commitment?: Bytes;
}

/** The opening that a code gives; a browser that drew the code itself needs no commitment. */
export async function openingOf(code: { origin: string; secret: Bytes; commitment?: Bytes }): Promise<Opening> {
  const { origin, secret, commitment } = code;
  const sid = await sessionId(secret);
  return { kind: 'code', origin, sid, psk: secret, pskId: sid, ...(commitment ? { commitment } : {}) };
}

/** The opening of a remembered browser's sign-in. @param psk `pskOf` the pairing's key */
export const openingOfPairing = (origin: string, pairingId: Bytes, sid: Bytes, psk: Bytes): Opening => ({
  kind: 'pairing',
  origin,
  sid,
  psk,
  pskId: concat(pairingId, sid),
});

/** A fresh key pair, made by the browser for one code. About 2 ms warm, 40 ms cold. */
export async function newKeyPair(): Promise<KeyPair> {
  const suite = await sealing();
  const pair = await suite.GenerateKeyPair(true);
  return {
    seed: new Uint8Array(await suite.SerializePrivateKey(pair.privateKey)),
    publicKey: new Uint8Array(await suite.SerializePublicKey(pair.publicKey)),
  };
}

const KINDS = { code: 1, pairing: 2 } as const;
const PAIRING_LABELS = { code: 'scankey/1 link', pairing: 'scankey/1 link step' } as const;

/** HPKE `info`: version, kind of session, companion origin, session. */
const infoFor = ({ kind, origin, sid }: Opening): Bytes =>
  concat(utf8('scankey/1 hpke'), uint(KINDS[kind], 1), str8(origin), sid);

const aadFor = (from: Role, n: number): Bytes =>
  concat(utf8('scankey/1 msg'), uint(from === 'p' ? 0 : 1, 1), uint(n, 4));

async function exportShared(
  context: SenderContext | RecipientContext,
  opening: Opening,
  publicKey: Bytes,
  encapsulated: Bytes,
): Promise<Shared> {
  const transcript = await sha256(utf8('scankey/1 th'), infoFor(opening), publicKey, encapsulated);
  const take = async (label: string, bytes: number) =>
    new Uint8Array(await context.Export(concat(utf8(label), transcript), bytes));
  const number = new DataView((await take('scankey/1 sas', 8)).buffer).getBigUint64(0) % 1_000_000n;
  return {
    encapsulated,
    digits: String(number).padStart(6, '0'),
    response: await take('scankey/1 response', 32),
    pairing: await take(PAIRING_LABELS[opening.kind], 32),
  };
}

/** The phone's end of a session: seals in order, opens answers. Lives in memory only. */
export interface PhoneEnd {
  shared: Shared;
  /** Seals the next message; the first is prefixed by the encapsulated key. `n` is the mailbox number. */
  seal(n: number, plaintext: Bytes): Promise<Bytes>;
}

/**
 * Encapsulates a key to the browser.
 * @throws ScankeyError `key-mismatch` when `publicKey` is not the one that a code commits to, `bad-message` when it is no key
 */
export async function phoneEnd(opening: Opening, publicKey: Bytes): Promise<PhoneEnd> {
  const { kind, psk, pskId, commitment } = opening;
  if (kind === 'code') await checkCommitment({ secret: psk, commitment: commitment ?? new Uint8Array() }, publicKey);
  const suite = await sealing();
  try {
    const key = await suite.DeserializePublicKey(publicKey);
    const { ctx, encapsulatedSecret } = await suite.SetupSender(key, { info: infoFor(opening), psk, pskId });
    const encapsulated = new Uint8Array(encapsulatedSecret);
    return {
      shared: await exportShared(ctx, opening, publicKey, encapsulated),
      async seal(n, plaintext) {
        const first = ctx.seq === 0;
        const sealed = await ctx.Seal(plaintext, aadFor('p', n));
        return first ? concat(encapsulated, sealed) : new Uint8Array(sealed);
      },
    };
  } catch (cause) {
    throw new ScankeyError('bad-message', { cause });
  }
}

/** The browser's end: opens what the phone sealed, in order. */
export interface BrowserEnd {
  shared: Shared;
  /** @throws ScankeyError `bad-message` when the message was not sealed by this phone, for this place in the order. */
  open(n: number, wire: Bytes): Promise<Bytes>;
}

/**
 * Takes up the phone's first message: encapsulated key and ciphertext. Deterministic, so a restarted worker gets the same
 * end back from the same bytes.
 * @returns the end and the first message's plaintext
 * @throws ScankeyError `bad-message` when it does not open
 */
export async function browserEnd(
  keys: KeyPair,
  opening: Opening,
  n: number,
  wire: Bytes,
): Promise<{ end: BrowserEnd; first: Bytes }> {
  const { psk, pskId } = opening;
  const encapsulated = wire.slice(0, ENCAPSULATED_BYTES);
  const suite = await sealing();
  try {
    const key = await suite.DeserializePrivateKey(keys.seed, true);
    const context = await suite.SetupRecipient(key, encapsulated, { info: infoFor(opening), psk, pskId });
    const open = async (at: number, sealed: Bytes): Promise<Bytes> => {
      try {
        return new Uint8Array(await context.Open(sealed, aadFor('p', at)));
      } catch (cause) {
        throw new ScankeyError('bad-message', { cause });
      }
    };
    const first = await open(n, wire.slice(ENCAPSULATED_BYTES));
    return { end: { shared: await exportShared(context, opening, keys.publicKey, encapsulated), open }, first };
  } catch (cause) {
    throw new ScankeyError('bad-message', { cause });
  }
}

/** What is kept of a session to go on without its HPKE context. */
export type Keyring = Pick<Shared, 'encapsulated' | 'response'>;

async function responseKey(shared: Keyring, nonce: Bytes): Promise<{ key: CryptoKey; iv: Bytes }> {
  // HKDF-Extract with salt enc ‖ rn, then two Expands: WebCrypto's HKDF is exactly that.
  const ikm = await crypto.subtle.importKey('raw', shared.response, 'HKDF', false, ['deriveBits']);
  const salt = concat(shared.encapsulated, nonce);
  const expand = (info: string, bytes: number) =>
    crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }, ikm, bytes * 8);
  const key = await crypto.subtle.importKey('raw', await expand('key', 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, iv: new Uint8Array(await expand('nonce', 12)) };
}

/**
 * Seals message number `n` of `from` outside the HPKE context: everything that the browser says, and what the phone says after its
 * answer. Every call takes a fresh key, so it is safe to call again after a crash, and a restarted party needs no more than `shared`.
 */
export async function sealFrom(
  from: Role,
  shared: Keyring,
  n: number,
  plaintext: Bytes,
  nonce: Bytes = randomBytes(RESPONSE_NONCE_BYTES),
): Promise<Bytes> {
  const { key, iv } = await responseKey(shared, nonce);
  const additionalData = aadFor(from, n);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plaintext);
  return concat(nonce, new Uint8Array(sealed));
}

/** Opens what `sealFrom` sealed. @throws ScankeyError `bad-message` */
export async function openFrom(from: Role, shared: Keyring, n: number, wire: Bytes): Promise<Bytes> {
  if (wire.length < RESPONSE_NONCE_BYTES + TAG_BYTES) throw new ScankeyError('bad-message');
  const { key, iv } = await responseKey(shared, wire.slice(0, RESPONSE_NONCE_BYTES));
  const additionalData = aadFor(from, n);
  try {
    const sealed = wire.slice(RESPONSE_NONCE_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed));
  } catch (cause) {
    throw new ScankeyError('bad-message', { cause });
  }
}
