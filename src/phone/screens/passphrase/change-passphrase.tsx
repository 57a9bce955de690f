// Another passphrase for the vault that is open.
import { AppBar } from '../../parts/app-bar.tsx';
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
    <>
      <AppBar title={say('changePassphrase')} onBack={() => go({ at: 'settings' })} />
      <main>
        <p class="soft">{say('changePassphraseText')}</p>
        <NewPassphraseForm
          before={<PassphraseField id="before" label={say('passphraseNow')} />}
          button={say('changePassphrase')}
          work={(passphrase, entry) => change(entry('before'), passphrase)}
        />
      </main>
    </>
  );
}
