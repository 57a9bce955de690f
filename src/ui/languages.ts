// The languages that have a folder under locales/, and what the companion's pages say in one of them: it is loaded when that language is
// spoken, and nobody loads the others.

import type errors from './locales/en/errors.ts';
import type first from './locales/en/first.ts';
import type phone from './locales/en/phone.ts';
import type signIn from './locales/en/sign-in.ts';
import { byLanguage, type Catalogue, type Sentences, type Spoken, speaker, type Translation } from './locales/i18n.ts';

const FIRST = byLanguage<Translation<typeof first>>(
  import.meta.glob('./locales/*/first.ts', { eager: true, import: 'default' }),
) as Catalogue<typeof first>;

/** What each calls itself, by its tag (BCP 47). */
export const LANGUAGES: readonly { tag: string; name: string }[] = Object.entries(FIRST).map(
  ([tag, { languageName }]) => ({ tag, name: languageName }),
);

/** What can be said in `language`, one of `LANGUAGES`, when nothing of it could be loaded. */
export const sayFirst = (language: string) => speaker(FIRST, () => language);

/** Loads the sentences of one page in `language`, one of `LANGUAGES`. @throws when they cannot be had, and for another language */
type Load<English extends Sentences> = (language: string) => Promise<Spoken<English>>;

function loading<English extends Sentences>(
  files: Readonly<Record<string, () => Promise<Translation<English>>>>,
): Load<English> {
  const loads = byLanguage(files);
  return async (language) => {
    const sentences = await loads[language]?.();
    if (!sentences) throw new RangeError(`nothing is said in ${language}`);
    return { language, sentences };
  };
}

export const loadPhone: Load<typeof phone> = /* @__PURE__ */ loading(
  import.meta.glob<Translation<typeof phone>>('./locales/*/phone.ts', { import: 'default' }),
);
export const loadSignIn: Load<typeof signIn> = /* @__PURE__ */ loading(
  import.meta.glob<Translation<typeof signIn>>('./locales/*/sign-in.ts', { import: 'default' }),
);
export const loadErrors: Load<typeof errors> = /* @__PURE__ */ loading(
  import.meta.glob<Translation<typeof errors>>('./locales/*/errors.ts', { import: 'default' }),
);
