// The letter that stands for a site in a list, in a colour that is always the same for that site.

/** The hue in degrees that a name is drawn in: FNV-1a of its characters. */
export function hueOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % 360;
}

/** @param of a site's domain, or what an account without a site is called */
export const Monogram = ({ of }: { of: string }) => (
  <span class="monogram" aria-hidden="true" style={{ '--hue': hueOf(of) }}>
    {([...of][0] ?? '?').toUpperCase()}
  </span>
);
