// That SQLite keeps the store's contract, and what it says of a file that it cannot use.
import fs, { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER } from '../../server/store/store.ts';
import { newSync } from '../../server/store/sync.ts';
import { keepsTheContract } from './store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A few turns of the loop. */
async function turns(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
}

/** A disk that answers when the test says so, until the test has ended: how, for each time it was asked. */
function playDisk() {
  const calls: ((error: Error | null) => void)[] = [];
  const real = fs.fdatasync;
  fs.fdatasync = Object.assign((_file: number, answer: (typeof calls)[number]) => void calls.push(answer), real);
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.fdatasync = real;
    syncBuiltinESMExports();
  });
  return calls;
}

keepsTheContract('SQLite', (now) => openSqlite(':memory:', now));

test('all who write in one turn wait for one call to the disk, who comes meanwhile for the next, and hear what it says to them', async () => {
  const calls: PromiseWithResolvers<void>[] = [];
  const { synced } = newSync(() => {
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
  await turns();
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
    ['SQLite gives up all that was written with it, and whoever wrote is told', 'ROLLBACK', ['c']],
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

  test('goes on where SQLite gave up the only thing that was written, or could delete nothing', async () => {
    const path = join(folder, 'alone.sqlite');
    const store = openSqlite(path);
    const db = new DatabaseSync(path);
    db.exec(`
      CREATE TRIGGER bad BEFORE INSERT ON records WHEN new.key = 'b' BEGIN SELECT RAISE(ROLLBACK, 'no'); END;
      CREATE TRIGGER worse BEFORE DELETE ON records BEGIN SELECT RAISE(ROLLBACK, 'not that'); END`);
    await store.put('a', 'a', 1, 0);
    await expect(store.put('b', 'b', FOR_EVER, 0)).rejects.toThrow('no');
    expect(await store.put('c', 'c', FOR_EVER, 0)).toBe(true);
    await store.put('d', 'd', Date.now() + 1, 0);
    await expect.poll(() => store.sweep().then(String, String)).toContain('not that');
    expect(await store.put('e', 'e', FOR_EVER, 0)).toBe(true);
    db.exec('DROP TRIGGER worse');
    db.close();
    await store.sweep();
    // The last one's millisecond may not have passed.
    await expect.poll(() => store.list('')).toEqual(['c', 'e']);
    store.close();
  });

  test('is nobody’s alone while the disk works, and who reads sees nothing that could still be lost', async () => {
    const path = join(folder, 'slow.sqlite');
    const store = openSqlite(path);
    const calls = playDisk();
    const first = store.put('a', 'a', FOR_EVER, 0);
    await expect.poll(() => calls.length).toBe(1);
    const second = store.put('b', 'b', FOR_EVER, 0);
    await turns();
    const operator = new DatabaseSync(path);
    operator.exec("PRAGMA busy_timeout = 0; INSERT INTO records VALUES ('o', 'o', 1, 9e15)");
    operator.close();
    const seen: unknown[] = [];
    const look = store.get('a').then((found) => seen.push(found?.value));
    const gone = store.delete('a');
    await turns();
    calls[0]?.(null);
    await first;
    await expect.poll(() => calls.length).toBe(2);
    expect(seen).toEqual([]);
    calls[1]?.(null);
    await Promise.all([second, gone, look]);
    expect(seen).toEqual([undefined]);
    store.close();
  });

  test('that the disk did not take once is written to it whole before anybody is told that anything is kept', async () => {
    const path = join(folder, 'doubt.sqlite');
    const store = openSqlite(path);
    const calls = playDisk();
    const refused = store.put('a', 'a', FOR_EVER, 0);
    await expect.poll(() => calls.length).toBe(1);
    calls[0]?.(new Error('input/output error'));
    await expect(refused).rejects.toThrow('input/output error');
    const reader = new DatabaseSync(path);
    reader.exec('BEGIN; SELECT count(*) FROM records');
    await expect(store.put('b', 'b', FOR_EVER, 0)).rejects.toThrow('reads');
    reader.close();
    expect(await store.put('c', 'c', FOR_EVER, 0)).toBe(true);
    expect([statSync(`${path}-wal`).size, calls.length]).toEqual([0, 1]);
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
