// Companions as processes of their own on one store, and what can befall them: killed, frozen, cut off from Redis, another time of day.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, connect as reach, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { openRedis } from '../../server/store/redis.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { freePort, type RedisServer, redisServer } from '../redis/server.ts';

const root = join(import.meta.dirname, '../..');
export const HOST = 'id.scankey.example';

export interface Node {
  port: number;
  /** Killed at once, and begun anew over what is stored. */
  kill(): Promise<void>;
  /** Asked to end, as by a deploy, and begun anew. */
  deploy(): Promise<void>;
  /** Does nothing for `ms` milliseconds, and its connections stay. */
  freeze(ms: number): Promise<void>;
  /** Its clock is that many milliseconds off. */
  moveClock(ms: number): void;
}

export interface Fleet {
  nodes: readonly Node[];
  /** Nobody reads or writes for `ms` milliseconds, as on a disk that is busy. */
  stall(ms: number): Promise<void>;
  /** The store dies, and is back with what it had. */
  crash(): Promise<void>;
  /** Another takes the store's place. */
  failOver(): Promise<void>;
  /** The node of that number hears and says nothing of the store for `ms` milliseconds; `cut`: and knows it. */
  partition(node: number, ms: number, cut: boolean): Promise<void>;
  /** The store as it is, for looking. */
  look(): Promise<Store>;
  close(): Promise<void>;
}

async function newNode(
  folder: string,
  redisUrl?: string,
): Promise<Node & { end(signal: NodeJS.Signals): Promise<void> }> {
  const port = await freePort();
  const given = ['--port', String(port), '--data', join(folder, 'data'), '--page', folder];
  const behind = ['--public-url', `https://${HOST}`, '--trust-proxy', '127.0.0.1'];
  const { REDIS_URL: _, ...env } = process.env;
  let child: ChildProcess;
  const start = async () => {
    child = fork('server/main.ts', [...given, ...behind], {
      cwd: root,
      execArgv: ['--import', join(import.meta.dirname, 'moved-clock.ts')],
      env: { ...env, ...(redisUrl ? { REDIS_URL: redisUrl } : {}), NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (text) => {
      said = `${said}${text}`.slice(-4_000);
    });
    const running = new Promise<void>((resolve) => {
      child.stdout?.on('data', (text) => String(text).includes('companion is running') && resolve());
    });
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${code}: ${said}`)));
    ended.catch(() => {});
    await Promise.race([running, ended]);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  };
  // One is begun anew as often as something keeps it from starting: what befalls the store may befall it then.
  const again = async (tries = 20): Promise<void> => {
    try {
      await start();
    } catch (error) {
      if (tries === 0) throw error;
      await sleep(200);
      await again(tries - 1);
    }
  };
  await start();
  return {
    port,
    end,
    async kill() {
      await end('SIGKILL');
      await again();
    },
    async deploy() {
      await end('SIGTERM');
      await again();
    },
    async freeze(ms) {
      child.kill('SIGSTOP');
      await sleep(ms);
      child.kill('SIGCONT');
    },
    moveClock: (ms) => void (child.connected && child.send(ms)),
  };
}

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-fleet-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html data-trial="false"></html>');
  return folder;
};

/** One companion on its own database. */
export async function embedded(): Promise<Fleet> {
  const folder = newFolder();
  const node = await newNode(folder);
  return {
    nodes: [node],
    stall: (ms) => node.freeze(ms),
    crash: () => node.kill(),
    failOver: () => node.deploy(),
    partition: (_node, ms) => node.freeze(ms),
    look: async () => openSqlite(join(folder, 'data/scankey.sqlite')),
    async close() {
      await node.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A way to a server that can be closed, and can lead to another. */
async function way(to: { port: number }) {
  let open = true;
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    if (!open) return void near.destroy();
    const far = reach(to.port, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const end of pair)
      end
        .on('error', () => {})
        .on('close', () => {
          pairs.delete(pair);
          for (const one of pair) one.destroy();
        });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const pair of pairs) for (const end of pair) end.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async shut(ms: number) {
      open = false;
      cut();
      await sleep(ms);
      open = true;
    },
    /** What is said meanwhile comes through afterwards. */
    async hold(ms: number) {
      const held = [...pairs].flat();
      for (const end of held) end.pause();
      await sleep(ms);
      for (const end of held) end.resume();
    },
    async close() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}

const portOf = ({ url }: RedisServer) => Number(new URL(url).port);

/** What that Redis answers to one command. */
async function asked(server: RedisServer, ...command: string[]): Promise<string> {
  const client = createClient({ url: server.url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  return client
    .sendCommand(command)
    .then(String)
    .finally(() => client.destroy());
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) if (await holds().catch(() => false)) return;
  throw new Error(`${what} has not come true`);
}

/** Two companions on one Redis, which has a replica; each with its own way there. */
export async function clustered(): Promise<Fleet> {
  const folder = newFolder();
  let [first, second] = [await redisServer(), await redisServer('--repl-diskless-sync-delay', '0')];
  await asked(second, 'REPLICAOF', '127.0.0.1', String(portOf(first)));
  const to = { port: portOf(first) };
  const ways = [await way(to), await way(to)];
  const nodes: Awaited<ReturnType<typeof newNode>>[] = [];
  for (const { port } of ways) nodes.push(await newNode(folder, `redis://127.0.0.1:${port}`));
  return {
    nodes,
    async stall(ms) {
      first.pause();
      await sleep(ms);
      first.goOn();
    },
    async crash() {
      await first.kill();
      await first.start();
    },
    async failOver() {
      const begins = async () => (await asked(first, 'FAILOVER', 'TO', '127.0.0.1', String(portOf(second)))) === 'OK';
      await eventually('the replica is in step', begins);
      const hasTaken = async () => (await asked(second, 'INFO', 'replication')).includes('role:master');
      await eventually('the replica has taken over', hasTaken);
      [first, second] = [second, first];
      to.port = portOf(first);
      for (const one of ways) one.cut();
    },
    partition: async (node, ms, cut) => ways[node]?.[cut ? 'shut' : 'hold'](ms),
    look: () => openRedis(first.url, { say: () => {} }),
    async close() {
      await Promise.all(nodes.map((node) => node.end('SIGTERM')));
      await Promise.all([...ways, first, second].map((one) => one.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
