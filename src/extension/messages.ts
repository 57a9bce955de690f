// What is said by message: the popup asks the background, and our own script in a page tells it what came up there. What becomes of
// an ask is read in storage (view.ts), so the popup never waits for a sleeping worker.
import * as v from 'valibot';
import type { Code } from '../protocol/errors.ts';
import { SAVES } from '../protocol/outcomes.ts';
import { ProviderId } from '../protocol/providers.ts';
import { Need } from './permissions.ts';
import type { Drawing } from './view.ts';

/** The page after installing, by its path in the extension. */
export const WELCOME = 'src/popup/welcome.html';

/** From the popup to the background. */
export const Ask = v.variant('t', [
  /** Show me this tab's sign-in, or begin one. */
  v.strictObject({ t: v.literal('open'), tabId: v.number() }),
  /** A fresh code for this tab. */
  v.strictObject({ t: v.literal('renew'), tabId: v.number() }),
  v.strictObject({ t: v.literal('cancel'), sid: v.string() }),
  v.strictObject({ t: v.literal('companion'), relay: v.string() }),
  /** Does the companion in force answer, and admit this extension? */
  v.strictObject({ t: v.literal('check') }),
  /** The browser asks the person for this, or has just been told: for as long as a sign-in uses it, or for good. */
  v.strictObject({ t: v.literal('allow'), need: Need, keep: v.boolean() }),
  /** A permission that was given for good goes back. */
  v.strictObject({ t: v.literal('give-back'), pattern: v.string() }),
  /** The popup is still open. */
  v.strictObject({ t: v.literal('here') }),
  /** Call a remembered phone for this tab: to sign in, or to save what was typed there. */
  v.strictObject({ t: v.literal('call'), tabId: v.number(), pairing: v.string(), save: v.boolean() }),
  /** The person's word on remembering the phone of a sign-in that went well. */
  v.strictObject({ t: v.literal('pair'), sid: v.string(), yes: v.boolean() }),
  v.strictObject({ t: v.literal('forget-phone'), pairing: v.string() }),
  v.strictObject({ t: v.literal('rename-phone'), pairing: v.string(), name: v.pipe(v.string(), v.maxLength(40)) }),
  /** Sign in on this site by itself from now on, with its permission, which may have been `given` before this was asked; or not any more. */
  v.strictObject({
    t: v.literal('automatic'),
    origin: v.string(),
    pairing: v.nullable(v.string()),
    tabId: v.number(),
    given: v.optional(v.boolean()),
  }),
  /** Do not save what was typed in this tab. */
  v.strictObject({ t: v.literal('drop-offer'), tabId: v.number() }),
  /**
   * Sign in to this tab's site by a provider's word; or keep its password for that, once provider and phone agree; or not any more. Leave to
   * see the companion's own pages may have been `given` before this was asked.
   */
  v.strictObject({
    t: v.literal('split-key'),
    do: v.picklist(['open', 'make', 'drop']),
    tabId: v.number(),
    origin: v.string(),
    provider: ProviderId,
    pairing: v.optional(v.string()),
    given: v.optional(v.boolean()),
  }),
  /** The code to set a phone up with, as long as somebody looks at it; `again`: a fresh one, whatever has become of the last. */
  v.strictObject({ t: v.literal('set-up'), again: v.boolean() }),
  /** Which phones and sites does this browser know? */
  v.strictObject({ t: v.literal('known') }),
]);
export type Ask = v.InferOutput<typeof Ask>;

/** A phone that this browser remembers. */
export const Phone = v.object({
  id: v.string(),
  name: v.string(),
  addedAt: v.number(),
  usedAt: v.number(),
  /** It can be called through the companion in force. */
  here: v.boolean(),
});
export type Phone = v.InferOutput<typeof Phone>;

/** A site that is signed in to when its sign-in page opens, by asking the phone of that pairing. */
export const AutomaticSite = v.object({ origin: v.string(), pairing: v.string() });
export type AutomaticSite = v.InferOutput<typeof AutomaticSite>;

/** A site that a provider's word alone signs in to on this computer: half of the key is here, half at the companion. */
export interface SplitKeySite {
  origin: string;
  provider: ProviderId;
  username: string;
}

/** What lasts in this browser. */
export interface Known {
  phones: Phone[];
  automatic: AutomaticSite[];
  /** Patterns of the other sites that were allowed for good. */
  allowed: string[];
  splitKeys: SplitKeySite[];
  /** Origin of the pages of the companion in force, where a visit to a provider ends; null until it has been asked once. */
  companion: string | null;
  /** The browser lets us see those pages. */
  companionAllowed: boolean;
  /** Providers whose word the companion takes, on their own pages. */
  providers: ProviderId[];
}

/** The code to set a phone up with, and how far a phone has come that has scanned it. */
export interface SetUp {
  step: 'to-scan' | 'scanned' | 'set-up';
  drawing: Omit<Drawing, 'link'>;
  /** The companion answers. */
  up: boolean;
}

/** The background's reply; what happens afterwards is read in storage. */
export type Reply = { ok: true; known?: Known; setUp?: SetUp } | { ok: false; code: Code };

const line = v.pipe(v.string(), v.maxLength(512));
/** What our own script in a page may say: a sign-in form has come up, or the person has sent one typed by hand. */
export const PageMessage = v.variant('t', [
  /** `fromSite`: the page was reached from another page of the same site. */
  v.strictObject({ t: v.literal('arrived'), fromSite: v.boolean() }),
  v.strictObject({
    t: v.literal('typed'),
    /** `name`: the first of several steps, without a password. */
    saves: v.picklist(['name', ...SAVES]),
    username: line,
    password: line,
    mark: line,
    alert: line,
  }),
]);
export type PageMessage = v.InferOutput<typeof PageMessage>;
export type TypedLogin = Extract<PageMessage, { t: 'typed' }>;
