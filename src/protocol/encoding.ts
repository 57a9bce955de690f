// Byte strings of the protocol: fixed-width integers, length-prefixed text, text encodings, SHA-256. No meaning lives here.
import { base64urlnopad } from '@scure/base';

export type Bytes = Uint8Array<ArrayBuffer>;

/** `text` as UTF-8 bytes. */
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Strict UTF-8 decoding. @throws TypeError on malformed input. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** All `parts` in one array. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `value` as a big-endian unsigned integer of `width` bytes. @throws RangeError when it does not fit. */
export function uint(value: number, width: 1 | 2 | 4 | 8): Bytes {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width) throw new RangeError('integer out of range');
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

/** One length byte, then `text` as UTF-8 (`str8` in docs/protocol.md). @throws RangeError past 255 bytes. */
export function str8(text: string): Bytes {
  const bytes = utf8(text);
  return concat(uint(bytes.length, 1), bytes);
}

/** Base64url without padding (RFC 4648 section 5), the form of every byte string inside JSON. */
export const toBase64 = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);

/** @throws Error when `text` is not canonical base64url without padding. */
export const fromBase64 = (text: string): Bytes => new Uint8Array(base64urlnopad.decode(text));

/** SHA-256 of all `parts` in a row, 32 bytes. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
}

/** Whether two byte strings are equal, in time that depends on their length alone. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** `length` bytes from the platform's cryptographic random source. */
export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
