// Filling: puts values where a plan says, as a person would, and presses the button once. Runs in the extension's isolated
// world, where prototypes are the browser's own, whatever the page has done to its copies.
import type { FillOrder, FillReport } from '../extension/page-api.ts';
import { isDrawn, isForm, isInput, isSeen, isSelect, nextFrame, surrounds } from './recognise/dom.ts';
import { findFresh } from './recognise/new-password.ts';
import { type Form, recognise } from './recognise/recognise.ts';

/** How long a form may take to appear, and a button to wake up, with the page at work all the while. */
const FORM_WAIT_MS = 3_000;
const BUTTON_WAIT_MS = 2_000;

type Refusal = Extract<FillReport, { done: 'not-filled' }>['code'];
class Refused extends Error {
  readonly code: Refusal;
  constructor(code: Refusal) {
    super(code);
    this.code = code;
  }
}

/** Resolves at the page's next change, at the latest after `ms`. */
export function change(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const observer = new MutationObserver(finish);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    const timer = setTimeout(finish, ms);
  });
}

/** What `find` gives as soon as it gives something, looked for after each change of the page; undefined after `ms`. */
async function appears<T>(find: () => T | undefined, ms: number): Promise<T | undefined> {
  const end = performance.now() + ms;
  for (;;) {
    const found = find();
    if (found !== undefined || performance.now() >= end) return found;
    // Shadow trees and frames do not tell that they changed.
    await change(100);
  }
}

/** The form that a sign-in takes up here, if there is one. */
export const findStep = (): Form | undefined => {
  const [first] = recognise(document);
  return first?.step ? first : undefined;
};

/** The form that an order is for. */
const findFor = ({ newPassword }: FillOrder): Form | undefined =>
  newPassword ? findFresh(recognise(document)) : findStep();

type Value = { field: HTMLInputElement | HTMLSelectElement; value: string };

/** Which of the order's values go where. A field that is shut already holds what it should. */
function valuesFor(form: Form, order: FillOrder): Value[] {
  const values: Value[] = [];
  const put = (field: Value['field'] | undefined, value: string) => {
    if (field && value && !field.disabled) values.push({ field, value });
  };
  if (order.newPassword) {
    put(form.password, order.current ?? '');
    for (const field of form.fresh) put(field, order.password);
    return values;
  }
  put(form.tenant, order.extra);
  if (form.step !== 'code') {
    const given = form.name?.readOnly && form.name.value !== '';
    if (!given) put(form.name, order.username);
    put(form.password, order.password);
  }
  const [first, ...more] = form.code;
  if (more.length === 0) put(first, order.otp);
  else if (form.code.length === order.otp.length)
    for (const [index, box] of form.code.entries()) put(box, order.otp[index] ?? '');
  return values;
}

const hasRoom = ({ field, value }: Value): boolean =>
  isSelect(field) || field.maxLength < 0 || value.length <= field.maxLength;

const sameText = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

const matches = ({ field, value }: Value): boolean =>
  isSelect(field)
    ? sameText(field.selectedOptions[0]?.textContent ?? '', value) || sameText(field.value, value)
    : // Masks may add spaces and dashes; they may not lose a letter.
      field.value === value || field.value.replace(/[\s().-]/g, '') === value.replace(/[\s().-]/g, '');

