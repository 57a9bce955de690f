// The hands: sets values and presses buttons so that the page notices what a person would have caused.
import { closedTree } from '../../extension/quirks.ts';
import type { Form } from '../recognise/form.ts';
import { isSeen } from '../recognise/seen.ts';
import { isOn } from '../recognise/stay.ts';
import { hostOf, isInput, isSelect } from '../recognise/tree.ts';
import { Refused } from './refused.ts';
import { sameText, type Value } from './values.ts';

/** Events that are heard around a component, too. */
const HEARD = { bubbles: true, composed: true };

/** What a page hears when a person has changed a field. */
function tellOf(field: Value['field'], how?: InputEventInit): void {
  const view = field.ownerDocument.defaultView ?? window;
  field.dispatchEvent(new view.InputEvent('input', { ...HEARD, ...how }));
  field.dispatchEvent(new KeyboardEvent('keyup', { ...HEARD, key: 'Unidentified' }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Goes into a field. A handler of the page may move or cover it at this very moment. */
function goTo(field: Value['field']): void {
  field.focus({ preventScroll: true });
  if (!isSeen(field)) throw new Refused('covered');
}

/** Sets a value so that plain pages and frameworks see it: native setter, then the events that typing would cause. */
export function type({ field, value }: Value): void {
  goTo(field);
  if (isSelect(field)) {
    const option = [...field.options].find((one) => sameText(one.text, value) || sameText(one.value, value));
    if (option) field.value = option.value;
  } else {
    if (field.readOnly) field.click();
    field.dispatchEvent(new KeyboardEvent('keydown', { ...HEARD, key: 'Unidentified', cancelable: true }));
    field.select();
    field.value = value;
  }
  tellOf(field, { inputType: 'insertText', data: value.length === 1 ? value : null });
}

/** Puts what is no secret into a field, seen or not, or nothing: a framework that keeps the text itself hears of it, and does not put back what stood there. */
export function put(text: string, field: Value['field']): void {
  field.value = text;
  tellOf(field);
}

/** The browser's own typing, for masks and components that undo a value that was set. */
export function typeByCommand({ field, value }: Value): void {
  if (isSelect(field)) return;
  goTo(field);
  field.select();
  field.ownerDocument.execCommand('insertText', false, value);
}

/** Leaves fields for what is pressed next, as a person does: some pages look at them only then. */
export function leave(fields: readonly HTMLElement[], next: HTMLElement | undefined): void {
  next?.focus({ preventScroll: true });
  const relatedTarget = next ?? null;
  for (const field of fields) {
    field.blur();
    // Nobody is told in a window that a person is not in, such as one below our popup.
    if (field.ownerDocument.hasFocus()) continue;
    field.dispatchEvent(new FocusEvent('blur', { composed: true, relatedTarget }));
    field.dispatchEvent(new FocusEvent('focusout', { ...HEARD, relatedTarget }));
  }
}

/** Turns off what keeps somebody signed in, each once. @param pressed what has been pressed for that before @returns whether all of it was off before */
export function doNotStay({ remember }: Form, pressed: WeakSet<Element>): boolean {
  const on = remember.filter(isOn);
  for (const toggle of on) {
    if (pressed.has(toggle)) continue;
    pressed.add(toggle);
    toggle.click();
  }
  return on.length === 0;
}

/** Whether a button can be pressed now, by a person too. Inside of a component the pointer may be meant to go through to its host. */
export const isAwake = (button: Element): boolean =>
  !button.matches('.disabled') &&
  !button.closest(':disabled, [disabled], [aria-disabled=true]') &&
  (hostOf(button.getRootNode()) !== null || getComputedStyle(button).pointerEvents !== 'none');

/** Presses what a person would press: the button, or Enter where there is none. */
export function press(form: Form, last: HTMLElement): void {
  if (form.submit) {
    // A component hears of what is pressed in it, not always of what is pressed on it; with several, which is meant is its own affair.
    const { submit } = form;
    const [inner, second] = (submit.shadowRoot ?? closedTree(submit))?.querySelectorAll('button') ?? [];
    (inner && !second && isAwake(inner) ? inner : submit).click();
    return;
  }
  const enter = {
    key: 'Enter',
    code: 'Enter',
    keyCode: 13,
    which: 13,
    ...HEARD,
    cancelable: true,
  };
  const [goesOn] = ['keydown', 'keypress', 'keyup'].map((type) => last.dispatchEvent(new KeyboardEvent(type, enter)));
  if (goesOn && last.isConnected && isInput(last) && last.form) HTMLFormElement.prototype.requestSubmit.call(last.form);
}
