// Finds the form that an order is for, and looks at everything that may have changed since the phone confirmed it.
import type { FillOrder } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { findNewPasswordForm } from '../recognise/new-password.ts';
import { recognise } from '../recognise/recognise.ts';
import { isPlaced } from '../recognise/seen.ts';
import { isDiverted } from '../recognise/target.ts';
import { upwards } from '../recognise/tree.ts';
import { change, nextFrame } from '../wait.ts';
import { Refused } from './refused.ts';
import { hasRoom, type Value, valuesFor } from './values.ts';

/** How long a form may take to appear, and one that is there to come into sight, with the page at work all the while. */
const FORM_WAIT_MS = 3_000;
const SIGHT_WAIT_MS = 5_000;
/** A page that nothing has moved in for so many glances shows what it will show: on a busy machine a glance takes as long as it takes. */
const STILL_GLANCES = 10;
const GLANCE_MS = 100;

interface Found {
  form: Form;
  values: readonly Value[];
}

/** The forms that an order has something for, the one that it is for first. */
function findFor(order: FillOrder): Found[] {
  const forms = recognise(document);
  const setting = findNewPasswordForm(forms);
  const meant = order.newPassword ? (setting ? [setting] : []) : forms.filter(({ step }) => step);
  return meant.map((form) => ({ form, values: valuesFor(form, order) })).filter(({ values }) => values.length > 0);
}

/** The form that holds what was filled in as it stands now, or what a framework has drawn in its place. */
export function findAgain(values: readonly Value[]): Form | undefined {
  const forms = recognise(document);
  const isOurs = ({ element }: Form['fields'][number]) => values.some(({ field }) => field === element);
  return forms.find(({ fields }) => fields.some(isOurs)) ?? forms.find(({ step }) => step);
}

const isInSight = ({ values }: Found): boolean => values.every(({ field }) => isPlaced(field));

/** Everything that may change under our hands is looked at here, in the task that fills. */
export function check(form: Form, values: readonly Value[], order: FillOrder, mark: string): void {
  const isFrame = top !== window;
  if (order.mark !== mark || window.origin !== order.origin || isFrame !== order.frame) throw new Refused('page-left');
  if (values.length === 0) throw new Refused('no-form');
  if (!isInSight({ form, values })) throw new Refused('covered');
  if (!values.every(hasRoom)) throw new Refused('does-not-fit');
  const fields = values.map(({ field }) => field);
  if (isDiverted(form, fields, order.sendsTo)) throw new Refused('origin-mismatch');
}

/** The form of an order that a person sees: waits for it as long as the page moves. Others than the one that it is for only when that one stays out of sight. */
async function comesIntoSight(order: FillOrder, goOn: () => void): Promise<Found> {
  const start = performance.now();
  for (let still = 0; ; ) {
    goOn();
    const found = findFor(order);
    const isOver = performance.now() - start > (found.length > 0 ? SIGHT_WAIT_MS : FORM_WAIT_MS);
    const isStill = found.length > 0 && still > STILL_GLANCES;
    const seen = found.find((one) => (isOver || isStill || one.form.step === found[0]?.form.step) && isInSight(one));
    if (seen) return seen;
    if (isOver || isStill) throw new Refused(found.length > 0 ? 'covered' : 'no-form');
    // Shadow trees and frames do not tell that they changed.
    const changed = await change(GLANCE_MS);
    // What moves within a component is told by its own elements alone.
    const moving = [document, ...upwards(found[0]?.values[0]?.field ?? document.body)];
    const isMoving = moving.some((at) => at.getAnimations().some(({ playState }) => playState === 'running'));
    still = isMoving || changed ? 0 : still + 1;
  }
}

/** Two frames of the page, at least one apart, that both show the same fields to a person. @param goOn throws once the fill is over */
export async function settled(order: FillOrder, mark: string, goOn: () => void): Promise<Found> {
  const { form, values } = await comesIntoSight(order, goOn);
  check(form, values, order, mark);
  await nextFrame();
  goOn();
  const again = findFor(order).find((one) => one.form.step === form.step && isInSight(one));
  if (!again) throw new Refused('covered');
  return again;
}
