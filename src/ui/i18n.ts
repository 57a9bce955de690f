// Two languages, one mechanism: a catalogue maps keys to sentences, `{name}` stands for a value.

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Catalogue<K extends string> = Record<Language, Record<K, string>>;

/** The language that fits the person's list of languages, English when none does. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** How a screen speaks: looks a key up and puts the values in. */
export type Speak<K extends string> = (key: K, values?: Record<string, string | number>) => string;

export const speaker =
  <K extends string>(catalogue: Catalogue<K>, language: () => Language): Speak<K> =>
  (key, values = {}) =>
    catalogue[language()][key].replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));
