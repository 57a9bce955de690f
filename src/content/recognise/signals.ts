// The evidence that recognition weighs, as data: one line a signal. `in` names where to look (see `place` in
// fields.ts and judge-form.ts), `has` a meaning of words.ts or a pattern, `weight` how much it says for (or against) `is`.
import type { Meaning } from './words.ts';

export type FieldKind = 'name' | 'password' | 'new-password' | 'code' | 'tenant' | 'other';
export type FieldPlace = 'autocomplete' | 'type' | 'own' | 'label' | 'near' | 'shape';
export type FormKind =
  | 'sign-in'
  | 'sign-up'
  | 'change-password'
  | 'reset'
  | 'code'
  | 'newsletter'
  | 'search'
  | 'payment'
  | 'contact';
export type FormPlace = 'button' | 'beside' | 'own' | 'heading' | 'text' | 'link' | 'shape' | 'page';

export interface Signal<Kind, Place> {
  is: Kind;
  in: Place;
  has: Meaning | RegExp;
  weight: number;
}

/** For fields that show what is typed: what goes in here? */
export const TEXT_FIELD: readonly Signal<FieldKind, FieldPlace>[] = [
  { is: 'name', in: 'autocomplete', has: /\busername\b/, weight: 30 },
  { is: 'name', in: 'autocomplete', has: /\b(email|webauthn)\b/, weight: 8 },
  { is: 'name', in: 'type', has: /^(email|tel)$/, weight: 8 },
  { is: 'name', in: 'own', has: 'name', weight: 10 },
  { is: 'name', in: 'own', has: 'email', weight: 8 },
  { is: 'name', in: 'own', has: 'phone', weight: 4 },
  { is: 'name', in: 'own', has: 'signIn', weight: 6 },
  { is: 'name', in: 'label', has: 'name', weight: 12 },
  { is: 'name', in: 'label', has: 'email', weight: 10 },
  { is: 'name', in: 'label', has: 'phone', weight: 5 },
  { is: 'name', in: 'label', has: 'signIn', weight: 6 },
  { is: 'name', in: 'near', has: 'name', weight: 5 },
  { is: 'name', in: 'near', has: 'email', weight: 4 },
  { is: 'name', in: 'shape', has: /\bbefore-password\b/, weight: 6 },
  { is: 'name', in: 'shape', has: /\bonly-text\b/, weight: 6 },
  { is: 'code', in: 'autocomplete', has: /\bone-time-code\b/, weight: 40 },
  { is: 'code', in: 'own', has: 'code', weight: 24 },
  { is: 'code', in: 'label', has: 'code', weight: 24 },
  { is: 'code', in: 'near', has: 'code', weight: 12 },
  { is: 'code', in: 'own', has: 'check', weight: 10 },
  { is: 'code', in: 'label', has: 'check', weight: 12 },
  { is: 'code', in: 'near', has: 'check', weight: 8 },
  { is: 'code', in: 'own', has: /\b(pin|token|code|digit)s? ?\d?\b/, weight: 5 },
  { is: 'code', in: 'label', has: /\b(pin|token|code|digit)s? ?\d?\b/, weight: 5 },
  { is: 'code', in: 'shape', has: /\b(numeric|digits)\b/, weight: 4 },
  { is: 'code', in: 'shape', has: /\blength-(6|7|8)\b/, weight: 4 },
  { is: 'code', in: 'shape', has: /\bbox\b/, weight: 12 },
  { is: 'code', in: 'shape', has: /\bsent\b/, weight: 6 },
  // Beside a password "verification code" mostly means a picture to be read.
  { is: 'code', in: 'shape', has: /\bwith-password\b/, weight: -14 },
  { is: 'code', in: 'shape', has: /\bpicture\b/, weight: -40 },
  { is: 'tenant', in: 'autocomplete', has: /\borganization\b/, weight: 14 },
  { is: 'tenant', in: 'own', has: 'tenant', weight: 14 },
  { is: 'tenant', in: 'label', has: 'tenant', weight: 16 },
  { is: 'other', in: 'type', has: /^(search|url|number|date)$/, weight: 12 },
  { is: 'other', in: 'own', has: 'search', weight: 14 },
  { is: 'other', in: 'label', has: 'search', weight: 14 },
  { is: 'other', in: 'own', has: 'personal', weight: 12 },
  { is: 'other', in: 'label', has: 'personal', weight: 14 },
  { is: 'other', in: 'own', has: 'card', weight: 30 },
  { is: 'other', in: 'label', has: 'card', weight: 30 },
  { is: 'other', in: 'own', has: 'newsletter', weight: 10 },
  { is: 'other', in: 'label', has: 'newsletter', weight: 10 },
  {
    is: 'other',
    in: 'autocomplete',
    has: /\b(cc-|name\b|given-|family-|address|postal|street|country|bday|sex|url)/,
    weight: 25,
  },
];

