// What the background keeps: the sign-ins and the next code in `storage.session` (memory only, gone with the browser), the
// companion's address in `storage.local`. Everything read passes its schema; what does not is treated as absent.
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import type { AutomaticSite } from '../extension/messages.ts';
import { Need, siteOf } from '../extension/permissions.ts';
import { policyInForce } from '../extension/policy.ts';
import {
  type Companion,
  companionOf,
  Drawing,
  NEXT_KEY,
  type Offer,
  SAVE_OFFER_PREFIX,
  SIGN_IN_PREFIX,
  View,
} from '../extension/view.ts';
import { ScankeyError } from '../protocol/errors.ts';
import { Mail } from '../protocol/mailbox.ts';
import { REQUEST_KINDS } from '../protocol/messages.ts';
import type { NewCode } from '../protocol/new-code.ts';
import { ProviderId } from '../protocol/providers.ts';

/** A code drawn in advance, with the secrets that only this browser has. Byte strings are base64url. */
export const NextCode: v.GenericSchema<unknown, NewCode> = v.object({
  sid: v.string(),
  secret: v.string(),
  seed: v.string(),
  publicKey: v.string(),
  /** The companion whose phone page the code names. */
  origin: v.string(),
  drawing: Drawing,
});
export type NextCode = NewCode;

/** What a page says, as far as it is looked at. */
const pageText = (letters: number) => v.pipe(v.string(), v.maxLength(letters));

/** A sign-in: what the popup sees, and what it needs to go on after the worker died. */
export const SignInRecord = v.object({
  view: View,
  mail: Mail,
  /** Secrets of the session; null once it has ended. */
  keys: v.nullable(
    v.object({
      /** The code's secret, or the pre-shared key of a remembered phone. */
      secret: v.string(),
      seed: v.string(),
      publicKey: v.string(),
      origin: v.string(),
    }),
  ),
  /** Address of the companion's relay. */
  relay: v.string(),
  /** It asks a remembered phone: the pairing, and what the companion is told. */
  pairedRequest: v.optional(v.object({ pairing: v.string(), box: v.string(), time: v.number(), proof: v.string() })),
  /** After a sign-in by code that went well: what it takes to agree on a pairing, and the key that it would begin with. */
  pairingOffer: v.optional(v.object({ encapsulated: v.string(), response: v.string(), first: v.string() })),
  /** The document that was looked at, and what of it was so before it was filled. */
  page: v.object({
    mark: v.string(),
    documentId: v.optional(v.string()),
    title: pageText(120),
    alert: pageText(600),
    lines: v.optional(v.pipe(v.array(pageText(160)), v.maxLength(160))),
    otp: v.optional(v.boolean()),
    asksCode: v.optional(v.boolean()),
    sentCode: v.optional(v.boolean()),
    obstacle: v.optional(v.picklist(['', 'captcha', 'passkey'])),
    unfilled: v.optional(pageText(160)),
    fields: v.optional(pageText(500)),
    /** A one-time code went along with what was filled in there. */
    otpGiven: v.optional(v.boolean()),
    /** Its address when the browser's own window is to be answered. */
    url: v.optional(v.string()),
    step: v.optional(v.string()),
    /** What the site says of a password that is to be set, and the name that was typed beside it. */
    rules: v.optional(v.string()),
    name: v.optional(v.string()),
    sets: v.optional(v.picklist(['', 'new', 'changed'])),
  }),
  /** The companion's half of a key under which the password may be stored, if the phone says so. */
  splitKey: v.optional(
    v.object({
      provider: ProviderId,
      id: v.string(),
      half: v.string(),
      auth: v.string(),
    }),
  ),
  /** It was begun by the page's coming up, not by the person. */
  automatic: v.optional(v.boolean()),
  /** The phone's name for its installation, when it wants to be remembered. */
  installation: v.optional(v.string()),
  /** The permission that it works under, whoever it was given for. */
  allowed: v.optional(Need),
  /** The newest hello as it came, from which a restarted worker gets its keys back. */
  hello: v.optional(v.object({ n: v.number(), m: v.string() })),
  /** Attempt whose request is in the outbox, and what an answer to it has to fit. */
  asked: v.optional(
    v.object({
      attempt: v.number(),
      hash: v.string(),
      kind: v.picklist(REQUEST_KINDS),
      frameOrigin: v.string(),
      sendsTo: v.optional(v.string()),
    }),
  ),
});
export type SignInRecord = v.InferOutput<typeof SignInRecord>;

