// Logins that were typed by hand, until the person saves them or not: in this worker's memory for two minutes at most, and nowhere
// else. The popup is told that there is one, without the password; a page is told nothing.
import browser from 'webextension-polyfill';
import type { TypedLogin } from '../extension/messages.ts';
import type { Clock } from '../protocol/clock.ts';
import type { SAVES } from '../protocol/outcomes.ts';
import { wentWell } from '../protocol/outcomes.ts';
import type { Before } from './judge.ts';
import { watch } from './steps.ts';
import * as storage from './storage.ts';

const OFFER_MS = 120_000;
/** An idle worker dies after thirty seconds, unless it asks the browser something. */
const AWAKE_MS = 20_000;

interface Login {
  origin: string;
  username: string;
  password: string;
  saves: (typeof SAVES)[number];
  until: number;
  /** The page as it stood when the login was sent. */
  before: Before;
  isOffered: boolean;
}

const badge = (tabId: number, text: string): Promise<void> =>
  browser.action.setBadgeText({ tabId, text }).catch(() => {});

export class SaveOffers {
  readonly #clock: Clock;
  readonly #logins = new Map<number, Login>();
  /** Names that were typed on the first of several steps. */
  readonly #names = new Map<number, { origin: string; username: string; until: number }>();
  /** Lets the worker die; undefined while it may. */
  #letSleep: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is to be saved of a tab: what the request to the phone says. */
  peek(tabId: number): Pick<Login, 'username' | 'password' | 'saves'> | undefined {
    const login = this.#logins.get(tabId);
    if (!login || this.#clock.now() > login.until) return undefined;
    const { username, password, saves } = login;
    return { username, password, saves };
  }

  /** Whether a login would be lost with this worker. */
  get isHolding(): boolean {
    return this.#logins.size > 0;
  }

  originOf(tabId: number): string | undefined {
    return this.#logins.get(tabId)?.origin;
  }

  /** Forgets what was typed in a tab. */
  async drop(tabId: number): Promise<void> {
    this.#logins.delete(tabId);
    this.#names.delete(tabId);
    await storage.dropOffer(tabId);
    await badge(tabId, '');
    if (this.#logins.size > 0) return;
    this.#letSleep?.();
    this.#letSleep = undefined;
  }

  /** The person has sent a login in a tab. It is offered once the page shows that it was not refused. */
  async hear(tabId: number, origin: string, { saves, username, password, ...before }: TypedLogin): Promise<void> {
    const until = this.#clock.now() + OFFER_MS;
    if (saves === 'name') {
      this.#names.set(tabId, { origin, username, until });
      return;
    }
    const step = this.#names.get(tabId);
    const known = step?.origin === origin && this.#clock.now() < step.until ? step.username : '';
    const account = username || known;
    const stood = { ...before, otpGiven: true, account };
    const login: Login = { origin, username: account, password, saves, until, before: stood, isOffered: false };
    this.#logins.set(tabId, login);
    if (!this.#letSleep) this.#stayAwake();
    await this.#settle(tabId, login);
  }

  /** The person has opened the popup in a tab: where nobody could look when a login was sent, one can now. @param origin of the page there */
  async lookBack(tabId: number, origin: string): Promise<void> {
    const login = this.#logins.get(tabId);
    if (login && !login.isOffered && login.origin === origin && this.peek(tabId)) await this.#settle(tabId, login);
  }

  /** Offers a login if the page shows that it was taken, and forgets it if not; where nobody may look it is kept for when somebody may. */
  async #settle(tabId: number, login: Login): Promise<void> {
    const { origin, username, saves, until, before } = login;
    const { result, code } = await watch(this.#clock, { tabId }, before);
    if (this.#logins.get(tabId) !== login) return;
    if (result === 'cannot-tell' && code === undefined) return;
    // Kept from being sent elsewhere, it was not taken either.
    const isGood = result !== 'stopped' && result !== 'otp' && wentWell(result) && code === undefined;
    if (!isGood) return this.drop(tabId);
    login.isOffered = true;
    await storage.writeOffer({ tabId, origin, username, saves, until });
    await badge(tabId, '+');
  }

  /** Keeps the worker alive as long as there is a login that nobody has saved. */
  #stayAwake(): void {
    this.#letSleep = this.#clock.after(AWAKE_MS, async () => {
      this.#letSleep = undefined;
      await browser.runtime.getPlatformInfo();
      for (const [tabId, { until }] of this.#logins) if (this.#clock.now() > until) await this.drop(tabId);
      if (this.#logins.size > 0 && !this.#letSleep) this.#stayAwake();
    });
  }
}
