// The vocabulary of the fill engine as it is shipped: plain words, a third of the content script, in one text behind its code.
import type { Plugin } from 'vite';
import { normalise } from '../../src/extension/spelling.ts';

/**
 * Languages that share letters lie together, which is worth 80 bytes. Letters of two and three bytes are moved by so much that they lie
 * where the small Latin ones do: one byte, and one that the text has already. That is worth 370. Of Japanese it is the katakana.
 */
const SCRIPTS: readonly { languages: string; moved: number }[] = [
  { languages: 'zh-CN zh-TW', moved: 0 },
  { languages: 'ja', moved: 0x3041 },
  { languages: 'en', moved: 0 },
  { languages: 'it es pt more fr pl tr nl de', moved: 0 },
  { languages: 'ko', moved: 0x109f },
  { languages: 'ru', moved: 0x3d0 },
  { languages: 'ar', moved: 0x5ca },
];

/** Where letters are moved to, which is free of what divides words. */
const MOVED = /[@-\u0123]/g;

/** How the script's code calls that text. */
const NAME = 'VOCABULARY_TEXT';

/** A word, normalised, in the letters that it is shipped in. */
function written(word: string, moved: number): string {
  const text = normalise(word);
  if (moved === 0) return text.normalize('NFC');
  if (text.match(MOVED)) throw new Error(`“${word}” has letters that are those of its language, moved`);
  return text.replace(/./g, (letter) => {
    const there = String.fromCharCode(letter.charCodeAt(0) - moved);
    return there.match(MOVED) ? there : letter;
  });
}

/** The meanings, divided by ";", then likewise what each script says for them, the scripts divided by "/". */
async function packed(path: string): Promise<string> {
  const { VOCABULARY } = (await import(path)) as { VOCABULARY: Record<string, Record<string, string>> };
  const known = SCRIPTS.flatMap(({ languages }) => languages.split(' '));
  const missing = Object.values(VOCABULARY)
    .flatMap((lines) => Object.keys(lines))
    .find((language) => !known.includes(language));
  if (missing) throw new Error(`${missing} has no place among the languages of the vocabulary`);
  const words = SCRIPTS.map(({ languages, moved }) =>
    Object.values(VOCABULARY)
      .map((lines) => {
        const said = languages.split(' ').flatMap((language) => lines[language]?.split(', ') ?? []);
        return said
          .map((word) => written(word, moved))
          .sort()
          .join();
      })
      .join(';'),
  );
  return [Object.keys(VOCABULARY).join(';'), ...words].join('/');
}

/**
 * Packs what `src/content/recognise/words.ts` exports: a script after the other, so that words of one lie close together for the
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
      return `const moved = [${SCRIPTS.map((one) => one.moved)}];
const [meanings, ...scripts] = ${NAME}.split('/').map((part, at) => part.split(';').map((words) =>
  words.replace(${MOVED}, (letter) => String.fromCharCode(letter.charCodeAt() + (moved[at - 1] ?? 0)))));
export const VOCABULARY = Object.fromEntries(
  meanings.map((meaning, at) => [meaning, scripts.map((words) => words[at]).filter(Boolean)]));`;
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (text && file.type === 'chunk') file.code = `(${NAME}=>{${file.code.trim()}})(${JSON.stringify(text)});\n`;
    },
  };
}
