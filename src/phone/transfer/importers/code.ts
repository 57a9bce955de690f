// Seeds of one-time codes as products write them (otpauth and steam addresses, bare base32 with or without blanks, parameters of
// their own), made into the one form that the vault keeps: an `otpauth:` address.
import { base32nopad } from '@scure/base';

/** One seed with whatever the file says of its codes; what it does not say is what nearly all are: SHA-1, 6 digits, 30 s. */
export interface Code {
  /** Base32, blanks and padding allowed; or the bytes. */
  secret: string | Uint8Array;
  issuer?: string | null | undefined;
  account?: string | null | undefined;
  digits?: number | null | undefined;
  /** Seconds. */
  period?: number | null | undefined;
  /** However the product spells it: SHA1, SHA-256, HmacSHA512. */
  algorithm?: string | null | undefined;
  /** Steam's five letters in place of digits. */
  steam?: boolean;
}

const ALGORITHM = /^(?:HMAC)?[-_]?(SHA)[-_]?(1|224|256|384|512)$/i;

/** `otpauth:` address of a code (Google's "Key Uri Format"; Steam's as KeePassXC writes it); undefined when it cannot be one. */
export function addressOf(code: Code): string | undefined {
  const { issuer, account, steam = false } = code;
  const secret =
    typeof code.secret === 'string'
      ? code.secret.replace(/[\s=-]/g, '').toUpperCase()
      : base32nopad.encode(code.secret);
  const [, name, size] = ALGORITHM.exec(code.algorithm || 'SHA1') ?? [];
  const digits = steam ? 5 : (code.digits ?? 6);
  const period = code.period ?? 30;
  // What a sign-in can be given (the schema of its messages).
  const fits = (steam || [6, 7, 8].includes(digits)) && Number.isInteger(period) && period >= 1 && period <= 3600;
  if (!name || !fits || !/^[A-Z2-7]{2,}$/.test(secret)) return undefined;
  const label = [issuer, account].filter(Boolean).join(':') || 'Scankey';
  const url = new URL(`otpauth://totp/${encodeURIComponent(label)}`);
  const all = { issuer: issuer ?? '', secret, algorithm: `${name}${size}`.toUpperCase(), digits, period };
  for (const [key, value] of Object.entries({ ...all, encoder: steam ? 'steam' : '' }))
    if (value !== '') url.searchParams.set(key, String(value));
  // A blank is `%20` to every reader of such addresses, `+` to some only.
  return url.href.replaceAll('+', '%20');
}

export type Judged = { address: string } | { why: 'totp' | 'counter' };

/** A number that the address names; undefined where it names none. */
const numberOf = (text: string | null): number | undefined => (text ? Number(text) : undefined);

/** Whatever stood in a file for a seed. @returns its address, or why it is none: a counter (HOTP), or not a seed at all */
export function judgeSeed(written: string): Judged {
  const text = written.trim();
  const judged = (code: Code): Judged => {
    const address = addressOf(code);
    return address === undefined ? { why: 'totp' } : { address };
  };
  if (/^steam:/i.test(text)) return judged({ secret: text.replace(/^steam:\/*/i, ''), issuer: 'Steam', steam: true });
  if (/^otpauth:/i.test(text)) {
    if (!URL.canParse(text)) return { why: 'totp' };
    const { hostname, pathname, searchParams } = new URL(text);
    const [kind = '', ...label] = `${hostname}${pathname}`.split('/').filter(Boolean);
    if (/^hotp$/i.test(kind)) return { why: 'counter' };
    const steam = /^steam$/i.test(searchParams.get('encoder') ?? '') || /^steam$/i.test(kind);
    if (!steam && !/^totp$/i.test(kind)) return { why: 'totp' };
    const [issuer, account] = namesOf(decoded(label.join('/')), searchParams.get('issuer') ?? '');
    return judged({
      ...{ secret: searchParams.get('secret') ?? '', issuer, account, steam },
      digits: numberOf(searchParams.get('digits')),
      period: numberOf(searchParams.get('period')),
      algorithm: searchParams.get('algorithm'),
    });
  }
  // With hyphens it may as well be words; a seed in groups is long.
  const bare = text.replace(/\s/g, '');
  return /^[a-z2-7]{8,}=*$/i.test(bare) || /^[a-z2-7]{4}(-?[a-z2-7]){12,}=*$/i.test(bare)
    ? judged({ secret: bare })
    : { why: 'totp' };
}

/** Percent signs that mean nothing are left as they stand. */
export const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Issuer and account of a label `Issuer:account`, where the issuer may be named beside it, too. */
export function namesOf(label: string, issuer: string): [issuer: string, account: string] {
  const [, before, after] = /^([^:]*):\s*(.*)$/s.exec(label) ?? [];
  if (before === undefined || after === undefined) return [issuer, label.trim()];
  return [issuer || before.trim(), after.trim()];
}
