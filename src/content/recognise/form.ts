// What recognition finds: a form, its fields, and why each was taken for what it is.
import type { Step } from '../../extension/page-api.ts';
import type { FieldKind, FormKind } from './signals.ts';

/** One signal that spoke, and the word that it found. */
export interface Reason {
  is: string;
  in: string;
  found: string;
  weight: number;
}

/** Something that could be pressed. */
export interface Button {
  element: HTMLElement;
  says: string;
  /** How much speaks for pressing it, and for its being what the form is sent by. */
  go: number;
  main: number;
  reasons: readonly Reason[];
}

export interface Field {
  element: HTMLInputElement;
  kind: FieldKind;
  /** Hides what is typed, or did until somebody pressed "show". */
  hides: boolean;
  scores: ReadonlyMap<FieldKind, number>;
  reasons: readonly Reason[];
}

/** What a form is there for, and what in it would be filled and pressed. */
export interface Form {
  kind: FormKind | 'other';
  /** What a sign-in would do here: give the name, the password, both, or a code; undefined leaves the form alone. */
  step: Step | undefined;
  /** The form element, or the smallest part of the page that holds the fields and a button. */
  box: Element;
  fields: readonly Field[];
  name: HTMLInputElement | undefined;
  password: HTMLInputElement | undefined;
  /** Places for a password that is being set; never for the one in force. */
  newPasswords: readonly HTMLInputElement[];
  /** One box, or one for each digit. */
  code: readonly HTMLInputElement[];
  /** The code comes by message or e-mail: the phone does not have it. */
  codeIsSent: boolean;
  tenant: HTMLInputElement | HTMLSelectElement | undefined;
  /** Boxes that keep somebody signed in. */
  remember: readonly HTMLElement[];
  submit: HTMLElement | undefined;
  /** Whether a sign-in sends it: not where a site asks again for the password of somebody who is in. */
  sends: boolean;
  /** What could be pressed, with what was weighed. */
  buttons: readonly Button[];
  score: number;
  reasons: readonly Reason[];
}
