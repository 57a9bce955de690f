// A sign-in on the phone, screen by screen. Each request answers three questions in this order: where am I signing in, on which
// computer, as whom.
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { hasEnded } from '../../protocol/session/common.ts';
import { say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import { isUnlocked } from '../vault/vault.ts';
import type { Approval } from './approval.ts';
import { ConfirmIdentity } from './confirm-identity.tsx';
import { Ended } from './ended.tsx';
import { GiveCredential, type NewAccount } from './give-credential.tsx';
import { MakePassword } from './make-password.tsx';
import type { Asked } from './request-card.tsx';
import { unlocked } from './run.ts';
import { SaveLogin } from './save-login.tsx';
import { Connecting, Holding, Sending } from './waiting.tsx';

/** Screens of the vault that a sign-in may need, given by whoever shows it. */
export interface Borrowed {
  Unlock: ComponentType<{ note?: string }>;
  NewAccount: NewAccount;
}

export function Approve(props: Borrowed & { current: Approval; reloaded: boolean }) {
  const { current, Unlock } = props;
  const open = isUnlocked.value;
  useEffect(() => {
    if (open) void unlocked();
  }, [open]);
  const { state } = current.session;
  if (hasEnded(current.session)) return <Ended current={current} />;
  if (current.otp === 'locked' && !open) return <Unlock note={say('otpLocked')} />;
  if (state === 'confirming' || state === 'sealed') return <Sending current={current} />;
  if (!open && !insideApp) return <Unlock {...(props.reloaded ? { note: say('reloaded') } : {})} />;
  if (state === 'holding') return <Holding current={current} />;
  if (state !== 'asking' || !current.request) return <Connecting up={current.up} />;
  return <RequestScreen current={current} request={current.request} NewAccount={props.NewAccount} />;
}

function RequestScreen({ NewAccount, ...asked }: Asked & { NewAccount: NewAccount }) {
  const { kind } = asked.request;
  if (kind === 'identity') return <ConfirmIdentity {...asked} />;
  // Inside an app there is nothing else to be had.
  if (insideApp) return <Connecting up={asked.current.up} />;
  if (kind === 'save') return <SaveLogin {...asked} />;
  if (kind === 'new') return <MakePassword {...asked} />;
  return <GiveCredential {...asked} NewAccount={NewAccount} />;
}
