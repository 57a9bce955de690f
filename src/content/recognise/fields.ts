// Judges the fields of a form, each by itself and among the others.
import type { Field } from './form.ts';
import { wordOf } from './matching.ts';
import { isPassword, type Scene } from './scene.ts';
import { type FieldKind, type FieldPlace, PASSWORD_FIELD, TEXT_FIELD } from './signals.ts';
import { attributes, labelOf, nearOf, tidy } from './texts.ts';
import { rectOf, surrounds, upwards, within } from './tree.ts';
import { highest, weigh } from './weigh.ts';

const NO_PASSWORD = ['name', 'email', 'code', 'check', 'reset', 'search', 'personal'] as const;

/** Whether words name a password and nothing else. @param words normalised */
const isPasswordWord = (words: string): boolean =>
  words.length < 40 && wordOf('password', words) !== undefined && NO_PASSWORD.every((other) => !wordOf(other, words));

/** A password in a field for text: masked by its style, or shown by a "show" button, it still says what it is. */
function isRevealed(element: HTMLInputElement): boolean {
  if (!/^te(xt|l)$/.test(element.type)) return false;
  const label = tidy(labelOf(element));
  if (/\b(current|new)-password\b/.test(element.autocomplete)) return !label || isPasswordWord(label);
  const masked = getComputedStyle(element).getPropertyValue('-webkit-text-security');
  if (masked && masked !== 'none') return true;
  const own = tidy(element.name || element.id);
  const last = own.split(' ').at(-1) ?? '';
  return label ? isPasswordWord(label) : isPasswordWord(own) && last === wordOf('password', last);
}

/** Rows of four to eight fields for one character each. */
function boxesOf(inputs: readonly HTMLInputElement[]): readonly HTMLInputElement[] {
  const single = inputs.filter(
    (input) =>
      input.maxLength === 1 ||
      input.size === 1 ||
      /\b(digit|char(acter)?) ?\d\b/.test(tidy(attributes(input, 'name', 'id', 'aria-label'))) ||
      (input.inputMode === 'numeric' && rectOf(input).width < 70),
  );
  return single.length >= 4 && single.length <= 8 ? single : [];
}

/** Whether a picture to be read stands beside a field. */
function hasPicture(input: HTMLInputElement): boolean {
  for (const at of [...upwards(input)].slice(1, 4)) {
    if (within(at, 'input:not([type=hidden])').length > 1) return false;
    const [picture] = within(at, 'img, canvas');
    if (
      picture &&
      /aptcha|verif|valid|code|rand|check|blob:|data:/i.test(attributes(picture, 'src', 'id', 'class', 'alt'))
    )
      return true;
  }
  return false;
}

function judgeField(input: HTMLInputElement, shape: string, hides: boolean, follows: boolean): Field {
  const place: Record<FieldPlace, string> = {
    autocomplete: attributes(input, 'autocomplete').toLowerCase(),
    type: input.type,
    own: tidy(attributes(input, 'name', 'id', 'data-name', 'formcontrolname', 'ng-model', 'data-testid', 'data-test')),
    label: tidy(labelOf(input)),
    near: '',
    again: '',
    shape,
  };
  if (place.label === '') place.near = tidy(nearOf(input));
  if (follows) place.again = `${place.own} ${place.label} ${place.near}`;
  const { scores, reasons } = weigh(hides ? PASSWORD_FIELD : TEXT_FIELD, place);
  const [kind = 'other', score = 0] = highest(scores);
  return {
    element: input,
    kind: score >= (hides ? 1 : kind === 'code' ? 10 : 4) ? kind : 'other',
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

/** What the words of a form say of codes: it is about one, and that was sent by message. */
export interface AboutCode {
  isAbout: boolean;
  isSent: boolean;
}

export function judgeFields(
  box: Element,
  inputs: readonly HTMLInputElement[],
  scene: Scene,
  { isAbout, isSent }: AboutCode,
): Parts {
  const digits = boxesOf(inputs);
  const hides = (input: HTMLInputElement) => isPassword(input) || isRevealed(input);
  const isPlain = (input: HTMLInputElement) => !hides(input) && !digits.includes(input);
  const first = inputs.find((input) => hides(input) && !digits.includes(input));
  const before = inputs.slice(0, first ? inputs.indexOf(first) : 0).findLast(isPlain);
  const alone = inputs.filter(isPlain).length === 1;
  const fields = inputs.map((input) => {
    const isBox = digits.includes(input);
    const shape = [
      'field',
      (input.inputMode === 'numeric' || /^(tel|number)$/.test(input.type)) && 'numeric',
      /\\d|\[0-9\]/.test(input.pattern) && 'digits',
      `length-${input.maxLength}`,
      // Boxes that hide their digits may be for a PIN.
      isBox && (isAbout || !isPassword(input)) && 'box',
      input === before && 'before-password',
      alone && isPlain(input) && 'only-text',
      first ? 'with-password' : isSent && 'sent',
      inputs.length === 1 && isAbout && 'about-code',
      input === first && before && 'with-name',
      isPlain(input) && hasPicture(input) && 'picture',
    ];
    const follows = first !== undefined && input !== first && hides(input) && !isBox;
    return judgeField(input, shape.join(' '), hides(input), follows);
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
