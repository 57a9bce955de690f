// The embedded database is brought forward, all the way or not at all, and never used where a newer Scankey wrote it.
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, test } from 'vitest';
import { bringForward, NewerDatabase, STEPS } from '../../server/store/schema.ts';

let db: DatabaseSync;
beforeEach(() => {
  db = new DatabaseSync(':memory:');
});
const form = () => db.prepare('PRAGMA user_version').get()?.user_version;
const LATER = [...STEPS, 'ALTER TABLE records ADD COLUMN made INTEGER NOT NULL DEFAULT 7', 'CREATE TABLE more (a)'];

/** As the first release wrote it. */
function older(): void {
  db.exec(`CREATE TABLE records (key TEXT PRIMARY KEY, value TEXT NOT NULL, rev INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX by_expiry ON records (expires); PRAGMA user_version = 1; INSERT INTO records VALUES ('k', 'v', 3, 9)`);
}

test('an older database is brought to the newest form with all that it has, once', () => {
  older();
  bringForward(db, LATER);
  expect(form()).toBe(3);
  expect(db.prepare('SELECT * FROM records').all()).toEqual([{ key: 'k', value: 'v', rev: 3, expires: 9, made: 7 }]);
  bringForward(db, LATER);
  expect(form()).toBe(3);
});

test('the first release’s is of the form that is used, and an empty one becomes so', () => {
  older();
  const before = db.prepare('SELECT sql FROM sqlite_schema').all();
  bringForward(db);
  expect(db.prepare('SELECT sql FROM sqlite_schema').all()).toEqual(before);
  db = new DatabaseSync(':memory:');
  bringForward(db);
  expect(form()).toBe(STEPS.length);
});

test('where a step fails, nothing of it nor of those before stays', () => {
  older();
  const before = db.prepare('SELECT sql FROM sqlite_schema').all();
  expect(() => bringForward(db, [...LATER, 'this is no SQL'])).toThrow();
  expect([form(), db.prepare('SELECT sql FROM sqlite_schema').all()]).toEqual([1, before]);
  bringForward(db, LATER);
  expect(form()).toBe(3);
});

test('a newer one is left as it is', () => {
  bringForward(db, LATER);
  expect(() => bringForward(db)).toThrow(NewerDatabase);
  expect(form()).toBe(3);
});
