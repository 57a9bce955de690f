// Who one is, for a site that asks the companion. Which site, the companion says, not the computer.
import { useSignal } from '@preact/signals';
import { stepsFor } from '../../protocol/proximity.ts';
import { Notice } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { BottomSheet } from '../parts/bottom-sheet.tsx';
import { providerName, say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import { saysWho } from './answers.ts';
import { stepLacking } from './choice.ts';
import { Decide, Disown, useDecision } from './decide.tsx';
import { CameraStep, Steps } from './proximity-steps.tsx';
import { type Asked, accountIcon, Fact, Facts, Where } from './request-card.tsx';

export function ConfirmIdentity({ signIn, current, shown }: Asked) {
  const decision = useDecision();
  const camera = useSignal(false);
  const site = current.signIn && 'name' in current.signIn ? current.signIn : undefined;
  const lacking = stepLacking(current.session, undefined);
  const tooFar = site?.adds !== undefined && stepsFor(current.session.evidence, 'near') === 'refused';
  if (camera.value) return <CameraStep open={camera} />;
  return (
    <BottomSheet
      foot={
        <Decide
          {...{ signIn, current }}
          label={say('approve')}
          ready={site !== undefined && !lacking && !tooFar}
          decision={decision}
          failure={current.signIn && 'code' in current.signIn ? current.signIn.code : undefined}
          tap={async () => site && saysWho(shown, site, await signIn.prove(site))}
        />
      }
    >
      <section class="pass">
        <Where label={say('signInTo')} of={site?.name ?? ''}>
          <b>{site ? foreign(site.name) : '…'}</b>
        </Where>
        {site?.host && <p class="soft">{site.host}</p>}
      </section>
      {site?.device !== undefined && (
        <Notice tone="warn">
          {site.device ? say('device', { device: foreign(site.device) }) : say('deviceSilent')}
        </Notice>
      )}
      {site?.adds && (
        <Notice tone="warn">
          {say(tooFar ? 'identityAddsFar' : 'identityAdds', {
            provider: providerName(site.adds.provider),
            name: foreign(site.adds.name),
          })}
        </Notice>
      )}
      {lacking && !(lacking === 'camera' && insideApp) ? (
        <Steps {...{ signIn, current, lacking, camera }} />
      ) : (
        <>
          {lacking && <Notice tone="warn">{say('inAppFar')}</Notice>}
          <Facts request={shown.request} current={current}>
            <Fact icon={accountIcon} label={say('as')}>
              {say(insideApp ? 'asAppUser' : 'asYourself')}
            </Fact>
          </Facts>
          <p class="hint">{say('identityHint')}</p>
          <Disown signIn={signIn} current={current} />
        </>
      )}
    </BottomSheet>
  );
}
