// What the language calls itself, in the list of languages. Apart, since that is said where it is not spoken.
import type { Sentences } from '../i18n.ts';

export default {
  languageName: 'English',
} as const satisfies Sentences;
