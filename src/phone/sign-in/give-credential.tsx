// A site asks for a password, a one-time code or both: the person chooses the account.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useMemo } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { Check, Failure, sets } from '../parts/form.tsx';
import { providerName, say } from '../parts/language.ts';
import { accountsFor } from '../vault/sites.ts';
import { accounts } from '../vault/vault.ts';
import { approve } from './answers.ts';
import { Insecure, OtherAddress, Refused } from './cautions.tsx';
import { choiceOf } from './choice.ts';
import { Choices, Others } from './choose-account.tsx';
import { Decide, useDecision } from './decide.tsx';
import { CameraStep, Steps } from './proximity-steps.tsx';
import { type Asked, RequestCard } from './request-card.tsx';

/** A form for a new account of `site`; `onDone` is given the account's id, or nothing when the person turned back. */
export type NewAccount = ComponentType<{ site: string; onDone: (id?: string) => void }>;

export function GiveCredential({ request, current, NewAccount }: Asked & { NewAccount: NewAccount }) {
  const chosen = useSignal('');
  const adding = useSignal(false);
  const camera = useSignal(false);
  const otherAddress = useSignal(false);
  const insecure = useSignal(false);
  const stored = useSignal(false);
  const decision = useDecision();
  // Judged once, and not at each tick: a vault may hold thousands.
  const fitting = useMemo(
    () => accountsFor(request.frameOrigin, accounts.value),
    [request.frameOrigin, accounts.value],
  );
  const sure = { otherAddress: otherAddress.value, insecure: insecure.value };
  const choice = choiceOf(request, current.session, fitting, chosen.value, sure);
  const { account, offered, others, lookalike } = choice;
  if (account && chosen.value === '') chosen.value = account.id;
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
        {account && choice.codeMissing && <Notice tone="warn">{say('noCode')}</Notice>}
        {account && <OtherAddress origin={request.frameOrigin} account={account} sure={otherAddress} />}
        {account && choice.insecure && <Insecure sure={insecure} />}
        {choice.refused && <Refused account={account} />}
        {account && request.keep && current.computer && (
          <div class="notice warn stack">
            <p>{say('keepText', { provider: providerName(request.keep) })}</p>
            <Check checked={stored} label={say('keepSure', { provider: providerName(request.keep) })} />
          </div>
        )}
      </section>
      {account && <Steps current={current} lacking={choice.lacking} camera={camera} />}
      <Failure code={decision.failure.value} />
      <Decide
        current={current}
        label={say('approve')}
        ready={choice.ready}
        decision={decision}
        work={async () => account && approve(account, stored.value)}
      />
    </main>
  );
}
