// Unlocking: by passphrase, or by fingerprint or face where the phone has been told to.
import { Mark, Notice } from '../../../ui/components.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { Failure } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { restoreEvicted } from '../../vault/backup.ts';
import { askPasskey } from '../../vault/passkey.ts';
import { hasVault, open, passkey } from '../../vault/vault.ts';
import { PassphraseForm } from './passphrase-form.tsx';

/** Opens the vault. A wrong passphrase makes the next try wait, and loses nothing. `note` may come and go meanwhile. */
export function Unlock({ note }: { note?: string }) {
  const { failure, attempt } = useAttempt('no-passkey');
  const evicted = hasVault.value === 'evicted';
  const known = evicted ? undefined : passkey.value;
  return (
    <main>
      <div class="stack">
        <Mark size={40} />
        <h1>{say('unlockTitle')}</h1>
      </div>
      {evicted && <Notice tone="warn">{say('evicted')}</Notice>}
      {known && (
        <div class="stack">
          <button type="button" class="primary" onClick={() => void attempt(async () => open(await askPasskey(known)))}>
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
      {/* Below all that is pressed: what comes of itself moves no button from under a finger. */}
      <div role="status">{note && <Notice>{note}</Notice>}</div>
    </main>
  );
}
