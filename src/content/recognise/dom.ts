// What is in a document and what a person at the screen can see of it: light DOM, shadow trees open and closed, frames of
// the same origin. Looks, changes nothing.

declare global {
  interface Element {
    /** Firefox's way into closed shadow trees, for extensions alone. */
    readonly openOrClosedShadowRoot?: ShadowRoot | null;
  }
}

// Elements of a frame are not instances of this window's classes, so they are told by their names.
const HTML = 'http://www.w3.org/1999/xhtml';
export const isHtml = (node: Node): node is HTMLElement => (node as Element).namespaceURI === HTML;
const isNamed = (node: Node, name: string): boolean => isHtml(node) && node.localName === name;
export const isInput = (node: Node): node is HTMLInputElement => isNamed(node, 'input');
export const isSelect = (node: Node): node is HTMLSelectElement => isNamed(node, 'select');
export const isButton = (node: Node): node is HTMLButtonElement => isNamed(node, 'button');
export const isForm = (node: Node): node is HTMLFormElement => isNamed(node, 'form');
/** The element that a shadow tree hangs on; null for any other node. */
export const hostOf = (node: Node | null): Element | null => (node as ShadowRoot | null)?.host ?? null;

/** Elements of HTML that can have a shadow tree (DOM standard, "valid shadow host name"); all custom elements can. */
const HOSTS =
  'article, aside, blockquote, body, div, footer, h1, h2, h3, h4, h5, h6, header, main, nav, p, section, span';
/** Common elements that cannot: what is not among them may be a custom element, which no selector names. */
const OTHERS =
  'a, abbr, area, b, base, br, button, canvas, caption, circle, code, col, colgroup, dd, details, dialog, dl, dt, ellipse, em, fieldset, figcaption, figure, form, g, head, hr, html, i, iframe, img, input, label, legend, li, line, link, meta, noscript, ol, option, path, picture, polygon, polyline, pre, rect, script, select, small, source, strong, style, sub, summary, sup, svg, table, tbody, td, template, text, textarea, tfoot, th, thead, time, title, tr, tspan, u, ul, use, video';
/** Where a closed tree is looked for: the extension's call is slow, and an HTML element that has content hides none. */
const MAY_HIDE = `:not(:is(${OTHERS}, ${HOSTS})), :is(${HOSTS}):empty`;

/** The closed shadow tree of an element, where the extension may look into it. */
function closedTree(element: Element): ShadowRoot | null {
  if (element.openOrClosedShadowRoot !== undefined) return element.openOrClosedShadowRoot;
  const { dom } = globalThis.chrome ?? {};
  return isHtml(element) && dom ? dom.openOrClosedShadowRoot(element) : null;
}

/** The document of a frame, if it is of `origin` by its address too: about:blank, srcdoc, data: and sandboxed ones are not. */
export function frameDocument(frame: Element, origin: string): Document | undefined {
  if (frame.localName !== 'iframe' && frame.localName !== 'frame') return undefined;
  try {
    const { contentDocument, contentWindow } = frame as HTMLIFrameElement;
    const own = contentWindow?.location;
    return contentWindow?.origin === origin && own?.protocol.startsWith('http') && own.origin === origin
      ? (contentDocument ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The elements of a document that match `selector`, and all custom elements, in the order in which they are drawn: those of shadow trees, closed ones
 * too, and of frames of the same origin after their hosts. One walk, whatever it looks for.
 * @param trees takes up every tree that was walked through, the document's own first
 */
export function find(
  root: Document | ShadowRoot,
  selector: string,
  trees: (Document | ShadowRoot)[] = [],
  found: Element[] = [],
): Element[] {
  trees.push(root);
  const wanted = new Set(root.querySelectorAll(selector));
  const hosts = new Set(root.querySelectorAll(MAY_HIDE));
  const { origin } = window;
  for (const element of root.querySelectorAll('*')) {
    const isCustom = hosts.has(element) && element.localName.includes('-');
    if (isCustom || wanted.has(element)) found.push(element);
    const tree = element.shadowRoot ?? (hosts.has(element) ? closedTree(element) : null);
    const inner = tree ?? (element.localName === 'iframe' ? frameDocument(element, origin) : undefined);
    if (inner) find(inner, selector, trees, found);
  }
  return found;
}

/** The parent as it is drawn: of a slotted element its slot, of a shadow tree its host. Ends at the document. */
export const parentOf = (element: Element): Element | null =>
  element.assignedSlot ?? element.parentElement ?? hostOf(element.parentNode);

/** An element and everything around it, innermost first, up to its document. */
export function* upwards(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = parentOf(at)) yield at;
}

/** Whether `outer` is drawn around `inner`, shadow trees notwithstanding. */
export const surrounds = (outer: Element, inner: Element): boolean =>
  outer.contains(inner) || [...upwards(inner)].includes(outer);

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

/** Resolves after the next frame was drawn, or a tenth of a second where nothing is drawn (a tab in the background). */
export const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve, 0);
    });
  });
