// The first run: a passphrase makes the vault, or a vault that there is already is brought here.
import { useSignal } from '@preact/signals';
import { Field, sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { setup, sheetKey } from '../shell/first-run.ts';
import { trial } from '../shell/state.ts';
import { canUsePasskey } from '../vault/passkey.ts';
import { create } from '../vault/vault.ts';
import { Restore } from './backup/restore.tsx';
import { NewPassphraseForm } from './passphrase/new-passphrase.tsx';

/** Makes the vault. Where a computer waits for its sign-in, what is offered then comes after that. */
export function Welcome() {
  const restoring = useSignal(false);
  if (restoring.value || sheetKey.value) {
    return (
      <Restore
        onBack={() => {
          restoring.value = false;
          sheetKey.value = '';
        }}
      />
    );
  }
  const make = async (passphrase: string, phone: string) => {
    const passkeys = await canUsePasskey();
    // A trial keeps no backup.
    const step = passkeys ? 'passkey' : trial ? undefined : 'backup';
    if (step) setup.value = { step, passphrase };
    try {
      await create(passphrase, phone);
    } catch (error) {
      setup.value = undefined;
      throw error;
    }
  };
  return (
    <main>
      <h1>{say('welcome')}</h1>
      <p class="soft">{say('welcomeText')}</p>
      <NewPassphraseForm
        button={say('create')}
        work={(passphrase, entry) => make(passphrase, entry('phone').trim().slice(0, 40))}
        after={
          !trial && (
            <button type="button" class="quiet" onClick={sets(restoring, true)}>
              {say('haveVault')}
            </button>
          )
        }
      >
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
      </NewPassphraseForm>
    </main>
  );
}
