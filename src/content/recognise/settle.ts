// Settles which password and which name of a form are meant, and what a sign-in would do there. Decides nothing else.
import { type Parts, says as saysOf } from './fields.ts';
import type { Field, Form } from './form.ts';
import { wordOf } from './matching.ts';
import type { FormKind, FormPlace } from './signals.ts';

/** Settles which password and which name are meant, and what a sign-in would do here. */
export function settle(
  form: Form,
  { fields, plain, passwords, currents }: Parts,
  score: (kind: FormKind) => number,
): Form {
  const { kind } = form;
  const elements = (list: readonly Field[]) => list.map(({ element }) => element);
  const [password] = passwords;
  const says = (is: FormKind, ...at: FormPlace[]) =>
    form.reasons.some((one) => one.is === is && one.weight > 3 && at.some((place) => place === one.in));
  const isShaped = (...tokens: string[]) =>
    form.reasons.some(({ in: at, found }) => at === 'shape' && tokens.includes(found));
  if (isShaped('sets')) {
    const current = currents[0] ?? passwords.find((field) => field.kind !== 'new-password');
    const signsUp = kind === 'sign-up' && currents.length === 0;
    return {
      ...form,
      kind: signsUp ? 'sign-up' : 'change-password',
      password: current?.element,
      newPasswords: elements(passwords.filter((field) => field !== current)),
    };
  }
  // Two that both say nothing, under a button that signs in: a field and its twin for showing what was typed.
  const twins = kind === 'sign-in' && passwords.every((field) => field.kind !== 'new-password');
  if (passwords.length === 2 && !twins) return { ...form, newPasswords: elements(passwords) };
  const left: Form = { ...form, kind: 'settings' };
  const byButton = says('sign-in', 'button');
  const isSaid = byButton || says('sign-in', 'own', 'heading', 'text', 'around', 'link', 'page');
  const saysElse = says('settings', 'button') || says('danger', 'button');
  if (password) {
    // A sign-in form that asks browsers not to fill it says "new"; then its button has to say what it is.
    const saysNew = password.kind === 'new-password';
    const sets = saysNew
      ? kind !== 'sign-in' || !(byButton || says('sign-in', 'heading'))
      : score('sign-in') < score('sign-up');
    const isNew = saysNew || ['sign-up', 'reset', 'change-password'].includes(kind);
    const setting = { ...form, newPasswords: [password.element] };
    if (sets && isNew) return setting;
    const name = nameFor(password, fields, plain);
    const element = name?.element;
    const step = name ? 'sign-in' : 'password';
    const isGiven = !element || element.readOnly || element.disabled;
    const isNamedSo = says('sign-in', 'own', 'heading');
    const isDanger =
      says('danger', 'heading', 'does') ||
      (isGiven && (!isNamedSo || isShaped('inside')) && says('danger', 'text', 'around', 'shape'));
    if (saysElse || (!byButton && isDanger)) return left;
    if (isGiven && !byButton && says('reset', 'heading')) return setting;
    // Digits that nothing calls a password are the PIN of something.
    const isPin = isGiven && password.element.inputMode === 'numeric' && saysOf(password, 'password') <= 10;
    // Somebody who is in, or asked on top of a page, signs in to something else unless the words above say otherwise.
    const isOther = byButton
      ? isShaped('inside', 'dialog') && says('settings', 'heading') && !says('sign-in', 'page')
      : (says('contact', 'shape') && !isNamedSo) || score('settings') >= (isSaid ? 10 : 6);
    if (isPin || isOther) return left;
    if (sets || (kind !== 'sign-in' && !(byButton && kind === 'payment') && score('sign-in') + 4 < form.score))
      return isNew ? setting : form;
    const signsIn: Form = { ...form, kind: 'sign-in', step, name: element, password: password.element };
    if (isGiven && says('confirm', 'button', 'heading', 'around') && !byButton && !says('sign-in', 'page', 'heading'))
      return { ...signsIn, kind: 'confirm', sends: false };
    const isLike = isShaped('username', 'current-1') || (isGiven && isShaped('named'));
    // Where the labels are in words that are known, those of the button have to be, too.
    const isKnown = fields.some(({ reasons }) => reasons.some(({ in: at }) => at === 'label' || at === 'near'));
    if (!isSaid && (isShaped('inside') || (isKnown && isShaped('unsure')))) return left;
    if (isSaid || isLike) return signsIn;
    if (isGiven) return left;
    // By its shape alone a form with an address and a password is a sign-up.
    return isMail(name) || says('sign-up', 'around') ? { ...setting, kind: 'sign-up' } : signsIn;
  }
  if (form.code.length > 0 && score('code') >= 16 && kind !== 'payment') {
    const isElse = saysElse || says('danger', 'page', 'shape', 'heading');
    return { ...form, kind: 'code', step: form.codeIsSent || isElse ? undefined : 'code' };
  }
  if (saysElse) return form;
  // A number of a company's customers may be the name of one, and that of a card where nothing else is asked for.
  const [, more] = fields;
  const isName = ({ kind, reasons }: Field) =>
    kind === 'tenant'
      ? reasons.some(({ found }) => wordOf('number', found))
      : kind === 'name'
        ? reasons.some(({ is, in: at }) => is === 'name' && at !== 'shape')
        : !more && reasons.some(({ found }) => wordOf('card', found) && wordOf('number', found));
  const name = fields.find(isName);
  // A lone name under "Next" may begin a sign-up just as well: then words have to say which it is.
  const plainly = form.reasons.some(({ is, found }) => is === 'sign-in' && wordOf('signIn', found));
  const begins = kind === 'sign-in' && score('sign-in') >= 11 && (plainly || score('sign-up') < 5);
  return name && begins ? { ...form, step: 'name', name: name.element } : form;
}

/** Whether a name is an address to write to, by what it is called. */
function isMail({ reasons }: Field): boolean {
  const said = reasons.filter(({ is, in: at }) => is === 'name' && (at === 'label' || at === 'near'));
  const words = said.length > 0 ? said : reasons.filter(({ is }) => is === 'name');
  return words.some(({ found }) => wordOf('email', found)) && !words.some(({ found }) => wordOf('name', found));
}

/** The name that belongs to a password: best evidence, those before it preferred. */
function nameFor(password: Field, fields: readonly Field[], plain: readonly Field[]): Field | undefined {
  const before = (field: Field) => fields.indexOf(field) < fields.indexOf(password);
  const worth = (field: Field) => saysOf(field, 'name') + (before(field) ? 4 : 0);
  const [best] = fields.filter(({ kind }) => kind === 'name').sort((a, b) => worth(b) - worth(a));
  if (best) return best;
  // The one field before a password is its name, whatever it is called: a domain, a card's number.
  const [only, second] = plain;
  const isSearch = only?.reasons.some(({ found }) => wordOf('search', found));
  return only && !second && before(only) && only.kind !== 'code' && !isSearch ? only : undefined;
}
