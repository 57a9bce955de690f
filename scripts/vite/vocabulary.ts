// The vocabulary of the fill engine as it is shipped: half of the content script, and written for people, language by language.
import type { Plugin } from 'vite';

/** In this order each lies near those that share letters and stems with it, which is worth 100 bytes. */
const LANGUAGES = 'ar ru zh-CN zh-TW ja ko en es pt it fr pl tr nl de more'.split(' ');

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
    const written = Object.values(VOCABULARY).flatMap((lines) => Object.keys(lines));
    const missing = written.find((language) => !LANGUAGES.includes(language));
    if (missing) throw new Error(`${missing} has no place among the languages of the vocabulary`);
    const packed = LANGUAGES.map((language) =>
      Object.values(VOCABULARY)
        .map((lines) => (lines[language] ?? '').replaceAll(', ', ','))
        .join(';'),
    );
    return `const languages = ${JSON.stringify(packed.join('|'))}.split('|').map((language) => language.split(';'));
export const VOCABULARY = Object.fromEntries(${JSON.stringify(Object.keys(VOCABULARY).join())}.split(',').map(
  (meaning, at) => [meaning, languages.map((lines) => lines[at]).filter(Boolean)]));`;
  },
};
