// In which language the page speaks, and how: every sentence of it comes from here.
import { effect, signal } from '@preact/signals';
import type { Code } from '../../protocol/errors.ts';
import { nameOfProvider, type ProviderId } from '../../protocol/providers.ts';
import { ERRORS, PHONE } from '../../ui/catalogues.ts';
import { chooseLanguage, speaker } from '../../ui/locales/i18n.ts';

const LANGUAGE_KEY = 'language';

/** The languages that there are, and what each calls itself. */
export const LANGUAGES = Object.entries(PHONE).map(([tag, { languageName }]) => ({ tag, name: languageName }));

const stored = localStorage.getItem(LANGUAGE_KEY);
export const language = signal(
  LANGUAGES.find(({ tag }) => tag === stored)?.tag ?? chooseLanguage(navigator.languages, Object.keys(PHONE)),
);
effect(() => {
  document.documentElement.lang = language.value;
});
export const say = speaker(PHONE, () => language.value);
const explain = speaker(ERRORS, () => language.value);
/** What went wrong, for people. */
export const reason = (code: Code, values = { origin: '' }): string => explain(code, values);
export const providerName = (id: ProviderId): string => nameOfProvider(id, language.value);

export function speakIn(chosen: string): void {
  localStorage.setItem(LANGUAGE_KEY, chosen);
  language.value = chosen;
}

/** A point in time as the person's language writes it; `ms` since 1970. */
export const dateOf = (ms: number): string =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
