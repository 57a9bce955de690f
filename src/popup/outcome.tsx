// How a sign-in ended, and what can be agreed on after one that went well.
import browser from 'webextension-polyfill';
import { WELCOME } from '../extension/messages.ts';
import type { View } from '../extension/view.ts';
import { EndSeal, Notice, Seal } from '../ui/components.tsx';
import { Automatic } from './automatic.tsx';
import { Pairing } from './pairing.tsx';
import { State, whyNot } from './parts.tsx';
import { reason, say } from './state.ts';
import { begin, refusal, trouble } from './tab.ts';
import { isTrouble, LookingFor } from './trouble.tsx';

export function Outcome({ current }: { current: View }) {
  const { state, result, code } = current.session;
  const told = state === 'done' && result !== 'not-filled' ? result : undefined;
  const goesOn = told !== undefined && told !== 'refused';
  return (
    <>
      <EndSeal result={told} />
      <State>{told && !code ? say(told) : whyNot(current)}</State>
      {current.account && goesOn && (
        <p class="soft">
          {current.account}
          {current.phone && ` · ${current.phone}`}
        </p>
      )}
      {current.session.text && <Notice>{say('siteSaid', { text: current.session.text })}</Notice>}
      <Pairing current={current} />
      <Automatic current={current} />
      {goesOn ? (
        <button type="button" onClick={() => window.close()}>
          {say('close')}
        </button>
      ) : (
        <button type="button" class="primary" onClick={() => void begin('renew')}>
          {say('newCode')}
        </button>
      )}
    </>
  );
}

/** Nothing could be begun. */
export function Refused() {
  const code = refusal.value ?? 'not-opened';
  // A code could be begun here if a server had ever been reached.
  if (isTrouble(code)) {
    return (
      <>
        <LookingFor code={trouble.value ?? code} />
        <button
          type="button"
          class="primary"
          onClick={() => {
            void browser.tabs.create({ url: browser.runtime.getURL(WELCOME) });
            window.close();
          }}
        >
          {say('finishSetup')}
        </button>
      </>
    );
  }
  return (
    <>
      <Seal glyph="cross" tone="bad" />
      <State>{reason(code)}</State>
      {code === 'page-forbidden' ? (
        <button type="button" onClick={() => window.close()}>
          {say('close')}
        </button>
      ) : (
        <button type="button" class="primary" onClick={() => void begin('open')}>
          {say('tryAgain')}
        </button>
      )}
    </>
  );
}
