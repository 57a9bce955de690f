// Recognition: one pure function from a document to what it asks for. Where to add what: a word in words.ts, a signal with
// its weight in signals.ts, a kind of form or a step of a sign-in in `settle` below.
import type { Step } from '../../extension/page-api.ts';
import { isButton, isDrawn, isForm, isInput, isSelect, parentOf, surrounds } from './dom.ts';
import { formOf, groups, isPassword, type Scene, survey } from './scene.ts';
import {
  BUTTON,
  type FieldKind,
  type FieldPlace,
  FORM,
  type FormKind,
  type FormPlace,
  PASSWORD_FIELD,
  type Signal,
  TEXT_FIELD,
} from './signals.ts';
import { attributes, headingOf, labelOf, nearOf, pressText, textOf, tidy } from './texts.ts';
import { wordOf } from './words.ts';

/** One signal that spoke, and the word that it found. */
export interface Reason {
  is: string;
  in: string;
  found: string;
  weight: number;
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
  fresh: readonly HTMLInputElement[];
  /** One box, or one for each digit. */
  code: readonly HTMLInputElement[];
  /** The code comes by message or e-mail: the phone does not have it. */
  codeIsSent: boolean;
  tenant: HTMLInputElement | HTMLSelectElement | undefined;
  /** Boxes that keep somebody signed in. */
  remember: readonly HTMLElement[];
  submit: HTMLElement | undefined;
  score: number;
  reasons: readonly Reason[];
}

/** Sums what `signals` find in `texts`, by kind. */
function weigh<Kind extends string, Place extends string>(
  signals: readonly Signal<Kind, Place>[],
  texts: Record<Place, string>,
): { scores: ReadonlyMap<Kind, number>; reasons: Reason[] } {
  const scores = new Map<Kind, number>();
  const reasons: Reason[] = [];
  for (const { is, in: place, has, weight } of signals) {
    const text = texts[place];
    if (!text) continue;
    const found = typeof has === 'string' ? wordOf(has, text) : has.exec(text)?.[0];
    if (found === undefined) continue;
    scores.set(is, (scores.get(is) ?? 0) + weight);
    reasons.push({ is, in: place, found, weight });
  }
  return { scores, reasons };
}

const highest = <Kind>(scores: ReadonlyMap<Kind, number>): { kind: Kind; score: number } | undefined =>
  [...scores].map(([kind, score]) => ({ kind, score })).sort((a, b) => b.score - a.score)[0];

/** A hidden password that a "show" button turned into text still says what it is. */
const isRevealed = (element: HTMLInputElement): boolean =>
  element.type === 'text' &&
  (/\bcurrent-password\b/.test(element.autocomplete) ||
    /^(user|login|j)?[ _-]?(password|passwd|pwd|pass)$/i.test(element.name || element.id));

const shapeOf = (input: HTMLInputElement): string[] => {
  const shape: string[] = ['field'];
  const { maxLength, inputMode, pattern } = input;
  if (inputMode === 'numeric' || input.type === 'tel' || input.type === 'number') shape.push('numeric');
  if (/\\d|\[0-9\]/.test(pattern)) shape.push('digits');
  if (maxLength > 0) shape.push(`length-${maxLength}`);
  return shape;
};

/** Rows of four to eight fields for one character each. */
function boxesOf(inputs: readonly HTMLInputElement[]): readonly HTMLInputElement[] {
  const single = inputs.filter(
    (input) =>
      input.maxLength === 1 ||
      input.size === 1 ||
      /\b(digit|char|character) ?\d\b/.test(
        tidy(`${input.name} ${input.id} ${input.getAttribute('aria-label') ?? ''}`),
      ) ||
      (input.inputMode === 'numeric' && input.getBoundingClientRect().width < 70),
  );
  return single.length >= 4 && single.length <= 8 ? single : [];
}

/** Whether a picture to be read stands beside a field. */
function hasPicture(input: HTMLInputElement): boolean {
  let at: Element | null = input.parentElement;
  for (let level = 0; level < 3 && at; level++, at = at.parentElement) {
    if (at.querySelectorAll('input:not([type=hidden])').length > 1) return false;
    const picture = at.querySelector('img, canvas');
    if (
      picture &&
      /captcha|verif|valid|code|rand|kaptcha|check|blob:|data:/i.test(attributes(picture, 'src', 'id', 'class', 'alt'))
    )
      return true;
  }
  return false;
}

