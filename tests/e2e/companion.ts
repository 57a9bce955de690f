// The real companion as a child process, and the extension built to speak with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// Every process that a test starts is ended with it.
process.setMaxListeners(0);

export const ROOT = resolve(import.meta.dirname, '../..');

/** A TCP port on the loopback that nobody uses right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Asks `condition` again until it holds; throws with `what` after `ms`. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 20_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 40));
  }
}

/** Builds the extension for a companion that it reaches on `relayPort`, and the phone page; returns the folder. */
export async function buildFor(relayPort: number, port = relayPort): Promise<string> {
  const out = join(ROOT, `.cache/build-${port}`);
  const { buildAll } = (await import('../../scripts/build.mjs' as string)) as {
    buildAll(options: { companion: string; out: string }): Promise<void>;
  };
  await buildAll({ companion: `http://localhost:${relayPort}`, out });
  statSync(join(out, 'chrome/manifest.json'));
  return out;
}

export interface Companion {
  readonly port: number;
  readonly origin: string;
  readonly data: string;
  /** Everything it has printed. */
  log(): string;
  start(): Promise<void>;
  /** Ends it: SIGTERM asks, SIGKILL does not. @returns the exit code, null after a kill */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Ends it and forgets its data. */
  remove(): Promise<void>;
}

/** Starts the companion on the loopback. */
export async function startCompanion(
  port: number,
  extra: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Companion> {
  const data = mkdtempSync(join(tmpdir(), 'scankey-'));
  let child: ChildProcess | undefined;
  let log = '';
  const companion: Companion = {
    port,
    origin: `http://localhost:${port}`,
    data,
    log: () => log,
    async start() {
      const page = join(ROOT, `.cache/build-${port}/phone`);
      const args = [
        'server/main.ts',
        '--port',
        String(port),
        '--host',
        '127.0.0.1',
        '--data',
        data,
        '--page',
        page,
        ...extra,
      ];
      const started = spawn(process.execPath, args, {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
      });
      child = started;
      const before = log.length;
      process.once('exit', () => started.kill('SIGKILL'));
      for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk));
      await until(`companion on ${port}`, async () => {
        if (started.exitCode !== null) throw new Error(`companion ended: ${log}`);
        return log.slice(before).includes('companion is running');
      });
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
      const ended = once(ending, 'exit');
      ending.kill(signal);
      await ended;
      return ending.exitCode;
    },
    async remove() {
      await companion.stop('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
  await companion.start();
  return companion;
}
