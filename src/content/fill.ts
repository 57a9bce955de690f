// Filling: carries out a plan as a person would. Runs in the extension's isolated world, where prototypes are the
// browser's own, whatever the page has done to its copies.
import type { FillOrder, FillReport } from '../protocol/extension.ts';
import { findSignIn, isOnTop, isVisible, type SignInForm } from './recognise.ts';

const FORM_WAIT_MS = 2_000;
const BUTTON_WAIT_MS = 1_500;

/** Sets a value so that plain pages and frameworks see it: native setter, then the events that typing would cause. */
function type(input: HTMLInputElement, value: string): void {
  const view = input.ownerDocument.defaultView ?? window;
  input.focus({ preventScroll: true });
  const data = { bubbles: true, composed: true };
  input.dispatchEvent(new KeyboardEvent('keydown', { ...data, key: 'Unidentified' }));
  input.value = value;
  input.dispatchEvent(new view.InputEvent('input', { ...data, inputType: 'insertText', data: null }));
  input.dispatchEvent(new KeyboardEvent('keyup', { ...data, key: 'Unidentified' }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Resolves with what `find` gives as soon as it gives something, after each change of the page; undefined after `ms`. */
function appears<T>(find: () => T | undefined, ms: number): Promise<T | undefined> {
  const found = find();
  if (found !== undefined) return Promise.resolve(found);
  return new Promise((resolve) => {
    const finish = (result: T | undefined) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(result);
    };
    const observer = new MutationObserver(() => {
      const now = find();
      if (now !== undefined) finish(now);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    const timer = setTimeout(() => finish(find()), ms);
  });
}

/** Where a form would be sent: its action, or its button's own. Read from attributes, which a field's name cannot shadow. */
function sendsElsewhere(plan: SignInForm, origin: string): boolean {
  const { form } = plan.password;
  const actions = [plan.submit?.getAttribute('formaction'), form?.getAttribute('action')];
  return actions.some((action) => {
    if (!action || /^\s*(javascript:|#)/i.test(action)) return false;
    return !URL.canParse(action, document.baseURI) || new URL(action, document.baseURI).origin !== origin;
  });
}

/** Brings a plan's fields into view; false when a person could not see one of them. */
function isHonest(plan: SignInForm): boolean {
  const fields = [plan.username, plan.password].filter((field) => field !== undefined);
  return fields.every((field) => {
    field.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    return field.isConnected && isVisible(field) && isOnTop(field);
  });
}

function press(plan: SignInForm): void {
  const { submit, password } = plan;
  if (submit) {
    submit.click();
    return;
  }
  const enter = { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, composed: true, cancelable: true };
  const handled = !password.dispatchEvent(new KeyboardEvent('keydown', enter));
  password.dispatchEvent(new KeyboardEvent('keyup', enter));
  if (!handled) password.form?.requestSubmit();
}

const enabled = (element: HTMLElement | undefined): boolean =>
  !element?.matches(':disabled') && element?.getAttribute('aria-disabled') !== 'true';

/**
 * Fills the sign-in form of this document and submits it once.
 * Everything that the phone confirmed is checked in the same task as the fill: the document by its mark, the origin, the
 * fields' visibility, where the form would be sent.
 */
export async function signIn(order: FillOrder, mark: string): Promise<FillReport> {
  const refuse = (code: Extract<FillReport, { done: 'not-filled' }>['code']): FillReport => ({
    done: 'not-filled',
    code,
  });
  const plan = await appears(findSignIn, FORM_WAIT_MS);
  if (order.mark !== mark || window.origin !== order.origin || window.top !== window) return refuse('page-left');
  if (!plan || !isHonest(plan)) return refuse('no-form');
  if (sendsElsewhere(plan, order.origin)) return refuse('origin-mismatch');
  if (plan.username && order.username) type(plan.username, order.username);
  type(plan.password, order.password);

  // A page may change the form's target once it is filled: watch until the submit has happened.
  const stop = new AbortController();
  let diverted = false;
  const guard = (event: SubmitEvent) => {
    const target = event.target instanceof HTMLFormElement ? event.target : undefined;
    if (!target?.contains(plan.password)) return;
    const submit = event.submitter ?? undefined;
    if (!sendsElsewhere({ ...plan, submit }, order.origin)) return;
    diverted = true;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('submit', guard, { capture: true, signal: stop.signal });

  // Frameworks enable the button after they have seen the values; some replace it.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const ready = await appears(() => {
    const again = findSignIn();
    return again && enabled(again.submit) ? again : undefined;
  }, BUTTON_WAIT_MS);
  const final = ready ?? plan;
  if (window.origin !== order.origin || sendsElsewhere(final, order.origin)) diverted = true;
  if (!diverted) {
    // A page that emptied a field meanwhile gets it once more.
    if (final.username && order.username && final.username.value !== order.username && isHonest(final))
      type(final.username, order.username);
    if (final.password.value !== order.password && isHonest(final)) type(final.password, order.password);
    press(final);
  }
  if (diverted) {
    plan.password.value = '';
    stop.abort();
    return refuse('origin-mismatch');
  }
  setTimeout(() => stop.abort(), BUTTON_WAIT_MS);
  return { done: 'filled' };
}
