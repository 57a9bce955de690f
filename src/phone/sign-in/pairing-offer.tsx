// After a sign-in by code: next time the computer may ask by itself, if both sides want it.
import { useSignal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { Waking } from '../pairing/waking.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { bound, Failure, Field } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { isUnlocked } from '../vault/vault.ts';
import type { Approval } from './approval.ts';
import { computerOf } from './request-card.tsx';
import { pair } from './run.ts';

export function PairingOffer({ current }: { current: Approval }) {
  const { pairing, request } = current;
  const { failure, attempt } = useAttempt('storage-failed');
  const suggested = request ? computerOf(request) : '';
  const name = useSignal(suggested.slice(0, 40));
  if (!pairing || pairing === 'declined' || !isUnlocked.value) return null;
  if (pairing === 'kept') {
    return (
      <>
        <Notice tone="good">{say('rememberKept')}</Notice>
        <Waking />
      </>
    );
  }
  if (pairing === 'said') {
    return (
      <p class="notice" role="status">
        {say('rememberSaid')}
      </p>
    );
  }
  const answer = (yes: boolean) => () => void attempt(() => pair(yes, name.value.trim() || suggested));
  return (
    <section class="notice stack remember">
      <p>
        <b>{say(pairing === 'asked' ? 'rememberAsked' : 'rememberOffer')}</b>
      </p>
      <p>{say('rememberHint')}</p>
      <Field id="computer-name" label={say('computerName')}>
        <input id="computer-name" type="text" maxLength={40} {...bound(name)} />
      </Field>
      <Failure code={failure.value} />
      <div class="row">
        <button type="button" class="primary" onClick={answer(true)}>
          {say('remember')}
        </button>
        <button type="button" onClick={answer(false)}>
          {say('notNow')}
        </button>
      </div>
    </section>
  );
}
