// Every language says everything. The types see to keys and values; what they cannot see is looked at here.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/protocol/errors.ts';
import { ERRORS, POPUP } from '../../src/ui/catalogues.ts';
import { LANGUAGES, loadErrors, loadPhone, loadSignIn } from '../../src/ui/languages.ts';
import {
  type Catalogue,
  chooseLanguage,
  type Sentences,
  speaker,
  type Translation,
} from '../../src/ui/locales/i18n.ts';
import { NOTICES } from '../../src/ui/notices.ts';

type Sentence = Sentences[string];
const locales = new URL('../../src/ui/locales/', import.meta.url);
const filesOf = (language: string): string[] => readdirSync(new URL(`${language}/`, locales)).sort();
const languages = readdirSync(locales, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const read = async (language: string, file: string): Promise<Sentences> =>
  (await import(new URL(`${language}/${file}`, locales).href)).default;
const textsOf = (sentence: Sentence): string[] =>
  typeof sentence === 'string' ? [sentence] : Object.values<string>(sentence);
const namesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(languages)('%s', (language) => {
  test('has every file, and every page speaks it', async () => {
    expect(filesOf(language)).toEqual(filesOf('en'));
    for (const page of [POPUP, ERRORS, NOTICES]) expect(Object.keys(page)).toContain(language);
    const pages = [loadPhone(language), loadSignIn(language), loadErrors(language)];
    expect((await Promise.all(pages)).map((page) => page.language)).toEqual([language, language, language]);
  });

  test.each(filesOf('en'))('says everything of %s, with the same values in it', async (file) => {
    const [en, own] = [await read('en', file), await read(language, file)];
    expect(Object.keys(own).sort()).toEqual(Object.keys(en).sort());
    for (const [key, sentence] of Object.entries(en)) {
      const names = namesIn(textsOf(sentence).at(-1) ?? '');
      for (const text of textsOf(own[key] ?? '')) {
        expect(namesIn(text), key).toEqual(names);
        expect(text.replaceAll(/\{\w+\}/g, ''), key).not.toMatch(/^\s*$|[!！]|oops|session|relay|payload/i);
      }
    }
  });

  test.each(filesOf('en'))('has the forms of %s that its numbers ask for, and no others', async (file) => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const [key, sentence] of Object.entries(await read(language, file)))
      if (typeof sentence !== 'string') expect(Object.keys(sentence).sort(), key).toEqual(wanted);
  });
});

test('no two languages have one name, and the stores take what is said of the extension', async () => {
  const names = LANGUAGES.map(({ name }) => name);
  expect(LANGUAGES.map(({ tag }) => tag).sort()).toEqual(languages);
  expect(new Set(names).size).toBe(names.length);
  for (const language of languages) {
    const { name, description } = await read(language, 'extension.ts');
    expect(textsOf(name ?? '')[0]?.length, language).toBeLessThanOrEqual(45);
    expect(textsOf(description ?? '')[0]?.length, language).toBeLessThanOrEqual(132);
  }
});

test('each code has its sentence', () => {
  expect(Object.keys(ERRORS.en).sort()).toEqual([...CODES].sort());
});

test('the language follows the person’s list', () => {
  const known = ['en', 'pt-BR', 'pt-PT', 'zh-CN', 'zh-TW'];
  const wanted: [string[], string][] = [
    [['fr', 'zh'], 'zh-CN'],
    [['zh-TW', 'en'], 'zh-TW'],
    [['zh-HK'], 'zh-TW'],
    [['zh-Hant-MO'], 'zh-TW'],
    [['zh-SG'], 'zh-CN'],
    [['zh-Hans-TW'], 'zh-CN'],
    [['de', 'en-GB'], 'en'],
    [[], 'en'],
    [['PT-pt'], 'pt-PT'],
    [['pt'], 'pt-BR'],
    [['sr-Cyrl', 'zh-TW'], 'zh-TW'],
    [['fil', 'zhx'], 'en'],
    [['not a tag', 'pt'], 'pt-BR'],
  ];
  for (const [list, language] of wanted) expect(chooseLanguage(list, known), list.join()).toBe(language);
});

const English = {
  plain: 'plain',
  both: '{a} and {b}',
  days: { one: '{count} day', other: '{count} days' },
} as const satisfies Sentences;

test('a sentence takes its values, and the form that its number asks for in the language that is spoken', () => {
  const catalogue: Catalogue<typeof English> = {
    en: English,
    pl: {
      plain: 'proste',
      both: '{b} i {a}',
      days: { one: '{count} dzień', few: '{count} dni', many: '{count} dni (many)', other: '{count} dnia' },
    },
  };
  let language = 'en';
  const say = speaker(catalogue, () => language);
  expect(say('both', { a: 'x', b: 2 })).toBe('x and 2');
  expect([1, 2, 5].map((count) => say('days', { count }))).toEqual(['1 day', '2 days', '5 days']);
  language = 'pl';
  expect(say('both', { a: 'x', b: 2 })).toBe('2 i x');
  expect([1, 2, 5, 1.5].map((count) => say('days', { count }))).toEqual([
    '1 dzień',
    '2 dni',
    '5 dni (many)',
    '1.5 dnia',
  ]);
});

test('the types refuse what a language lacks, has too much, or leaves out of a sentence', () => {
  type Own = Translation<typeof English>;
  const good: Own = { plain: '', both: '{b}{a}', days: { other: '{count}' } };
  // @ts-expect-error a key is missing
  const missing: Own = { plain: '', both: '{b}{a}' };
  // @ts-expect-error a key too many
  const surplus: Own = { ...good, plain: '', more: '' };
  // @ts-expect-error a value is left out
  const silent: Own = { ...good, both: '{a}' };
  // @ts-expect-error the form for all other numbers is missing
  const formless: Own = { ...good, days: { one: '{count}' } };
  // @ts-expect-error a page does not give a value
  const call = () => speaker({ en: English }, () => 'en')('both', { a: 1 });
  expect([missing, surplus, silent, formless, call]).toHaveLength(5);
});
