// What the stores say of Scankey in one language; name and short description come from the extension itself (src/ui/locales).

/** What the stores take, in characters: Chrome's and Edge's names and descriptions, AMO's summary is longer. */
export const LIMITS = { name: 45, short: 132, long: 16_000 } as const;

/** The pictures, in the order in which they tell the story. */
export const PICTURES = ['scan', 'signed-in', 'one-click'] as const;

export interface Listing {
  /** Plain text, which both stores take. */
  long: string;
  /** What stands over each picture, a line; and on the promotional tile. */
  captions: Record<(typeof PICTURES)[number] | 'tile', string>;
}
