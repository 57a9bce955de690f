// That Redis keeps the store's contract, alone and for several nodes, lost and back; and what it says of one that would not keep its records.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openRedis } from '../../server/store/redis.ts';
import { checkSettings } from '../../server/store/redis-settings.ts';
import { FOR_EVER, type Store } from '../../server/store/store.ts';
import { BACKUP } from '../../src/protocol/recovery.ts';
import { keepsTheContract } from '../companion/store-contract.ts';
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
  return openRedis(at.url, { say: () => {}, ...(now && { now }) });
};
keepsTheContract('Redis', (now) => opened(server, now));
keepsTheContract('Redis without sharded channels', (now) => opened(old, now));

const LOST = 'Redis is lost: nobody can sign in until it is back.';
const BACK = 'Redis is back.';

/** So many nodes on one Redis. */
async function nodes(count: number, at = server, options: Parameters<typeof openRedis>[1] = {}): Promise<Store[]> {
  await at.empty();
  const all = await Promise.all(Array.from({ length: count }, () => openRedis(at.url, { say: () => {}, ...options })));
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
    const now = Date.now();
    const [here, there] = (await nodes(2, server, { now: () => now })) as Two;
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

  test('count a limit on over midnight, until its time has passed', async () => {
    const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
    let now = midnight - 60_000;
    const [here, there] = (await nodes(2, server, { now: () => now })) as Two;
    const [one, other] = [here, there].map((node) => node.newLimiter('growth', { points: 3, duration: 24 * 3600 }));
    await one?.consume('192.0.2.7', 3);
    for (const later of [60_000, 12 * 3_600_000]) {
      now = midnight + later;
      await expect(other?.consume('192.0.2.7')).rejects.toMatchObject({ remainingPoints: 0 });
      expect(await one?.get('192.0.2.7')).toMatchObject({ remainingPoints: 0 });
    }
    await other?.consume('192.0.2.8', 3);
    now = midnight + 86_400_000;
    expect(await one?.get('192.0.2.7')).toBeNull();
    expect(await one?.get('192.0.2.8')).toMatchObject({ remainingPoints: 0 });
  });
});

describe('a Redis that is silent', () => {
  /** @param by the address by which it is reached */
  async function begun(by = (own: RedisServer) => own.url) {
    const own = await redisServer();
    onTestFinished(() => own.close());
    const said: string[] = [];
    const store = await openRedis(by(own), { say: (sentence) => said.push(sentence), answerMs: 2_000 });
    onTestFinished(() => store.close());
    said.length = 0;
    return { own, said, store };
  }

  test('has no watcher afterwards who was refused meanwhile', async () => {
    const { own, store } = await begun();
    own.pause();
    await expect(store.watch(['k'], () => {})).rejects.toThrow('Redis does not answer');
    own.goOn();
    // What was asked before this has been answered then.
    await expect
      .poll(
        () =>
          store
            .watch(['l'], () => {})
            .then(
              () => 'watches',
              () => 'refused',
            ),
        { timeout: 60_000 },
      )
      .toBe('watches');
    await expect.poll(() => store.isWatched('k'), { timeout: 60_000 }).toBe(false);
  });

  test.each(['HMGET', 'ssubscribe'])(
    'on the connection for %s is told of, however much it is asked',
    async (command) => {
      let isSilent = false;
      const sockets = new Set<Socket>();
      let far = 0;
      // What comes on that connection is swallowed, and it stays.
      const between = createServer((near) => {
        const there = connect(far, '127.0.0.1');
        let isSwallowed = false;
        near.on('data', (sent) => {
          isSwallowed ||= isSilent && sent.includes(command);
          if (!isSwallowed) there.write(sent);
        });
        there.on('data', (answer) => near.write(answer));
        for (const [one, other] of [
          [near, there],
          [there, near],
        ] as const) {
          sockets.add(one);
          one.on('error', () => {});
          one.on('close', () => other.destroy());
        }
      });
      onTestFinished(() => {
        for (const one of sockets) one.destroy();
        between.close();
      });
      between.listen(0, '127.0.0.1');
      await once(between, 'listening');
      const { said, store } = await begun((own) => {
        far = Number(new URL(own.url).port);
        return `redis://127.0.0.1:${(between.address() as AddressInfo).port}`;
      });
      isSilent = true;
      let asked = 0;
      const ask = () => Promise.all([store.get('k'), store.watch([`k${asked++}`], () => {})]);
      const told = () => {
        void ask().catch(() => {});
        return said[0];
      };
      await expect.poll(told, { timeout: 60_000, interval: 10 }).toBe(LOST);
      isSilent = false;
      await expect.poll(() => said[1], { timeout: 60_000 }).toBe(BACK);
      await expect
        .poll(
          () =>
            ask().then(
              () => 'answers',
              () => 'refuses',
            ),
          { timeout: 60_000 },
        )
        .toBe('answers');
    },
  );

  test('is not waited for at the start', async () => {
    const own = await redisServer();
    onTestFinished(() => own.close());
    own.pause();
    await expect(openRedis(own.url, { answerMs: 100 })).rejects.toThrow('cannot be reached');
  });
});

