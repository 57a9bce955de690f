// How words are looked for in what pages say, whatever the spelling.

/** Letters that no accent makes, as plain ones. */
const PLAIN: Record<string, string> = { ł: 'l', ı: 'i', ß: 'ss', đ: 'd' };

/** Text as the vocabulary is matched against it: lower case, no accents, camelCase and punctuation opened to spaces. */
export const normalise = (text: string): string =>
  text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[łıßđ]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[\s\p{P}\p{S}]+/gu, ' ');

/** One pattern for all the words of some lines, which are divided by commas, in text that was normalised. */
export function compile(lines: readonly string[]): RegExp {
  const words = lines.flatMap((line) => line.split(',').map((word) => normalise(word).trim()));
  const patterns = words.map((word) => {
    const spaced = word.replaceAll(' ', ' ?');
    const short = /^[a-z0-9 ]+$/.test(word) && word.length < 5;
    return short ? `(?<![a-z])${spaced}(?![a-z])` : spaced;
  });
  return new RegExp(patterns.join('|'));
}
