// `npm run test:stress [-- ROUNDS] [--project NAME…] [FILE…] [-t WORDS]`: the browser suites again and again (5 rounds) while every core of
// the machine is kept busy beside them; says what failed how often, and fails if anything did. What else is given goes to vitest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const report = join(root, '.cache/stress-report.json');
const given = process.argv.slice(2);
const rounds = /^\d+$/.test(given[0] ?? '') ? Number(given.shift()) : 5;
const suites = given.includes('--project') ? [] : ['e2e', 'sites', 'faults'].flatMap((name) => ['--project', name]);

/** Keeps one core busy; ends with this process, however that ends. */
const BUSY = `process.once('disconnect', () => process.exit());
  (function turn() { for (const end = Date.now() + 100; Date.now() < end; ); setImmediate(turn); })();`;
const burners = cpus().map(() =>
  spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
);
const running = new Set(burners);
const stop = () => {
  for (const one of running) one.kill();
};
process.once('exit', stop);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

mkdirSync(join(root, '.cache'), { recursive: true });
const failed = new Map();
let [ran, worked] = [0, 0];
for (let round = 1; round <= rounds; round++) {
  rmSync(report, { force: true });
  const from = Date.now();
  // Not waited for in one call: a signal would be heard when the round is over.
  const vitest = spawn(
    join(root, 'node_modules/.bin/vitest'),
    ['run', ...suites, '--reporter=json', `--outputFile.json=${report}`, ...given],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  );
  running.add(vitest);
  await once(vitest, 'exit');
  running.delete(vitest);
  const note = (name, why) => {
    failed.set(name, [...(failed.get(name) ?? []), why]);
    process.stdout.write(`  failed: ${name}\n`);
  };
  try {
    for (const { name, status, message, assertionResults } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
      const file = relative(root, name);
      const wrong = assertionResults.filter((test) => test.status === 'failed');
      ran += assertionResults.filter((test) => test.status === 'passed').length + wrong.length;
      for (const { fullName, failureMessages } of wrong) note(`${file} › ${fullName}`, failureMessages[0]);
      if (status === 'failed' && wrong.length === 0) note(`${file} (its set-up)`, message);
    }
    worked += 1;
  } catch (error) {
    note('vitest itself', String(error));
  }
  process.stdout.write(
    `round ${round} of ${rounds}: ${Math.round((Date.now() - from) / 1000)} s, ${failed.size} have failed so far\n`,
  );
}
stop();
for (const [name, reasons] of [...failed].sort(([, a], [, b]) => b.length - a.length)) {
  process.stdout.write(`\n${reasons.length} of ${rounds}: ${name}\n`);
  for (const reason of new Set(reasons.map((one) => String(one).split('\n')[0])))
    process.stdout.write(`    ${reason}\n`);
}
const times = [...failed.values()].flat().length;
process.stdout.write(`\n${rounds} rounds, ${ran} tests run, ${times} failures of ${failed.size} tests\n`);
process.exit(times === 0 && worked === rounds && ran > 0 ? 0 : 1);
