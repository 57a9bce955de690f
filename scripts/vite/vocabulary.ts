// The vocabularies of the fill engine and of the judge as they are shipped: plain words, a third of the content script and a fifth of the
// background, in one text behind the code.
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

/** A word in the letters that it is shipped in. @param text normalised */
function written(text: string, moved: number): string {
  if (moved === 0) return text.normalize('NFC');
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
  const saidIn = (lines: Record<string, string>, languages: string): string[] =>
    languages.split(' ').flatMap((language) => lines[language]?.split(', ').map(normalise) ?? []);
  // Words that have Latin letters among those that are moved lie with the first ones, which are not.
  const isMixed = (word: string): boolean => word.search(MOVED) >= 0;
  const moving = SCRIPTS.filter(({ moved }) => moved !== 0);
  const words = SCRIPTS.map(({ languages, moved }, at) =>
    Object.values(VOCABULARY)
      .map((lines) => {
        const own = saidIn(lines, languages).filter((word) => moved === 0 || !isMixed(word));
        const mixed = at > 0 ? [] : moving.flatMap((one) => saidIn(lines, one.languages).filter(isMixed));
        return [...own, ...mixed]
          .map((word) => written(word, moved))
          .sort()
          .join();
      })
      .join(';'),
  );
  return [Object.keys(VOCABULARY).join(';'), ...words].join('/');
}

/**
 * Packs what `src/content/recognise/words.ts` exports, and `src/background/words.ts`: a script after the other, so that words of one lie close together for the
 * compressor, and without the names of languages, which nothing asks for when a page is looked at. The text is handed to the code
 * from behind it: letters of sixteen languages amid code make both larger, by 400 bytes.
 */
export function packedVocabulary(): Plugin {
  let text: string | undefined;
  return {
    name: 'packed-vocabulary',
    enforce: 'pre',
    async transform(_, id) {
      if (!/\/src\/(content\/recognise|background)\/words\.ts$/.test(id)) return null;
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
