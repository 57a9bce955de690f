// Judges a form as a whole: what is it there for?
import { findSubmit, saysOn } from './buttons.ts';
import { judgeFields, type Parts } from './fields.ts';
import type { Field, Form } from './form.ts';
import { wordOf } from './matching.ts';
import type { Scene } from './scene.ts';
import { settle } from './settle.ts';
import { FORM, type FormPlace } from './signals.ts';
import { staysIn } from './stay.ts';
import { attributes, headingOf, labelOf, pressText, textOf, tidy } from './texts.ts';
import { isSelect, parentOf, surrounds, upwards } from './tree.ts';
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
    reasons.some(({ is, found }) => is === 'other' && (found === 'cc-' || wordOf('card', found) !== undefined));
  const isCurrent = currents.length > 0 || passwords.some(tokens(/current-password/));
  return [
    `passwords-${passwords.length} texts-${plain.length}`,
    `new-${fields.filter(({ kind }) => kind === 'new-password').length}`,
    `current-${isCurrent ? 1 : 0}`,
    (passwords.length >= 3 || (passwords.length === 2 && currents.length > 0)) && 'sets',
    fields.some(tokens(/\busername\b/)) && 'username',
    asksName && 'asks-name',
    `personal-${fields.filter(isPersonal).length}`,
    code.length > 0 && 'code',
    !only && fields.some(isCard) && 'card',
    others.some((element) => element.localName === 'textarea' && isDrawn(element)) && 'textarea',
    (fields.some(({ element }) => element.type === 'search') || box.getAttribute('role') === 'search') && 'search',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The largest part of the page around a form that has no other fields in it, of a few levels and a screen of text at most. */
function aroundOf(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Element {
  const others = scene.inputs.filter((input) => !inputs.includes(input));
  const taken = new Set(others.flatMap((input) => [...upwards(input)]));
  let at = box;
  for (let level = 0; level < 6; level++) {
    const outer = parentOf(at);
    if (!outer || taken.has(outer)) break;
    if ((outer.textContent ?? '').length > 3000) break;
    at = outer;
  }
  return at;
}

/** What the form around `inputs` is there for, and what in it would be filled and pressed. @param box as `groups` finds it */
export function judgeForm(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Form {
  const around = textOf(aroundOf(box, inputs, scene), 400);
  const place: Record<FormPlace, string> = {
    button: '',
    own: tidy(attributes(box, 'id', 'name', 'class', 'action', 'aria-label', 'data-testid'), 300),
    does: tidy(
      [attributes(box, 'action'), box.querySelector<HTMLInputElement>('[name=_method]')?.value ?? ''].join(' '),
    ),
    heading: tidy(headingOf(box), 300),
    text: tidy(textOf(box, 400), 1500),
    around: tidy(around, 1600),
    link: tidy([...box.querySelectorAll('a, button')].map((link) => textOf(link, 20)).join(' '), 500),
    shape: '',
    page: tidy(`${box.ownerDocument.title} ${box.ownerDocument.location.pathname}`, 200),
  };
  // "We sent you a code" mostly stands above the form.
  const isSent = wordOf('sent', `${tidy(textOf(parentOf(box) ?? box, 400), 800)} ${place.text}`) !== undefined;
  const hides = inputs.some(({ type }) => type === 'password');
  const isSurvey = scene.others.filter((other) => surrounds(box, other)).length > 2;
  const isAbout =
    !isSurvey &&
    (['heading', 'around', 'page'] as const).some((at) => wordOf('code', place[at]) ?? wordOf('app', place[at])) &&
    (hides || [place.around, ...inputs.map((input) => tidy(labelOf(input)))].some((text) => wordOf('anyCode', text)));
  const parts = judgeFields(box, inputs, scene, { isAbout: isAbout && !wordOf('spare', place.heading), isSent });
  const { fields, code, others } = parts;
  const buttons = findSubmit(box, scene, inputs.at(-1));
  // Who is signing in is greeted, or stands there as an address.
  const isNamed = /[^\s@]@[^\s@]+\.\w/.test(around) || wordOf('greets', place.around) !== undefined;
  const isMoney = /[$€£¥₽₩]\s?\d|\d[.,]\d\d\s(?:€|[A-Z]{3}\b)/.test(headingOf(box) + textOf(box, 400));
  const says = buttons.submit ? pressText(buttons.submit) : buttons.says;
  const shape = [
    shapeOfForm(box, parts),
    isNamed ? 'named' : '',
    isMoney ? 'money' : '',
    says && !saysOn(says) ? 'unsure' : '',
    scene.isInside
      ? 'inside'
      : [...upwards(inputs[0] ?? box)].some((at) => at.matches('dialog, [role=dialog]'))
        ? 'dialog'
        : '',
  ].join(' ');
  // What the button says is no word of what stands around it.
  const at = place.around.lastIndexOf(buttons.says);
  if (at > 0) place.around = place.around.slice(0, at) + place.around.slice(at + buttons.says.length);
  const { scores, reasons } = weigh(FORM, { ...place, button: buttons.says, shape });
  const own = (element: Element) => tidy(`${labelOf(element)} ${attributes(element, 'name', 'id')}`);
  // What stands against a sign-in is settled by itself.
  const best = highest(new Map([...scores].filter(([kind]) => !/^(settings|danger|confirm)$/.test(kind))));
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
      (!wordOf('app', place.around) &&
        (wordOf('message', place.text) !== undefined ||
          code.some(({ element }) => wordOf('phone', own(element)) ?? wordOf('email', own(element))))),
    tenant:
      fields.find(({ kind }) => kind === 'tenant')?.element ??
      others.filter(isSelect).find((select) => wordOf('tenant', own(select))),
    remember: staysIn(others),
    submit: buttons.submit,
    sends: buttons.isFree || buttons.submit !== undefined,
    buttons: buttons.all,
    score: best?.score ?? 0,
    reasons,
  };
  const settled = settle(form, parts, (kind) => scores.get(kind) ?? 0);
  // A customer number may be what one signs in with.
  return settled.tenant === settled.name ? { ...settled, tenant: undefined } : settled;
}
