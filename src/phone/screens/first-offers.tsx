// What is offered once the vault was made, and can wait: a finger to unlock it, a backup and its sheet.
import { Mark, Notice } from '../../ui/components.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { Failure, sets } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { setup } from '../shell/first-run.ts';
import { trial } from '../shell/state.ts';
import { turnOn } from '../vault/backup.ts';
import { makePasskey, PASSKEY_HINT } from '../vault/passkey.ts';
import { enrol, putOff } from '../vault/vault.ts';
import { Sheet } from './backup/sheet.tsx';
import { PassphraseForm } from './passphrase/passphrase-form.tsx';

export function FirstOffers() {
  const { busy, failure, attempt } = useAttempt('storage-failed');
  if (!setup.value) return null;
  const { step, passphrase } = setup.value;
  if (step === 'sheet') return <Sheet onDone={sets(setup, undefined)} />;
  const passkey = step === 'passkey';
  const asks = passkey && passphrase === '';
  const next = () => {
    failure.value = undefined;
    setup.value = passkey && !asks && !trial ? { step: 'backup', passphrase } : undefined;
  };
  const addPasskey = async (known: string) => {
    await enrol(known, [await makePasskey('Scankey')]);
    next();
  };
  const accept = async () => {
    if (passkey) await addPasskey(passphrase);
    else {
      await turnOn(passphrase);
      setup.value = { step: 'sheet', passphrase: '' };
    }
  };
  return (
    <main data-offer={step}>
      <Mark size={40} />
      <h1>{say(passkey ? 'offerPasskey' : 'offerBackup')}</h1>
      <p class="soft">{say(passkey ? 'offerPasskeyText' : 'offerBackupText')}</p>
      {!passkey && <Notice tone="warn">{say('paperOrGone')}</Notice>}
      <Failure code={failure.value} />
      {asks && (
        <PassphraseForm
          label={say('passphrase')}
          button={say('turnOnPasskey')}
          busyText={say('unlocking')}
          work={addPasskey}
        />
      )}
      <div class="actions">
        {!asks && (
          <button type="button" class="primary" disabled={busy.value} onClick={() => void attempt(accept)}>
            {say(passkey ? 'turnOnPasskey' : 'makeSheet')}
          </button>
        )}
        <button
          type="button"
          disabled={busy.value}
          onClick={() => {
            if (passkey) void putOff(PASSKEY_HINT);
            next();
          }}
        >
          {say('notNow')}
        </button>
      </div>
    </main>
  );
}
