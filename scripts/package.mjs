// `npm run package [-- --companion URL]`: the two store archives and the sources that AMO asks for. Fails on any finding of the store's linter.
// Archives are the same bytes for the same sources: sorted names, one time, no extra fields.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { buildAll } from './build.mjs';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const out = join(root, 'out');

/** A ZIP archive of `files` ({name, data}), every one dated alike. */
const zip = (files) =>
  zipSync(Object.fromEntries(files.map(({ name, data }) => [name, new Uint8Array(data)])), {
    level: 9,
    mtime: new Date(1980, 0, 1),
  });

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
    .map((path) => ({ name: relative(folder, path), data: readFileSync(path) }));

mkdirSync(out, { recursive: true });
// The publisher's companion, where there is one; else people enter their own on the page that opens after installing.
const { companion } = parseArgs({ options: { companion: { type: 'string' } } }).values;
await buildAll(companion);
const archives = [];
for (const browser of ['chrome', 'firefox']) {
  const files = filesIn(join(root, 'dist', browser)).map((file) =>
    // The Chrome Web Store gives its own key and refuses another.
    browser === 'chrome' && file.name === 'manifest.json'
      ? { ...file, data: Buffer.from(`${JSON.stringify({ ...JSON.parse(file.data), key: undefined }, null, 2)}\n`) }
      : file,
  );
  const path = join(out, `scankey-${browser}-${version}.zip`);
  writeFileSync(path, zip(files));
  archives.push(path);
}
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(Boolean)
  .sort();
const sources = join(out, `scankey-sources-${version}.zip`);
writeFileSync(
  sources,
  zip(
    tracked
      .filter((name) => {
        try {
          return statSync(join(root, name)).isFile();
        } catch {
          return false;
        }
      })
      .map((name) => ({ name, data: readFileSync(join(root, name)) })),
  ),
);
archives.push(sources);

const lint = spawnSync(
  join(root, 'node_modules/.bin/web-ext'),
  [
    'lint',
    '--self-hosted=false',
    '--warnings-as-errors',
    '--no-input',
    '--source-dir',
    join(root, 'dist/firefox'),
    '--output',
    'json',
  ],
  { cwd: root, encoding: 'utf8' },
);
let summary;
try {
  summary = JSON.parse(lint.stdout);
} catch {
  process.stderr.write(`${lint.stdout}${lint.stderr}`);
  process.exit(1);
}
const findings = [...summary.errors, ...summary.warnings];
for (const { _type, code, message, file } of findings)
  process.stderr.write(`${_type} ${code} ${file ?? ''}: ${message}\n`);
for (const path of archives)
  process.stdout.write(`${String(statSync(path).size).padStart(9)} bytes  ${relative(root, path)}\n`);
process.stdout.write(`web-ext lint: ${summary.errors.length} errors, ${summary.warnings.length} warnings\n`);
process.exit(findings.length === 0 ? 0 : 1);
