// What a person at the screen can see of a page right now. Looks, changes nothing.
import { isInTopLayer, isPaintedOver } from './paint-order.ts';
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

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The box of an element without what its scrolling and clipping ancestors cut off for certain. */
function clipped(element: Element): Box {
  let { left, right, top, bottom } = element.getBoundingClientRect();
  let position = '';
  for (const at of upwards(element)) {
    if (at === at.ownerDocument.body) break;
    const style = getComputedStyle(at);
    const escapes = position === 'fixed' || (position === 'absolute' && style.position === 'static');
    if (!escapes) {
      const cuts = at !== element && /^(hidden|auto|scroll)$/.test(style.overflowX);
      if (cuts && /^(block|flex|grid|inline-block)$/.test(style.display)) {
        const box = at.getBoundingClientRect();
        [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
        [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      }
      position = style.position;
    }
    if (isInTopLayer(at)) break;
  }
  return { left, right, top, bottom };
}

/** Boxes of what lies over `field` though the pointer goes through it: a hit test alone would not see such a cover. */
function veils(field: HTMLElement): Box[] {
  const box = field.getBoundingClientRect();
  const modal = [...upwards(field)].find((at) => at.matches(':modal'));
  const letsThrough = (element: Element) =>
    getComputedStyle(element).pointerEvents === 'none' ||
    [...upwards(element)].some((at) => at.hasAttribute('inert')) ||
    (modal !== undefined && !surrounds(modal, element));
  return find(field.ownerDocument, '*').flatMap((element) => {
    if (!isHtml(element) || element.ownerDocument !== field.ownerDocument) return [];
    if (surrounds(element, field) || surrounds(field, element)) return [];
    const other = clipped(element);
    const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (width <= 0 || height <= 0 || width * height < box.width * box.height * 0.3) return [];
    const label = element.closest('label');
    if (label?.control === field && !label.contains(field)) return [];
    const isShown = element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    const hides = isShown && letsThrough(element) && isOpaque(element) && opacity(element) > 0.2;
    return hides && isPaintedOver(element, field) ? [other] : [];
  });
}

const isAt = ({ left, right, top, bottom }: Box, x: number, y: number): boolean =>
  x >= left && x <= right && y >= top && y <= bottom;

/** Whether `element` is on top at three of five points of its box; a label that floats over its own field does not hide it. */
function isOnTop(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect();
  const root = element.getRootNode() as Document | ShadowRoot;
  const covers = veils(element);
  const free = POINTS.filter(([across, down]) => {
    const [x, y] = [box.left + box.width * across, box.top + box.height * down];
    if (covers.some((cover) => isAt(cover, x, y))) return false;
    const hit = root.elementFromPoint(x, y);
    const label = hit?.closest('label');
    return hit && (element.contains(hit) || (label?.control === element && !label.contains(element)));
  });
  return free.length >= 3;
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
