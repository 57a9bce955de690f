// Stands over what was filled in until its document is gone: no form of the page carries it elsewhere or into an address, whenever it is
// sent and whoever sends it. The page sees nothing of it unless it is stopped.
import type { Fault } from '../../extension/page-api.ts';
import { formOf } from '../recognise/scene.ts';
import { faultOf } from '../recognise/target.ts';
import { attribute, hostOf, isInput } from '../recognise/tree.ts';
import { Traffic } from '../traffic.ts';
import { put } from './typing.ts';
import type { Value } from './values.ts';

interface Submission {
  form: Element;
  submitter: HTMLElement | null;
  event: SubmitEvent;
}

export class Guard {
  /** The browser has begun to send a form with what was filled in, pressed by us or by the page itself. */
  sent = false;
  /** What the page's scripts have asked for since. */
  readonly traffic = new Traffic();
  /** Why one was kept from being sent. */
  stopped: Fault | undefined;
  /** What is guarded. */
  readonly #held = new Map<Value['field'], Value>();
  /** Passwords and codes that were taken out again: a page may have kept them, and put them back. */
  readonly #taken = new Set<string>();
  /** Forms around a secret when it was filled, across shadow trees. */
  readonly #around = new WeakSet<Element>();
  readonly #heard = new WeakSet<EventTarget>();
  #sendsItself = false;
  #sendsTo: string | undefined;
  #last: Submission | undefined;

  /**
   * A new fill begins; what former ones have left in the document stays guarded.
   * @param sendsItself what is filled in may be sent by the page at its last letter: a code
   * @param sendsTo the other origin that it may be posted to; none where what is guarded already was meant for another
   */
  begin(sendsItself = false, sendsTo?: string): void {
    this.sent = false;
    this.stopped = undefined;
    this.traffic.begin();
    this.#sendsItself = sendsItself;
    if (this.#sendsTo !== sendsTo) this.#sendsTo = this.#held.size ? undefined : sendsTo;
    this.#last = undefined;
  }

  /** To be called before the field is filled. */
  hold(value: Value): void {
    const { field, secret } = value;
    this.#held.set(field, value);
    const form = formOf(field);
    if (form && secret) this.#around.add(form);
    this.#listen(window);
    for (let at: Element | null = field; at; ) {
      const root: Node = at.getRootNode();
      at = hostOf(root);
      this.#listen(at ? root : (root as Document).defaultView);
    }
  }

  /** Empties every field and lets go of it: a person may type there what they like, but for what was taken out. */
  release(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const { secret } of held) if (secret) this.#taken.add(secret);
    for (const { field } of held) if (isInput(field) && field.value) put('', field);
  }

  #listen(target: EventTarget | null): void {
    if (!target || this.#heard.has(target)) return;
    this.#heard.add(target);
    // Before every handler of the page, for what goes elsewhere; after them, for what the page's own script may have taken over.
    target.addEventListener('submit', this.#submits, true);
    target.addEventListener('submit', this.#submits);
    // The last word before the browser sends, after the page's handlers at the form itself, even if they let nothing pass.
    const after = ({ target: form }: Event) =>
      EventTarget.prototype.addEventListener.call(form, 'formdata', this.#collects, { once: true });
    target.addEventListener('formdata', after, true);
    target.addEventListener('formdata', this.#collects);
    // Where the browser tells of what it is about to go to (not in Firefox before 147), an address is looked at once more.
    const { navigation } = target as { navigation?: EventTarget };
    navigation?.addEventListener('navigate', this.#leaves);
  }

  /** The passwords and codes that stand in guarded fields now, or once did, wherever else the page has put them. A box of a code is none by itself. */
  #secrets(): Set<unknown> {
    const secrets = [...this.#held.values()].map(({ field, value, secret }) =>
      secret === value ? field.value : secret,
    );
    return new Set([...this.#taken, ...secrets.filter(Boolean)]);
  }

  #carries(form: Element, fault: Fault): boolean {
    if (this.#around.has(form) && [...this.#held.values()].some(({ field, secret }) => secret && field.value))
      return true;
    const secrets = this.#secrets();
    const elements = Reflect.get(HTMLFormElement.prototype, 'elements', form) as HTMLCollectionOf<HTMLInputElement>;
    return Array.from(elements).some(
      (field) => secrets.has(field.value) || (fault === 'origin-mismatch' && this.#held.has(field)),
    );
  }

  #stop(fault: Fault): void {
    this.stopped = fault;
    this.release();
  }

  readonly #submits = (event: Event): void => {
    if (!event.isTrusted) return;
    const { target, submitter } = event as SubmitEvent;
    const form = target as Element;
    this.#last = { form, submitter, event: event as SubmitEvent };
    const found = faultOf(form, submitter, this.#sendsTo);
    const isTaken = event.eventPhase === Event.CAPTURING_PHASE || event.defaultPrevented;
    if (!found || (isTaken && !found.certain) || !this.#carries(form, found.fault)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#stop(found.fault);
  };

  readonly #collects = (event: Event): void => {
    if (!event.isTrusted) return;
    const { target, formData } = event as FormDataEvent;
    const form = target as Element;
    const last = this.#last?.form === form ? this.#last : undefined;
    const found = faultOf(form, last?.submitter, this.#sendsTo);
    const secrets = this.#secrets();
    const held = [...this.#held.values()].filter(({ field }) => field.form === form);
    const barred = held.flatMap(({ field, secret }) => (found?.certain || (secret && field.value) ? field.name : []));
    const names: string[] = [];
    formData.forEach((value, name) => {
      if (secrets.has(value) || barred.includes(name)) names.push(name);
    });
    // Without a submit before, most scripts only read their form, at every letter.
    if ((held.length > 0 || names.length > 0) && (last || this.#sendsItself)) this.sent = true;
    // Scripts collect values, too, without sending them, and most of their forms name no method.
    const isSent = last !== undefined && last.event.currentTarget === null && !last.event.defaultPrevented;
    const mayBeSent = found?.fault === 'password-in-address' && attribute(form, 'method') !== null;
    if (!found || names.length === 0 || !(found.certain || isSent || mayBeSent)) return;
    for (const name of names) formData.delete(name);
    this.#stop(found.fault);
  };

  readonly #leaves = (event: Event): void => {
    if (!event.isTrusted) return;
    const { destination, formData } = event as Event & { destination: { url: string }; formData: FormData | null };
    if (formData) this.sent = true;
    const said = new URL(destination.url).searchParams;
    const secrets = this.#secrets();
    // A password may be an ordinary word: it tells nothing where the name says it, or the address that the page has already.
    for (const open of new URL(location.href).searchParams.values()) secrets.delete(open);
    for (const { value, secret } of this.#held.values()) if (!secret) secrets.delete(value);
    const boxes = [...this.#held.values()].filter(({ value, secret }) => secret && secret !== value);
    const isInBoxes = boxes.length > 0 && boxes.every(({ field, value }) => said.getAll(field.name).includes(value));
    if (!isInBoxes && ![...said.values()].some((value) => secrets.has(value))) return;
    event.preventDefault();
    this.#stop('password-in-address');
  };
}
