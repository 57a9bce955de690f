// How products seal what they write out: a key from the password, and AES in one of its modes. A password that opens nothing is
// another one, since no format tells that apart from a damaged file.
import { type Bytes, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';

/** @throws ScankeyError `import-failed` for what is no base64 */
export function bytesOf(base64: string): Bytes {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw new ScankeyError('import-failed', { cause });
  }
}

/** A key of 32 bytes by PBKDF2 (RFC 8018). */
export async function stretched(
  password: string,
  salt: Bytes,
  iterations: number,
  hash: 'SHA-1' | 'SHA-256',
): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, base, 256));
}

/**
 * What was sealed with AES-GCM, or AES-CBC, under `key`.
 * @param sealed of GCM with its tag at the end
 * @throws ScankeyError `import-password` when it does not open
 */
export async function unsealed(key: Bytes, how: AesGcmParams | AesCbcParams, sealed: Bytes): Promise<Bytes> {
  try {
    const imported = await crypto.subtle.importKey('raw', key, how.name, false, ['decrypt']);
    return new Uint8Array(await crypto.subtle.decrypt(how, imported, sealed));
  } catch (cause) {
    throw new ScankeyError('import-password', { cause });
  }
}
