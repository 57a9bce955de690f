// The evidence that recognition weighs, as data: one line a signal. What it speaks for; where to look (see
// `place` in fields.ts and judge-form.ts); what to find, a meaning of words.ts or a pattern; how much it says for that, or against it.
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

/** What it speaks for, where to look, what to find, how much that counts. */
export type Signal<Kind, Place> = readonly [is: Kind, at: Place, has: Meaning | RegExp, weight: number];

/** For fields that show what is typed: what goes in here? */
export const TEXT_FIELD: readonly Signal<FieldKind, FieldPlace>[] = [
  ['name', 'autocomplete', /\busername\b/, 30],
  ['name', 'autocomplete', /\b(email|webauthn)\b/, 8],
  ['name', 'type', /^(email|tel)$/, 8],
  ['name', 'own', 'name', 10],
  ['name', 'own', 'email', 8],
  ['name', 'own', 'phone', 4],
  ['name', 'own', 'signIn', 6],
  ['name', 'label', 'name', 12],
  ['name', 'label', 'email', 10],
  ['name', 'label', 'phone', 5],
  ['name', 'label', 'signIn', 6],
  ['name', 'near', 'name', 5],
  ['name', 'near', 'email', 4],
  ['name', 'shape', /\bbefore-password\b/, 6],
  ['name', 'shape', /\bonly-text\b/, 6],
  ['code', 'autocomplete', /\bone-time-code\b/, 40],
  ['code', 'own', 'code', 24],
  ['code', 'label', 'code', 24],
  ['code', 'near', 'code', 12],
  ['code', 'own', 'check', 10],
  ['code', 'label', 'check', 12],
  ['code', 'near', 'check', 8],
  ['code', 'own', /\b(pin|token|code|digit)s? ?\d?\b/, 5],
  ['code', 'label', /\b(pin|token|code|digit)s? ?\d?\b/, 5],
  ['code', 'shape', /\b(numeric|digits)\b/, 4],
  ['code', 'shape', /\blength-(6|7|8)\b/, 4],
  ['code', 'shape', /\bbox\b/, 12],
  ['code', 'shape', /\bsent\b/, 6],
  // Beside a password "verification code" mostly means a picture to be read.
  ['code', 'shape', /\bwith-password\b/, -14],
  ['code', 'shape', /\bpicture\b/, -40],
  ['tenant', 'autocomplete', /\borganization\b/, 14],
  ['tenant', 'own', 'tenant', 14],
  ['tenant', 'label', 'tenant', 16],
  ['other', 'type', /^(search|url|number|date)$/, 12],
  ['other', 'own', 'search', 14],
  ['other', 'label', 'search', 14],
  ['other', 'own', 'personal', 12],
  ['other', 'label', 'personal', 14],
  ['other', 'own', 'card', 30],
  ['other', 'label', 'card', 30],
  ['other', 'own', 'newsletter', 10],
  ['other', 'label', 'newsletter', 10],
  ['other', 'autocomplete', /\b(cc-|name\b|given-|family-|address|postal|street|country|bday|sex|url)/, 25],
];

/** For fields that hide what is typed: the password in force, one that is being set, or no password at all? */
export const PASSWORD_FIELD: readonly Signal<FieldKind, FieldPlace>[] = [
  ['password', 'shape', /./, 10],
  ['password', 'own', 'password', 8],
  ['password', 'label', 'password', 8],
  ['password', 'autocomplete', /\bcurrent-password\b/, 10],
  ['password', 'own', 'current', 40],
  ['password', 'label', 'current', 40],
  ['password', 'label', 'signIn', 6],
  ['new-password', 'autocomplete', /\bnew-password\b/, 28],
  ['new-password', 'own', 'newPassword', 20],
  ['new-password', 'label', 'newPassword', 30],
  ['new-password', 'own', /\bnew\b/, 20],
  ['new-password', 'label', /\bnew\b/, 20],
  ['new-password', 'own', 'repeat', 30],
  ['new-password', 'label', 'repeat', 30],
  ['code', 'autocomplete', /\bone-time-code\b/, 45],
  ['code', 'own', 'code', 26],
  ['code', 'label', 'code', 26],
  ['code', 'shape', /\bbox\b/, 40],
  ['other', 'own', 'card', 40],
  ['other', 'label', 'card', 40],
  ['other', 'autocomplete', /\bcc-/, 40],
  ['other', 'label', /\bssn\b|social security/, 30],
  ['other', 'own', /\bssn\b/, 30],
];

