// The QR code's content: https://COMPANION/# and 79 Base32 characters that hold version, secret and key commitment.
import { base32nopad } from '@scure/base';
import { type Bytes, concat, equal, randomBytes, sha256, utf8 } from './encoding.ts';
import { ScankeyError } from './errors.ts';

const VERSION = 1;
const SECRET_BYTES = 32;
const COMMITMENT_BYTES = 16;
const FRAGMENT_CHARACTERS = 79;

/** What a code says: `secret` is S, the pre-shared key; `commitment` is C, which pins the browser's public key. */
export interface QrLink {
  /** Origin of the phone page, as `URL.origin` writes it. */
  origin: string;
  secret: Bytes;
  commitment: Bytes;
}

/** A fresh secret S, 32 random bytes. */
export const newSecret = (): Bytes => randomBytes(SECRET_BYTES);

/** sid: the 16-byte mailbox name that the relay sees; it tells nothing about the secret. */
export const sessionId = async (secret: Bytes): Promise<Bytes> =>
  (await sha256(utf8('scankey/1 session'), secret)).slice(0, 16);

/**
 * C: 16 bytes that commit the code to the browser's public key.
 * The six digits need no commit-and-reveal exchange, because the code already commits the browser's key before the phone
 * moves. If C is ever dropped from the code, or the phone moves first, such a commitment becomes necessary.
 */
export const commitmentTo = async (secret: Bytes, publicKey: Bytes): Promise<Bytes> =>
  (await sha256(utf8('scankey/1 key'), secret, publicKey)).slice(0, COMMITMENT_BYTES);

/** @throws ScankeyError `key-mismatch` when `publicKey` is not the one that the code commits to. */
export async function checkCommitment(code: Omit<QrLink, 'origin'>, publicKey: Bytes): Promise<void> {
  if (!equal(await commitmentTo(code.secret, publicKey), code.commitment)) throw new ScankeyError('key-mismatch');
}

/** The text of a code; about 100 characters, version 6 or less at level M for origins of up to 45 characters. */
export const formatQrLink = (code: QrLink): string =>
  `${code.origin}/#${base32nopad.encode(concat(Uint8Array.of(VERSION), code.secret, code.commitment))}`;

/** Reads what follows `#`. @throws ScankeyError `not-a-code`, or `version-unsupported` for a later version's code. */
export function parseFragment(fragment: string, origin: string): QrLink {
  let payload: Uint8Array;
  try {
    payload = base32nopad.decode(fragment);
  } catch (cause) {
    throw new ScankeyError('not-a-code', { cause });
  }
  if (fragment.length !== FRAGMENT_CHARACTERS) throw new ScankeyError('not-a-code');
  if (payload[0] !== VERSION) throw new ScankeyError('version-unsupported');
  return {
    origin,
    secret: payload.slice(1, 1 + SECRET_BYTES) as Bytes,
    commitment: payload.slice(1 + SECRET_BYTES) as Bytes,
  };
}

/** Reads the whole text of a scanned code. @throws ScankeyError as `parseFragment`; `not-a-code` for any other text. */
export function parseQrLink(text: string): QrLink {
  const cut = text.indexOf('/#');
  const start = text.slice(0, Math.max(cut, 0));
  if (!URL.canParse(start)) throw new ScankeyError('not-a-code');
  const url = new URL(start);
  // The printed origin must be canonical, byte for byte: both sides seal it into the key schedule.
  if (url.origin !== start || !isSecure(url)) throw new ScankeyError('not-a-code');
  return parseFragment(text.slice(cut + 2), url.origin);
}

/** Whether a page of this origin is a secure context: https, or http on the loopback itself. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** Loopback names and addresses (RFC 6761, RFC 1122), as a parsed URL's `hostname` writes them. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname);
