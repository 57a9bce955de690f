// The vault closes by itself: a minute after the last touch, and as soon as the page is left if the person wants it so.
import { effect } from '@preact/signals';
import type { OpenVault } from './open.ts';

/** The vault closes this long after the last touch or key. */
export const LOCK_MS = 60_000;
/** A hidden page may come back at once: a permission prompt, the notification shade. */
const LEAVE_MS = 1_000;
/** How long the person may choose a file, or print. */
const AWAY_MS = 300_000;

export interface Watch {
  /** ms since 1970. */
  now(): number;
  /** Calls `work` in so many ms. @returns calls it off */
  after(ms: number, work: () => void): () => void;
  isHidden(): boolean;
  /** Whether leaving the page locks, or only a minute without use. */
  locksOnLeave(): boolean;
}

export interface AutoLock {
  /** The person is using the vault. */
  touch(): void;
  /** The person leaves the page for something that the page asked for: a file, a printer. Five minutes at most. */
  away(): void;
  /** Whether the vault is open and was used within the last minute; locks it otherwise. */
  isFresh(): boolean;
  /** The page went out of sight or came back. */
  onSight(visible: boolean): void;
}

export function autoLock({ isUnlocked, lock }: Pick<OpenVault, 'isUnlocked' | 'lock'>, watch: Watch): AutoLock {
  let usedAt = 0;
  /** Until when a hidden page stays open. */
  let awayUntil = 0;
  let leftAt = 0;
  let callOff = () => {};

  const isAway = () => watch.now() <= awayUntil;
  const touch = () => {
    usedAt = watch.now();
  };
  const lockAway = () => {
    if (watch.locksOnLeave() && !isAway()) lock();
  };
  const isFresh = () => {
    if (isUnlocked.value && watch.now() - usedAt > LOCK_MS && !isAway()) lock();
    return isUnlocked.value;
  };
  const onSight = (visible: boolean) => {
    callOff();
    if (visible) {
      // A frozen page's clocks stood still.
      if (leftAt > 0 && watch.now() - leftAt > LEAVE_MS) lockAway();
      leftAt = 0;
      // A file that took a while to find is no minute without use.
      if (watch.now() < awayUntil) touch();
      awayUntil = 0;
    } else {
      leftAt = watch.now();
      callOff = watch.after(LEAVE_MS, lockAway);
    }
    isFresh();
  };
  effect(() => {
    if (!isUnlocked.value) return;
    touch();
    // The page was left while the passphrase was being hashed.
    if (watch.isHidden()) onSight(false);
  });

  return {
    touch,
    isFresh,
    onSight,
    away() {
      awayUntil = watch.now() + AWAY_MS;
    },
  };
}
