// Safari on a phone, without a vault: a page on the home screen has a storage of its own, so the vault may be there already.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { isSafariOnPhone, told } from '../parts/browser.ts';
import { sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { trial } from '../shell/state.ts';

/** @param children what comes where there is none, or nobody has to be asked */
export function AskHomeScreen({ children }: { children: ComponentChildren }) {
  const here = useSignal(!isSafariOnPhone(told()) || told().installed || trial);
  if (here.value) return <>{children}</>;
  return (
    <main>
      <h1>{say('homeScreen')}</h1>
      <p>{say('homeScreenText')}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={sets(here, true)}>
          {say('homeScreenNo')}
        </button>
      </div>
    </main>
  );
}
