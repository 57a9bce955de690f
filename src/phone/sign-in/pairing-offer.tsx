// After a sign-in by code: next time the computer may ask by itself, if both sides want it.
import { useSignal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { Waking } from '../pairing/waking.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { bound, Failure, Field } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { isUnlocked } from '../vault/vault.ts';
import type { Approval } from './approval.ts';
import { useAwake } from './decide.tsx';
import type { PhoneSignIn } from './phone-sign-in.ts';
import { computerOf } from './request-card.tsx';

interface Offered {
  signIn: PhoneSignIn;
  current: Approval;
}

/** Whether the offer stands there, and waits for a word. */
export const offers = ({ pairing }: Approval): boolean =>
  isUnlocked.value && pairing !== undefined && !['declined', 'kept', 'said'].includes(pairing);

export function PairingOffer(props: Offered) {
  const { pairing } = props.current;
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
      <Spoken>
        <Notice>{say('rememberSaid')}</Notice>
      </Spoken>
    );
  }
  return <Offer {...props} />;
}

/** It comes up where the tap on the answer was, which may be two. */
function Offer({ signIn, current: { pairing, session } }: Offered) {
  const { failure, attempt } = useAttempt('storage-failed');
  const awake = useAwake();
  const suggested = session.shown ? computerOf(session.shown.request) : '';
  const name = useSignal(suggested.slice(0, 40));
  const answer = (yes: boolean) => () => void attempt(() => signIn.pair(yes, name.value.trim() || suggested));
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
        <button type="button" class="primary" disabled={!awake} onClick={answer(true)}>
          {say('remember')}
        </button>
        <button type="button" onClick={answer(false)}>
          {say('notNow')}
        </button>
      </div>
    </section>
  );
}
