// What the bytes of a text file say. Few say their encoding, so where it is not UTF-8 it is told by the letters that come out.

export interface Text {
  text: string;
  /** Set where it was guessed. */
  encoding?: string;
}

interface Candidate {
  encoding: string;
  /** One letter of several bytes, or one byte. */
  letter: RegExp;
  /** What of these people use every day: the first level of each standard, which all others take for rare letters or for none. */
  common: RegExp;
}

const DAMAGED = 'utf-8';

/** Bytes as characters of the same number. The order decides where two fit alike. */
const CANDIDATES: readonly Candidate[] = [
  {
    encoding: 'gb18030',
    letter: /[\x81-\xfe][\x40-\xfe]|./gs,
    common: /^([\xb0-\xd7][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe])$/,
  },
  {
    encoding: 'big5',
    letter: /[\x81-\xfe][\x40-\x7e\xa1-\xfe]|./gs,
    common: /^([\xa4-\xc6]|\xa1).$/s,
  },
  {
    encoding: 'shift_jis',
    letter: /[\x81-\x9f\xe0-\xfc][\x40-\xfc]|./gs,
    common: /^(\x81[\x40-\xac]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|[\x88-\x97].)$/s,
  },
  { encoding: 'windows-1251', letter: /[\x80-\xff]+|./gs, common: /^[\xa8\xb8\xc0-\xff]{3,}$/ },
  // Damaged, or cut off in the midst of a letter: every other reading would be wrong.
  { encoding: DAMAGED, letter: /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|./gs, common: /^[\xc2-\xef].+$/s },
  // Letters with marks stand alone or in twos among those without.
  { encoding: 'windows-1252', letter: /[\x80-\xff]+|./gs, common: /^[\x80\x82-\x8c\x91-\x9c\xa0-\xff]{1,2}$/ },
];
const HANGUL: Candidate = { encoding: 'euc-kr', letter: /[\xa1-\xfe][\xa1-\xfe]|./gs, common: /^[\xb0-\xc8].$/s };
/** So many letters of Chinese in a row are hardly ever of the half of the alphabet that stands where all of Hangul does. */
const HANGUL_LEAST = 10;

const high = (letter: string): number => letter.replace(/[\0-\x7f]/g, '').length;
/** Bytes that are looked at: names and notes of some hundred accounts. */
const LOOKED_AT = 200_000;

/** How much of what is not ASCII would be everyday letters, from 0 to 1. */
function score(bytes: string, { letter, common }: Candidate): number {
  let [fits, all] = [0, 0];
  for (const [one] of bytes.matchAll(letter)) {
    const size = high(one);
    all += size;
    if (size > 0 && common.test(one)) fits += size;
  }
  return all === 0 ? 0 : fits / all;
}

const decoded = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** UTF-16 that does not say so: every other byte of what is mostly ASCII is 0. */
function unmarked(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, 400);
  const zeros = [0, 1].map((odd) => start.filter((byte, at) => byte === 0 && at % 2 === odd).length);
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < start.length / 3 || Math.min(even, odd) > 0) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** @returns undefined for what is no text, or of an encoding that cannot be told */
export function textOf(bytes: Uint8Array): Text | undefined {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  const wide = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : undefined;
  const sure = wide ?? (bytes.subarray(0, 4096).includes(0) ? unmarked(bytes) : 'utf-8');
  const text = sure && decoded(bytes, sure);
  if (text !== undefined) return { text };
  if (sure !== 'utf-8') return undefined;
  const looked = Array.from(bytes.subarray(0, LOOKED_AT), (byte) => String.fromCharCode(byte)).join('');
  const isHangul = high(looked) >= 2 * HANGUL_LEAST && score(looked, HANGUL) > 0.95;
  const scored = CANDIDATES.map((one) => ({ ...one, fits: score(looked, one) }));
  const likely = scored.filter(({ fits }) => fits > 0.5).toSorted((a, b) => b.fits - a.fits);
  for (const { encoding } of isHangul ? [HANGUL] : likely) {
    if (encoding === DAMAGED) return undefined;
    const guessed = decoded(bytes, encoding);
    if (guessed !== undefined) return { text: guessed, encoding };
  }
  return undefined;
}
