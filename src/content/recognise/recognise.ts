// Recognition: one pure function from a document to what it asks for. Where to add what: a word in words.ts, a signal with
// its weight in signals.ts, a kind of form or a step of a sign-in in settle.ts.
import type { Step } from '../../extension/page-api.ts';
import type { Form } from './form.ts';
import { groups } from './groups.ts';
import { judgeForm } from './judge-form.ts';
import { formOf, isPassword, type Scene, survey } from './scene.ts';
import { hasPlace, isBelow } from './seen.ts';
import { rectOf } from './tree.ts';

const RANK: Record<Step, number> = { 'sign-in': 3, password: 2, name: 1, code: 2 };

/** Whether nobody sees a field: it is see-through, and no place is drawn for it, or beside the page. */
function isUnseen(field: HTMLElement): boolean {
  if (!field.checkVisibility({ opacityProperty: true })) return !hasPlace(field);
  const { right, bottom } = rectOf(field);
  return right + scrollX <= 0 || bottom + scrollY <= 0;
}

/** A scene without the passwords that nobody sees beside a field that everybody does: they wait for what browsers have kept. */
function withoutHelpers(scene: Scene): Scene {
  const unseen = scene.inputs.filter((input) => isPassword(input) && isUnseen(input));
  if (unseen.length === 0) return scene;
  const isBeside = (one: Element) =>
    scene.inputs.some((input) => !isPassword(input) && formOf(input) === formOf(one) && !isUnseen(input));
  const helpers = unseen.filter(isBeside);
  return { ...scene, inputs: scene.inputs.filter((input) => !helpers.includes(input)) };
}

/**
 * What a document asks for, form by form, the one that a sign-in should take up first. Pure: looks and changes nothing.
 * @param document whose light DOM, shadow trees and frames of the same origin are looked through
 * @param trees takes up the trees that were looked through
 */
export function recognise(document: Document, trees: (Document | ShadowRoot)[] = []): Form[] {
  const scene = withoutHelpers(survey(document, trees));
  const forms = [...groups(scene)].map(([box, inputs]) => judgeForm(box, inputs, scene));
  // A checkout asks for an address to write to, too.
  const pays = forms.some(({ kind }) => kind === 'payment');
  const worth = ({ step, score, box, fields }: Form): number => {
    const elements = fields.map(({ element }) => element);
    return step ? RANK[step] * 100 + score - (isBelow(box, elements) ? 1000 : 0) : score - 2000;
  };
  return forms
    .map((form) => (pays && form.step === 'name' ? { ...form, step: undefined } : form))
    .map((form) => ({ form, worth: worth(form) }))
    .sort((a, b) => b.worth - a.worth)
    .map(({ form }) => form);
}
