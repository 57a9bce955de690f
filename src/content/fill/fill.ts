// Filling: puts values where a plan says, as a person would, and presses the button once. Runs in the extension's isolated
// world, where prototypes are the browser's own, whatever the page has done to its copies.
import type { FillOrder, FillReport } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { formOf } from '../recognise/scene.ts';
import { isSeen } from '../recognise/seen.ts';
import { isInput } from '../recognise/tree.ts';
import { appears, nextFrame } from '../wait.ts';
import { check, findAgain, settled } from './check.ts';
import type { Guard } from './guard.ts';
import { Refused } from './refused.ts';
import { doNotStay, isAwake, leave, press, put, type, typeByCommand } from './typing.ts';
import { matches, type Value, valuesFor } from './values.ts';

/** A page that keeps us waiting for so long shows a dialog of its own: the background has given the fill up by then. */
const SILENT_MS = 5_000;
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
  /** To be called before each step. @throws Refused when the fill is over */
  goOn: () => void;
}

/** Types every value, and looks whether it stays. */
async function enter(filling: Filling): Promise<void> {
  const { order, mark, form, values, guard } = filling;
  const give = (value: Value, by: typeof type) => {
    // Whatever was typed last, the page may have answered with a dialog.
    filling.goOn();
    guard.hold(value);
    by(value);
  };
  for (const value of values) {
    if (!value.field.isConnected) continue;
    if (!isSeen(value.field)) {
      // One that rests until it is entered: only what is seen then is typed into.
      const wakes = () => appears(() => isSeen(value.field) || undefined, WAKE_WAIT_MS);
      value.field.focus({ preventScroll: true });
      // In a window that a person is not in, such as one below our popup, no focus shows: there a letter that says nothing wakes it.
      if (!(await wakes()) && isInput(value.field) && !form.code[1]) {
        guard.hold(value);
        put('0', value.field);
        await wakes();
      }
      check(form, [value], order, mark);
    }
    give(value, type);
  }
  // A framework may have drawn the field anew at the first letter: whatever stands there now is looked at and filled again.
  for (let again = 0; again < 3; again++) {
    await nextFrame();
    // Sent by the page itself, which may be on its way out already.
    if (guard.sent) return;
    filling.goOn();
    const now = findAgain(values);
    const wrong = (now ? valuesFor(now, order) : values).filter((value) => value.field.isConnected && !matches(value));
    if (wrong.length === 0) return;
    // What stands there now may be another form: it is looked at like the first.
    check(now ?? form, wrong, order, mark);
    for (const value of wrong) give(value, again === 0 ? type : typeByCommand);
  }
}

/** Whether the page has gone on by itself: has sent the form, has taken the code away, or asks for what comes after it. @param now what it asks for */
const isSent = ({ form, values, guard }: Filling, now?: Form) =>
  guard.sent ||
  (form.step === 'code' && !values.some(({ field }) => field.isConnected && field.value)) ||
  (now?.step && now.step !== form.step && (form.step === 'name' || now.step === 'code'));

/** Whether a form asks for what was filled in, and it stands there: as it was given, or in the same field as the page spells it. */
const isAsFilled = ({ order, form, values }: Filling, now: Form): boolean =>
  now.step === form.step &&
  valuesFor(now, order).every(
    (value) => matches(value) || (value.field.value !== '' && values.some(({ field }) => field === value.field)),
  );

/** Presses the button once, unless the page has sent the form by itself. @returns whether it was sent: a button that sleeps is not pressed */
async function send(filling: Filling): Promise<boolean> {
  const { order, form, values } = filling;
  // Fields for a code often send themselves when the last digit is in; a second time would be one too many.
  if (order.otp && !isSent(filling)) await nextFrame();
  if (isSent(filling)) return true;
  leave(
    values.map(({ field }) => field),
    form.submit,
  );
  const left = performance.now();
  const pressed = new WeakSet<Element>();
  const isDone = await appears(() => {
    filling.goOn();
    const now = findAgain(values);
    // Some send themselves only after a while, with the button asleep.
    if (isSent(filling, now)) return true;
    if (!now?.sends || !isAsFilled(filling, now)) return undefined;
    if (!doNotStay(now, pressed)) return undefined;
    const { submit } = now;
    if (submit ? !isAwake(submit) : !formOf(now.box) && performance.now() - left < ENTER_WAIT_MS) return undefined;
    // What the page asked for meanwhile is not sent by this. A code may have been, with its last letter, of which not every page tells.
    if (!order.otp) filling.guard.traffic.begin();
    press(now, values.at(-1)?.field ?? document.body);
    return true;
  }, BUTTON_WAIT_MS);
  return isDone ?? false;
}

/**
 * Fills the step that this document asks for and submits it once.
 * Everything that the phone confirmed is checked in the same task as the fill: the document by its mark, the origin, the
 * fields' visibility, where the form would be sent.
 * @param order what to put in, and the document and origin that it is meant for
 * @param guard of this document: stays over what was filled in
 * @param over aborted when the document is left, or another fill begins in it
 */
export async function fill(order: FillOrder, mark: string, guard: Guard, over: AbortSignal): Promise<FillReport> {
  let at = performance.now();
  const goOn = () => {
    const now = performance.now();
    if (over.aborted || now - at > SILENT_MS) throw new Refused('page-left');
    if (guard.stopped) throw new Refused(guard.stopped);
    at = now;
  };
  guard.begin(order.otp !== '', order.sendsTo);
  try {
    const { form, values } = await settled(order, mark, goOn);
    check(form, values, order, mark);
    const filling: Filling = { order, mark, form, values, guard, goOn };
    await enter(filling);
    // A new password, and one that is only asked for again, is looked at by the person, who sends it.
    const done =
      !order.newPassword && (form.sends || form.step === 'code') && (await send(filling)) ? 'filled' : 'entered';
    if (guard.stopped) throw new Refused(guard.stopped);
    if (order.newPassword) return { done: 'entered', step: 'new' };
    if (form.kind === 'confirm') return { done: 'entered', step: 'again' };
    return { done, step: form.step ?? 'sign-in' };
  } catch (error) {
    guard.release();
    // An error of the browser's or ours must not pass for a document that has gone: that counts as sent.
    return { done: 'not-filled', code: error instanceof Refused ? error.message : 'no-form' };
  }
}
