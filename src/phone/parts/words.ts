// What the page says in one language, and which one it begins with. Of what the entry needs before all else, so it imports little.

import { LANGUAGES, loadErrors, loadPhone } from '../../ui/languages.ts';
import type errors from '../../ui/locales/en/errors.ts';
import type phone from '../../ui/locales/en/phone.ts';
import { chooseLanguage, type Spoken } from '../../ui/locales/i18n.ts';

export interface Words {
  phone: Spoken<typeof phone>;
  errors: Spoken<typeof errors>;
}

/** Loads everything that is said in `language`. @throws when it cannot be had */
export async function wordsIn(language: string): Promise<Words> {
  const [phone, errors] = await Promise.all([loadPhone(language), loadErrors(language)]);
  return { phone, errors };
}

/** The language that was chosen here, if there still is such a one, or the one that fits the browser's list best. */
export function firstLanguage(chosen: string | null): string {
  const tags = LANGUAGES.map(({ tag }) => tag);
  return tags.find((tag) => tag === chosen) ?? chooseLanguage(navigator.languages, tags);
}

export const LANGUAGE_KEY = 'language';
