// One-time codes of other products: 2FAS's backup (schema 4), Google Authenticator's `otpauth-migration:` codes, and plain lists
// of `otpauth:` addresses. Whether a secret is one is judged later, for all readers alike.
import { PbfReader } from 'pbf';
import * as v from 'valibot';
import { fromUtf8 } from '../../../protocol/encoding.ts';
import { ScankeyError } from '../../../protocol/errors.ts';
import { addressOf, type Code, judgeSeed, namesOf } from './code.ts';
import { type Found, type Read, take } from './entry.ts';
import { parseJson, text, titleOf } from './json.ts';
import { bytesOf, stretched, unsealed } from './unseal.ts';

/** Takes one code, or names why it is none. */
function takeCode(found: Found, line: number, { issuer = '', account = '', ...code }: Code, title = issuer): void {
  const address = addressOf({ ...code, issuer, account });
  take(found, line, {
    title: title || account || '',
    username: account ?? '',
    totp: address ?? '',
    not: address === undefined && 'totp',
  });
}

const Backup = v.object({
  schemaVersion: v.number(),
  services: v.array(v.unknown()),
  servicesEncrypted: text,
});
const number = v.optional(v.nullable(v.number()));
const Service = v.object({
  name: text,
  secret: v.string(),
  otp: v.optional(
    v.nullable(
      v.object({
        account: text,
        label: text,
        issuer: text,
        digits: number,
        period: number,
        algorithm: text,
        tokenType: text,
      }),
    ),
  ),
});

/** 2FAS: PBKDF2-SHA-256 with 10,000 rounds, AES-256-GCM; data, salt and nonce in base64, divided by colons. */
async function decryptServices(sealed: string, password: string): Promise<unknown> {
  const [data, salt, iv] = sealed.split(':').map(bytesOf);
  if (!data || !salt || !iv) throw new ScankeyError('import-failed');
  const key = await stretched(password, salt, 10_000, 'SHA-256');
  return JSON.parse(fromUtf8(await unsealed(key, { name: 'AES-GCM', iv }, data)));
}

/** @throws ScankeyError `import-password` when a backup needs one, or another one */
export const readTwoFas: Read = async ({ text: json, password }) => {
  const backup = v.safeParse(Backup, parseJson(json));
  if (!backup.success) return undefined;
  let services: readonly unknown[] = backup.output.services;
  if (backup.output.servicesEncrypted) {
    if (password === undefined) throw new ScankeyError('import-password');
    services = v.parse(v.array(v.unknown()), await decryptServices(backup.output.servicesEncrypted, password));
  }
  const found: Found = { source: '2FAS', entries: [], unread: [] };
  for (const [index, raw] of services.entries()) {
    const parsed = v.safeParse(Service, raw);
    if (!parsed.success) {
      take(found, index + 1, { title: titleOf(raw, 'name'), not: 'unreadable' });
      continue;
    }
    const { name, secret, otp } = parsed.output;
    const { digits, period, algorithm } = otp ?? {};
    const kind = (otp?.tokenType || 'TOTP').toUpperCase();
    const title = otp?.issuer || name || '';
    if (kind === 'HOTP') take(found, index + 1, { title, not: 'counter' });
    else
      takeCode(found, index + 1, {
        ...{ issuer: title, account: otp?.account || otp?.label || '', secret, digits, period, algorithm },
        steam: kind === 'STEAM',
      });
  }
  return found;
};

/** By `MigrationPayload.OtpParameters`; what is not said is what the app takes for it. */
const MIGRATED = {
  algorithm: ['SHA1', 'SHA1', 'SHA256', 'SHA512', 'MD5'],
  digits: [6, 6, 8],
};
const COUNTER = 1;

/** Numbers of batches, and of each the codes that were seen. */
type Batches = Map<number, { seen: Set<number>; size: number }>;

/**
 * Google Authenticator's MigrationPayload: field 1 repeats, one a code (secret, name, issuer, algorithm, digits, type); 3 to 5 are the
 * size of the batch, the number of this one in it, and the batch's own.
 */
function readMigration(address: string, line: number, found: Found, batches: Batches): void {
  const data = new URL(address).searchParams.get('data') ?? '';
  const base64 = data.replaceAll(' ', '+').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const batch = { size: 1, index: 0, id: 0 };
  const before = found.entries.length + found.unread.length;
  new PbfReader(bytes).readFields((tag, _none, pbf) => {
    if (tag === 3) batch.size = pbf.readVarint();
    else if (tag === 4) batch.index = pbf.readVarint();
    else if (tag === 5) batch.id = pbf.readVarint();
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
    const [issuer, account] = namesOf(code.name, code.issuer);
    const title = issuer || account;
    if (code.type === COUNTER) take(found, line, { title, not: 'counter' });
    else
      takeCode(found, line, {
        ...{ issuer, account, secret: code.secret },
        algorithm: MIGRATED.algorithm[code.algorithm] ?? 'unknown',
        digits: MIGRATED.digits[code.digits] ?? 0,
      });
  }, undefined);
  if (found.entries.length + found.unread.length === before) throw new ScankeyError('import-failed');
  const known = batches.get(batch.id) ?? { seen: new Set(), size: batch.size };
  batches.set(batch.id, known);
  known.seen.add(batch.index);
}

/** Lines of `otpauth:` and `otpauth-migration:` addresses, as a camera or a text file gives them. */
export const readAddresses: Read = async ({ text: lines }) => {
  if (lines === undefined || !/^\s*(otpauth(-migration)?|steam):/i.test(lines)) return undefined;
  const found: Found = { source: 'Google Authenticator', byLine: true, entries: [], unread: [] };
  const batches: Batches = new Map();
  for (const [index, raw] of lines.split(/\r\n?|\n/).entries()) {
    const line = index + 1;
    const address = raw.trim();
    if (address === '') continue;
    try {
      if (/^otpauth-migration:/i.test(address)) readMigration(address, line, found, batches);
      else takeAddress(found, line, address);
    } catch {
      take(found, line, { not: 'unreadable' });
    }
  }
  const all = [...batches.values()];
  const seen = all.reduce((sum, one) => sum + one.seen.size, 0);
  const size = all.reduce((sum, one) => sum + one.size, 0);
  return seen < size ? { ...found, batch: { seen, size } } : found;
};

function takeAddress(found: Found, line: number, address: string): void {
  const judged = judgeSeed(address);
  if (!/^(otpauth|steam):/i.test(address)) take(found, line, { not: 'unreadable' });
  else if ('why' in judged) take(found, line, { not: judged.why });
  else {
    const url = new URL(judged.address);
    const [issuer, account] = namesOf(decodeURIComponent(url.pathname.slice(1)), url.searchParams.get('issuer') ?? '');
    take(found, line, { title: issuer || account, username: account, totp: judged.address });
  }
}
