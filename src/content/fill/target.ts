// Where a form is sent: looked at before it is filled, and watched until the browser sends it.
import type { Form } from '../recognise/form.ts';
import { isForm, surrounds } from '../recognise/tree.ts';

/** Where a form would be sent: its action, or its button's own. Read from attributes, which a field's name cannot shadow. */
function sendsElsewhere(form: Element | null, submit: Element | undefined, origin: string): boolean {
  return [submit?.getAttribute('formaction'), form?.getAttribute('action')].some((action) => {
    if (!action || /^\s*(javascript:|#)/i.test(action)) return false;
    return !URL.canParse(action, document.baseURI) || new URL(action, document.baseURI).origin !== origin;
  });
}

const elementOf = ({ box }: Form): HTMLFormElement | null => (isForm(box) ? box : null);

/** Whether what a person would press sends the form to another origin than `origin`. */
export const divertedBy = (form: Form, origin: string): boolean => {
  const own = form.password?.form ?? form.newPasswords[0]?.form ?? form.name?.form ?? elementOf(form);
  return sendsElsewhere(own, form.submit, origin);
};

/** What has become of the forms that are watched. */
export interface Sending {
  /** The browser has begun to send one, pressed by us or by the page itself. */
  sent: boolean;
  /** One was about to go to another origin, and was kept from it. */
  diverted: boolean;
}

/**
 * Watches the forms around `fields` until `signal`: a page may change where a form is sent once it is filled.
 * One that goes elsewhere is stopped; where even that comes too late, it goes without our values.
 */
export function watchSending(fields: readonly HTMLElement[], origin: string, signal: AbortSignal): Sending {
  const sending: Sending = { sent: false, diverted: false };
  const isOurs = (target: Node): target is HTMLFormElement =>
    isForm(target) && fields.some((field) => surrounds(target, field));
  const guard = (event: SubmitEvent) => {
    const target = event.target as Node;
    if (!isOurs(target) || !sendsElsewhere(target, event.submitter ?? undefined, origin)) return;
    sending.diverted = true;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // The last word before the browser sends: after every handler of the page, which may have changed the target.
  const strip = (event: FormDataEvent) => {
    const target = event.target as Node;
    if (!isOurs(target)) return;
    sending.sent = true;
    if (!sendsElsewhere(target, undefined, origin)) return;
    sending.diverted = true;
    for (const field of fields) event.formData.delete((field as HTMLInputElement).name);
  };
  for (const view of new Set([window, ...fields.flatMap((field) => field.ownerDocument.defaultView ?? [])])) {
    view.addEventListener('submit', guard, { capture: true, signal });
    view.addEventListener('formdata', strip, { signal });
  }
  return sending;
}
