// The page that is signed in to: looked at when the person clicks, filled when the phone confirmed, watched afterwards.
// Every call that carries something names the document; a page that has moved on is never spoken to.
import browser, { type Scripting } from 'webextension-polyfill';
import content from '../content/content.ts?script&iife';
import type { ContentApi, FillOrder, FillReport, Look } from '../extension/page-api.ts';
import { closePopup, tellOfTyping } from '../extension/quirks.ts';
import { type Clock, pause } from '../protocol/clock.ts';
import { readLines } from './lines.ts';
import type { SignInRecord } from './storage.ts';

declare global {
  var scankey: ContentApi | undefined;
}

/** A tab, and where in it the form is: in the page itself, or in a frame of another origin that the person allowed. */
export interface Place {
  tabId: number;
  /** Origin of the frame; undefined for the page itself. */
  frame?: string | undefined;
}

export interface Page {
  look: Look;
  documentId: string | undefined;
}

/** Whether a tab stands in a private window: nothing of it may last, and what lasts is no use there. One that has gone counts as one. */
export async function isPrivate(tabId: number): Promise<boolean> {
  const tab = await browser.tabs.get(tabId).catch(() => undefined);
  return tab?.incognito !== false;
}

type Target = { tabId: number; documentId?: string | undefined };

/** A page whose end never arrives would otherwise never be looked at. */
const AT_ONCE = { injectImmediately: true } as const;

const injection = ({ tabId, documentId }: Target): Scripting.InjectionTarget =>
  documentId === undefined ? { tabId } : { tabId, documentIds: [documentId] };

/** Runs `func` in documents, in the extension's own world; it is carried there as text. @returns what each gave */
const run = <Args extends unknown[], Result>(
  target: Scripting.InjectionTarget,
  func: (...args: Args) => Result,
  args: Args,
) =>
  browser.scripting.executeScript({ target, func, args, ...AT_ONCE }) as Promise<
    (Scripting.InjectionResult & { result?: Awaited<Result> })[]
  >;

/** Injects the content script (once a document) and looks. @throws where extensions may not work */
async function examine({ tabId, frame }: Place): Promise<Page | undefined> {
  const target = frame === undefined ? { tabId } : { tabId, allFrames: true };
  await browser.scripting.executeScript({ target, files: [content], ...AT_ONCE });
  const results = await run(target, () => globalThis.scankey?.look(), []);
  const found = results.filter(({ frameId, result }) =>
    frame === undefined ? frameId === 0 && result : frameId !== 0 && result?.origin === frame,
  );
  const best = found.find(({ result }) => result?.step) ?? found[0];
  return best?.result ? { look: readLines(best.result), documentId: best.documentId } : undefined;
}

/** What the place shows, or undefined where extensions may not work. */
export const lookAt = (place: Place): Promise<Page | undefined> => examine(place).catch(() => undefined);

/** A page that has not answered for so long shows a dialog of its own, or is busy with itself. */
const SILENT_MS = 5_000;
const LOOK_MS = 500;
const BREATH_MS = 60;

/** What `work` gives, or `silent` if the page keeps it waiting. */
function orSilence<T>(clock: Clock, work: Promise<T>): Promise<T | 'silent'> {
  return new Promise((resolve, reject) => {
    let callOff = () => {};
    // Step by step: a machine that slept, or was busy, has not waited meanwhile.
    const wait = (left: number): void => {
      if (left <= 0) resolve('silent');
      else callOff = clock.after(LOOK_MS, () => wait(left - LOOK_MS));
    };
    wait(SILENT_MS);
    work.then(resolve, reject).finally(() => callOff());
  });
}

/** The same; `silent` where the page does not answer at all. */
export const lookOrSilence = (clock: Clock, place: Place): Promise<Page | 'silent' | undefined> =>
  orSilence(clock, lookAt(place));

/** From now on logins typed by hand in this page are heard of. */
export async function watchTyping({ tabId }: Place): Promise<void> {
  await run({ tabId }, tellOfTyping, []).catch(() => {});
}

/** Calls into the document that was examined before; undefined when it is gone. */
async function call<Args extends unknown[], Result>(
  target: Target,
  func: (...args: Args) => Result,
  args: Args,
): Promise<Awaited<Result> | undefined> {
  try {
    const [result] = await run(injection(target), func, args);
    return result?.result;
  } catch {
    return undefined;
  }
}

/** What the document that was examined before looks like now; undefined when it is gone. */
export async function lookAgain(target: Target): Promise<Look | undefined> {
  const seen = await call(target, () => globalThis.scankey?.look(), []);
  return seen && readLines(seen);
}

/** The document does not answer any more. */
type Silent = { done: 'silent' };

/**
 * Resolves once another document stands where this one was: a frozen one ("back" may show it again) never answers. `silent` if nothing
 * answers there, or nothing goes on: under a dialog Firefox still runs what is asked of a page, and none of its timers.
 */
async function gone(clock: Clock, target: Target, over: AbortSignal): Promise<Silent | undefined> {
  const { tabId, documentId } = target;
  let unanswered = 0;
  while (!over.aborted && documentId !== undefined) {
    await pause(clock, LOOK_MS);
    const results = await orSilence(
      clock,
      run({ tabId, allFrames: true }, () => 0, []).catch(() => []),
    );
    if (results === 'silent') return { done: 'silent' };
    if (!results.some((one) => one.documentId === documentId)) return undefined;
    if (unanswered * LOOK_MS >= SILENT_MS) return { done: 'silent' };
    unanswered++;
    void call(target, () => globalThis.scankey?.change(0) as Promise<boolean>, []).then(() => {
      unanswered = 0;
    });
  }
  return new Promise(() => {});
}

