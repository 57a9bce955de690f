// A new password, made here by the site's rules.
import { useSignal } from '@preact/signals';
import { BottomSheet } from '../parts/bottom-sheet.tsx';
import { bound, Field } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { passwordBy } from '../vault/password-rules.ts';
import { siteOf } from '../vault/sites.ts';
import { accounts } from '../vault/vault.ts';
import { givesNew } from './answers.ts';
import { Insecure, OtherAddress, Refused, SentAstray } from './cautions.tsx';
import { accountOf, astrayOf, elsewhere, isRefused, picked, pickFor, stepLacking } from './choice.ts';
import { Decide, Disown, useDecision } from './decide.tsx';
import { CameraStep, Steps } from './proximity-steps.tsx';
import { type Asked, Facts, PageTitle, RequestCard } from './request-card.tsx';

export function MakePassword({ signIn, current, shown }: Asked) {
  const { request } = shown;
  const decision = useDecision();
  const stored = (username: string) => accountOf(request.frameOrigin, accounts.value, username);
  const name = useSignal(request.username || (request.saves === 'changed' ? stored('')?.username : '') || '');
  // A new account of a name that there is already is that account.
  const account = name.value || request.saves === 'changed' ? stored(name.value) : undefined;
  const password = useSignal('');
  if (password.value === '') password.value = passwordBy(request.rules ?? '');
  const camera = useSignal(false);
  const last = useSignal(picked(''));
  const pick = pickFor(account, last.value);
  const { insecure } = siteOf(request.frameOrigin);
  // The password in force goes along where it is changed, so the account's own rules hold here, too.
  const refused = isRefused(current.session, account);
  const lacking = stepLacking(current.session, account);
  const astray = astrayOf(request, account);
  const otherAddress = account && elsewhere(request, account);
  const tick = (which: 'insecure' | 'otherAddress') => ({
    checked: pick[which],
    onTick(checked: boolean) {
      last.value = { ...pick, [which]: checked };
    },
  });
  if (camera.value) return <CameraStep open={camera} />;
  return (
    <BottomSheet
      foot={
        <Decide
          {...{ signIn, current }}
          label={say('useNew')}
          ready={
            !lacking && !refused && !astray && (!insecure || pick.insecure) && (!otherAddress || pick.otherAddress)
          }
          decision={decision}
          tap={() => givesNew(shown, account, { username: name.value, password: password.value }, Date.now())}
        />
      }
    >
      <RequestCard request={request} current={current} />
      {lacking ? (
        <Steps {...{ signIn, current, lacking, camera }} guard={account?.guard ?? 'none'} />
      ) : (
        <>
          {otherAddress && !astray && <OtherAddress of={otherAddress} {...tick('otherAddress')} />}
          {insecure && <Insecure {...tick('insecure')} />}
          {refused && <Refused account={account} />}
          <SentAstray why={astray} account={account} />
          <p>{say(account ? 'newReplaces' : 'newText')}</p>
          {account && request.saves === 'changed' && <p>{say('newCurrent')}</p>}
          <Field id="name" label={say('username')} hint={say('newNameHint')}>
            <input
              id="name"
              type="text"
              autocomplete="off"
              spellcheck={false}
              aria-describedby="name-hint"
              {...bound(name)}
            />
          </Field>
          <div>
            <span class="label">{say('password')}</span>
            <p class="secret">{password.value}</p>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                password.value = passwordBy(request.rules ?? '');
              }}
            >
              {say('another')}
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
