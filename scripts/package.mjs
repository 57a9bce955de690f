// `npm run package [-- --companion URL]`: the archives for the stores and the sources that AMO asks for, in out/. Fails on any finding of
// the stores' linter, also of those that it only notes. With `--update-url URL [--key FILE]` those for computers of one's own, in out/own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { PARTS } from '../vite.config.ts';
import { sourcesArchive, storeArchive } from './archives.mjs';
import { buildAll } from './build.mjs';
import { objectionToCompanion, optionsOf } from './options.ts';
import { objectionTo, writeOwnArchives } from './own-archives.mjs';
import { LIST, wholeList } from './vite/third-party.ts';

const root = resolve(import.meta.dirname, '..');
const out = join(root, 'out');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// The publisher's companion, where there is one; else people enter their own on the page that opens after installing.
const {
  companion,
  'update-url': url,
  key: keyPath,
} = optionsOf('npm run package [-- [--companion URL] [--update-url URL [--key FILE]]] (docs/workstations.md)', {
  options: { companion: { type: 'string' }, 'update-url': { type: 'string' }, key: { type: 'string' } },
}).values;
const objection = objectionToCompanion(companion) ?? objectionTo(url, keyPath);
if (objection) {
  process.stderr.write(`${objection} (docs/workstations.md)\n`);
  process.exit(2);
}

await buildAll(companion);
// Each part has a list of its own in it; this is the repository's, of all of them.
const list = wholeList(join(root, 'dist'), PARTS);
const listed = existsSync(join(root, LIST)) && readFileSync(join(root, LIST), 'utf8') === list;
if (!listed) {
  writeFileSync(join(root, LIST), list);
  process.stderr.write(`${LIST} did not name what the build has in it, and was written anew: commit it.\n`);
}
const page = createHash('sha256')
  .update(readFileSync(join(root, 'dist/phone/build.json')))
  .digest('hex');
process.stdout.write(`The phone page of this build: ${page}\n`);
mkdirSync(out, { recursive: true });
// What size-limit looks at is of this version alone.
for (const name of readdirSync(out)) if (/^scankey-.*\.zip$/.test(name)) rmSync(join(out, name));
const write = (name, bytes) => {
  writeFileSync(join(out, name), bytes);
  process.stdout.write(`${String(bytes.length).padStart(9)} bytes  ${relative(root, join(out, name))}\n`);
};
for (const browser of ['chrome', 'firefox'])
  write(`scankey-${browser}-${version}.zip`, await storeArchive(browser, join(root, 'dist', browser)));
write(`scankey-sources-${version}.zip`, sourcesArchive());
if (url !== undefined) {
  const folder = join(out, 'own');
  const { id, names } = await writeOwnArchives({ dist: join(root, 'dist'), url, keyPath, folder, version });
  for (const name of names) process.stdout.write(`${'out/own/'.padStart(24)}${name}\n`);
  process.stdout.write(
    id === undefined
      ? 'For Firefox alone: Chrome and Edge need a package that is signed by --key FILE\n'
      : `In Chrome its id is ${id}: start the companion with --extension-id ${id}\n`,
  );
}
const isSmall = weigh();
const isClean = lint(join(out, `scankey-firefox-${version}.zip`));
process.exitCode = isClean && listed && isSmall ? 0 : 1;

/** Whether no bundle and no archive is larger than `size-limit` in package.json lets it be. */
function weigh() {
  try {
    execFileSync(join(root, 'node_modules/.bin/size-limit'), { cwd: root, stdio: 'inherit' });
    return true;
  } catch {
    return false;
  }
}

/** Mozilla's linter, in the archive itself, for Firefox on computers and on Android. @returns whether it found nothing */
function lint(archive) {
  let found;
  try {
    const args = [archive, '--output', 'json', '--warnings-as-errors', '--boring'];
    found = execFileSync(join(root, 'node_modules/.bin/addons-linter'), args, { encoding: 'utf8' });
  } catch (error) {
    // It says so by its exit code, too.
    found = error.stdout;
  }
  const { errors, warnings, notices } = JSON.parse(found);
  const findings = [...errors, ...warnings, ...notices];
  for (const { _type, code, message, file } of findings)
    process.stderr.write(`${_type} ${code} ${file ?? ''}: ${message}\n`);
  process.stdout.write(
    `addons-linter: ${errors.length} errors, ${warnings.length} warnings, ${notices.length} notices\n`,
  );
  return findings.length === 0;
}
