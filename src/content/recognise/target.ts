// Where a form would be sent, and how.
import type { Fault } from '../../extension/page-api.ts';
import type { Form } from './form.ts';
import { formOf } from './scene.ts';
import { attribute, own } from './tree.ts';

/** Nothing, or a function of the page without a word of ours: what pages write whose scripts send. */
const CALL = /^javascript:\s*(void\b|return\b)?\s*[\w$.]*\s*(\(\s*(0|this(\.form)?)?\s*\))?[\s;/]*$/;

interface Judgement {
  fault: Fault;
  /** The form names such an address; else it is wrong only if the browser sends it, and no script of the page has taken it over. */
  certain: boolean;
}

type Submit = Element | null | undefined;

/** What a form and its button name as its addresses, by the base of the form's own document. */
function addressesOf(form: Element, submit: Submit): URL[] {
  const base = own(form, 'baseURI');
  // An empty one names the document itself.
  return [attribute(form, 'action'), submit && attribute(submit, 'formaction')].flatMap((action) =>
    action ? new URL(URL.canParse(action, base) ? action : 'x:', base) : [],
  );
}
const isScript = ({ protocol }: URL): boolean => protocol === 'javascript:';

/**
 * Why the browser must not send a form.
 * @param submit the button that sends it
 * @param sendsTo the one other origin that the form may be posted to, because the phone was shown it
 */
export function faultOf(form: Element, submit: Submit, sendsTo?: string): Judgement | undefined {
  const addresses = addressesOf(form, submit);
  const isPosted = /^(post|dialog)$/i.test(
    `${(submit && attribute(submit, 'formmethod')) ?? attribute(form, 'method')}`,
  );
  const isMeant = (to: URL) =>
    /^https?:$/.test(to.protocol) && (to.origin === window.origin || (to.origin === sendsTo && isPosted));
  const certain = !addresses.every((to) => isScript(to) || isMeant(to));
  // Frameworks write code there that only says that it should never run.
  const isScripted = addresses.some(isScript);
  if (certain || (isScripted && !addresses.every((to) => CALL.test(to.href))))
    return { fault: 'origin-mismatch', certain };
  // Whatever is no POST goes into an address (HTML standard, "mutate action URL").
  return isScripted || isPosted ? undefined : { fault: 'password-in-address', certain };
}

/**
 * Whether what a person would press sends any of `fields` elsewhere: they, the button and the box may belong to different forms.
 * @param sendsTo as for `faultOf`
 */
export function isDiverted({ box, submit }: Form, fields: readonly Element[], sendsTo?: string): boolean {
  const owners = [submit, ...fields].map((element) => (element as HTMLInputElement | undefined)?.form);
  const around = [box, ...fields].map(formOf);
  return [...owners, ...around].some((form) => form && faultOf(form, submit, sendsTo)?.certain);
}

/** The one origin besides the page's that a form would be posted to; undefined for none, and for a form that must not be sent at all. */
export function targetOf(form: Form): string | undefined {
  const fields = form.fields.map(({ element }) => element);
  const around = formOf(fields[0] ?? form.box);
  const named = around && addressesOf(around, form.submit).find((to) => !isScript(to) && to.origin !== window.origin);
  return isDiverted(form, fields, named?.origin) ? undefined : named?.origin;
}
