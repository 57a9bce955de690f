// How a sign-in ended, in a few words, why, in one sentence, and the offer that may follow.
import { Notice, Sign } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { ICONS, iconOf, toneOf } from '../../ui/tones.ts';
import { reason, say } from '../parts/language.ts';
import { SiteName } from '../parts/site-name.tsx';
import { Spoken } from '../parts/voice.tsx';
import { go, insideApp } from '../shell/state.ts';
import { siteOf } from '../vault/sites.ts';
import type { Approval } from './approval.ts';
import { offers, PairingOffer } from './pairing-offer.tsx';
import type { PhoneSignIn } from './phone-sign-in.ts';

interface EndedProps {
  signIn: PhoneSignIn;
  current: Approval;
}

/** There is a vault on this phone now, whether the computer that waited for that has heard it or not. */
const SetUp = ({ signIn }: EndedProps) => (
  <main class="center" data-outcome="set-up">
    <Sign of={ICONS.done} tone="done" />
    <h1>{say('setUp')}</h1>
    <p class="soft">{say('setUpText')}</p>
    <div class="actions">
      <button type="button" class="primary" onClick={() => signIn.dismiss()}>
        {say('done')}
      </button>
    </div>
  </main>
);

/** What the sentence below says in full; where all is well that sentence itself. */
function headlineOf({ session }: Approval): string | undefined {
  const tone = toneOf(session);
  if (tone === 'done') return undefined;
  if (tone === 'danger') return say('stoppedForSafety');
  if (tone === 'turn') return say('yourTurn');
  const kind = session.shown?.request.kind;
  return say(kind === 'save' || kind === 'new' ? 'notDone' : 'notSignedIn');
}

export function Ended({ signIn, current }: EndedProps) {
  const { state, result, code, shown } = current.session;
  if (shown?.request.kind === 'set-up') return <SetUp {...{ signIn, current }} />;
  const ending = state === 'denied' || state === 'cancelled' || state === 'expired' ? state : undefined;
  const told = state === 'done' && result && !code ? say(result) : reason(code ?? ending ?? 'not-opened');
  const headline = headlineOf(current);
  return (
    <main class="center" data-outcome={(state === 'done' ? result : code) ?? result ?? state}>
      <Sign of={iconOf(current.session)} tone={toneOf(current.session)} />
      <h1>{headline ?? told}</h1>
      {headline && <Spoken>{told}</Spoken>}
      {shown && (
        <p class="soft">
          {current.signIn && 'name' in current.signIn ? (
            foreign(current.signIn.name)
          ) : (
            <SiteName site={siteOf(shown.request.topOrigin)} />
          )}
        </p>
      )}
      {current.session.text && <Notice>{say('siteSaid', { text: foreign(current.session.text) })}</Notice>}
      <PairingOffer signIn={signIn} current={current} />
      <div class="actions">
        {state === 'expired' && !insideApp && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              signIn.dismiss();
              go({ at: 'scan' });
            }}
          >
            {say('scanAgain')}
          </button>
        )}
        <button
          type="button"
          class={(state === 'expired' && !insideApp) || offers(current) ? '' : 'primary'}
          onClick={() => signIn.dismiss()}
        >
          {say('done')}
        </button>
      </div>
    </main>
  );
}
