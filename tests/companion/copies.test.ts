// Copies of a companion: what is no backup, and where none may be restored to.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { backUp, restore } from '../../server/operate/copies.ts';
import { openSqlite } from '../../server/store/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-copies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what cannot be backed up or restored is told, and changes nothing', async () => {
  const data = join(folder, 'small');
  mkdirSync(data);
  openSqlite(join(data, 'scankey.sqlite')).close();
  const file = join(folder, 'small.sqlite');
  expect(await backUp(undefined, data, file)).toBe(0);
  const written = readFileSync(file);
  await expect(backUp(undefined, data, file)).rejects.toThrow('is there already');
  await expect(backUp(undefined, folder, `${file}.2`)).rejects.toThrow('no database');
  expect(readFileSync(file)).toEqual(written);
  await expect(restore(file, data, undefined)).rejects.toThrow('is not empty');
  const bad = join(folder, 'bad.sqlite');
  const empty = join(folder, 'empty');
  for (const [spoil, words] of [
    [(db: DatabaseSync) => db.exec('PRAGMA user_version = 99'), 'written by a newer Scankey'],
    [(db: DatabaseSync) => db.exec('DROP TABLE files'), 'is no backup of a companion'],
    // Only what a companion keeps is written, whatever the file names.
    [(db: DatabaseSync) => db.exec("INSERT INTO files VALUES ('../outside', 'x')"), undefined],
  ] as const) {
    writeFileSync(bad, written);
    const db = new DatabaseSync(bad);
    spoil(db);
    db.close();
    const target = words ? empty : join(folder, 'whole');
    const done = restore(bad, target, undefined);
    if (words) await expect(done).rejects.toThrow(words);
    else expect(await done).toBe(0);
    if (words) expect(readdirSync(target)).toEqual([]);
  }
  expect(existsSync(join(folder, 'outside'))).toBe(false);
  writeFileSync(bad, written.subarray(0, written.length / 2));
  await expect(restore(bad, empty, undefined)).rejects.toThrow('is no backup');
  const there = openSqlite(join(folder, 'whole/scankey.sqlite'));
  expect(await there.get('none')).toBeUndefined();
  there.close();
});

/** A backup of a companion with these keys, and no records. */
async function backup(name: string): Promise<string> {
  const data = join(folder, `${name}-data`);
  mkdirSync(data);
  openSqlite(join(data, 'scankey.sqlite')).close();
  writeFileSync(join(data, 'push-keys.json'), 'of the backup');
  const file = join(folder, `${name}.sqlite`);
  await backUp(undefined, data, file);
  return file;
}

test('what was restored is its user’s alone, whoever may read the backup', async () => {
  const file = await backup('open');
  chmodSync(file, 0o644);
  const target = join(folder, 'restored');
  await restore(file, target, undefined);
  for (const path of [target, ...readdirSync(target).map((name) => join(target, name))])
    expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
});

test.each(['push-keys.json', 'scankey.sqlite'])(
  'a companion that is started while one is restored keeps its own %s, and nothing is left of the other',
  async (name) => {
    const file = await backup(`meanwhile-${name}`);
    const target = join(folder, `meanwhile-${name}-target`);
    const done = restore(file, target, undefined);
    writeFileSync(join(target, name), 'its own');
    await expect(done).rejects.toThrow('Something else writes to');
    expect(readdirSync(target)).toEqual([name]);
    expect(readFileSync(join(target, name), 'utf8')).toBe('its own');
  },
);

test('a companion that nobody has used yet is restored to an empty store, and not to another one', async () => {
  const file = await backup('unused');
  const to = openSqlite(':memory:');
  expect(await restore(file, join(folder, 'unused-target'), to)).toBe(0);
  expect(readdirSync(join(folder, 'unused-target'))).toEqual(['push-keys.json']);
  await to.put('theirs', 'x', Date.now() + 100_000, 0);
  await expect(restore(file, join(folder, 'unused-other'), to)).rejects.toThrow('has records of its own');
  expect(readdirSync(join(folder, 'unused-other'))).toEqual([]);
  to.close();
});

test('what a newer Scankey wrote is not backed up by this one, and the file is named', async () => {
  const data = join(folder, 'newer');
  mkdirSync(data);
  openSqlite(join(data, 'scankey.sqlite')).close();
  const db = new DatabaseSync(join(data, 'scankey.sqlite'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  await expect(backUp(undefined, data, join(folder, 'newer.sqlite'))).rejects.toThrow(
    /newer\/scankey.sqlite was written/,
  );
});
