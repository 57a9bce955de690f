// Finds the button that a sign-in would press, and what the form's main button says.
import type { Button } from './form.ts';
import { wordOf } from './matching.ts';
import { formOf, type Scene } from './scene.ts';
import { BUTTON } from './signals.ts';
import { attributes, pressText, tidy } from './texts.ts';
import { attribute, isButton, isForm, isInput, isSubmitInput, surrounds, upwards } from './tree.ts';
import { isDrawn } from './visible.ts';
import { weigh } from './weigh.ts';

interface Buttons {
  /** What a sign-in would press: it says that it signs in or goes on, or is the one button that sends the form. */
  submit: HTMLElement | undefined;
  /** What the form's main button says, whatever it is for. */
  says: string;
  /** Nothing stands behind the fields that Enter would press in place of a button that may be pressed. */
  isFree: boolean;
  all: readonly Button[];
}

/** The button of a form: inside it, or the nearest outside that says in words that it goes on. */
export function findSubmit(box: Element, scene: Scene, last: HTMLInputElement | undefined): Buttons {
  const inside = pressablesOf(box, scene);
  const found = weighButtons(inside, scene, last);
  if (found.submit) return found;
  for (const around of [...upwards(box)].slice(1, 6)) {
    const loose = scene.pressables.filter(
      (element) => !formOf(element) && !inside.includes(element) && surrounds(around, element),
    );
    const near = weighButtons(
      loose.filter((element) => saysOn(pressText(element))),
      scene,
      last,
    );
    if (near.submit) return { ...found, submit: near.submit, says: found.says || near.says };
  }
  // Where nothing else would be pressed, a link right behind the password may be what signs in.
  const isMeant = last?.type === 'password' && found.isFree;
  const link = isMeant ? scene.links.find((one) => scene.at(one) > scene.at(last) && surrounds(box, one)) : undefined;
  return link ? { ...found, submit: link, says: found.says || pressText(link) } : found;
}

/** What buttons say that have nothing to do with sending a form. */
const ASIDE = ['aside', 'reset', 'signUp'] as const;

/** Whether words sign in or go on. @param text normalised */
export const saysOn = (text: string): boolean => Boolean(wordOf('signIn', text) ?? wordOf('next', text));

/** What lies in `box` and could be pressed; of a button, what is wrapped around it and what lies in it, the button: of two, the outer one, which has the words. */
function pressablesOf(box: Element, scene: Scene): HTMLElement[] {
  const own = scene.pressables.filter((element) => {
    const owner = (element as HTMLButtonElement).form;
    return owner && isForm(box) ? owner === box : surrounds(box, element);
  });
  const around = (element: Element) => [...upwards(element)].slice(1);
  const buttons = new Set<Element>(own.filter(presses));
  const wrappers = new Set([...buttons].flatMap(around));
  return own.filter(
    (element) =>
      (buttons.has(element) || !wrappers.has(element)) && !around(element).some((outer) => buttons.has(outer)),
  );
}

const isSubmit = (element: HTMLElement): boolean =>
  isSubmitInput(element) ||
  attribute(element, 'type') === 'submit' ||
  (isButton(element) && element.type === 'submit' && Boolean(element.form));

const presses = (element: HTMLElement): boolean =>
  isButton(element) || isInput(element) || attribute(element, 'role') === 'button' || isSubmit(element);

function weighButton(element: HTMLElement, isAfter: boolean): Button {
  const own = tidy(attributes(element, 'id', 'name', 'class', 'data-testid', 'src', 'alt'));
  const says = pressText(element) || own;
  const signs = wordOf('signIn', says);
  const shape = [
    isSubmit(element) && 'submit',
    presses(element) && 'button',
    isAfter && 'after',
    /\bprimary\b|\bsubmit\b|\blogin\b/.test(own) && 'primary',
    // It says nothing but that it signs in, once or in several of its attributes.
    signs && !says.replaceAll(signs, '').trim() && 'plain',
  ];
  const { scores, reasons } = weigh(BUTTON, { text: says, own, shape: shape.join(' ') });
  return { element, says, go: scores.get('go') ?? 0, main: scores.get('main') ?? 0, reasons };
}

const best = (list: readonly Button[], by: 'go' | 'main'): Button | undefined =>
  list.toSorted((a, b) => b[by] - a[by])[0];

function weighButtons(pressables: readonly HTMLElement[], scene: Scene, last: HTMLInputElement | undefined): Buttons {
  const isAfter = (element: Element) => scene.at(element) > scene.at(last);
  const all = pressables.filter(isDrawn).map((element) => weighButton(element, isAfter(element)));
  // What is no button must say plainly that it signs in.
  const shown = all.filter(({ element, go }) => presses(element) || go >= 12);
  const senders = shown.filter(({ element, main }) => isSubmit(element) && main > 0);
  // Without a word for it only the one button that sends the form is pressed, never what merely stands there.
  const goes = shown.filter((one) => one.go >= 5 && (saysOn(one.says) || (senders.length === 1 && senders[0] === one)));
  const submit = best(goes, 'go');
  const biggest = best(shown, 'main');
  // Of a button that signs in and one that deletes what was kept, the first says what the form is for.
  const main = submit && biggest && biggest.go < -20 && isSubmit(submit.element) ? submit : biggest;
  const says = main && main.main > 0 ? main.says : '';
  return {
    submit: submit?.element,
    says,
    isFree: !shown.some(({ element, go }) => {
      const text = pressText(element);
      return (go < -40 || isAfter(element)) && text !== '' && ASIDE.every((meaning) => !wordOf(meaning, text));
    }),
    all,
  };
}
