// The embedded store: one SQLite file, for one companion and the commands of its operator.
import { EventEmitter } from 'node:events';
import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inMemory } from '../http/limits.ts';
import { bringForward, NewerDatabase } from './schema.ts';
import type { News, Store } from './store.ts';
import { newSync, type Sync } from './sync.ts';

const onDisk = (file: number): Promise<void> =>
  new Promise((resolve, reject) => fdatasync(file, (error) => (error ? reject(error) : resolve())));
/** Characters that may have been written or deleted since it was looked what all takes. */
const UNCOUNTED = 64 * 1024;
/** Of the log, before what is in it moves on by itself: more than a busy companion writes between two sweeps, which do the same. */
const LOG_PAGES = 10_000;

/** That there is such a file has to lie on the disk as well. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Something that is to be written with what others write at the same time. */
interface Write {
  run(): void;
  /** It lies on the disk once `disk` says so. */
  keep(disk: Promise<void>): void;
  fail(why: unknown): void;
}

/** What SQLite says of a file that holds something else, or is damaged: SQLITE_CORRUPT, SQLITE_NOTADB. */
const UNREADABLE = [11, 26];

/** @throws Error in plain words */
function openDatabase(path: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000',
    );
    bringForward(db);
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof NewerDatabase)
      throw new Error(`${path} was written by a newer Scankey. Start that version instead.`, { cause });
    if (cause instanceof Error && 'errcode' in cause && UNREADABLE.includes(Number(cause.errcode)))
      throw new Error(`${path} cannot be read as a Scankey database. Move it away to start with an empty one.`, {
        cause,
      });
    throw new Error(`${path} cannot be opened as the database (${String(cause)}).`, { cause });
  }
}

/**
 * The embedded store. Write-ahead log with full sync: an answered write survives a killed process, and a computer without power. SQLite
 * itself waits for no disk; who has written something, and who would read it, does so here.
 * @param path file name, or `:memory:`
 * @throws Error in plain words when the file cannot be opened, is damaged or was written by a newer Scankey
 */
