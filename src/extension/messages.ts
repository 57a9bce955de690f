// What the extension's own rooms say to each other: the background keeps one ticket for each sign-in in
// `storage.session`; the popup reads its view there, and asks by message. The popup never waits for a sleeping worker.
import * as v from 'valibot';
import { CODES } from '../protocol/errors.ts';
import { BROWSER_STATES, type BrowserSession, RESULTS, SAVES } from '../protocol/session/session.ts';

/** Storage key of the code that is drawn in advance, and prefix of the tickets' keys. */
export const NEXT_KEY = 'next';
export const SIGN_IN_PREFIX = 'sign-in:';
/** Prefix of the keys of what may be saved, by tab. */
export const SAVE_OFFER_PREFIX = 'offer:';

/** A QR code ready to be drawn: an SVG path over a square of `size` modules, quiet zone included. */
export const Drawing = v.object({ path: v.string(), size: v.number(), link: v.string() });
export type Drawing = v.InferOutput<typeof Drawing>;

const code = v.picklist(CODES);
export const Session: v.GenericSchema<unknown, BrowserSession> = v.object({
  role: v.literal('browser'),
  state: v.picklist(BROWSER_STATES),
  startedAt: v.number(),
  deadline: v.number(),
  strikes: v.number(),
  attempt: v.number(),
  code: v.exactOptional(code),
  otp: v.exactOptional(v.picklist(['asked', 'given'])),
  result: v.exactOptional(v.picklist(RESULTS)),
});

/** What the person must allow before Scankey can go on, and why. */
export const Need = v.object({
  why: v.picklist(['frame', 'steps', 'basic']),
  /** The one site that the permission is for. */
  origin: v.string(),
});
export type Need = v.InferOutput<typeof Need>;

/** The pattern of one site, at all its ports: patterns know none in Firefox. */
export function siteOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** What is asked of the browser for a need: this one site, and for the browser's own window the right to answer it. */
export const permissionsFor = ({ why, origin }: Need): chrome.permissions.Permissions => ({
  origins: [siteOf(origin)],
  // Chromium wires up `webRequest` only for extensions that declare it from the start; without a site's permission it sees
  // nothing.
  permissions: why === 'basic' ? ['webRequestAuthProvider'] : [],
});

/**
 * How far the two have come with remembering each other: it can be offered, the phone has said yes, this side has, both have, or
 * somebody has said no.
 */
export const PAIRING_PROGRESS = ['offered', 'asked', 'said', 'kept', 'declined'] as const;

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

/** A site that is signed in to when its sign-in page opens, by asking the phone `link`. */
export const AutomaticSite = v.object({ origin: v.string(), link: v.string() });
export type AutomaticSite = v.InferOutput<typeof AutomaticSite>;

/** A site that a provider's word alone signs in to on this computer: half of the key is here, half at the companion. */
export interface SplitKeySite {
  origin: string;
  provider: string;
  username: string;
}

/** A login that was typed by hand in a tab, as far as the popup has to know it. */
export const Offer = v.object({
  tabId: v.number(),
  origin: v.string(),
  username: v.string(),
  saves: v.picklist(SAVES),
  until: v.number(),
});
export type Offer = v.InferOutput<typeof Offer>;

/** What a sign-in's page asks the phone for. */
export const PURPOSES = ['sign-in', 'new', 'save', 'identity'] as const;

/** What the popup shows of a sign-in; no secret but the code itself is in it. */
export const View = v.object({
  sid: v.string(),
  tabId: v.number(),
  /** Origin of the page that the sign-in is for. */
  origin: v.string(),
  session: Session,
  purpose: v.picklist(PURPOSES),
  /** The code to scan; none where a remembered phone is called. */
  drawing: v.optional(Drawing),
  /** The remembered phone that is called. */
  called: v.optional(v.object({ link: v.string(), name: v.string() })),
  remembering: v.optional(v.picklist(PAIRING_PROGRESS)),
  /** A private window: nothing of it may last. */
  incognito: v.optional(v.boolean()),
  /** The companion answers; null before the first try. */
  up: v.nullable(v.boolean()),
  /** A sign-in form is on the page. */
  formSeen: v.boolean(),
  /** Where the form is when it is in a frame of another site. */
  frame: v.optional(v.string()),
  need: v.optional(Need),
  /** The joining phone's name for itself. */
  phone: v.optional(v.string()),
  near: v.optional(v.boolean()),
  /** Somebody else scanned the same code. */
  second: v.optional(v.boolean()),
  digits: v.optional(v.string()),
  account: v.optional(v.string()),
  /** The site's own words when it refused. */
  text: v.optional(v.string()),
  /** When it ended, ms since 1970. */
  endedAt: v.optional(v.number()),
});
export type View = v.InferOutput<typeof View>;

export const Companion = v.object({
  /** Base address of the companion that the extension speaks to. */
  relay: v.string(),
  /** Origin printed into codes; null until the companion has been asked once. */
  phoneOrigin: v.nullable(v.string()),
  /** Providers whose word it takes on their own pages, as it last said. */
  providers: v.optional(v.array(v.string()), []),
});
export type Companion = v.InferOutput<typeof Companion>;

