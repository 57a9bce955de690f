// The passphrase was forgotten: nobody can reset it, so a backup is brought here, or the vault is given up.
import { useSignal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { Check, Failure, sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { trial } from '../shell/state.ts';
import { erase } from '../vault/vault.ts';
import { Restore } from './backup/restore.tsx';

export function Forgot({ onBack }: { onBack: () => void }) {
  const restoring = useSignal(false);
  const erasing = useSignal(false);
  if (restoring.value) return <Restore onBack={sets(restoring, false)} />;
  if (erasing.value) return <Erase onBack={sets(erasing, false)} />;
  return (
    <>
      <AppBar title={say('forgot')} onBack={onBack} />
      <main>
        <p>{say('forgotText')}</p>
        <div class="actions">
          {!trial && (
            <button type="button" class="primary" onClick={sets(restoring, true)}>
              {say('forgotRestore')}
            </button>
          )}
          <button type="button" class="bad" onClick={sets(erasing, true)}>
            {say('erase')}
          </button>
        </div>
      </main>
    </>
  );
}

/** Gives up the vault of this phone, once the person has said that this is what they want. */
function Erase({ onBack }: { onBack: () => void }) {
  const sure = useSignal(false);
  const { busy, failure, attempt } = useAttempt('storage-failed');
  return (
    <>
      <AppBar title={say('erase')} onBack={onBack} />
      <main>
        <Notice tone="bad">{say('eraseText')}</Notice>
        <Check
          checked={sure.value}
          label={say('eraseSure')}
          onTick={(ticked) => {
            sure.value = ticked;
          }}
        />
        <Failure code={failure.value} />
        <div class="actions">
          <button
            type="button"
            class="primary danger"
            disabled={!sure.value || busy.value}
            onClick={() => void attempt(erase)}
          >
            {say('eraseNow')}
          </button>
        </div>
      </main>
    </>
  );
}
