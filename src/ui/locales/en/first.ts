// What is said where nothing else of the language is there: what it calls itself, and that the rest could not be loaded.
import type { Sentences } from '../i18n.ts';

export default {
  languageName: 'English',
  notLoaded: 'Scankey could not be loaded',
  notLoadedText: 'Check the connection, then reload: it goes on where you were.',
  reload: 'Reload',
} as const satisfies Sentences;
