// What is worth knowing, over the list of accounts.
import type { Tie } from '../../../protocol/identity-proof.ts';
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
import { type Warning, warningsOf } from './warnings.ts';

const hide = (hint: string) => void setHabits({ ...habits.value, hints: [...habits.value.hints, hint] });

export function ListHint() {
  const tie = ties.value.find((one) => !habits.value.hints.includes(nameOfTie(one)));
  const known = { tie, weak: passphraseWeak.value, older: openedOlder.value, standing: standing.value };
  const warnings = warningsOf(known, Date.now());
  if (warnings.length === 0) return <Offer />;
  return warnings.map((one) => <Warned key={one.of} warning={one} />);
}

function Warned({ warning }: { warning: Warning }) {
  switch (warning.of) {
    case 'tie':
      return <TieTold tie={warning.tie} />;
    case 'weak':
      return <Way tone="warn" to="passphrase" text={say('passphraseWeak')} />;
    case 'older':
      return <Notice tone="warn">{say('openedOlder')}</Notice>;
    case 'backup': {
      const { problem } = warning;
      return (
        <Way tone="bad" to="backup" text={problem === 'backup-older' ? say('backupLooksOlder') : reason(problem)} />
      );
    }
    case 'late':
      return <Way tone="warn" to="backup" text={say('backupLast', { date: dateOf(warning.at) })} />;
  }
}

/** A warning that leads to where something is done about it. */
const Way = ({ tone, to, text }: { tone: 'warn' | 'bad'; to: 'passphrase' | 'backup'; text: string }) => (
  <button type="button" class={`notice ${tone}`} onClick={() => go({ at: to })}>
    {text}
  </button>
);

function TieTold({ tie }: { tie: Tie }) {
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

/** One at a time; each goes when it was read. */
function Offer() {
  const known = habits.value.hints;
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
