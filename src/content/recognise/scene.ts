// The scene: everything on a page that could be typed into or pressed.
import { wordOf } from './matching.ts';
import { isToggle } from './stay.ts';
import { attributes, labelOf, pressText, tidy } from './texts.ts';
import { attribute, find, isButton, isForm, isHtml, isInput, matches, own, upwards } from './tree.ts';
import { isDrawn } from './visible.ts';

export interface Scene {
  /** Fields for a line of text, shown or hidden. */
  inputs: HTMLInputElement[];
  /** Other fields: choices, boxes to tick, long texts. */
  others: HTMLElement[];
  pressables: HTMLElement[];
  /** Links to an address of this site that say that they sign in. */
  links: HTMLElement[];
  /** Something leads out: whoever sees this page is signed in. */
  isInside: boolean;
  /** Place of each in the order in which the page is drawn; 0 for what is none of them. */
  at: (element: Element | undefined) => number;
}

const isText = (element: Element): element is HTMLInputElement =>
  isInput(element) && /^(text|email|tel|number|search|url)$/.test(element.type);
export const isPassword = (element: Element): element is HTMLInputElement =>
  isInput(element) && element.type === 'password';

/** What a person could press, buttons or not. */
export function isPressable(element: Element): element is HTMLElement {
  if (!isHtml(element)) return false;
  if (isButton(element)) return element.type !== 'reset';
  if (isInput(element)) return /^(submit|image|button)$/.test(element.type);
  if (matches(element, '[role=button], [onclick]') || /-button$|^button-/.test(element.localName)) return true;
  return element.localName === 'a'
    ? /^($|#|javascript:)/i.test(attributes(element, 'href'))
    : /(^|[\s_-])(btn|button|submit)/i.test(attributes(element, 'class'));
}

/** Whether a link to another page of this site says that it signs in, and nothing else: a script may take its click. */
export function isSignInLink(element: Element): element is HTMLAnchorElement {
  const { localName, origin } = element as HTMLAnchorElement;
  if (localName !== 'a' || origin !== window.origin || element.closest('nav, header')) return false;
  const says = pressText(element);
  return says !== '' && wordOf('signIn', says) === says;
}

/** Whether a button or a link signs out. */
const leadsOut = (element: Element): boolean =>
  own(element, 'textContent').length < 40 &&
  (/(log|sign)[-_]?out/i.test(attributes(element, 'href')) || wordOf('leaves', pressText(element)) !== undefined);

/** Fields that are not for people: traps for robots or password savers, by name, or out of the keyboard's reach and unnamed. */
function isTrap(element: HTMLElement): boolean {
  if (/fake|dummy|prevent|honey|decoy/i.test(attributes(element, 'name', 'id'))) return true;
  if (element.tabIndex >= 0 && attribute(element, 'aria-hidden') !== 'true') return false;
  const own = tidy(attributes(element, 'name', 'id'));
  return !(/\p{L}/u.test(labelOf(element)) || wordOf('password', own) || wordOf('name', own) || wordOf('email', own));
}

/** The form of a field or button, or else around it, across shadow trees. */
export function formOf(field: Element): HTMLFormElement | undefined {
  const own = isInput(field) || isButton(field) ? field.form : null;
  return own ?? [...upwards(field)].find(isForm);
}

const ANYTHING =
  'input, button, select, textarea, a, summary, [role=button], [aria-checked], [aria-pressed], [onclick], [class*=btn i], [class*=button i], [class*=submit i]';

/** Everything in the document that could be typed into or pressed, and is drawn. @param trees as for `find` */
export function survey(document: Document, trees: (Document | ShadowRoot)[]): Scene {
  const order = new Map<Element | undefined, number>();
  const at: Scene['at'] = (element) => order.get(element) ?? 0;
  const scene: Scene = { inputs: [], others: [], pressables: [], links: [], isInside: false, at };
  for (const [place, element] of find(document, ANYTHING, trees).entries()) {
    if (isText(element) || isPassword(element)) {
      if (isTrap(element) || !isDrawn(element)) continue;
      scene.inputs.push(element);
    } else if (isToggle(element)) {
      scene.others.push(element);
    } else if (isPressable(element)) {
      scene.isInside ||= leadsOut(element);
      scene.pressables.push(element);
    } else if (isSignInLink(element)) {
      scene.links.push(element);
    } else if (/^(input|select|textarea)$/.test(element.localName) && isHtml(element)) {
      if ((element as HTMLInputElement).type === 'hidden') continue;
      scene.others.push(element);
    } else {
      scene.isInside ||= element.localName === 'a' && leadsOut(element);
      continue;
    }
    order.set(element, place);
  }
  return scene;
}
