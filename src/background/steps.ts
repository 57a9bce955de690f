// The steps of a sign-in: fill what the page asks for, wait for what the page does, go on, and tell how it ended.
import type { Fault, FillOrder, FillReport, Look } from '../extension/page-api.ts';
import type { Clock } from '../protocol/clock.ts';
import type { Result } from '../protocol/outcomes.ts';
import { changed, fill, lookAt, type Page, type Place } from './page.ts';

/** Nothing new for this long ends it. */
const STILL_MS = 30_000;
const OUTCOME_MS = 15_000;
/** A form that has gone from the same document may only make way for the next step. */
const CALM_MS = 1_000;
/** Looks in a row that found no page to look at: it is where we may not look. */
const BLIND = 12;
/** Forms of one sign-in before the password: name, or company and then name. */
const STEPS = 3;

/** What a step is handed: everything of the credential that is still to be given. */
export type Given = Pick<FillOrder, 'username' | 'password' | 'extra' | 'otp'>;

export type Delivery =
  /** Sent, from this page. */
  | { done: 'filled'; page: Page }
  /** The site does not know the name, as this page says. */
  | { done: 'refused'; page: Page; text: string }
  | Extract<FillReport, { done: 'not-filled' }>
  | { done: 'not-filled'; code: 'step-blocked' };

/** What of a look tells that the page has moved. */
const traits = ({ look }: Page): string => [look.mark, look.step, look.alert, look.typed, look.loaded].join('\n');

/** The next step after a name: waits as long as the page moves, and half a minute more. */
async function nextStep(clock: Clock, place: Place, origin: string, before: Page): Promise<Page | Delivery> {
  let last = traits(before);
  let blind = 0;
  for (let still = clock.now(); clock.now() - still < STILL_MS; ) {
    const page = await lookAt(place);
    blind = page ? 0 : blind + 1;
    if (page?.look.stopped) return { done: 'not-filled', code: page.look.stopped };
    if (blind >= BLIND || (page && page.look.origin !== origin)) return { done: 'not-filled', code: 'step-blocked' };
    await changed(clock, { tabId: place.tabId, documentId: page?.documentId });
    if (!page) continue;
    const { look } = page;
    if (look.step === 'password' || look.step === 'sign-in') return page;
    const again = look.step === 'name' && (look.mark !== before.look.mark || look.alert !== before.look.alert);
    if (again && look.loaded && traits(page) === last) return { done: 'refused', page, text: look.alert };
    if (traits(page) !== last) still = clock.now();
    last = traits(page);
  }
  return { done: 'not-filled', code: 'no-form' };
}

/**
 * Gives the credential to the confirmed document, step by step, and to those after it while they are of the same origin in
 * the same tab. The password is given once.
 * @param page the document that was confirmed, as it was looked at last
 * @param onStep called after each step that is not the last
 */
export async function deliver(
  clock: Clock,
  place: Place,
  origin: string,
  page: Page,
  given: Given,
  onStep: () => Promise<void>,
): Promise<Delivery> {
  let at = page;
  for (let steps = 0; steps < STEPS; steps++) {
    const order = { ...given, mark: at.look.mark, origin, frame: place.frame !== undefined };
    const report = await fill(clock, { tabId: place.tabId, documentId: at.documentId }, order);
    // A document that vanished while it was filled has been sent; what it was is not known, so nothing is given twice.
    if (!report) return { done: 'filled', page: at };
    if (report.done === 'not-filled') return report;
    if (report.step !== 'name') return { done: 'filled', page: at };
    await onStep();
    const next = await nextStep(clock, place, origin, at);
    if ('done' in next) return next;
    at = next;
  }
  return { done: 'not-filled', code: 'no-form' };
}

/** One word of the judgement below: `undefined` means look again. */
function judge(look: Look, before: { mark: string; alert: string }, otpGiven: boolean): Result | 'otp' | undefined {
  if (!look.loaded) return undefined;
  const moved = look.mark !== before.mark;
  const complains = look.alert !== '' && look.alert !== before.alert;
  if (look.step === 'code') {
    if (!otpGiven) return 'otp';
    return moved || complains ? 'refused' : undefined;
  }
  // The same form once more, filled in as it was sent, with a place for a code: nothing was refused.
  if (look.otp && !otpGiven && look.step === 'sign-in' && (moved || complains)) return look.typed ? 'otp' : 'more';
  if (look.sentCode || (look.obstacle === 'passkey' && !look.step)) return 'more';
  if (!look.step) {
    if (moved && (look.status === 401 || look.status === 403)) return 'refused';
    return moved && look.status >= 500 ? 'cannot-tell' : 'signed-in';
  }
  if (look.obstacle === 'captcha' && (moved || complains)) return 'more';
  return moved || complains ? 'refused' : undefined;
}

/**
 * Watches how the sign-in goes on: looks after each change, in the same document or in the one that replaced it, until two
 * looks in a row agree. Leaving for a place where we may not look, and a form that just stays, are `cannot-tell`.
 * @returns how it ended, with the site's own words if it refused; `otp` when it asks for a one-time code, `stopped` when the page was kept
 * from sending elsewhere what was filled in
 */
export async function watch(
  clock: Clock,
  place: Place,
  before: { mark: string; alert: string },
  otpGiven: boolean,
): Promise<{ result: Result | 'otp'; text: string; page?: Page } | { result: 'stopped'; code: Fault }> {
  let last: Result | 'otp' | undefined;
  let since = 0;
  let blind = 0;
  let seen: Look | undefined;
  for (const start = clock.now(); clock.now() - start < OUTCOME_MS && blind < BLIND; ) {
    const page = await lookAt(place);
    blind = page ? 0 : blind + 1;
    if (page?.look.stopped) return { result: 'stopped', code: page.look.stopped };
    const verdict = page && judge(page.look, before, otpGiven);
    if (verdict !== last) since = clock.now();
    const calm = verdict !== 'signed-in' || page?.look.mark !== before.mark || clock.now() - since >= CALM_MS;
    if (page && verdict && verdict === last && calm)
      return { result: verdict, text: verdict === 'refused' || verdict === 'more' ? page.look.alert : '', page };
    last = verdict;
    seen = page?.look ?? seen;
    await changed(clock, { tabId: place.tabId, documentId: page?.documentId });
  }
  // A form that was emptied and still stands has been refused; one that still holds the password may be at work.
  if (blind === 0 && seen?.step && seen.step !== 'code' && !seen.typed) return { result: 'refused', text: seen.alert };
  if (blind === 0 && seen?.obstacle) return { result: 'more', text: seen.alert };
  return { result: 'cannot-tell', text: '' };
}
