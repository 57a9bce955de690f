// What the background lays out in storage for the popup to draw: the sign-ins of each tab, the code that lies ready, what may be
// saved. No secret but the codes themselves is in it.
import * as v from 'valibot';
import { CODES } from '../protocol/errors.ts';
import { RESULTS, SAVES } from '../protocol/outcomes.ts';
import { ProviderIds } from '../protocol/providers.ts';
import { BROWSER_STATES, type BrowserSession } from '../protocol/session/types.ts';
import { Need } from './permissions.ts';
import type { Policy } from './policy.ts';

/** Storage key of the code that is drawn in advance, and prefix of the sign-ins' keys. */
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
  extended: v.exactOptional(v.boolean()),
  code: v.exactOptional(code),
  otp: v.exactOptional(v.picklist(['asked', 'given'])),
  result: v.exactOptional(v.picklist(RESULTS)),
  text: v.exactOptional(v.string()),
});

/**
 * How far the two have come with remembering each other: it can be offered, the phone has said yes, this side has, both have, or
 * somebody has said no.
 */
const PAIRING_PROGRESS = ['offered', 'asked', 'said', 'remembered', 'declined'] as const;

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
const PURPOSES = ['sign-in', 'new', 'save', 'identity'] as const;

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
  called: v.optional(v.object({ pairing: v.string(), name: v.string() })),
  /** Whether the phone of this sign-in comes to be remembered. */
  pairing: v.optional(v.picklist(PAIRING_PROGRESS)),
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
  providers: v.optional(ProviderIds, []),
  /** It made its own certificate: the phone's browser warns of it. */
  trial: v.exactOptional(v.boolean()),
});
export type Companion = v.InferOutput<typeof Companion>;

/** The companion in force. @param stored what was last heard of one @param builtIn the address of that which the build names */
export function companionOf(stored: unknown, { companion }: Policy, builtIn: string): Companion {
  const parsed = v.safeParse(Companion, stored);
  if (parsed.success && (companion === '' || parsed.output.relay === companion)) return parsed.output;
  return { relay: companion || builtIn, phoneOrigin: null, providers: [] };
}