/** For fields that hide what is typed: the password in force, one that is being set, or no password at all? */
export const PASSWORD_FIELD: readonly Signal<FieldKind, FieldPlace>[] = [
  { is: 'password', in: 'shape', has: /./, weight: 10 },
  { is: 'password', in: 'own', has: 'password', weight: 8 },
  { is: 'password', in: 'label', has: 'password', weight: 8 },
  { is: 'password', in: 'autocomplete', has: /\bcurrent-password\b/, weight: 10 },
  { is: 'password', in: 'own', has: 'current', weight: 40 },
  { is: 'password', in: 'label', has: 'current', weight: 40 },
  { is: 'password', in: 'label', has: 'signIn', weight: 6 },
  { is: 'new-password', in: 'autocomplete', has: /\bnew-password\b/, weight: 28 },
  { is: 'new-password', in: 'own', has: 'newPassword', weight: 20 },
  { is: 'new-password', in: 'label', has: 'newPassword', weight: 30 },
  { is: 'new-password', in: 'own', has: /\bnew\b/, weight: 20 },
  { is: 'new-password', in: 'label', has: /\bnew\b/, weight: 20 },
  { is: 'new-password', in: 'own', has: 'repeat', weight: 30 },
  { is: 'new-password', in: 'label', has: 'repeat', weight: 30 },
  { is: 'code', in: 'autocomplete', has: /\bone-time-code\b/, weight: 45 },
  { is: 'code', in: 'own', has: 'code', weight: 26 },
  { is: 'code', in: 'label', has: 'code', weight: 26 },
  { is: 'code', in: 'shape', has: /\bbox\b/, weight: 40 },
  { is: 'other', in: 'own', has: 'card', weight: 40 },
  { is: 'other', in: 'label', has: 'card', weight: 40 },
  { is: 'other', in: 'autocomplete', has: /\bcc-/, weight: 40 },
  { is: 'other', in: 'label', has: /\bssn\b|social security/, weight: 30 },
  { is: 'other', in: 'own', has: /\bssn\b/, weight: 30 },
];

