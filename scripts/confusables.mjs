// `node scripts/confusables.mjs`: writes the table of characters that look like a letter, digit or mark of a host name, from Unicode's list.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
// The package holds Unicode's confusables.txt as JSON, character → what it looks like.
const source = 'unhomoglyph 1.0.6, confusables.txt of Unicode 13.0.0';
const data = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('unhomoglyph/data.json'), 'utf8'));

/** As host-names.ts reads a name before it asks the table. */
const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
/** Letters of other alphabets can turn a line round, or join with their neighbours. */
const written = (character) =>
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(character)
    ? character
    : `\\u{${character.codePointAt(0).toString(16)}}`;

const looks = {};
for (const [character, prototype] of Object.entries(data)) {
  const ascii = plain(prototype);
  // What is no longer there once a name is read need not be asked for; an m is read as one letter, not as r and n.
  if (plain(character) !== character || character === ascii || character === 'm' || !/^[a-z\d.-]+$/.test(ascii))
    continue;
  looks[ascii] = (looks[ascii] ?? '') + written(character);
}
const rows = Object.keys(looks)
  .sort()
  .map((ascii) => `  ['${ascii}', '${looks[ascii]}'],`);
writeFileSync(
  join(root, 'src/phone/vault/confusables.ts'),
  `// Characters that look like those of a host name, by what they look like. Made by scripts/confusables.mjs from ${source}.
export const CONFUSABLES: readonly (readonly [looksLike: string, characters: string])[] = [
${rows.join('\n')}
];
`,
);
