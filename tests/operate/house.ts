// What runs in a house of its own (house.sh), and Debian's packages that are unpacked there: they are installed nowhere, so no service of
// theirs is ever started.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './companion.ts';

const WITHIN_MS = 200_000;
const PACKAGES = ['caddy', 'nginx', 'haproxy', 'libopentracing1', 'libopentracing-c-wrapper0'];

/** Downloads what is not there yet, by Debian's own client. */
export function fetchPackages(): void {
  const folder = join(root, '.cache/proxies');
  mkdirSync(folder, { recursive: true });
  const missing = PACKAGES.filter((name) => !readdirSync(folder).some((file) => file.startsWith(`${name}_`)));
  if (missing.length === 0) return;
  const download = () => execFileSync('apt-get', ['download', '-q', ...missing], { cwd: folder, stdio: 'ignore' });
  try {
    download();
  } catch {
    // Its lists are older than what is there now.
    execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
    download();
  }
}

/** Only root may have such a house. */
export const isPossible = process.getuid?.() === 0 && existsSync('/usr/bin/unshare');

/** @returns what the command said to stdout, by lines of JSON */
export function inHouse<T>(...command: string[]): Promise<T[]> {
  return new Promise((done, failed) => {
    const env = { ...process.env, NODE_NO_WARNINGS: '1', NODE: process.execPath };
    const options = { cwd: root, env, timeout: WITHIN_MS, maxBuffer: 2 ** 26 };
    execFile(join(import.meta.dirname, 'house.sh'), command, options, (error, out, complained) => {
      if (error) return failed(new Error(`${error.message}\n${out.slice(-2000)}\n${complained.slice(-4000)}`));
      done(
        out
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as T),
      );
    });
  });
}
