// One line of an account with what can be done with it: shown, copied; a code of the moment with its time.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { sets } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { copy } from '../../shell/state.ts';
import { codeUntil } from '../../vault/totp.ts';

export function Line(props: { label: string; value: string; secret?: boolean }) {
  const shown = useSignal(false);
  const { label, value, secret = false } = props;
  return (
    <div class="line">
      <div>
        <span class="label">{label}</span>
        <span class={secret ? 'secret' : ''}>{secret && !shown.value ? '••••••••••' : value}</span>
      </div>
      {secret && (
        <button type="button" class="quiet" aria-pressed={shown.value} onClick={sets(shown, !shown.value)}>
          {say(shown.value ? 'hide' : 'show')}
        </button>
      )}
      <button type="button" class="quiet" aria-label={say('copyOf', { what: label })} onClick={() => void copy(value)}>
        {say('copy')}
      </button>
    </div>
  );
}

/** The code of the moment, and how long it is still good. */
export function CodeLine({ seed }: { seed: string }) {
  const now = useSignal<Awaited<ReturnType<typeof codeUntil>> | undefined>(undefined);
  useEffect(() => {
    const look = () =>
      void codeUntil(seed, Date.now()).then((next) => {
        now.value = next;
      });
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [seed]);
  if (!now.value) return null;
  const { code, left, period } = now.value;
  return (
    <div class="line">
      <div>
        <span class="label">{say('code')}</span>
        <span class="digits">{code.replace(/^(\d{3})/, '$1 ')}</span>
        <span class="hint"> {say('secondsLeft', { seconds: left })}</span>
        <progress max={period} value={left} aria-hidden="true" />
      </div>
      <button
        type="button"
        class="quiet"
        aria-label={say('copyOf', { what: say('code') })}
        onClick={() => void copy(code)}
      >
        {say('copy')}
      </button>
    </div>
  );
}