const COMPANION_KEY = 'companion';

/** The companion in force: the policy's, or the person's. @throws ScankeyError `policy-wrong` */
export async function readCompanion(): Promise<Companion> {
  const [stored, policy] = await Promise.all([browser.storage.local.get(COMPANION_KEY), policyInForce()]);
  return companionOf(stored[COMPANION_KEY], policy, DEFAULT_COMPANION);
}

export const writeCompanion = (companion: Companion): Promise<void> =>
  browser.storage.local.set({ [COMPANION_KEY]: companion });

/** The phone pages that the person has taken with a server: by its address the SHA-256 of its build.json. */
const AcceptedPages = v.record(v.string(), v.string());
const ACCEPTED_PAGES_KEY = 'phone-pages';

export async function readAcceptedPages(): Promise<v.InferOutput<typeof AcceptedPages>> {
  const parsed = v.safeParse(AcceptedPages, (await browser.storage.local.get(ACCEPTED_PAGES_KEY))[ACCEPTED_PAGES_KEY]);
  return parsed.success ? parsed.output : {};
}
export const acceptPage = async (relay: string, digest: string): Promise<void> =>
  browser.storage.local.set({ [ACCEPTED_PAGES_KEY]: { ...(await readAcceptedPages()), [relay]: digest } });

/** What was last found wrong with the phone page of a server. */
const WrongPage = v.object({ relay: v.string(), code: v.picklist(['phone-page-unknown', 'phone-page-changed']) });
const WRONG_PAGE_KEY = 'wrong-page';

export async function readWrongPage(): Promise<v.InferOutput<typeof WrongPage> | undefined> {
  const parsed = v.safeParse(WrongPage, (await browser.storage.session.get(WRONG_PAGE_KEY))[WRONG_PAGE_KEY]);
  return parsed.success ? parsed.output : undefined;
}
export const writeWrongPage = (wrong: v.InferOutput<typeof WrongPage>): Promise<void> =>
  browser.storage.session.set({ [WRONG_PAGE_KEY]: wrong });
export const dropWrongPage = (): Promise<void> => browser.storage.session.remove(WRONG_PAGE_KEY);

export async function readNext(): Promise<NextCode | undefined> {
  const parsed = v.safeParse(NextCode, (await browser.storage.session.get(NEXT_KEY))[NEXT_KEY]);
  return parsed.success ? parsed.output : undefined;
}

export const writeNext = (next: NextCode): Promise<void> => browser.storage.session.set({ [NEXT_KEY]: next });
export const dropNext = (): Promise<void> => browser.storage.session.remove(NEXT_KEY);

/** Every sign-in of this browser session. */
export async function readSignIns(): Promise<SignInRecord[]> {
  const all = Object.entries(await browser.storage.session.get(null));
  return all.flatMap(([key, value]) => {
    const parsed = v.safeParse(SignInRecord, value);
    return key.startsWith(SIGN_IN_PREFIX) && parsed.success ? [parsed.output] : [];
  });
}

export const writeSignIn = (record: SignInRecord): Promise<void> =>
  browser.storage.session.set({ [SIGN_IN_PREFIX + record.view.sid]: record });
export const dropSignIn = (sid: string): Promise<void> => browser.storage.session.remove(SIGN_IN_PREFIX + sid);

/**
 * A list on the disk. What a later version has written in it and this one cannot read is not shown, and stays.
 * @returns `write` puts those that can be read in place of the former ones; it throws ScankeyError `vault-newer` where all is of a
 * later version
 */
export function storedList<T>(key: string, schema: v.GenericSchema<unknown, T>) {
  const stored = async (): Promise<unknown> => (await browser.storage.local.get(key))[key];
  const entries = (list: unknown): unknown[] => (Array.isArray(list) ? list : []);
  return {
    async read(): Promise<T[]> {
      return entries(await stored()).flatMap((one) => {
        const parsed = v.safeParse(schema, one);
        return parsed.success ? [parsed.output] : [];
      });
    },
    async write(all: readonly T[]): Promise<void> {
      const before = await stored();
      if (before !== undefined && !Array.isArray(before)) {
        // None of it was read, so none of it is dropped.
        if (all.length === 0) return;
        throw new ScankeyError('vault-newer');
      }
      const unread = entries(before).filter((one) => !v.is(schema, one));
      await browser.storage.local.set({ [key]: [...all, ...unread] });
    },
  };
}

