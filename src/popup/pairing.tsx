// After a sign-in by code: next time one click is enough, if both sides want it.
import type { View } from '../extension/view.ts';
import { Notice } from '../ui/components.tsx';
import { ask, say } from './state.ts';

export function Pairing({ current }: { current: View }) {
  const { sid, pairing, phone = '' } = current;
  if (!pairing || pairing === 'declined') return null;
  if (pairing === 'remembered') return <Notice tone="good">{say('rememberKept', { phone })}</Notice>;
  if (pairing === 'said') {
    return (
      <p class="notice" role="status">
        {say('rememberSaid', { phone })}
      </p>
    );
  }
  const answer = (yes: boolean) => void ask({ t: 'pair', sid, yes });
  return (
    <section class="notice stack" aria-label={say('remember')}>
      <p>
        <b>{say(pairing === 'asked' ? 'rememberAsked' : 'rememberOffer', { phone })}</b>
      </p>
      <p>{say('rememberHint')}</p>
      <div class="row">
        <button type="button" class="primary" onClick={() => answer(true)}>
          {say('remember')}
        </button>
        <button type="button" onClick={() => answer(false)}>
          {say('notHere')}
        </button>
      </div>
    </section>
  );
}
