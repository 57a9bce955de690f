// The phone has answered, and the page is filled in.
import type { View } from '../extension/view.ts';
import { Seal } from '../ui/components.tsx';
import { State } from './parts.tsx';
import { isSlow } from './shown.ts';
import { say } from './state.ts';
import { now } from './tab.ts';

export const GoingOn = ({ current: { session, account } }: { current: View }) => (
  <>
    <Seal glyph="phone" />
    <State>
      {session.otp === 'asked' ? say('askingCode') : account ? say('signingIn', { account }) : say('signingInPlain')}
    </State>
    {isSlow(session, now.value) && <p class="soft">{say('slow')}</p>}
  </>
);
