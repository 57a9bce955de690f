// That SQLite keeps the store's contract, and what it says of a file that it cannot use.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER } from '../../server/store/store.ts';
import { newSync } from '../../server/store/sync.ts';
import { keepsTheContract } from './store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

keepsTheContract('SQLite', (now) => openSqlite(':memory:', now));

test('all who write in one turn wait for one call to the disk, who comes meanwhile for the next, and hear what it says to them', async () => {
  const calls: PromiseWithResolvers<void>[] = [];
  const synced = newSync(() => {
    calls.push(Promise.withResolvers());
    return calls.at(-1)?.promise ?? Promise.resolve();
  });
  const told: string[] = [];
  const write = (name: string) =>
    synced().then(
      () => told.push(name),
      () => told.push(`not ${name}`),
    );
  const [a, b] = [write('a'), write('b')];
  await expect.poll(() => calls.length).toBe(1);
  const [c, d] = [write('c'), write('d')];
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
  expect([calls.length, told]).toEqual([1, []]);
  calls[0]?.reject(new Error('the disk is gone'));
  await Promise.all([a, b]);
  expect(told).toEqual(['not a', 'not b']);
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.resolve();
  await Promise.all([c, d]);
  expect(told).toEqual(['not a', 'not b', 'c', 'd']);
});

describe('a file', () => {
  test.each([
    ['one write fails, and those beside it do not', 'ABORT', ['a', 'c']],
    ['SQLite gives up all that is written with it, and whoever wrote is told', 'ROLLBACK', []],
  ])('in which %s', async (_name, fails, kept) => {
    const path = join(folder, `${fails}.sqlite`);
    const store = openSqlite(path);
    const db = new DatabaseSync(path);
    db.exec(`CREATE TRIGGER bad BEFORE INSERT ON records WHEN new.key = 'b' BEGIN SELECT RAISE(${fails}, 'no'); END`);
    db.close();
    const keys = ['a', 'b', 'c'];
    const put = (key: string) => store.put(key, key, FOR_EVER, 0);
    const told = await Promise.allSettled(keys.map(put));
    expect(keys.filter((_key, n) => told[n]?.status === 'fulfilled')).toEqual(kept);
    expect(await store.list('')).toEqual(kept);
    expect([await put('d'), await store.list('')]).toEqual([true, [...kept, 'd']]);
    store.close();
  });

  test('outlives its companion', async () => {
    const path = join(folder, 'kept.sqlite');
    const before = openSqlite(path);
    await before.put('k', 'a', FOR_EVER, 0);
    before.close();
    const after = openSqlite(path);
    expect(await after.get('k')).toEqual({ value: 'a', rev: 1 });
    after.close();
  });

  test('that is damaged, or a newer one, is refused in words', () => {
    const path = join(folder, 'newer.sqlite');
    openSqlite(path).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openSqlite(path)).toThrow(/newer Scankey/);
    writeFileSync(`${path}.bad`, 'this is no database, whatever its name says. '.repeat(50));
    expect(() => openSqlite(`${path}.bad`)).toThrow(/cannot be read/);
  });
});
