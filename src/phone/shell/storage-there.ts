// Where the browser lets a page store nothing, no part of this one works, so it says that instead of showing nothing at all.
import { speakerOf } from '../../ui/locales/i18n.ts';
import { sayPlainly } from '../../ui/plain.ts';
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
  sayPlainly(phone.language, say('storageBlocked'), say('storageBlockedText'));
}
