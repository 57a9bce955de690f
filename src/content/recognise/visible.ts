// Whether and how an element is drawn, whatever lies over it. Looks, changes nothing.
import { isInTopLayer } from './paint-order.ts';
import { own, rectOf, upwards } from './tree.ts';

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

/** Whether an element is there to be seen: less than a fifth of it is none. */
export const hasBody = (element: Element): boolean => opacity(element) >= 0.2;

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The box of an element without what the boxes around it cut off for certain. @param cuts values of `overflow` that do */
export function clipped(element: Element, cuts: RegExp): Box {
  let { left, right, top, bottom } = rectOf(element);
  let position = '';
  for (const at of upwards(element)) {
    if (at === own(at, 'ownerDocument').body) break;
    const style = getComputedStyle(at);
    const escapes = position === 'fixed' || (position === 'absolute' && style.position === 'static');
    if (!escapes) {
      if (at !== element && /^(block|flex|grid|inline-block)$/.test(style.display)) {
        const box = rectOf(at);
        if (cuts.test(style.overflowX)) [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
        if (cuts.test(style.overflowY)) [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      }
      position = style.position;
    }
    if (isInTopLayer(at)) break;
  }
  return { left, right, top, bottom };
}

export const isRendered = (element: Element): boolean =>
  Element.prototype.checkVisibility.call(element, { visibilityProperty: true, contentVisibilityAuto: true });

/** Whether an element is drawn at all and large enough to be used; not yet whether something covers it. What is folded or off its stage is not. */
export function isDrawn(element: Element): boolean {
  if (!isRendered(element)) return false;
  const box = rectOf(element);
  if (box.width < 10 || box.height < 8) return false;
  const { left, right, top, bottom } = clipped(element, /hidden|clip/);
  return right - left >= 10 && bottom - top >= 8;
}

/** How much an element's own ground hides of what lies below it: 0 to 1. @param pseudo one of its pseudo-elements instead */
export function groundOf(element: Element, pseudo?: string): number {
  const { backgroundColor, backgroundImage } = getComputedStyle(element, pseudo);
  if (backgroundImage !== 'none' || (!pseudo && /^(img|canvas|video|svg|iframe|object|embed)$/.test(element.localName)))
    return 1;
  // "rgba(r, g, b, a)", "color(srgb r g b / a)"; no alpha is opaque.
  return Number(/(?:rgba\(.*,|\/)\s*([\d.]+)\)$/.exec(backgroundColor)?.[1] ?? 1);
}