/** Sets a value so that plain pages and frameworks see it: native setter, then the events that typing would cause. */
function type({ field, value }: Value): void {
  const view = field.ownerDocument.defaultView ?? window;
  const data = { bubbles: true, composed: true };
  field.focus({ preventScroll: true });
  // A handler of the page may have moved or covered the field at this very moment.
  if (!isSeen(field)) throw new Refused('no-form');
  if (isSelect(field)) {
    const option = [...field.options].find((one) => sameText(one.text, value) || sameText(one.value, value));
    if (option) field.value = option.value;
  } else {
    if (field.readOnly) field.click();
    field.dispatchEvent(new KeyboardEvent('keydown', { ...data, key: 'Unidentified', cancelable: true }));
    field.select();
    field.value = value;
  }
  field.dispatchEvent(
    new view.InputEvent('input', { ...data, inputType: 'insertText', data: value.length === 1 ? value : null }),
  );
  field.dispatchEvent(new KeyboardEvent('keyup', { ...data, key: 'Unidentified' }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** The browser's own typing, for masks and components that undo a value that was set. */
function typeByCommand({ field, value }: Value): void {
  if (isSelect(field)) return;
  field.focus({ preventScroll: true });
  if (!isSeen(field)) throw new Refused('no-form');
  field.select();
  field.ownerDocument.execCommand('insertText', false, value);
}

/** Where a form would be sent: its action, or its button's own. Read from attributes, which a field's name cannot shadow. */
function sendsElsewhere(form: Element | null, submit: Element | undefined, origin: string): boolean {
  return [submit?.getAttribute('formaction'), form?.getAttribute('action')].some((action) => {
    if (!action || /^\s*(javascript:|#)/i.test(action)) return false;
    return !URL.canParse(action, document.baseURI) || new URL(action, document.baseURI).origin !== origin;
  });
}

const elementOf = ({ box }: Form): HTMLFormElement | null => (isForm(box) ? box : null);
const divertedBy = (form: Form, origin: string): boolean => {
  const own = form.password?.form ?? form.fresh[0]?.form ?? form.name?.form ?? elementOf(form);
  return sendsElsewhere(own, form.submit, origin);
};

/** Everything that may change under our hands is looked at here, in the task that fills. */
function check(form: Form, values: readonly Value[], order: FillOrder, mark: string): void {
  const isFrame = window.top !== window;
  if (order.mark !== mark || window.origin !== order.origin || isFrame !== order.frame) throw new Refused('page-left');
  if (values.length === 0 || !values.every(({ field }) => isSeen(field))) throw new Refused('no-form');
  if (!values.every(hasRoom)) throw new Refused('does-not-fit');
  if (divertedBy(form, order.origin)) throw new Refused('origin-mismatch');
}

const isReady = (form: Form): boolean =>
  !form.submit || (!form.submit.matches(':disabled') && form.submit.getAttribute('aria-disabled') !== 'true');

/** Two frames of the page, at least one apart, that both show the same fields to a person. */
async function settled(order: FillOrder, mark: string): Promise<{ form: Form; values: Value[] }> {
  const appeared = await appears(() => {
    const form = findFor(order);
    return form && valuesFor(form, order).length > 0 ? form : undefined;
  }, FORM_WAIT_MS);
  if (!appeared) throw new Refused('no-form');
  check(appeared, valuesFor(appeared, order), order, mark);
  await nextFrame();
  const form = findFor(order);
  if (!form) throw new Refused('no-form');
  return { form, values: valuesFor(form, order) };
}

/** Leaves every "stay signed in" box off. */
function doNotStay({ remember }: Form): void {
  for (const box of remember) if (isInput(box) && box.checked && isDrawn(box)) box.click();
}

/** Presses what a person would press: the button, or Enter where there is none. */
function press(form: Form, last: HTMLElement): void {
  if (form.submit) {
    form.submit.click();
    return;
  }
  const enter = {
    key: 'Enter',
    code: 'Enter',
    keyCode: 13,
    which: 13,
    bubbles: true,
    composed: true,
    cancelable: true,
  };
  const handled = !last.dispatchEvent(new KeyboardEvent('keydown', enter));
  last.dispatchEvent(new KeyboardEvent('keypress', enter));
  last.dispatchEvent(new KeyboardEvent('keyup', enter));
  if (!handled && last.isConnected && isInput(last)) last.form?.requestSubmit();
}

/** How often this document was left; one that is frozen and shown again ("back") does not go on with what it began. */
let hides = 0;
window.addEventListener('pagehide', () => {
  hides++;
});

async function fillForm(order: FillOrder, mark: string): Promise<FillReport> {
  const begun = hides;
  const { form, values } = await settled(order, mark);
  if (hides !== begun) throw new Refused('page-left');
  check(form, values, order, mark);

  // A page may change where the form is sent once it is filled: watched until the submit has happened.
  const stop = new AbortController();
  let diverted = false;
  const guard = (event: SubmitEvent) => {
    const target = event.target as Node;
    if (!isForm(target) || !values.some(({ field }) => surrounds(target, field))) return;
    if (!sendsElsewhere(target, event.submitter ?? undefined, order.origin)) return;
    diverted = true;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // The last word before the browser sends: after every handler of the page, which may have changed the target.
  let sent = false;
  const strip = (event: FormDataEvent) => {
    const target = event.target as Node;
    if (!isForm(target) || !values.some(({ field }) => surrounds(target, field))) return;
    sent = true;
    if (!sendsElsewhere(target, undefined, order.origin)) return;
    diverted = true;
    for (const { field } of values) event.formData.delete(field.name);
  };
  const views = new Set([window, ...values.flatMap(({ field }) => field.ownerDocument.defaultView ?? [])]);
  for (const view of views) {
    view.addEventListener('submit', guard, { capture: true, signal: stop.signal });
    view.addEventListener('formdata', strip, { signal: stop.signal });
  }
  setTimeout(() => stop.abort(), BUTTON_WAIT_MS * 2);
  const touched = new Set<Value['field']>();
  const undo = (code: Refusal): never => {
    for (const field of touched) if (isInput(field)) field.value = '';
    stop.abort();
    throw new Refused(code);
  };

  try {
    for (const value of values) {
      if (!value.field.isConnected) continue;
      touched.add(value.field);
      type(value);
    }
    // A framework may have drawn the field anew at the first letter: whatever stands there now is looked at and filled again.
    for (let again = 0; again < 3; again++) {
      await nextFrame();
      // Sent by the page itself, which may be on its way out already.
      if (sent) break;
      if (hides !== begun) throw new Refused('page-left');
      const now = findFor(order);
      const wrong = (now ? valuesFor(now, order) : values).filter(
        (value) => value.field.isConnected && !matches(value),
      );
      if (wrong.length === 0) break;
      // What stands there now may be another form: it is looked at like the first.
      check(now ?? form, wrong, order, mark);
      for (const value of wrong) {
        touched.add(value.field);
        if (again === 0) type(value);
        else typeByCommand(value);
      }
    }
  } catch (error) {
    return undo(error instanceof Refused ? error.code : 'no-form');
  }
  // A new password is looked at by the person, who sends it.
  if (order.newPassword) {
    stop.abort();
    return diverted ? undo('origin-mismatch') : { done: 'filled', step: 'new' };
  }
  // Fields for a code often send themselves when the last digit is in; a second time would be one too many.
  if (order.otp && !sent) await nextFrame();
  if (sent || (form.step === 'code' && !values.some(({ field }) => field.isConnected)))
    return diverted ? undo('origin-mismatch') : { done: 'filled', step: form.step ?? 'sign-in' };
  const ready = await appears(() => {
    const now = findStep();
    return now && isReady(now) ? now : undefined;
  }, BUTTON_WAIT_MS);
  const final = ready ?? form;
  if (hides !== begun) return undo('page-left');
  if (window.origin !== order.origin || divertedBy(final, order.origin) || diverted) return undo('origin-mismatch');
  doNotStay(final);
  const last = values.at(-1)?.field ?? document.body;
  press(final, last);
  if (diverted) return undo('origin-mismatch');
  return { done: 'filled', step: form.step ?? 'sign-in' };
}

/**
 * Fills the step that this document asks for and submits it once.
 * Everything that the phone confirmed is checked in the same task as the fill: the document by its mark, the origin, the
 * fields' visibility, where the form would be sent.
 * @param order what to put in, and the document and origin that it is meant for
 */
export async function fill(order: FillOrder, mark: string): Promise<FillReport> {
  try {
    return await fillForm(order, mark);
  } catch (error) {
    if (error instanceof Refused) return { done: 'not-filled', code: error.code };
    throw error;
  }
}
