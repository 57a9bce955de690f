// Where the browser lets a page store nothing, no part of this one works, so it says that instead of showing nothing at all.
import { speakerOf } from '../../ui/locales/i18n.ts';
import type { Words } from '../parts/words.ts';

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

/** In place of the page. */
export function sayBlocked({ phone }: Words): void {
  const say = speakerOf(() => phone);
  document.documentElement.lang = phone.language;
  const main = document.createElement('main');
  const [title, text] = [document.createElement('h1'), document.createElement('p')];
  title.textContent = say('storageBlocked');
  text.textContent = say('storageBlockedText');
  main.append(title, text);
  document.getElementById('app')?.replaceChildren(main);
}
