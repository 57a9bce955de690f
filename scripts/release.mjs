// `npm run release -- VERSION [--companion URL] [--tested] [--unaudited]`: audits, raises the version, tests, commits and tags, builds the packages and the
// listing, and writes checksums and where all of it comes from into out/release; says what is to be uploaded where. Pushes nothing.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { objectionToCompanion, optionsOf } from './options.ts';

const root = resolve(import.meta.dirname, '..');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * @param before the version that the tree has: it can be released itself, while no tag has it
 * @param tags all that there are
 * @returns why `version` cannot be released, or nothing
 */
export function objection(version, before, changelog, tags = []) {
  const numbers = (text) => /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text)?.slice(1).map(Number);
  const [next, last] = [numbers(version), numbers(before)];
  // Chrome knows no larger ones.
  if (!next || !last || next.some((number) => number > 65_535))
    return `"${version}" is no version: three numbers up to 65535, as 1.2.3.`;
  const at = next.findIndex((number, index) => number !== last[index]);
  if (at >= 0 && (next[at] ?? 0) < (last[at] ?? 0)) return `${version} does not come after ${before}.`;
  if (tags.includes(`v${version}`)) return `${version} has been released: there is the tag v${version}.`;
  const [, section = ''] = changelog.split(`\n## ${version}\n`);
  if (!/^- /m.test(section.split('\n## ')[0] ?? '')) return `CHANGELOG.md has nothing under "## ${version}".`;
  return undefined;
}

/**
 * What `npm audit` has found and nobody has explained.
 * @param report its output as JSON
 * @param explained docs/dependencies.md, which names each finding that stays by its advisory (GHSA-…)
 * @returns a line for each; undefined where the registry did not answer
 */
export function unexplained(report, explained) {
  const { vulnerabilities } = JSON.parse(report);
  if (vulnerabilities === undefined) return undefined;
  const advisories = Object.values(vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one === 'object'));
  return [...new Set(advisories.map(({ url, name, title }) => `${name}: ${title} (${url})`))].filter(
    (line) => !explained.includes(/GHSA-[\w-]+/.exec(line)?.[0] ?? line),
  );
}

/**
 * Where the files come from: an in-toto statement (v1) with SLSA's provenance (v1). It is signed by nobody: it says what to build to get
 * these bytes, so that anybody can look.
 * @param files name → bytes
 */
export function provenance({ version, commit, companion, lock, node, tested, audited }, files) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: Object.entries(files).map(([name, bytes]) => ({ name, digest: { sha256: sha256(bytes) } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://scankey.example/npm-run-package/v1',
        externalParameters: { version, ...(companion ? { companion } : {}) },
        internalParameters: { node, tested, audited },
        resolvedDependencies: [
          { name: 'scankey', digest: { gitCommit: commit } },
          { name: 'package-lock.json', digest: { sha256: sha256(lock) } },
        ],
      },
      runDetails: { builder: { id: 'https://scankey.example/by-hand' } },
    },
  };
}

/** What goes where, for whoever uploads. */
const uploads = (version) => `
In out/release:

  Chrome Web Store   scankey-chrome-${version}.zip; texts and pictures of out/store/<language>; permissions.md, data-use.md, privacy.md
  Edge Add-ons       the same package; the same texts
  addons.mozilla.org scankey-firefox-${version}.zip; sources: scankey-sources-${version}.zip, with build.md as the note to reviewers;
                     texts of out/store/<language>, pictures of out/store/amo; privacy.md as text
  all three          reviewers.md as test instructions
  the release page   all of out/release, with SHA256SUMS and provenance.json

The extension first, and the publisher's companion when the stores have given the new one out: it has the earlier phone pages in its list
(store/phone-pages.json), and the earlier extension does not know the new page.

Then: git push && git push origin v${version}; and the ids that the stores have given into server/main.ts (KNOWN_EXTENSION_IDS), once.
`;

/** Asks the registry of what is installed, by the lock file. */
function audit(explained) {
  // It fails where it finds anything, and where nobody answers. From no lock file alone can it tell: --offline finds nothing, ever.
  const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8' });
  return unexplained(stdout, explained);
}

function release() {
  const { values, positionals } = optionsOf('npm run release -- VERSION [--companion URL] [--tested] [--unaudited]', {
    allowPositionals: true,
    options: {
      companion: { type: 'string' },
      tested: { type: 'boolean', default: false },
      unaudited: { type: 'boolean', default: false },
    },
  });
  const [version = ''] = positionals;
  const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });
  // Set up it is already, and a lock file with another version of ours in it asks for no other packages.
  const script = (name, ...args) => run('npm', 'run', '--ignore-scripts', name, ...args);
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const read = (name) => readFileSync(join(root, name));
  const before = JSON.parse(read('package.json')).version;
  const why =
    objection(version, before, read('CHANGELOG.md').toString(), git('tag').split('\n')) ??
    objectionToCompanion(values.companion) ??
    (git('status', '--porcelain') === '' ? undefined : 'There are changes that are not committed.') ??
    (spawnSync('git', ['var', 'GIT_COMMITTER_IDENT'], { cwd: root }).status === 0
      ? undefined
      : 'Git does not know who commits: git config user.name NAME, and git config user.email ADDRESS.');
  if (why) {
    process.stderr.write(`${why}\n`);
    return 2;
  }
  const findings = values.unaudited ? [] : audit(read('docs/dependencies.md').toString());
  if (findings === undefined || findings.length > 0) {
    const lines = findings ?? [
      'The registry does not answer npm audit: try another (npm_config_registry), or say --unaudited.',
    ];
    process.stderr.write(`${lines.join('\n')}\n`);
    if (findings) process.stderr.write('Mend these, or say in docs/dependencies.md why they stay.\n');
    return 1;
  }
  const start = git('rev-parse', 'HEAD');
  const archives = () => script('package', ...(values.companion ? ['--', '--companion', values.companion] : []));
  try {
    run('npm', 'version', version, '--allow-same-version', '--no-git-tag-version', '--ignore-scripts');
    // Who says --tested has seen it pass for this commit, in CI say.
    if (!values.tested) script('test');
    archives();
    // Extensions of later versions take this phone page, too: companions are not updated on the same day.
    const pages = JSON.parse(read('store/phone-pages.json'));
    const page = sha256(read('dist/phone/build.json'));
    writeFileSync(join(root, 'store/phone-pages.json'), `${JSON.stringify({ ...pages, [version]: page }, null, 2)}\n`);
    git('commit', '--all', '--message', `Release ${version}`);
    // Of what is committed, that page among its sources: by it anybody gets these bytes.
    archives();
    script('store');
    git('tag', '--annotate', `v${version}`, '--message', `Scankey ${version}`);
  } catch {
    // There was nothing that was not committed.
    git('reset', '--hard', start);
    process.stderr.write(`Nothing was released; the version is ${before} again.\n`);
    return 1;
  }
  const folder = join(root, 'out/release');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(root, 'out')).filter((one) => one.endsWith(`-${version}.zip`)))
    cpSync(join(root, 'out', name), join(folder, name));
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const origin = {
    version,
    commit: git('rev-parse', 'HEAD'),
    companion: values.companion,
    lock: read('package-lock.json'),
  };
  const statement = provenance(
    {
      ...origin,
      node: process.version,
      tested: values.tested ? 'elsewhere' : 'here',
      audited: !values.unaudited,
    },
    files,
  );
  writeFileSync(join(folder, 'provenance.json'), `${JSON.stringify(statement, null, 2)}\n`);
  const sums = Object.entries(files).map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  process.stdout.write(uploads(version));
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = release();
