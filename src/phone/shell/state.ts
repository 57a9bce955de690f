// What the page shows, and where it runs. The vault itself is in vault/vault.ts.
import { effect, signal } from '@preact/signals';
import { say } from '../parts/language.ts';
import { isInsideApp } from './in-app-browser.ts';

/** The companion made its own certificate (the companion writes this into the page). */
export const trial = document.documentElement.dataset.trial === 'true';

/** The page is shown by another app, which can read what is typed into it. */
export const insideApp = isInsideApp(navigator.userAgent, matchMedia('(display-mode: standalone)').matches);

export type Screen =
  | { at: 'list' | 'scan' | 'settings' | 'computers' | 'backup' | 'export' | 'health' | 'passphrase' }
  | { at: 'import'; codes?: string }
  | { at: 'account'; id: string }
  | { at: 'edit'; id?: string; site: string; totp?: string };
export const screen = signal<Screen>({ at: 'list' });
export const go = (to: Screen): void => {
  screen.value = to;
};

/** Where the phone's own "back" leads from a screen; from the list it leaves the page. */
const parentOf = ({ at }: Screen): Screen =>
  at === 'backup' || at === 'import' || at === 'export' || at === 'health' || at === 'passphrase'
    ? { at: 'settings' }
    : { at: 'list' };

/**
 * Makes the phone's "back" lead through the screens: while one lies over the list, the history holds one entry more, which says
 * nothing of what was shown. The list is found again where it was left, every other screen begins at its top.
 */
export function followBack(): void {
  let listAt = 0;
  let shown: Screen['at'] = 'list';
  // That it is left the browser says later, and another screen may be open again by then.
  let entry: 'none' | 'there' | 'left' = 'none';
  const settle = () => {
    if (entry === 'none' && shown !== 'list') {
      history.pushState('over', '');
      entry = 'there';
    } else if (entry === 'there' && shown === 'list') {
      history.back();
      entry = 'left';
    }
  };
  effect(() => {
    const { at } = screen.value;
    if (at === shown) return;
    if (shown === 'list') listAt = scrollY;
    shown = at;
    settle();
    // Once it is drawn.
    requestAnimationFrame(() => scrollTo(0, at === 'list' ? listAt : 0));
  });
  window.addEventListener('popstate', () => {
    const was = entry;
    entry = 'none';
    if (was === 'there') go(parentOf(screen.value));
    else settle();
  });
}

/** Something that was just done and can be undone, or simply a word about it; gone after a while. */
export const toast = signal<{ text: string; undo?: () => void } | undefined>(undefined);
/** Long enough to change one's mind, or to read a line. */
const UNDO_MS = 10_000;
const WORD_MS = 4_000;
export function tell(text: string, undo?: () => void): void {
  const said = { text, ...(undo ? { undo } : {}) };
  toast.value = said;
  setTimeout(
    () => {
      if (toast.value === said) toast.value = undefined;
    },
    undo ? UNDO_MS : WORD_MS,
  );
}

const CLIPBOARD_MS = 30_000;
/** Copies by the person's own tap, and empties the clipboard half a minute later, or as soon as the page is back (R59). */
export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  tell(say('copied'));
  const empty = () => navigator.clipboard.writeText('');
  setTimeout(() => {
    empty().catch(() => {
      // Only a page in sight may write.
      document.addEventListener('visibilitychange', () => void empty().catch(() => {}), { once: true });
    });
  }, CLIPBOARD_MS);
}
