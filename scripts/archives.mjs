// The archives for the stores: the extension of either browser from a built folder, and the sources that AMO asks for. The same files
// give the same bytes: names in order, one time, no extra fields.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { zipSync } from 'fflate';

const root = resolve(import.meta.dirname, '..');

/** A ZIP archive of `files`, name → bytes, every one dated alike. */
const zip = (files) =>
  zipSync(
    Object.fromEntries(
      Object.keys(files)
        .sort()
        .map((name) => [name, new Uint8Array(files[name])]),
    ),
    { level: 9, mtime: new Date(1980, 0, 1) },
  );

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
export function extensionArchive(folder, changes = {}) {
  const files = read(folder, filesIn(folder));
  const built = JSON.parse(files['manifest.json']);
  const manifest = { ...built, ...(typeof changes === 'function' ? changes(built) : changes) };
  return zip({ ...files, 'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) });
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
  return zip(read(root, names));
}
