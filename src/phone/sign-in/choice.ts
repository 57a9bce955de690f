// Which account a request is answered with, and what still stands before the tap. Pure.
import type { Message } from '../../protocol/messages.ts';
import { type ProximityStep, stepsFor } from '../../protocol/proximity.ts';
import type { PhoneSession } from '../../protocol/session/types.ts';
import type { Account } from '../vault/document.ts';
import { type Astray, accountsFor, astray, type Nearness, nearest, type Offer, siteOf } from '../vault/sites.ts';

type Request = Pick<Message<'request'>, 'frameOrigin' | 'sendsTo' | 'kind' | 'otp'>;
/** Which address an account is stored for that is not asked for here, and how near it is. */
export interface Elsewhere {
  site: string;
  nearness: Exclude<Nearness, 'same' | 'fits'>;
}
type Nearby = Pick<PhoneSession, 'evidence' | 'passed'>;

/** An account that was picked, and what was ticked of it: nothing that was said of one is said of another. */
export interface Picked {
  /** Its id; empty while none was picked, or for one that is yet to be made. */
  account: string;
  /** An account that is stored for another address is used here. */
  otherAddress: boolean;
  /** The page is not encrypted. */
  insecure: boolean;
  /** The computer may store the password, for a provider's word to open. */
  stored: boolean;
}

/** An account is picked: nothing is ticked of it yet. */
export const picked = (account: string): Picked => ({ account, otherAddress: false, insecure: false, stored: false });

/** @returns `pick` if it is of that account, else that account without a tick */
export const pickFor = (account: Account | undefined, pick: Picked): Picked =>
  pick.account === (account?.id ?? '') ? pick : picked(account?.id ?? '');

export interface Choice {
  /** Accounts of the site, those of this very address first, then the last used first. */
  offered: readonly Offer[];
  /** The rest, look-alikes first. */
  others: readonly Offer[];
  /** The account that is chosen: what the person chose, else the last used, but then never one of another address. */
  account: Account | undefined;
  /** Where there is no account of this address: one whose site this one resembles. */
  lookalike: Offer | undefined;
  /** The account is stored for another address than the page's, or than the one that its form sends to. */
  otherAddress: Elsewhere | undefined;
  insecure: boolean;
  /** The form sends to where nothing of this account may go. */
  astray: Astray | undefined;
  /** This account, and what was ticked of it. */
  pick: Picked;
  /** A one-time code is asked for, and the account has none. */
  codeMissing: boolean;
  /** The account's own rule speaks against this computer. */
  refused: boolean;
  lacking: ProximityStep | undefined;
  /** Nothing is in the way of the tap any more. */
  ready: boolean;
}

/**
 * The account's one-time codes that a tap covers, by their seed: one that goes along, and one that the site may ask for on a page
 * afterwards. Empty where there is none.
 */
export function codesOf(
  { kind, otp }: Pick<Request, 'kind' | 'otp'>,
  { totp }: Pick<Account, 'totp'>,
): { now: string; later: string } {
  if (otp || kind === 'otp') return { now: totp, later: '' };
  return { now: '', later: kind === 'password' ? totp : '' };
}

/** Whether the account's own rule speaks against a computer with this evidence. */
export const isRefused = ({ evidence }: Pick<Nearby, 'evidence'>, account: Account | undefined): boolean =>
  stepsFor(evidence, account?.guard ?? 'none') === 'refused';

/** Why nothing may be given to where the form sends; undefined also for one that sends home. */
export const astrayOf = (
  { frameOrigin, sendsTo }: Pick<Request, 'frameOrigin' | 'sendsTo'>,
  account: Account | undefined,
) => (sendsTo === undefined ? undefined : astray(frameOrigin, sendsTo, account));

/** The address that an account is stored for, where that is neither the page's nor one that fits; else where it is not its form's. */
export function elsewhere(
  { frameOrigin, sendsTo = frameOrigin }: Pick<Request, 'frameOrigin' | 'sendsTo'>,
  account: Account,
): Elsewhere | undefined {
  for (const origin of [frameOrigin, sendsTo]) {
    const { site, nearness } = nearest(origin, account);
    if (nearness !== 'same' && nearness !== 'fits') return { site, nearness };
  }
  return undefined;
}

/** What the person has still to do before the tap, for this account at this nearness; the hold comes after it. */
export function stepLacking({ evidence, passed }: Nearby, account: Account | undefined): ProximityStep | undefined {
  const steps = stepsFor(evidence, account?.guard ?? 'none');
  return steps === 'refused' ? undefined : steps.find((step) => step !== 'hold' && !passed.includes(step));
}

/**
 * @param fitting the vault's accounts as they fit the request's address
 * @param last what the person has picked
 */
export function choiceOf(
  request: Request,
  session: Nearby,
  { exact, related, others }: ReturnType<typeof accountsFor>,
  last: Picked,
): Choice {
  const origin = request.frameOrigin;
  const offered = [...exact, ...related];
  const isChosen = ({ account: { id } }: Offer) => id === last.account;
  const account = (last.account === '' ? exact[0] : [...offered, ...others].find(isChosen))?.account;
  const lookalike = exact.length === 0 ? others.find(({ nearness }) => nearness === 'lookalike') : undefined;
  const { insecure } = siteOf(origin);
  const codeMissing = request.kind === 'otp' && !account?.totp;
  const refused = isRefused(session, account);
  const lacking = stepLacking(session, account);
  const pick = pickFor(account, last);
  const wrongWay = astrayOf(request, account);
  const otherAddress = account && elsewhere(request, account);
  const said = (!otherAddress || pick.otherAddress) && (!insecure || pick.insecure);
  const ready = account !== undefined && said && !codeMissing && !refused && !wrongWay && lacking === undefined;
  return {
    offered,
    others,
    account,
    lookalike,
    otherAddress,
    insecure,
    astray: wrongWay,
    pick,
    codeMissing,
    refused,
    lacking,
    ready,
  };
}

/** The account that a typed or new login belongs to: the one of that name, or the only one of the site where none was named. */
export function accountOf(origin: string, accounts: readonly Account[], username: string): Account | undefined {
  const { exact } = accountsFor(origin, accounts);
  const [only, another] = exact;
  const named = exact.find(({ account }) => account.username === username);
  return (named ?? (username || another ? undefined : only))?.account;
}
