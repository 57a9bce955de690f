// Seeds of one-time codes in the fields of a KeePass entry, as KeePass (`TimeOtp-*`), KeePassXC and KeeWeb (`otp`), KeeOtp (`otp` as a
// query) and KeeTrayTOTP (`TOTP Seed`, `TOTP Settings`) write them.
import { addressOf, type Judged, judgeSeed } from './code.ts';

/** The text of a field by its name; empty where there is none. */
export type Fields = (name: string) => string;

/** Fields that hold seeds and what belongs to them, and are no notes. */
export const CODE_FIELD = /^(otp|TOTP (Seed|Settings)|(TimeOtp|HmacOtp)-.*)$/;

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text.replace(/\s/g, '')), (c) => c.charCodeAt(0));
const fromHex = (text: string): Uint8Array => {
  const hex = text.replace(/[\s-]/g, '');
  if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new Error('not hexadecimal');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
};
const ENCODINGS: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  base32: (text) => text,
  base64: fromBase64,
  hex: fromHex,
  utf8: (text) => new TextEncoder().encode(text),
};

const numberOf = (text: string | null | undefined): number | undefined => (text ? Number(text) : undefined);
const judged = (address: string | undefined): Judged => (address ? { address } : { why: 'totp' });

/** KeePassXC's address, KeeOtp's `key=…&step=…&size=…&type=…&otpHashMode=…&encoding=…`, or base32 alone. */
function fromOtp(text: string, issuer: string, account: string): Judged {
  if (!/(^|[?&])key=/i.test(text)) return judgeSeed(text);
  const query = new URLSearchParams(text.replace(/^\?/, ''));
  const kind = (query.get('type') ?? 'totp').toLowerCase();
  if (kind === 'hotp') return { why: 'counter' };
  const read = ENCODINGS[(query.get('encoding') ?? 'base32').toLowerCase().replace('-', '')];
  if (!read || !['totp', 'steam'].includes(kind)) return { why: 'totp' };
  return judged(
    addressOf({
      ...{ secret: read(query.get('key') ?? ''), issuer, account, steam: kind === 'steam' },
      digits: numberOf(query.get('size')),
      period: numberOf(query.get('step')),
      algorithm: query.get('otpHashMode'),
    }),
  );
}

function fromTimeOtp(fields: Fields, issuer: string, account: string): Judged | undefined {
  const [encoding, text] = Object.entries({
    utf8: fields('TimeOtp-Secret'),
    hex: fields('TimeOtp-Secret-Hex'),
    base32: fields('TimeOtp-Secret-Base32'),
    base64: fields('TimeOtp-Secret-Base64'),
  }).find(([, value]) => value !== '') ?? ['', ''];
  const secret = ENCODINGS[encoding]?.(text);
  if (secret === undefined) return undefined;
  return judged(
    addressOf({
      ...{ secret, issuer, account },
      digits: numberOf(fields('TimeOtp-Length')),
      period: numberOf(fields('TimeOtp-Period')),
      algorithm: fields('TimeOtp-Algorithm'),
    }),
  );
}

/** `TOTP Settings` are "30;6", "30;S" for Steam, and may go on with an address of a clock. */
function fromTray(fields: Fields, issuer: string, account: string): Judged | undefined {
  const secret = fields('TOTP Seed');
  if (!secret) return undefined;
  if (/^(otpauth|steam):/i.test(secret.trim())) return judgeSeed(secret);
  const [period, digits, more = ''] = fields('TOTP Settings').split(';');
  const steam = digits?.trim().toUpperCase() === 'S';
  return judged(
    addressOf({
      ...{ secret, issuer, account, steam },
      period: numberOf(period),
      digits: steam ? undefined : numberOf(digits),
      algorithm: /^(hmac-?)?sha/i.test(more) ? more : undefined,
    }),
  );
}

/** The seed of an entry; undefined where it has none. The first that can be read counts. */
export function seedOf(fields: Fields): Judged | undefined {
  const [issuer, account] = [fields('Title'), fields('UserName')];
  const ways = [
    () => (fields('otp') ? fromOtp(fields('otp').trim(), issuer, account) : undefined),
    () => fromTimeOtp(fields, issuer, account),
    () => fromTray(fields, issuer, account),
    (): Judged | undefined =>
      ['', '-Hex', '-Base32', '-Base64'].some((end) => fields(`HmacOtp-Secret${end}`)) ? { why: 'counter' } : undefined,
  ];
  const all = ways.flatMap((way) => {
    try {
      return way() ?? [];
    } catch {
      // Hexadecimal or base64 that is none.
      return [{ why: 'totp' } as const];
    }
  });
  return all.find((one) => 'address' in one) ?? all[0];
}
