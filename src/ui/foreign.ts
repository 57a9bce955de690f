// Text that somebody else wrote (page titles, names, a site's alert) before it is shown.

const MAX = 120;
// Controls, soft hyphen, zero-width and bidirectional marks: they can make one name look like another.
const INVISIBLE = /\p{Cc}|\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** `text` in NFC, invisible marks replaced by a visible box, 120 characters at most. Only ever a text node. */
export function foreign(text: string): string {
  const clean = text.normalize('NFC').replace(/\s+/g, ' ').replace(INVISIBLE, '▯').trim();
  const characters = [...clean];
  return characters.length > MAX ? `${characters.slice(0, MAX - 1).join('')}…` : clean;
}
