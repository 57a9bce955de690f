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
import { attribute, closest, isSelect, own, parentOf, surrounds, upwards, within } from './tree.ts';
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
    reasons.some(({ is, found }) => is === 'other' && (found === 'cc-' || wordOf('card', found)));
  const isCurrent = currents.length > 0 || passwords.some(tokens(/current-password/));
  return [
    `passwords-${passwords.length} texts-${plain.length}`,
    `new-${fields.filter(({ kind }) => kind === 'new-password').length}`,
    `current-${isCurrent ? 1 : 0}`,
    (passwords.length >= 3 || (passwords.length === 2 && currents.length > 0)) && 'sets',
    fields.some(tokens(/\busername\b/)) && 'username',
    asksName && 'asks-name',
    `personal-${Math.min(fields.filter(isPersonal).length, 9)}`,
    code.length > 0 && 'code',
    !only && fields.some(isCard) && 'card',
    others.some((element) => element.localName === 'textarea' && isDrawn(element)) && 'textarea',
    (fields.some(({ element }) => element.type === 'search') || attribute(box, 'role') === 'search') && 'search',
  ].join(' ');
}

/** The parts of the page around a form, smallest first, that have no other fields in them: a few levels and a screen of text at most. */
function partsAround(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Element[] {
  const others = scene.inputs.filter((input) => !inputs.includes(input));
  const taken = new Set(others.flatMap((input) => [...upwards(input)]));
  const outer = [...upwards(box)].slice(1, 7);
  const end = outer.findIndex((at) => taken.has(at) || own(at, 'textContent').length > 3000);
  return [box, ...outer.slice(0, end < 0 ? 6 : end)];
}

/** Whether a part of the page says whose it is where a sign-in does: its first or second line is an address, and no link to write to. */
const isNamed = (part: Element): boolean =>
  own(part, 'innerText')
    .trim()
    .split(/\s*\n\s*/, 2)
    .some((line) => /^\S+@\S+\.\w+$/.test(line)) && !within(part, '[href^=mailto]')[0];

/** What the form around `inputs` is there for, and what in it would be filled and pressed. @param box as `groups` finds it */
export function judgeForm(box: Element, inputs: readonly HTMLInputElement[], scene: Scene): Form {
  const around = partsAround(box, inputs, scene);
  const heading = headingOf(box);
  const page = own(box, 'ownerDocument');
  const place: Record<FormPlace, string> = {
    button: '',
    own: tidy(attributes(box, 'id', 'name', 'class', 'action', 'aria-label', 'data-testid')),
    does: tidy(
      `${attributes(box, 'action')} ${(within(box, '[name=_method]')[0] as HTMLInputElement | undefined)?.value}`,
    ),
    heading: tidy(heading),
    text: tidy(textOf(box, 400), 1500),
    around: tidy(textOf(around.at(-1), 400), 1600),
    link: tidy(
      within(box, 'a, button')
        .map((link) => textOf(link, 20))
        .join(' '),
      500,
    ),
    shape: '',
    page: tidy(`${page.title} ${page.location.pathname}`),
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
  const isMoney = /[$€£¥₽₩]\s?\d|\d[.,]\d\d\s(?:€|[A-Z]{3}\b)/.test(heading + textOf(box, 400));
  const says = buttons.submit ? pressText(buttons.submit) : buttons.says;
  const shape = [
    shapeOfForm(box, parts),
    // Or it greets somebody by name.
    (around.some(isNamed) || (/^.{2,20}[,，、].{2,20}$/.test(heading) && wordOf('greets', place.heading))) && 'named',
    isMoney && 'money',
    says && !saysOn(says) && 'unsure',
    scene.isInside ? 'inside' : closest(inputs[0] ?? box, 'dialog, [role=dialog]') && 'dialog',
  ].join(' ');
  // What the button says is no word of what stands around it.
  const at = place.around.lastIndexOf(buttons.says);
  if (at > 0) place.around = place.around.slice(0, at) + place.around.slice(at + buttons.says.length);
  const { scores, reasons } = weigh(FORM, { ...place, button: buttons.says, shape });
  const named = (element: Element) => tidy(`${labelOf(element)} ${attributes(element, 'name', 'id')}`);
  // What stands against a sign-in is settled by itself.
  const [kind, score = 0] = highest([...scores].filter(([one]) => !/^(settings|danger|confirm)$/.test(one)));
  const form: Form = {
    kind: kind && score >= 8 ? kind : 'other',
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
          code.some(({ element }) => wordOf('phone', named(element)) ?? wordOf('email', named(element))))),
    tenant:
      fields.find(({ kind }) => kind === 'tenant')?.element ??
      others.filter(isSelect).find((select) => wordOf('tenant', named(select))),
    remember: staysIn(others),
    submit: buttons.submit,
    sends: buttons.isFree || buttons.submit !== undefined,
    buttons: buttons.all,
    score,
    reasons,
  };
  const settled = settle(form, parts, (kind) => scores.get(kind) ?? 0);
  // A customer number may be what one signs in with.
  return settled.tenant === settled.name ? { ...settled, tenant: undefined } : settled;
}