export function openSqlite(path: string, now: () => number = Date.now): Store {
  const db = openDatabase(path);
  const get = db.prepare('SELECT value, rev FROM records WHERE key = ? AND expires > ?');
  const insert = db.prepare(`
    INSERT INTO records (key, value, rev, expires) VALUES (?, ?, 1, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, rev = 1, expires = excluded.expires
    WHERE records.expires <= ?`);
  // With the end that it had, as most are, the index of the ends is left alone.
  const update = db.prepare(
    'UPDATE records SET value = ?, rev = rev + 1 WHERE key = ? AND rev = ? AND expires = ? AND expires > ?',
  );
  const postpone = db.prepare(
    'UPDATE records SET value = ?, rev = rev + 1, expires = ? WHERE key = ? AND rev = ? AND expires > ?',
  );
  const remove = db.prepare('DELETE FROM records WHERE key = ? RETURNING octet_length(value) AS length');
  const expire = db.prepare('DELETE FROM records WHERE expires <= ?');
  const all = db.prepare('SELECT value FROM records WHERE key >= ? AND key < ? AND expires > ? ORDER BY key');
  const everything = db.prepare('SELECT key, value, expires FROM records WHERE expires > ?');
  const size = db.prepare(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  );
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  let [taken, uncounted] = [0, Number.POSITIVE_INFINITY];
  const changes = new EventEmitter().setMaxListeners(0);
  // There since the first look, above, and the same file until the database is closed.
  const log = path === ':memory:' ? undefined : openSync(`${path}-wal`, 'r+');
  if (log !== undefined) syncFolder(dirname(path));
  let isDoubtful = false;
  const toDisk = async (file: number) => {
    // What the system once could not bring there it takes for being there from then on: the database itself has to be written.
    if (!isDoubtful) {
      isDoubtful = true;
      await onDisk(file);
    } else if (!moveOn()) throw new Error('the disk has lost what was written, and somebody reads what it has');
    isDoubtful = false;
  };
  // Memory is no disk: nobody waits for it.
  const sync: Sync | undefined = log === undefined ? undefined : newSync(() => toDisk(log));
  /** What comes too late for the call to the disk that is under way is written with all that comes until it is done. */
  const endOfTurn = async (): Promise<void> => {
    await sync?.idle();
    if (sync) await new Promise(setImmediate);
  };
  let waiting: Write[] = [];
  /** Writes all that waits, as one transaction. What fails fails alone, unless SQLite gives up the whole. */
  const flush = () => {
    const writes = waiting;
    waiting = [];
    let written: Write[] = [];
    const giveUp = (why: unknown) => {
      for (const one of written) one.fail(why);
      written = [];
    };
    for (const one of writes) {
      try {
        if (!db.isTransaction) db.exec('BEGIN IMMEDIATE');
        one.run();
        written.push(one);
      } catch (why) {
        one.fail(why);
        if (!db.isTransaction) giveUp(why);
      }
    }
    try {
      if (db.isTransaction) db.exec('COMMIT');
    } catch (why) {
      if (db.isTransaction) db.exec('ROLLBACK');
      giveUp(why);
    }
    if (written.length === 0) return;
    const disk = sync ? sync.synced() : Promise.resolve();
    for (const one of written) one.keep(disk);
  };
  /** @returns what `work` gives, once it lies on the disk */
  const write = <T>(work: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      let done: T;
      const length = waiting.push({
        run() {
          done = work();
        },
        keep: (disk) => void disk.then(() => resolve(done), reject),
        fail: reject,
      });
      if (length === 1) void endOfTurn().then(flush);
    });
  /**
   * Moves all that is in the log into the database, and that to the disk. Who reads meanwhile (a backup) is not waited for: nobody could sign
   * in until he is done. @returns whether it could
   */
  const moveOn = (): boolean => {
    flush();
    db.exec('PRAGMA busy_timeout = 0');
    try {
      return checkpoint.get()?.busy === 0;
    } finally {
      db.exec('PRAGMA busy_timeout = 5000');
    }
  };
  /** Keys whose last write is still on its way to the disk. */
  const written = new Map<string, Promise<unknown>>();
  /** @param work gives the revision that the record has then, undefined where nothing was written @returns whether it was */
  const change = async (key: string, work: () => number | undefined): Promise<boolean> => {
    const writing = write(work);
    written.set(key, writing);
    let news: News | undefined = {};
    try {
      const rev = await writing;
      news = rev === undefined ? undefined : { key, rev };
      return rev !== undefined;
    } finally {
      if (written.get(key) === writing) written.delete(key);
      // Whether it is there or not: who looks sees. Who wrote it goes on before.
      if (news) process.nextTick(() => changes.emit(key, news));
    }
  };
  return {
    async get(key) {
      // Nobody acts on what could still be lost.
      for (let writing = written.get(key); writing; writing = written.get(key)) await writing;
      const row = get.get(key, now());
      return row && { value: String(row.value), rev: Number(row.rev) };
    },
    put: (key, value, expires, ifRev) =>
      change(key, () => {
        uncounted += value.length;
        const isWritten =
          ifRev === 0
            ? insert.run(key, value, expires, now()).changes === 1
            : update.run(value, key, ifRev, expires, now()).changes === 1 ||
              postpone.run(value, expires, key, ifRev, now()).changes === 1;
        return isWritten ? ifRev + 1 : undefined;
      }),
    async delete(key) {
      await change(key, () => {
        uncounted += Number(remove.get(key)?.length ?? 0);
        return 0;
      });
    },
    async list(prefix) {
      return all.all(prefix, `${prefix}\uffff`, now()).map(({ value }) => String(value));
    },
    async *entries() {
      for (const { key, value, expires } of everything.iterate(now()))
        yield { key: String(key), value: String(value), expires: Number(expires) };
    },
    async watch(keys, changed) {
      for (const key of keys) changes.on(key, changed);
      changed();
      return () => {
        for (const key of keys) changes.off(key, changed);
      };
    },
    async isWatched(key) {
      return changes.listenerCount(key) > 0;
    },
    newLimiter: inMemory,
    async bytes() {
      if (uncounted > UNCOUNTED) [taken, uncounted] = [Number(size.get()?.bytes), 0];
      return taken;
    },
    async sweep() {
      uncounted = Number.POSITIVE_INFINITY;
      const swept = write(() => expire.run(now()));
      // What was deleted still stands in the log until its pages are taken over. And on a full disk nothing can be deleted before.
      try {
        moveOn();
      } finally {
        await swept;
      }
    },
    close() {
      flush();
      if (log !== undefined) closeSync(log);
      db.close();
    },
  };
}
