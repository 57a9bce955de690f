// The vocabulary of the fill engine as it is shipped: half of the content script, and written for people, language by language.
import type { Plugin } from 'vite';

/**
 * Packs what `src/content/recognise/words.ts` exports into one text: a language after the other, so that words of one language
 * lie close together for the compressor, without the names of languages, which nothing asks for when a page is looked at.
 */
export const packedVocabulary: Plugin = {
  name: 'packed-vocabulary',
  enforce: 'pre',
  async transform(_, id) {
    if (!id.endsWith('/recognise/words.ts')) return null;
    const { VOCABULARY } = (await import(id)) as { VOCABULARY: Record<string, Record<string, string>> };
    const languages = new Set(Object.values(VOCABULARY).flatMap((lines) => Object.keys(lines)));
    const packed = [...languages].map((language) =>
      Object.values(VOCABULARY)
        .map((lines) => (lines[language] ?? '').replaceAll(', ', ','))
        .join(';'),
    );
    return `const languages = ${JSON.stringify(packed.join('|'))}.split('|').map((language) => language.split(';'));
export const VOCABULARY = Object.fromEntries(${JSON.stringify(Object.keys(VOCABULARY).join())}.split(',').map(
  (meaning, at) => [meaning, languages.map((lines) => lines[at]).filter(Boolean)]));`;
  },
};
