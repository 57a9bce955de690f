// Which passwords want changing: reused, weak, old. Computed on the phone, from nothing but the vault.
import type { Account } from './document.ts';

const OLD_MS = 365 * 86_400_000;
/** Guesses as a power of ten: what a stolen table of hashes gives up within hours. */
export const WEAK_BELOW = 8;

export interface Health {
  reused: Account[];
  weak: Account[];
  old: Account[];
}

/** @param strengths of the passwords, in the same order as `accounts` */
export function healthOf(accounts: readonly Account[], strengths: readonly number[], now: number): Health {
  const uses = new Map<string, number>();
  for (const { password } of accounts) uses.set(password, (uses.get(password) ?? 0) + 1);
  return {
    reused: accounts.filter(({ password }) => password !== '' && (uses.get(password) ?? 0) > 1),
    weak: accounts.filter(({ password }, at) => password !== '' && (strengths[at] ?? 0) < WEAK_BELOW),
    old: accounts.filter(({ password, passwordAt }) => password !== '' && passwordAt > 0 && now - passwordAt > OLD_MS),
  };
}