/** For a form as a whole: what is it there for? */
export const FORM: readonly Signal<FormKind, FormPlace>[] = [
  { is: 'sign-in', in: 'button', has: 'signIn', weight: 12 },
  { is: 'sign-in', in: 'button', has: 'next', weight: 3 },
  { is: 'sign-in', in: 'beside', has: 'signIn', weight: 3 },
  { is: 'sign-in', in: 'own', has: 'signIn', weight: 8 },
  { is: 'sign-in', in: 'heading', has: 'signIn', weight: 8 },
  { is: 'sign-in', in: 'text', has: 'remember', weight: 6 },
  { is: 'sign-in', in: 'link', has: 'reset', weight: 8 },
  { is: 'sign-in', in: 'page', has: 'signIn', weight: 4 },
  { is: 'sign-in', in: 'shape', has: /\bpasswords-1\b/, weight: 6 },
  { is: 'sign-in', in: 'shape', has: /\bcurrent-1\b/, weight: 6 },
  { is: 'sign-in', in: 'shape', has: /\busername\b/, weight: 4 },
  { is: 'sign-in', in: 'shape', has: /\basks-name\b/, weight: 8 },
  { is: 'sign-in', in: 'shape', has: /\bpasswords-1 texts-[01]\b/, weight: 4 },
  { is: 'sign-up', in: 'button', has: 'signUp', weight: 14 },
  { is: 'sign-up', in: 'beside', has: 'signUp', weight: 2 },
  { is: 'sign-up', in: 'own', has: 'signUp', weight: 8 },
  { is: 'sign-up', in: 'heading', has: 'signUp', weight: 7 },
  { is: 'sign-up', in: 'text', has: 'signUp', weight: 3 },
  { is: 'sign-up', in: 'page', has: 'signUp', weight: 3 },
  { is: 'sign-up', in: 'shape', has: /\bnew-[1-9]/, weight: 8 },
  { is: 'sign-up', in: 'shape', has: /\bpasswords-2 .*\bcurrent-0\b/, weight: 8 },
  { is: 'sign-up', in: 'shape', has: /\bpasswords-1\b.*\bpersonal-[2-9]/, weight: 8 },
  { is: 'sign-up', in: 'shape', has: /\bpersonal-[1-9]/, weight: 5 },
  { is: 'sign-up', in: 'shape', has: /\bpersonal-([2-9]|1\d)/, weight: 7 },
  { is: 'change-password', in: 'shape', has: /\bsets\b/, weight: 25 },
  { is: 'change-password', in: 'button', has: 'change', weight: 12 },
  { is: 'change-password', in: 'heading', has: 'change', weight: 10 },
  { is: 'change-password', in: 'own', has: 'change', weight: 10 },
  { is: 'reset', in: 'button', has: 'reset', weight: 14 },
  { is: 'reset', in: 'heading', has: 'reset', weight: 12 },
  { is: 'reset', in: 'own', has: 'reset', weight: 12 },
  { is: 'reset', in: 'shape', has: /\bpasswords-0\b/, weight: 2 },
  { is: 'code', in: 'shape', has: /\bcode\b/, weight: 16 },
  { is: 'code', in: 'heading', has: 'code', weight: 8 },
  { is: 'newsletter', in: 'button', has: 'newsletter', weight: 16 },
  { is: 'newsletter', in: 'own', has: 'newsletter', weight: 14 },
  { is: 'newsletter', in: 'heading', has: 'newsletter', weight: 10 },
  { is: 'newsletter', in: 'text', has: 'newsletter', weight: 3 },
  { is: 'search', in: 'own', has: 'search', weight: 14 },
  { is: 'search', in: 'button', has: 'search', weight: 14 },
  { is: 'search', in: 'shape', has: /\bsearch\b/, weight: 14 },
  { is: 'payment', in: 'shape', has: /\bcard\b/, weight: 30 },
  { is: 'payment', in: 'button', has: 'pay', weight: 10 },
  { is: 'payment', in: 'own', has: 'pay', weight: 6 },
  { is: 'payment', in: 'heading', has: 'pay', weight: 6 },
  { is: 'payment', in: 'shape', has: /\bpersonal-([4-9]|\d\d)/, weight: 8 },
  { is: 'contact', in: 'shape', has: /\btextarea\b/, weight: 14 },
  { is: 'contact', in: 'button', has: 'contact', weight: 8 },
  { is: 'contact', in: 'heading', has: 'contact', weight: 10 },
  { is: 'contact', in: 'own', has: 'contact', weight: 8 },
];

/** For what can be pressed: is it the form's main button, and does it go on with a sign-in? */
export const BUTTON: readonly Signal<'main' | 'go', 'text' | 'shape'>[] = [
  { is: 'main', in: 'text', has: 'signIn', weight: 6 },
  { is: 'main', in: 'text', has: 'signUp', weight: 6 },
  { is: 'main', in: 'text', has: 'next', weight: 6 },
  { is: 'main', in: 'text', has: 'change', weight: 6 },
  { is: 'main', in: 'text', has: 'newsletter', weight: 6 },
  { is: 'main', in: 'text', has: 'aside', weight: -20 },
  { is: 'main', in: 'shape', has: /\bsubmit\b/, weight: 10 },
  { is: 'main', in: 'shape', has: /\bbutton\b/, weight: 2 },
  { is: 'main', in: 'shape', has: /\bafter\b/, weight: 3 },
  { is: 'main', in: 'shape', has: /\bprimary\b/, weight: 4 },
  { is: 'go', in: 'text', has: 'signIn', weight: 12 },
  { is: 'go', in: 'text', has: 'next', weight: 8 },
  { is: 'go', in: 'shape', has: /\bsubmit\b/, weight: 8 },
  { is: 'go', in: 'shape', has: /\bbutton\b/, weight: 2 },
  { is: 'go', in: 'shape', has: /\bafter\b/, weight: 3 },
  { is: 'go', in: 'shape', has: /\bprimary\b/, weight: 3 },
  { is: 'go', in: 'text', has: 'signUp', weight: -14 },
  { is: 'go', in: 'text', has: 'reset', weight: -20 },
  { is: 'go', in: 'text', has: 'aside', weight: -20 },
  { is: 'go', in: 'text', has: 'search', weight: -12 },
];
