// What the person's tap releases, by what was asked for: each makes the answer for the very request that was on the screen.
import { randomBytes, toBase64 } from '../../protocol/encoding.ts';
import { ScankeyError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/messages.ts';
import { type Account, newAccount, replaced } from '../vault/document.ts';
import { codeAt } from '../vault/totp.ts';
import type { PhoneSignIn, VaultEdit } from './phone-sign-in.ts';
import { proveByApp, proveByVault } from './prove-identity.ts';
import { signIn } from './run.ts';

/** The sign-in under way and what it asks for. @throws ScankeyError `out-of-order` when nothing is shown */
function asked(): { run: PhoneSignIn; request: Message<'request'> } {
  const run = signIn.value;
  const request = run?.shown.value?.request;
  if (!run || !request) throw new ScankeyError('out-of-order');
  return { run, request };
}

/**
 * The person's tap: binds `account` to the very request that was shown.
 * @param stored the person lets the computer store the password, for a provider's word to open
 * @throws ScankeyError `too-large` when the account does not fit a message, `out-of-order` when a step is missing
 */
export async function approve(account: Account, stored = false): Promise<void> {
  const { run, request } = asked();
  // The code of this very moment, and only where the form asks for one.
  const wanted = account.totp && (request.otp || request.kind === 'otp') ? account.totp : undefined;
  const otp = wanted === undefined ? {} : { otp: await codeAt(wanted, Date.now()) };
  const codeOnly = request.kind === 'otp';
  await run.tap(
    (hash) => ({
      v: 1,
      t: 'credential',
      request: hash,
      frameOrigin: request.frameOrigin,
      username: codeOnly ? '' : account.username,
      password: codeOnly ? '' : account.password,
      ...(request.extra && account.tenant ? { extra: account.tenant } : {}),
      ...otp,
      ...(stored && request.keep && run.start.call ? { kept: stored } : {}),
    }),
    account.guard,
    { account: account.id },
  );
}

/** A login put into `known`, or into a new account of `site` where that is undefined or was deleted meanwhile. */
function withLogin(
  known: Account | undefined,
  site: string,
  login: Pick<Account, 'username' | 'password'>,
  now: number,
): VaultEdit {
  const made = known ?? newAccount({ id: toBase64(randomBytes(12)), sites: [site] });
  return { id: made.id, fn: (account) => replaced(account, { ...(account ?? made), ...login, usedAt: now }, now) };
}

/**
 * The person's tap on a new password: it is in the vault before it leaves.
 * @param account as it is now, undefined for a new one
 * @throws ScankeyError as `approve`, and `trial-full`
 */
export async function approveNew(account: Account | undefined, username: string, password: string): Promise<void> {
  const { run, request } = asked();
  const { frameOrigin } = request;
  const edit = withLogin(account, frameOrigin, { username, password }, Date.now());
  const current = request.saves === 'changed' && account ? { current: account.password } : {};
  await run.tap(
    (hash) => ({ v: 1, t: 'credential', request: hash, frameOrigin, username, password, ...current }),
    account?.guard ?? 'none',
    { account: edit.id, edit },
  );
}

/** The person's tap on a login that the computer has sent to be saved. @throws ScankeyError as `approve`, and `trial-full` */
export async function approveSave(account: Account | undefined, username: string): Promise<void> {
  const { run, request } = asked();
  const { password, frameOrigin } = request;
  if (password === undefined) throw new ScankeyError('out-of-order');
  const edit = withLogin(account, frameOrigin, { username, password }, Date.now());
  await run.tap((hash) => ({ v: 1, t: 'saved', request: hash }), 'none', { edit });
}

/** The person's tap: says who one is, to this companion and for this sign-in. @throws ScankeyError as `approve` */
export async function approveIdentity(): Promise<void> {
  const { run } = asked();
  const shown = run.shown.value?.signIn;
  if (!shown || 'code' in shown) throw new ScankeyError('out-of-order');
  const proof = await (run.start.known ? proveByApp(run.start.sid, shown) : proveByVault(shown));
  // What lets somebody in as this person from now on is not added for a computer that is far away.
  await run.tap((request) => ({ v: 1, t: 'identity', request, ...proof }), shown.adds ? 'near' : 'none');
}