function judgeField(input: HTMLInputElement, shape: readonly string[], hides: boolean): Field {
  const place: Record<FieldPlace, string> = {
    autocomplete: (input.getAttribute('autocomplete') ?? '').toLowerCase(),
    type: input.type,
    own: tidy(attributes(input, 'name', 'id', 'data-name', 'formcontrolname', 'ng-model', 'data-testid', 'data-test')),
    label: tidy(labelOf(input), 300),
    near: '',
    shape: shape.join(' '),
  };
  if (place.label === '') place.near = tidy(nearOf(input));
  const { scores, reasons } = weigh(hides ? PASSWORD_FIELD : TEXT_FIELD, place);
  const best = highest(scores);
  return {
    element: input,
    kind: best && best.score >= (hides ? 1 : best.kind === 'code' ? 9 : 4) ? best.kind : 'other',
    hides,
    scores,
    reasons,
  };
}

interface Buttons {
  /** What a sign-in would press. */
  submit: HTMLElement | undefined;
  /** What the form's main button says, whatever it is for. */
  says: string;
  /** What the others say. */
  beside: string;
}

/** The button of a form: inside it, or the nearest outside that says in words that it goes on. */
function findSubmit(box: Element, scene: Scene, last: HTMLInputElement | undefined): Buttons {
  const inside = pressablesOf(box, scene);
  const found = weighButtons(inside, scene, last);
  if (found.submit) return found;
  let outer = parentOf(box);
  for (let level = 0; level < 5 && outer; level++, outer = parentOf(outer)) {
    const around = outer;
    const loose = scene.pressables.filter(
      (element) => !formOf(element) && !inside.includes(element) && surrounds(around, element),
    );
    const near = weighButtons(
      loose.filter((element) => wordOf('signIn', pressText(element)) || wordOf('next', pressText(element))),
      scene,
      last,
    );
    if (near.submit) return { submit: near.submit, says: found.says || near.says, beside: found.beside };
  }
  return found;
}

const pressablesOf = (box: Element, scene: Scene): HTMLElement[] =>
  scene.pressables.filter((element) => {
    const owner = (element as HTMLButtonElement).form;
    return owner && isForm(box) ? owner === box : surrounds(box, element);
  });

function weighButtons(pressables: readonly HTMLElement[], scene: Scene, last: HTMLInputElement | undefined): Buttons {
  const at = last ? (scene.order.get(last) ?? 0) : 0;
  const all: string[] = [];
  let best: { element: HTMLElement; score: number } | undefined;
  let main: { says: string; score: number } | undefined;
  for (const element of pressables) {
    const text = pressText(element);
    const own = tidy(attributes(element, 'id', 'name', 'class', 'data-testid', 'src', 'alt'), 200);
    const isSubmit = isInput(element)
      ? /^(submit|image)$/.test(element.type)
      : element.getAttribute('type') === 'submit' ||
        (isButton(element) && element.type === 'submit' && Boolean(element.form));
    const presses = isButton(element) || element.getAttribute('role') === 'button' || isSubmit;
    const shape = [
      isSubmit && 'submit',
      presses && 'button',
      (scene.order.get(element) ?? 0) > at && 'after',
      /\bprimary\b|\bsubmit\b|\blogin\b/.test(own) && 'primary',
    ].filter(Boolean);
    const { scores } = weigh(BUTTON, { text: text || own, shape: shape.join(' ') });
    if (!isDrawn(element)) continue;
    const score = scores.get('go') ?? 0;
    const weight = scores.get('main') ?? 0;
    if (presses || score >= 12) {
      all.push(text || own);
      if (weight > 0 && (!main || weight > main.score)) main = { says: text || own, score: weight };
    }
    // What is no button must say plainly that it signs in.
    if (score >= (presses ? 5 : 12) && (!best || score > best.score)) best = { element, score };
  }
  const says = main?.says ?? '';
  return { submit: best?.element, says, beside: all.filter((one) => one !== says).join(' | ') };
}

