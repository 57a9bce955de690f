import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packedVocabulary } from '../../scripts/vite/vocabulary.ts';
import * as judging from '../../src/background/words.ts';
import { wordOf } from '../../src/content/recognise/matching.ts';
import * as recognising from '../../src/content/recognise/words.ts';
import { normalise } from '../../src/extension/spelling.ts';
import { LANGUAGES } from '../sites/languages.ts';

describe('the vocabulary', () => {
  test.each(Object.entries(LANGUAGES))('knows what stands on a sign-in form in %s', (_language, form) => {
    expect(wordOf('name', normalise(form.name))).toBeDefined();
    expect(wordOf('password', normalise(form.password))).toBeDefined();
    expect(wordOf('signIn', normalise(form.signIn))).toBeDefined();
  });

  test.each([
    ['txtUserName', 'name'],
    ['USER-NAME', 'name'],
    ['user_name', 'name'],
    ['Contraseña', 'password'],
    ['HASŁO', 'password'],
    ['パスワード', 'password'],
    ['Şifre', 'password'],
    ['btnSignIn', 'signIn'],
    ['Log-in', 'signIn'],
    ['Réinitialiser', 'reset'],
  ] as const)('"%s" says %s', (text, meaning) => expect(wordOf(meaning, normalise(text))).toBeDefined());

  test.each([
    ['catalogue', 'name'],
    ['compass', 'password'],
    ['hotel', 'phone'],
    ['pinboard', 'code'],
    ['spokesperson', 'next'],
  ] as const)('"%s" does not say %s', (text, meaning) => expect(wordOf(meaning, normalise(text))).toBeUndefined());

  test.each([
    ['content/recognise', recognising.VOCABULARY],
    ['background', judging.VOCABULARY],
  ])('of %s is shipped with every word that it has, and no other', async (room, VOCABULARY) => {
    const plugin = packedVocabulary() as unknown as {
      transform(code: string, id: string): Promise<string>;
      generateBundle(options: unknown, bundle: Record<string, { type: string; code: string }>): void;
    };
    const read = await plugin.transform('', join(import.meta.dirname, `../../src/${room}/words.ts`));
    const chunk = { type: 'chunk', code: `return (() => {${read.replace('export const VOCABULARY =', 'return')}})();` };
    plugin.generateBundle({}, { chunk });
    const shipped: Record<string, string[]> = new Function(`return ${chunk.code}`)();
    const wordsOf = (lines: readonly string[]) =>
      lines.flatMap((line) => line.split(',').map((word) => normalise(word).trim())).sort();
    expect(Object.keys(shipped)).toEqual(Object.keys(VOCABULARY));
    for (const [meaning, lines] of Object.entries(VOCABULARY))
      expect(wordsOf(shipped[meaning] ?? []), meaning).toEqual(wordsOf(Object.values(lines)));
  });
});
