// Copies of a companion: what is no backup, and where none may be restored to.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
