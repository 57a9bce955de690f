// All that one store has is moved into another, and back: interrupted, begun again, and compared in the end.
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type Given, readArguments } from '../../server/operate/arguments.ts';
import { runCommand } from '../../server/operate/commands.ts';
import { moveAll } from '../../server/store/move.ts';
import { openRedis } from '../../server/store/redis.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER, type Store } from '../../server/store/store.ts';
import { type RedisServer, redisServer } from './server.ts';

const now = Date.now();
let server: RedisServer;
let redis: Store;
beforeAll(async () => {
  server = await redisServer();
  redis = await openRedis(server.url, { now: () => now, say: () => {} });
});
afterAll(async () => {
  redis.close();
  await server.close();
});
beforeEach(() => server.empty());

function sqlite(): Store {
  const store = openSqlite(':memory:', () => now);
  onTestFinished(() => store.close());
  return store;
}

async function entriesOf(store: Store): Promise<string[]> {
  const all: string[] = [];
  for await (const entry of store.entries()) all.push(JSON.stringify(entry));
  return all.sort();
}

async function full(): Promise<Store> {
  const store = sqlite();
  for (let i = 0; i < 50; i++) await store.put(`person:${i}`, `{"name":"李 ${i}"}`, now + 1_000_000 + i, 0);
  await store.put('person:0', '{"name":"again"}', FOR_EVER, 1);
  await store.put('backup:a:1', 'B'.repeat(1_000_000), FOR_EVER, 0);
  await store.put('gone', 'x', now, 0);
  return store;
}

/** The store as it is to who is interrupted at the write with that number. */
function dying(store: Store, last: number): Store {
  let writes = 0;
  return {
    ...store,
    put: (...written) => (writes++ < last ? store.put(...written) : Promise.reject(new Error('interrupted'))),
  };
}

test('from SQLite to Redis and back all is there, with its end, whenever it was interrupted', async () => {
  const from = await full();
  await expect(moveAll(from, dying(redis, 20))).rejects.toThrow('interrupted');
  // What was moved already is not moved again.
  expect(await moveAll(from, redis, () => now)).toBe(31);
  expect(await entriesOf(redis)).toEqual(await entriesOf(from));
  expect(await moveAll(from, redis, () => now)).toBe(0);
  const back = sqlite();
  expect(await moveAll(redis, back, () => now)).toBe(51);
  expect(await entriesOf(back)).toEqual(await entriesOf(from));
});

test('nothing is moved over records that the other has not', async () => {
  await redis.put('person:new', 'x', FOR_EVER, 0);
  await expect(moveAll(await full(), redis, () => now)).rejects.toThrow('has records of its own');
  expect(await entriesOf(redis)).toHaveLength(1);
});

test('what is changed meanwhile is noticed', async () => {
  const from = await full();
  const overtaken: Store = {
    ...redis,
    async put(key, ...written) {
      const isWritten = await redis.put(key, ...written);
      if (key === 'person:7') await redis.put(key, 'changed', FOR_EVER, 1);
      return isWritten;
    },
  };
  await expect(moveAll(from, overtaken, () => now)).rejects.toThrow('1 records differ');
  expect(await moveAll(from, redis, () => now)).toBe(1);
});

test('where there is nothing to be moved, that is no success', async () => {
  await expect(moveAll(sqlite(), redis, () => now)).rejects.toThrow('There are no records to be moved');
});

test('whereto it goes has to be said as it is called', async () => {
  const said: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((line) => said.push(String(line)) > 0);
  const given = readArguments(['migrate', 'foo']) as Given;
  const open = async () => ({ ...redis, close: () => {} });
  const asked = { given, team: undefined, open };
  const went = await runCommand('migrate', asked).finally(() => out.mockRestore());
  expect([went, said.join('')]).toEqual([
    false,
    'Say whereto: "migrate redis" or "migrate sqlite", not "migrate foo".\n',
  ]);
});
