// A Redis of our own on a free port of the loopback, in a folder that is gone with it. Debian's `redis-tools` has the server's program under
// another name: its package `redis-server` would start one for the whole computer, too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface RedisServer {
  url: string;
  /** Forgets everything. */
  empty(): Promise<void>;
  /** Ends its process at once, whatever it was at. What the operating system has of it is still written. */
  kill(): Promise<void>;
  /** It answers nothing, and its connections stay, … */
  pause(): void;
  /** …until it goes on. */
  goOn(): void;
  /** Starts it anew over what it has kept. */
  start(): Promise<void>;
  /** …and its folder goes with it. */
  close(): Promise<void>;
}

/** @param settings as on its command line, beside those by which it keeps everything: `['--save', '']` */
export async function redisServer(...settings: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-redis-'));
  const port = await freePort();
  const kept = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--loglevel', 'notice'];
  let running: ReturnType<typeof spawn> | undefined;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async empty() {
      const client = createClient({ url: server.url });
      await client.connect();
      await client.flushAll();
      client.destroy();
    },
    async kill() {
      const ending = running;
      running = undefined;
      if (!ending || ending.exitCode !== null) return;
      const gone = once(ending, 'exit');
      ending.kill('SIGKILL');
      await gone;
    },
    pause: () => void running?.kill('SIGSTOP'),
    goOn: () => void running?.kill('SIGCONT'),
    async start() {
      const child = spawn('/usr/bin/redis-check-rdb', [...own, ...kept, ...settings], {
        argv0: 'redis-server',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      running = child;
      const said: string[] = [];
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (text) => {
          said.push(String(text));
          if (said.join('').includes('Ready to accept connections')) resolve();
        });
        child.on('error', reject);
        child.on('exit', () => reject(new Error(`Redis did not start: ${said.join('')}`)));
      });
    },
    async close() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
