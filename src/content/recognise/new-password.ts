// Passwords that are being set: where a new one goes, and what the site says about it.
import type { Form } from './form.ts';
import { attribute } from './tree.ts';

/** The form that sets a password, on a page where none signs in. */
export const findNewPasswordForm = (forms: readonly Form[]): Form | undefined =>
  forms.some(({ step }) => step) ? undefined : forms.find(({ newPasswords }) => newPasswords.length > 0);

/** Whether a form's password replaces one in force. */
export const isChange = (form: Form): boolean => form.kind === 'change-password' || form.password !== undefined;

/** The field for the name of a new account. */
export const nameIn = (form: Form): HTMLInputElement | undefined =>
  form.name ??
  (
    form.fields.find(({ kind }) => kind === 'name') ??
    form.fields.find(({ element }) => element.type === 'email' || /\b(username|email)\b/.test(element.autocomplete))
  )?.element;

/**
 * What the site says of its passwords, in the words of Apple's `passwordrules` attribute
 * (https://developer.apple.com/password-rules/); the field's own lengths go with it.
 */
export function rulesOf({ newPasswords }: Form): string {
  const [field] = newPasswords;
  if (!field) return '';
  const { minLength, maxLength } = field;
  const lengths = [minLength > 0 && `minlength: ${minLength}`, maxLength > 0 && `maxlength: ${maxLength}`];
  return [attribute(field, 'passwordrules'), ...lengths].filter(Boolean).join('; ').slice(0, 240);
}
