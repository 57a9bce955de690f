// The popup wants a tab's sign-in: the one under way, or a new one that begins with a code.
import browser from 'webextension-polyfill';
import type { Reply } from '../extension/messages.ts';
import { allows, policyInForce } from '../extension/policy.ts';
import { pause } from '../protocol/clock.ts';
import { randomBytes, toBase64 } from '../protocol/encoding.ts';
import { newMail } from '../protocol/mailbox.ts';
import { wentWell } from '../protocol/outcomes.ts';
import { TIMES } from '../protocol/session/types.ts';
import type { CompanionWatch } from './companion.ts';
import type { NextCodes } from './next-code.ts';
import { changed, lookAt, lookAtOpening, type Page, pageOf, watchTyping } from './page.ts';
import { reachablePhones } from './paired-phones.ts';
import { needed, takeUp } from './permissions.ts';
import { type RequestDependencies, requestPhone } from './request-phone.ts';
import type { SignIn } from './sign-in.ts';
import * as splitKey from './split-key.ts';
import { watch } from './steps.ts';
import * as storage from './storage.ts';
import { seenIn, viewOf } from './view.ts';

/** A popup that opens this soon after an end shows how it went; later it shows a fresh code. */
const SHOW_ENDED_MS = 20_000;

const justEnded = ({ record: { view }, surroundings }: SignIn): boolean =>
  surroundings.clock.now() < (view.endedAt ?? 0) + SHOW_ENDED_MS;

/** One that nobody has taken up while its code was on screen gives way to the next code. */
const isStale = ({ record: { view }, surroundings }: SignIn): boolean =>
  view.session.state === 'created' && surroundings.clock.now() >= view.session.startedAt + TIMES.shownMs;

/** What has come further than a code on screen or a phone that rings, or just went well, is what the popup shows. */
const isTakenUp = (signIn: SignIn): boolean => {
  const { state, result } = signIn.record.view.session;
  const good = state === 'done' && result !== undefined && wentWell(result);
  return signIn.live ? state !== 'created' : justEnded(signIn) && good;
};

/** Whether a sign-in gives way to a new code for `origin`. */
function isOver(signIn: SignIn, origin: string): boolean {
  const { view, pairedRequest } = signIn.record;
  // A phone that rings goes on, but not for a page that was left.
  if (pairedRequest) return signIn.live && view.purpose !== 'save' && view.origin !== origin;
  // A code that has just left the screen may still be read by a phone that saw it: it stays joinable.
  return !isStale(signIn);
}

/** Signed in, and yet there is a form, other than the one that stood there at the end: signed out, or another account is wanted. */
function hasGoneOn({ record: { view, page } }: SignIn, now: Page | undefined): boolean {
  const { result } = view.session;
  const good = result === 'signed-in' || result === 'cannot-tell';
  const look = now?.look;
  return good && Boolean(look?.step) && (look?.mark !== page.mark || look.step !== page.step);
}

/**
 * Where nobody could look, nobody could tell. The click that opened the popup lets us look again, and what the page says by now is told
 * here alone, for the phone has gone. It has to say so in words: it may be any page that the person has gone to since.
 */
async function lookBack(signIn: SignIn): Promise<void> {
  const { record, place, surroundings } = signIn;
  const { view, page } = record;
  const { result: told, code } = view.session;
  if (told !== 'cannot-tell' || code || page.url !== undefined) return;
  const seen = await watch(surroundings.clock, place, { ...page, otpGiven: true, account: view.account });
  const { result } = seen;
  if ((result === 'signed-in' && seen.welcomes) || (result === 'refused' && seen.text))
    await signIn.apply({ t: 'looked-back', result, text: result === 'refused' ? seen.text : '' });
  // Nobody is to be remembered for a sign-in that was refused.
  if (result === 'refused' && seen.text) await signIn.pair(false);
}

/** What nobody has taken up yet goes on with what stands in the tab now, another document or a form that came late, if it is of the same origin. */
async function follows(mine: readonly SignIn[], page: Page | undefined): Promise<boolean> {
  for (const signIn of mine) {
    const { record } = signIn;
    const { view } = record;
    if (view.session.state !== 'created' || view.purpose === 'save' || !page) continue;
    // The frame that the person has allowed stands for itself, as long as it is there.
    const framed = view.frame === undefined ? undefined : await lookAt(signIn.place);
    const now = framed ?? page;
    const isLate = !view.formSeen && seenIn(now.look).formSeen;
    if (now.look.mark === record.page.mark && !isLate) continue;
    if (page.look.origin !== view.origin) return false;
    record.page = { ...pageOf(now), title: page.look.title };
    Object.assign(view, seenIn(now.look));
    if (!framed) {
      delete view.frame;
      delete view.need;
      delete record.allowed;
      Object.assign(view, needed(view.origin, page.look));
      await takeUp(record);
    }
    await signIn.save();
  }
  return true;
}

/** A page that works is looked at no more often than this. */
const LATE_MS = 500;

