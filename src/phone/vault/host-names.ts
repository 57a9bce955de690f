// Names of hosts: the public suffix list, and which names look like another. Large tables, loaded apart from the page.
import { toUnicode } from 'punycode/';
import { getDomain } from 'tldts';
import { CONFUSABLES } from './confusables.ts';

/** The registrable domain by the public suffix list, private suffixes too; null for addresses and intranet names. */
export const registrableDomain = (host: string): string | null => getDomain(host, { allowPrivateDomains: true });

const LOOKS: ReadonlyMap<string, string> = new Map(
  CONFUSABLES.flatMap(([looksLike, characters]) => [...characters].map((one) => [one, looksLike] as const)),
);

/** What the eye reads (as UTS 39's skeleton): letters of other alphabets and digits as the Latin letters that they resemble. */
function read(domain: string): string {
  let unicode = domain;
  try {
    unicode = toUnicode(domain);
  } catch {
    // Broken punycode is read as it stands.
  }
  const plain = unicode.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return Array.from(plain, (one) => LOOKS.get(one) ?? one)
    .join('')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w');
}

/** Whether one slip of a finger makes one of the other: a letter put in, left out or changed (a Levenshtein distance of one). */
export function isOneSlip(a: string, b: string): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [left, right] = [a.slice(same), b.slice(same)];
  const changed = left.slice(1) === right.slice(1);
  return a !== b && (changed || left.slice(1) === right || left === right.slice(1));
}

const LABEL_MIN = 5;

/** Whether two different registrable domains may be taken for each other: the same to the eye, or one slip of a finger apart. */
export function looksLike(a: string, b: string): boolean {
  // Addresses differ by digits all the time.
  if (a === b || /^[\d.]+$|^\[/.test(a) || /^[\d.]+$|^\[/.test(b)) return false;
  const [left, right] = [read(a), read(b)];
  if (left === right) return true;
  const [label = '', ...suffix] = left.split('.');
  const [other = '', ...otherSuffix] = right.split('.');
  const long = Math.min(label.length, other.length) >= LABEL_MIN;
  if (long && label === other && suffix.join('.') !== otherSuffix.join('.')) return true;
  return long && suffix.join('.') === otherSuffix.join('.') && isOneSlip(label, other);
}
