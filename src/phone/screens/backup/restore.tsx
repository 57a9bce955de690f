// Brings a vault to this phone: by the code on another phone or on the recovery sheet, and the passphrase.
import { useSignal } from '@preact/signals';
import { readSheet } from '../../../protocol/recovery.ts';
import { Notice } from '../../../ui/components.tsx';
import { foreign } from '../../../ui/foreign.ts';
import { AppBar } from '../../parts/app-bar.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { CameraOverlay } from '../../parts/camera-overlay.tsx';
import { Failure, Field, PassphraseField, sets, submits } from '../../parts/form.tsx';
import { dateOf, say } from '../../parts/language.ts';
import { sheetKey } from '../../shell/first-run.ts';
import { find, type Restorable, restore } from '../../vault/backup.ts';
import { Finders } from './finders.tsx';

export function Restore({ onBack }: { onBack: () => void }) {
  const camera = useSignal(false);
  const found = useSignal<Restorable | undefined>(undefined);
  const { busy, failure, attempt } = useAttempt('not-a-sheet');
  if (camera.value) {
    const read = async (text: string) => {
      sheetKey.value = await readSheet(text);
    };
    return <CameraOverlay open={camera} onCode={(text) => void attempt(() => read(text))} />;
  }
  if (found.value) return <Found copy={found.value} onBack={sets(found, undefined)} />;
  const submit = submits((entry) =>
    attempt(async () => {
      const key = sheetKey.value || (await readSheet(entry('sheet')));
      found.value = await find(key, entry('passphrase'));
    }),
  );
  const scan = () => {
    failure.value = undefined;
    camera.value = true;
  };
  return (
    <>
      <AppBar title={say('restoreTitle')} onBack={onBack} />
      <main>
        <p class="soft">{say('restoreText')}</p>
        <form onSubmit={submit}>
          {sheetKey.value ? (
            <Notice tone="good">{say('sheetRead')}</Notice>
          ) : (
            <>
              <button type="button" class="primary" onClick={scan}>
                {say('scanSheet')}
              </button>
              <Field id="sheet" label={say('typeSheet')}>
                <input
                  id="sheet"
                  name="sheet"
                  type="text"
                  autocomplete="off"
                  autocapitalize="characters"
                  spellcheck={false}
                  required
                />
              </Field>
            </>
          )}
          <PassphraseField id="passphrase" label={say('passphraseOfVault')} />
          <Failure code={failure.value} />
          <button type="submit" class={sheetKey.value ? 'primary' : ''} disabled={busy.value}>
            {say(busy.value ? 'restoring' : 'findBackup')}
          </button>
        </form>
        {!sheetKey.value && <Finders does="find" />}
      </main>
    </>
  );
}

/** Whose copy it is and how old, before it becomes this phone's vault. */
function Found({ copy, onBack }: { copy: Restorable; onBack: () => void }) {
  const { failure, attempt } = useAttempt('not-a-sheet');
  const take = async () => {
    await restore(copy, say('defaultPhone'));
    sheetKey.value = '';
  };
  return (
    <>
      <AppBar title={say('foundBackup')} onBack={onBack} />
      <main>
        <section class="pass">
          <p>{say('backupOf', { date: dateOf(copy.time) })}</p>
          <p>{say('backupBy', { phone: foreign(copy.by), revision: copy.remote.rev })}</p>
          <p>{say('backupCount', { count: copy.accounts })}</p>
        </section>
        <Notice>{say('backupOld')}</Notice>
        <Failure code={failure.value} />
        <div class="actions">
          <button type="button" class="primary" onClick={() => void attempt(take)}>
            {say('restoreHere')}
          </button>
        </div>
      </main>
    </>
  );
}
