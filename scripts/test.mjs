// `npm test`: types, lint, build and store lint, then every test, and whether the tests that docs/threat-model.md names have passed; ends
// with the counts on a line of their own.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rowsOf, unproven } from '../tests/unit/threat-map.ts';

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const report = join(root, '.cache/test-report.json');
const options = { cwd: root, env: { ...process.env, NODE_NO_WARNINGS: '1' } };
const title = (...words) => process.stdout.write(`\n── ${words.join(' ')}\n`);
/** Runs a command beside others, and shows what it said when it has ended. @returns whether it ended well */
const beside = (command, ...args) =>
  new Promise((resolve) => {
    execFile(
      join(bin, command),
      args,
      { ...options, maxBuffer: Number.POSITIVE_INFINITY },
      (error, said, complained) => {
        title(command, ...args);
        process.stdout.write(said + complained);
        resolve(!error);
      },
    );
  });

let [passed, failed, skipped] = [0, 0, 0];
// A check that fails counts as one failed test: nobody may miss it in the closing line.
const check = (ok) => {
  if (ok) passed += 1;
  else failed += 1;
};
const checks = [
  beside('tsc', '-p', '.'),
  beside('biome', 'check', '--error-on-warnings'),
  beside('node', 'scripts/package.mjs'),
  beside('knip', '--no-progress'),
  beside('cspell', 'lint', '--no-progress'),
];
for (const ok of await Promise.all(checks)) check(ok);

mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(report, { force: true });
// Applications that take longer than a few minutes to install have a command of their own: npm run test:sites.
const quick = ['unit', 'companion', 'redis', 'operate', 'hostile', 'e2e', 'sites', 'faults'].flatMap((name) => [
  '--project',
  name,
]);
const args = ['run', ...quick, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
args.push(...process.argv.slice(2));
title('vitest', ...args);
spawnSync(join(bin, 'vitest'), args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped += result.numPendingTests;
  // A file whose set-up failed has no failed test of its own.
  if (!result.success && result.numFailedTests === 0) failed += Math.max(1, result.numFailedTestSuites);
  // Who asks for a part of the tests learns nothing of the others.
  if (process.argv.length === 2) {
    const open = unproven(rowsOf(readFileSync(join(root, 'docs/threat-model.md'), 'utf8')), result);
    for (const one of open) process.stdout.write(`\ndocs/threat-model.md names a test that has not passed: ${one}`);
    check(open.length === 0);
  }
} catch {
  failed += 1;
}
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exit(failed === 0 ? 0 : 1);
