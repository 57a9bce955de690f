// Finds the form that an order is for, and looks at everything that may have changed since the phone confirmed it.
import type { FillOrder } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { findNewPasswordForm } from '../recognise/new-password.ts';
import { recognise } from '../recognise/recognise.ts';
import { isSeen } from '../recognise/visible.ts';
import { appears, nextFrame } from '../wait.ts';
import { Refused } from './refused.ts';
import { isDiverted } from './target.ts';
import { hasRoom, type Value, valuesFor } from './values.ts';

/** How long a form may take to appear, with the page at work all the while. */
const FORM_WAIT_MS = 3_000;

/** The form that a sign-in takes up here, if there is one. */
export const findStep = (): Form | undefined => {
  const [first] = recognise(document);
  return first?.step ? first : undefined;
};

/** The form that an order is for. */
export const findFor = ({ newPassword }: FillOrder): Form | undefined =>
  newPassword ? findNewPasswordForm(recognise(document)) : findStep();

/** Everything that may change under our hands is looked at here, in the task that fills. */
export function check(form: Form, values: readonly Value[], order: FillOrder, mark: string): void {
  const isFrame = window.top !== window;
  if (order.mark !== mark || window.origin !== order.origin || isFrame !== order.frame) throw new Refused('page-left');
  if (values.length === 0 || !values.every(({ field }) => isSeen(field))) throw new Refused('no-form');
  if (!values.every(hasRoom)) throw new Refused('does-not-fit');
  const fields = values.map(({ field }) => field);
  if (isDiverted(form, fields, order.origin)) throw new Refused('origin-mismatch');
}

/** Two frames of the page, at least one apart, that both show the same fields to a person. */
export async function settled(order: FillOrder, mark: string): Promise<{ form: Form; values: Value[] }> {
  const appeared = await appears(() => {
    const form = findFor(order);
    return form && valuesFor(form, order).length > 0 ? form : undefined;
  }, FORM_WAIT_MS);
  if (!appeared) throw new Refused('no-form');
  check(appeared, valuesFor(appeared, order), order, mark);
  await nextFrame();
  const form = findFor(order);
  if (!form) throw new Refused('no-form');
  return { form, values: valuesFor(form, order) };
}
