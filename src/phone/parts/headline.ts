// Where a reader of the screen, and a keyboard, begin when a step follows another: at what the screen is.
import { useEffect } from 'preact/hooks';

/** Puts the focus on the screen's title, but takes it from no field. */
export function focusHeadline(): void {
  const title = document.querySelector<HTMLElement>('h1');
  if (!title || document.activeElement?.matches('input, select, textarea')) return;
  // What is set again is a change of the screen, too, and begins a dead time anew.
  if (!title.hasAttribute('tabindex')) title.tabIndex = -1;
  title.focus({ preventScroll: true });
}

/**
 * For the `ref` of a field that a screen begins at. A browser's own `autofocus` may come a moment after the screen, and take what is typed
 * away from the field where somebody is by then.
 */
export const beginHere = (field: HTMLElement | null): void => field?.focus({ preventScroll: true });

/** @param step a name that changes with each step */
export function useHeadline(step: string): void {
  useEffect(focusHeadline, [step]);
}
