// Names of hosts: the public suffix list, and which names look like another. Large tables, loaded apart from the page.
import { distance } from 'fastest-levenshtein';
import { toUnicode } from 'punycode/';
import { getDomain } from 'tldts';
import skeletonOf from 'unhomoglyph';

/** The registrable domain by the public suffix list, private suffixes too; null for addresses and intranet names. */
export const registrableDomain = (host: string): string | null => getDomain(host, { allowPrivateDomains: true });

/** What the eye reads (UTS 39's skeleton): letters of other alphabets and digits as the Latin letters that they resemble. */
function read(domain: string): string {
  let unicode = domain;
  try {
    unicode = toUnicode(domain);
  } catch {
    // Broken punycode is read as it stands.
  }
  return skeletonOf(unicode.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase())
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w');
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
  return long && suffix.join('.') === otherSuffix.join('.') && distance(label, other) === 1;
}
