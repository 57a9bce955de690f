// Settles which password and which name of a form are meant, and what a sign-in would do there. Decides nothing else.
import { type Parts, says } from './fields.ts';
import type { Field, Form } from './form.ts';
import { wordOf } from './matching.ts';
import type { FormKind } from './signals.ts';

/** Settles which password and which name are meant, and what a sign-in would do here. */
export function settle(
  form: Form,
  { fields, plain, passwords, currents }: Parts,
  score: (kind: FormKind) => number,
): Form {
  const { kind } = form;
  const elements = (list: readonly Field[]) => list.map(({ element }) => element);
  const [password] = passwords;
  if (passwords.length >= 3 || (passwords.length === 2 && currents.length > 0)) {
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
  if (password) {
    // A sign-in form that asks browsers not to fill it says "new"; then its button has to say what it is.
    const saysNew = password.kind === 'new-password';
    const said = form.reasons.some(({ is, in: at }) => is === 'sign-in' && (at === 'button' || at === 'heading'));
    const sets = saysNew ? kind !== 'sign-in' || !said : score('sign-in') < score('sign-up');
    if (sets || (kind !== 'sign-in' && score('sign-in') + 4 < form.score)) {
      const isNew = saysNew || kind === 'sign-up' || kind === 'reset' || kind === 'change-password';
      return { ...form, newPasswords: isNew ? [password.element] : [] };
    }
    const name = nameFor(password, fields, plain)?.element;
    return { ...form, kind: 'sign-in', step: name ? 'sign-in' : 'password', name, password: password.element };
  }
  if (form.code.length > 0 && kind === 'code') return { ...form, step: form.codeIsSent ? undefined : 'code' };
  const name = fields.find(
    (field) => field.kind === 'name' && field.reasons.some(({ is, in: at }) => is === 'name' && at !== 'shape'),
  );
  // A lone name under "Next" may begin a sign-up just as well: then words have to say which it is.
  const plainly = form.reasons.some(({ is, found }) => is === 'sign-in' && wordOf('signIn', found) !== undefined);
  const begins = kind === 'sign-in' && score('sign-in') >= 11 && (plainly || score('sign-up') < 5);
  return name && begins ? { ...form, step: 'name', name: name.element } : form;
}

/** The name that belongs to a password: best evidence, those before it preferred. */
function nameFor(password: Field, fields: readonly Field[], plain: readonly Field[]): Field | undefined {
  const before = (field: Field) => fields.indexOf(field) < fields.indexOf(password);
  const worth = (field: Field) => says(field, 'name') + (before(field) ? 4 : 0);
  const [best] = fields.filter(({ kind }) => kind === 'name').sort((a, b) => worth(b) - worth(a));
  if (best) return best;
  // The one field before a password is its name, whatever it is called: a domain, a card's number.
  const [only, second] = plain;
  const isSearch = only?.reasons.some(({ found }) => wordOf('search', found));
  return only && !second && before(only) && only.kind !== 'code' && !isSearch ? only : undefined;
}
