// Sealing: HPKE (RFC 9180) in PSK mode, MLKEM768-X25519 · HKDF-SHA256 · AES-256-GCM, one suite, nothing negotiated.
// Phone → browser uses the HPKE context; browser → phone a fresh key per message (RFC 9458 section 4.4), because a
// worker that dies and comes back must never use a (key, nonce) pair twice.
import { KEM_MLKEM768_X25519 } from '@panva/hpke-noble';
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, type RecipientContext, type SenderContext } from 'hpke';
import { type Bytes, concat, randomBytes, sha256, str8, uint, utf8 } from './encoding.ts';
import { ScankeyError } from './errors.ts';
import { type Code, checkCommitment, sessionId } from './link.ts';

const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

export const PUBLIC_KEY_BYTES = 1216;
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
  /** 32 bytes from which every browser → phone message takes its own key. */
  response: Bytes;
}

/** A fresh key pair, made by the browser for one code. About 2 ms warm, 40 ms cold. */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = await suite.GenerateKeyPair(true);
  return {
    seed: new Uint8Array(await suite.SerializePrivateKey(pair.privateKey)),
    publicKey: new Uint8Array(await suite.SerializePublicKey(pair.publicKey)),
  };
}

/** HPKE `info`: version, kind of session (0x01: a scanned code), companion origin, session. */
const infoFor = (origin: string, sid: Bytes): Bytes => concat(utf8('scankey/1 hpke'), uint(1, 1), str8(origin), sid);

const PHONE_TO_BROWSER = 0;
const BROWSER_TO_PHONE = 1;
const aadFor = (direction: 0 | 1, n: number): Bytes => concat(utf8('scankey/1 msg'), uint(direction, 1), uint(n, 4));

async function exportShared(
  context: SenderContext | RecipientContext,
  info: Bytes,
  publicKey: Bytes,
  encapsulated: Bytes,
): Promise<Shared> {
  const transcript = await sha256(utf8('scankey/1 th'), info, publicKey, encapsulated);
  const sas = await context.Export(concat(utf8('scankey/1 sas'), transcript), 8);
  const response = await context.Export(concat(utf8('scankey/1 response'), transcript), 32);
  const number = new DataView(sas.buffer, sas.byteOffset).getBigUint64(0) % 1_000_000n;
  return { encapsulated, digits: String(number).padStart(6, '0'), response: new Uint8Array(response) };
}

/** The phone's end of a session: seals in order, opens answers. Lives in memory only. */
export interface PhoneEnd {
  shared: Shared;
  /** Seals the next message; the first is prefixed by the encapsulated key. `n` is the mailbox number. */
  seal(n: number, plaintext: Bytes): Promise<Bytes>;
}

/**
 * Encapsulates a key to the browser of `code`.
 * @throws ScankeyError `key-mismatch` when `publicKey` is not the committed one, `bad-message` when it is no key at all.
 */
export async function phoneEnd(code: Code, publicKey: Bytes): Promise<PhoneEnd> {
  await checkCommitment(code, publicKey);
  const sid = await sessionId(code.secret);
  const info = infoFor(code.origin, sid);
  try {
    const key = await suite.DeserializePublicKey(publicKey);
    const { ctx, encapsulatedSecret } = await suite.SetupSender(key, { info, psk: code.secret, pskId: sid });
    const encapsulated = new Uint8Array(encapsulatedSecret);
    return {
      shared: await exportShared(ctx, info, publicKey, encapsulated),
      async seal(n, plaintext) {
        const first = ctx.seq === 0;
        const sealed = await ctx.Seal(plaintext, aadFor(PHONE_TO_BROWSER, n));
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
  secret: Bytes,
  origin: string,
  n: number,
  wire: Bytes,
): Promise<{ end: BrowserEnd; first: Bytes }> {
  const sid = await sessionId(secret);
  const info = infoFor(origin, sid);
  const encapsulated = wire.slice(0, ENCAPSULATED_BYTES);
  try {
    const key = await suite.DeserializePrivateKey(keys.seed, true);
    const context = await suite.SetupRecipient(key, encapsulated, { info, psk: secret, pskId: sid });
    const open = async (at: number, sealed: Bytes): Promise<Bytes> => {
      try {
        return new Uint8Array(await context.Open(sealed, aadFor(PHONE_TO_BROWSER, at)));
      } catch (cause) {
        throw new ScankeyError('bad-message', { cause });
      }
    };
    const first = await open(n, wire.slice(ENCAPSULATED_BYTES));
    return { end: { shared: await exportShared(context, info, keys.publicKey, encapsulated), open }, first };
  } catch (cause) {
    throw new ScankeyError('bad-message', { cause });
  }
}

async function responseKey(shared: Shared, nonce: Bytes): Promise<{ key: CryptoKey; iv: Bytes }> {
  // HKDF-Extract with salt enc ‖ rn, then two Expands: WebCrypto's HKDF is exactly that.
  const ikm = await crypto.subtle.importKey('raw', shared.response, 'HKDF', false, ['deriveBits']);
  const salt = concat(shared.encapsulated, nonce);
  const expand = (info: string, bytes: number) =>
    crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }, ikm, bytes * 8);
  const key = await crypto.subtle.importKey('raw', await expand('key', 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, iv: new Uint8Array(await expand('nonce', 12)) };
}

/** Seals the browser's message number `n`; every call takes a fresh key, so it is safe to call again after a crash. */
export async function sealResponse(
  shared: Shared,
  n: number,
  plaintext: Bytes,
  nonce: Bytes = randomBytes(RESPONSE_NONCE_BYTES),
): Promise<Bytes> {
  const { key, iv } = await responseKey(shared, nonce);
  const additionalData = aadFor(BROWSER_TO_PHONE, n);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plaintext);
  return concat(nonce, new Uint8Array(sealed));
}

/** Opens the browser's message number `n`. @throws ScankeyError `bad-message` */
export async function openResponse(shared: Shared, n: number, wire: Bytes): Promise<Bytes> {
  if (wire.length < RESPONSE_NONCE_BYTES + TAG_BYTES) throw new ScankeyError('bad-message');
  const { key, iv } = await responseKey(shared, wire.slice(0, RESPONSE_NONCE_BYTES));
  const additionalData = aadFor(BROWSER_TO_PHONE, n);
  try {
    const sealed = wire.slice(RESPONSE_NONCE_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed));
  } catch (cause) {
    throw new ScankeyError('bad-message', { cause });
  }
}
