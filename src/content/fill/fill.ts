// Filling: puts values where a plan says, as a person would, and presses the button once. Runs in the extension's isolated
// world, where prototypes are the browser's own, whatever the page has done to its copies.
import type { FillOrder, FillReport } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { isInput } from '../recognise/tree.ts';
import { appears, nextFrame } from '../wait.ts';
import { check, findFor, findStep, settled } from './check.ts';
import { Refused } from './refused.ts';
import { divertedBy, type Sending, watchSending } from './target.ts';
import { doNotStay, press, type, typeByCommand } from './typing.ts';
import { matches, type Value, valuesFor } from './values.ts';

/** How long a button may take to wake up, with the page at work all the while. */
const BUTTON_WAIT_MS = 2_000;

const isReady = (form: Form): boolean =>
  !form.submit || (!form.submit.matches(':disabled') && form.submit.getAttribute('aria-disabled') !== 'true');

/** One fill from its first look to its end. */
interface Filling {
  order: FillOrder;
  mark: string;
  form: Form;
  values: readonly Value[];
  /** Fields that were typed into: emptied again if the fill has to be given up. */
  touched: Set<Value['field']>;
  sending: Sending;
  /** Whether this document was left meanwhile: one that is frozen and shown again ("back") does not go on with what it began. */
  left: AbortSignal;
}

function refuseIfLeft({ left }: Filling): void {
  if (left.aborted) throw new Refused('page-left');
}

/** Types every value, and looks whether it stays. */
async function enter(filling: Filling): Promise<void> {
  const { order, mark, form, values, touched, sending } = filling;
  for (const value of values) {
    if (!value.field.isConnected) continue;
    touched.add(value.field);
    type(value);
  }
  // A framework may have drawn the field anew at the first letter: whatever stands there now is looked at and filled again.
  for (let again = 0; again < 3; again++) {
    await nextFrame();
    // Sent by the page itself, which may be on its way out already.
    if (sending.sent) return;
    refuseIfLeft(filling);
    const now = findFor(order);
    const wrong = (now ? valuesFor(now, order) : values).filter((value) => value.field.isConnected && !matches(value));
    if (wrong.length === 0) return;
    // What stands there now may be another form: it is looked at like the first.
    check(now ?? form, wrong, order, mark);
    for (const value of wrong) {
      touched.add(value.field);
      if (again === 0) type(value);
      else typeByCommand(value);
    }
  }
}

/** Presses the button once, unless the page has sent the form by itself. */
async function send(filling: Filling): Promise<void> {
  const { order, form, values, sending } = filling;
  // Fields for a code often send themselves when the last digit is in; a second time would be one too many.
  if (order.otp && !sending.sent) await nextFrame();
  if (!sending.sent && (form.step !== 'code' || values.some(({ field }) => field.isConnected))) {
    const ready = await appears(() => {
      const now = findStep();
      return now && isReady(now) ? now : undefined;
    }, BUTTON_WAIT_MS);
    const final = ready ?? form;
    refuseIfLeft(filling);
    if (window.origin !== order.origin || divertedBy(final, order.origin) || sending.diverted)
      throw new Refused('origin-mismatch');
    doNotStay(final);
    press(final, values.at(-1)?.field ?? document.body);
  }
  if (sending.diverted) throw new Refused('origin-mismatch');
}

async function fillForm(order: FillOrder, mark: string, over: AbortController): Promise<FillReport> {
  const hidden = new AbortController();
  window.addEventListener('pagehide', () => hidden.abort(), { signal: over.signal });
  const { form, values } = await settled(order, mark);
  if (hidden.signal.aborted) throw new Refused('page-left');
  check(form, values, order, mark);
  const fields = values.map(({ field }) => field);
  const sending = watchSending(fields, order.origin, over.signal);
  setTimeout(() => over.abort(), BUTTON_WAIT_MS * 2);
  const filling: Filling = { order, mark, form, values, touched: new Set(), sending, left: hidden.signal };
  try {
    await enter(filling).catch((error) => {
      throw error instanceof Refused ? error : new Refused('no-form');
    });
    if (!order.newPassword) {
      await send(filling);
      return { done: 'filled', step: form.step ?? 'sign-in' };
    }
    // A new password is looked at by the person, who sends it.
    if (sending.diverted) throw new Refused('origin-mismatch');
    over.abort();
    return { done: 'filled', step: 'new' };
  } catch (error) {
    for (const field of filling.touched) if (isInput(field)) field.value = '';
    throw error;
  }
}

/**
 * Fills the step that this document asks for and submits it once.
 * Everything that the phone confirmed is checked in the same task as the fill: the document by its mark, the origin, the
 * fields' visibility, where the form would be sent.
 * @param order what to put in, and the document and origin that it is meant for
 */
export async function fill(order: FillOrder, mark: string): Promise<FillReport> {
  const over = new AbortController();
  try {
    return await fillForm(order, mark, over);
  } catch (error) {
    over.abort();
    if (error instanceof Refused) return { done: 'not-filled', code: error.code };
    throw error;
  }
}
