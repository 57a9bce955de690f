// Recognition: one pure function from a document to what it asks for. Where to add what: a word in words.ts, a signal with
// its weight in signals.ts, a kind of form in `kindOf` below, a step of a sign-in in `stepOf`.
import type { Step } from '../protocol/extension.ts';
import {
  find,
  hostOf,
  isButton,
  isDrawn,
  isForm,
  isHtml,
  isInput,
  isSelect,
  parentOf,
  surrounds,
  upwards,
} from './dom.ts';
import {
  BUTTON,
  type FieldKind,
  type FieldPlace,
  FORM,
  type FormKind,
  type FormPlace,
  PASSWORD_FIELD,
  type Signal,
  TEXT_FIELD,
} from './signals.ts';
import { normalise, wordOf } from './words.ts';

/** One signal that spoke, and the word that it found. */
export interface Reason {
  is: string;
  in: string;
  found: string;
  weight: number;
}

export interface Field {
  element: HTMLInputElement;
  kind: FieldKind;
  reasons: readonly Reason[];
}

/** What a form is there for, and what in it would be filled and pressed. */
export interface Form {
  kind: FormKind | 'other';
  /** What a sign-in would do here: give the name, the password, both, or a code; undefined leaves the form alone. */
  step: Step | undefined;
  /** The form element, or the smallest part of the page that holds the fields and a button. */
  box: Element;
  fields: readonly Field[];
  name: HTMLInputElement | undefined;
  password: HTMLInputElement | undefined;
  /** Places for a password that is being set; never for the one in force. */
  fresh: readonly HTMLInputElement[];
  /** One box, or one for each digit. */
  code: readonly HTMLInputElement[];
  /** The code comes by message or e-mail: the phone does not have it. */
  codeIsSent: boolean;
  tenant: HTMLInputElement | HTMLSelectElement | undefined;
  /** Boxes that keep somebody signed in. */
  remember: readonly HTMLElement[];
  submit: HTMLElement | undefined;
  score: number;
  reasons: readonly Reason[];
}

const TEXT_TYPES = new Set(['text', 'email', 'tel', 'number', 'search', 'url', '', 'textbox']);

/** Sums what `signals` find in `texts`, by kind. */
function weigh<Kind extends string, Place extends string>(
  signals: readonly Signal<Kind, Place>[],
  texts: Record<Place, string>,
): { scores: Map<Kind, number>; reasons: Reason[] } {
  const scores = new Map<Kind, number>();
  const reasons: Reason[] = [];
  for (const { is, in: place, has, weight } of signals) {
    const text = texts[place];
    if (!text) continue;
    const found = typeof has === 'string' ? wordOf(has, text) : has.exec(text)?.[0];
    if (found === undefined) continue;
    scores.set(is, (scores.get(is) ?? 0) + weight);
    reasons.push({ is, in: place, found, weight });
  }
  return { scores, reasons };
}

const highest = <Kind>(scores: Map<Kind, number>): { kind: Kind; score: number } | undefined =>
  [...scores].map(([kind, score]) => ({ kind, score })).sort((a, b) => b.score - a.score)[0];

const attributes = (element: Element, ...names: string[]): string =>
  names.map((name) => element.getAttribute(name) ?? '').join(' ');

/** Text of an element, shortened; scripts and styles are not text. */
const textOf = (element: Element | null | undefined, length = 200): string => {
  if (!element) return '';
  if (!element.querySelector('script, style, template')) return (element.textContent ?? '').slice(0, length * 4);
  return [...element.childNodes]
    .map((node) =>
      node.nodeType === Node.ELEMENT_NODE
        ? /^(script|style|template)$/.test((node as Element).localName)
          ? ''
          : textOf(node as Element, length)
        : (node.textContent ?? ''),
    )
    .join(' ')
    .slice(0, length * 4);
};

const tidy = (text: string, length = 200): string => normalise(text.replace(/\s+/g, ' ').slice(0, length)).trim();

