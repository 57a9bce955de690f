// A form that ends with a new passphrase: strong enough, and typed twice alike.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useAttempt } from '../../parts/attempt.ts';
import { bound, type Entry, Failure, Field, submits } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { WEAK_BELOW } from '../../vault/health.ts';
import { type Judged, noteTaken } from '../../vault/own-passphrase.ts';
import { Strength } from './strength.tsx';

const SHORTEST = 10;

/** What is wrong with a new passphrase, as the key of the sentence that says it. */
type Fault = 'passphraseShort' | 'passphraseDiffers' | 'passphraseWeak';

/** @param judged what has been said of it while it was typed; where that has not come yet, nobody waits for it */
function faultOf(passphrase: string, repeated: string, judged: Judged | undefined): Fault | undefined {
  if ([...passphrase].length < SHORTEST) return 'passphraseShort';
  if (passphrase !== repeated) return 'passphraseDiffers';
  return judged?.passphrase === passphrase && judged.guesses < WEAK_BELOW ? 'passphraseWeak' : undefined;
}

/**
 * @param before fields that stand before those of the passphrase, `children` those after, `after` what stands below the button
 * @param work is done with a passphrase that nothing is wrong with
 */
export function NewPassphraseForm(props: {
  before?: ComponentChildren;
  children?: ComponentChildren;
  after?: ComponentChildren;
  button: string;
  work: (passphrase: string, entry: Entry) => Promise<void>;
}) {
  const { busy, failure, attempt } = useAttempt('storage-failed');
  const fault = useSignal<Fault | undefined>(undefined);
  const typed = useSignal('');
  const judged = useSignal<Judged | undefined>(undefined);
  const submit = submits((entry) =>
    attempt(async () => {
      const passphrase = entry('passphrase');
      fault.value = faultOf(passphrase, entry('repeat'), judged.value);
      if (fault.value) return;
      await props.work(passphrase, entry);
      void noteTaken(passphrase, judged.value).catch(() => {});
    }),
  );
  const differs = fault.value === 'passphraseDiffers';
  const wrong = fault.value && say(fault.value);
  return (
    <form onSubmit={submit}>
      {props.before}
      <Field
        id="passphrase"
        label={say('newPassphrase')}
        hint={say('passphraseHint')}
        error={(!differs && wrong) || ''}
      >
        <input
          id="passphrase"
          name="passphrase"
          type="password"
          autocomplete="new-password"
          required
          aria-describedby="passphrase-hint"
          aria-invalid={!differs && wrong !== undefined}
          onInput={bound(typed).onInput}
        />
        <Strength
          of={typed.value}
          onTold={(told) => {
            judged.value = told;
          }}
        />
      </Field>
      <Field id="repeat" label={say('repeatPassphrase')} error={(differs && wrong) || ''}>
        <input
          id="repeat"
          name="repeat"
          type="password"
          autocomplete="new-password"
          required
          aria-describedby="repeat-hint"
          aria-invalid={differs}
        />
      </Field>
      {props.children}
      <Failure code={failure.value} />
      <button type="submit" class="primary" disabled={busy.value}>
        {busy.value ? say('creating') : props.button}
      </button>
      {props.after}
    </form>
  );
}
