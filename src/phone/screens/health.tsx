// Which passwords want changing. All of it is computed on the phone; nothing is asked of anybody.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { Failure } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { go } from '../shell/state.ts';
import type { Account } from '../vault/document.ts';
import { type Health, healthOf } from '../vault/health.ts';
import { strengths } from '../vault/tasks.ts';
import { accounts } from '../vault/vault.ts';
import { AccountRow } from './accounts/account-row.tsx';

const KINDS = ['reused', 'weak', 'old'] as const;
const SHOWN = 50;

const Group = ({ kind, list }: { kind: (typeof KINDS)[number]; list: readonly Account[] }) => (
  <details open={list.length > 0 && list.length <= 5}>
    <summary>{say(kind, { count: list.length })}</summary>
    <p class="hint">{say(`${kind}Text`)}</p>
    <ul class="list">
      {list.slice(0, SHOWN).map((account) => (
        <li key={account.id}>
          <AccountRow account={account} />
        </li>
      ))}
    </ul>
    {list.length > SHOWN && <p class="hint">{say('andMore', { count: list.length - SHOWN })}</p>}
  </details>
);

export function HealthScreen() {
  const { failure, attempt } = useAttempt('overtaxed');
  const health = useSignal<Health | undefined>(undefined);
  useEffect(() => {
    const all = accounts.value;
    void attempt(async () => {
      health.value = healthOf(all, await strengths(all.map(({ password }) => password)), Date.now());
    });
  }, []);
  const known = health.value;
  const good = known && KINDS.every((kind) => known[kind].length === 0);
  return (
    <>
      <AppBar title={say('health')} onBack={() => go({ at: 'settings' })} />
      <main>
        <p class="soft">{say('healthText')}</p>
        <Spoken class="told">
          {!known && !failure.value && <p>{say('looking')}</p>}
          {good && <Notice tone="good">{say('healthGood')}</Notice>}
        </Spoken>
        <Failure code={failure.value} />
        {known && KINDS.map((kind) => known[kind].length > 0 && <Group key={kind} kind={kind} list={known[kind]} />)}
      </main>
    </>
  );
}