/** From the popup to the background. */
export const Ask = v.variant('t', [
  /** Show me this tab's sign-in, or begin one. */
  v.strictObject({ t: v.literal('open'), tabId: v.number() }),
  /** A fresh code for this tab. */
  v.strictObject({ t: v.literal('renew'), tabId: v.number() }),
  v.strictObject({ t: v.literal('cancel'), sid: v.string() }),
  v.strictObject({ t: v.literal('companion'), relay: v.string() }),
  /** The popup is still open. */
  v.strictObject({ t: v.literal('here') }),
  /** Call a remembered phone for this tab: to sign in, or to save what was typed there. */
  v.strictObject({ t: v.literal('call'), tabId: v.number(), link: v.string(), save: v.boolean() }),
  /** The person's word on remembering the phone of a sign-in that went well. */
  v.strictObject({ t: v.literal('remember'), sid: v.string(), yes: v.boolean() }),
  v.strictObject({ t: v.literal('forget-phone'), link: v.string() }),
  v.strictObject({ t: v.literal('rename-phone'), link: v.string(), name: v.pipe(v.string(), v.maxLength(40)) }),
  /** Sign in on this site by itself from now on, its permission given; or not any more. */
  v.strictObject({ t: v.literal('automatic'), origin: v.string(), link: v.nullable(v.string()), tabId: v.number() }),
  /** Do not save what was typed in this tab. */
  v.strictObject({ t: v.literal('drop-offer'), tabId: v.number() }),
  /** Sign in to this tab's site by a provider's word; or keep its password for that, once provider and phone agree; or not any more. */
  v.strictObject({
    t: v.literal('half'),
    do: v.picklist(['open', 'make', 'drop']),
    tabId: v.number(),
    origin: v.string(),
    provider: v.string(),
    link: v.optional(v.string()),
  }),
  /** Which phones and sites does this browser know? */
  v.strictObject({ t: v.literal('known') }),
]);
export type Ask = v.InferOutput<typeof Ask>;

/** What lasts in this browser. */
export interface Known {
  phones: Phone[];
  automatic: AutomaticSite[];
  halves: SplitKeySite[];
  /** Providers whose word the companion takes, on their own pages. */
  providers: string[];
}

/** The background's reply; what happens afterwards is read from the ticket. */
export type Reply = { ok: true; known?: Known } | { ok: false; code: (typeof CODES)[number] };

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

/** What the content script is handed for one step: no more than the step needs. */
export interface FillOrder {
  /** The document that this is meant for. */
  mark: string;
  /** The origin that the phone confirmed. */
  origin: string;
  /** The form is in a frame, and that frame's origin is the one confirmed. */
  frame: boolean;
  username: string;
  password: string;
  /** For a third field: company, team, tenant. */
  extra: string;
  otp: string;
  /** The password is a new one: it goes where one is set, and nothing is sent. */
  fresh?: boolean;
  /** The password in force, for a form that changes it. */
  current?: string;
}

/** What a page asks for at one moment. */
export type Step = 'sign-in' | 'name' | 'password' | 'code';

/** How a fill ended; `filled` means that values were set and sent. */
export type FillReport =
  | { done: 'filled'; step: Step | 'new' }
  | { done: 'not-filled'; code: 'page-left' | 'no-form' | 'origin-mismatch' | 'does-not-fit' };

/** What a page looks like to somebody who wants to sign in. */
export interface Look {
  mark: string;
  origin: string;
  title: string;
  /** The step of a sign-in that the page shows; empty for none. */
  step: Step | '';
  /** That step has a place for a one-time code, for a company or team. */
  otp: boolean;
  extra: boolean;
  /** The page sets a password, and no form of it signs in: for a new account, or in the place of an old one. */
  sets: '' | 'new' | 'changed';
  /** What it says of that password: `passwordrules` and lengths. */
  rules: string;
  /** The name that was typed beside it. */
  name: string;
  /** On a companion's own sign-in page: the OpenID sign-in that waits there for a proof of identity. */
  signIn: string;
  /** The password field of that form holds something. */
  typed: boolean;
  /** A code is asked for that came by message or e-mail. */
  sentCode: boolean;
  /** What only the person can deal with. */
  obstacle: '' | 'captcha' | 'passkey';
  /** The page's visible alert, if any. */
  alert: string;
  /** Origins of the frames of other sites on the page. */
  frames: string[];
  /** HTTP status of the document, 0 where the browser does not say. */
  status: number;
  loaded: boolean;
}

/** What content.js leaves in the extension's own world of a page. */
export interface ContentApi {
  look(): Look;
  fill(order: FillOrder): Promise<FillReport>;
  /** Resolves when the page has changed, at the latest after `ms`. */
  change(ms: number): Promise<void>;
  /** From now on tells of forms that the person typed and sent. */
  watch(tell: (typed: TypedLogin) => void): void;
}
