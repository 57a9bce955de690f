// Whether a fingerprint or a face unlocks the vault; to turn it on, the passphrase is asked once more.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { canUsePasskey, makePasskey } from '../vault/passkey.ts';
import { dropWay, enrol, passkey } from '../vault/vault.ts';
import { PassphraseForm } from './passphrase/passphrase-form.tsx';

export function PasskeyChoice() {
  const possible = useSignal(false);
  const adding = useSignal(false);
  useEffect(() => {
    void canUsePasskey().then((can) => {
      possible.value = can;
    });
  }, []);
  if (passkey.value) {
    return (
      <button type="button" onClick={() => void dropWay('prf')}>
        {say('turnOffPasskey')}
      </button>
    );
  }
  if (!possible.value) return null;
  if (!adding.value) {
    return (
      <button type="button" onClick={sets(adding, true)}>
        {say('turnOnPasskey')}
      </button>
    );
      focus
  }
  return (
    <PassphraseForm
      label={say('passphrase')}
      button={say('turnOnPasskey')}
      busyText={say('unlocking')}
      work={async (passphrase) => {
        await enrol(passphrase, [await makePasskey('Scankey')]);
        adding.value = false;
      }}
    />
  );
}
