// A form of one passphrase, within the limits on guessing.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { codeOf } from '../../../protocol/errors.ts';
import { Notice } from '../../../ui/components.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { Failure, PassphraseField, submits } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { Heard } from '../../parts/voice.tsx';
import { waitBeforeTry } from '../../vault/vault.ts';

/** `work` is tried with the passphrase, and a failure is told in words; too many make the next one wait. */
export function PassphraseForm(props: {
  label: string;
  button: string;
  busyText: string;
  focus?: boolean;
  /** There is a better way beside it: its button is not the one that stands out. */
  second?: boolean;
  work: (passphrase: string) => Promise<void>;
}) {
  const { busy, failure, attempt } = useAttempt('vault-damaged');
  const wait = useSignal(0);
  /** How long it was when it began: what is heard, once, while the seconds are counted down. */
  const whole = useSignal(0);
  const look = async () => {
    const seconds = Math.ceil((await waitBeforeTry()) / 1000);
    if (seconds === 0 || wait.value === 0) whole.value = seconds;
    wait.value = seconds;
  };
  useEffect(() => {
    void look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, []);
  const submit = submits((entry, form) =>
    attempt(() =>
      props.work(entry('passphrase')).catch(async (error: unknown) => {
        // Only a wrong one is to be typed anew.
        if (codeOf(error, 'storage-failed') === 'wrong-passphrase') form.reset();
        await look();
        throw error;
      }),
    ),
  );
  return (
    <form onSubmit={submit}>
      <PassphraseField id="passphrase" label={props.label} focus={props.focus ?? false} />
      {wait.value > 0 && <Notice tone="warn">{say('waitSeconds', { seconds: wait.value })}</Notice>}
      <Heard text={whole.value > 0 ? say('waitSeconds', { seconds: whole.value }) : ''} />
      <Failure code={wait.value > 0 ? undefined : failure.value} />
      <button type="submit" class={props.second ? '' : 'primary'} disabled={busy.value || wait.value > 0}>
        {busy.value ? props.busyText : props.button}
      </button>
    </form>
  );
}
