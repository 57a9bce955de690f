// The steps of a sign-in: fill what the page asks for, wait for what the page does, go on, and tell how it ended.
import type { Fault, FillOrder, FillReport, Look } from '../extension/page-api.ts';
import type { Clock } from '../protocol/clock.ts';
import { type Before, decide, giveUp, type Reading, read, type Told } from './judge.ts';
import { changed, fill, lookOrSilence, type Page, type Place } from './page.ts';
import type { Requests } from './requests.ts';

/** Nothing new for this long ends it. */
const STILL_MS = 30_000;
const OUTCOME_MS = 15_000;
/** Looks in a row that found no page to look at: it is where we may not look. */
const BLIND = 12;
/** Of what lies between two looks no more counts: while the machine slept, or was busy, neither we nor the page came to anything. */
const UNSEEN_MS = 2_000;
/** Forms of one sign-in before the password: name, or company and then name. */
const STEPS = 3;

/** What a step is handed: everything of the credential that is still to be given, and where else it may be sent. */
export type Given = Pick<FillOrder, 'username' | 'password' | 'extra' | 'otp' | 'sendsTo'>;

export type Delivery =
  /** Sent, from this page. */
  | { done: 'filled'; page: Page }
  /** It ended before the last step, as this page says. */
  | { done: 'told'; page: Page; told: Told }
  | Extract<FillReport, { done: 'not-filled' }>
  | { done: 'not-filled'; code: 'step-blocked' | 'session-gone' };

/** What of a look tells that the page has moved. */
const traits = ({ look }: Page): string => [look.mark, look.step, look.alert, look.typed, look.loaded].join('\n');

/** A page that shows a dialog of its own answers nobody, and what it says there only the person can read. */
export const BLOCKED: Told = { result: 'cannot-tell', text: '', code: 'page-blocked' };

/** What stands in a form whose button was not pressed: it sleeps, or the person, who is in already, is asked to go on by it. */
export const notSent = ({ step }: Extract<FillReport, { done: 'entered' }>): Told => ({
  result: 'not-sent',
  text: '',
  ...(step === 'again' ? { code: 'asked-again' } : {}),
});

/** What is known of what a page's scripts have asked for; nothing where nobody listens. */
export type Heard = Pick<Requests, 'isHeard' | 'isAsked' | 'status'> | undefined;

/** A look, with what the browser has told of requests. */
const withRequests = (look: Look, requests: Heard): Look => ({
  ...look,
  sent: look.sent || requests?.isAsked === true,
  answer: look.answer > 1 ? look.answer : requests?.status || look.answer,
});

/** @returns gives the milliseconds that have been watched since */
function watched(clock: Clock): () => number {
  let [at, sum] = [clock.now(), 0];
  return () => {
    const now = clock.now();
    sum += Math.min(now - at, UNSEEN_MS);
    at = now;
    return sum;
  };
}

/** The next step after a name: waits as long as the page moves, and half a minute more. */
async function nextStep(
  clock: Clock,
  place: Place,
  origin: string,
  before: Page,
  isLive: () => boolean,
  requests: Heard,
): Promise<Page | Delivery> {
  const time = watched(clock);
  const name: Before = { ...before.look, isHeard: requests?.isHeard };
  const readings: Reading[] = [];
  let last = traits(before);
  let blind = 0;
  let seen = before;
  for (let still = 0; time() - still < STILL_MS; ) {
    if (!isLive()) return { done: 'not-filled', code: 'session-gone' };
    const page = await lookOrSilence(clock, place);
    if (page === 'silent') return { done: 'told', page: before, told: BLOCKED };
    blind = page ? 0 : blind + 1;
    if (page?.look.stopped) return { done: 'not-filled', code: page.look.stopped };
    if (blind >= BLIND || (page && page.look.origin !== origin)) return { done: 'not-filled', code: 'step-blocked' };
    await changed(clock, { tabId: place.tabId, documentId: page?.documentId });
    if (!page) continue;
    const look = withRequests(page.look, requests);
    if (look.step === 'password' || look.step === 'sign-in') return page;
    // A code in place of a password: how that goes on is watched like any other.
    if (look.step === 'code' || look.sentCode) return { done: 'filled', page: before };
    readings.push(read(look, name, readings, time()));
    const told = look.step === 'name' ? decide(readings) : undefined;
    if (told && told.result !== 'signed-in') return { done: 'told', page, told };
    if (traits(page) !== last) still = time();
    last = traits(page);
    seen = page;
  }
  return seen.look.step === 'name' && seen.look.mark === before.look.mark
    ? { done: 'told', page: seen, told: giveUp(seen.look, name, readings) }
    : { done: 'not-filled', code: 'no-form' };
}

