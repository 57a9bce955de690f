// Inside WeChat, DingTalk and the like, which can read what is typed into them: the way on is the phone's own browser. Who one is, for
// a site that asks the companion, they know already (R53).
import { Notice } from '../../ui/components.tsx';
import { providerName, reason, say } from '../parts/language.ts';
import { copy } from '../shell/state.ts';
import { askable, askProvider, refused } from '../sign-in/prove-identity.ts';

/** @param link the code that was opened, for the person to take along; empty where there was none */
export const InsideApp = ({ link }: { link: string }) => (
  <main>
    {(askable.value || refused.value) && (
      <section class="stack">
        <h1>{say('inAppTitle')}</h1>
        {refused.value && <Notice tone="bad">{reason(refused.value)}</Notice>}
        {askable.value && (
          <button type="button" class="primary" onClick={() => void askProvider()}>
            {say('inAppGo', { app: providerName(askable.value.provider) })}
          </button>
        )}
        <hr />
      </section>
    )}
    <h1>{say('insideApp')}</h1>
    <p>{say('insideAppText')}</p>
    <ol>
      <li>{say('insideAppScan')}</li>
      <li>{say('insideAppMenu')}</li>
    </ol>
    {link && (
      <div class="actions">
        <button type="button" class={askable.value ? '' : 'primary'} onClick={() => void copy(link)}>
          {say('copyLink')}
        </button>
      </div>
    )}
  </main>
);
