// Whether this phone's clock is right: one-time codes are made of it.
import { signal } from '@preact/signals';

/** More than this, and sites refuse the codes (RFC 6238 section 5.2 allows for one step of 30 s). */
const TOLERATED_MS = 45_000;

/** How far this phone's clock is ahead of the companion's, in ms; 0 while both agree. */
export const clockAhead = signal(0);

/** Asks the companion for the time; says nothing when it cannot be reached. */
export async function checkClock(): Promise<void> {
  try {
    const before = Date.now();
    const { headers } = await fetch('/v1/companion', { cache: 'no-store' });
    const there = Date.parse(headers.get('date') ?? '');
    const ahead = (before + Date.now()) / 2 - there;
    clockAhead.value = Math.abs(ahead) > TOLERATED_MS ? ahead : 0;
  } catch {
    // Offline, or no date: nothing is known.
  }
}
