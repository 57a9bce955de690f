// `node server/main.ts` as a process of its own, and its commands, with a page that says nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished, TestRunner } from 'vitest';
import { freePort } from '../redis/server.ts';

export const root = join(import.meta.dirname, '../..');
type Env = Record<string, string>;

/** A folder of the test file's own, with a phone page in it; gone with the file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-operate-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html data-trial="false"></html>');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const begin = (args: readonly string[], env: Env = {}, under: readonly string[] = []): ChildProcess => {
  const [program = '', ...words] = [...under, process.execPath, join(root, 'server/main.ts'), ...args];
  return spawn(program, words, {
    cwd: root,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

function listen(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += String(text)));
  return () => said;
}

/** A command of its operator. @returns its exit code, and all that it said */
export async function command(args: readonly string[], env: Env = {}): Promise<[number, string]> {
  const child = begin(args, env);
  const said = listen(child);
  const [code] = await once(child, 'close');
  return [code, said()];
}

/**
 * A companion of this computer alone, which runs, or has ended and said why; it ends with the test.
 * @param given `folder`: with the page; `under`: a command that becomes the one that follows it
 */
export async function startCompanion(given: {
  folder: string;
  data: string;
  more?: readonly string[];
  env?: Env;
  under?: readonly string[];
}) {
  const port = await freePort();
  const own = ['--port', String(port), '--data', given.data, '--page', given.folder];
  const more = given.more ?? [];
  // A public address means this computer alone by itself.
  const host = more.includes('--public-url') || more.includes('--host') ? [] : ['--host', '127.0.0.1'];
  const child = begin([...own, ...host, ...more], given.env, given.under);
  const said = listen(child);
  const ended = once(child, 'exit');
  async function end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  }
  // One that a file's tests share is ended by whoever began it.
  if (TestRunner.getCurrentTest()) onTestFinished(() => end());
  const running = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => said().includes('companion is running') && resolve());
  });
  await Promise.race([running, ended]);
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  return {
    port,
    page: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    said,
    code: () => child.exitCode,
    ask,
    health: async () => (await ask('/readyz')).status,
    end,
  };
}
