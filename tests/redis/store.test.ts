// That Redis keeps the store's contract, alone and for several nodes, lost and back; and what it says of one that would not keep its records.
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openRedis } from '../../server/store/redis.ts';
import { FOR_EVER, type Store } from '../../server/store/store.ts';
import { keepsTheContract } from '../unit/store-contract.ts';
import { type RedisServer, redisServer } from './server.ts';

let server: RedisServer;
let old: RedisServer;
beforeAll(async () => {
  [server, old] = await Promise.all([
    redisServer(),
    // As before version 7.
    redisServer('--rename-command', 'SPUBLISH', '', '--rename-command', 'SSUBSCRIBE', ''),
  ]);
});
afterAll(() => Promise.all([server.close(), old.close()]));

const opened = async (at: RedisServer, now?: () => number): Promise<Store> => {
  await at.empty();
  return openRedis(at.url, now && { now });
};
keepsTheContract('Redis', (now) => opened(server, now));
keepsTheContract('Redis without sharded channels', (now) => opened(old, now));

/** So many nodes on one Redis. */
async function nodes(count: number, at = server, say: (sentence: string) => void = () => {}): Promise<Store[]> {
  await at.empty();
  const all = await Promise.all(Array.from({ length: count }, () => openRedis(at.url, { say })));
  onTestFinished(() => {
    for (const one of all) one.close();
  });
  return all;
}
type Two = [Store, Store];

describe('two nodes', () => {
  test('wake each other, and know that the other watches', async () => {
    const [here, there] = (await nodes(2)) as Two;
    const woken = Promise.withResolvers<void>();
    let called = 0;
    const stop = await here.watch(['k'], () => {
      called++;
      if (called === 2) woken.resolve();
    });
    expect(await there.isWatched('k')).toBe(true);
    await there.put('k', 'a', FOR_EVER, 0);
    await woken.promise;
    stop();
    await expect.poll(() => there.isWatched('k'), { timeout: 60_000 }).toBe(false);
  });

  test('count a limit together, and their Redis never holds whom', async () => {
    const [here, there] = (await nodes(2)) as Two;
    const [one, other] = [here, there].map((node) => node.newLimiter('opens', { points: 3, duration: 600 }));
    const tries = [one, other, one, other, one].map((limiter) =>
      limiter?.consume('192.0.2.7').then(
        () => 'taken',
        () => 'refused',
      ),
    );
    expect((await Promise.all(tries)).sort()).toEqual(['refused', 'refused', 'taken', 'taken', 'taken']);
    expect(await one?.get('192.0.2.7')).toMatchObject({ consumedPoints: 5, remainingPoints: 0 });
    await other?.reward('192.0.2.7', 3);
    expect([await one?.get('192.0.2.7'), await one?.get('192.0.2.8')]).toMatchObject([{ remainingPoints: 1 }, null]);
    const client = createClient({ url: server.url });
    await client.connect();
    expect(JSON.stringify(await client.keys('*'))).not.toContain('192.0.2');
    client.destroy();
  });
});

describe('a Redis that is lost', () => {
  test('refuses at once, is told of, and is back with all it was given; who watches looks again', async () => {
    const own = await redisServer();
    onTestFinished(() => own.close());
    const said: string[] = [];
    const [store] = (await nodes(1, own, (sentence) => said.push(sentence))) as [Store];
    await store.put('k', 'a', FOR_EVER, 0);
    let called = 0;
    const again = Promise.withResolvers<void>();
    const stop = await store.watch(['k', 'l'], () => {
      called++;
      if (called === 2) again.resolve();
    });
    const left = await store.watch(['left'], () => {});
    const lost = expect.poll(() => said, { timeout: 60_000 });
    await store.put('m', 'b', FOR_EVER, 0);
    await own.kill();
    await lost.toEqual(['Redis is lost: nobody can sign in until it is back.']);
    await expect(store.get('k')).rejects.toThrow();
    await expect(store.put('k', 'b', FOR_EVER, 1)).rejects.toThrow();
    await expect(store.watch(['n'], () => {})).rejects.toThrow();
    left();
    await own.start();
    await again.promise;
    expect(said).toEqual(['Redis is lost: nobody can sign in until it is back.', 'Redis is back.']);
    expect([await store.get('k'), await store.get('m')]).toEqual([
      { value: 'a', rev: 1 },
      { value: 'b', rev: 1 },
    ]);
    expect([await store.isWatched('k'), await store.isWatched('n')]).toEqual([true, false]);
    await expect.poll(() => store.isWatched('left'), { timeout: 60_000 }).toBe(false);
    stop();
  });
});

describe('at the start', () => {
  test.each([
    [['--maxmemory-policy', 'allkeys-lru'], /maxmemory-policy noeviction/],
    [['--appendonly', 'no', '--save', ''], /keeps nothing on disk.*appendonly yes/],
  ])('%j is refused in words', async (settings, words) => {
    const own = await redisServer(...settings);
    onTestFinished(() => own.close());
    await expect(openRedis(own.url)).rejects.toThrow(words);
  });

  test.each([
    ['writes now and then', ['--appendonly', 'no', '--save', '60 1'], /when it dies, what was stored since is lost/],
    [
      'may not be asked',
      ['--appendonly', 'no', '--save', '', '--rename-command', 'CONFIG', ''],
      /could not be looked at/,
    ],
    ['writes all', [], undefined],
  ])('of one that %s is said what to set', async (_what, settings, words) => {
    const own = await redisServer(...settings);
    const said: string[] = [];
    const store = await openRedis(own.url, { say: (sentence) => said.push(sentence) });
    onTestFinished(() => own.close());
    onTestFinished(() => store.close());
    expect(said).toEqual(words ? [expect.stringMatching(words)] : []);
  });

  test('one that is away, or whose password is wrong, is named without the password', async () => {
    const own = await redisServer('--requirepass', 'right');
    const { host } = new URL(own.url);
    const wrong = openRedis(`redis://:wrong-pass@${host}`);
    await expect(wrong).rejects.toThrow(`Redis at ${host} cannot be reached`);
    await expect(wrong).rejects.not.toThrow(/wrong-pass/);
    (await openRedis(`redis://:right@${host}`)).close();
    await own.close();
    await expect(openRedis(`redis://:right@${host}`)).rejects.toThrow(`Redis at ${host} cannot be reached`);
  });
});
