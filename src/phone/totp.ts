// One-time codes (RFC 6238). The library is loaded when an account that has them is used; the seed never leaves the phone.

/** What a person typed or scanned as the secret of an account's codes, as an `otpauth:` address; undefined when it is none. */
export async function readSeed(typed: string): Promise<string | undefined> {
  const { TOTP, URI } = await import('otpauth');
  const text = typed.trim();
  try {
    if (/^otpauth:/i.test(text)) {
      const parsed = URI.parse(text);
      return parsed instanceof TOTP ? parsed.toString() : undefined;
    }
    const secret = text.replace(/[\s-]/g, '').toUpperCase();
    // Fewer than 80 bits is a slip, not a seed (RFC 4226 asks for 128).
    return /^[A-Z2-7]{16,}=*$/.test(secret) ? new TOTP({ secret, issuer: 'Scankey' }).toString() : undefined;
  } catch {
    return undefined;
  }
}

/** The code of `seed` at the time `now` (ms since 1970). @throws when the seed is no `otpauth:` address of TOTP */
export async function codeAt(seed: string, now: number): Promise<string> {
  const { TOTP, URI } = await import('otpauth');
  const parsed = URI.parse(seed);
  if (!(parsed instanceof TOTP)) throw new Error('not TOTP');
  return parsed.generate({ timestamp: now });
}
