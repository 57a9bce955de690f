// Runs before everything else: where the browser lets a page store nothing, no part of this one works, so it says that instead of
// showing nothing at all.
import { PHONE } from '../../ui/catalogues.ts';
import { chooseLanguage, speaker } from '../../ui/locales/i18n.ts';

/** Whether the browser lets this page store anything; some refuse by an error, some by having no such place. */
export function mayStore(
  page: Pick<Window & typeof globalThis, 'localStorage' | 'sessionStorage' | 'indexedDB'>,
): boolean {
  try {
    return Boolean(page.localStorage && page.sessionStorage && page.indexedDB);
  } catch {
    return false;
  }
}

if (!mayStore(window)) {
  const language = chooseLanguage(navigator.languages, Object.keys(PHONE));
  const say = speaker(PHONE, () => language);
  document.documentElement.lang = language;
  const [main, title, text] = ['main', 'h1', 'p'].map((name) => document.createElement(name));
  if (main && title && text) {
    title.textContent = say('storageBlocked');
    text.textContent = say('storageBlockedText');
    main.append(title, text);
    document.getElementById('app')?.replaceChildren(main);
  }
  throw new Error('The page may store nothing');
}
