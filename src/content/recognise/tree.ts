// What is in a document, as it is drawn: light DOM, shadow trees open and closed, frames of the same origin.
import { closedTree } from '../../extension/quirks.ts';

// Elements of a frame are not instances of this window's classes, so they are told by their names. In a form the names of its fields stand
// before those of its properties (HTML standard, "named access"): a form alone may have a field there.
const HTML = 'http://www.w3.org/1999/xhtml';
const isOr = (name: string, found: unknown): boolean => found === name || (typeof found === 'object' && found !== null);
export const isHtml = (node: Node): node is HTMLElement => isOr(HTML, (node as Element).namespaceURI);
const isNamed = (node: Node, name: string): boolean => (node as Element).localName === name && isHtml(node);
export const isForm = (node: Node): node is HTMLFormElement =>
  isOr('form', (node as Element).localName) && isHtml(node);

/** What the browser itself has under a name, also where a form has a field of that name. */
export const own = <K extends keyof HTMLElement>(node: Node, name: K): HTMLElement[K] =>
  isForm(node) ? Reflect.get(HTMLElement.prototype, name, node) : (node as HTMLElement)[name];
export const attribute = (element: Element, name: string): string | null =>
  Element.prototype.getAttribute.call(element, name);
export const matches = (element: Element, selector: string): boolean =>
  Element.prototype.matches.call(element, selector);
/** All below an element that `selector` matches. */
export const within = (element: Element, selector: string): HTMLElement[] => [
  ...(Element.prototype.querySelectorAll.call(element, selector) as NodeListOf<HTMLElement>),
];
export const rectOf = (element: Element): DOMRect => Element.prototype.getBoundingClientRect.call(element);

export const isInput = (node: Node): node is HTMLInputElement => isNamed(node, 'input');
export const isSelect = (node: Node): node is HTMLSelectElement => isNamed(node, 'select');
export const isButton = (node: Node): node is HTMLButtonElement => isNamed(node, 'button');
export const isSubmitInput = (node: Node): boolean => isInput(node) && /^(submit|image)$/.test(node.type);
/** Custom elements are told by the dash in their names. */
const isCustom = ({ localName }: Element): boolean => localName.includes('-');
/** The element that a shadow tree hangs on; null for any other node. */
export const hostOf = (node: Node | null): Element | null => (node as ShadowRoot | null)?.host ?? null;

/** Elements of HTML that can have a shadow tree (DOM standard, "valid shadow host name"); all custom elements can. */
const HOST = /^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/;
/** Whether a closed tree may hang on an element: the extension's call is slow, and an HTML element that has content hides none. */
const mayHide = (element: Element): boolean =>
  isCustom(element) || (!element.firstChild && HOST.test(element.localName));

/** The document of a frame, if it is of `origin` by its address too: about:blank, srcdoc, data: and sandboxed ones are not. */
function frameDocument(frame: Element, origin: string): Document | undefined {
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
  const { origin } = window;
  for (const element of root.querySelectorAll('*')) {
    // On a form no tree hangs.
    const mayHost = !isForm(element);
    if (wanted.has(element) || (mayHost && isCustom(element))) found.push(element);
    if (!mayHost) continue;
    const tree = element.shadowRoot ?? (isHtml(element) && mayHide(element) ? closedTree(element) : null);
    const inner = tree ?? (element.localName === 'iframe' ? frameDocument(element, origin) : undefined);
    if (inner) find(inner, selector, trees, found);
  }
  return found;
}

/** The parent as it is drawn: of a slotted element its slot, of a shadow tree its host. Ends at the document. */
export const parentOf = (element: Element): Element | null =>
  own(element, 'assignedSlot') ?? own(element, 'parentElement') ?? hostOf(own(element, 'parentNode'));

/** An element and everything around it, innermost first, up to its document. */
export function* upwards(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = parentOf(at)) yield at;
}

/** The innermost of an element and everything around it that `selector` matches. */
export const closest = (element: Element, selector: string): Element | undefined =>
  [...upwards(element)].find((at) => matches(at, selector));

/** Whether `outer` is drawn around `inner`, shadow trees notwithstanding. */
export const surrounds = (outer: Element, inner: Element): boolean =>
  Node.prototype.contains.call(outer, inner) || [...upwards(inner)].includes(outer);
