// What a person at the screen sees of a field right now. Looks, and changes nothing but how far the page is scrolled.
import { isPaintedOver } from './paint-order.ts';
import { closest, find, isHtml, own, rectOf, surrounds, upwards, within } from './tree.ts';
import { type Box, clipped, groundOf, hasBody, isDrawn, isRendered } from './visible.ts';

const POINTS = [
  [0.5, 0.5],
  [0.1, 0.5],
  [0.9, 0.5],
  [0.5, 0.2],
  [0.5, 0.8],
] as const;

/** The pseudo-elements that an element has. */
const pseudos = (element: Element): string[] =>
  ['::before', '::after'].filter((one) => !/^(none|normal)$/.test(getComputedStyle(element, one).content));

/** Whether an element, or what it generates, draws a line around itself or a ground below itself. */
const hasOutline = (element: Element): boolean =>
  [undefined, ...pseudos(element)].some(
    (one) => groundOf(element, one) >= 0.5 || getComputedStyle(element, one).borderWidth !== '0px',
  );

/** What an element may paint besides its letters. */
const PAINT =
  'borderWidth boxShadow textShadow filter backdropFilter outlineStyle textDecorationLine webkitTextStrokeWidth';

/** Whether an element paints nothing but letters. */
function isClear(element: Element): boolean {
  const style = getComputedStyle(element) as unknown as Record<string, string | undefined>;
  const isPlain = PAINT.split(' ').every((name) => /^(none|0px)?$/.test(style[name] ?? ''));
  return isPlain && groundOf(element) === 0 && pseudos(element).length === 0;
}

/** Whether an element is a few words that lie on a field and reach no further: a label that floats, an element for a placeholder. */
function areWords(element: Element, field: Element): boolean {
  const [words, box] = [rectOf(element), rectOf(field)];
  const isWithin = words.left >= box.left - 8 && words.right <= box.right + 8 && words.bottom <= box.bottom + 8;
  const text = own(element, 'textContent');
  return (
    isHtml(element) &&
    isWithin &&
    words.top >= box.top - box.height &&
    text.length < 80 &&
    !/[\u2500-\u25ff\u2800-\u28ff]/.test(text)
  );
}

/** Whether a label floats over its own field. */
function isLabelOf(element: Element, field: Element): boolean {
  const label = closest(element, 'label') as HTMLLabelElement | undefined;
  return label?.control === field && !label.contains(field);
}

/**
 * Boxes of what lies over `field` though the pointer goes through it, and how much each hides: a hit test alone would not see such a cover.
 * @param mayRest words that lie on the field are none
 */
function veils(field: HTMLElement, mayRest: boolean): (Box & { ground: number })[] {
  const box = rectOf(field);
  const modal = closest(field, ':modal');
  const letsThrough = (element: Element) =>
    getComputedStyle(element).pointerEvents === 'none' ||
    closest(element, '[inert]') ||
    (modal !== undefined && !surrounds(modal, element));
  return find(field.ownerDocument, '*').flatMap((element) => {
    if (!isHtml(element) || own(element, 'ownerDocument') !== field.ownerDocument) return [];
    if (surrounds(element, field) || surrounds(field, element)) return [];
    const other = clipped(element, /^(hidden|auto|scroll)$/);
    const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (width <= 0 || height <= 0 || width * height < box.width * box.height * 0.3) return [];
    if (isLabelOf(element, field) || (mayRest && areWords(element, field))) return [];
    const ground = groundOf(element);
    const hides = isRendered(element) && letsThrough(element) && ground > 0 && hasBody(element);
    return hides && isPaintedOver(element, field) ? [{ ...other, ground }] : [];
  });
}

/** What takes the pointer at a point of `element`'s tree, topmost first. Of a shadow tree not all browsers tell what lies further down. */
function stackAt(element: Element, x: number, y: number): Element[] {
  const root = element.getRootNode() as Document | ShadowRoot;
  const top = root.elementFromPoint(x, y);
  return root === element.ownerDocument ? root.elementsFromPoint(x, y) : top ? [top] : [];
}

/** Whether `element` is on top at three of five points of its box. @param mayRest as for `veils` */
function isOnTop(element: HTMLElement, mayRest: boolean): boolean {
  const box = rectOf(element);
  const covers = veils(element, mayRest);
  const free = POINTS.filter(([across, down]) => {
    const [x, y] = [box.left + box.width * across, box.top + box.height * down];
    // Many thin veils hide as much as a thick one.
    const over = covers.filter(({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom);
    if (over.reduce((light, { ground }) => light * (1 - ground), 1) <= 0.5) return false;
    const isOver = (hit: Element) => hasBody(hit) && !(areWords(hit, element) && (mayRest || isClear(hit)));
    const hit = stackAt(element, x, y).find((one) => element.contains(one) || isOver(one));
    return hit && (element.contains(hit) || isLabelOf(hit, element));
  });
  return free.length >= 3;
}

/** Whether a box that is not much larger is drawn around a field that itself is not: it will stand there once it is entered. */
export function hasPlace(field: Element): boolean {
  const { width, height } = rectOf(field);
  for (const at of upwards(field)) {
    const box = rectOf(at);
    if (box.width > width + 160 || box.height > height + 60) return false;
    if (hasBody(at) && [at, ...within(at, '*')].some((one) => hasOutline(one) && hasBody(one))) return true;
  }
  return false;
}

/**
 * Whether a person sees `field` right now: drawn, opaque, within the viewport, on top, and so is every frame around it.
 * Scrolls it into the viewport first, clear of what is fixed over its edges. @param mayRest as for `veils`
 */
export function isSeen(field: HTMLElement, mayRest = false): boolean {
  const chain: HTMLElement[] = [];
  for (let at: HTMLElement | null = field; at; ) {
    chain.push(at);
    at = at.ownerDocument.defaultView?.frameElement as HTMLElement | null;
  }
  const isThere = (at: HTMLElement) =>
    isDrawn(at) &&
    !at.closest(':disabled') &&
    !closest(at, '[inert]') &&
    (hasBody(at) || (mayRest && at === field && hasPlace(at)));
  if (!field.isConnected || !chain.every(isThere)) return false;
  return (['nearest', 'center', 'start', 'end'] as const).some((block) => {
    field.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' });
    return chain.every((at) => isOnTop(at, mayRest));
  });
}

/**
 * Whether a person sees where `field` is, if not yet the field: many rest without opacity, or below their own words, in a box that is
 * drawn, until they are entered. Nothing may be put in before it is seen.
 */
export const isPlaced = (field: HTMLElement): boolean => isSeen(field, true);

/** Whether what takes the pointer over every field of a part of the page belongs elsewhere: another part lies on top of it. */
export const isBelow = (box: Element, fields: readonly Element[]): boolean =>
  fields.every((field) => {
    const { left, top, width, height } = rectOf(field);
    const hit = stackAt(field, left + width / 2, top + height / 2).find(hasBody);
    return hit !== undefined && !surrounds(box, hit) && !surrounds(hit, box);
  });
