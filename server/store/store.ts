// What the companion asks of a store: records with expiry and compare-and-set by revision, and a way to hear of changes. One file
// beside this one for each engine; one store may serve many nodes.
import type { NewLimiter } from '../http/limits.ts';

export interface Stored {
  value: string;
  /** Grows by one with each write of this key; 0 stands for absent. */
  rev: number;
}

export interface Entry {
  key: string;
  value: string;
  /** ms since 1970. */
  expires: number;
}

/** For records that stay until they are deleted. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** What has happened to a record; without a revision where that is not known, 0 where it is gone. */
export interface News {
  key?: string;
  rev?: number;
}

export interface Store {
  /** The live record under `key`, if any. */
  get(key: string): Promise<Stored | undefined>;
  /** Writes if the record still has revision `ifRev` (0: must be absent), and tells who watches it. `expires` in ms since 1970. */
  put(key: string, value: string, expires: number, ifRev: number): Promise<boolean>;
  /** …and tells who watches it. */
  delete(key: string): Promise<void>;
  /** Values of the live records whose keys begin with `prefix`; for an operator's commands, never in a request. */
  list(prefix: string): Promise<string[]>;
  /** Every live record, in no order; to move a store, never in a request. */
  entries(): AsyncIterable<Entry>;
  /**
   * Calls `changed` as soon as no change of `keys` would be missed any more, after each, and whenever some may have been missed: whoever
   * looks when it is called, and only then, has seen the last one. It is told which one that was, `{}` where some may have been missed,
   * and nothing the first time; all who watch a key are given the same object.
   * @returns how to stop
   */
  watch(keys: readonly string[], changed: (news?: News) => void): Promise<() => void>;
  /** Whether anybody watches `key`, on any node. */
  isWatched(key: string): Promise<boolean>;
  /** Counts for all nodes together. */
  newLimiter: NewLimiter;
  /** What all records take where they are kept, roughly, a second ago. */
  bytes(): Promise<number>;
  /** Deletes what has expired. */
  sweep(): Promise<void>;
  close(): void;
}
