// Recognition: one pure function from a document to what it asks for. Where to add what: a word in words.ts, a signal with
// its weight in signals.ts, a kind of form or a step of a sign-in in settle.ts.
import type { Step } from '../../extension/page-api.ts';
import type { Form } from './form.ts';
import { groups } from './groups.ts';
import { judgeForm } from './judge-form.ts';
import { survey } from './scene.ts';

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