const typed = (element: HTMLElement): string => (element as HTMLInputElement).type;
const says = (field: Field, is: FieldKind): number => field.scores.get(is) ?? 0;

/** The fields of a form by what they are taken for, and what else stands among them. */
interface Parts {
  fields: readonly Field[];
  /** Fields that show what is typed. */
  plain: readonly Field[];
  /** Passwords of either kind; `currents` say in words that they are in force. */
  passwords: readonly Field[];
  currents: readonly Field[];
  code: readonly Field[];
  others: readonly HTMLElement[];
}

function judgeFields(box: Element, inputs: readonly HTMLInputElement[], scene: Scene, isSent: boolean): Parts {
  const digits = boxesOf(inputs);
  const hides = (input: HTMLInputElement) => isPassword(input) || isRevealed(input);
  const isPlain = (input: HTMLInputElement) => !hides(input) && !digits.includes(input);
  const first = inputs.find((input) => hides(input) && !digits.includes(input));
  const before = inputs.slice(0, first ? inputs.indexOf(first) : 0).findLast(isPlain);
  const alone = inputs.filter(isPlain).length === 1;
  const fields = inputs.map((input) => {
    const shape = shapeOf(input);
    if (digits.includes(input)) shape.push('box');
    if (input === before) shape.push('before-password');
    if (alone && isPlain(input)) shape.push('only-text');
    if (first) shape.push('with-password');
    if (isSent && !first) shape.push('sent');
    if (isPlain(input) && hasPicture(input)) shape.push('picture');
    return judgeField(input, shape, hides(input));
  });
  const passwords = fields.filter(({ hides: hidden, kind }) => hidden && (kind === 'password' || kind === 'fresh'));
  return {
    fields,
    plain: fields.filter(({ element }) => isPlain(element)),
    passwords,
    currents: passwords.filter((field) => field.kind === 'password' && says(field, 'password') >= 50),
    code: fields.filter(({ kind }) => kind === 'code'),
    others: scene.others.filter((element) => surrounds(box, element) || (element as HTMLInputElement).form === box),
  };
}

/** What a form consists of, in words that signals look for. */
function shapeOfForm(box: Element, { fields, plain, passwords, currents, code, others }: Parts): string {
  const [only] = fields.length === 1 ? fields : [];
  const asksName =
    only?.kind === 'name' && only.reasons.some(({ in: place, found }) => place === 'label' && wordOf('name', found));
  const tokens = (pattern: RegExp) => (field: Field) => pattern.test(field.element.autocomplete);
  const isPersonal = ({ reasons }: Field) => reasons.some(({ is }) => is === 'other');
  const isCard = ({ reasons }: Field) =>
    reasons.some(({ is, in: place, weight }) => is === 'other' && weight >= 30 && place !== 'type');
  const isCurrent = currents.length > 0 || passwords.some(tokens(/current-password/));
  return [
    `passwords-${passwords.length} texts-${plain.length}`,
    `fresh-${fields.filter(({ kind }) => kind === 'fresh').length}`,
    `current-${isCurrent ? 1 : 0}`,
    passwords.length >= 3 || (passwords.length === 2 && currents.length > 0) ? 'sets' : '',
    fields.some(tokens(/\busername\b/)) ? 'username' : '',
    asksName ? 'asks-name' : '',
    `personal-${fields.filter(isPersonal).length}`,
    code.length > 0 ? 'code' : '',
    fields.some(isCard) ? 'card' : '',
    others.some((element) => element.localName === 'textarea' && isDrawn(element)) ? 'textarea' : '',
    fields.some(({ element }) => element.type === 'search') || box.getAttribute('role') === 'search' ? 'search' : '',
  ].join(' ');
}

