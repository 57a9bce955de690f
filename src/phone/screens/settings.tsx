// Settings: unlocking, backup, moving in and out, language. Each choice takes effect at once.
import { Field, SelectField } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { install } from '../shell/offline.ts';
import { go, type Screen, trial } from '../shell/state.ts';
import { LOCKING } from '../vault/stored.ts';
import { habits, phoneName, renamePhone, setHabits } from '../vault/vault.ts';
import { LanguageChoice } from './language-choice.tsx';
import { PasskeyChoice } from './passkey-choice.tsx';

const Link = ({ to, text }: { to: Screen; text: string }) => (
  <li>
    <button type="button" onClick={() => go(to)}>
      {text}
    </button>
  </li>
);

export function Settings() {
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
        <SelectField
          id="locking"
          label={say('locking')}
          all={LOCKING}
          chosen={habits.value.locking}
          nameOf={(locking) => say(`locking_${locking}`)}
          onChoose={(locking) => void setHabits({ ...habits.value, locking })}
        />
        <PasskeyChoice />
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
