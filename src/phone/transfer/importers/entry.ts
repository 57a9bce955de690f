// What every reader of another product's export gives.
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
}

/** Why one row of a file was left out. */
export type Unread = 'columns' | 'no-secret' | 'other-kind' | 'totp' | 'unreadable' | 'too-long';

export interface Found {
  /** The product that the file comes from. */
  source: string;
  entries: Entry[];
  /** Rows that were left out; `line` counts lines of a text file, items of any other, from 1. */
  unread: { line: number; why: Unread }[];
}

/** More rows than any person has accounts. */
export const ROWS_MAX = 20_000;
/** Bytes that a packed file may unpack to. */
export const UNPACKED_MAX = 64 * 1024 * 1024;

export interface ExportFile {
  name: string;
  bytes: Uint8Array;
  /** The bytes as text, when they are UTF-8 or UTF-16. */
  text: string | undefined;
  /** What the person typed for an encrypted file. */
  password: string | undefined;
}

/** A reader of one format. `undefined` from `read` means "not mine". May throw a ScankeyError. */
export type Read = (file: ExportFile) => Promise<Found | undefined>;

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
