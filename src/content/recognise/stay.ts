// Boxes and switches that keep somebody signed in, whatever they are made of: which they are, and whether they are on.
import { wordOf } from './matching.ts';
import { attributes, labelOf, labelsOf, nearOf, textOf, tidy } from './texts.ts';
import { attribute, hostOf, isHtml, isInput, matches, own, parentOf, surrounds } from './tree.ts';
import { isDrawn } from './visible.ts';

/** Whether an element is on or off: a box to tick, a switch, a button that stays pressed, a component that is called so. */
export function isToggle(element: Element): element is HTMLElement {
  if (isInput(element)) return element.type === 'checkbox';
  return (
    isHtml(element) &&
    (matches(element, '[aria-checked]:not([role*=radio]), [aria-pressed]:not([type=submit])') ||
      /-(switch|checkbox|toggle)$/.test(element.localName))
  );
}

/** What names a box; of one without a name that stands alone, what little stands beside it; of one in a component, what names that, too. */
function saysOf(toggle: Element | null): string {
  if (!toggle) return '';
  const said = `${labelOf(toggle)} ${textOf(toggle)}`;
  const parent = parentOf(toggle);
  const around = textOf(parent).trim();
  const isAlone = ![...(parent ? own(parent, 'children') : [])].some((one) => one !== toggle && isToggle(one));
  const beside = !said.trim() && isAlone ? `${nearOf(toggle)} ${around.length < 60 ? around : ''}` : '';
  return `${said} ${attributes(toggle, 'name', 'id')} ${beside} ${saysOf(hostOf(toggle.getRootNode()))}`;
}

/** Those of `others` that keep somebody signed in; of a component and the box in it, the box. */
export function staysIn(others: readonly HTMLElement[]): HTMLElement[] {
  const found = others.filter((one) => isToggle(one) && wordOf('remember', tidy(saysOf(one))));
  return found.filter((one) => !found.some((inner) => inner !== one && surrounds(one, inner)));
}

/** Whether a box or switch is on, and a person could turn it off. */
export function isOn(toggle: HTMLElement): boolean {
  if (toggle.closest(':disabled, [disabled], [aria-disabled=true]')) return false;
  if (![toggle, ...labelsOf(toggle), hostOf(toggle.getRootNode())].some((one) => one && isDrawn(one))) return false;
  if (isInput(toggle)) return toggle.checked;
  const said = attribute(toggle, 'aria-checked') ?? attribute(toggle, 'aria-pressed');
  return said === null ? attribute(toggle, 'checked') !== null : said === 'true';
}
