// Settings: unlocking, backup, moving in and out, language. Each choice takes effect at once.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { codeOf } from '../../protocol/errors.ts';
import { Notice } from '../../ui/components.tsx';
import { install } from '../shell/offline.ts';
import { go, LANGUAGES, language, reason, type Screen, say, speakIn, tell, trial } from '../shell/state.ts';
import { LOCKING } from '../shell/storage.ts';
import { sync } from '../vault/backup.ts';
import { canUsePasskey, makePasskey } from '../vault/passkey.ts';
import {
  changePassphrase,
  dropWay,
  enrol,
  habits,
  passkey,
  phoneName,
  renamePhone,
  setHabits,
} from '../vault/vault.ts';
import { entry, Field, PassphraseForm } from './unlock.tsx';
import { faultOf, NewPassphrase } from './welcome.tsx';

export const LanguageChoice = () => (
  <div>
    <label class="hidden-text" for="language">
      {say('language')}
    </label>
    <select id="language" value={language.value} onChange={(event) => speakIn(event.currentTarget.value)}>
      {LANGUAGES.map(({ tag, name }) => (
        <option key={tag} value={tag} selected={tag === language.value}>
          {name}
        </option>
      ))}
    </select>
  </div>
);

function Passkey() {
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
      <button
        type="button"
        onClick={() => {
          adding.value = true;
        }}
      >
        {say('turnOnPasskey')}
      </button>
    );
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

export function Settings() {
  const Link = ({ to, text }: { to: Screen; text: string }) => (
    <li>
      <button type="button" onClick={() => go(to)}>
        {text}
      </button>
    </li>
  );
  return (
    <main>
      <h1>{say('settings')}</h1>
      <ul class="list">
        {!trial && <Link to={{ at: 'backup' }} text={say('backup')} />}
        {!trial && <Link to={{ at: 'import' }} text={say('import')} />}
        {!trial && <Link to={{ at: 'export' }} text={say('export')} />}
        <Link to={{ at: 'computers' }} text={say('computers')} />
        <Link to={{ at: 'health' }} text={say('health')} />
      </ul>
      <section class="stack">
        <h2>{say('unlocking_')}</h2>
        <Field id="locking" label={say('locking')}>
          <select
            id="locking"
            onChange={(event) => {
              const locking = LOCKING.find((known) => known === event.currentTarget.value) ?? 'leave';
              void setHabits({ ...habits.value, locking });
            }}
          >
            {LOCKING.map((known) => (
              <option key={known} value={known} selected={known === habits.value.locking}>
                {say(`locking_${known}`)}
              </option>
            ))}
          </select>
        </Field>
        <Passkey />
        <button type="button" onClick={() => go({ at: 'passphrase' })}>
          {say('changePassphrase')}
        </button>
      </section>
      <section class="stack">
        <h2>{say('thisPhone')}</h2>
        <Field id="phone" label={say('phoneName')} hint={say('phoneNameHint')}>
          <input
            id="phone"
            type="text"
            maxLength={40}
            defaultValue={phoneName.value}
            aria-describedby="phone-hint"
            onChange={(event) => void renamePhone(event.currentTarget.value)}
          />
        </Field>
        <LanguageChoice />
        {install.value && (
          <button type="button" onClick={() => void install.value?.()}>
            {say('install')}
          </button>
        )}
      </section>
      <div class="actions">
        <button type="button" class="primary" onClick={() => go({ at: 'list' })}>
          {say('back')}
        </button>
      </div>
    </main>
  );
}

export function ChangePassphrase() {
  const problem = useSignal('');
  const busy = useSignal(false);
  const typed = useSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    busy.value = true;
    try {
      problem.value = await faultOf(entry(form, 'passphrase'), entry(form, 'repeat'));
      if (problem.value) return;
      await changePassphrase(entry(form, 'before'), entry(form, 'passphrase'));
      void sync();
      tell(say('passphraseChanged'));
      go({ at: 'settings' });
    } catch (error) {
      problem.value = reason(codeOf(error, 'storage-failed'));
    } finally {
      busy.value = false;
    }
  };
  return (
    <main>
      <h1>{say('changePassphrase')}</h1>
      <p class="soft">{say('changePassphraseText')}</p>
      <form onSubmit={submit}>
        <Field id="before" label={say('passphraseNow')}>
          <input id="before" name="before" type="password" autocomplete="current-password" required />
        </Field>
        <NewPassphrase typed={typed} />
        <div role="alert">{problem.value && <Notice tone="bad">{problem.value}</Notice>}</div>
        <button type="submit" class="primary" disabled={busy.value}>
          {say(busy.value ? 'creating' : 'changePassphrase')}
        </button>
        <button type="button" onClick={() => go({ at: 'settings' })}>
          {say('cancel')}
        </button>
      </form>
    </main>
  );
}