/** What names a field to people: its labels, placeholder and ARIA texts, its host's where it lies in a component. */
function labelOf(field: Element): string {
  const root = field.getRootNode() as Document | ShadowRoot;
  const ids = attributes(field, 'aria-labelledby', 'aria-describedby').split(/\s+/).filter(Boolean);
  const labels = isInput(field) || isSelect(field) ? [...(field.labels ?? [])] : [];
  const outer = hostOf(root);
  const host = outer ? attributes(outer, 'label', 'placeholder', 'aria-label', 'name') : '';
  return [
    attributes(field, 'placeholder', 'aria-label', 'title', 'alt', 'data-placeholder'),
    ...labels.map((label) => textOf(label)),
    ...ids.map((id) => textOf(root.getElementById(id))),
    host,
  ].join(' ');
}

/** The nearest text before a field that has no other field in between: labels that are not marked as such. */
function nearOf(field: Element): string {
  let at: Element = field;
  for (let level = 0; level < 4; level++) {
    for (let before = at.previousSibling; before; before = before.previousSibling) {
      if (isHtml(before)) {
        if (before.matches('input, select, textarea, button') || before.querySelector('input, select, textarea'))
          return '';
        if (/^(script|style|template|br|i|svg|img)$/.test(before.localName)) continue;
      }
      const text = (before.textContent ?? '').trim();
      if (text) return text.slice(0, 80);
    }
    const parent = parentOf(at);
    if (!parent || parent.localName === 'form') return '';
    at = parent;
  }
  return '';
}

const isText = (element: Element): element is HTMLInputElement => isInput(element) && TEXT_TYPES.has(element.type);
const isPassword = (element: Element): element is HTMLInputElement => isInput(element) && element.type === 'password';

/** A hidden password that a "show" button turned into text still says what it is. */
const isRevealed = (element: HTMLInputElement): boolean =>
  element.type === 'text' &&
  (/\bcurrent-password\b/.test(element.autocomplete) ||
    /^(user|login|j)?[ _-]?(password|passwd|pwd|pass)$/i.test(element.name || element.id));

function isPressable(element: Element): element is HTMLElement {
  if (!isHtml(element)) return false;
  if (isButton(element)) return element.type !== 'reset';
  if (isInput(element)) return /^(submit|image|button)$/.test(element.type);
  if (element.getAttribute('role') === 'button' || /-button$|^button-/.test(element.localName)) return true;
  if (element.localName === 'a') {
    const href = element.getAttribute('href') ?? '';
    return href === '' || href.startsWith('#') || /^javascript:/i.test(href) || element.hasAttribute('onclick');
  }
  return element.hasAttribute('onclick') || /(^|[\s_-])(btn|button|submit)/i.test(element.getAttribute('class') ?? '');
}

/** Fields that are not for people: traps for robots or password savers, by name, or out of the keyboard's reach and unnamed. */
function isTrap(element: HTMLElement): boolean {
  if (/fake|dummy|prevent|honey ?pot|decoy/i.test(attributes(element, 'name', 'id'))) return true;
  if (element.tabIndex >= 0 && element.getAttribute('aria-hidden') !== 'true') return false;
  const own = tidy(attributes(element, 'name', 'id'));
  return !/\p{L}/u.test(labelOf(element)) && !wordOf('password', own) && !wordOf('name', own) && !wordOf('email', own);
}

/** The form around a field, across shadow trees. */
function formOf(field: Element): HTMLFormElement | undefined {
  const own = isInput(field) ? field.form : null;
  if (own) return own;
  for (const at of upwards(field)) if (isForm(at)) return at;
  return undefined;
}

interface Scene {
  inputs: HTMLInputElement[];
  others: HTMLElement[];
  pressables: HTMLElement[];
  order: Map<Element, number>;
}

/** Everything in the document that could be typed into or pressed, and is drawn. */
const ANYTHING =
  'input, button, select, textarea, a, summary, [role=button], [onclick], [class*=btn i], [class*=button i], [class*=submit i]';

