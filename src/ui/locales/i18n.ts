// How every page speaks: keys stand for sentences, `{name}` in one for a value. English is the reference: what another language
// lacks, has too much, or leaves a value out of, the types refuse.

/** By plural category of the language (CLDR), for a sentence that turns on its number `{count}`. */
type Plural = Readonly<{ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;
type Sentence = string | Plural;
export type Sentences = Readonly<Record<string, Sentence>>;

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
/** Names of the values that a sentence is given. */
type NamesOf<S> = NamesIn<S extends { other: infer Other } ? Other : S>;
type Each<Name extends string> = (Name extends Name ? (has: `${string}{${Name}}${string}`) => void : never) extends (
  has: infer All,
) => void
  ? All
  : never;
/** A text with all these names in it, anywhere. */
type Holding<Name extends string> = [Name] extends [never] ? string : Each<Name>;
type Said<Name extends string> =
  | Holding<Name>
  | ('count' extends Name ? Omit<Plural, 'other'> & { readonly other: Holding<Name> } : never);

/** What another language has to say: every key, with the same values. */
export type Translation<English extends Sentences> = { readonly [Key in keyof English]: Said<NamesOf<English[Key]>> };

/** The sentences of one page by language (BCP 47). */
export type Catalogue<English extends Sentences> = { readonly en: English } & Readonly<
  Record<string, Translation<English>>
>;

type Values<Name extends string> = Readonly<Record<Name, string | number>>;
/** How a page speaks: looks a key up and puts the values in. */
export type Speak<English extends Sentences> = <Key extends keyof English>(
  key: Key,
  ...values: [NamesOf<English[Key]>] extends [never] ? [] : [Values<NamesOf<English[Key]>>]
) => string;

/** What one who reads `tag` can read, best first: that very language, its script (likely subtags, CLDR), its family. */
function readable(tag: string): ((known: string) => boolean)[] {
  const facets = (one: string): string[] => {
    const { baseName, language, script } = new Intl.Locale(one).maximize();
    return [baseName, `${language}-${script}`, language];
  };
  try {
    const wanted = facets(tag);
    return wanted.map((facet, at) => (known) => facets(known)[at] === facet);
  } catch {
    return [];
  }
}

/** The language of `known` (BCP 47 tags) that fits the person's list best, English when none does. */
export function chooseLanguage(preferred: readonly string[], known: readonly string[]): string {
  for (const fits of preferred.flatMap(readable)) {
    const best = known.find(fits);
    if (best !== undefined) return best;
  }
  return 'en';
}

/** By language what was found in files by path, that ends as `<language>/<page>.ts`. */
export const byLanguage = <Found>(files: Readonly<Record<string, Found>>): Readonly<Record<string, Found>> =>
  Object.fromEntries(Object.entries(files).map(([path, found]) => [path.split('/').at(-2), found]));

/** The sentences of one page in one language (BCP 47). */
export interface Spoken<English extends Sentences> {
  readonly language: string;
  readonly sentences: English | Translation<English>;
}

/** @param language the one spoken at the moment, a key of the catalogue */
export const speaker = <English extends Sentences>(
  catalogue: Catalogue<English>,
  language: () => string,
): Speak<English> =>
  speakerOf(() => {
    const spoken = language();
    return { language: spoken, sentences: catalogue[spoken] ?? catalogue.en };
  });

/** @param now what is spoken at the moment */
export const speakerOf =
  <English extends Sentences>(now: () => Spoken<English>): Speak<English> =>
  (key, ...rest) => {
    const { language, sentences } = now();
    const sentence = sentences[key] as Sentence;
    const values: Partial<Values<string>> = rest[0] ?? {};
    const text =
      typeof sentence === 'string'
        ? sentence
        : (sentence[new Intl.PluralRules(language).select(Number(values.count))] ?? sentence.other);
    return text.replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));
  };
