// Moving out: sealed as it is here, or as another password manager reads it.
import { useSignal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { Failure, Field, PassphraseField, sets, submits } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { go, tell } from '../shell/state.ts';
import { FORMATS } from '../transfer/formats.ts';
import { accounts, away, confirmPassphrase } from '../vault/vault.ts';

const KINDS = Object.keys(FORMATS) as (keyof typeof FORMATS)[];

function offer(bytes: BlobPart, ending: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = `scankey-${new Date().toISOString().slice(0, 10)}.${ending}`;
  link.click();
  // Long enough for the browser to have taken it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function Export() {
  const format = useSignal<keyof typeof FORMATS>('sealed');
  const { ending, sealed, write } = FORMATS[format.value];
  const { busy, failure, attempt } = useAttempt('import-failed');
  const submit = submits((entry) =>
    attempt(async () => {
      await confirmPassphrase(entry('passphrase'));
      const bytes = await write(accounts.value, entry('secret') || entry('passphrase'));
      away();
      offer(bytes, ending);
      tell(say('exported'));
      go({ at: 'settings' });
    }),
  );
  return (
    <>
      <AppBar title={say('export')} onBack={() => go({ at: 'settings' })} />
      <main>
        <form onSubmit={submit}>
          <fieldset>
            <legend>{say('exportAs')}</legend>
            <div class="list">
              {KINDS.map((one) => (
                <label class="choice" key={one}>
                  <input type="radio" name="format" checked={format.value === one} onChange={sets(format, one)} />
                  <span>{say(`export_${one}`)}</span>
                </label>
              ))}
            </div>
          </fieldset>
          {!sealed && <Notice tone="warn">{say('exportOpen')}</Notice>}
          <PassphraseField id="passphrase" label={say('passphraseOfVault')} />
          {sealed && (
            <Field id="secret" label={say('exportPassword')} hint={say('exportPasswordHint')}>
              <input
                id="secret"
                name="secret"
                type="password"
                autocomplete="new-password"
                aria-describedby="secret-hint"
              />
            </Field>
          )}
          <Failure code={failure.value} />
          <button type="submit" class="primary" disabled={busy.value}>
            {say(busy.value ? 'reading' : 'exportNow')}
          </button>
        </form>
      </main>
    </>
  );
}
