// Reads a file of another password manager, whatever it is; the products stand in importers/registry.ts. Runs in a worker.
import { unzipSync } from 'fflate';
import { codeOf, ScankeyError } from '../../protocol/errors.ts';
import { readSeed } from '../vault/totp.ts';
import { type ExportFile, type Found, ROWS_MAX, UNPACKED_MAX } from './importers/entry.ts';
import { IMPORTERS } from './importers/registry.ts';

/** Larger than any honest export (5,000 accounts are about 1 MB), small enough to be read on a phone. */
export const FILE_MAX = 48 * 1024 * 1024;
const LONGEST = { username: 256, password: 512, notes: 10_000, title: 200 } as const;

/** UTF-8, or UTF-16 that says so; undefined for anything else. */
function textOf(bytes: Uint8Array): string | undefined {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const isArchive = ({ bytes }: ExportFile): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/**
 * The files of a ZIP archive that some importer wants. What it says of its sizes is not trusted: nothing is unpacked beyond the roof.
 * @throws ScankeyError `import-too-large`
 */
function unpacked(file: ExportFile): ExportFile[] {
  let total = 0;
  const files = unzipSync(file.bytes, {
    filter({ name, size, originalSize }) {
      if (!IMPORTERS.some(({ inArchive }) => inArchive?.test(name))) return false;
      // Several may lie in the same place, and one that is stored is as large as it is, whatever it says.
      total += Math.max(size, originalSize);
      if (total > UNPACKED_MAX) throw new ScankeyError('import-too-large');
      return true;
    },
  });
  return Object.entries(files).map(([name, bytes]) => ({ ...file, name, bytes, text: textOf(bytes) }));
}

const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 4096).includes(0);

/**
 * @param bytes the whole file
 * @param password what the person typed for an encrypted one
 * @throws ScankeyError `import-unknown`, `import-encoding`, `import-too-large`, `import-locked`, `import-password` when one is
 * needed or another one, `import-failed`, `params-refused`
 */
export async function readExport(name: string, bytes: Uint8Array, password?: string): Promise<Found> {
  if (bytes.length > FILE_MAX) throw new ScankeyError('import-too-large');
  const file: ExportFile = { name, bytes, text: textOf(bytes), password };
  try {
    for (const inner of isArchive(file) ? unpacked(file) : [file])
      for (const { load } of IMPORTERS) {
        const found = await (await load())(inner);
        if (found) return await judged(found);
      }
  } catch (error) {
    throw new ScankeyError(codeOf(error, 'import-failed'), { cause: error });
  }
  throw new ScankeyError(file.text === undefined && !isBinary(bytes) ? 'import-encoding' : 'import-unknown');
}

/** Entries that the vault can hold; the others join the rows that were left out. */
async function judged(found: Found): Promise<Found> {
  if (found.entries.length > ROWS_MAX) throw new ScankeyError('import-too-large');
  const entries: Found['entries'] = [];
  const unread = [...found.unread];
  for (const [index, one] of found.entries.entries()) {
    const line = index + 1;
    const totp = one.totp === '' ? '' : await readSeed(one.totp);
    const long = (Object.keys(LONGEST) as (keyof typeof LONGEST)[]).some((key) => one[key].length > LONGEST[key]);
    if (long) unread.push({ line, why: 'too-long' });
    else if (totp === undefined && !one.password) unread.push({ line, why: 'totp' });
    else entries.push({ ...one, totp: totp ?? '' });
  }
  return { ...found, entries, unread: unread.toSorted((a, b) => a.line - b.line) };
}
