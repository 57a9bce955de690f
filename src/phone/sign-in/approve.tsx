// A sign-in on the phone, screen by screen. Each request answers three questions in this order: where am I signing in, on which
// computer, as whom.
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { hasEnded } from '../../protocol/session/common.ts';
import type { Shown } from '../../protocol/session/types.ts';
import { foreign } from '../../ui/foreign.ts';
import { say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import { isUnlocked } from '../vault/vault.ts';
import type { Approval } from './approval.ts';
import { ConfirmIdentity } from './confirm-identity.tsx';
import { Ended } from './ended.tsx';
import { GiveCredential, type NewAccount } from './give-credential.tsx';
import { MakePassword } from './make-password.tsx';
import type { PhoneSignIn } from './phone-sign-in.ts';
import { type Asked, computerOf } from './request-card.tsx';
import { SaveLogin } from './save-login.tsx';
import { Connecting, Holding, Sending, useTimeLeft } from './waiting.tsx';

/** Screens of the vault that a sign-in may need, given by whoever shows it. */
export interface Borrowed {
  Unlock: ComponentType<{ note?: string }>;
  NewAccount: NewAccount;
}

/** What the vault is to be opened for. @param how the sentence for it */
const whatFor = (how: 'unlockFor' | 'reloadedFor', { signIn }: Approval, { request }: Shown): string =>
  say(how, {
    site: signIn && 'name' in signIn ? foreign(signIn.name) : new URL(request.topOrigin).host,
    computer: computerOf(request),
  });

export function Approve(props: Borrowed & { signIn: PhoneSignIn; current: Approval; reloaded: boolean }) {
  const { signIn, current, Unlock } = props;
  const open = isUnlocked.value;
  useEffect(() => {
    if (open) void signIn.unlocked();
  }, [signIn, open]);
  const { state, shown, deadline } = current.session;
  const left = useTimeLeft(deadline);
  if (hasEnded(current.session)) return <Ended signIn={signIn} current={current} />;
  if (current.otp === 'locked' && !open) return <Unlock note={say('otpLocked')} />;
  if (state === 'confirming' || state === 'sealed') return <Sending current={current} />;
  if (!open && !insideApp) {
    const { reloaded } = props;
    // It hears that there is a vault as soon as there is one, and opening it is for nothing else.
    if (shown?.request.kind === 'set-up') return <Unlock />;
    const what = shown
      ? whatFor(reloaded ? 'reloadedFor' : 'unlockFor', current, shown)
      : say(reloaded ? 'reloaded' : 'callWaits');
    return <Unlock note={left ? `${what} ${say('timeLeft', { seconds: left })}` : what} />;
  }
  if (state === 'holding') return <Holding signIn={signIn} current={current} />;
  if (state !== 'asking' || !shown) return <Connecting signIn={signIn} up={current.up} />;
  // Whatever was chosen, typed and ticked for one request is gone with it.
  return <RequestScreen key={shown.hash} {...{ signIn, current, shown }} NewAccount={props.NewAccount} />;
}

function RequestScreen({ NewAccount, ...asked }: Asked & { NewAccount: NewAccount }) {
  const { kind } = asked.shown.request;
  if (kind === 'identity') return <ConfirmIdentity {...asked} />;
  // Inside an app there is nothing else to be had, and a phone that is set up says so by itself.
  if (insideApp || kind === 'set-up') return <Connecting signIn={asked.signIn} up={asked.current.up} />;
  if (kind === 'save') return <SaveLogin {...asked} />;
  if (kind === 'new') return <MakePassword {...asked} />;
  return <GiveCredential {...asked} NewAccount={NewAccount} />;
}
