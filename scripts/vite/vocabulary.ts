// The vocabulary of the fill engine as it is shipped: plain words, a third of the content script, in one text behind its code.
import type { Plugin } from 'vite';

/** In this order each lies near those that share letters and stems with it, which is worth 100 bytes. */
const LANGUAGES = 'zh-CN zh-TW ja en it es pt more fr pl tr nl de ru ko ar'.split(' ');

/** How the script's code calls that text. */
const NAME = 'VOCABULARY_TEXT';

/** The meanings, divided by ";", then likewise what each language says for them, the languages divided by "/". */
async function packed(path: string): Promise<string> {
  const { VOCABULARY } = (await import(path)) as { VOCABULARY: Record<string, Record<string, string>> };
  const spoken = Object.values(VOCABULARY).flatMap((lines) => Object.keys(lines));
  const missing = spoken.find((language) => !LANGUAGES.includes(language));
  if (missing) throw new Error(`${missing} has no place among the languages of the vocabulary`);
  const words = LANGUAGES.map((language) =>
    Object.values(VOCABULARY)
      .map((lines) => (lines[language] ?? '').replaceAll(', ', ','))
      .join(';'),
  );
  return [Object.keys(VOCABULARY).join(';'), ...words].join('/');
}

/**
 * Packs what `src/content/recognise/words.ts` exports: a language after the other, so that words of one lie close together for the
 * compressor, and without the names of languages, which nothing asks for when a page is looked at. The text is handed to the code
 * from behind it: letters of sixteen languages amid code make both larger, by 400 bytes.
 */
export function packedVocabulary(): Plugin {
  let text: string | undefined;
  return {
    name: 'packed-vocabulary',
    enforce: 'pre',
    async transform(_, id) {
      if (!id.endsWith('/recognise/words.ts')) return null;
      text = await packed(id);
      return `const [meanings, ...languages] = ${NAME}.split('/').map((part) => part.split(';'));
export const VOCABULARY = Object.fromEntries(
  meanings.map((meaning, at) => [meaning, languages.map((lines) => lines[at]).filter(Boolean)]));`;
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (text && file.type === 'chunk') file.code = `(${NAME}=>{${file.code.trim()}})(${JSON.stringify(text)});\n`;
    },
  };
}
