// Settings: unlocking, backup, moving in and out, language. Each choice takes effect at once.
import { ChevronRight, CloudUpload, Download, type IconNode, Lock, ShieldCheck, Upload } from 'lucide';
import { Icon } from '../../ui/icon.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { Field, SelectField } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { install } from '../shell/offline.ts';
import { go, type Screen, trial } from '../shell/state.ts';
import { LOCKING } from '../vault/stored.ts';
import { habits, lockByHand, phoneName, renamePhone, setHabits } from '../vault/vault.ts';
import { LanguageChoice } from './language-choice.tsx';
import { PasskeyChoice } from './passkey-choice.tsx';

const Line = ({ icon, text, onClick }: { icon: IconNode; text: string; onClick: () => void }) => (
  <li>
    <button type="button" class="fact" onClick={onClick}>
      <Icon of={icon} />
      <span class="what">{text}</span>
      <Icon of={ChevronRight} />
    </button>
  </li>
);
const Link = ({ to, ...line }: { to: Screen; icon: IconNode; text: string }) => (
  <Line {...line} onClick={() => go(to)} />
);

export function Settings() {
  return (
    <>
      <AppBar title={say('settings')} />
      <main>
        <ul class="list">
          {!trial && <Link to={{ at: 'backup' }} icon={CloudUpload} text={say('backup')} />}
          {!trial && <Link to={{ at: 'import' }} icon={Download} text={say('import')} />}
          {!trial && <Link to={{ at: 'export' }} icon={Upload} text={say('export')} />}
          <Link to={{ at: 'health' }} icon={ShieldCheck} text={say('health')} />
          <Line icon={Lock} text={say('lock')} onClick={lockByHand} />
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
      </main>
    </>
  );
}
