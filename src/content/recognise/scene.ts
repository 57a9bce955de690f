// The scene: everything on a page that could be typed into or pressed, and which of it belongs together.
import { find, isButton, isDrawn, isForm, isHtml, isInput, parentOf, surrounds, upwards } from './dom.ts';
import { attributes, labelOf, pressText, tidy } from './texts.ts';
import { wordOf } from './words.ts';

export interface Scene {
  /** Fields for a line of text, shown or hidden. */
  inputs: HTMLInputElement[];
  /** Other fields: choices, boxes to tick, long texts. */
  others: HTMLElement[];
  pressables: HTMLElement[];
  /** Place of each in the order in which the page is drawn. */
  order: Map<Element, number>;
}

const TEXT_TYPES = new Set(['text', 'email', 'tel', 'number', 'search', 'url']);
const isText = (element: Element): element is HTMLInputElement => isInput(element) && TEXT_TYPES.has(element.type);
export const isPassword = (element: Element): element is HTMLInputElement =>
  isInput(element) && element.type === 'password';

/** What a person could press, buttons or not. */
function isPressable(element: Element): element is HTMLElement {
  if (!isHtml(element)) return false;
  if (isButton(element)) return element.type !== 'reset';
  if (isInput(element)) return /^(submit|image|button)$/.test(element.type);
  if (element.getAttribute('role') === 'button' || /-button$|^button-/.test(element.localName)) return true;
  if (element.localName === 'a') {
    const href = element.getAttribute('href') ?? '';
    return href === '' || href.startsWith('#') || /^javascript:/i.test(href) || element.hasAttribute('onclick');
  }
  return element.hasAttribute('onclick') || /(^|[\s_-])(btn|button|submit)/i.test(element.getAttribute('class') ?? '');
}

/** Fields that are not for people: traps for robots or password savers, by name, or out of the keyboard's reach and unnamed. */
function isTrap(element: HTMLElement): boolean {
  if (/fake|dummy|prevent|honey ?pot|decoy/i.test(attributes(element, 'name', 'id'))) return true;
  if (element.tabIndex >= 0 && element.getAttribute('aria-hidden') !== 'true') return false;
  const own = tidy(attributes(element, 'name', 'id'));
  return !/\p{L}/u.test(labelOf(element)) && !wordOf('password', own) && !wordOf('name', own) && !wordOf('email', own);
}

/** The form around a field, across shadow trees. */
export function formOf(field: Element): HTMLFormElement | undefined {
  const own = isInput(field) ? field.form : null;
  if (own) return own;
  for (const at of upwards(field)) if (isForm(at)) return at;
  return undefined;
}

const ANYTHING =
  'input, button, select, textarea, a, summary, [role=button], [onclick], [class*=btn i], [class*=button i], [class*=submit i]';

/** Everything in the document that could be typed into or pressed, and is drawn. @param trees as for `find` */
export function survey(document: Document, trees: (Document | ShadowRoot)[]): Scene {
  const scene: Scene = { inputs: [], others: [], pressables: [], order: new Map() };
  for (const [at, element] of find(document, ANYTHING, trees).entries()) {
    if (isText(element) || isPassword(element)) {
      if (isTrap(element) || !isDrawn(element)) continue;
      scene.inputs.push(element);
    } else if (isPressable(element)) {
      scene.pressables.push(element);
    } else if (/^(input|select|textarea)$/.test(element.localName) && isHtml(element)) {
      if ((element as HTMLInputElement).type === 'hidden') continue;
      scene.others.push(element);
    } else continue;
    scene.order.set(element, at);
  }
  return scene;
}

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
