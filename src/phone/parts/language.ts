// In which language the page speaks, and how: every sentence of it comes from here.
import { computed, signal } from '@preact/signals';
import type { Code } from '../../protocol/errors.ts';
import { nameOfProvider, type ProviderId } from '../../protocol/providers.ts';
import { speakerOf } from '../../ui/locales/i18n.ts';
import { LANGUAGE_KEY, type Words, wordsIn } from './words.ts';

const words = signal<Words | undefined>(undefined);
function now(): Words {
  if (!words.value) throw new Error('no language is spoken yet');
  return words.value;
}

/** Speaks with these words from now on; the entry has the first of them, before anything is drawn. */
export function speak(next: Words): void {
  document.documentElement.lang = next.phone.language;
  words.value = next;
}

export const language = computed(() => now().phone.language);
export const say = speakerOf(() => now().phone);
const explain = speakerOf(() => now().errors);
/** What went wrong, for people. */
export const reason = (code: Code, values = { origin: '' }): string => explain(code, values);
export const providerName = (id: ProviderId): string => nameOfProvider(id, language.value);

/** The language that was chosen last, while its words are on their way. */
const chosen = signal('');

/** Speaks another language, and begins with it from now on, as soon as its words are there. @throws when they cannot be had */
export async function speakIn(next: string): Promise<void> {
  chosen.value = next;
  // Whoever chooses twice gets the second, whichever came last.
  const isOvertaken = () => chosen.value !== next;
  const found = await wordsIn(next).catch((error: unknown) => {
    if (!isOvertaken()) throw error;
  });
  if (!found || isOvertaken()) return;
  speak(found);
  localStorage.setItem(LANGUAGE_KEY, next);
}

/** A point in time as the person's language writes it; `ms` since 1970. */
export const dateOf = (ms: number): string =>
  new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
