// How often anybody may do what costs the companion something, counted by address.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Refusal } from './problems.ts';

export interface Limiters {
  /** Consumed by each `open`. */
  opens: RateLimiterMemory;
  /** Consumed by each join or resume that found nothing. */
  misses: RateLimiterMemory;
  /** Consumed by each push that proves a subscription. */
  pushes: RateLimiterMemory;
  /** Consumed by each proof of identity and each step at a provider. */
  proofs: RateLimiterMemory;
  /** Open connections by address. */
  connections: Map<string, number>;
}

export const newLimiters = (): Limiters => ({
  opens: new RateLimiterMemory({ points: 60, duration: 120 }),
  misses: new RateLimiterMemory({ points: 20, duration: 200 }),
  pushes: new RateLimiterMemory({ points: 30, duration: 3600 }),
  proofs: new RateLimiterMemory({ points: 300, duration: 600 }),
  connections: new Map(),
});

/** Takes one point from `limiter`. @throws Refusal `code` when none is left */
export async function consume(
  limiter: RateLimiterMemory,
  address: string,
  code: 'rate-limited' | 'called-too-often' = 'rate-limited',
): Promise<void> {
  await limiter.consume(address).catch((rejected: { msBeforeNext?: number }) => {
    throw new Refusal(code, { retryAfter: Math.ceil((rejected.msBeforeNext ?? 1000) / 1000) });
  });
}
