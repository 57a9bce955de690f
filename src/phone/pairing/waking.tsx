// Being told of a request while the page is closed: the offer to turn that on, and how it stands.
import { useSignal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { canBeWoken, isWoken, wake } from './notifications.ts';

/** Whether a closed page can be told of a request; never needed, since an opened one shows what waits. */
export function Waking() {
  const state = useSignal<'idle' | 'busy' | 'on' | 'failed'>(isWoken() ? 'on' : 'idle');
  const turnOn = async () => {
    state.value = 'busy';
    state.value = (await wake()) ? 'on' : 'failed';
  };
  if (!canBeWoken()) return <p class="soft">{say('wakeNever')}</p>;
  return (
    <div class="stack">
      <p class="soft">{say('wakeText')}</p>
      <Spoken>
        {state.value === 'on' && <Notice tone="good">{say('wakeOn')}</Notice>}
        {state.value === 'failed' && <Notice tone="warn">{say('wakeFailed')}</Notice>}
      </Spoken>
      {state.value !== 'on' && (
        <button type="button" disabled={state.value === 'busy'} onClick={() => void turnOn()}>
          {say('wake')}
        </button>
      )}
    </div>
  );
}
