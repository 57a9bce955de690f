// Text that somebody else wrote (page titles, names, a site's alert) before it is shown.

const MAX = 120;
// Controls, soft hyphen, zero-width and bidirectional marks: they can make one name look like another.
const INVISIBLE = /[\p{Cc}\p{Cf}\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2028\u2029\u3164\uffa0\u{e0000}-\u{e0fff}]/gu;

/** `text` in NFC, invisible marks replaced by a visible box, 120 characters at most. Only ever a text node. */
export function foreign(text: string): string {
  const clean = text.normalize('NFC').replace(/\s+/g, ' ').replace(INVISIBLE, '▯').trim();
  const characters = [...clean];
  return characters.length > MAX ? `${characters.slice(0, MAX - 1).join('')}…` : clean;
}
