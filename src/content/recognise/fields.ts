// Judges the fields of a form, each by itself and among the others.
import type { Field } from './form.ts';
import { isPassword, type Scene } from './scene.ts';
import { type FieldKind, type FieldPlace, PASSWORD_FIELD, TEXT_FIELD } from './signals.ts';
import { attributes, labelOf, nearOf, tidy } from './texts.ts';
import { surrounds } from './tree.ts';
import { highest, weigh } from './weigh.ts';

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

/** How much speaks for taking a field for `is`. */
export const says = (field: Field, is: FieldKind): number => field.scores.get(is) ?? 0;

/** The fields of a form by what they are taken for, and what else stands among them. */
export interface Parts {
  fields: readonly Field[];
  /** Fields that show what is typed. */
  plain: readonly Field[];
  /** Passwords of either kind; `currents` say in words that they are in force. */
  passwords: readonly Field[];
  currents: readonly Field[];
  code: readonly Field[];
  others: readonly HTMLElement[];
}

export function judgeFields(box: Element, inputs: readonly HTMLInputElement[], scene: Scene, isSent: boolean): Parts {
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
  const passwords = fields.filter(
    ({ hides: hidden, kind }) => hidden && (kind === 'password' || kind === 'new-password'),
  );
  return {
    fields,
    plain: fields.filter(({ element }) => isPlain(element)),
    passwords,
    currents: passwords.filter((field) => field.kind === 'password' && says(field, 'password') >= 50),
    code: fields.filter(({ kind }) => kind === 'code'),
    others: scene.others.filter((element) => surrounds(box, element) || (element as HTMLInputElement).form === box),
  };
}
