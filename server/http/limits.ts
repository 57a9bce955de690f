// How often anybody may do what costs the companion something, counted by where they come from (`Source.bucket`) where nothing else is said.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { BACKUP } from '../../src/protocol/recovery.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { Refusal } from './problems.ts';

/** Connections that are open at the same time, by bucket. */
export class Connections {
  readonly #open = new Map<string, number>();

  /** How many buckets have any: of others nothing is kept. */
  get buckets(): number {
    return this.#open.size;
  }

  /** One more of `bucket`. @returns what takes it away again; undefined when there are too many */
  enter(bucket: string): (() => void) | undefined {
    const others = this.#open.get(bucket) ?? 0;
    if (others >= LIMITS.connections) return undefined;
    this.#open.set(bucket, others + 1);
    return () => {
      const left = (this.#open.get(bucket) ?? 1) - 1;
      if (left > 0) this.#open.set(bucket, left);
      else this.#open.delete(bucket);
    };
  }
}

const HOUR = 3600;
const ROUNDS = { points: 120, duration: 120 };
const MANY_ROUNDS = { points: 10 * ROUNDS.points, duration: ROUNDS.duration };

/** The limits of one companion, for all its listeners together. `duration` in seconds. */
export const newLimiters = () => ({
  connections: new Connections(),
  /** Each `open`. */
  opens: new RateLimiterMemory({ points: 60, duration: 120 }),
  /** Each join or resume that found nothing: ids have 128 bits, and a ward's phones wake up to what has ended meanwhile. */
  misses: new RateLimiterMemory({ points: 200, duration: 200 }),
  /** Each request of a paired browser, by box. */
  requests: new RateLimiterMemory({ points: LIMITS.callsPerTenMinutes, duration: 600 }),
  /** Each box that is new: rows that last half a year. */
  boxes: new RateLimiterMemory({ points: 200, duration: HOUR }),
  /** Each push that proves a subscription. */
  pushes: new RateLimiterMemory({ points: 30, duration: HOUR }),
  /** Each proof of identity and each step at a provider: five or so a round. */
  proofs: new RateLimiterMemory({ points: 5 * ROUNDS.points, duration: ROUNDS.duration }),
  /** Each question of a vault, by what its owner is known: one whenever a phone is unlocked. */
  questions: new RateLimiterMemory({ points: 1200, duration: 600 }),
  /** Each round that somebody unknown begins at the issuer: a sign-in for a site, a device's code. */
  roundsFrom: new RateLimiterMemory(ROUNDS),
  /** The same, by `Source.range`: whoever has many networks has them there. */
  roundsAround: new RateLimiterMemory(MANY_ROUNDS),
  /** The same, by the client that it is for. */
  roundsFor: new RateLimiterMemory(MANY_ROUNDS),
  /** Each wrong secret of a client and each wrong code of a device, by bucket and client. */
  guesses: new RateLimiterMemory({ points: 30, duration: 600 }),
  /** Each try at the practice page. */
  practice: new RateLimiterMemory({ points: 60, duration: 600 }),
  /** Each request for a backup: a household's phones, and nobody who guesses. */
  backups: new RateLimiterMemory({ points: 300, duration: HOUR }),
  /** By how much backups grow, KiB: a ward's first day, and no disk's end. */
  backupGrowth: new RateLimiterMemory({ points: BACKUP.growthPerDay / 1024, duration: 24 * HOUR }),
  /** Each backup that is written, by its id. */
  backupWrites: new RateLimiterMemory({ points: BACKUP.writesPerHour, duration: HOUR }),
});
export type Limiters = ReturnType<typeof newLimiters>;

type TooOften = 'rate-limited' | 'called-too-often' | 'no-room';
const tooOften = (code: TooOften, ms: number) => new Refusal(code, { retryAfter: Math.ceil(ms / 1000) });

/** Takes points of `key` from `limiter`. @throws Refusal `code` when fewer are left; what is refused counts as well */
export async function consume(
  limiter: RateLimiterMemory,
  key: string,
  code: TooOften = 'rate-limited',
  points = 1,
): Promise<void> {
  await limiter.consume(key, points).catch((rejected: { msBeforeNext?: number }) => {
    throw tooOften(code, rejected.msBeforeNext ?? 1000);
  });
}

/** Looks whether `key` has a point left in `limiter`, and takes none. @throws Refusal `rate-limited` */
export async function look(limiter: RateLimiterMemory, key: string): Promise<void> {
  const left = await limiter.get(key);
  if (left && left.remainingPoints <= 0) throw tooOften('rate-limited', left.msBeforeNext);
}
