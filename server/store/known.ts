// What this node knows of records that somebody here watches: each as it was last read or written, until something else is heard of it. Who
// looks at one again and again, as both sides of a sign-in do, has it read once.
import type { News } from './store.ts';

/** A record as it is in the store. */
export interface Version<T> {
  record: T;
  /** Its text there. */
  value: string;
  rev: number;
}

/** Versions at most: the rest is read when it is looked at. */
const MOST = 512;

export class Known<T> {
  readonly #versions = new Map<string, Version<T>>();
  /** By how many each is watched, and what was heard last: undefined until nothing is missed any more. */
  readonly #watched = new Map<string, { by: number; news: News | undefined }>();

  get = (id: string): Version<T> | undefined => this.#versions.get(id);

  watch(ids: readonly string[]): void {
    for (const id of ids) {
      const watched = this.#watched.get(id);
      if (watched) watched.by++;
      else this.#watched.set(id, { by: 1, news: undefined });
    }
  }

  leave(ids: readonly string[]): void {
    for (const id of ids) {
      const watched = this.#watched.get(id);
      if (!watched || --watched.by > 0) continue;
      this.#watched.delete(id);
      this.#versions.delete(id);
    }
  }

  /** Before anybody looks on hearing it. @param news undefined where one more begins to watch */
  hear(id: string, news: News | undefined): void {
    const watched = this.#watched.get(id);
    if (!watched || (news === undefined && watched.news)) return;
    watched.news = news ?? {};
    if (this.#versions.get(id)?.rev !== news?.rev) this.#versions.delete(id);
  }

  forget = (id: string): boolean => this.#versions.delete(id);

  /** Begins to read or write a record. @returns what keeps its version then, unless of another one was heard meanwhile */
  begin(id: string): (version: Version<T>) => void {
    const watched = this.#watched.get(id);
    const before = watched?.news;
    return (version) => {
      if (!watched?.news || this.#watched.get(id) !== watched) return;
      if (watched.news !== before && watched.news?.rev !== version.rev) return;
      this.#versions.delete(id);
      this.#versions.set(id, version);
      for (const oldest of this.#versions.keys()) {
        if (this.#versions.size <= MOST) break;
        this.#versions.delete(oldest);
      }
    };
  }
}
