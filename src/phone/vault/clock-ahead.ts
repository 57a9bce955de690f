// Whether this phone's clock is right: one-time codes are made of it. The companion's time is told, and no code is made by it: a companion
// that named a later hour would get the codes of that hour.
import { signal } from '@preact/signals';

/** More than this, and sites may refuse the codes (RFC 6238 section 5.2 allows for one step of 30 s). */
const TOLERATED_MS = 30_000;

/** How far this phone's clock is ahead of the companion's, in ms; 0 while both agree. */
export const clockAhead = signal(0);

/**
 * What an answer's date says of a clock, in ms; 0 where that may be right, also by what the answer took, or where there is no date.
 * @param before by this clock, ms since 1970, when it was asked for
 * @param after when the answer was there
 * @param date of the answer (RFC 9110 section 5.6.7), in whole seconds that have passed
 */
export function aheadBy(before: number, after: number, date: string | null): number {
  const there = Date.parse(date ?? '');
  const [least, most] = [before - (there + 1000), after - there];
  if (least > TOLERATED_MS) return least;
  return most < -TOLERATED_MS ? most : 0;
}

/** Asks the companion for the time; says nothing new when it cannot be reached. */
export async function checkClock(): Promise<void> {
  try {
    const before = Date.now();
    const { headers } = await fetch('/v1/companion', { cache: 'no-store' });
    clockAhead.value = aheadBy(before, Date.now(), headers.get('date'));
  } catch {
    // Offline: nothing is known.
  }
}
