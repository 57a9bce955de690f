// Who one is, for a site that asks the companion. Which site, the companion says, not the computer.
import { useSignal } from '@preact/signals';
import { stepsFor } from '../../protocol/proximity.ts';
import { Notice } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { Failure } from '../parts/form.tsx';
import { providerName, say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import { saysWho } from './answers.ts';
import { stepLacking } from './choice.ts';
import { Decide, useDecision } from './decide.tsx';
import { CameraStep, Steps } from './proximity-steps.tsx';
import { type Asked, Computer } from './request-card.tsx';

export function ConfirmIdentity({ signIn, current, shown }: Asked) {
  const decision = useDecision();
  const camera = useSignal(false);
  const site = current.signIn && 'name' in current.signIn ? current.signIn : undefined;
  const lacking = stepLacking(current.session, undefined);
  const tooFar = site?.adds !== undefined && stepsFor(current.session.evidence, 'near') === 'refused';
  if (camera.value) return <CameraStep open={camera} />;
  return (
    <main>
      <section class="pass">
        <h1 class="where">
          <span class="label">{say('signInTo')}</span>
          <b>{site ? foreign(site.name) : '…'}</b>
        </h1>
        {site?.host && <p class="soft">{site.host}</p>}
        <Computer request={shown.request} current={current} />
      </section>
      {site?.device !== undefined && (
        <Notice tone="warn">
          {site.device ? say('device', { device: foreign(site.device) }) : say('deviceSilent')}
        </Notice>
      )}
      <section class="stack">
        <h2>{say('as')}</h2>
        <p>{say(insideApp ? 'asAppUser' : 'asYourself')}</p>
        <p class="hint">{say('identityHint')}</p>
        {site?.adds && (
          <Notice tone="warn">
            {say(tooFar ? 'identityAddsFar' : 'identityAdds', {
              provider: providerName(site.adds.provider),
              name: foreign(site.adds.name),
            })}
          </Notice>
        )}
      </section>
      <Failure code={current.signIn && 'code' in current.signIn ? current.signIn.code : decision.failure.value} />
      {lacking === 'camera' && insideApp ? (
        <Notice tone="warn">{say('inAppFar')}</Notice>
      ) : (
        <Steps signIn={signIn} current={current} lacking={lacking} camera={camera} />
      )}
      <Decide
        {...{ signIn, current }}
        label={say('approve')}
        ready={site !== undefined && !lacking && !tooFar}
        decision={decision}
        tap={async () => site && saysWho(shown, site, await signIn.prove(site))}
      />
    </main>
  );
}
