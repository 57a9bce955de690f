// Another passphrase for the vault that is open.
import { PassphraseField } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { go, tell } from '../../shell/state.ts';
import { sync } from '../../vault/backup.ts';
import { changePassphrase } from '../../vault/vault.ts';
import { NewPassphraseForm } from './new-passphrase.tsx';

export function ChangePassphrase() {
  const change = async (before: string, after: string) => {
    await changePassphrase(before, after);
    void sync();
    tell(say('passphraseChanged'));
    go({ at: 'settings' });
  };
  return (
    <main>
      <h1>{say('changePassphrase')}</h1>
      <p class="soft">{say('changePassphraseText')}</p>
      <NewPassphraseForm
        before={<PassphraseField id="before" label={say('passphraseNow')} />}
        button={say('changePassphrase')}
        work={(passphrase, entry) => change(entry('before'), passphrase)}
        after={
          <button type="button" onClick={() => go({ at: 'settings' })}>
            {say('cancel')}
          </button>
        }
      />
    </main>
  );
}
