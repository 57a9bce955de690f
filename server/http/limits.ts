// How often anybody may do what costs the companion something, counted by where they come from (`Source.bucket`) where nothing else is said.
import { getHeapStatistics } from 'node:v8';
import { BACKUP } from '../../src/protocol/recovery.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { Refusal } from './problems.ts';

/** As much as a browser that waits takes, with what the collector has not come to, bytes (docs/performance.md). */
const CONNECTION_BYTES = 32 * 1024;

/** Connections that are open at the same time, by bucket. */
export class Connections {
  readonly #open = new Map<string, number>();
  readonly #ofEach: number;
  /** How many there may be in all: then whoever has waited longest makes way for who comes. */
  readonly most: number;

  /** @param most in all: without it, what fills four fifths of the memory that Node gives itself */
  constructor(
    ofEach: number = LIMITS.connections,
    most: number = Math.floor((0.8 * getHeapStatistics().heap_size_limit) / CONNECTION_BYTES),
  ) {
    this.#ofEach = ofEach;
    this.most = most;
  }

  /** How many buckets have any: of others nothing is kept. */
  get buckets(): number {
    return this.#open.size;
  }

  /** One more of `bucket`. @returns whether it may be there; each that may `leave`s */
  enter(bucket: string): boolean {
    const others = this.#open.get(bucket) ?? 0;
    if (others >= this.#ofEach) return false;
    this.#open.set(bucket, others + 1);
    return true;
  }

  leave(bucket: string): void {
    const left = (this.#open.get(bucket) ?? 1) - 1;
    if (left > 0) this.#open.set(bucket, left);
    else this.#open.delete(bucket);
  }
}

/** What one network may say at once, and how much of it again each second: a frame is one, and one more for each KiB. */
export const TRAFFIC = { burst: 4_000, perSecond: 200, connection: 5 } as const;

/** How much each network says: a bucket that leaks. Counted by the node whose time it takes. */
export class Traffic {
  /** In the order of their last word. */
  readonly #said = new Map<string, { level: number; at: number }>();
  readonly #now: () => number;

  /** @param now ms, of a clock that nobody sets */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many networks something is kept of. */
  get buckets(): number {
    return this.#said.size;
  }

  /** @returns ms after which `bucket` may say so much; 0 where it may now, and has. What is refused does not count */
  take(bucket: string, points: number): number {
    const now = this.#now();
    const { level, at } = this.#said.get(bucket) ?? { level: 0, at: now };
    const next = Math.max(0, level - ((now - at) * TRAFFIC.perSecond) / 1000) + points;
    const over = next - TRAFFIC.burst;
    if (over > 0) return (over * 1000) / TRAFFIC.perSecond;
    this.#said.delete(bucket);
    this.#said.set(bucket, { level: next, at: now });
    // Who was silent for so long has nothing left in it.
    for (const [one, { at: last }] of this.#said) {
      if (now - last < (TRAFFIC.burst * 1000) / TRAFFIC.perSecond) break;
      this.#said.delete(one);
    }
    return 0;
  }
}

const HOUR = 3600;
const ROUNDS = { points: 120, duration: 120 };
const MANY_ROUNDS = { points: 10 * ROUNDS.points, duration: ROUNDS.duration };

/** So much at most in so many seconds. */
interface Bound {
  points: number;
  duration: number;
}

const BOUNDS = {
  /** Each `open`. */
  opens: { points: 60, duration: 120 },
  /** Each join or resume that found nothing: ids have 128 bits, and a ward's phones wake up to what has ended meanwhile. */
  misses: { points: 200, duration: 200 },
  /** Each request of a paired browser, by box. */
  requests: { points: LIMITS.callsPerTenMinutes, duration: 600 },
  /** Each box that a phone listens at, as it comes: those of a ward's phones, twice a minute. */
  listens: { points: 2_000, duration: 120 },
  /** Each box that is new: rows that last half a year. */
  boxes: { points: 200, duration: HOUR },
  /** Each push that proves a subscription. */
  pushes: { points: 30, duration: HOUR },
  /** Each proof of identity and each step at a provider: five or so a round. */
  proofs: { points: 5 * ROUNDS.points, duration: ROUNDS.duration },
  /** Each question of a vault, by what its owner is known: one whenever a phone is unlocked. */
  questions: { points: 1200, duration: 600 },
  /** Each round that somebody unknown begins at the issuer: a sign-in for a site, a device's code. */
  roundsFrom: ROUNDS,
  /** The same, by `Source.range`: whoever has many networks has them there. */
  roundsAround: MANY_ROUNDS,
  /** The same, by the client that it is for. */
  roundsFor: MANY_ROUNDS,
  /** Each wrong secret of a client and each wrong code of a device, by bucket and client. */
  guesses: { points: 30, duration: 600 },
  /** Each try at the practice page. */
  practice: { points: 60, duration: 600 },
  /** Each answer of a provider, by the browser that brings it. */
  callbacks: { points: 10, duration: 60 },
  /** Each request for a backup: a household's phones, and nobody who guesses. */
  backups: { points: 300, duration: HOUR },
  /** By how much backups grow, KiB: a ward's first day, and no disk's end. */
  backupGrowth: { points: BACKUP.growthPerDay / 1024, duration: 24 * HOUR },
  /** Each backup that is written, by its id. */
  backupWrites: { points: BACKUP.writesPerHour, duration: HOUR },
} satisfies Record<string, Bound>;

/** One limit: how much of it each has used who is counted. */
export interface Limiter extends Bound {
  /** Rejects with `msBeforeNext` when fewer are left, with an Error where nothing can be counted. */
  consume(key: string, points?: number): Promise<unknown>;
  reward(key: string, points?: number): Promise<unknown>;
  /** null of who has used nothing. */
  get(key: string): Promise<{ consumedPoints: number; remainingPoints: number; msBeforeNext: number } | null>;
}
export type NewLimiter = (name: string, bound: Bound) => Limiter;

/** By how many each limit counts here at most, some 10 MB: one who comes from more addresses than that is held by no count of each. */
export const MOST_COUNTED = 50_000;

/** Counts in this process, by a window of time that begins with each one's first use. */
class Counts implements Limiter {
  readonly points: number;
  readonly duration: number;
  /** In the order in which their time is over, as each has as much of it. */
  readonly #used = new Map<string, { points: number; until: number }>();
  readonly #now: () => number;

  constructor({ points, duration }: Bound, now: () => number) {
    this.points = points;
    this.duration = duration;
    this.#now = now;
  }

  #left({ points, until }: { points: number; until: number }) {
    const remainingPoints = Math.max(0, this.points - points);
    return { consumedPoints: points, remainingPoints, msBeforeNext: until - this.#now() };
  }

  /** What `key` has used in its time; nothing is kept of those whose time is over. */
  #of(key: string): { points: number; until: number } | undefined {
    for (const [one, { until }] of this.#used) {
      if (until > this.#now()) break;
      this.#used.delete(one);
    }
    return this.#used.get(key);
  }

  #add(key: string, points: number) {
    const used = this.#of(key) ?? { points: 0, until: this.#now() + this.duration * 1000 };
    used.points += points;
    this.#used.set(key, used);
    for (const first of this.#used.keys()) {
      if (this.#used.size <= MOST_COUNTED) break;
      this.#used.delete(first);
    }
    return used;
  }

  async consume(key: string, points = 1): Promise<unknown> {
    const used = this.#add(key, points);
    return used.points > this.points ? Promise.reject(this.#left(used)) : this.#left(used);
  }

  async reward(key: string, points = 1): Promise<unknown> {
    return this.#left(this.#add(key, -points));
  }

  async get(key: string) {
    const used = this.#of(key);
    return used ? this.#left(used) : null;
  }
}

/** @param now ms, of a clock that nobody sets */
export const inMemory = (_name: string, bound: Bound, now: () => number = () => performance.now()): Limiter =>
  new Counts(bound, now);

export type Limiters = Record<keyof typeof BOUNDS, Limiter> & { connections: Connections; traffic: Traffic };

type LimitName = keyof typeof BOUNDS | 'connections' | 'allConnections';
/** What an operator has set in place of our numbers: so much in the same time. */
export type SetLimits = Partial<Record<LimitName, number>>;
/** All that can be set. */
export const LIMIT_NAMES = [...Object.keys(BOUNDS), 'connections', 'allConnections'] as LimitName[];

/**
 * The limits of one companion, for all its listeners together.
 * @param newLimiter where they are counted; connections, and what is said on them, always by this process, whose own they are
 */
export function newLimiters(newLimiter: NewLimiter = inMemory, set: SetLimits = {}): Limiters {
  const limiters = Object.entries(BOUNDS).map(([name, bound]) => {
    const points = set[name as keyof typeof BOUNDS] ?? bound.points;
    return [name, newLimiter(name, { ...bound, points })];
  });
  return {
    ...(Object.fromEntries(limiters) as Record<keyof typeof BOUNDS, Limiter>),
    connections: new Connections(set.connections, set.allConnections),
    traffic: new Traffic(),
  };
}

type TooOften = 'rate-limited' | 'called-too-often' | 'no-room';
export const tooOften = (code: TooOften, ms: number) => new Refusal(code, { retryAfter: Math.ceil(ms / 1000) });

/** Takes points of `key` from `limiter`. @throws Refusal `code` when fewer are left; what is refused counts as well */
export async function consume(
  limiter: Limiter,
  key: string,
  code: TooOften = 'rate-limited',
  points = 1,
): Promise<void> {
  await limiter.consume(key, points).catch((rejected: Error | { msBeforeNext?: number }) => {
    if (rejected instanceof Error) throw rejected;
    throw tooOften(code, rejected.msBeforeNext ?? 1000);
  });
}

/** Looks whether `key` has a point left in `limiter`, and takes none. @throws Refusal `rate-limited` */
export async function look(limiter: Limiter, key: string): Promise<void> {
  const left = await limiter.get(key);
  if (left && left.remainingPoints <= 0) throw tooOften('rate-limited', left.msBeforeNext);
}
