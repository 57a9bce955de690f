// One-time codes of other products: 2FAS's backup (schema 4), Google Authenticator's `otpauth-migration:` codes, and plain lists
// of `otpauth:` addresses. Whether a secret is one is judged later, for all readers alike.
import { base32nopad } from '@scure/base';
import { PbfReader } from 'pbf';
import * as v from 'valibot';
import { fromUtf8, utf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { type Entry, entry, type Found, type Read } from './entry.ts';
import { parseJson, text } from './json.ts';

interface Code {
  issuer: string;
  account: string;
  secret: string;
  digits?: number;
  period?: number;
  algorithm?: string;
}

/** `otpauth:` address of a code (Google's "Key Uri Format"). */
function addressOf({ issuer, account, secret, digits = 6, period = 30, algorithm = 'SHA1' }: Code): string {
  const url = new URL(`otpauth://totp/${encodeURIComponent(issuer ? `${issuer}:${account}` : account)}`);
  for (const [key, value] of Object.entries({ secret, issuer, digits, period, algorithm }))
    if (value !== '') url.searchParams.set(key, String(value));
  return url.href;
}

const entryOf = (code: Code): Entry =>
  entry({ title: code.issuer || code.account, username: code.account, totp: addressOf(code) });

const Backup = v.object({
  schemaVersion: v.number(),
  services: v.array(v.unknown()),
  servicesEncrypted: text,
});
const Service = v.object({
  name: text,
  secret: v.string(),
  otp: v.object({
    account: text,
    label: text,
    issuer: text,
    digits: v.optional(v.number(), 6),
    period: v.optional(v.number(), 30),
    algorithm: v.optional(v.string(), 'SHA1'),
    tokenType: v.optional(v.string(), 'TOTP'),
  }),
});

/** 2FAS: PBKDF2-SHA-256 with 10,000 rounds, AES-256-GCM; data, salt and nonce in base64, divided by colons. */
async function decryptServices(sealed: string, password: string): Promise<unknown> {
  const [data, salt, iv] = sealed.split(':').map((part) => Uint8Array.from(atob(part), (c) => c.charCodeAt(0)));
  if (!data || !salt || !iv) throw new ScankeyError('import-failed');
  const base = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveKey']);
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 10_000 };
  const key = await crypto.subtle.deriveKey(params, base, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  try {
    return JSON.parse(fromUtf8(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data))));
  } catch (cause) {
    throw new ScankeyError('import-password', { cause });
  }
}

/** @throws ScankeyError `import-password` when a backup needs one, or another one */
export const readTwoFas: Read = async ({ text: json, password }) => {
  const backup = v.safeParse(Backup, parseJson(json));
  if (!backup.success) return undefined;
  let services: readonly unknown[] = backup.output.services;
  if (backup.output.servicesEncrypted) {
    if (!password) throw new ScankeyError('import-password');
    services = v.parse(v.array(v.unknown()), await decryptServices(backup.output.servicesEncrypted, password));
  }
  const found: Found = { source: '2FAS', entries: [], unread: [] };
  for (const [index, raw] of services.entries()) {
    const parsed = v.safeParse(Service, raw);
    const line = index + 1;
    if (!parsed.success) found.unread.push({ line, why: 'unreadable' });
    else if (parsed.output.otp.tokenType !== 'TOTP') found.unread.push({ line, why: 'other-kind' });
    else {
      const { name, secret, otp } = parsed.output;
      const { digits, period, algorithm } = otp;
      const issuer = otp.issuer || name || '';
      found.entries.push(
        entryOf({ issuer, account: otp.account || otp.label || '', secret, digits, period, algorithm }),
      );
    }
  }
  return found;
};

/** Google Authenticator's MigrationPayload: field 1 repeats; its fields are secret, name, issuer, algorithm, digits, type. */
function readMigration(address: string, line: number, found: Found): void {
  const data = new URL(address).searchParams.get('data');
  if (!data) return void found.unread.push({ line, why: 'unreadable' });
  const bytes = Uint8Array.from(atob(data.replaceAll(' ', '+')), (c) => c.charCodeAt(0));
  new PbfReader(bytes).readFields((tag, _none, pbf) => {
    if (tag !== 1) return;
    const code = { secret: new Uint8Array(), name: '', issuer: '', algorithm: 1, digits: 1, type: 2 };
    pbf.readMessage((field, into, inner) => {
      if (field === 1) into.secret = new Uint8Array(inner.readBytes());
      else if (field === 2) into.name = inner.readString();
      else if (field === 3) into.issuer = inner.readString();
      else if (field === 4) into.algorithm = inner.readVarint();
      else if (field === 5) into.digits = inner.readVarint();
      else if (field === 6) into.type = inner.readVarint();
    }, code);
    const algorithm = ['SHA1', 'SHA1', 'SHA256', 'SHA512'][code.algorithm];
    if (code.type !== 2 || !algorithm) return void found.unread.push({ line, why: 'other-kind' });
    const account = code.name.startsWith(`${code.issuer}:`)
      ? code.name.slice(code.issuer.length + 1).trim()
      : code.name;
    const digits = code.digits === 2 ? 8 : 6;
    found.entries.push(
      entryOf({ issuer: code.issuer, account, secret: base32nopad.encode(code.secret), digits, algorithm }),
    );
  }, undefined);
}

/** Lines of `otpauth:` and `otpauth-migration:` addresses, as a camera or a text file gives them. */
export const readAddresses: Read = async ({ text: lines }) => {
  if (lines === undefined || !/^\s*otpauth(-migration)?:/i.test(lines)) return undefined;
  const found: Found = { source: 'Google Authenticator', entries: [], unread: [] };
  for (const [index, address] of lines.split('\n').entries()) {
    const line = index + 1;
    if (address.trim() === '') continue;
    try {
      if (/^\s*otpauth-migration:/i.test(address)) readMigration(address.trim(), line, found);
      else {
        const url = new URL(address.trim());
        const [issuer = '', account = ''] = decodeURIComponent(url.pathname.replace(/^\/+(totp\/)?/, '')).split(
          /:(.*)/s,
        );
        const title = url.searchParams.get('issuer') ?? issuer;
        found.entries.push(entry({ title, username: (account || issuer).trim(), totp: address.trim() }));
      }
    } catch {
      found.unread.push({ line, why: 'unreadable' });
    }
  }
  return found;
};