function survey(document: Document, trees: (Document | ShadowRoot)[]): Scene {
  const scene: Scene = { inputs: [], others: [], pressables: [], order: new Map() };
  for (const [at, element] of find(document, ANYTHING, trees).entries()) {
    if (isText(element) || isPassword(element)) {
      if (isTrap(element) || !isDrawn(element)) continue;
      scene.inputs.push(element);
    } else if (isPressable(element)) {
      scene.pressables.push(element);
    } else if (/^(input|select|textarea)$/.test(element.localName) && isHtml(element)) {
      if ((element as HTMLInputElement).type === 'hidden') continue;
      scene.others.push(element);
    } else continue;
    scene.order.set(element, at);
  }
  return scene;
}

/** A button that belongs to a form rather than to a single field. */
const isWayOn = (element: HTMLElement): boolean => {
  const text = pressText(element);
  const submits = isInput(element) && /^(submit|image)$/.test(element.type);
  return submits || (text !== '' && !wordOf('aside', text) && !wordOf('reset', text));
};

/** Whether one form element holds several forms: a field to read stands between two to hide (ASP.NET puts whole pages into one). */
function isSeveral(inputs: readonly HTMLInputElement[]): boolean {
  const first = inputs.findIndex(isPassword);
  const last = inputs.findLastIndex(isPassword);
  return first >= 0 && inputs.slice(first, last).some((input) => !isPassword(input));
}

/** Fields that belong together: those of one form element; without one, of the smallest part of the page with a button. */
function groups(scene: Scene): Map<Element, HTMLInputElement[]> {
  const found = new Map<Element, HTMLInputElement[]>();
  const add = (box: Element, input: HTMLInputElement) => found.set(box, [...(found.get(box) ?? []), input]);
  const byForm = Map.groupBy(scene.inputs, formOf);
  const loose: HTMLInputElement[] = [];
  for (const [form, inputs] of byForm) {
    if (form && !isSeveral(inputs)) found.set(form, inputs);
    else loose.push(...inputs);
  }
  if (loose.length === 0) return found;
  const marks = new Map<Element, { buttons: number; passwords: number; texts: number }>();
  const mark = (element: Element, what: 'buttons' | 'passwords' | 'texts') => {
    for (const at of upwards(element)) {
      const count = marks.get(at) ?? { buttons: 0, passwords: 0, texts: 0 };
      count[what]++;
      marks.set(at, count);
    }
  };
  for (const input of loose) mark(input, isPassword(input) ? 'passwords' : 'texts');
  for (const button of scene.pressables) if (isWayOn(button)) mark(button, 'buttons');
  const boxOf = (input: HTMLInputElement): Element => {
    let box: Element = input;
    for (const at of upwards(input)) {
      box = at;
      const count = marks.get(at);
      if (!count || count.buttons === 0) continue;
      // A password wants its name, if the part around has one and no second password comes along with it.
      const outer = parentOf(at);
      const around = outer && marks.get(outer);
      if (count.passwords > 0 && count.texts === 0 && around && around.passwords === count.passwords) continue;
      if (count.passwords > 0 || count.texts > 0) break;
    }
    return box;
  };
  const boxes = new Map(loose.map((input) => [input, boxOf(input)]));
  // A name whose own little part has a button (a "clear" cross) joins the password's part around it.
  const passwordBoxes = loose.filter(isPassword).map((input) => boxes.get(input) as Element);
  for (const input of loose) {
    const own = boxes.get(input) as Element;
    add(passwordBoxes.find((box) => surrounds(box, input)) ?? own, input);
  }
  return found;
}

const texts = new WeakMap<Element, string>();

/** What a button says. */
function pressText(element: Element): string {
  const known = texts.get(element);
  if (known !== undefined) return known;
  const label = [
    textOf(element, 30),
    isInput(element) ? element.value : '',
    attributes(element, 'aria-label', 'title', 'alt', 'label', 'value'),
  ].join(' ');
  const text = tidy(label, 120);
  texts.set(element, text);
  return text;
}

const shapeOf = (input: HTMLInputElement): string[] => {
  const shape: string[] = ['field'];
  const { maxLength, inputMode, pattern } = input;
  if (inputMode === 'numeric' || input.type === 'tel' || input.type === 'number') shape.push('numeric');
  if (/\\d|\[0-9\]/.test(pattern)) shape.push('digits');
  if (maxLength > 0) shape.push(`length-${maxLength}`);
  return shape;
};

