// Where a reader of the screen, and a keyboard, begin when a step follows another: at what the screen is.

/** Puts the focus on a title, but takes it from no field. @param inSight the page is moved to where it is seen */
function begin(title: HTMLElement, inSight: boolean): void {
  if (document.activeElement?.matches('input, select, textarea')) return;
  // What is set again is a change of the screen, too, and begins a dead time anew.
  if (!title.hasAttribute('tabindex')) title.tabIndex = -1;
  title.focus({ preventScroll: !inSight });
}

/**
 * For the `ref` of a field that a screen begins at. A browser's own `autofocus` may come a moment after the screen, and take what is typed
 * away from the field where somebody is by then.
 */
export const beginHere = (field: HTMLElement | null): void => field?.focus({ preventScroll: true });

/**
 * Has each step begin at its headline, whatever has drawn it: a screen's title is its `h1`, and one that is new, or says something else, is a
 * step. So is that the pressed button goes, under a title that stays. A field that has taken the focus as it was drawn keeps it.
 * @param root what all screens are drawn in
 */
export function followHeadline(root: HTMLElement): void {
  let title: HTMLElement | null = null;
  let words = '';
  /** The button that was pressed last, until the person does something else: scrolling, too, takes what was drawn away. */
  let pressed: Element | null = null;
  const press = ({ type, target }: Event) => {
    pressed = type === 'click' && target instanceof Element ? target.closest('button') : null;
  };
  for (const event of ['click', 'pointerdown', 'keydown', 'wheel'])
    document.addEventListener(event, press, { passive: true, capture: true });
  const look = () => {
    const found = root.querySelector('h1');
    const isStep = found !== title || found?.textContent !== words;
    const isLost = pressed?.isConnected === false && document.activeElement === document.body;
    title = found;
    words = found?.textContent ?? '';
    if (found && (isStep || isLost)) begin(found, isStep);
  };
  new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
}
