// Which fields of a scene belong together.
import { wordOf } from './matching.ts';
import { formOf, isPassword, type Scene } from './scene.ts';
import { pressText } from './texts.ts';
import { isButton, isForm, isInput, isSubmitInput, parentOf, surrounds, upwards } from './tree.ts';

/** A button that belongs to a form rather than to a single field. */
const isWayOn = (element: HTMLElement): boolean => {
  const text = pressText(element);
  return isSubmitInput(element) || (text !== '' && !wordOf('aside', text) && !wordOf('reset', text));
};

/** Whether one form element holds several forms: a field to read stands between two to hide (ASP.NET puts whole pages into one). */
function isSeveral(inputs: readonly HTMLInputElement[]): boolean {
  const first = inputs.findIndex(isPassword);
  const last = inputs.findLastIndex(isPassword);
  return first >= 0 && inputs.slice(first, last).some((input) => !isPassword(input));
}

/** Whether something that sends a form stands before its first field but one, or between others: a whole page in one form again. */
function hasOtherSenders(form: HTMLFormElement, inputs: readonly HTMLInputElement[], scene: Scene): boolean {
  if (inputs.filter(isPassword).length !== 1) return false;
  const { at } = scene;
  const last = inputs.at(-1);
  const senders = scene.pressables.filter(
    (one) => (isInput(one) || isButton(one)) && one.form === form && one.type !== 'button' && isWayOn(one),
  );
  return (
    senders.some((one) => inputs[0] && last && at(one) > at(inputs[0]) && at(one) < at(last)) && senders.length > 1
  );
}

/** A name alone in one form, and the password alone in the next: one sign-in, in the smallest part of the page around both. */
function joined(found: Map<Element, HTMLInputElement[]>, scene: Scene): Map<Element, HTMLInputElement[]> {
  const boxes = [...found];
  for (const [index, [box, inputs]] of boxes.entries()) {
    const [before, names] = boxes[index - 1] ?? [];
    const [name] = names ?? [];
    const sends = scene.pressables.some((one) => before && formOf(one) === before && isWayOn(one));
    if (!before || !name || names?.length !== 1 || isPassword(name) || sends || !isForm(before)) continue;
    if (inputs.length !== 1 || !inputs.every(isPassword)) continue;
    const around = [...upwards(before)].find((one) => surrounds(one, box));
    if (!around) continue;
    found.delete(before);
    found.delete(box);
    found.set(around, [name, ...inputs]);
  }
  return found;
}

/** Fields that belong together: those of one form element; without one, of the smallest part of the page with a button. */
export function groups(scene: Scene): Map<Element, HTMLInputElement[]> {
  const found = new Map<Element, HTMLInputElement[]>();
  const add = (box: Element, input: HTMLInputElement) => found.set(box, [...(found.get(box) ?? []), input]);
  const byForm = Map.groupBy(scene.inputs, formOf);
  const loose: HTMLInputElement[] = [];
  for (const [form, inputs] of byForm) {
    if (form && !isSeveral(inputs) && !hasOtherSenders(form, inputs, scene)) found.set(form, inputs);
    else loose.push(...inputs);
  }
  if (loose.length === 0) return joined(found, scene);
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
  return joined(found, scene);
}