/** Waits for a form that comes late, as long as its code is on screen: what belongs to it is told, and offered, then. */
async function awaitForm(signIn: SignIn, begun: Page | undefined): Promise<void> {
  const { view } = signIn.record;
  const { clock } = signIn.surroundings;
  const isWaiting = () => signIn.live && !view.formSeen && view.session.state === 'created' && !isStale(signIn);
  for (let page = begun; page && isWaiting(); ) {
    await Promise.all([changed(clock, { tabId: view.tabId, documentId: page.documentId }), pause(clock, LATE_MS)]);
    page = await lookAt({ tabId: view.tabId });
    if (page?.look.origin !== view.origin) return;
    await follows([signIn], page);
  }
}

/** What sign-ins are begun with. */
interface OpenerDependencies extends RequestDependencies {
  nextCodes: Pick<NextCodes, 'take'>;
  companion: Pick<CompanionWatch, 'refresh'>;
}

export class Opener {
  readonly #dependencies: OpenerDependencies;
  readonly #opening = new Map<number, Promise<Reply>>();

  constructor(dependencies: OpenerDependencies) {
    this.#dependencies = dependencies;
  }

  /** The popup wants this tab's sign-in. Asked twice at once, it is begun once. @param renew a fresh code, whatever there is */
  open(tabId: number, renew: boolean): Promise<Reply> {
    void this.#dependencies.companion.refresh().catch(() => {});
    const begun = this.#opening.get(tabId) ?? this.#open(tabId, renew).finally(() => this.#opening.delete(tabId));
    this.#opening.set(tabId, begun);
    return begun;
  }

  async #open(tabId: number, renew: boolean): Promise<Reply> {
    const mine = this.#dependencies.signIns.ofTab(tabId);
    const current = mine.find((one) => !one.record.pairedRequest && (one.live ? !isStale(one) : justEnded(one)));
    const shown = current ?? mine.find(isTakenUp);
    const page = await lookAtOpening(this.#dependencies.signIns.surroundings.clock, { tabId });
    await this.#hearTyping(tabId);
    if (page) void this.#dependencies.saveOffers.lookBack(tabId, page.look.origin).catch(() => {});
    if (shown && !renew) {
      if (shown.live && shown.record.view.session.state !== 'created') return { ok: true };
      if (!shown.live && !hasGoneOn(shown, page)) {
        if (page?.look.origin === shown.record.view.origin) void lookBack(shown).catch(() => {});
        return { ok: true };
      }
      if (shown.live && (await follows(mine, page))) return { ok: true };
    }
    return this.#begin(tabId, page, mine, renew);
  }

  /** What is typed by hand from now on can be saved to a phone, also in a document that came after the one a sign-in began with. */
  async #hearTyping(tabId: number): Promise<void> {
    const { incognito } = await browser.tabs.get(tabId);
    if (incognito) return;
    const phones = await reachablePhones(this.#dependencies.signIns.surroundings.pairings);
    if (phones.length > 0) await watchTyping({ tabId });
  }

  async #begin(tabId: number, page: Page | undefined, mine: readonly SignIn[], renew: boolean): Promise<Reply> {
    const { signIns, nextCodes } = this.#dependencies;
    const { clock, pairings } = signIns.surroundings;
    const tab = await browser.tabs.get(tabId);
    const url = tab.pendingUrl || tab.url;
    // Where no extension may look there may be the browser's own window, over a page that has not come yet.
    const origin = page?.look.origin ?? (url && URL.canParse(url) ? new URL(url).origin : '');
    if (!/^https?:\/\//.test(origin)) return { ok: false, code: 'page-forbidden' };
    if (!allows(await policyInForce(), origin)) return { ok: false, code: 'site-not-allowed' };
    const phones = tab.incognito ? [] : await reachablePhones(pairings);
    const { sid, drawing, ...keys } = await nextCodes.take();
    for (const one of mine) if (isOver(one, origin)) await signIns.remove(one);
    const signIn = await signIns.add({
      view: {
        ...viewOf(sid, tabId, origin, page?.look, clock.now()),
        ...needed(origin, page?.look),
        drawing,
        incognito: tab.incognito,
      },
      mail: newMail(toBase64(randomBytes(32))),
      relay: (await storage.readCompanion()).relay,
      keys,
      page: pageOf(page),
    });
    if (!signIn) return { ok: true };
    await signIns.connect(signIn);
    void awaitForm(signIn, page).catch(() => {});
    const [phone, another] = phones;
    // One phone, one click: it is asked at once. Which of several is meant only the person knows.
    if (phone && !another && !renew && (await this.#asksByItself(tabId, origin, page)))
      await requestPhone(this.#dependencies, { tabId, pairing: phone.id });
    return { ok: true };
  }

  /** Whether the click that opened the popup is word enough to ask the one phone there is. */
  async #asksByItself(tabId: number, origin: string, page: Page | undefined): Promise<boolean> {
    const { signIns, saveOffers } = this.#dependencies;
    if (!(page?.look.step || page?.look.signIn) || saveOffers.peek(tabId)) return false;
    // Whether a provider is meant only the person knows.
    if ((await splitKey.readSplitKeys()).some((one) => one.origin === origin)) return false;
    return !signIns.ofTab(tabId).some((one) => one.record.pairedRequest && !hasGoneOn(one, page));
  }
}