/** Rows of four to eight fields for one character each. */
function boxesOf(inputs: readonly HTMLInputElement[]): readonly HTMLInputElement[] {
  const single = inputs.filter(
    (input) =>
      input.maxLength === 1 ||
      input.size === 1 ||
      /\b(digit|char|character) ?\d\b/.test(
        tidy(`${input.name} ${input.id} ${input.getAttribute('aria-label') ?? ''}`),
      ) ||
      (input.inputMode === 'numeric' && input.getBoundingClientRect().width < 70),
  );
  return single.length >= 4 && single.length <= 8 ? single : [];
}

/** Whether a picture to be read stands beside a field. */
function hasPicture(input: HTMLInputElement): boolean {
  let at: Element | null = input.parentElement;
  for (let level = 0; level < 3 && at; level++, at = at.parentElement) {
    if (at.querySelectorAll('input:not([type=hidden])').length > 1) return false;
    const picture = at.querySelector('img, canvas');
    if (
      picture &&
      /captcha|verif|valid|code|rand|kaptcha|check|blob:|data:/i.test(attributes(picture, 'src', 'id', 'class', 'alt'))
    )
      return true;
  }
  return false;
}

function judgeField(input: HTMLInputElement, shape: readonly string[], hides: boolean): Field {
  const place: Record<FieldPlace, string> = {
    autocomplete: (input.getAttribute('autocomplete') ?? '').toLowerCase(),
    type: input.type,
    own: tidy(attributes(input, 'name', 'id', 'data-name', 'formcontrolname', 'ng-model', 'data-testid', 'data-test')),
    label: tidy(labelOf(input), 300),
    near: '',
    shape: shape.join(' '),
  };
  if (place.label === '') place.near = tidy(nearOf(input));
  const { scores, reasons } = weigh(hides ? PASSWORD_FIELD : TEXT_FIELD, place);
  const best = highest(scores);
  return {
    element: input,
    kind: best && best.score >= (hides ? 1 : best.kind === 'code' ? 9 : 4) ? best.kind : 'other',
    reasons,
  };
}

function findSubmit(
  box: Element,
  scene: Scene,
  last: HTMLInputElement | undefined,
): { submit: HTMLElement | undefined; says: string; beside: string } {
  const inside = pressablesOf(box, scene);
  const found = weighButtons(inside, scene, last);
  if (found.submit) return found;
  // Some pages leave the button outside the form: the nearest that says in words that it goes on.
  let outer = parentOf(box);
  for (let level = 0; level < 5 && outer; level++, outer = parentOf(outer)) {
    const around = outer;
    const loose = scene.pressables.filter(
      (element) => !formOf(element) && !inside.includes(element) && surrounds(around, element),
    );
    const near = weighButtons(
      loose.filter((element) => wordOf('signIn', pressText(element)) || wordOf('next', pressText(element))),
      scene,
      last,
    );
    if (near.submit) return { submit: near.submit, says: found.says || near.says, beside: found.beside };
  }
  return found;
}

const pressablesOf = (box: Element, scene: Scene): HTMLElement[] =>
  scene.pressables.filter((element) => {
    const owner = (element as HTMLButtonElement).form;
    return owner && isForm(box) ? owner === box : surrounds(box, element);
  });

