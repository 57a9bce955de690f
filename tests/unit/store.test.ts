// What every engine keeps of the store's contract, and what SQLite says of a file that it cannot use.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER, type Store } from '../../server/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each engine, empty, by the clock of the test. */
const ENGINES: [string, (now: () => number) => Store][] = [['SQLite', (now) => openSqlite(':memory:', now)]];

describe.each(ENGINES)('%s', (_name, open) => {
  let now = 0;
  let store: Store;
  beforeEach(() => {
    now = 1_000_000;
    store = open(() => now);
  });
  afterEach(() => store.close());

  test('writes only over the revision that was read', async () => {
    expect(await store.put('k', 'a', now + 1000, 0)).toBe(true);
    expect(await store.put('k', 'b', now + 1000, 0)).toBe(false);
    expect(await store.put('k', 'b', now + 1000, 1)).toBe(true);
    expect(await store.put('k', 'c', now + 1000, 1)).toBe(false);
    expect(await store.get('k')).toEqual({ value: 'b', rev: 2 });
  });

  test('of twenty writers over one revision takes one', async () => {
    const won = await Promise.all(Array.from({ length: 20 }, (_, n) => store.put('k', String(n), now + 1000, 0)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('has nothing that has expired, swept or not, and begins it anew', async () => {
    await store.put('short', 'a', now + 1000, 0);
    await store.put('long', 'a', FOR_EVER, 0);
    await store.put('short', 'b', now + 1000, 1);
    now += 1000;
    expect([await store.get('short'), await store.list('')]).toEqual([undefined, ['a']]);
    expect(await store.put('short', 'c', now + 1000, 2)).toBe(false);
    expect(await store.put('short', 'c', now + 1000, 0)).toBe(true);
    expect(await store.get('short')).toEqual({ value: 'c', rev: 1 });
    now += 1000;
    await store.sweep();
    expect(await store.get('long')).toEqual({ value: 'a', rev: 1 });
  });

  test('deletes, also what is not there', async () => {
    await store.put('k', 'a', now + 1000, 0);
    for (let i = 0; i < 2; i++) await store.delete('k');
    expect(await store.get('k')).toBeUndefined();
  });

  test('lists what begins with a prefix, and nothing beside', async () => {
    for (const key of ['person:a', 'person:b', 'persons', 'perso', 'Person:c']) await store.put(key, key, FOR_EVER, 0);
    expect(await store.list('person:')).toEqual(['person:a', 'person:b']);
  });

  test('says what it takes, which grows with what is put and shrinks with what goes', async () => {
    const empty = await store.bytes();
    for (let i = 0; i < 20; i++) await store.put(`k${i}`, 'A'.repeat(10_000), now + 1000, 0);
    const full = await store.bytes();
    expect(full - empty).toBeGreaterThanOrEqual(200_000);
    expect(full - empty).toBeLessThan(300_000);
    for (let i = 0; i < 10; i++) await store.delete(`k${i}`);
    expect(await store.bytes()).toBeLessThan(full - 90_000);
    now += 1000;
    await store.sweep();
    expect(await store.bytes()).toBeLessThan(empty + 20_000);
  });

  test('tells each who listens to a key, until it stops', () => {
    const heard: string[] = [];
    const stops = ['one', 'two'].map((who) => store.subscribe('k', () => heard.push(who)));
    store.publish('k');
    store.publish('other');
    stops[0]?.();
    store.publish('k');
    expect(heard).toEqual(['one', 'two', 'two']);
  });
});

describe('a file', () => {
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
