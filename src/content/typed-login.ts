// Logins typed by hand: told to the background when the person sends them, never shown in the page. Only keys and pastes of a
// person count, so a page can neither make up a login nor learn that anybody listens.
import type { TypedLogin } from '../extension/messages.ts';
import { findAlert } from './outcome.ts';
import type { Form } from './recognise/form.ts';
import { findNewPasswordForm, isChange, nameIn } from './recognise/new-password.ts';
import { recognise } from './recognise/recognise.ts';
import { isPressable, isSignInLink } from './recognise/scene.ts';
import { isHtml, isInput, surrounds, upwards } from './recognise/tree.ts';

const textIn = (field: HTMLInputElement | undefined): string => field?.value ?? '';

/** What a form says when it is sent, if a person typed it. @param byHand fields that a person typed into */
function read(
  form: Form,
  byHand: WeakSet<EventTarget>,
): Pick<TypedLogin, 'saves' | 'username' | 'password'> | undefined {
  const [first, ...others] = form.newPasswords;
  if (first && form.step === undefined) {
    const agree = others.every(({ value }) => value === first.value);
    if (!byHand.has(first) || first.value === '' || !agree) return undefined;
    return { saves: isChange(form) ? 'changed' : 'new', username: textIn(nameIn(form)), password: first.value };
  }
  const { name, password, step } = form;
  if (step === 'name' && name && byHand.has(name)) return { saves: 'name', username: name.value, password: '' };
  if (!password || !byHand.has(password) || password.value === '') return undefined;
  return { saves: 'login', username: textIn(name), password: password.value };
}

/** Whether `event` can send any form at all: asked at every click in the page, so it looks at nothing but where that was. */
function canSend(event: Event, target: Element): boolean {
  if (!event.isTrusted) return false;
  if (event.type === 'click') return [...upwards(target)].some((at) => isPressable(at) || isSignInLink(at));
  return event.type === 'submit' || ((event as KeyboardEvent).key === 'Enter' && isInput(target));
}

/** Whether `event`, which can send some form, sends `form`: its own submit, its button pressed, or Enter in one of its fields. */
function sends(event: Event, target: Element, form: Form): boolean {
  if (event.type === 'submit') return surrounds(target, form.box) || surrounds(form.box, target);
  if (event.type === 'click') return form.submit !== undefined && surrounds(form.submit, target);
  return form.fields.some(({ element }) => element === target);
}

/** Begins to watch this document. @param tell hears of each login that is sent */
export function watchTyping(mark: string, tell: (typed: TypedLogin) => void): void {
  const byHand = new WeakSet<EventTarget>();
  /** Fields that a person typed into and that may belong to a sign-in: what has been looked at and does not costs nothing more. */
  const open = new Set<EventTarget>();
  const targetOf = (event: Event): HTMLElement | undefined => {
    const target = event.composedPath()[0];
    return target instanceof Node && isHtml(target) ? target : undefined;
  };
  const note = (event: Event) => {
    const target = targetOf(event);
    if (!event.isTrusted || !target || !isInput(target)) return;
    byHand.add(target);
    open.add(target);
  };
  const look = (event: Event) => {
    const target = targetOf(event);
    if (open.size === 0 || !target || !canSend(event, target)) return;
    const trees: (Document | ShadowRoot)[] = [];
    const forms = recognise(document, trees);
    const setting = findNewPasswordForm(forms);
    const asked = [...forms.filter(({ step }) => step), ...(setting ? [setting] : [])];
    const fields = new Set<EventTarget>(asked.flatMap((form) => form.fields.map(({ element }) => element)));
    for (const field of open) if (!fields.has(field)) open.delete(field);
    for (const form of asked) {
      const typed = sends(event, target, form) ? read(form, byHand) : undefined;
      if (!typed) continue;
      tell({ t: 'typed', ...typed, mark, alert: findAlert(trees) });
      return;
    }
  };
  for (const type of ['keydown', 'paste']) addEventListener(type, note, true);
  for (const type of ['submit', 'click', 'keydown']) addEventListener(type, look, true);
}
