// Reads a file of another password manager, whatever it is; the products stand in importers/registry.ts. Runs in a worker.
import { unzipSync } from 'fflate';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import { loaded } from '../shell/loaded.ts';
import { judgeSeed } from './importers/code.ts';
import { textOf } from './importers/encoding.ts';
import { type ExportFile, type Found, leave, type Preview, ROWS_MAX, UNPACKED_MAX } from './importers/entry.ts';
import { IMPORTERS } from './importers/registry.ts';

/** Larger than any honest export (5,000 accounts are about 1 MB), small enough to be read on a phone. */
export const FILE_MAX = 48 * 1024 * 1024;
/** An archive may hold attachments, which are left packed. */
const ARCHIVE_MAX = 128 * 1024 * 1024;
const LONGEST = { username: 256, password: 512, notes: 10_000, title: 200 } as const;

const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/**
 * The files of a ZIP archive that some importer wants. What it says of its sizes is not trusted: nothing is unpacked beyond the roof.
 * @throws ScankeyError `import-too-large`
 */
function unpacked(file: ExportFile): ExportFile[] {
  let total = 0;
  const beside: string[] = [];
  const files = unzipSync(file.bytes, {
    filter({ name, size, originalSize }) {
      beside.push(name);
      if (!IMPORTERS.some(({ inArchive }) => inArchive?.test(name))) return false;
      // Several may lie in the same place, and one that is stored is as large as it is, whatever it says.
      total += Math.max(size, originalSize);
      if (total > UNPACKED_MAX) throw new ScankeyError('import-too-large');
      return true;
    },
  });
  return Object.entries(files).map(([name, bytes]) => ({ ...file, name, bytes, beside, ...textOf(bytes) }));
}

const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 4096).includes(0);

/**
 * @param bytes the whole file
 * @param password what the person typed for an encrypted one
 * @param more the key file of an encrypted one; what the columns of a table hold
 * @throws ScankeyError `import-unknown`, `import-encoding`, `import-too-large`, `import-locked`, `import-password` when one is
 * needed or another one, `import-key-file`, `import-kdb`, `import-twofish`, `import-columns`, `import-failed`, `import-costly`
 */
export async function readExport(
  name: string,
  bytes: Uint8Array,
  password?: string,
  { keyFile, columns }: Pick<ExportFile, 'keyFile' | 'columns'> = {},
): Promise<Found> {
  if (bytes.length > (isArchive(bytes) ? ARCHIVE_MAX : FILE_MAX)) throw new ScankeyError('import-too-large');
  const file: ExportFile = { name, bytes, text: undefined, password, keyFile, columns, ...textOf(bytes) };
  try {
    for (const inner of isArchive(file.bytes) ? unpacked(file) : [file])
      for (const { load } of IMPORTERS) {
        const found = await (await loaded(load()))(inner);
        if (found) return judged({ ...found, ...(inner.encoding ? { encoding: inner.encoding } : {}) });
      }
  } catch (error) {
    throw new ScankeyError(codeOf(error, 'import-failed'), { cause: error });
  }
  throw new ScankeyError(file.text === undefined && !isBinary(bytes) ? 'import-encoding' : 'import-unknown');
}

/** Entries as the vault can hold them; what of them it cannot joins what was left out. */
function judged(read: Found): Found {
  if (read.entries.length > ROWS_MAX) throw new ScankeyError('import-too-large');
  const found: Found = { ...read, entries: [], unread: [...read.unread] };
  for (const one of read.entries) {
    const seed = one.totp === '' ? { address: '' } : judgeSeed(one.totp);
    if (one.username.length > LONGEST.username || one.password.length > LONGEST.password) {
      leave(found, one, 'too-long');
      continue;
    }
    if ('why' in seed) leave(found, one, seed.why);
    if ('why' in seed && !one.password) continue;
    // A title that is cut stands in the notes as it was.
    const title = one.title.slice(0, LONGEST.title);
    const whole = title === one.title ? one.notes : [one.title, one.notes].filter(Boolean).join('\n');
    const notes = whole.slice(0, LONGEST.notes);
    if (notes !== whole) leave(found, one, 'cut');
    found.entries.push({ ...one, title, notes, totp: 'address' in seed ? seed.address : '' });
  }
  return { ...found, unread: found.unread.toSorted((a, b) => a.line - b.line) };
}

/** The first rows of a table whose columns nobody knows; undefined for a text that is none. */
export async function previewTable(bytes: Uint8Array): Promise<Preview | undefined> {
  const { previewOf } = await loaded(import('./importers/csv.ts'));
  const read = textOf(bytes);
  return read && previewOf(read.text);
}