/** As they have always been stored: a pairing was called a link once. */
const storedSites = storedList('automatic', v.object({ origin: v.string(), link: v.string() }));

/** Sites that sign in by themselves. */
export async function readAutomatic(): Promise<AutomaticSite[]> {
  return (await storedSites.read()).map(({ origin, link }) => ({ origin, pairing: link }));
}
export const writeAutomatic = (sites: readonly AutomaticSite[]): Promise<void> =>
  storedSites.write(sites.map(({ origin, pairing }) => ({ origin, link: pairing })));

const UPDATE_KEY = 'update';

/** Whether another version of the extension is there, and waits. */
export const readUpdate = async (): Promise<boolean> =>
  (await browser.storage.session.get(UPDATE_KEY))[UPDATE_KEY] === true;
export const writeUpdate = (waits: boolean): Promise<void> =>
  waits ? browser.storage.session.set({ [UPDATE_KEY]: true }) : browser.storage.session.remove(UPDATE_KEY);

const LENT_PREFIX = 'lent:';

/**
 * Permissions that were asked for on behalf of a sign-in, to go back with it, or of a site that signs in by itself, to go back when it
 * does no more. On the disk, for those outlast the browser, too. One that is not among them the person gave for good.
 */
export async function readLent(): Promise<Need[]> {
  const all = Object.entries(await browser.storage.local.get(null));
  return all.flatMap(([key, value]) => {
    const parsed = v.safeParse(Need, value);
    return key.startsWith(LENT_PREFIX) && parsed.success ? [parsed.output] : [];
  });
}
/** What was lent for the site of an origin, at any of its ports. */
export const findLent = async (origin: string): Promise<Need | undefined> =>
  (await readLent()).find((lent) => siteOf(lent.origin) === siteOf(origin));
export const writeLent = (lent: Need): Promise<void> =>
  browser.storage.local.set({ [LENT_PREFIX + siteOf(lent.origin)]: lent });
export const dropLent = ({ origin }: Need): Promise<void> => browser.storage.local.remove(LENT_PREFIX + siteOf(origin));

const VISIT_LEAVE_KEY = 'visit-leave';

/** Origin of the companion whose pages we were lent leave to see, for visits to a provider; undefined for none, or where it was given for good. */
export async function readVisitLeave(): Promise<string | undefined> {
  const parsed = v.safeParse(v.string(), (await browser.storage.local.get(VISIT_LEAVE_KEY))[VISIT_LEAVE_KEY]);
  return parsed.success ? parsed.output : undefined;
}
export const writeVisitLeave = (origin: string): Promise<void> =>
  browser.storage.local.set({ [VISIT_LEAVE_KEY]: origin });
export const dropVisitLeave = (): Promise<void> => browser.storage.local.remove(VISIT_LEAVE_KEY);

/** How automatic sign-ins went on a site since the browser was started. Times in ms since 1970. */
export const SiteRecord = v.object({
  /** Calls that led to no sign-in. */
  tries: v.array(v.number()),
  /** The site refused what was filled in, and nobody has signed in since. */
  refused: v.boolean(),
  signedInAt: v.number(),
  /** The tab that it was in. */
  signedInTab: v.optional(v.number()),
});
export type SiteRecord = v.InferOutput<typeof SiteRecord>;
const RECORD_PREFIX = 'site:';

export async function readRecord(origin: string): Promise<SiteRecord> {
  const key = RECORD_PREFIX + origin;
  const parsed = v.safeParse(SiteRecord, (await browser.storage.session.get(key))[key]);
  return parsed.success ? parsed.output : { tries: [], refused: false, signedInAt: 0 };
}
export const writeRecord = (origin: string, record: SiteRecord): Promise<void> =>
  browser.storage.session.set({ [RECORD_PREFIX + origin]: record });

export const writeOffer = (offer: Offer): Promise<void> =>
  browser.storage.session.set({ [SAVE_OFFER_PREFIX + offer.tabId]: offer });
export const dropOffer = (tabId: number): Promise<void> => browser.storage.session.remove(SAVE_OFFER_PREFIX + tabId);
/** Forgets every offer: the passwords were in the memory of a worker that is gone. */
export async function dropOffers(): Promise<void> {
  const keys = Object.keys(await browser.storage.session.get(null));
  await browser.storage.session.remove(keys.filter((key) => key.startsWith(SAVE_OFFER_PREFIX)));
}
