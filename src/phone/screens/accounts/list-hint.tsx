// One thing at a time that is worth knowing, over the list; each goes when it was read.
import { Notice } from '../../../ui/components.tsx';
import { foreign } from '../../../ui/foreign.ts';
import { dateOf, providerName, reason, say } from '../../parts/language.ts';
import { Spoken } from '../../parts/voice.tsx';
import { install, isInstalled, isSafariOnPhone } from '../../shell/offline.ts';
import { go, trial } from '../../shell/state.ts';
import { nameOfTie, ties } from '../../sign-in/ties.ts';
import { standing } from '../../vault/backup.ts';
import { passphraseWeak } from '../../vault/own-passphrase.ts';
import { accounts, habits, openedOlder, recovery, setHabits } from '../../vault/vault.ts';

/** So old may the last backup be without a word: a companion that is away for a day or two is no matter. */
const WEEK_MS = 7 * 86_400_000;

export function ListHint() {
  const known = habits.value.hints;
  const hide = (hint: string) => void setHabits({ ...habits.value, hints: [...known, hint] });
  const { problem } = standing.value;
  const tie = ties.value.find((one) => !known.includes(nameOfTie(one)));
  if (tie) {
    const name = foreign(tie.name);
    const by = tie.by === 'key' ? say('anotherVault') : providerName(tie.by);
    const who = name ? say('tieNamed', { by, name }) : by;
    return (
      <Spoken class="notice warn hint-card">
        <p>{say('tieTold', { who, date: dateOf(tie.at), companion: location.host })}</p>
        <div class="row">
          <button type="button" class="quiet" onClick={() => hide(nameOfTie(tie))}>
            {say('tieKnown')}
          </button>
        </div>
      </Spoken>
    );
  }
  if (passphraseWeak.value) {
    return (
      <button type="button" class="notice warn" onClick={() => go({ at: 'passphrase' })}>
        {say('passphraseWeak')}
      </button>
    );
  }
  if (openedOlder.value) return <Notice tone="warn">{say('openedOlder')}</Notice>;
  if (problem && problem !== 'unreachable') {
    return (
      <button type="button" class="notice bad" onClick={() => go({ at: 'backup' })}>
        {problem === 'backup-older' ? say('backupLooksOlder') : reason(problem)}
      </button>
    );
  }
  if (problem && standing.value.at > 0 && Date.now() - standing.value.at > WEEK_MS) {
    return (
      <button type="button" class="notice warn" onClick={() => go({ at: 'backup' })}>
        {say('backupLast', { date: dateOf(standing.value.at) })}
      </button>
    );
  }
  const offer = (hint: 'backupHint' | 'installHint' | 'safariHint', work?: () => void) => (
    <div class="notice hint-card">
      <p>{say(hint)}</p>
      <div class="row">
        {work && (
          <button type="button" class="quiet" onClick={work}>
            {say(hint === 'backupHint' ? 'makeSheet' : 'install')}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => hide(hint)}>
          {say('notNow')}
        </button>
      </div>
    </div>
  );
  if (!trial && recovery.value === '' && accounts.value.length > 0 && !known.includes('backupHint'))
    return offer('backupHint', () => go({ at: 'backup' }));
  if (install.value && !known.includes('installHint')) return offer('installHint', () => void install.value?.());
  if (isSafariOnPhone && !isInstalled() && !trial && !known.includes('safariHint')) return offer('safariHint');
  return null;
}
