// Which of two elements is painted over the other (CSS 2.2, appendix E), told from their computed styles alone: nothing is
// touched, so nothing of the page can notice or answer. Where the styles leave it open, the first counts as painted over.
import { isForm, matches, parentOf, upwards } from './tree.ts';

/** Node.DOCUMENT_POSITION_FOLLOWING. */
const FOLLOWING = 4;

/** Properties that make a box a stacking context of its own, by the value that does not. */
const CONTEXT = {
  none: 'transform translate rotate scale filter backdropFilter perspective clipPath maskImage',
  1: 'opacity',
  auto: 'isolation',
  normal: 'mixBlendMode',
};

/** Properties that mix the order of a box's children. */
const MIXED = { flat: 'transformStyle', auto: 'columnCount columnWidth' };

/** Properties that may make one or not, or that sort boxes anew, by the value that does not. */
const UNSURE = {
  flat: MIXED.flat,
  auto: `${MIXED.auto} willChange`,
  none: 'contain viewTransitionName offsetPath webkitBoxReflect webkitMaskBoxImageSource',
  visible: 'contentVisibility',
  normal: 'containerType',
  0: 'order',
};

/** Whether one of `properties` has another value than the one given; a browser that does not know it says nothing. */
const departs = (style: CSSStyleDeclaration, properties: Record<string, string>): boolean =>
  Object.entries(properties).some(([initial, names]) =>
    names.split(' ').some((name) => ((style as unknown as Record<string, string>)[name] || initial) !== initial),
  );

/** Above what is in the flow, below every positive z-index: where positioned boxes and stacking contexts are painted. */
const POSITIONED = 0.5;
const TOP_LAYER = Number.POSITIVE_INFINITY;

/** On which level a branch of the document is painted. */
interface Layer {
  /** The same two where the styles say which. */
  lowest: number;
  highest: number;
  /** Something in it may be sorted otherwise among its equals. */
  unsure: boolean;
}

/** The nearest box that is drawn around what stands in `element`. */
function boxOf(element: Element): CSSStyleDeclaration {
  let style = getComputedStyle(element);
  for (let at = parentOf(element); at && style.display === 'contents'; at = parentOf(at)) style = getComputedStyle(at);
  return style;
}

/** Whether a box mixes its children's order: by their depth in space, by columns, or by lines that blocks in them split. */
function mixes(element: Element): boolean {
  const style = boxOf(element);
  return style.display === 'inline' || departs(style, MIXED);
}

/** Whether an element was lifted out of everything around it: an open dialog or popover, or one that is being closed slowly. */
export const isInTopLayer = (element: Element): boolean =>
  matches(element, ':modal, :popover-open, :fullscreen') ||
  getComputedStyle(element).getPropertyValue('overlay') === 'auto';

/** When the outermost layer of `branch` is painted. @param branch innermost first */
function layerOf(branch: readonly Element[]): Layer {
  let lowest: number | undefined;
  let highest: number | undefined;
  let unsure = false;
  for (const at of branch) {
    const style = getComputedStyle(at);
    const { display, position, zIndex } = style;
    if (isInTopLayer(at)) return { lowest: TOP_LAYER, highest: TOP_LAYER, unsure };
    if (display === 'contents') continue;
    const outer = parentOf(at);
    const isItem = outer !== null && /flex|grid/.test(boxOf(outer).display);
    const makes = departs(style, CONTEXT);
    // Some of these do nothing to a box in a line or in a table.
    const isSure = /^((inline-)?(block|flex|grid)|flow-root|list-item)$/.test(display);
    const perhaps = departs(style, UNSURE) || Element.prototype.getAnimations.call(at).length > 0 || (makes && !isSure);
    unsure ||= perhaps;
    // A z-index says it, whatever else may make a context of the box.
    if ((position !== 'static' || isItem) && zIndex !== 'auto') lowest = highest = Number(zIndex) || POSITIONED;
    else if ((makes && isSure) || /fixed|sticky/.test(position)) lowest = highest = POSITIONED;
    else {
      if (position !== 'static') [lowest, highest] = [lowest ?? POSITIONED, highest ?? POSITIONED];
      if (perhaps) [lowest, highest] = [Math.min(lowest ?? 0, POSITIONED), Math.max(highest ?? 0, POSITIONED)];
    }
  }
  return { lowest: lowest ?? 0, highest: highest ?? 0, unsure };
}

/** Whether `cover` is painted over `element`, neither of which is drawn around the other. */
export function isPaintedOver(cover: Element, element: Element): boolean {
  const around = new Set(upwards(element));
  const shared = [...upwards(cover)].find((at) => around.has(at));
  if (!shared) return true;
  const branch = (leaf: Element): Element[] => {
    const all = [...upwards(leaf)];
    return all.slice(0, all.indexOf(shared));
  };
  const [ours, theirs] = [branch(element), branch(cover)];
  const [first, second] = [theirs.at(-1), ours.at(-1)];
  const [over, under] = [layerOf(theirs), layerOf(ours)];
  if (!first || !second || mixes(shared)) return true;
  if (over.highest < under.lowest) return false;
  if (over.unsure || under.unsure || over.lowest !== under.lowest || over.lowest === TOP_LAYER) return true;
  // Children that a script put into a slot stand in its order.
  const slotted = isForm(shared) ? [] : ((shared as HTMLSlotElement).assignedElements?.() ?? []);
  const isEarlier = slotted.includes(first)
    ? slotted.indexOf(first) < slotted.indexOf(second)
    : (Node.prototype.compareDocumentPosition.call(first, second) & FOLLOWING) !== 0;
  // In the flow what stands in lines and what floats is painted over later blocks: which of it is one is not looked at.
  return !isEarlier || over.lowest === 0;
}
