// The evidence that recognition weighs, as data: what it speaks for, where to look (see `place` in fields.ts and judge-form.ts),
// what to find, and how much that says for it or against it.
import type { Meaning } from './words.ts';

export type FieldKind = 'name' | 'password' | 'new-password' | 'code' | 'tenant' | 'other';
/** `again` is what a field is called that follows another one of its kind. */
export type FieldPlace = 'autocomplete' | 'type' | 'own' | 'label' | 'near' | 'again' | 'shape';
export type FormKind =
  | 'sign-in'
  | 'sign-up'
  | 'change-password'
  | 'reset'
  | 'code'
  | 'search'
  | 'payment'
  | 'contact'
  /** Something is set up, or saved; of a form as a whole also that anything else is done there that a sign-in does not do. */
  | 'settings'
  /** Something is deleted, given away, paid or shown for good. */
  | 'danger'
  /** The site asks once more for the password of somebody who is in. */
  | 'confirm';
/** `around` is the part of the page that is this form's alone; `does` its action, and the method that it hides. */
export type FormPlace = 'button' | 'own' | 'does' | 'heading' | 'text' | 'around' | 'link' | 'shape' | 'page';

/** A meaning of the vocabulary, or two that have to be said both. */
type Words = Meaning | `${Meaning} ${Meaning}`;

/**
 * How much what is found in a place says for a kind, or against it: by what it speaks for, where to look, and what to find. Looked for are words;
 * in what is written for programs (`autocomplete`, `type`, `shape`) patterns of whole words.
 */
export type Signals<Kind extends string, Place extends string> = Partial<
  Record<
    Kind,
    { [At in Place]?: Partial<Record<At extends 'autocomplete' | 'type' | 'shape' ? string : Words, number>> }
  >
>;

/** For fields that show what is typed: what goes in here? */
export const TEXT_FIELD: Signals<FieldKind, FieldPlace> = {
  name: {
    autocomplete: { username: 30, 'email|webauthn': 8 },
    type: { 'email|tel': 8 },
    own: { name: 10, email: 8, phone: 4, signIn: 6 },
    label: { name: 12, email: 10, phone: 5, signIn: 6, number: 6 },
    near: { number: 4, name: 5, email: 4 },
    shape: { 'before-password': 6, 'only-text': 6 },
  },
  code: {
    autocomplete: { 'one-time-code': 26 },
    own: { code: 30, check: 10, anyCode: 3 },
    label: { code: 30, check: 12, anyCode: 3, 'app anyCode': 12 },
    near: { code: 20, check: 8 },
    shape: {
      'numeric|digits': 4,
      'length-(6|7|8)': 4,
      box: 12,
      sent: 6,
      'about-code': 20,
      'with-password': -20,
      picture: -40,
    },
  },
  tenant: {
    autocomplete: { organization: 14 },
    own: { tenant: 14 },
    label: { tenant: 16 },
  },
  other: {
    own: { spare: 40, search: 14, personal: 12, card: 30 },
    label: { spare: 60, fresh: 30, search: 14, personal: 14, card: 30 },
    type: { 'search|url|number|date': 12 },
    autocomplete: { 'name|address|postal|country|bday|sex|url': 25, 'cc-': 60 },
  },
};

/** For fields that hide what is typed: the password in force, one that is being set, or no password at all? */
export const PASSWORD_FIELD: Signals<FieldKind, FieldPlace> = {
  password: {
    shape: { field: 10, 'with-name': 14 },
    own: { password: 8, current: 40 },
    label: { password: 8, current: 40, signIn: 6 },
    autocomplete: { 'current-password': 10 },
  },
  'new-password': {
    autocomplete: { 'new-password': 28 },
    own: { fresh: 25 },
    label: { fresh: 35 },
    again: { repeat: 40 },
  },
  code: {
    autocomplete: { 'one-time-code': 26 },
    again: { check: 30, 'anyCode app': 30 },
    label: { check: 10, code: 26 },
    shape: { 'about-code': 30, box: 40 },
    own: { code: 26 },
  },
  other: {
    label: { spare: 60, network: 40, card: 40 },
    own: { network: 40, card: 40 },
    autocomplete: { 'cc-': 40 },
  },
};

/** For a form as a whole: what is it there for? */
export const FORM: Signals<FormKind, FormPlace> = {
  'sign-in': {
    button: { signIn: 12, next: 3 },
    own: { signIn: 8 },
    heading: { signIn: 8 },
    text: { remember: 6 },
    link: { reset: 8 },
    around: { reset: 5 },
    page: { signIn: 4 },
    shape: { named: 8, 'passwords-1': 6, 'current-1': 6, username: 4, 'asks-name': 8, 'passwords-1 texts-[01]': 4 },
  },
  'sign-up': {
    button: { signUp: 14 },
    own: { signUp: 8 },
    heading: { signUp: 7 },
    text: { signUp: 3 },
    around: { signUp: 3 },
    page: { signUp: 3 },
    shape: {
      'new-[1-9]': 8,
      'passwords-2 .*current-0': 8,
      'passwords-1 .*personal-[2-9]': 8,
      'personal-[1-9]': 5,
      'personal-[2-9]': 7,
    },
  },
  'change-password': {
    shape: { sets: 25 },
    button: { 'saves password': 12 },
    heading: { 'saves password': 10 },
  },
  reset: {
    button: { reset: 14 },
    heading: { reset: 12 },
    own: { reset: 12 },
    shape: { 'passwords-0': 2 },
  },
  code: {
    shape: { code: 16 },
    heading: { code: 8 },
  },
  search: {
    own: { search: 14 },
    button: { search: 14 },
    shape: { search: 14 },
  },
  payment: {
    shape: { card: 30, 'personal-[4-9]': 8 },
    button: { pay: 10 },
    own: { pay: 6 },
    heading: { pay: 6 },
  },
  contact: {
    shape: { textarea: 14 },
  },
  settings: {
    button: { saves: 30 },
    heading: { network: 12, saves: 8, binds: 8 },
    own: { network: 8 },
    text: { network: 6 },
    shape: { inside: 1, dialog: 1, unsure: 1 },
  },
  danger: {
    button: { ends: 30, pay: 10, leaves: 30 },
    heading: { ends: 10, pay: 10, leaves: 10 },
    does: { ends: 10 },
    page: { pay: 4 },
    shape: { money: 10 },
    text: { ends: 10 },
    around: { ends: 4 },
  },
  confirm: {
    button: { 'repeat password': 10 },
    heading: { confirms: 10, 'repeat password': 10 },
    around: { confirms: 8, 'repeat password': 8 },
  },
};

/** For what can be pressed: is it the form's main button, and does it go on with a sign-in? */
export const BUTTON: Signals<'main' | 'go', 'text' | 'own' | 'shape'> = {
  main: {
    text: { signIn: 6, signUp: 6, next: 6, saves: 6, ends: 6, leaves: -20, aside: -20 },
    shape: { submit: 10, button: 2, after: 3, primary: 4 },
  },
  go: {
    text: {
      signIn: 12,
      next: 8,
      signUp: -14,
      reset: -20,
      aside: -20,
      search: -12,
      pay: -20,
      saves: -60,
      ends: -60,
      leaves: -60,
    },
    shape: { submit: 8, button: 2, after: 3, primary: 3, plain: 5 },
    own: { search: -12, leaves: -60 },
  },
};
