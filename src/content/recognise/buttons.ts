// Finds the button that a sign-in would press, and what the others say.
import { wordOf } from './matching.ts';
import { formOf, type Scene } from './scene.ts';
import { BUTTON } from './signals.ts';
import { attributes, pressText, tidy } from './texts.ts';
import { isButton, isForm, isInput, parentOf, surrounds } from './tree.ts';
import { isDrawn } from './visible.ts';
import { weigh } from './weigh.ts';

interface Buttons {
  /** What a sign-in would press. */
  submit: HTMLElement | undefined;
  /** What the form's main button says, whatever it is for. */
  says: string;
  /** What the others say. */
  beside: string;
}

/** The button of a form: inside it, or the nearest outside that says in words that it goes on. */
export function findSubmit(box: Element, scene: Scene, last: HTMLInputElement | undefined): Buttons {
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
