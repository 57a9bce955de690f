// Filling: puts values where a plan says, as a person would, and presses the button once. Runs in the extension's isolated
// world, where prototypes are the browser's own, whatever the page has done to its copies.
import type { FillOrder, FillReport } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { formOf } from '../recognise/scene.ts';
import { isSeen } from '../recognise/seen.ts';
import { isDiverted } from '../recognise/target.ts';
import { appears, nextFrame } from '../wait.ts';
import { check, findAgain, settled } from './check.ts';
import type { Guard } from './guard.ts';
import { Refused } from './refused.ts';
import { doNotStay, isAwake, leave, press, type, typeByCommand } from './typing.ts';
import { matches, type Value, valuesFor } from './values.ts';

/** How long a button may take to wake up, while a riddle is solved; to appear where Enter might do; a field to be drawn once it is entered. */
const BUTTON_WAIT_MS = 6_000;
const ENTER_WAIT_MS = 500;
const WAKE_WAIT_MS = 1_000;

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
    if (!isSeen(value.field)) {
      // One that rests until it is entered: only what is seen then is typed into.
      value.field.focus({ preventScroll: true });
      await appears(() => isSeen(value.field) || undefined, WAKE_WAIT_MS);
      refuseIfOver(filling);
      check(form, [value], order, mark);
    }
    guard.hold(value);
    type(value);
  }
  // A framework may have drawn the field anew at the first letter: whatever stands there now is looked at and filled again.
  for (let again = 0; again < 3; again++) {
    await nextFrame();
    // Sent by the page itself, which may be on its way out already.
    if (guard.sent) return;
    refuseIfOver(filling);
    const now = findAgain(values);
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

/** Whether the page has gone on by itself: has sent the form, has taken the code and its field away, or asks for more than the name. @param now what it asks for */
const isSent = ({ form, values, guard }: Filling, now?: Form): boolean =>
  guard.sent ||
  (form.step === 'code' && !values.some(({ field }) => field.isConnected)) ||
  (form.step === 'name' && now?.step !== undefined && now.step !== 'name');

/** Presses the button once, unless the page has sent the form by itself. @returns whether it was sent: a button that sleeps is not pressed */
async function send(filling: Filling): Promise<boolean> {
  const { order, form, values } = filling;
  // Fields for a code often send themselves when the last digit is in; a second time would be one too many.
  if (order.otp && !isSent(filling)) await nextFrame();
  if (isSent(filling)) return true;
  const fields = values.map(({ field }) => field);
  leave(fields, form.submit);
  const left = performance.now();
  const pressed = new WeakSet<Element>();
  const ready = await appears(() => {
    const now = findAgain(values);
    // Some send themselves only after a while, with the button asleep.
    if (isSent(filling, now)) return 'sent';
    if (!now?.sends || !doNotStay(now, pressed)) return undefined;
    const { submit } = now;
    const isReady = submit
      ? isAwake(submit)
      : formOf(now.box) !== undefined || performance.now() - left > ENTER_WAIT_MS;
    return isReady ? now : undefined;
  }, BUTTON_WAIT_MS);
  refuseIfOver(filling);
  if (ready === 'sent') return true;
  if (isDiverted(ready ?? form, fields, order.sendsTo)) throw new Refused('origin-mismatch');
  if (ready) press(ready, values.at(-1)?.field ?? document.body);
  return ready !== undefined;
}

async function fillForm(order: FillOrder, mark: string, guard: Guard, left: AbortSignal): Promise<FillReport> {
  const { form, values } = await settled(order, mark);
  if (left.aborted) throw new Refused('page-left');
  check(form, values, order, mark);
  guard.begin(order.otp !== '', order.sendsTo);
  const filling: Filling = { order, mark, form, values, guard, left };
  try {
    await enter(filling).catch((error) => {
      throw error instanceof Refused ? error : new Refused('no-form');
    });
    // A new password, and one that is only asked for again, is looked at by the person, who sends it.
    const done = !order.newPassword && form.sends && (await send(filling)) ? 'filled' : 'entered';
    if (guard.stopped) throw new Refused(guard.stopped);
    return order.newPassword ? { done: 'entered', step: 'new' } : { done, step: form.step ?? 'sign-in' };
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
    if (error instanceof Refused) return { done: 'not-filled', code: error.message };
    throw error;
  } finally {
    over.abort();
  }
}
