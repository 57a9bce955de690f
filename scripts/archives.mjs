// The archives for the stores: the extension of either browser from a built folder, and the sources that AMO asks for. The same files
// give the same bytes: names in order, one time, no extra fields.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import zopfli from '@gfx/zopfli';
import { Zip, ZipPassThrough, zipSync } from 'fflate';

const root = resolve(import.meta.dirname, '..');

const DATE = new Date(1980, 0, 1);

/** A file of an archive, deflated as small as can be: a tenth smaller than at fflate's best, in a hundred times the time. */
class Deflated extends ZipPassThrough {
  compression = 8;
  mtime = DATE;
  #deflated;

  constructor(name, deflated) {
    super(name);
    this.#deflated = deflated;
  }

  process(_bytes, isFinal) {
    this.ondata(null, this.#deflated, isFinal);
  }
}

/** A ZIP archive of `files`, name → bytes, for people to download: every one dated alike. */
async function smallZip(files) {
  const parts = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const name of Object.keys(files).sort()) {
    // More rounds than one find 30 bytes in ten thousand.
    const file = new Deflated(name, await zopfli.deflateAsync(files[name], { numiterations: 1 }));
    zip.add(file);
    file.push(new Uint8Array(files[name]), true);
  }
  zip.end();
  return Buffer.concat(parts);
}

/** Every file below `folder` by its path there, those of the folders that `skips` names left out. */
const filesIn = (folder, skips = []) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (skips.includes(entry.name)) return [];
    return entry.isDirectory()
      ? filesIn(path).map((name) => join(entry.name, name))
      : entry.isFile()
        ? [entry.name]
        : [];
  });

const read = (folder, names) => Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));

/**
 * The extension of one browser.
 * @param folder its build
 * @param changes what its manifest says otherwise, or how that follows from it; what is undefined there it does not say
 */
export async function extensionArchive(folder, changes = {}) {
  const files = read(folder, filesIn(folder));
  const built = JSON.parse(files['manifest.json']);
  const manifest = { ...built, ...(typeof changes === 'function' ? changes(built) : changes) };
  return smallZip({ ...files, 'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) });
}

/** What each store takes. The Chrome Web Store, and Edge's, give a key of their own and refuse another. */
export const storeArchive = (browser, folder) =>
  extensionArchive(folder, browser === 'chrome' ? { key: undefined } : {});

/**
 * All that the packages are built from: what git keeps, and nothing that lies beside it, a key to sign with, say; where the sources were
 * unpacked, what was in that archive.
 */
export function sourcesArchive() {
  const made = ['node_modules', 'dist', 'out', '.cache', 'data'];
  const tracked = () =>
    execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .filter((name) => name && existsSync(join(root, name)));
  const names = existsSync(join(root, '.git')) ? tracked() : filesIn(root, made);
  const files = read(root, names.sort());
  const bytes = Object.entries(files).map(([name, one]) => [name, new Uint8Array(one)]);
  return zipSync(Object.fromEntries(bytes), { level: 9, mtime: DATE });
}
