// Whether a fingerprint or a face unlocks the vault; to turn it on, the passphrase is asked once more.
import { useSignal } from '@preact/signals';
import { sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { makePasskey, PASSKEY_HINT, usePasskeyPossible } from '../vault/passkey.ts';
import { dropWay, enrol, passkey, putOff } from '../vault/vault.ts';
import { PassphraseForm } from './passphrase/passphrase-form.tsx';

export function PasskeyChoice() {
  const possible = usePasskeyPossible();
  const adding = useSignal(false);
  if (passkey.value) {
    return (
      <button type="button" onClick={() => void dropWay('prf').then(() => putOff(PASSKEY_HINT))}>
        {say('turnOffPasskey')}
      </button>
    );
  }
  if (!possible) return null;
  if (!adding.value) {
    return (
      <button type="button" onClick={sets(adding, true)}>
        {say('turnOnPasskey')}
      </button>
    );
  }
  return (
    <PassphraseForm
      label={say('passphrase')}
      button={say('turnOnPasskey')}
      busyText={say('unlocking')}
      focus
      work={async (passphrase) => {
        await enrol(passphrase, [await makePasskey('Scankey')]);
        adding.value = false;
      }}
    />
  );
}
