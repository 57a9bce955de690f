// What runs in a house of its own (house.sh).
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './companion.ts';

const WITHIN_MS = 200_000;

/** Whether such a house can be had here: by root alone, and in few containers. */
export const isPossible = (() => {
  const { status, stderr, error } = spawnSync(
    'unshare',
    ['--net', '--mount', '--pid', '--fork', '--mount-proc', 'mount', '-t', 'tmpfs', 'house', '/mnt'],
    { encoding: 'utf8' },
  );
  if (status !== 0) process.stderr.write(`No house of its own, so nothing is run in one: ${error ?? stderr}\n`);
  return status === 0;
})();

/** @returns what the command said to stdout, by lines of JSON */
export function inHouse<T>(...command: string[]): Promise<T[]> {
  return new Promise((done, failed) => {
    const env = { ...process.env, NODE_NO_WARNINGS: '1', NODE: process.execPath };
    // `unshare` passes on no other signal, and what it has started ends with it.
    const ends = { timeout: WITHIN_MS, killSignal: 'SIGKILL' } as const;
    const options = { cwd: root, env, ...ends, maxBuffer: 2 ** 26 };
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