/** Hands what a step needs to the document; undefined when the document went away meanwhile, `silent` when it does not answer any more. */
export async function fill(clock: Clock, target: Target, order: FillOrder): Promise<FillReport | Silent | undefined> {
  const report = await fillOnce(clock, target, order);
  // A popup that is open says so where the form is covered for good.
  const rests = report?.done === 'not-filled' && report.code === 'covered' && (await call(target, showsByFocus, []));
  if (!rests || !closePopup() || !(await getsFocus(clock, target))) return report;
  return fillOnce(clock, target, order);
}

/** Whether something of the page is seen only where the focus is, as its own style sheets say. Carried into the page as text. */
const showsByFocus = (): boolean =>
  [...document.styleSheets].some((sheet) => {
    try {
      return [...sheet.cssRules].some(({ cssText }) => /:focus[^{]*\{[^}]*opacity/.test(cssText));
    } catch {
      // Another site's, which tells nothing.
      return false;
    }
  });

/** How long the page may take to get the focus that our popup had. */
const FOCUS_MS = 1_000;

async function getsFocus(clock: Clock, target: Target): Promise<boolean> {
  for (const end = clock.now() + FOCUS_MS; clock.now() < end; await pause(clock, BREATH_MS))
    if (await call(target, () => document.hasFocus(), [])) return true;
  return false;
}

async function fillOnce(clock: Clock, target: Target, order: FillOrder): ReturnType<typeof fill> {
  const over = new AbortController();
  const given = call(target, (one: FillOrder) => globalThis.scankey?.fill(one) as Promise<FillReport>, [order]);
  return Promise.race([given, gone(clock, target, over.signal)]).finally(() => over.abort());
}

/** Hands a proof to the form of a companion's own sign-in page. @returns whether there was one */
export const submitProof = (target: Target, proof: string): Promise<boolean | undefined> =>
  call(
    target,
    (text: string) => {
      const form = document.querySelector<HTMLFormElement>('form#scankey-identity');
      const field = form?.querySelector('input');
      if (!form || !field) return false;
      field.value = text;
      form.requestSubmit();
      field.value = '';
      return true;
    },
    [proof],
  );

const LEAVING_MS = 15_000;

/** Waits until a companion's own sign-in page has gone on to another. @returns undefined once it has, or what it says instead, at last nothing */
export async function leavesFor(clock: Clock, target: Target): Promise<string | undefined> {
  for (const end = clock.now() + LEAVING_MS; clock.now() < end; await pause(clock, LOOK_MS / 2)) {
    // That page has one place for complaints, empty until there is one; what it says of its state is none.
    const said = await call(target, () => document.querySelector('[role=alert]')?.textContent ?? '', []);
    if (said !== '') return said?.slice(0, 120);
  }
  return '';
}

const NOTHING_MOVES_MS = 400;

/** Resolves when the document has changed or gone; a document that nothing moves in is looked at again now and then. */
export async function changed(clock: Clock, target: Target): Promise<void> {
  const change = call(target, (ms: number) => globalThis.scankey?.change(ms), [NOTHING_MOVES_MS]);
  await Promise.all([pause(clock, BREATH_MS), Promise.race([change, pause(clock, NOTHING_MOVES_MS)])]);
}

const LOADING_MS = 1_000;

/** What a page shows that may still be on its way: its form is waited for a little, its end is not. */
export async function lookAtOpening(clock: Clock, place: Place): Promise<Page | undefined> {
  for (const end = clock.now() + LOADING_MS; ; ) {
    const page = await lookAt(place);
    if (!page || page.look.loaded || page.look.step || clock.now() > end) return page;
    await changed(clock, { tabId: place.tabId, documentId: page.documentId });
  }
}

/** What of a page is stored with its sign-in. */
export const pageOf = (page: Page | undefined): SignInRecord['page'] => ({
  mark: page?.look.mark ?? '',
  title: page?.look.title ?? '',
  alert: page?.look.alert ?? '',
  lines: page?.look.lines ?? [],
  otp: page?.look.otp ?? false,
  asksCode: page?.look.asksCode ?? false,
  sentCode: page?.look.sentCode ?? false,
  obstacle: page?.look.obstacle ?? '',
  unfilled: page?.look.unfilled ?? '',
  fields: page?.look.fields ?? '',
  step: page?.look.step ?? '',
  sets: page?.look.sets ?? '',
  ...(page?.documentId === undefined ? {} : { documentId: page.documentId }),
});

/** What of a page is stored once the sign-in has ended there: which it is, and nothing that it says to whoever is in. */
export function identityOf(page: Page | undefined): SignInRecord['page'] {
  const { mark, title, step, documentId } = pageOf(page);
  return { mark, title, step, alert: '', ...(documentId === undefined ? {} : { documentId }) };
}

/** Whether the place that the phone confirmed is still what it was: the document and, around it, the frame. */
export async function isStillThere({ view, page }: SignInRecord, formOrigin: string): Promise<boolean> {
  if (page.url !== undefined) {
    const { url } = await browser.tabs.get(view.tabId);
    // The window of the browser stands over a page that is not there yet.
    return !url || !/^https?:/.test(url) || new URL(url).origin === view.origin;
  }
  const look = await lookAgain({ tabId: view.tabId, documentId: page.documentId });
  if (look) Object.assign(page, { alert: look.alert, lines: look.lines });
  if (look?.mark !== page.mark || look.origin !== formOrigin) return false;
  if (view.frame === undefined) return true;
  const top = await lookAt({ tabId: view.tabId });
  return top?.look.origin === view.origin && top.look.frames.includes(view.frame);
}
