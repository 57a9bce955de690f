// Storage: records with expiry and compare-and-set by revision, and a way to hear of changes. SQLite is embedded; another
// engine for many nodes fits the same interface.
import { EventEmitter } from 'node:events';
import { DatabaseSync } from 'node:sqlite';

export interface Stored {
  value: string;
  /** Grows by one with each write of this key; 0 stands for absent. */
  rev: number;
}

export interface Store {
  /** The live record under `key`, if any. */
  get(key: string): Promise<Stored | undefined>;
  /** Writes if the record still has revision `ifRev` (0: must be absent). `expires` in ms since 1970. */
  put(key: string, value: string, expires: number, ifRev: number): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Values of the live records whose keys begin with `prefix`; for an operator's commands, never in a request. */
  list(prefix: string): Promise<string[]>;
  /** Tells all who `subscribe` to `key` that something has changed. */
  publish(key: string): void;
  /** Calls `listener` at each `publish`; returns how to stop. */
  subscribe(key: string, listener: () => void): () => void;
  /** Deletes what has expired. */
  sweep(): Promise<void>;
  close(): void;
}

const SCHEMA_VERSION = 1;

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
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version > SCHEMA_VERSION)
      throw new Error(`${path} was written by a newer Scankey. Start that version instead.`);
    db.exec(`
      CREATE TABLE IF NOT EXISTS records (
        key TEXT PRIMARY KEY, value TEXT NOT NULL, rev INTEGER NOT NULL, expires INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS by_expiry ON records (expires);
      PRAGMA user_version = ${SCHEMA_VERSION}`);
  } catch (cause) {
    db.close();
    if (cause instanceof Error && cause.message.includes('newer Scankey')) throw cause;
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
  const changes = new EventEmitter().setMaxListeners(0);
  return {
    async get(key) {
      const row = get.get(key, now());
      return row && { value: String(row.value), rev: Number(row.rev) };
    },
    async put(key, value, expires, ifRev) {
      const result =
        ifRev === 0 ? insert.run(key, value, expires, now()) : update.run(value, expires, key, ifRev, now());
      return result.changes === 1;
    },
    async delete(key) {
      remove.run(key);
    },
    async list(prefix) {
      return all.all(prefix, `${prefix}\uffff`, now()).map(({ value }) => String(value));
    },
    publish(key) {
      changes.emit(key);
    },
    subscribe(key, listener) {
      changes.on(key, listener);
      return () => changes.off(key, listener);
    },
    async sweep() {
      expire.run(now());
    },
    close() {
      db.close();
    },
  };
}
