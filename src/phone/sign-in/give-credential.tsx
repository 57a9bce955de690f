// A site asks for a password, a one-time code or both: the person chooses the account.
import { useComputed, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { stepsFor } from '../../protocol/proximity.ts';
import { Notice } from '../../ui/components.tsx';
import { Check, Failure, sets } from '../parts/form.tsx';
import { providerName, say } from '../parts/language.ts';
import { accountsFor, siteOf } from '../vault/sites.ts';
import { accounts } from '../vault/vault.ts';
import { Insecure, isOfOther, OtherAddress, Refused } from './cautions.tsx';
import { Choices, Others } from './choose-account.tsx';
import { Decide, useDecision } from './decide.tsx';
import { CameraStep, Steps, stepLacking } from './proximity-steps.tsx';
import { type Asked, RequestCard } from './request-card.tsx';
import { approve } from './run.ts';

/** A form for a new account of `site`; `onDone` is given the account's id, or nothing when the person turned back. */
export type NewAccount = ComponentType<{ site: string; onDone: (id?: string) => void }>;

export function GiveCredential({ request, current, NewAccount }: Asked & { NewAccount: NewAccount }) {
  const chosen = useSignal('');
  const adding = useSignal(false);
  const camera = useSignal(false);
  const otherAddress = useSignal(false);
  const insecureSure = useSignal(false);
  const stored = useSignal(false);
  const decision = useDecision();
  const fitting = useComputed(() => accountsFor(request.frameOrigin, accounts.value));
  const { exact, related, others } = fitting.value;
  const offered = [...exact, ...related];
  // The account that was used last is chosen, but never one of another address.
  const account = ([...offered, ...others].find((one) => one.account.id === chosen.value) ?? exact[0])?.account;
  if (account && chosen.value === '') chosen.value = account.id;
  const [lookalike] = exact.length === 0 ? others.filter(({ nearness }) => nearness === 'lookalike') : [];
  const { insecure } = siteOf(request.frameOrigin);
  const refused = stepsFor(current.session.evidence, account?.guard ?? 'none') === 'refused';
  const lacking = stepLacking(current, account);
  const codeMissing = request.kind === 'otp' && !account?.totp;

  if (adding.value) {
    return (
      <NewAccount
        site={request.frameOrigin}
        onDone={(id) => {
          adding.value = false;
          if (id) chosen.value = id;
          decision.restart();
        }}
      />
    );
  }
  if (camera.value) return <CameraStep open={camera} />;
  const ready =
    account !== undefined &&
    !codeMissing &&
    !refused &&
    !lacking &&
    (!isOfOther(request.frameOrigin, account) || otherAddress.value) &&
    (!insecure || insecureSure.value);
  return (
    <main>
      <RequestCard request={request} current={current} />
      <section class="stack">
        <h2>{say('as')}</h2>
        {offered.length === 0 ? <Notice>{say('noneHere')}</Notice> : <Choices list={offered} chosen={chosen} />}
        {lookalike && <Notice tone="bad">{say('looksLike', { site: new URL(lookalike.site).host })}</Notice>}
        {others.length > 0 && <Others list={others} chosen={chosen} />}
        <button type="button" class={account ? 'quiet' : 'primary'} onClick={sets(adding, true)}>
          {say('addHere')}
        </button>
        {account && codeMissing && <Notice tone="warn">{say('noCode')}</Notice>}
        {account && <OtherAddress origin={request.frameOrigin} account={account} sure={otherAddress} />}
        {account && insecure && <Insecure sure={insecureSure} />}
        {refused && <Refused account={account} />}
        {account && request.keep && current.computer && (
          <div class="notice warn stack">
            <p>{say('keepText', { provider: providerName(request.keep) })}</p>
            <Check checked={stored} label={say('keepSure', { provider: providerName(request.keep) })} />
          </div>
        )}
      </section>
      {account && <Steps current={current} lacking={lacking} camera={camera} />}
      <Failure code={decision.failure.value} />
      <Decide
        current={current}
        label={say('approve')}
        ready={ready}
        decision={decision}
        work={async () => account && approve(account, stored.value)}
      />
    </main>
  );
}
