// What the companion asks of a store: records with expiry and compare-and-set by revision, and a way to hear of changes. One file
// beside this one for each engine.

export interface Stored {
  value: string;
  /** Grows by one with each write of this key; 0 stands for absent. */
  rev: number;
}

/** For records that stay until they are deleted. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;

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
  /** What all records take on the disk, roughly. */
  bytes(): Promise<number>;
  /** Deletes what has expired. */
  sweep(): Promise<void>;
  close(): void;
}
