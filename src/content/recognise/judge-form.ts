// Judges a form as a whole: what is it there for?
import { findSubmit } from './buttons.ts';
import { judgeFields, type Parts } from './fields.ts';
import type { Field, Form } from './form.ts';
import { wordOf } from './matching.ts';
import type { Scene } from './scene.ts';
import { settle } from './settle.ts';
import { FORM, type FormPlace } from './signals.ts';
import { attributes, headingOf, labelOf, nearOf, textOf, tidy } from './texts.ts';
import { isSelect, parentOf } from './tree.ts';
import { isDrawn } from './visible.ts';
import { highest, weigh } from './weigh.ts';

/** What a form consists of, in words that signals look for. */
function shapeOfForm(box: Element, { fields, plain, passwords, currents, code, others }: Parts): string {
  const [only] = fields.length === 1 ? fields : [];
  const asksName =
    only?.kind === 'name' && only.reasons.some(({ in: place, found }) => place === 'label' && wordOf('name', found));
  const tokens = (pattern: RegExp) => (field: Field) => pattern.test(field.element.autocomplete);
  const isPersonal = ({ reasons }: Field) => reasons.some(({ is }) => is === 'other');
  const isCard = ({ reasons }: Field) =>
    reasons.some(({ is, in: place, weight }) => is === 'other' && weight >= 30 && place !== 'type');
  const isCurrent = currents.length > 0 || passwords.some(tokens(/current-password/));
  return [
    `passwords-${passwords.length} texts-${plain.length}`,
    `new-${fields.filter(({ kind }) => kind === 'new-password').length}`,
    `current-${isCurrent ? 1 : 0}`,
    passwords.length >= 3 || (passwords.length === 2 && currents.length > 0) ? 'sets' : '',
    fields.some(tokens(/\busername\b/)) ? 'username' : '',
    asksName ? 'asks-name' : '',
    `personal-${fields.filter(isPersonal).length}`,
    code.length > 0 ? 'code' : '',
    fields.some(isCard) ? 'card' : '',
    others.some((element) => element.localName === 'textarea' && isDrawn(element)) ? 'textarea' : '',
    fields.some(({ element }) => element.type === 'search') || box.getAttribute('role') === 'search' ? 'search' : '',
  ].join(' ');
}

/** What the form around `inputs` is there for, and what in it would be filled and pressed. @param box as `groups` finds it */
export function judgeForm(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Form {
  // "We sent you a code" mostly stands above the form.
  const isSent = wordOf('sent', tidy(textOf(parentOf(box) ?? box, 400), 800)) !== undefined;
  const parts = judgeFields(box, inputs, scene, isSent);
  const { fields, code, others } = parts;
  const buttons = findSubmit(box, scene, inputs.at(-1));
  const place: Record<FormPlace, string> = {
    button: buttons.says,
    beside: buttons.beside,
    own: tidy(attributes(box, 'id', 'name', 'class', 'action', 'aria-label', 'data-testid'), 300),
    heading: tidy(headingOf(box), 300),
    text: tidy(textOf(box, 400), 1500),
    link: tidy([...box.querySelectorAll('a, button')].map((link) => textOf(link, 20)).join(' '), 500),
    shape: shapeOfForm(box, parts),
    page: tidy(`${box.ownerDocument.title} ${box.ownerDocument.location.pathname}`, 200),
  };
  const { scores, reasons } = weigh(FORM, place);
  const own = (element: Element) => tidy(`${labelOf(element)} ${attributes(element, 'name', 'id')}`);
  const best = highest(scores);
  const form: Form = {
    kind: best && best.score >= 8 ? best.kind : 'other',
    step: undefined,
    box,
    fields,
    name: undefined,
    password: undefined,
    newPasswords: [],
    code: code.map(({ element }) => element),
    codeIsSent:
      isSent ||
      wordOf('sent', place.text) !== undefined ||
      code.some(({ element }) => /\b(e ?mail|sms|phone|mobile)\b/.test(own(element))),
    tenant:
      fields.find(({ kind }) => kind === 'tenant')?.element ??
      others.filter(isSelect).find((select) => wordOf('tenant', own(select))),
    remember: others.filter(
      (box) => (box as HTMLInputElement).type === 'checkbox' && wordOf('remember', `${own(box)} ${tidy(nearOf(box))}`),
    ),
    submit: buttons.submit,
    score: best?.score ?? 0,
    reasons,
  };
  return settle(form, parts, (kind) => scores.get(kind) ?? 0);
}
