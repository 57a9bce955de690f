// Backups at the companion: what travels, and what the recovery key gives. The companion keeps sealed bytes under an id that
// tells nothing, and hands them to whoever has the key; see section 8 of docs/protocol.md.
import { base32nopad } from '@scure/base';
import * as v from 'valibot';
import { type Bytes, concat, equal, randomBytes, sha256, toBase64, utf8 } from './encoding.ts';
import { ScankeyError } from './errors.ts';

export const BACKUP = {
  /** Of one sealed copy, and of the same in base64url. */
  bytes: 4 * 1024 * 1024,
  characters: Math.ceil((4 * 1024 * 1024 * 4) / 3),
  /** Copies kept, and how long one that was replaced is. */
  copies: 3,
  replacedMs: 30 * 86_400_000,
  /** A backup that nobody reads or writes is forgotten after this… */
  unusedMs: 400 * 86_400_000,
  /** …and after this one that nobody ever came back to: a phone that was lost on its first day is missed for months. */
  newMs: 180 * 86_400_000,
  writesPerHour: 30,
  /** By how much all backups of one network may grow in a day, bytes. */
  growthPerDay: 32 * 1024 * 1024,
} as const;

const base64 = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`)));
const Id = base64(16);
const Revision = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const Blob = v.pipe(v.string(), v.maxLength(BACKUP.characters), v.regex(/^[A-Za-z0-9_-]+$/));

/** Body of `POST /v1/backup`; `Authorization: Scankey AUTH` goes with it. `ifRev` 0 stands for "there is none yet". */
export const BackupRequest = v.variant('t', [
  v.strictObject({ t: v.literal('read'), id: Id }),
  v.strictObject({ t: v.literal('write'), id: Id, ifRev: Revision, rev: Revision, blob: Blob }),
  v.strictObject({ t: v.literal('delete'), id: Id }),
]);
export type BackupRequest = v.InferOutput<typeof BackupRequest>;

export const BackupAnswer = v.object({ rev: Revision, blob: Blob });
export const Authorization = v.pipe(
  v.string(),
  v.regex(/^Scankey [A-Za-z0-9_-]{43}$/),
  v.transform((text) => text.slice(8)),
);

/** A fresh recovery key, 128 bits. */
export const newRecoveryKey = (): Bytes => randomBytes(16);

/** Where a backup lies and what shows that one may have it, from the recovery key alone; base64url. */
export async function addressOf(recovery: Bytes): Promise<{ id: string; auth: string }> {
  const base = await crypto.subtle.importKey('raw', recovery, 'HKDF', false, ['deriveBits']);
  const derive = async (label: string, bytes: number) => {
    const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(label) };
    return toBase64(new Uint8Array(await crypto.subtle.deriveBits(params, base, bytes * 8)));
  };
  const [id, auth] = await Promise.all([derive('scankey/1 backup id', 16), derive('scankey/1 backup auth', 32)]);
  return { id, auth };
}

const SHEET_MAGIC = utf8('SKR1');
const SHEET_CHARACTERS = 36;
const KEY_CHARACTERS = 26;

const checkOf = async (recovery: Bytes): Promise<Bytes> =>
  (await sha256(utf8('scankey/1 sheet'), recovery)).slice(0, 2);

/** What a recovery sheet's code says: "SKR1" ‖ key ‖ 2 bytes of check in Base32, as the fragment of the phone page's address. */
export const sheetLink = async (origin: string, recovery: Bytes): Promise<string> =>
  `${origin}/#${base32nopad.encode(concat(SHEET_MAGIC, recovery, await checkOf(recovery)))}`;

/** The key as people read and type it: 26 Base32 characters in groups. */
export const sheetWords = (recovery: Bytes): string[] => base32nopad.encode(recovery).match(/.{1,4}/g) ?? [];

/** Whether a fragment or a scanned text is that of a recovery sheet. */
export const isSheet = (text: string): boolean => /(^|#)KNFVEM[A-Z2-7]{30}$/.test(text);

/**
 * Reads a sheet's code (whole address or fragment) or its typed characters, however they are grouped; base64url.
 * @throws ScankeyError `not-a-sheet`
 */
export async function readSheet(text: string): Promise<string> {
  const typed = text
    .slice(text.indexOf('#') + 1)
    .toUpperCase()
    .replace(/[\s-]/g, '');
  // Base32 has none of these digits; people see them all the same.
  const characters = typed.replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B');
  try {
    const bytes = new Uint8Array(base32nopad.decode(characters));
    if (characters.length === KEY_CHARACTERS) return toBase64(bytes);
    const recovery = bytes.slice(4, 20);
    const good = characters.length === SHEET_CHARACTERS && equal(bytes.slice(0, 4), SHEET_MAGIC);
    if (good && equal(bytes.slice(20), await checkOf(recovery))) return toBase64(recovery);
  } catch {
    // Told below, like every other text.
  }
  throw new ScankeyError('not-a-sheet');
}
