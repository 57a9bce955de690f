// How a sign-in came to this phone, and what a reload of the page finds again of it.
import * as v from 'valibot';
import { fromBase64, toBase64 } from '../../protocol/encoding.ts';
import { Mail } from '../../protocol/mailbox.ts';
import { formatQrLink, parseQrLink, type QrLink } from '../../protocol/qr-link.ts';
import type { Keyring } from '../../protocol/seal.ts';
import { lastsUntil } from '../../protocol/session/common.ts';
import { newPhoneSession } from '../../protocol/session/phone.ts';
import type { PhoneSession } from '../../protocol/session/types.ts';
import type { WaitingRequest } from '../pairing/pairings.ts';

export interface Start {
  /** Session id, base64url. */
  sid: string;
  session: PhoneSession;
  mail: Mail;
  via: 'camera' | 'navigation' | 'call';
  /** What was scanned; a remembered computer's request has none. */
  link?: QrLink;
  call?: WaitingRequest;
  /** The companion knows who this is, from the provider whose app this page is in. */
  known?: boolean;
  /** After a reload, once the answer has left: what still opens and follows up, and whose later code the tap covers. */
  keyring?: Keyring;
  account?: string;
}

/** A sign-in that a reload of the page must not lose. */
export const Pending = v.object({
  /** Session id, base64url. */
  sid: v.string(),
  /** The code's link; a remembered browser's request has none. */
  link: v.optional(v.string()),
  via: v.picklist(['camera', 'navigation', 'call']),
  startedAt: v.number(),
  attempt: v.number(),
  extended: v.exactOptional(v.boolean()),
  mail: Mail,
  /** Set once the answer was sealed: what is needed to open the outcome, base64url. */
  sealed: v.nullable(v.object({ encapsulated: v.string(), response: v.string() })),
  /** The account whose code may be asked for afterwards, by its id; none where the tap covers no code. */
  account: v.optional(v.string()),
});
export type Pending = v.InferOutput<typeof Pending>;

/** @param keyring once the answer was sealed */
export const pendingOf = (
  { sid, link, via, mail }: Start,
  { startedAt, attempt, laterCode, extended }: PhoneSession,
  keyring: Keyring | undefined,
  account: string | undefined,
): Pending => ({
  ...{ sid, via, mail, startedAt, attempt },
  ...(extended ? { extended } : {}),
  ...(link ? { link: formatQrLink(link) } : {}),
  sealed: keyring ? { encapsulated: toBase64(keyring.encapsulated), response: toBase64(keyring.response) } : null,
  account: laterCode ? account : undefined,
});

/** How it goes on. @param now ms since 1970 @returns undefined when its time is over, or after three attempts */
export function startOf(pending: Pending, now: number): Start | undefined {
  const { sid, via, mail, sealed, startedAt, account, extended } = pending;
  const attempt = pending.attempt + (sealed ? 0 : 1);
  const extension = extended ? { extended } : {};
  const deadline = lastsUntil({ startedAt, ...extension });
  if (now > deadline || attempt > 3) return undefined;
  const link = pending.link === undefined ? {} : { link: parseQrLink(pending.link) };
  const session = { ...newPhoneSession(now, via, attempt), startedAt, ...extension };
  // Joining once more with the same token gives the browser's key and the nearness again.
  if (!sealed) return { sid, ...link, via, session, mail: { ...mail, known: false } };
  return {
    ...{ sid, ...link, via, mail },
    session: { ...session, state: 'sealed', deadline, laterCode: account !== undefined },
    keyring: { encapsulated: fromBase64(sealed.encapsulated), response: fromBase64(sealed.response) },
    ...(account === undefined ? {} : { account }),
  };
}
