// Boxes and switches that keep somebody signed in, whatever they are made of: which they are, and whether they are on.
import { wordOf } from './matching.ts';
import { attributes, labelOf, nearOf, textOf, tidy } from './texts.ts';
import { hostOf, isHtml, isInput, parentOf, surrounds } from './tree.ts';
import { isDrawn } from './visible.ts';

/** Whether an element is on or off: a box to tick, a switch, a button that stays pressed, a component that is called so. */
export function isToggle(element: Element): element is HTMLElement {
  if (isInput(element)) return element.type === 'checkbox';
  return (
    isHtml(element) &&
    (element.matches('[role=switch], [role=checkbox], [aria-checked], [aria-pressed]') ||
      /-(switch|checkbox|toggle)$/.test(element.localName))
  );
}

/** What stands in and beside a box, if that is little; of one in a component, what stands in and beside that, too. */
function saysOf(toggle: Element | null): string {
  if (!toggle) return '';
  const around = textOf(parentOf(toggle)).trim();
  const own = `${labelOf(toggle)} ${attributes(toggle, 'name', 'id')} ${textOf(toggle)} ${nearOf(toggle)}`;
  return `${own} ${around.length < 60 ? around : ''} ${saysOf(hostOf(toggle.getRootNode()))}`;
}

/** Those of `others` that keep somebody signed in; of a component and the box in it, the box. */
export function staysIn(others: readonly HTMLElement[]): HTMLElement[] {
  const found = others.filter((one) => isToggle(one) && wordOf('remember', tidy(saysOf(one))));
  return found.filter((one) => !found.some((inner) => inner !== one && surrounds(one, inner)));
}

/** Whether a box or switch is on, and a person could turn it off. */
export function isOn(toggle: HTMLElement): boolean {
  const labels = isInput(toggle) ? [...(toggle.labels ?? [])] : [];
  if (![toggle, ...labels, hostOf(toggle.getRootNode())].some((one) => one && isDrawn(one))) return false;
  if (isInput(toggle)) return toggle.checked;
  const said = toggle.getAttribute('aria-checked') ?? toggle.getAttribute('aria-pressed');
  return said === null ? toggle.hasAttribute('checked') : said === 'true';
}
