// Where a form would be sent, and how. Attributes and bases are asked of the browser's own functions: in a form the names of its
// fields stand before the names of its properties.
import type { Fault } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { formOf } from '../recognise/scene.ts';

/** A property of `of` as the browser has it. */
export const own = <T>({ prototype }: { prototype: object }, name: string, of: object): T =>
  Reflect.get(prototype, name, of) as T;

export const attribute = (element: Element | null | undefined, name: string): string | null =>
  element ? Element.prototype.getAttribute.call(element, name) : null;

/** Nothing, or a function of the page without a word of ours: what pages write whose scripts send. */
const CALL = /^\s*javascript:\s*(void\b|return\b)?\s*[\w$.]*\s*(\(\s*(0|this|this\.form)?\s*\))?[\s;/]*$/i;

interface Judgement {
  fault: Fault;
  /** The form names such an address; else it is wrong only if the browser sends it, and no script of the page has taken it over. */
  certain: boolean;
}

/** Why the browser must not send a form, by the base of the form's own document. @param submit the button that sends it */
export function faultOf(form: Element, submit: Element | null | undefined, origin: string): Judgement | undefined {
  const base = own<string>(Node, 'baseURI', form);
  // An empty one names the document itself.
  const actions = [attribute(form, 'action'), attribute(submit, 'formaction')].flatMap((action) => action || []);
  const addresses = actions.map((action) => (URL.canParse(action, base) ? new URL(action, base) : undefined));
  const isScript = (to: URL | undefined) => to?.protocol === 'javascript:';
  if (addresses.some((to) => !isScript(to) && (to?.origin !== origin || !/^https?:$/.test(to.protocol))))
    return { fault: 'origin-mismatch', certain: true };
  // Frameworks write code there that only says that it should never run.
  if (addresses.some(isScript))
    return actions.every((action) => CALL.test(action)) ? undefined : { fault: 'origin-mismatch', certain: false };
  // Whatever is no POST goes into an address (HTML standard, "mutate action URL").
  const method = attribute(submit, 'formmethod') ?? attribute(form, 'method') ?? '';
  return /^(post|dialog)$/i.test(method) ? undefined : { fault: 'password-in-address', certain: false };
}

/** Whether what a person would press sends any of `fields` elsewhere: they, the button and the box may belong to different forms. */
export function isDiverted({ box, submit }: Form, fields: readonly Element[], origin: string): boolean {
  const owners = [submit, ...fields].map((element) => (element as HTMLInputElement | undefined)?.form);
  const around = [box, ...fields].map(formOf);
  return [...owners, ...around].some((form) => form && faultOf(form, submit, origin)?.certain);
}
