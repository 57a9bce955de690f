// Filling: puts values where a plan says, as a person would, and presses the button once. Runs in the extension's isolated
// world, where prototypes are the browser's own, whatever the page has done to its copies.
import type { FillOrder, FillReport } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { appears, nextFrame } from '../wait.ts';
import { check, findFor, findStep, settled } from './check.ts';
import type { Guard } from './guard.ts';
import { Refused } from './refused.ts';
import { isDiverted } from './target.ts';
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
  guard: Guard;
  /** Whether this document was left meanwhile: one that is frozen and shown again ("back") does not go on with what it began. */
  left: AbortSignal;
}

/** Whatever ends a fill from outside. */
function refuseIfOver({ left, guard }: Filling): void {
  if (left.aborted) throw new Refused('page-left');
  if (guard.stopped) throw new Refused(guard.stopped);
}

/** Types every value, and looks whether it stays. */
async function enter(filling: Filling): Promise<void> {
  const { order, mark, form, values, guard } = filling;
  for (const value of values) {
    if (!value.field.isConnected) continue;
    guard.hold(value);
    type(value);
  }
  // A framework may have drawn the field anew at the first letter: whatever stands there now is looked at and filled again.
  for (let again = 0; again < 3; again++) {
    await nextFrame();
    // Sent by the page itself, which may be on its way out already.
    if (guard.sent) return;
    refuseIfOver(filling);
    const now = findFor(order);
    const wrong = (now ? valuesFor(now, order) : values).filter((value) => value.field.isConnected && !matches(value));
    if (wrong.length === 0) return;
    // What stands there now may be another form: it is looked at like the first.
    check(now ?? form, wrong, order, mark);
    for (const value of wrong) {
      guard.hold(value);
      if (again === 0) type(value);
      else typeByCommand(value);
    }
  }
}

/** Whether the page has sent the form by itself, or has taken the code and its field away. */
const isSent = ({ form, values, guard }: Filling): boolean =>
  guard.sent || (form.step === 'code' && !values.some(({ field }) => field.isConnected));

/** Presses the button once, unless the page has sent the form by itself. */
async function send(filling: Filling): Promise<void> {
  const { order, form, values } = filling;
  // Fields for a code often send themselves when the last digit is in; a second time would be one too many.
  if (order.otp && !isSent(filling)) await nextFrame();
  if (isSent(filling)) return;
  const ready = await appears(() => {
    const now = findStep();
    return now && isReady(now) ? now : undefined;
  }, BUTTON_WAIT_MS);
  const final = ready ?? form;
  refuseIfOver(filling);
  // Some only do so after a while, with the button asleep.
  if (isSent(filling)) return;
  const fields = values.map(({ field }) => field);
  if (window.origin !== order.origin || isDiverted(final, fields, order.origin)) throw new Refused('origin-mismatch');
  doNotStay(final);
  press(final, values.at(-1)?.field ?? document.body);
}

async function fillForm(order: FillOrder, mark: string, guard: Guard, left: AbortSignal): Promise<FillReport> {
  const { form, values } = await settled(order, mark);
  if (left.aborted) throw new Refused('page-left');
  check(form, values, order, mark);
  guard.begin(order.otp !== '');
  const filling: Filling = { order, mark, form, values, guard, left };
  try {
    await enter(filling).catch((error) => {
      throw error instanceof Refused ? error : new Refused('no-form');
    });
    // A new password, and one that is only asked for again, is looked at by the person, who sends it.
    if (!order.newPassword && form.sends) await send(filling);
    if (guard.stopped) throw new Refused(guard.stopped);
    return { done: 'filled', step: order.newPassword ? 'new' : (form.step ?? 'sign-in') };
  } catch (error) {
    guard.release();
    throw error;
  }
}

/**
 * Fills the step that this document asks for and submits it once.
 * Everything that the phone confirmed is checked in the same task as the fill: the document by its mark, the origin, the
 * fields' visibility, where the form would be sent.
 * @param order what to put in, and the document and origin that it is meant for
 * @param guard of this document: stays over what was filled in
 */
export async function fill(order: FillOrder, mark: string, guard: Guard): Promise<FillReport> {
  const over = new AbortController();
  const left = new AbortController();
  window.addEventListener('pagehide', () => left.abort(), { signal: over.signal });
  try {
    return await fillForm(order, mark, guard, left.signal);
  } catch (error) {
    if (error instanceof Refused) return { done: 'not-filled', code: error.code };
    throw error;
  } finally {
    over.abort();
  }
}
