// Closes the popup by itself, two seconds after there is nothing left in it to decide, but for somebody who is at it.
import { effect, signal } from '@preact/signals';

const CLOSES_MS = 2_000;

/** @param isOver whether there is nothing left to decide; follows the signals that it reads */
export function closeWhenOver(isOver: () => boolean): void {
  const root = document.documentElement;
  const pointed = signal(root.matches(':hover'));
  const focused = signal(document.activeElement !== document.body);
  root.addEventListener('pointerenter', () => {
    pointed.value = true;
  });
  root.addEventListener('pointerleave', () => {
    pointed.value = false;
  });
  for (const name of ['focusin', 'focusout'])
    root.addEventListener(name, () => {
      focused.value = name === 'focusin';
    });
  effect(() => {
    if (!isOver() || pointed.value || focused.value) return;
    const timer = setTimeout(() => window.close(), CLOSES_MS);
    return () => clearTimeout(timer);
  });
}
