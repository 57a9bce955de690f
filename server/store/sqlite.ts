// The embedded store: one SQLite file, for one companion and the commands of its operator.
import { EventEmitter } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { inMemory } from '../http/limits.ts';
import { bringForward, NewerDatabase } from './schema.ts';
import type { Store } from './store.ts';

/**
 * The embedded store. Write-ahead log with full sync: an answered write survives a killed process.
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
  const update = db.prepare(
    'UPDATE records SET value = ?, rev = rev + 1, expires = ? WHERE key = ? AND rev = ? AND expires > ?',
  );
  const remove = db.prepare('DELETE FROM records WHERE key = ?');
  const expire = db.prepare('DELETE FROM records WHERE expires <= ?');
  const all = db.prepare('SELECT value FROM records WHERE key >= ? AND key < ? AND expires > ? ORDER BY key');
  const everything = db.prepare('SELECT key, value, expires FROM records WHERE expires > ?');
  const taken = db.prepare(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  );
  const changes = new EventEmitter().setMaxListeners(0);
  return {
    async get(key) {
      const row = get.get(key, now());
      return row && { value: String(row.value), rev: Number(row.rev) };
    },
    async put(key, value, expires, ifRev) {
      const result =
        ifRev === 0 ? insert.run(key, value, expires, now()) : update.run(value, expires, key, ifRev, now());
      const isWritten = result.changes === 1;
      if (isWritten) changes.emit(key);
      return isWritten;
    },
    async delete(key) {
      remove.run(key);
      changes.emit(key);
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
      return Number(taken.get()?.bytes);
    },
    async sweep() {
      try {
        expire.run(now());
      } finally {
        // What was deleted still stands in the log until its pages are taken over. And on a full disk nothing can be deleted before. Who
        // reads meanwhile (a backup) is not waited for: nobody could sign in until he is done.
        db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000');
      }
    },
    close() {
      db.close();
    },
  };
}
