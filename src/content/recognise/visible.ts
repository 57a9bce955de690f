// What a person at the screen can see of a page right now. Looks, changes nothing.
import { find, isHtml, surrounds, upwards } from './tree.ts';

/** How much light passes through an element and all around it, by opacity and by filter. */
function opacity(element: Element): number {
  let product = 1;
  for (const at of upwards(element)) {
    const style = getComputedStyle(at);
    const filter = /opacity\((\d*\.?\d+)(%?)\)/.exec(style.filter);
    // What a gradient masks may not be there at all; nobody masks a sign-in form for good.
    if (style.maskImage?.includes('gradient')) return 0;
    product *= Number(style.opacity) * (filter ? Number(filter[1]) / (filter[2] ? 100 : 1) : 1);
  }
  return product;
}

/** Whether an element is drawn at all and large enough to be used; not yet whether something covers it. */
export function isDrawn(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width >= 10 && box.height >= 8;
}

const POINTS = [
  [0.5, 0.5],
  [0.1, 0.5],
  [0.9, 0.5],
  [0.5, 0.2],
  [0.5, 0.8],
] as const;

/** Whether an element paints over what lies below it. */
function isOpaque(element: Element): boolean {
  const { backgroundColor, backgroundImage } = getComputedStyle(element);
  // "rgba(r, g, b, a)", "color(srgb r g b / a)"; no alpha is opaque.
  const alpha = /(?:rgba\(.*,|\/)\s*([\d.]+)\)$/.exec(backgroundColor)?.[1] ?? '1';
  const isReplaced = /^(img|canvas|video|svg|iframe|object|embed)$/.test(element.localName);
  return Number(alpha) >= 0.5 || backgroundImage !== 'none' || isReplaced;
}

/** What lies over `field` though the pointer goes through it: a hit test alone would not see such a cover. */
function veils(field: HTMLElement): HTMLElement[] {
  const box = field.getBoundingClientRect();
  return find(field.ownerDocument, '*').filter((element): element is HTMLElement => {
    if (
      !isHtml(element) ||
      element.ownerDocument !== field.ownerDocument ||
      surrounds(element, field) ||
      surrounds(field, element)
    )
      return false;
    const other = element.getBoundingClientRect();
    const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (width <= 0 || height <= 0 || width * height < box.width * box.height * 0.3) return false;
    return getComputedStyle(element).pointerEvents === 'none' && isOpaque(element) && opacity(element) > 0.2;
  });
}

/** Whether `element` is on top at three of five points of its box; a label that floats over its own field does not hide it. */
function isOnTop(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect();
  const root = element.getRootNode() as Document | ShadowRoot;
  const covers = veils(element).map((cover) => ({ cover, given: cover.style.getPropertyValue('pointer-events') }));
  for (const { cover } of covers) cover.style.setProperty('pointer-events', 'auto', 'important');
  const hits = POINTS.filter(([x, y]) => {
    const hit = root.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    const label = hit?.closest('label');
    return hit && (element.contains(hit) || (label?.control === element && !label.contains(element)));
  });
  for (const { cover, given } of covers) {
    if (given) cover.style.setProperty('pointer-events', given);
    else cover.style.removeProperty('pointer-events');
  }
  return hits.length >= 3;
}

/**
 * Whether a person sees `field` right now: drawn, opaque, within the viewport, on top, and so is every frame around it.
 * Scrolls it into the viewport first.
 */
export function isSeen(field: HTMLElement): boolean {
  if (!field.isConnected) return false;
  field.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  for (let at: HTMLElement | null = field; at; ) {
    if (!isDrawn(at) || at.closest(':disabled, [inert]') || opacity(at) < 0.2) return false;
    if ([...upwards(at)].some((around) => around.hasAttribute('inert')) || !isOnTop(at)) return false;
    at = at.ownerDocument.defaultView?.frameElement as HTMLElement | null;
  }
  return true;
}
