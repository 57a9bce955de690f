// The form of the embedded database, and how one of an older form is brought to it: one step for each version, forward alone.
import type { DatabaseSync } from 'node:sqlite';

/** Step n makes form n + 1 of form n, and of nothing the first. What was released stays as it is: only another one is added. */
export const STEPS: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS records (
     key TEXT PRIMARY KEY, value TEXT NOT NULL, rev INTEGER NOT NULL, expires INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX IF NOT EXISTS by_expiry ON records (expires)`,
];

/** A later Scankey wrote this database: what it means by it is not known here. */
export class NewerDatabase extends Error {}

/** @throws NewerDatabase */
function formOf(db: DatabaseSync, steps: readonly string[]): number {
  const form = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (form > steps.length) throw new NewerDatabase('written by a newer Scankey');
  return form;
}

/**
 * Brings the database to the newest form, in one transaction: it has that one afterwards, or is as it was.
 * @throws NewerDatabase; whatever a step does
 */
export function bringForward(db: DatabaseSync, steps: readonly string[] = STEPS): void {
  if (formOf(db, steps) === steps.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Looked at anew: another process may have done it meanwhile.
    for (let form = formOf(db, steps); form < steps.length; form++)
      db.exec(`${steps[form]}; PRAGMA user_version = ${form + 1}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
