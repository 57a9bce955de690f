// First run and unlocking.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Code, codeOf } from '../protocol/errors.ts';
import { Mark, Notice } from '../ui/parts.tsx';
import { create, open, reason, say, waitBeforeTry } from './state.ts';

const SHORTEST = 10;

/** A labelled input with room for a hint. */
export const Field = (props: { id: string; label: string; hint?: string; children: ComponentChildren }) => (
  <div>
    <label for={props.id}>{props.label}</label>
    {props.children}
    {props.hint && (
      <p class="hint" id={`${props.id}-hint`}>
        {props.hint}
      </p>
    )}
  </div>
);

const entry = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? '');

/** Makes the vault: a passphrase, and a name for the phone. */
export function Welcome() {
  const problem = useSignal('');
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const passphrase = entry(form, 'passphrase');
    problem.value = '';
    if ([...passphrase].length < SHORTEST) problem.value = say('passphraseShort');
    else if (passphrase !== entry(form, 'repeat')) problem.value = say('passphraseDiffers');
    if (problem.value) return;
    busy.value = true;
    try {
      await create(passphrase, entry(form, 'phone').trim().slice(0, 40));
    } catch (error) {
      problem.value = reason(codeOf(error, 'storage-failed'));
    } finally {
      busy.value = false;
    }
  };
  return (
    <main>
      <h1>{say('welcome')}</h1>
      <p class="soft">{say('welcomeText')}</p>
      <form onSubmit={submit}>
        <Field id="passphrase" label={say('newPassphrase')} hint={say('passphraseHint')}>
          <input
            id="passphrase"
            name="passphrase"
            type="password"
            autocomplete="new-password"
            required
            aria-describedby="passphrase-hint"
          />
        </Field>
        <Field id="repeat" label={say('repeatPassphrase')}>
          <input id="repeat" name="repeat" type="password" autocomplete="new-password" required />
        </Field>
        <Field id="phone" label={say('phoneName')} hint={say('phoneNameHint')}>
          <input
            id="phone"
            name="phone"
            type="text"
            maxLength={40}
            defaultValue={say('defaultPhone')}
            aria-describedby="phone-hint"
          />
        </Field>
        <div role="alert">{problem.value && <Notice tone="bad">{problem.value}</Notice>}</div>
        <button type="submit" class="primary" disabled={busy.value}>
          {say(busy.value ? 'creating' : 'create')}
        </button>
      </form>
    </main>
  );
}

/** Opens the vault. A wrong passphrase makes the next try wait, and loses nothing. */
export function Unlock({ note }: { note?: string }) {
  const failure = useSignal<Code | undefined>(undefined);
  const busy = useSignal(false);
  const wait = useSignal(0);
  const look = async () => {
    wait.value = Math.ceil((await waitBeforeTry()) / 1000);
  };
  useEffect(() => {
    void look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    failure.value = undefined;
    busy.value = true;
    try {
      await open(entry(form, 'passphrase'));
    } catch (error) {
      failure.value = codeOf(error, 'vault-damaged');
      form.reset();
      await look();
    } finally {
      busy.value = false;
    }
  };
  return (
    <main>
      <div class="stack">
        <Mark size={40} />
        <h1>{say('unlockTitle')}</h1>
      </div>
      {note && <Notice>{note}</Notice>}
      <form onSubmit={submit}>
        <Field id="passphrase" label={say('passphrase')}>
          {/* biome-ignore lint/a11y/noAutofocus: the one field of a screen that exists for it */}
          <input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required autoFocus />
        </Field>
        <div role="alert">
          {wait.value > 0 ? (
            <Notice tone="warn">{say('waitSeconds', { seconds: wait.value })}</Notice>
          ) : (
            failure.value && <Notice tone="bad">{reason(failure.value)}</Notice>
          )}
        </div>
        <button type="submit" class="primary" disabled={busy.value || wait.value > 0}>
          {say(busy.value ? 'unlocking' : 'unlock')}
        </button>
      </form>
    </main>
  );
}