describe('a Redis that is lost', () => {
  test('is so, and says so, where it only can no more be listened to', async () => {
    const own = await redisServer();
    onTestFinished(() => own.close());
    const said: string[] = [];
    const [store] = (await nodes(1, own, { say: (sentence) => said.push(sentence) })) as [Store];
    said.length = 0;
    await store.watch(['k'], () => {});
    const operator = createClient({ url: own.url });
    await operator.connect();
    onTestFinished(() => operator.destroy());
    await operator.configSet('maxclients', '1');
    await operator.sendCommand(['CLIENT', 'KILL', 'TYPE', 'PUBSUB']);
    await expect.poll(() => said, { timeout: 60_000 }).toEqual([LOST]);
    await expect(store.get('k')).rejects.toThrow('Redis does not answer');
    await operator.configSet('maxclients', '100');
    await expect.poll(() => said, { timeout: 60_000 }).toEqual([LOST, BACK]);
    expect(await store.get('k')).toBeUndefined();
  });

  test('refuses at once, is told of, and is back with all it was given; who watches looks again', async () => {
    const own = await redisServer();
    onTestFinished(() => own.close());
    const said: string[] = [];
    const [store] = (await nodes(1, own, { say: (sentence) => said.push(sentence) })) as [Store];
    said.length = 0;
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
    await lost.toEqual([LOST]);
    await expect(store.get('k')).rejects.toThrow();
    await expect(store.put('k', 'b', FOR_EVER, 1)).rejects.toThrow();
    await expect(store.watch(['n'], () => {})).rejects.toThrow();
    left();
    await own.start();
    await again.promise;
    expect(said).toEqual([LOST, BACK]);
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
    const { host } = new URL(own.url);
    const where = `The store is the Redis at ${host} (REDIS_URL), not the database in --data.`;
    expect(said).toEqual([...(words ? [expect.stringMatching(words)] : []), where]);
  });

  test('…and afterwards it is said once where one begins to forget', async () => {
    const own = await redisServer();
    const said: string[] = [];
    // Each look is a new one.
    let now = 0;
    const store = await openRedis(own.url, { say: (sentence) => said.push(sentence), now: () => (now += 10_000) });
    onTestFinished(() => own.close());
    onTestFinished(() => store.close());
    const client = createClient({ url: own.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    const told = async (policy: string) => {
      await client.configSet('maxmemory-policy', policy);
      for (let i = 0; i < 2; i++) await store.bytes();
      return said.splice(0).filter((sentence) => !sentence.startsWith('The store is'));
    };
    const forgets = expect.stringContaining('Set "maxmemory-policy noeviction"');
    expect([await told('noeviction'), await told('allkeys-lru'), await told('allkeys-lru')]).toEqual([
      [],
      [forgets],
      [],
    ]);
    expect([await told('noeviction'), await told('volatile-ttl')]).toEqual([[], [forgets]]);
  });

  test('one whose memory sessions have filled takes no more of them, and has each backup still', async () => {
    const own = await redisServer('--maxmemory', '24mb');
    const store = await openRedis(own.url, { say: () => {} });
    onTestFinished(() => own.close());
    onTestFinished(() => store.close());
    const backup = 'B'.repeat(BACKUP.characters);
    expect(await store.put('backup:a:1', backup, Date.now() + 3_600_000, 0)).toBe(true);
    const session = 'S'.repeat(64 * 1024);
    const fill = async () => {
      for (let n = 0; n < 1_000; n++) await store.put(`session:${n}`, session, Date.now() + 60_000, 0);
    };
    await expect(fill()).rejects.toThrow('OOM');
    expect((await store.get('backup:a:1'))?.value === backup).toBe(true);
    expect((await store.get('session:0'))?.value === session).toBe(true);
  });

  test('one that does not tell how much its records take is refused, before nobody finds room', async () => {
    const info = 'maxmemory_policy:noeviction\r\naof_enabled:1\r\n';
    const checked = (more: string) =>
      checkSettings({ info: async () => `${info}${more}`, configGet: async () => ({}) } as never, () => {});
    await expect(checked('')).rejects.toThrow('used_memory_dataset');
    await checked('used_memory_dataset:1024\r\n');
  });

  test.each([
    'foo',
    'localhost:6379',
    'redis://h:99999',
    'redis://',
    'http://h:6379',
    'redis://h/people',
    'redis://u:secret%zz@h',
    'redis://u:secret#@h',
  ])('REDIS_URL=%s is told to be wrong, and how it is written', async (url) => {
    const opened = openRedis(url);
    await expect(opened).rejects.toThrow('REDIS_URL must be as redis://');
    await expect(opened).rejects.not.toThrow('secret');
  });

  test('one that is away, or whose password is wrong, is named without the password', async () => {
    const own = await redisServer('--requirepass', 'right');
    onTestFinished(() => own.close());
    const { host } = new URL(own.url);
    const wrong = openRedis(`redis://:wrong-pass@${host}`);
    await expect(wrong).rejects.toThrow(`Redis at ${host} (REDIS_URL) cannot be reached`);
    await expect(wrong).rejects.not.toThrow(/wrong-pass/);
    (await openRedis(`redis://:right@${host}`)).close();
    await own.close();
    await expect(openRedis(`redis://:right@${host}`)).rejects.toThrow(`Redis at ${host} (REDIS_URL) cannot be reached`);
  });
});
