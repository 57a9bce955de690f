// What the person's tap releases, by what was asked for: each makes the answer to the very request that was on the screen.
import { randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import type { Guard } from '../../protocol/proximity.ts';
import type { Release } from '../../protocol/session/answer.ts';
import type { Shown } from '../../protocol/session/types.ts';
import { type Account, newAccount, replaced } from '../vault/document.ts';
import { codeAt } from '../vault/totp.ts';
import { astrayOf, codesOf } from './choice.ts';
import type { SignInShown } from './prove-identity.ts';

/** What is put into the vault as the answer leaves. */
export interface VaultEdit {
  id: string;
  fn(account: Account | undefined): Account;
}

/** One tap, and all that it covers. */
export interface Tap {
  answer: Release;
  /** The account's own rule. */
  guard: Guard;
  /** Id of the account that is signed in with. */
  account?: string;
  /** The screen said that the account's one-time code is sent, too, if the site asks for it afterwards. */
  laterCode?: boolean;
  edit?: VaultEdit;
}

/** The last look at where it would go. @throws ScankeyError `origin-mismatch` for an address that nothing of `account` may go to */
function mustBelong({ request }: Shown, account: Account | undefined): void {
  if (astrayOf(request, account)) throw new ScankeyError('origin-mismatch');
}

/**
 * A tap that gives `account`.
 * @param stored the person lets the computer store the password, for a provider's word to open
 * @param now ms since 1970; a one-time code is that of this moment
 * @throws ScankeyError `origin-mismatch` where the form sends it astray
 */
export async function givesCredential(shown: Shown, account: Account, stored: boolean, now: number): Promise<Tap> {
  mustBelong(shown, account);
  const { hash, request } = shown;
  const codes = codesOf(request, account);
  const codeOnly = request.kind === 'otp';
  return {
    answer: {
      v: 1,
      t: 'credential',
      request: hash,
      frameOrigin: request.frameOrigin,
      username: codeOnly ? '' : account.username,
      password: codeOnly ? '' : account.password,
      ...(request.extra && account.tenant ? { extra: account.tenant } : {}),
      ...(codes.now ? { otp: await codeAt(codes.now, now) } : {}),
      ...(stored ? { kept: stored } : {}),
    },
    guard: account.guard,
    account: account.id,
    laterCode: codes.later !== '',
  };
}

/** The computer that an account is given to, as that computer says. */
export const usedBy = ({ browser, os }: Shown['request']): NonNullable<Account['usedOn']> => ({ browser, os });

/** A login put into `known`, or into a new account of the request's site where that is undefined or was deleted meanwhile. */
function withLogin(
  known: Account | undefined,
  request: Shown['request'],
  login: Pick<Account, 'username' | 'password'> & Partial<Account>,
  now: number,
): VaultEdit {
  const made = known ?? newAccount({ id: toBase64(randomBytes(12)), sites: [request.frameOrigin] });
  return { id: made.id, fn: (account) => replaced(account, { ...(account ?? made), ...login }, now) };
}

/**
 * A tap that gives a new password, which is in the vault before it leaves.
 * @param account as it is now, undefined for a new one
 * @throws ScankeyError `origin-mismatch` where the form sends it astray
 */
export function givesNew(
  shown: Shown,
  account: Account | undefined,
  login: Pick<Account, 'username' | 'password'>,
  now: number,
): Tap {
  mustBelong(shown, account);
  const { hash, request } = shown;
  const { frameOrigin, saves } = request;
  const current = saves === 'changed' && account ? { current: account.password } : {};
  return {
    answer: { v: 1, t: 'credential', request: hash, frameOrigin, ...login, ...current },
    guard: account?.guard ?? 'none',
    edit: withLogin(account, request, { ...login, usedAt: now, usedOn: usedBy(request) }, now),
  };
}

/** A tap that saves the login which the computer has sent. @throws ScankeyError `out-of-order` when it has sent none */
export function savesLogin({ hash, request }: Shown, account: Account | undefined, username: string, now: number): Tap {
  const { password } = request;
  if (password === undefined) throw new ScankeyError('out-of-order');
  return {
    answer: { v: 1, t: 'saved', request: hash },
    guard: 'none',
    edit: withLogin(account, request, { username, password }, now),
  };
}

/**
 * A tap that says who one is.
 * @param site the sign-in that the screen named, and what becomes this person's by the same tap
 * @param proof for that one
 */
export const saysWho = (
  { hash }: Shown,
  { adds }: SignInShown,
  proof: { key: string; signature: string } | { ticket: string },
): Tap => ({
  answer: { v: 1, t: 'identity', request: hash, ...proof },
  // What lets somebody in as this person from now on is not added for a computer that is far away.
  guard: adds ? 'near' : 'none',
});
