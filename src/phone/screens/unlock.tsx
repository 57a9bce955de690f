// Unlocking: by passphrase, or by fingerprint or face where the phone has been told to; and what is left to whoever forgot the first.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { Failure, sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { restoreEvicted } from '../vault/backup.ts';
import { askPasskey } from '../vault/passkey.ts';
import { hasVault, lockedByHand, open, passkey } from '../vault/vault.ts';
import { Forgot } from './forgot.tsx';
import { PassphraseForm } from './passphrase/passphrase-form.tsx';

/** Calls `work` once, as soon as somebody looks at the page. */
function useOnceSeen(work: () => void): void {
  useEffect(() => {
    const stop = new AbortController();
    const look = () => {
      if (document.visibilityState !== 'visible' || stop.signal.aborted) return;
      stop.abort();
      work();
    };
    document.addEventListener('visibilitychange', look, { signal: stop.signal });
    look();
    return () => stop.abort();
  }, []);
}

/**
 * Opens the vault. A wrong passphrase makes the next try wait, and loses nothing. `note`, what it is opened for, may come and go
 * meanwhile.
 */
export function Unlock({ note }: { note?: string }) {
  const { failure, attempt } = useAttempt('no-passkey');
  const forgot = useSignal(false);
  const evicted = hasVault.value === 'evicted';
  const known = evicted ? undefined : passkey.value;
  const byFinger = async () => {
    if (known) await open(await askPasskey(known));
  };
  // Whoever has locked it wants it locked; a browser that wants a tap first is not to blame.
  useOnceSeen(() => {
    if (!lockedByHand.value) void byFinger().catch(() => {});
  });
  if (forgot.value) return <Forgot onBack={sets(forgot, false)} />;
  return (
    <main>
      <h1>{say('unlockTitle')}</h1>
      {evicted && <Notice tone="warn">{say('evicted')}</Notice>}
      {known && (
        <div class="stack">
          <button type="button" class="primary" onClick={() => void attempt(byFinger)}>
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
        second={known !== undefined}
        work={(passphrase) => (evicted ? restoreEvicted(passphrase) : open({ k: 'pass', passphrase }))}
      />
      <button type="button" class="quiet" onClick={sets(forgot, true)}>
        {say('forgot')}
      </button>
      {/* Below all that is pressed: what comes of itself moves no button from under a finger. */}
      <Spoken class="told">{note && <Notice>{note}</Notice>}</Spoken>
    </main>
  );
}
