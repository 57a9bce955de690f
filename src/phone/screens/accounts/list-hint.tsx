// What is worth knowing, over the list of accounts.
import type { Tie } from '../../../protocol/identity-proof.ts';
import { Notice } from '../../../ui/components.tsx';
import { foreign } from '../../../ui/foreign.ts';
import { isSafariOnPhone, told } from '../../parts/browser.ts';
import { sets } from '../../parts/form.tsx';
import { dateOf, providerName, reason, say } from '../../parts/language.ts';
import { Spoken } from '../../parts/voice.tsx';
import { setup } from '../../shell/first-run.ts';
import { install } from '../../shell/offline.ts';
import { go, trial } from '../../shell/state.ts';
import { nameOfTie, ties } from '../../sign-in/ties.ts';
import { standing } from '../../vault/backup.ts';
import { passphraseWeak } from '../../vault/own-passphrase.ts';
import { PASSKEY_HINT, usePasskeyPossible } from '../../vault/passkey.ts';
import { accounts, habits, openedOlder, passkey, putOff, recovery } from '../../vault/vault.ts';
import { type Warning, warningsOf } from './warnings.ts';

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
        <button type="button" class="quiet" onClick={() => void putOff(nameOfTie(tie))}>
          {say('tieKnown')}
        </button>
      </div>
    </Spoken>
  );
}

/** What can be offered, by the name that it is put off by. */
const HINTS = {
  [PASSKEY_HINT]: { text: 'offerPasskeyText', button: 'turnOnPasskey' },
  backupHint: { text: 'backupHint', button: 'makeSheet' },
  installHint: { text: 'installHint', button: 'install' },
  safariHint: { text: 'safariHint', button: 'install' },
} as const;

/** One at a time; each goes when it was read. */
function Offer() {
  const known = habits.value.hints;
  const hasFinger = usePasskeyPossible();
  const offer = (hint: keyof typeof HINTS, work?: () => void) => (
    <div class="notice hint-card">
      <p>{say(HINTS[hint].text)}</p>
      <div class="row">
        {work && (
          <button type="button" class="quiet" onClick={work}>
            {say(HINTS[hint].button)}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => void putOff(hint)}>
          {say('notNow')}
        </button>
      </div>
    </div>
  );
  // The first run's own offer is gone when the vault locks, and with it the passphrase.
  if (hasFinger && !passkey.value && !known.includes(PASSKEY_HINT))
    return offer(PASSKEY_HINT, sets(setup, { step: 'passkey', passphrase: '' } as const));
  if (!trial && recovery.value === '' && accounts.value.length > 0 && !known.includes('backupHint'))
    return offer('backupHint', () => go({ at: 'backup' }));
  if (install.value && !known.includes('installHint')) return offer('installHint', () => void install.value?.());
  if (isSafariOnPhone(told()) && !told().installed && !trial && !known.includes('safariHint'))
    return offer('safariHint');
  return null;
}
