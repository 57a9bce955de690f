// One-time codes (RFC 6238). The library is loaded when an account that has them is used; the seed never leaves the phone.
import { loaded } from '../shell/loaded.ts';

/** What a person typed or scanned as the secret of an account's codes, as an `otpauth:` address; undefined when it is none. */
export async function readSeed(typed: string): Promise<string | undefined> {
  const { TOTP, URI } = await loaded(import('otpauth'));
  const text = typed.trim();
  try {
    if (/^otpauth:/i.test(text)) {
      const parsed = URI.parse(text);
      // Its own writing of the address knows nothing of Steam's letters.
      const letters = /[?&]encoder=steam(&|$)/.test(text) ? '&encoder=steam' : '';
      return parsed instanceof TOTP ? `${parsed}${letters}` : undefined;
    }
    const secret = text.replace(/[\s-]/g, '').toUpperCase();
    // Fewer than 80 bits is a slip, not a seed (RFC 4226 asks for 128).
    return /^[A-Z2-7]{16,}=*$/.test(secret) ? new TOTP({ secret, issuer: 'Scankey' }).toString() : undefined;
  } catch {
    return undefined;
  }
}

async function parse(seed: string): Promise<import('otpauth').TOTP> {
  const { TOTP, URI } = await loaded(import('otpauth'));
  const parsed = URI.parse(seed);
  if (!(parsed instanceof TOTP)) throw new Error('not TOTP');
  return parsed;
}

const STEAM = '23456789BCDFGHJKMNPQRTVWXY';
/** Steam Guard's five letters stand for the same number (RFC 4226, 5.3) as digits would, written in a system of 26. */
function generate(totp: import('otpauth').TOTP, seed: string, timestamp: number): string {
  if (!/[?&]encoder=steam(&|$)/.test(seed)) return totp.generate({ timestamp });
  totp.digits = 10;
  let rest = Number(totp.generate({ timestamp }));
  return Array.from({ length: 5 }, () => {
    const letter = STEAM[rest % STEAM.length];
    rest = Math.floor(rest / STEAM.length);
    return letter;
  }).join('');
}

/** The code of `seed` at the time `now` (ms since 1970). @throws when the seed is no `otpauth:` address of TOTP */
export const codeAt = async (seed: string, now: number): Promise<string> => generate(await parse(seed), seed, now);

/** The same with the seconds that it is still good for, and of how many. */
export async function codeUntil(seed: string, now: number): Promise<{ code: string; left: number; period: number }> {
  const totp = await parse(seed);
  const left = totp.period - (Math.floor(now / 1000) % totp.period);
  return { code: generate(totp, seed, now), left, period: totp.period };
}