function judgeForm(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Form {
  // "We sent you a code" mostly stands above the form.
  const isSent = wordOf('sent', tidy(textOf(parentOf(box) ?? box, 400), 800)) !== undefined;
  const parts = judgeFields(box, inputs, scene, isSent);
  const { fields, code, others } = parts;
  const buttons = findSubmit(box, scene, inputs.at(-1));
  const place: Record<FormPlace, string> = {
    button: buttons.says,
    beside: buttons.beside,
    own: tidy(attributes(box, 'id', 'name', 'class', 'action', 'aria-label', 'data-testid'), 300),
    heading: tidy(headingOf(box), 300),
    text: tidy(textOf(box, 400), 1500),
    link: tidy([...box.querySelectorAll('a, button')].map((link) => textOf(link, 20)).join(' '), 500),
    shape: shapeOfForm(box, parts),
    page: tidy(`${box.ownerDocument.title} ${box.ownerDocument.location.pathname}`, 200),
  };
  const { scores, reasons } = weigh(FORM, place);
  const own = (element: Element) => tidy(`${labelOf(element)} ${attributes(element, 'name', 'id')}`);
  const best = highest(scores);
  const form: Form = {
    kind: best && best.score >= 8 ? best.kind : 'other',
    step: undefined,
    box,
    fields,
    name: undefined,
    password: undefined,
    fresh: [],
    code: code.map(({ element }) => element),
    codeIsSent:
      isSent ||
      wordOf('sent', place.text) !== undefined ||
      code.some(({ element }) => /\b(e ?mail|sms|phone|mobile)\b/.test(own(element))),
    tenant:
      fields.find(({ kind }) => kind === 'tenant')?.element ??
      others.filter(isSelect).find((select) => wordOf('tenant', own(select))),
    remember: others.filter(
      (box) => typed(box) === 'checkbox' && wordOf('remember', `${own(box)} ${tidy(nearOf(box))}`),
    ),
    submit: buttons.submit,
    score: best?.score ?? 0,
    reasons,
  };
  return settle(form, parts, (kind) => scores.get(kind) ?? 0);
}

/** Settles which password and which name are meant, and what a sign-in would do here. */
function settle(form: Form, { fields, plain, passwords, currents }: Parts, score: (kind: FormKind) => number): Form {
  const { kind } = form;
  const elements = (list: readonly Field[]) => list.map(({ element }) => element);
  const [password] = passwords;
  if (passwords.length >= 3 || (passwords.length === 2 && currents.length > 0)) {
    const current = currents[0] ?? passwords.find((field) => field.kind !== 'fresh');
    const signsUp = kind === 'sign-up' && currents.length === 0;
    return {
      ...form,
      kind: signsUp ? 'sign-up' : 'change-password',
      password: current?.element,
      fresh: elements(passwords.filter((field) => field !== current)),
    };
  }
  // Two that both say nothing, under a button that signs in: a field and its twin for showing what was typed.
  const twins = kind === 'sign-in' && passwords.every((field) => field.kind !== 'fresh');
  if (passwords.length === 2 && !twins) return { ...form, fresh: elements(passwords) };
  if (password) {
    // A sign-in form that asks browsers not to fill it says "new"; then its button has to say what it is.
    const isFresh = password.kind === 'fresh';
    const said = form.reasons.some(({ is, in: at }) => is === 'sign-in' && (at === 'button' || at === 'heading'));
    const sets = isFresh ? kind !== 'sign-in' || !said : score('sign-in') < score('sign-up');
    if (sets || (kind !== 'sign-in' && score('sign-in') + 4 < form.score)) {
      const isNew = isFresh || kind === 'sign-up' || kind === 'reset' || kind === 'change-password';
      return { ...form, fresh: isNew ? [password.element] : [] };
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

const RANK: Record<Step, number> = { 'sign-in': 3, password: 2, name: 1, code: 2 };

/**
 * What a document asks for, form by form, the one that a sign-in should take up first. Pure: looks and changes nothing.
 * @param document whose light DOM, shadow trees and frames of the same origin are looked through
 * @param trees takes up the trees that were looked through
 */
export function recognise(document: Document, trees: (Document | ShadowRoot)[] = []): Form[] {
  const scene = survey(document, trees);
  const forms = [...groups(scene)].map(([box, inputs]) => judgeForm(box, inputs, scene));
  // A checkout asks for an address to write to, too.
  const pays = forms.some(({ kind }) => kind === 'payment');
  return forms
    .map((form) => (pays && form.step === 'name' ? { ...form, step: undefined } : form))
    .sort((a, b) => (b.step ? RANK[b.step] * 100 : 0) + b.score - (a.step ? RANK[a.step] * 100 : 0) - a.score);
}
