// A login that was typed on the computer, to be stored here.
import { useSignal } from '@preact/signals';
import { BottomSheet } from '../parts/bottom-sheet.tsx';
import { bound, Field, sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { accounts } from '../vault/vault.ts';
import { savesLogin } from './answers.ts';
import { accountOf, stepLacking } from './choice.ts';
import { Decide, Disown, useDecision } from './decide.tsx';
import { Steps } from './proximity-steps.tsx';
import { type Asked, Facts, PageTitle, RequestCard } from './request-card.tsx';

export function SaveLogin({ signIn, current, shown }: Asked) {
  const { request } = shown;
  const decision = useDecision();
  const stored = (username: string) => accountOf(request.frameOrigin, accounts.value, username);
  const name = useSignal(request.username || stored('')?.username || '');
  const revealed = useSignal(false);
  // A login that was typed comes from a remembered computer, which needs no camera.
  const camera = useSignal(false);
  const account = stored(name.value);
  const known = account?.password === request.password && account?.username === name.value;
  const lacking = stepLacking(current.session, undefined);
  return (
    <BottomSheet
      foot={
        <Decide
          {...{ signIn, current }}
          label={say('save')}
          ready={!lacking}
          decision={decision}
          tap={() => savesLogin(shown, account, name.value, Date.now())}
        />
      }
    >
      <RequestCard request={request} current={current} />
      {lacking ? (
        <Steps {...{ signIn, current, lacking, camera }} />
      ) : (
        <>
          <p>{say(known ? 'saveKnown' : account ? 'saveReplaces' : 'saveNew')}</p>
          <Field id="name" label={say('username')}>
            <input id="name" type="text" autocomplete="off" spellcheck={false} {...bound(name)} />
          </Field>
          <div>
            <span class="label">{say('password')}</span>
            <p class="secret">{revealed.value ? request.password : '••••••••'}</p>
            <button type="button" class="quiet" onClick={sets(revealed, !revealed.value)}>
              {say(revealed.value ? 'hide' : 'show')}
            </button>
          </div>
          <Facts request={request} current={current} />
          <PageTitle request={request} />
          <Disown signIn={signIn} current={current} />
        </>
      )}
    </BottomSheet>
  );
}
