// Which fields of a scene belong together.
import { wordOf } from './matching.ts';
import { formOf, isPassword, type Scene } from './scene.ts';
import { pressText } from './texts.ts';
import { isInput, parentOf, surrounds, upwards } from './tree.ts';

/** A button that belongs to a form rather than to a single field. */
const isWayOn = (element: HTMLElement): boolean => {
  const text = pressText(element);
  const submits = isInput(element) && /^(submit|image)$/.test(element.type);
  return submits || (text !== '' && !wordOf('aside', text) && !wordOf('reset', text));
};

/** Whether one form element holds several forms: a field to read stands between two to hide (ASP.NET puts whole pages into one). */
function isSeveral(inputs: readonly HTMLInputElement[]): boolean {
  const first = inputs.findIndex(isPassword);
  const last = inputs.findLastIndex(isPassword);
  return first >= 0 && inputs.slice(first, last).some((input) => !isPassword(input));
}

/** Fields that belong together: those of one form element; without one, of the smallest part of the page with a button. */
export function groups(scene: Scene): Map<Element, HTMLInputElement[]> {
  const found = new Map<Element, HTMLInputElement[]>();
  const add = (box: Element, input: HTMLInputElement) => found.set(box, [...(found.get(box) ?? []), input]);
  const byForm = Map.groupBy(scene.inputs, formOf);
  const loose: HTMLInputElement[] = [];
  for (const [form, inputs] of byForm) {
    if (form && !isSeveral(inputs)) found.set(form, inputs);
    else loose.push(...inputs);
  }
  if (loose.length === 0) return found;
  const marks = new Map<Element, { buttons: number; passwords: number; texts: number }>();
  const mark = (element: Element, what: 'buttons' | 'passwords' | 'texts') => {
    for (const at of upwards(element)) {
      const count = marks.get(at) ?? { buttons: 0, passwords: 0, texts: 0 };
      count[what]++;
      marks.set(at, count);
    }
  };
  for (const input of loose) mark(input, isPassword(input) ? 'passwords' : 'texts');
  for (const button of scene.pressables) if (isWayOn(button)) mark(button, 'buttons');
  const boxOf = (input: HTMLInputElement): Element => {
    let box: Element = input;
    for (const at of upwards(input)) {
      box = at;
      const count = marks.get(at);
      if (!count || count.buttons === 0) continue;
      // A password wants its name, if the part around has one and no second password comes along with it.
      const outer = parentOf(at);
      const around = outer && marks.get(outer);
      if (count.passwords > 0 && count.texts === 0 && around && around.passwords === count.passwords) continue;
      if (count.passwords > 0 || count.texts > 0) break;
    }
    return box;
  };
  const boxes = new Map(loose.map((input) => [input, boxOf(input)]));
  // A name whose own little part has a button (a "clear" cross) joins the password's part around it.
  const passwordBoxes = loose.filter(isPassword).map((input) => boxes.get(input) as Element);
  for (const input of loose) {
    const own = boxes.get(input) as Element;
    add(passwordBoxes.find((box) => surrounds(box, input)) ?? own, input);
  }
  return found;
}