function weighButtons(
  pressables: readonly HTMLElement[],
  scene: Scene,
  last: HTMLInputElement | undefined,
): { submit: HTMLElement | undefined; says: string; beside: string } {
  const at = last ? (scene.order.get(last) ?? 0) : 0;
  const all: string[] = [];
  let best: { element: HTMLElement; score: number } | undefined;
  let main: { says: string; score: number } | undefined;
  for (const element of pressables) {
    const text = pressText(element);
    const own = tidy(attributes(element, 'id', 'name', 'class', 'data-testid', 'src', 'alt'), 200);
    const isSubmit = isInput(element)
      ? /^(submit|image)$/.test(element.type)
      : element.getAttribute('type') === 'submit' ||
        (isButton(element) && element.type === 'submit' && Boolean(element.form));
    const presses = isButton(element) || element.getAttribute('role') === 'button' || isSubmit;
    const shape = [
      isSubmit && 'submit',
      presses && 'button',
      (scene.order.get(element) ?? 0) > at && 'after',
      /\bprimary\b|\bsubmit\b|\blogin\b/.test(own) && 'primary',
    ].filter(Boolean);
    const { scores } = weigh(BUTTON, { text: text || own, shape: shape.join(' ') });
    if (!isDrawn(element)) continue;
    const score = scores.get('go') ?? 0;
    const weight = scores.get('main') ?? 0;
    if (presses || score >= 12) {
      all.push(text || own);
      if (weight > 0 && (!main || weight > main.score)) main = { says: text || own, score: weight };
    }
    // What is no button must say plainly that it signs in.
    if (score >= (presses ? 5 : 12) && (!best || score > best.score)) best = { element, score };
  }
  const says = main?.says ?? '';
  return { submit: best?.element, says, beside: all.filter((one) => one !== says).join(' | ') };
}

const headingOf = (box: Element): string => {
  const inside = [...box.querySelectorAll('h1, h2, h3, h4, h5, h6, legend, [role=heading], caption, th[colspan]')];
  if (inside.length > 0) return inside.map((one) => textOf(one, 20)).join(' ');
  let at: Element | null = box;
  for (let level = 0; level < 5 && at; level++, at = parentOf(at)) {
    for (let before: Element | null = at.previousElementSibling; before; before = before.previousElementSibling) {
      const heading = before.matches('h1, h2, h3, h4, h5, h6')
        ? before
        : before.querySelector('h1, h2, h3, h4, h5, h6');
      if (heading) return textOf(heading, 20);
    }
  }
  return attributes(box, 'aria-label', 'title');
};

