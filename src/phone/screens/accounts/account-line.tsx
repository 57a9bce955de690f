// One line of an account with what can be done with it: shown, copied; a code of the moment with its time.
import { useSignal } from '@preact/signals';
import { Copy, Eye, EyeOff } from 'lucide';
import { useEffect } from 'preact/hooks';
import { IconButton } from '../../parts/app-bar.tsx';
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
        <IconButton
          class="show"
          icon={shown.value ? EyeOff : Eye}
          label={say(shown.value ? 'hide' : 'show')}
          onClick={sets(shown, !shown.value)}
        />
      )}
      <IconButton class="copy" icon={Copy} label={say('copyOf', { what: label })} onClick={() => void copy(value)} />
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
      <IconButton
        class="copy"
        icon={Copy}
        label={say('copyOf', { what: say('code') })}
        onClick={() => void copy(code)}
      />
    </div>
  );
}
