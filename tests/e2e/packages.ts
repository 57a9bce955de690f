// The packages as scripts/ makes them, for tests that install them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

interface Archives {
  storeArchive(browser: 'chrome' | 'firefox', folder: string): Promise<Uint8Array>;
  sourcesArchive(): Uint8Array;
}
export const { storeArchive, sourcesArchive } = (await import('../../scripts/archives.mjs' as string)) as Archives;

/** Writes what an archive holds into a folder. */
export function unpack(archive: Uint8Array, folder: string): void {
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}
