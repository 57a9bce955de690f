// What elements say to people, as text that the vocabulary can be matched against.
import { normalise } from '../../extension/spelling.ts';
import { attribute, hostOf, isForm, isHtml, isInput, matches, own, upwards, within } from './tree.ts';

/** The values of some attributes, one after the other. */
export const attributes = (element: Element, ...names: string[]): string =>
  names.map((name) => attribute(element, name) ?? '').join(' ');

/** What is no text to read. */
const SILENT = 'script, style, template';

/** Text of an element, `length` words of it or so; scripts and styles are not text. */
export const textOf = (element: Element | null | undefined, length = 200): string => {
  if (!element) return '';
  if (!within(element, SILENT)[0]) return own(element, 'textContent').slice(0, length * 4);
  return [...own(element, 'childNodes')]
    .map((node) =>
      'matches' in node ? (matches(node as Element, SILENT) ? '' : textOf(node as Element, length)) : node.textContent,
    )
    .join(' ')
    .slice(0, length * 4);
};

/** `text` as the vocabulary is matched against it, cut to `length` characters first. */
export const tidy = (text: string, length = 300): string =>
  normalise(text.replace(/\s+/g, ' ').slice(0, length)).trim();

/** The labels that a field has, if it can have any. */
export const labelsOf = (field: Element): HTMLLabelElement[] => [...((field as HTMLInputElement).labels ?? [])];

/** What names a field to people: its labels, placeholder and ARIA texts, its host's where it lies in a component. */
export function labelOf(field: Element): string {
  const root = field.getRootNode() as Document | ShadowRoot;
  const ids = attributes(field, 'aria-labelledby', 'aria-describedby').split(/\s+/).filter(Boolean);
  const outer = hostOf(root);
  const host = outer ? attributes(outer, 'label', 'placeholder', 'aria-label', 'name') : '';
  return [
    attributes(field, 'placeholder', 'aria-label', 'title', 'alt', 'data-placeholder'),
    ...labelsOf(field).map((label) => textOf(label)),
    ...ids.map((id) => textOf(root.getElementById(id))),
    host,
  ].join(' ');
}

/** The nearest text before a field that has no other field in between: labels that are not marked as such. */
export function nearOf(field: Element): string {
  for (const at of [...upwards(field)].slice(0, 4)) {
    if (isForm(at)) return '';
    for (let before = at.previousSibling; before; before = own(before, 'previousSibling')) {
      if (isHtml(before)) {
        if (matches(before, 'input, select, textarea, button, :has(input)')) return '';
        if (matches(before, `${SILENT}, i, svg`)) continue;
      }
      const text = own(before, 'textContent')?.trim();
      if (text) return text.slice(0, 80);
    }
  }
  return '';
}

const HEADINGS = 'h1, h2, h3, h4, h5, h6';

/** The heading inside a part of the page, or else the nearest before it. */
export const headingOf = (box: Element): string => {
  const inside = within(box, `${HEADINGS}, legend, [role=heading], caption, th[colspan]`);
  if (inside.length > 0) return inside.map((one) => textOf(one, 20)).join(' ');
  for (const at of [...upwards(box)].slice(0, 5)) {
    for (let before = own(at, 'previousElementSibling'); before; before = own(before, 'previousElementSibling')) {
      const heading = matches(before, HEADINGS) ? before : within(before, HEADINGS)[0];
      if (heading) return textOf(heading, 20);
    }
  }
  return attributes(box, 'aria-label', 'title');
};

/** What a button says. */
export function pressText(element: Element): string {
  const label = [
    textOf(element, 30),
    isInput(element) ? element.value : '',
    attributes(element, 'aria-label', 'title', 'alt', 'label', 'value'),
  ].join(' ');
  // Form libraries draw two Chinese characters apart.
  return tidy(label, 120).replace(/(?<![^ ])(\p{Script=Han}) (\p{Script=Han})(?![^ ])/gu, '$1$2');
}
