// Unlocking: by passphrase, or by fingerprint or face where the phone has been told to.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Code, codeOf } from '../../protocol/errors.ts';
import { Mark, Notice } from '../../ui/components.tsx';
import { reason, say } from '../shell/state.ts';
import { restoreEvicted } from '../vault/backup.ts';
import { askPasskey } from '../vault/passkey.ts';
import { hasVault, open, passkey, waitBeforeTry } from '../vault/vault.ts';

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

/** Why something did not work, read out when it appears; an empty place until then. */
export const Failure = ({ code }: { code: Code | undefined }) => (
  <div role="alert">{code && <Notice tone="bad">{reason(code)}</Notice>}</div>
);

export const entry = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? '');

/** A form of one passphrase: `work` is tried with it, and a failure is told in words. */
export function PassphraseForm(props: {
  id?: string;
  label: string;
  button: string;
  busyText: string;
  focus?: boolean;
  work: (passphrase: string) => Promise<void>;
}) {
  const id = props.id ?? 'passphrase';
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
      await props.work(entry(form, id));
    } catch (error) {
      failure.value = codeOf(error, 'vault-damaged');
      form.reset();
      await look();
    } finally {
      busy.value = false;
    }
  };
  return (
    <form onSubmit={submit}>
      <Field id={id} label={props.label}>
        <input
          id={id}
          name={id}
          type="password"
          autocomplete="current-password"
          required
          // biome-ignore lint/a11y/noAutofocus: the one field of a screen that exists for it
          autoFocus={props.focus ?? false}
        />
      </Field>
      <div role="alert">
        {wait.value > 0 ? (
          <Notice tone="warn">{say('waitSeconds', { seconds: wait.value })}</Notice>
        ) : (
          failure.value && <Notice tone="bad">{reason(failure.value)}</Notice>
        )}
      </div>
      <button type="submit" class="primary" disabled={busy.value || wait.value > 0}>
        {busy.value ? props.busyText : props.button}
      </button>
    </form>
  );
}

/** Opens the vault. A wrong passphrase makes the next try wait, and loses nothing. */
export function Unlock({ note }: { note?: string }) {
  const failure = useSignal<Code | undefined>(undefined);
  const evicted = hasVault.value === 'evicted';
  const known = evicted ? undefined : passkey.value;
  const touch = async () => {
    failure.value = undefined;
    try {
      if (known) await open(await askPasskey(known));
    } catch (error) {
      failure.value = codeOf(error, 'no-passkey');
    }
  };
  return (
    <main>
      <div class="stack">
        <Mark size={40} />
        <h1>{say('unlockTitle')}</h1>
      </div>
      {note && <Notice>{note}</Notice>}
      {evicted && <Notice tone="warn">{say('evicted')}</Notice>}
      {known && (
        <div class="stack">
          <button type="button" class="primary" onClick={() => void touch()}>
            {say('unlockPasskey')}
          </button>
          <Failure code={failure.value} />
        </div>
      )}
      <PassphraseForm
        label={say('passphrase')}
        button={say('unlock')}
        busyText={say(evicted ? 'restoring' : 'unlocking')}
        focus={!known}
        work={(passphrase) => (evicted ? restoreEvicted(passphrase) : open({ k: 'pass', passphrase }))}
      />
    </main>
  );
}
