// Backups of the whole companion: one SQLite file with all records, wherever they are kept, and the key files beside them.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { moveAll } from '../store/move.ts';
import { bringForward, NewerDatabase } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';

/** The name of the database in `--data`. */
export const DATABASE = 'scankey.sqlite';
/** All that is kept beside it. */
const FILES = ['push-keys.json', 'issuer-keys.json', 'key.pem', 'certificate.pem'];

/** What stands in a file or folder forbids it; the message is for the operator. */
export class CopyError extends Error {}

/** The database in `data`. @throws CopyError where there is none: to open it would make one */
export function databaseIn(data: string): string {
  const path = join(data, DATABASE);
  if (!existsSync(path)) throw new CopyError(`There is no database in ${resolve(data)}: is --data right?`);
  return path;
}

function synced(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

const countOf = (db: DatabaseSync): number => Number(db.prepare('SELECT count(*) AS n FROM records').get()?.n);

/**
 * Writes a backup, of one moment where the records are in SQLite; of Redis each record is as it was when it was read. Whoever writes
 * meanwhile is not waited for and does not wait.
 * @param from Redis, where the records are there
 * @returns how many records are in it
 * @throws CopyError
 */
export async function backUp(from: Store | undefined, data: string, file: string): Promise<number> {
  if (existsSync(file)) throw new CopyError(`${file} is there already: give each backup a name of its own.`);
  const source = from ? undefined : databaseIn(data);
  if (!existsSync(dirname(resolve(file)))) throw new CopyError(`There is no folder ${dirname(resolve(file))}.`);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  // Nobody else may read it, from its first byte on.
  writeFileSync(part, '', { mode: 0o600, flag: 'wx' });
  try {
    // In one statement, so of one moment: the library's own way would begin again whenever a sign-in was written.
    if (source !== undefined) within(source, (db) => db.prepare('VACUUM INTO ?').run(part));
    const db = new DatabaseSync(part);
    try {
      bringForward(db);
      db.exec('BEGIN; CREATE TABLE files (name TEXT PRIMARY KEY, content TEXT NOT NULL)');
      const record = db.prepare('INSERT INTO records (key, value, rev, expires) VALUES (?, ?, 1, ?)');
      if (from) for await (const { key, value, expires } of from.entries()) record.run(key, value, expires);
      const keep = db.prepare('INSERT INTO files (name, content) VALUES (?, ?)');
      for (const name of FILES.filter((one) => existsSync(join(data, one))))
        keep.run(name, readFileSync(join(data, name), 'utf8'));
      db.exec('COMMIT');
      check(db, file);
    } finally {
      db.close();
    }
    const records = within(part, countOf);
    synced(part);
    renameSync(part, file);
    synced(dirname(resolve(file)));
    return records;
  } catch (error) {
    if (!(error instanceof NewerDatabase)) throw error;
    throw new CopyError(`${source ?? data} was written by a newer Scankey: back it up with that version.`, {
      cause: error,
    });
  } finally {
    rmSync(part, { force: true });
  }
}

function within<T>(path: string, look: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    return look(db);
  } finally {
    db.close();
  }
}

async function isEmpty(store: Store): Promise<boolean> {
  const { done } = await store.entries()[Symbol.asyncIterator]().next();
  return done === true;
}

/** @throws CopyError where the file is damaged */
function check(db: DatabaseSync, file: string): void {
  if (db.prepare('PRAGMA quick_check').get()?.quick_check !== 'ok') throw new CopyError(`${file} is damaged.`);
}

/**
 * Makes an empty folder `data` into that of the companion that was backed up.
 * @param to Redis, which has no records, where they belong there
 * @returns how many records there are
 * @throws CopyError; Error in words where Redis has records, or the backup is a newer Scankey's
 */
export async function restore(file: string, data: string, to: Store | undefined): Promise<number> {
  if (!existsSync(file)) throw new CopyError(`There is no file ${file}.`);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (readdirSync(data).length > 0)
    throw new CopyError(
      `${resolve(data)} is not empty: a backup is restored into an empty folder alone. Move that one away, or give another --data.`,
    );
  const database = join(data, DATABASE);
  const part = `${database}.part`;
  const another = (cause?: Error) =>
    new CopyError(`Something else writes to ${resolve(data)}: a companion, or a second restore. Stop it.`, { cause });
  // What is written here is this user's alone, whoever may read the backup; what another one writes meanwhile stays as it is.
  const written: string[] = [];
  try {
    const copy = createWriteStream(part, { mode: 0o600, flags: 'wx' });
    copy.once('open', () => written.push(...['', '-journal', '-wal', '-shm'].map((end) => part + end)));
    await pipeline(createReadStream(file), copy);
    const kept = within(part, (db) => filesOf(db, file));
    within(part, (db) => bringForward(db));
    for (const { name, content } of kept) {
      const path = join(data, name);
      closeSync(openSync(path, 'wx', 0o600));
      written.push(path);
      writeFileSync(path, content, { flush: true });
    }
    const records = within(part, countOf);
    if (to) {
      const from = openSqlite(part);
      // Of a companion that nobody has used yet there is nothing to be moved.
      if (records > 0 || !(await isEmpty(to))) await moveAll(from, to).finally(() => from.close());
      else from.close();
      rmSync(part);
    } else {
      synced(part);
      if (existsSync(database)) throw another();
      renameSync(part, database);
    }
    synced(data);
    return records;
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw another(error);
    if (error instanceof NewerDatabase)
      throw new CopyError(`${file} was written by a newer Scankey. Restore it with that version.`, { cause: error });
    throw error;
  }
}

/** Takes the key files out of a copy. @throws CopyError where it is none */
function filesOf(db: DatabaseSync, file: string): { name: string; content: string }[] {
  try {
    check(db, file);
    const rows = db.prepare('SELECT name, content FROM files').all();
    db.exec('PRAGMA secure_delete = ON; DROP TABLE files');
    return rows
      .map(({ name, content }) => ({ name: String(name), content: String(content) }))
      .filter(({ name }) => FILES.includes(name));
  } catch (cause) {
    throw new CopyError(`${file} is no backup of a companion, or is damaged.`, { cause });
  }
}
