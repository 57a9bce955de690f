// Every sign-in of this browser, by the session's id: what a former life of the worker left is taken up again, what ended long ago
// is forgotten.
import browser from 'webextension-polyfill';
import { codeOf } from '../protocol/errors.ts';
import { giveBack, takeUp } from './permissions.ts';
import { refusalOf } from './request.ts';
import { type Effects, type Others, SignIn } from './sign-in.ts';
import type { SignInRecord } from './storage.ts';
import * as storage from './storage.ts';
import type { Surroundings } from './surroundings.ts';

const TICK_ALARM = 'tick';
/** One that has ended stays for the popup to show, and for its last message to leave. */
const SHOW_ENDED_MS = 120_000;

export class SignIns implements Others {
  /** Settles once what a former life left has been taken up; awaited by whoever is woken. */
  readonly ready: Promise<void>;
  readonly surroundings: Surroundings;
  readonly #effectsOf: (signIn: SignIn) => Effects;
  readonly #all = new Map<string, SignIn>();

  constructor(effectsOf: (signIn: SignIn) => Effects, surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.#effectsOf = effectsOf;
    this.ready = this.#restore();
  }

  find(sid: string): SignIn | undefined {
    return this.#all.get(sid);
  }

  all(): SignIn[] {
    return [...this.#all.values()];
  }

  ofTab(tabId: number): SignIn[] {
    return this.all().filter((one) => one.tabId === tabId);
  }

  live(one: SignIn): SignIn[] {
    return this.all().filter((other) => other !== one && other.live);
  }

  /** Takes a new sign-in in, unless its tab was closed while it was made: that has been heard of before there was anything to end. */
  async add(record: SignInRecord): Promise<SignIn | undefined> {
    const signIn = new SignIn(record, this, this.#effectsOf, this.surroundings);
    this.#all.set(signIn.sid, signIn);
    await takeUp(record);
    await signIn.save();
    if (await browser.tabs.get(signIn.tabId).catch(() => undefined)) return signIn;
    await this.remove(signIn);
    return undefined;
  }

  /** Permissions may have come: whoever has use for one goes on with it, and what was lent to nobody goes back. */
  async takeUp(): Promise<void> {
    for (const one of this.all()) await one.goOn();
    await giveBack((lent) => this.all().some((one) => one.live && one.uses(lent)));
  }

  /** Opens it at the companion, if it is still wanted, and lets time pass for it. */
  async connect(signIn: SignIn): Promise<void> {
    // Beside it: a phone takes longer to read the code.
    const { relay } = signIn.record;
    void this.surroundings.examinePhonePage(relay).catch(async (error) => {
      const code = codeOf(error, 'phone-page-unknown');
      if (this.find(signIn.sid) === signIn && signIn.live) await signIn.apply({ t: 'forbidden', code });
    });
    await signIn.connect();
    if (this.find(signIn.sid) === signIn) await browser.alarms.create(TICK_ALARM, { periodInMinutes: 0.5 });
  }

  async remove(signIn: SignIn): Promise<void> {
    this.#all.delete(signIn.sid);
    await signIn.drop();
  }

  async dropRivals(winner: SignIn): Promise<void> {
    for (const one of this.ofTab(winner.tabId))
      if (one !== winner && one.record.view.session.state === 'created') await this.remove(one);
  }

  /** What a tab was waiting for, before a phone has released anything, is not wanted any more. */
  async giveUp(tabId: number): Promise<void> {
    for (const one of this.ofTab(tabId)) {
      const { state } = one.record.view.session;
      if (['created', 'joined', 'requested', 'setting-up', 'holding'].includes(state)) await one.apply({ t: 'cancel' });
    }
  }

  /** A tab was closed. */
  async tabClosed(tabId: number): Promise<void> {
    for (const one of this.ofTab(tabId)) {
      if (one.live) await one.apply({ t: 'tab-closed' });
      await this.remove(one);
    }
  }

  /** The policy may be another by now: what it does not allow ends, and nothing else. */
  async obeyPolicy(): Promise<void> {
    for (const one of this.all()) {
      const code = one.live ? await refusalOf(one, one.sendsTo) : undefined;
      // Of a code that nobody has scanned yet it is not known where its phone will be.
      if (code && !(code === 'near-only' && one.record.view.near === undefined))
        await one.apply({ t: 'forbidden', code });
    }
  }

  /** Time passed: deadlines are looked at. */
  async tick(): Promise<void> {
    for (const one of this.all()) {
      if (one.live) await one.apply({ t: 'tick' });
      else if (this.surroundings.clock.now() > (one.record.view.endedAt ?? 0) + SHOW_ENDED_MS) await this.remove(one);
    }
    if (this.#all.size === 0) await browser.alarms.clear(TICK_ALARM);
  }

  async #restore(): Promise<void> {
    for (const record of await storage.readSignIns()) {
      const signIn = new SignIn(record, this, this.#effectsOf, this.surroundings);
      this.#all.set(signIn.sid, signIn);
    }
    for (const signIn of this.all()) await signIn.resume();
    // The browser may have ended in the middle of one.
    await this.takeUp();
  }
}
