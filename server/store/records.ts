// Records of one kind: read by their schema, changed by compare-and-set, watched while they change.
import * as v from 'valibot';
import { Refusal } from '../http/problems.ts';
import { Known, type Version } from './known.ts';
import type { Store } from './store.ts';

export interface Found<T> {
  /** Others may hold the same one: it is altered by `change` alone. */
  record: T;
  /** As the store counts them: what a write over this record has to name. */
  rev: number;
}

/** When a record expires: so many milliseconds after it was last written, which may follow from itself, or at a time that does. */
export type Lifetime<T> = { unusedMs: number } | { keptMs(record: T): number } | { until(record: T): number };

/** How often a change is tried against others that are faster. */
const TRIES = 20;

/** A copy of what came from JSON, down to the last. */
function copyOf<V>(value: V): V {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as V;
  const copy = { ...value };
  for (const name in copy) copy[name] = copyOf(copy[name]);
  return copy;
}

export class Records<T> {
  readonly #store: Store;
  readonly #kind: string;
  readonly #schema: v.GenericSchema<unknown, T>;
  readonly #lifetime: Lifetime<T>;
  readonly #now: () => number;
  readonly #known = new Known<T>();

  /** @param kind what the keys of all these records begin with */
  constructor(
    store: Store,
    kind: string,
    schema: v.GenericSchema<unknown, T>,
    lifetime: Lifetime<T>,
    now: () => number = Date.now,
  ) {
    this.#store = store;
    this.#kind = kind;
    this.#schema = schema;
    this.#lifetime = lifetime;
    this.#now = now;
  }

  #key = (id: string): string => `${this.#kind}:${id}`;

  #expires(record: T): number {
    if ('until' in this.#lifetime) return this.#lifetime.until(record);
    return this.#now() + ('keptMs' in this.#lifetime ? this.#lifetime.keptMs(record) : this.#lifetime.unusedMs);
  }

  #parse = (value: string): T => v.parse(this.#schema, JSON.parse(value));

  /** A record of which it is known that it is still the last: one that tells by itself when it expires. */
  #last(id: string): Version<T> | undefined {
    const known = 'until' in this.#lifetime ? this.#known.get(id) : undefined;
    return known && this.#expires(known.record) > this.#now() ? known : undefined;
  }

  async #version(id: string): Promise<Version<T> | undefined> {
    const last = this.#last(id);
    if (last) return last;
    const keep = this.#known.begin(id);
    const stored = await this.#store.get(this.#key(id));
    const version = stored && { record: this.#parse(stored.value), ...stored };
    // One that nobody has changed yet is looked at once, by who has made it and waits: thousands of those would only be in the way.
    if (version && version.rev > 1) keep(version);
    return version;
  }

  async read(id: string): Promise<Found<T> | undefined> {
    const version = await this.#version(id);
    return version && { record: version.record, rev: version.rev };
  }

  /** Every live record of this kind; for an operator's commands, never in a request. */
  async list(): Promise<T[]> {
    const values = await this.#store.list(this.#key(''));
    return values.map(this.#parse);
  }

  /** @param ifRev the revision that the record must still have, 0 where there must be none */
  write(id: string, record: T, ifRev: number): Promise<boolean> {
    return this.#put(id, { record, value: JSON.stringify(record), rev: ifRev + 1 });
  }

  async #put(id: string, version: Version<T>): Promise<boolean> {
    const keep = this.#known.begin(id);
    const isWritten = await this.#store.put(
      this.#key(id),
      version.value,
      this.#expires(version.record),
      version.rev - 1,
    );
    if (isWritten) keep(version);
    else this.#known.forget(id);
    return isWritten;
  }

  /**
   * Lets `change` alter the record in place, anew whenever somebody else was faster.
   * @returns what `change` gave; undefined where there is no record
   * @throws whatever `change` does, and nothing is written then; Refusal `busy`
   */
  async change<R>(id: string, change: (record: T) => R): Promise<R | undefined> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const found = await this.#version(id);
      if (!found) return undefined;
      const record = copyOf(found.record);
      const result = change(record);
      const value = JSON.stringify(record);
      // Writing what is there already only puts off an end that moves.
      const same = 'until' in this.#lifetime && value === found.value;
      if (same || (await this.#put(id, { record, value, rev: found.rev + 1 }))) return result;
    }
    throw new Refusal('busy', { retryAfter: 1 });
  }

  /**
   * Has the record once: of several who ask at the same moment, one gets it.
   * @param may whether it is taken at all
   * @returns undefined where there is none, or none that may be taken
   */
  async take(id: string, may: (record: T) => boolean = () => true): Promise<T | undefined> {
    const found = await this.read(id);
    if (!found || !may(found.record)) return undefined;
    // Over at once; somebody else was faster where that is not written.
    if (!(await this.#store.put(this.#key(id), '', 0, found.rev))) return this.take(id, may);
    return found.record;
  }

  delete(id: string): Promise<void> {
    this.#known.forget(id);
    return this.#store.delete(this.#key(id));
  }

  /** Waits until there is a record that is `ready`, so many milliseconds at most. @returns undefined when they have passed */
  async until(id: string, ready: (record: T) => boolean, withinMs: number): Promise<Found<T> | undefined> {
    const there = await this.read(id);
    if (there && ready(there.record)) return there;
    let inTime = true;
    let next = Promise.withResolvers<void>();
    let stop = () => {};
    const timer = setTimeout(() => {
      inTime = false;
      next.resolve();
    }, withinMs);
    try {
      stop = await this.watch([id], () => next.resolve());
      for (;;) {
        await next.promise;
        next = Promise.withResolvers();
        const found = await this.read(id);
        if (found && ready(found.record)) return found;
        if (!inTime) return undefined;
      }
    } finally {
      clearTimeout(timer);
      stop();
    }
  }

  /** Calls `changed` when it is time to look at these records, first of all now (`Store.watch`); returns how to stop. */
  async watch(ids: readonly string[], changed: () => void): Promise<() => void> {
    this.#known.watch(ids);
    let leave = () => this.#known.leave(ids);
    try {
      const unwatch = await this.#store.watch(ids.map(this.#key), (news) => {
        const heard = news?.key?.slice(this.#key('').length);
        for (const id of heard === undefined ? ids : [heard]) this.#known.hear(id, news);
        changed();
      });
      return () => {
        unwatch();
        leave();
        leave = () => {};
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Whether anybody watches the record, on any node. */
  isWatched(id: string): Promise<boolean> {
    return this.#store.isWatched(this.#key(id));
  }
}
