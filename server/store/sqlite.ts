// The embedded store: one SQLite file, for one companion and the commands of its operator.
import { EventEmitter } from 'node:events';
import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inMemory } from '../http/limits.ts';
import { bringForward, NewerDatabase } from './schema.ts';
import type { News, Store } from './store.ts';
import { newSync } from './sync.ts';

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

/** All that is written in one turn of the loop: one transaction. */
interface Turn {
  /** When it lies on the disk. */
  kept: Promise<void>;
  /** SQLite has given it up as a whole, or could not end it; why. */
  lost?: { why: unknown };
}

/**
 * The embedded store. Write-ahead log with full sync: an answered write survives a killed process, and a computer without power. SQLite
 * itself writes each at once and waits for no disk; who has written it, and who would read it, does so here.
 * @param path file name, or `:memory:`
 * @throws Error in plain words when the file is damaged or was written by a newer Scankey
 */
export function openSqlite(path: string, now: () => number = Date.now): Store {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000',
    );
    bringForward(db);
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
  } catch (cause) {
    db.close();
    if (cause instanceof NewerDatabase)
      throw new Error(`${path} was written by a newer Scankey. Start that version instead.`, { cause });
    throw new Error(`${path} cannot be read as a Scankey database. Move it away to start with an empty one.`, {
      cause,
    });
  }
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
  const synced = log === undefined ? async () => {} : newSync(() => toDisk(log));
  // Memory is no disk: nobody waits for it.
  const endOfTurn = (): Promise<unknown> => (log === undefined ? Promise.resolve() : new Promise(setImmediate));
  let turn: Turn | undefined;
  const begin = (): Turn => {
    db.exec('BEGIN IMMEDIATE');
    const begun: Turn = {
      kept: endOfTurn().then(() => {
        if (turn === begun) end();
        if (begun.lost) throw begun.lost.why;
        return synced();
      }),
    };
    begun.kept.catch(() => {});
    return begun;
  };
  const end = () => {
    const ended = turn;
    turn = undefined;
    if (!ended) return;
    try {
      db.exec('COMMIT');
    } catch (why) {
      ended.lost = { why };
      if (db.isTransaction) db.exec('ROLLBACK');
    }
  };
  /** @returns what `work` gave, and when it lies on the disk */
  const write = <T>(work: () => T): { done: T; kept: Promise<void> } => {
    turn ??= begin();
    try {
      return { done: work(), kept: turn.kept };
    } catch (why) {
      if (!db.isTransaction) {
        turn.lost = { why };
        turn = undefined;
      }
      throw why;
    }
  };
  /**
   * Moves all that is in the log into the database, and that to the disk. Who reads meanwhile (a backup) is not waited for: nobody could sign
   * in until he is done. @returns whether it could
   */
  const moveOn = (): boolean => {
    end();
    db.exec('PRAGMA busy_timeout = 0');
    try {
      return checkpoint.get()?.busy === 0;
    } finally {
      db.exec('PRAGMA busy_timeout = 5000');
    }
  };
  /** Keys whose last write is still on its way to the disk. */
  const written = new Map<string, Promise<void>>();
  /** @param rev that it has then */
  const keep = async (key: string, kept: Promise<void>, rev: number): Promise<void> => {
    written.set(key, kept);
    let news: News = {};
    try {
      await kept;
      news = { key, rev };
    } finally {
      if (written.get(key) === kept) written.delete(key);
      // Whether it is there or not: who looks sees. Who wrote it goes on before.
      process.nextTick(() => changes.emit(key, news));
    }
  };
  return {
    async get(key) {
      // Nobody acts on what could still be lost.
      for (let kept = written.get(key); kept; kept = written.get(key)) await kept;
      const row = get.get(key, now());
      return row && { value: String(row.value), rev: Number(row.rev) };
    },
    async put(key, value, expires, ifRev) {
      const { done: isWritten, kept } = write(() =>
        ifRev === 0
          ? insert.run(key, value, expires, now()).changes === 1
          : update.run(value, key, ifRev, expires, now()).changes === 1 ||
            postpone.run(value, expires, key, ifRev, now()).changes === 1,
      );
      uncounted += value.length;
      if (isWritten) await keep(key, kept, ifRev + 1);
      return isWritten;
    },
    async delete(key) {
      const { done: removed, kept } = write(() => remove.get(key));
      uncounted += Number(removed?.length ?? 0);
      await keep(key, kept, 0);
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
      let kept: Promise<void> | undefined;
      try {
        kept = write(() => expire.run(now())).kept;
      } finally {
        // What was deleted still stands in the log until its pages are taken over. And on a full disk nothing can be deleted before.
        moveOn();
      }
      await kept;
    },
    close() {
      end();
      if (log !== undefined) closeSync(log);
      db.close();
    },
  };
}