/** For a form as a whole: what is it there for? */
export const FORM: readonly Signal<FormKind, FormPlace>[] = [
  ['sign-in', 'button', 'signIn', 12],
  ['sign-in', 'button', 'next', 3],
  ['sign-in', 'beside', 'signIn', 3],
  ['sign-in', 'own', 'signIn', 8],
  ['sign-in', 'heading', 'signIn', 8],
  ['sign-in', 'text', 'remember', 6],
  ['sign-in', 'link', 'reset', 8],
  ['sign-in', 'page', 'signIn', 4],
  ['sign-in', 'shape', /\bpasswords-1\b/, 6],
  ['sign-in', 'shape', /\bcurrent-1\b/, 6],
  ['sign-in', 'shape', /\busername\b/, 4],
  ['sign-in', 'shape', /\basks-name\b/, 8],
  ['sign-in', 'shape', /\bpasswords-1 texts-[01]\b/, 4],
  ['sign-up', 'button', 'signUp', 14],
  ['sign-up', 'beside', 'signUp', 2],
  ['sign-up', 'own', 'signUp', 8],
  ['sign-up', 'heading', 'signUp', 7],
  ['sign-up', 'text', 'signUp', 3],
  ['sign-up', 'page', 'signUp', 3],
  ['sign-up', 'shape', /\bnew-[1-9]/, 8],
  ['sign-up', 'shape', /\bpasswords-2 .*\bcurrent-0\b/, 8],
  ['sign-up', 'shape', /\bpasswords-1\b.*\bpersonal-[2-9]/, 8],
  ['sign-up', 'shape', /\bpersonal-[1-9]/, 5],
  ['sign-up', 'shape', /\bpersonal-([2-9]|1\d)/, 7],
  ['change-password', 'shape', /\bsets\b/, 25],
  ['change-password', 'button', 'change', 12],
  ['change-password', 'heading', 'change', 10],
  ['change-password', 'own', 'change', 10],
  ['reset', 'button', 'reset', 14],
  ['reset', 'heading', 'reset', 12],
  ['reset', 'own', 'reset', 12],
  ['reset', 'shape', /\bpasswords-0\b/, 2],
  ['code', 'shape', /\bcode\b/, 16],
  ['code', 'heading', 'code', 8],
  ['newsletter', 'button', 'newsletter', 16],
  ['newsletter', 'own', 'newsletter', 14],
  ['newsletter', 'heading', 'newsletter', 10],
  ['newsletter', 'text', 'newsletter', 3],
  ['search', 'own', 'search', 14],
  ['search', 'button', 'search', 14],
  ['search', 'shape', /\bsearch\b/, 14],
  ['payment', 'shape', /\bcard\b/, 30],
  ['payment', 'button', 'pay', 10],
  ['payment', 'own', 'pay', 6],
  ['payment', 'heading', 'pay', 6],
  ['payment', 'shape', /\bpersonal-([4-9]|\d\d)/, 8],
  ['contact', 'shape', /\btextarea\b/, 14],
  ['contact', 'button', 'contact', 8],
  ['contact', 'heading', 'contact', 10],
  ['contact', 'own', 'contact', 8],
];

/** For what can be pressed: is it the form's main button, and does it go on with a sign-in? */
export const BUTTON: readonly Signal<'main' | 'go', 'text' | 'shape'>[] = [
  ['main', 'text', 'signIn', 6],
  ['main', 'text', 'signUp', 6],
  ['main', 'text', 'next', 6],
  ['main', 'text', 'change', 6],
  ['main', 'text', 'newsletter', 6],
  ['main', 'text', 'aside', -20],
  ['main', 'shape', /\bsubmit\b/, 10],
  ['main', 'shape', /\bbutton\b/, 2],
  ['main', 'shape', /\bafter\b/, 3],
  ['main', 'shape', /\bprimary\b/, 4],
  ['go', 'text', 'signIn', 12],
  ['go', 'text', 'next', 8],
  ['go', 'shape', /\bsubmit\b/, 8],
  ['go', 'shape', /\bbutton\b/, 2],
  ['go', 'shape', /\bafter\b/, 3],
  ['go', 'shape', /\bprimary\b/, 3],
  ['go', 'text', 'signUp', -14],
  ['go', 'text', 'reset', -20],
  ['go', 'text', 'aside', -20],
  ['go', 'text', 'search', -12],
];
