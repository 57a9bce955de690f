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

async function parse(seed: string): Promise<import('otpauth').TOTP> {
  const { TOTP, URI } = await import('otpauth');
  const parsed = URI.parse(seed);
  if (!(parsed instanceof TOTP)) throw new Error('not TOTP');
  return parsed;
}

/** The code of `seed` at the time `now` (ms since 1970). @throws when the seed is no `otpauth:` address of TOTP */
export const codeAt = async (seed: string, now: number): Promise<string> =>
  (await parse(seed)).generate({ timestamp: now });

/** The same with the seconds that it is still good for, and of how many. */
export async function codeUntil(seed: string, now: number): Promise<{ code: string; left: number; period: number }> {
  const totp = await parse(seed);
  const left = totp.period - (Math.floor(now / 1000) % totp.period);
  return { code: totp.generate({ timestamp: now }), left, period: totp.period };
}
