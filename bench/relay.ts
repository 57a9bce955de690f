// What the relay costs: whole sign-ins a second and their processor time, the wake-up while many wait, memory for each that waits.
// Each beside a bare `ws` server (bare-relay.ts) in turns in the same run, since a machine is never quiet.

import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, redisServer } from '../tests/redis/server.ts';
import {
  again,
  flood,
  type Server,
  signIn,
  startBare,
  startCompanion,
  type Waiting,
  wait,
  wake,
} from './relay-load.ts';

type Note = (name: string, value: number, unit: string, aim?: string, baseline?: number) => void;

const AT_ONCE = 32;
const WAKES = 300;

const quantile = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? Number.NaN;
const median = (list: readonly number[]): number => quantile(list, 0.5);

interface Rate {
  perSecond: number;
  cpu: number;
}

/** Sign-ins, 32 at a time, for `ms`. */
async function rateOf(servers: readonly Server[], ms: number): Promise<Rate> {
  const [browserAt, phoneAt] = [servers[0]?.port ?? 0, servers.at(-1)?.port ?? 0];
  const cpu = () => servers.reduce((sum, server) => sum + server.cpu(), 0);
  const [before, began] = [cpu(), performance.now()];
  const { took, failed } = await again(() => signIn(browserAt, phoneAt), AT_ONCE, ms);
  if (failed > 0) throw new Error(`${failed} sign-ins failed, ${took.length} did not`);
  return { perSecond: (took.length * 1000) / (performance.now() - began), cpu: (cpu() - before) / took.length };
}

/** In turns, so that what else the machine does falls on both alike; of the ratios of each turn the middle one. */
async function compareRates(name: string, ours: readonly Server[], bare: Server, note: Note, rounds: number) {
  await Promise.all([rateOf(ours, 1_000), rateOf([bare], 1_000)]);
  const turns: { ours: Rate; bare: Rate }[] = [];
  for (let i = 0; i < rounds; i++) turns.push({ bare: await rateOf([bare], 2_000), ours: await rateOf(ours, 2_000) });
  for (const [what, unit, key, aim] of [
    ['sign-ins', '/s', 'perSecond', '≥ 0.45'],
    ['CPU a sign-in', 'ms', 'cpu', '≤ 2.5'],
  ] as const) {
    const baseline = median(turns.map((turn) => turn.bare[key]));
    note(
      `${what}, ${name}`,
      baseline * median(turns.map((turn) => turn.ours[key] / turn.bare[key])),
      unit,
      aim,
      baseline,
    );
  }
}

/** So many wait; phones come one by one. */
async function wakeUps(server: Server, count: number, before: number) {
  const waiting: Waiting[] = [];
  for (let i = 0; i < count; i += 50)
    waiting.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, () => wait(server.port)))));
  const took: number[] = [];
  // The last that came: the first may have waited for as long as a code is good.
  for (const one of waiting.slice(-WAKES)) took.push(await wake(one, server.port));
  const kib = (server.memory() - before) / count;
  for (const { browser } of waiting) browser.terminate();
  return { took, kib };
}

async function compareWakeUps(counts: readonly number[], start: () => Promise<Server>, name: string, note: Note) {
  for (const count of counts) {
    const [ours, bare] = [await start(), await startBare()];
    try {
      for (const server of [ours, bare]) await again(() => signIn(server.port), 8, 1_500);
      const [theirs, own] = [await wakeUps(bare, count, bare.memory()), await wakeUps(ours, count, ours.memory())];
      const among = `among ${count} waiting, ${name}`;
      note(`wake-up p50 ${among}`, median(own.took), 'ms', undefined, median(theirs.took));
      note(`wake-up p99 ${among}`, quantile(own.took, 0.99), 'ms', '≤ 2', quantile(theirs.took, 0.99));
      if (count >= 1_000) note(`memory each ${among}`, own.kib, 'KiB', '≤ 1.5', theirs.kib);
    } finally {
      for (const server of [ours, bare]) await server.close();
    }
  }
}

/** Honest sign-ins while one address floods their server, beside those while it floods another one. */
async function compareFloods(ours: Server, decoy: Server, note: Note, rounds: number): Promise<void> {
  for (const kind of ['pings', 'waiting', 'listen']) {
    const turns: { hit: number; spared: number }[] = [];
    const middle = async (target: Server) => {
      const stop = flood(kind, target);
      await sleep(1_500);
      const { took, failed } = await again(() => signIn(ours.port), 4, 3_000);
      await stop();
      if (failed > 0) throw new Error(`${failed} honest sign-ins failed of ${took.length + failed}`);
      return median(took);
    };
    for (let i = 0; i < rounds; i++) turns.push({ spared: await middle(decoy), hit: await middle(ours) });
    const baseline = median(turns.map(({ spared }) => spared));
    note(
      `a sign-in while one floods: ${kind}`,
      baseline * median(turns.map(({ hit, spared }) => hit / spared)),
      'ms',
      '≤ 2',
      baseline,
    );
  }
}

/** @param long more rounds, and 10,000 that wait on Redis, too */
export async function measureRelay(note: Note, { long }: { long: boolean }): Promise<void> {
  const bare = await startBare();
  const running: (Server | RedisServer)[] = [bare];
  try {
    const embedded = await startCompanion();
    running.push(embedded);
    await compareRates('SQLite', [embedded], bare, note, long ? 9 : 4);
    const decoy = await startCompanion();
    running.push(decoy);
    await compareFloods(embedded, decoy, note, long ? 5 : 2);
    const redis = await redisServer();
    running.push(redis);
    const one = await startCompanion(redis.url);
    const nodes = [one, await startCompanion(redis.url, one.folder)];
    running.push(...nodes);
    await compareRates('Redis', nodes.slice(0, 1), bare, note, long ? 9 : 2);
    await compareRates('Redis, two nodes', nodes, bare, note, long ? 9 : 2);
    await compareWakeUps([100, 1_000, 10_000], () => startCompanion(), 'SQLite', note);
    await compareWakeUps(
      long ? [100, 1_000, 10_000] : [1_000],
      () => startCompanion(redis.url, one.folder),
      'Redis',
      note,
    );
  } finally {
    for (const one of running.reverse()) await one.close();
  }
}
