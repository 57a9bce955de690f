// A site asks for a password, a one-time code or both: the person chooses the account.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { randomBytes, toBase64 } from '../../protocol/encoding.ts';
import type { Message } from '../../protocol/messages.ts';
import { isPractice, PRACTICE } from '../../protocol/practice.ts';
import { Notice } from '../../ui/components.tsx';
import { BottomSheet } from '../parts/bottom-sheet.tsx';
import { Check, sets } from '../parts/form.tsx';
import { providerName, say } from '../parts/language.ts';
import { checkClock } from '../vault/clock-ahead.ts';
import { type Account, newAccount } from '../vault/document.ts';
import { accountsFor } from '../vault/sites.ts';
import { accounts } from '../vault/vault.ts';
import { givesCredential } from './answers.ts';
import { Insecure, OtherAddress, Refused, SentAstray, WrongClock } from './cautions.tsx';
import { choiceOf, codesOf, picked } from './choice.ts';
import { ChooseAccount, Lookalike } from './choose-account.tsx';
import { Decide, Disown, useDecision } from './decide.tsx';
import { CameraStep, Steps } from './proximity-steps.tsx';
import { type Asked, accountIcon, Fact, Facts, PageTitle, RequestCard } from './request-card.tsx';

/** What goes along with name and password, or may follow them, so that the tap covers it. */
function Covered({ request, account }: { request: Message<'request'>; account: Account }) {
  const { now, later } = codesOf(request, account);
  return (
    <>
      {request.kind !== 'otp' && now && <p class="soft">{say('coversCode')}</p>}
      {later && <p class="soft">{say('coversLaterCode')}</p>}
      {(now || later) && <WrongClock />}
      {request.extra && account.tenant && <p class="soft">{say('coversTenant', { tenant: account.tenant })}</p>}
    </>
  );
}

/** The account that everybody knows, so that nobody types a real password to try this out. @returns its id */
async function addPractice(site: string): Promise<string> {
  const { title, username, password } = PRACTICE;
  const id = toBase64(randomBytes(12));
  await accounts.change(id, () => newAccount({ id, title, sites: [site], username, password, passwordAt: Date.now() }));
  return id;
}

/** A form for a new account of `site`; `onDone` is given the account's id, or nothing when the person turned back. */
export type NewAccount = ComponentType<{ site: string; onDone: (id?: string) => void }>;

export function GiveCredential({ signIn, current, shown, NewAccount }: Asked & { NewAccount: NewAccount }) {
  const { request } = shown;
  const last = useSignal(picked(''));
  const adding = useSignal(false);
  const choosing = useSignal(false);
  const camera = useSignal(false);
  const decision = useDecision();
  // The page may have been open for days.
  useEffect(() => void checkClock(), []);
  // Judged once, and not at each tick: a vault may hold thousands.
  const fitting = useMemo(
    () => accountsFor(request.frameOrigin, accounts.value),
    [request.frameOrigin, accounts.value],
  );
  const choice = choiceOf(request, current.session, fitting, last.value);
  const { account, offered, others, lookalike, pick } = choice;
  // Whoever is picked anew has nothing ticked, not even what was ticked of them before.
  const choose = (id: string) => {
    if (id !== last.value.account) last.value = picked(id);
  };
  const tick = (which: 'otherAddress' | 'insecure' | 'stored') => ({
    checked: pick[which],
    onTick(checked: boolean) {
      last.value = { ...pick, [which]: checked };
    },
  });
  if (account && last.value.account === '') choose(account.id);
  if (adding.value) {
    return (
      <NewAccount
        site={request.frameOrigin}
        onDone={(id) => {
          adding.value = false;
          if (id) choose(id);
        }}
      />
    );
  }
  if (camera.value) return <CameraStep open={camera} />;
  if (choosing.value) {
    return (
      <ChooseAccount
        {...{ offered, others }}
        lookalike={lookalike?.site}
        chosen={pick.account}
        onChoose={(id) => {
          choosing.value = false;
          choose(id);
        }}
        onAdd={() => {
          choosing.value = false;
          adding.value = true;
        }}
        onCancel={sets(choosing, false)}
      />
    );
  }
  return (
    <BottomSheet
      foot={
        <Decide
          {...{ signIn, current }}
          label={say('approve')}
          ready={choice.ready}
          decision={decision}
          tap={async () => account && givesCredential(shown, account, pick.stored, Date.now())}
        />
      }
    >
      <RequestCard request={request} current={current} />
      {choice.lacking && account ? (
        <Steps {...{ signIn, current, camera }} lacking={choice.lacking} guard={account.guard} />
      ) : (
        <>
          {lookalike && <Lookalike site={lookalike.site} />}
          {account && choice.codeMissing && <Notice tone="warn">{say('noCode')}</Notice>}
          {choice.otherAddress && !choice.astray && <OtherAddress of={choice.otherAddress} {...tick('otherAddress')} />}
          {account && choice.insecure && <Insecure {...tick('insecure')} />}
          {choice.refused && <Refused account={account} />}
          {account && <SentAstray why={choice.astray} account={account} />}
          {account && request.keep && current.computer && (
            <div class="notice warn stack">
              <p>{say('keepText', { provider: providerName(request.keep) })}</p>
              <Check {...tick('stored')} label={say('keepSure', { provider: providerName(request.keep) })} />
            </div>
          )}
          <Facts request={request} current={current}>
            {(offered.length > 0 || others.length > 0) && (
              <Fact icon={accountIcon} label={say('as')} onChoose={sets(choosing, true)}>
                {account
                  ? account.username || account.title || '—'
                  : say(offered.length > 0 ? 'chooseAccount' : 'noneHere')}
              </Fact>
            )}
          </Facts>
          {!account && offered.length === 0 && (
            <>
              {others.length === 0 && <Notice>{say('noneHere')}</Notice>}
              {isPractice(request, location.origin) && (
                <button
                  type="button"
                  class="primary"
                  onClick={() => void addPractice(request.frameOrigin).then(choose)}
                >
                  {say('practiceAccount')}
                </button>
              )}
              <button
                type="button"
                class={isPractice(request, location.origin) ? '' : 'primary'}
                onClick={sets(adding, true)}
              >
                {say('addHere')}
              </button>
            </>
          )}
          {account && <Covered request={request} account={account} />}
          <PageTitle request={request} />
          <Disown signIn={signIn} current={current} />
        </>
      )}
    </BottomSheet>
  );
}