function judgeForm(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Form {
  const hiding = inputs.filter((input) => isPassword(input) || isRevealed(input));
  const boxes = boxesOf(inputs);
  const plain = inputs.filter((input) => !hiding.includes(input) && !boxes.includes(input));
  const firstPassword = hiding.find((input) => !boxes.includes(input));
  const lastBefore = plain.filter(
    (input) => firstPassword && (scene.order.get(input) ?? 0) < (scene.order.get(firstPassword) ?? 0),
  );
  // "We sent you a code" mostly stands above the form.
  const isSent = wordOf('sent', tidy(textOf(parentOf(box) ?? box, 400), 800)) !== undefined;
  const fields = inputs.map((input) => {
    const shape = shapeOf(input);
    if (boxes.includes(input)) shape.push('box');
    if (input === lastBefore.at(-1)) shape.push('before-password');
    if (plain.length === 1 && plain[0] === input) shape.push('only-text');
    if (firstPassword) shape.push('with-password');
    if (isSent && !firstPassword) shape.push('sent');
    if (plain.includes(input) && hasPicture(input)) shape.push('picture');
    return judgeField(input, shape, hiding.includes(input));
  });
  const of = (kind: FieldKind) => fields.filter((field) => field.kind === kind).map(({ element }) => element);
  const passwords = hiding.filter((input) =>
    fields.some((f) => f.element === input && (f.kind === 'password' || f.kind === 'fresh')),
  );
  const scoreOf = (input: HTMLInputElement, kind: FieldKind) =>
    fields
      .find(({ element }) => element === input)
      ?.reasons.reduce((sum, reason) => sum + (reason.is === kind ? reason.weight : 0), 0) ?? 0;
  const currents = passwords.filter((input) => of('password').includes(input) && scoreOf(input, 'password') >= 50);
  const code = of('code');
  const names = of('name');
  const others = scene.others.filter(
    (element) => surrounds(box, element) || (element as HTMLInputElement).form === box,
  );
  const checks = others.filter((element) => (element as HTMLInputElement).type === 'checkbox');
  const { submit, says, beside } = findSubmit(box, scene, inputs.at(-1));

  const personal = fields.filter((field) =>
    field.reasons.some(({ is, found }) => is === 'other' && found !== ''),
  ).length;
  // One field, and it asks for a name to sign in with, not for any address.
  const [only] = inputs.length === 1 ? fields : [];
  const isNameAlone =
    only?.kind === 'name' && only.reasons.some(({ in: place, found }) => place === 'label' && wordOf('name', found));
  const shape = [
    `passwords-${passwords.length}`,
    `texts-${plain.length}`,
    `fresh-${of('fresh').length}`,
    `current-${currents.length || (passwords.length === 1 && of('password').length === 1 ? 0 : 0)}`,
    passwords.some((input) => /current-password/.test(input.autocomplete)) ? 'current-1' : '',
    currents.length > 0 && passwords.length > 1 ? 'sets' : '',
    passwords.length >= 3 ? 'sets' : '',
    inputs.some((input) => /\busername\b/.test(input.autocomplete)) ? 'username' : '',
    isNameAlone ? 'asks-name' : '',
    `personal-${personal}`,
    code.length > 0 ? 'code' : '',
    fields.some((field) =>
      field.reasons.some(({ is, in: place, weight }) => is === 'other' && weight >= 30 && place !== 'type'),
    )
      ? 'card'
      : '',
    others.some((element) => element.localName === 'textarea' && isDrawn(element)) ? 'textarea' : '',
    inputs.some((input) => input.type === 'search') || box.getAttribute('role') === 'search' ? 'search' : '',
  ].join(' ');
  const place: Record<FormPlace, string> = {
    button: says,
    beside,
    own: tidy(attributes(box, 'id', 'name', 'class', 'action', 'aria-label', 'data-testid'), 300),
    heading: tidy(headingOf(box), 300),
    text: tidy(textOf(box, 400), 1500),
    link: tidy([...box.querySelectorAll('a, button')].map((link) => textOf(link, 20)).join(' '), 500),
    shape,
    page: tidy(`${box.ownerDocument.title} ${box.ownerDocument.location.pathname}`, 200),
  };
  const { scores, reasons } = weigh(FORM, place);
  const form: Form = {
    kind: 'other',
    step: undefined,
    box,
    fields,
    name: undefined,
    password: undefined,
    fresh: [],
    code,
    codeIsSent:
      isSent ||
      wordOf('sent', place.text) !== undefined ||
      code.some((input) =>
        /\b(e ?mail|sms|phone|mobile)\b/.test(tidy(`${attributes(input, 'name', 'id')} ${labelOf(input)}`)),
      ),
    tenant: undefined,
    remember: checks.filter((check) =>
      wordOf('remember', tidy(`${labelOf(check)} ${attributes(check, 'name', 'id')} ${nearOf(check)}`)),
    ),
    submit,
    score: 0,
    reasons,
  };
  return kindOf(form, scores, passwords, currents, names, others, plain);
}

/** Settles what the form is for, and by that which password and which name are meant. */
function kindOf(
  form: Form,
  scores: Map<FormKind, number>,
  passwords: readonly HTMLInputElement[],
  currents: readonly HTMLInputElement[],
  names: readonly HTMLInputElement[],
  others: readonly HTMLElement[],
  plain: readonly HTMLInputElement[],
): Form {
  const best = highest(scores);
  const score = (kind: FormKind) => scores.get(kind) ?? 0;
  const kind: Form['kind'] = best && best.score >= 8 ? best.kind : 'other';
  const result: Form = { ...form, kind, score: best?.score ?? 0 };
  const freshOf = (input: HTMLInputElement) =>
    form.fields.some((field) => field.element === input && field.kind === 'fresh');

  if (passwords.length >= 2 && (currents.length > 0 || passwords.length >= 3)) {
    const current = currents[0] ?? passwords.find((input) => !freshOf(input));
    return {
      ...result,
      kind: kind === 'sign-up' && currents.length === 0 ? 'sign-up' : 'change-password',
      password: current,
      fresh: passwords.filter((input) => input !== current),
    };
  }
  const [password] = passwords;
  // Two that both say nothing, under a button that signs in: a field and its twin for showing what was typed.
  const twins = kind === 'sign-in' && !passwords.some(freshOf);
  if (passwords.length === 2 && !twins) return { ...result, fresh: passwords };
  if (password) {
    // A sign-in form that asks browsers not to fill it says "new"; then its button has to say what it is.
    const said = form.reasons.some(
      ({ is, in: place }) => is === 'sign-in' && (place === 'button' || place === 'heading'),
    );
    const setting = freshOf(password) ? kind !== 'sign-in' || !said : score('sign-in') < score('sign-up');
    if (setting || (kind !== 'sign-in' && score('sign-in') + 4 < (best?.score ?? 0)))
      return {
        ...result,
        fresh:
          kind === 'sign-up' || kind === 'reset' || kind === 'change-password'
            ? [password]
            : freshOf(password)
              ? [password]
              : [],
      };
    const name = nameFor(password, form, names, plain);
    return stepOf({ ...result, kind: 'sign-in', password, name }, others);
  }
  if (form.code.length > 0 && kind === 'code') return { ...result, step: form.codeIsSent ? undefined : 'code' };
  const said = names.find((input) =>
    form.fields.some(
      ({ element, reasons }) =>
        element === input && reasons.some(({ is, in: place }) => is === 'name' && place !== 'shape'),
    ),
  );
  // A lone name under "Next" may begin a sign-up just as well: then words have to say which it is.
  const plainly = form.reasons.some(({ is, found }) => is === 'sign-in' && wordOf('signIn', found) !== undefined);
  if (kind === 'sign-in' && said && score('sign-in') >= 11 && (plainly || score('sign-up') < 5))
    return stepOf({ ...result, name: said }, others);
  return result;
}

/** The name that belongs to a password: best evidence, then nearest before it. */
function nameFor(
  password: HTMLInputElement,
  form: Form,
  names: readonly HTMLInputElement[],
  plain: readonly HTMLInputElement[],
): HTMLInputElement | undefined {
  const weight = (input: HTMLInputElement) =>
    form.fields
      .find(({ element }) => element === input)
      ?.reasons.reduce((sum, { is, weight }) => sum + (is === 'name' ? weight : 0), 0) ?? 0;
  const before = (input: HTMLInputElement) =>
    Boolean(input.compareDocumentPosition(password) & Node.DOCUMENT_POSITION_FOLLOWING);
  const best = [...names].sort((a, b) => weight(b) + (before(b) ? 4 : 0) - weight(a) - (before(a) ? 4 : 0))[0];
  if (best) return best;
  // The one field before a password is its name, whatever it is called: a domain, a card's number.
  const [only, second] = plain;
  const isName =
    only &&
    !second &&
    before(only) &&
    form.fields.every(
      ({ element, kind, reasons }) =>
        element !== only || (kind !== 'code' && !reasons.some(({ found }) => wordOf('search', found))),
    );
  return isName ? only : undefined;
}

/** What a sign-in would do in this form. */
function stepOf(form: Form, others: readonly HTMLElement[]): Form {
  const fields = form.fields.filter(({ kind }) => kind === 'tenant').map(({ element }) => element);
  const selects = others.filter(
    (element): element is HTMLSelectElement =>
      isSelect(element) &&
      wordOf('tenant', tidy(`${labelOf(element)} ${attributes(element, 'name', 'id')}`)) !== undefined,
  );
  return {
    ...form,
    step: form.password ? (form.name ? 'sign-in' : 'password') : 'name',
    tenant: fields[0] ?? selects[0],
  };
}

const RANK: Record<Step, number> = { 'sign-in': 3, password: 2, name: 1, code: 2 };

/**
 * What a document asks for, form by form, the one that a sign-in should take up first. Pure: looks and changes nothing.
 * @param document whose light DOM, shadow trees and frames of the same origin are looked through
 * @param trees takes up the trees that were looked through
 */
export function recognise(document: Document, trees: (Document | ShadowRoot)[] = []): Form[] {
  const scene = survey(document, trees);
  const forms = [...groups(scene)].map(([box, inputs]) => judgeForm(box, inputs, scene));
  // A checkout asks for an address to write to, too.
  const pays = forms.some(({ kind }) => kind === 'payment');
  return forms
    .map((form) => (pays && form.step === 'name' ? { ...form, step: undefined } : form))
    .sort((a, b) => (b.step ? RANK[b.step] * 100 : 0) + b.score - (a.step ? RANK[a.step] * 100 : 0) - a.score);
}
