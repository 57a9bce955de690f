// Who one is, for a site that asks the companion. Which site, the companion says, not the computer.
import { useSignal } from '@preact/signals';
import { stepsFor } from '../../protocol/proximity.ts';
import { Notice } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { Failure } from '../parts/form.tsx';
import { providerName, say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import { approveIdentity } from './answers.ts';
import { stepLacking } from './choice.ts';
import { Decide, useDecision } from './decide.tsx';
import { CameraStep, Steps } from './proximity-steps.tsx';
import { type Asked, Computer } from './request-card.tsx';

export function ConfirmIdentity({ current, request }: Asked) {
  const decision = useDecision();
  const camera = useSignal(false);
  const { signIn } = current;
  const adds = signIn && 'adds' in signIn ? signIn.adds : undefined;
  const lacking = stepLacking(current.session, undefined);
  const tooFar = adds !== undefined && stepsFor(current.session.evidence, 'near') === 'refused';
  if (camera.value) return <CameraStep open={camera} />;
  return (
    <main>
      <section class="pass">
        <h1 class="where">
          <span class="label">{say('signInTo')}</span>
          <b>{signIn && 'name' in signIn ? foreign(signIn.name) : '…'}</b>
        </h1>
        {signIn && 'name' in signIn && signIn.host && <p class="soft">{signIn.host}</p>}
        <Computer request={request} current={current} />
      </section>
      {signIn && 'name' in signIn && signIn.device !== undefined && (
        <Notice tone="warn">
          {signIn.device ? say('device', { device: foreign(signIn.device) }) : say('deviceSilent')}
        </Notice>
      )}
      <section class="stack">
        <h2>{say('as')}</h2>
        <p>{say(insideApp ? 'asAppUser' : 'asYourself')}</p>
        <p class="hint">{say('identityHint')}</p>
        {adds && (
          <Notice tone="warn">
            {say(tooFar ? 'identityAddsFar' : 'identityAdds', {
              provider: providerName(adds.provider),
              name: foreign(adds.name),
            })}
          </Notice>
        )}
      </section>
      <Failure code={signIn && 'code' in signIn ? signIn.code : decision.failure.value} />
      {lacking === 'camera' && insideApp ? (
        <Notice tone="warn">{say('inAppFar')}</Notice>
      ) : (
        <Steps current={current} lacking={lacking} camera={camera} />
      )}
      <Decide
        current={current}
        label={say('approve')}
        ready={signIn !== undefined && 'name' in signIn && !lacking && !tooFar}
        decision={decision}
        work={approveIdentity}
      />
    </main>
  );
}
