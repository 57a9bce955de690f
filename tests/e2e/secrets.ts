// What the tests of a file use and no log may ever hold: passwords, seeds, ids and tokens of sessions, codes and tokens of sites. Every
// companion's log is held against all of it when the companion is removed.

const used = new Set<string>();
/** Shorter ones stand by chance in what is no secret. */
const LEAST = 8;

/** @returns `value`, which is a secret from now on */
export function mustNotLeak(value: string): string {
  if (value.length >= LEAST) used.add(value);
  return value;
}

/** @throws Error that names what of all secrets stands in `log`, and how */
export function holdsNoSecret(log: string): void {
  const found = [...used].find((one) => log.includes(one));
  if (found === undefined) return;
  const at = log.indexOf(found);
  throw new Error(`a companion’s log holds a secret: …${log.slice(Math.max(0, at - 80), at + found.length + 20)}…`);
}
