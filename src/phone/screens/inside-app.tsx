// Inside WeChat, DingTalk and the like, which can read what is typed into them: the way on is the phone's own browser. Who one is, for
// a site that asks the companion, they know already (R53).
import { Notice } from '../../ui/components.tsx';
import { providerName, reason, say } from '../parts/language.ts';
import { copy } from '../shell/state.ts';
import { inApp } from '../sign-in/this-phone.ts';

/** @param link the code that was opened, for the person to take along; empty where there was none */
export function InsideApp({ link }: { link: string }) {
  const [askable, refused] = [inApp.askable.value, inApp.refused.value];
  return (
    <main>
      {(askable || refused) && (
        <section class="stack">
          <h1>{say('inAppTitle')}</h1>
          {refused && <Notice tone="bad">{reason(refused)}</Notice>}
          {askable && (
            <button type="button" class="primary" onClick={() => void inApp.askProvider()}>
              {say('inAppGo', { app: providerName(askable.provider) })}
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
          <button type="button" class={askable ? '' : 'primary'} onClick={() => void copy(link)}>
            {say('copyLink')}
          </button>
        </div>
      )}
    </main>
  );
}
