// Closes the popup by itself, two seconds after there is nothing left in it to decide, but for somebody who is at it.
import { computed, effect } from '@preact/signals';

const CLOSES_MS = 2_000;

/**
 * Somebody is at it who does something since it was over: whoever moves the pointer has it stay until that is taken away, whoever presses
 * a key or anything else, for good. A pointer that merely rests where it was, and a focus that was there before, do nothing.
 * @param isOver whether there is nothing left to decide; follows the signals that it reads
 */
export function closeWhenOver(isOver: () => boolean): void {
  const root = document.documentElement;
  // Its value alone counts: what it reads changes every second.
  const over = computed(isOver);
  effect(() => {
    if (!over.value) return;
    const at = new AbortController();
    const { signal } = at;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stay = () => clearTimeout(timer);
    const begin = () => {
      stay();
      timer = setTimeout(() => window.close(), CLOSES_MS);
    };
    const stayForGood = () => {
      at.abort();
      stay();
    };
    // A page that moves below a pointer has browsers tell of it, too.
    const moved = ({ movementX, movementY }: PointerEvent) => (movementX !== 0 || movementY !== 0) && stay();
    root.addEventListener('pointermove', moved, { signal });
    root.addEventListener('pointerleave', begin, { signal });
    for (const name of ['keydown', 'pointerdown', 'wheel']) root.addEventListener(name, stayForGood, { signal });
    begin();
    return stayForGood;
  });
}
