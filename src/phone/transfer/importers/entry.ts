// What every reader of another product's export gives.
import { ScankeyError } from '../../../protocol/errors.ts';
import type { Account } from '../../vault/document.ts';

/** One sign-in as another product stored it. */
export interface Entry {
  title: string;
  /** Addresses as they stood in the file. */
  urls: string[];
  username: string;
  password: string;
  notes: string;
  /** Secret of one-time codes as it stood in the file: an `otpauth:` address or base32. */
  totp: string;
  favourite: boolean;
  tenant: string;
  /** What only our own file knows: when an account fits, and what is asked for before it is used. */
  rules?: Pick<Account, 'match' | 'guard'>;
  history: { password: string; until: number }[];
  /** When the password was set, ms since 1970; 0 when the file does not say. */
  at: number;
  /** Where it stood: the line of a text file, the number of the item in any other, from 1. */
  line?: number;
}

/** Why a row, an item or a part of one was left out. */
export type Unread =
  // Of the whole: it is none, none that is in use, or cannot be read.
  | 'columns'
  | 'no-secret'
  | 'other-kind'
  | 'archived'
  | 'binned'
  | 'unreadable'
  | 'too-long'
  // Of the rest of one whose password was taken over, or of one that is nothing else.
  | 'totp'
  | 'counter'
  | 'reference'
  | 'passkey'
  | 'attachment'
  | 'part'
  | 'cut';

export interface Left {
  /** Line of a text file, number of the item in any other, from 1. */
  line: number;
  /** What the file calls it. */
  title: string;
  why: Unread;
}

export interface Found {
  /** The product that the file comes from. */
  source: string;
  /** The file is a text whose rows people find by their lines; otherwise by their titles. */
  byLine?: boolean;
  entries: Entry[];
  /** What was left out. */
  unread: Left[];
  /** The encoding of the file's text, where that was guessed. */
  encoding?: string;
  /** How many codes of a batch were seen, and of how many. */
  batch?: { seen: number; size: number };
}

/** What a reader makes of one row or item; `take` decides what becomes of it. */
export interface Item extends Partial<Entry> {
  /** Why it is not wanted, whatever it holds. */
  not?: Unread | false | undefined;
  /** Further fields by their names: what stands in them goes into the notes, a line each. */
  fields?: readonly (readonly [name: string, value: string | null | undefined])[];
  /** What it holds beside, and no account can hold. */
  without?: readonly Unread[];
}

/** What a file calls an entry, as near as it comes. */
export const nameOf = ({ title, username, urls, line }: Entry): string => title || username || urls[0] || `#${line}`;

/** Names to the person what was left out of an entry, or that all of it was. */
export const leave = (found: Found, one: Entry, why: Unread): void =>
  void found.unread.push({ line: one.line ?? 0, title: nameOf(one), why });

/**
 * Puts one item where it belongs: among the entries, or, by its title, among what was left out. Nothing goes without a word.
 * @param line of a text file, or the number of the item
 */
export function take(found: Found, line: number, { not, fields = [], without = [], ...known }: Item): void {
  const more = fields.flatMap(([name, value]) => (value?.trim() ? [name ? `${name}: ${value}` : value] : []));
  const one = entry({ ...known, line, notes: [known.notes ?? '', ...more].filter(Boolean).join('\n') });
  const bare = !one.password && !one.totp;
  if (!not && !bare) found.entries.push(one);
  // One that is nothing but a passkey is told as that.
  const whole: readonly Unread[] = not ? [not] : bare && without.length === 0 ? ['no-secret'] : without;
  for (const why of new Set(whole)) leave(found, one, why);
}

/** More rows than any person has accounts. */
export const ROWS_MAX = 20_000;
/** Bytes that a packed file may unpack to. */
export const UNPACKED_MAX = 64 * 1024 * 1024;

/** What a column of a table may hold. */
export const COLUMNS = ['title', 'url', 'username', 'password', 'totp', 'notes'] as const;
/** The number of each column, from 0. */
export type Columns = Partial<Record<(typeof COLUMNS)[number], number>>;

/** A table of which the person is asked what its columns hold. */
export interface Preview {
  /** What each column is called, or, where nobody says, what stands first in it. */
  names: string[];
  /** The first rows. */
  rows: string[][];
  /** What can be told already. */
  guess: Columns;
}

/** The front of every file of KeePass. */
export const isKeePass = (bytes: Uint8Array): boolean =>
  [0x03, 0xd9, 0xa2, 0x9a].every((byte, at) => bytes[at] === byte);

export interface ExportFile {
  name: string;
  bytes: Uint8Array;
  /** The bytes as text, when they are one. */
  text: string | undefined;
  /** Its encoding, where that was guessed. */
  encoding?: string;
  /** What the person typed for an encrypted file; may be empty. */
  password: string | undefined;
  /** The key file that the person chose for an encrypted file. */
  keyFile?: Uint8Array | undefined;
  /** Names of all that lies in the same archive. */
  beside?: readonly string[];
  /** What the person said that the columns of a table hold. */
  columns?: Columns | undefined;
}

/** A reader of one format. `undefined` from `read` means "not mine". May throw a ScankeyError. */
export type Read = (file: ExportFile) => Promise<Found | undefined>;

/**
 * The key of a sealed file, if this phone can make it.
 * @param within what the file asks for is no more than any phone should try
 * @throws ScankeyError `import-costly`, also where the memory is not to be had
 */
export async function affordable<T>(within: boolean, derive: () => Promise<T>): Promise<T> {
  if (!within) throw new ScankeyError('import-costly');
  try {
    return await derive();
  } catch (cause) {
    // The library's own word for memory that it was not given.
    throw cause instanceof RangeError ? new ScankeyError('import-costly', { cause }) : cause;
  }
}

export const entry = (known: Partial<Entry>): Entry => ({
  title: '',
  urls: [],
  username: '',
  password: '',
  notes: '',
  totp: '',
  favourite: false,
  tenant: '',
  history: [],
  at: 0,
  ...known,
});

/** A point in time as exports write it (seconds, milliseconds or ISO 8601), in ms since 1970; 0 when it is none. */
export function timeOf(text: unknown): number {
  if (typeof text === 'number' && Number.isFinite(text)) return text < 1e11 ? text * 1000 : text;
  if (typeof text !== 'string' || text === '') return 0;
  if (/^\d{9,}$/.test(text)) return timeOf(Number(text));
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : at;
}