/**
 * Gives the credential to the confirmed document, step by step, and to those after it while they are of the same origin in
 * the same tab. The password is given once.
 * @param page the document that was confirmed, as it was looked at last
 * @param isLive whether the sign-in goes on; nothing is filled once it does not
 * @param onStep called after each step that is not the last
 * @param requests heard of since before the first is filled
 */
export async function deliver(
  clock: Clock,
  place: Place,
  origin: string,
  page: Page,
  given: Given,
  isLive: () => boolean,
  onStep: () => Promise<void>,
  requests?: Heard,
): Promise<Delivery> {
  let at = page;
  for (let steps = 0; steps < STEPS; steps++) {
    if (!isLive()) return { done: 'not-filled', code: 'session-gone' };
    const order = { ...given, mark: at.look.mark, origin, frame: place.frame !== undefined };
    const report = await fill(clock, { tabId: place.tabId, documentId: at.documentId }, order);
    // A document that vanished while it was filled has been sent; what it was is not known, so nothing is given twice.
    if (!report) return { done: 'filled', page: at };
    if (report.done === 'silent') return { done: 'told', page: at, told: BLOCKED };
    if (report.done === 'not-filled') return report;
    if (report.done === 'entered') return { done: 'told', page: at, told: notSent(report) };
    if (report.step !== 'name') return { done: 'filled', page: at };
    await onStep();
    const next = await nextStep(clock, place, origin, at, isLive, requests);
    if ('done' in next) return next;
    at = next;
  }
  return { done: 'not-filled', code: 'no-form' };
}

/**
 * Watches how the sign-in goes on: looks after each change, in the same document or in the one that replaced it, until what is seen
 * stays so. Leaving for a place where we may not look, and a form that just stays, are `cannot-tell`.
 * @param before the page as it stood when it was sent
 * @param requests heard of since then
 * @returns how it ended, with the site's own words if it refused; `otp` when it asks for a one-time code, `stopped` when the page was kept
 * from sending elsewhere what was filled in
 */
export async function watch(
  clock: Clock,
  place: Place,
  before: Before,
  requests?: Heard,
): Promise<(Told & { page?: Page }) | { result: 'stopped'; code: Fault }> {
  const time = watched(clock);
  const stood = { ...before, isHeard: requests?.isHeard };
  const readings: Reading[] = [];
  let blind = 0;
  let seen: Page | undefined;
  while (time() < OUTCOME_MS && blind < BLIND) {
    const page = await lookOrSilence(clock, place);
    if (page === 'silent') return BLOCKED;
    blind = page ? 0 : blind + 1;
    if (page?.look.stopped) return { result: 'stopped', code: page.look.stopped };
    if (page) {
      readings.push(read(withRequests(page.look, requests), stood, readings, time()));
      const told = decide(readings);
      if (told) return { ...told, page };
      seen = page;
    }
    await changed(clock, { tabId: place.tabId, documentId: page?.documentId });
  }
  if (blind > 0 || !seen) return { result: 'cannot-tell', text: '' };
  return { ...giveUp(withRequests(seen.look, requests), stood, readings), page: seen };
}
