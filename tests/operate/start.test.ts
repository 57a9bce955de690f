// A companion that was started by npm ends with whoever started it: by whichever signal, to npm, to what it runs or to all of them; no
// process of theirs is left, and its port is free again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'vitest';
import { freePort } from '../redis/server.ts';
import { command, newFolder, root } from './companion.ts';

const folder = newFolder();
// The script of `npm start` without what is built before, which would be built anew for each port.
writeFileSync(
  join(folder, 'start.mjs'),
  `import { serve } from '${root}/scripts/serve.mjs';\nserve(process.argv.slice(2));\n`,
);
const { start } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
const scripts = { start: start.replace('scripts/start.mjs', 'start.mjs') };
writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts }));
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };

/** Whether any process of the group is left. */
function isThere(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
    socket.unref();
    socket.on('connect', () => socket.destroy());
  });

/** The process that another has started. */
const childOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());

const TO = ['npm', 'what it runs', 'all of them'] as const;
const CASES = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const).flatMap((signal) =>
  TO.map((whom) => [signal, whom] as const),
);
test.concurrent.for(CASES)('%s to %s ends all of it', async ([signal, whom], { expect }) => {
  const port = await freePort();
  const data = join(folder, String(port));
  mkdirSync(data);
  const own = ['--port', String(port), '--host', '127.0.0.1', '--data', data, '--page', folder];
  const npm = spawn('npm', ['start', '--silent', '--', ...own], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const group = npm.pid ?? 0;
  let said = '';
  npm.stdout.on('data', (text) => (said += String(text)));
  try {
    await expect.poll(() => said, { timeout: 60_000 }).toContain('companion is running');
    expect(await isListening(port)).toBe(true);
    const script = childOf(group);
    expect(script).toBeGreaterThan(0);
    process.kill({ npm: group, 'what it runs': script, 'all of them': -group }[whom], signal);
    await expect.poll(() => isThere(group), { timeout: 60_000 }).toBe(false);
    expect(await isListening(port)).toBe(false);
  } finally {
    if (isThere(group)) process.kill(-group, 'SIGKILL');
    if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit');
  }
});

test('where there is no page to serve, nothing is started or made, and it is said', async ({ expect }) => {
  const [page, data] = [join(folder, 'no-such-page'), join(folder, 'no-such-data')];
  const [code, said] = await command(['--page', page, '--data', data]);
  expect([code, said]).toEqual([
    2,
    `There is no page ${page}/index.html: is --page right, and was "npm run build" run?\n`,
  ]);
  expect(existsSync(data)).toBe(false);
});

// What is amiss in the folder of an operator is said in a sentence, without a word of what stands in a file: it may be a key.
test.concurrent.for([
  ['a file in the place of the folder', '', 'The folder DATA cannot be made: is --data right?'],
  ['a database that is none', '/scankey.sqlite', 'DATA/scankey.sqlite cannot be read as a Scankey database.'],
  ['a folder in the place of the database', '/scankey.sqlite/', 'DATA/scankey.sqlite cannot be opened as the database'],
  ['keys that are none', '/push-keys.json', "DATA/push-keys.json cannot be read as the companion's push keys."],
] as const)('with %s nothing is started, and it is said', async ([what, where, sentence], { expect }) => {
  const data = join(folder, what.replaceAll(' ', '-'));
  if (where) mkdirSync(where.endsWith('/') ? data + where : data, { recursive: true });
  if (!where.endsWith('/')) writeFileSync(data + where, '{"seal":"of-a-key"}');
  const [code, said] = await command(['--page', folder, '--data', data]);
  expect([code, said.split('\n').length, said.startsWith(sentence.replace('DATA', data))]).toEqual([2, 2, true]);
  expect(said).not.toContain('of-a-key');
});
