// What several of the popup's screens have in common.
import type { Drawing, View } from '../extension/view.ts';
import { QrCode } from '../ui/components.tsx';
import { reason, say } from './state.ts';
import { inSettings, tab, trouble } from './tab.ts';
import { LookingFor } from './trouble.tsx';

/** How things stand, in one sentence. */
export const State = ({ children }: { children: string }) => (
  <p class="state" role="status">
    {children}
  </p>
);

export const Code = ({ drawing: { path, size } }: { drawing: Drawing }) => (
  <QrCode path={path} size={size} label={say('codeLabel', { site: tab.value?.site ?? '' })} />
);

/** The sign-in does not reach the companion. */
export const CutOff = () => (
  <>
    <LookingFor code={trouble.value ?? 'unreachable'} />
    <button
      type="button"
      onClick={() => {
        inSettings.value = true;
      }}
    >
      {say('otherCompanion')}
    </button>
  </>
);

/** Why a sign-in led to nothing. */
export function whyNot({ session: { state, code } }: View): string {
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  return reason(code ?? ending ?? 'not-opened');
}
