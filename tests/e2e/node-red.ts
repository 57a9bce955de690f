// A real application that nobody here wrote, to sign in to: Node-RED with adminAuth. Installed once into .cache.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ROOT, until } from './companion.ts';

export interface Site {
  url: string;
  username: string;
  password: string;
  /** Text that only somebody who is signed in sees. */
  expectText: string;
  stop(): void;
}

const NODE_RED = '4.1.8';

/** Starts Node-RED on a free port of the loopback. The first call installs it, about 15 s. */
export async function nodeRed(): Promise<Site> {
  const home = join(ROOT, '.cache/node-red');
  if (!existsSync(join(home, 'node_modules/node-red/red.js'))) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    const install = [
      'install',
      `node-red@${NODE_RED}`,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    execFileSync('npm', install, { cwd: home, stdio: ['ignore', 2, 2] });
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'scankey-node-red-'));
  const [username, password] = ['ward-7', 'Blue-Kettle-42'];
  const settings = `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', userDir: ${JSON.stringify(folder)},
    telemetry: { enabled: false, updateNotification: false }, logging: { console: { level: 'error' } },
    adminAuth: { type: 'credentials', users: [{ username: '${username}', permissions: '*',
      password: require(${JSON.stringify(join(home, 'node_modules/bcryptjs'))}).hashSync('${password}', 8) }] } };`;
  writeFileSync(join(folder, 'settings.cjs'), settings);
  const child = spawn(
    process.execPath,
    [join(home, 'node_modules/node-red/red.js'), '-s', join(folder, 'settings.cjs')],
    { stdio: 'ignore', cwd: folder },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const url = `http://127.0.0.1:${port}/`;
  await until('Node-RED', async () => (await fetch(`${url}auth/login`).catch(() => undefined))?.ok, 40_000);
  return {
    url,
    username,
    password,
    expectText: 'Deploy',
    stop() {
      kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
