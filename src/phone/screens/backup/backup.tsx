// The backup: how it stands, the recovery sheet, another phone.
import { useSignal } from '@preact/signals';
import { BACKUP } from '../../../protocol/recovery.ts';
import { Notice } from '../../../ui/components.tsx';
import { AppBar } from '../../parts/app-bar.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { Failure, sets } from '../../parts/form.tsx';
import { dateOf, reason, say } from '../../parts/language.ts';
import { go } from '../../shell/state.ts';
import { putBack, standing, sync, takeUpPassphrase, turnOff, turnOn } from '../../vault/backup.ts';
import { recovery } from '../../vault/vault.ts';
import { PassphraseForm } from '../passphrase/passphrase-form.tsx';
import { Finders } from './finders.tsx';
import { Sheet } from './sheet.tsx';

const DAY_MS = 86_400_000;

export function Backup() {
  const showing = useSignal(false);
  if (showing.value) return <Sheet onDone={sets(showing, false)} />;
  const showSheet = sets(showing, true);
  return (
    <>
      <AppBar title={say('backup')} onBack={() => go({ at: 'settings' })} />
      <main>
        <p class="soft">{say('backupText')}</p>
        {recovery.value === '' ? <TurnOn onDone={showSheet} /> : <TurnedOn showSheet={showSheet} />}
      </main>
    </>
  );
}

const TurnOn = ({ onDone }: { onDone: () => void }) => (
  <>
    <Notice tone="warn">{say('paperOrGone')}</Notice>
    <PassphraseForm
      label={say('passphrase')}
      button={say('makeSheet')}
      busyText={say('creating')}
      work={async (passphrase) => {
        await turnOn(passphrase);
        onDone();
      }}
    />
  </>
);

function TurnedOn({ showSheet }: { showSheet: () => void }) {
  const sure = useSignal(false);
  const { failure, attempt } = useAttempt('unreachable');
  const { problem } = standing.value;
  return (
    <>
      <Standing />
      {problem === 'passphrase-changed' && (
        <PassphraseForm
          label={say('newPassphraseElsewhere')}
          button={say('takeUp')}
          busyText={say('unlocking')}
          work={takeUpPassphrase}
        />
      )}
      {(problem === 'backup-older' || problem === 'backup-damaged' || problem === 'no-backup') && (
        <button type="button" class="primary" onClick={() => void attempt(putBack)}>
          {say('putBack')}
        </button>
      )}
      <Failure code={failure.value} />
      <div class="stack">
        <button type="button" onClick={showSheet}>
          {say('showSheet')}
        </button>
        <button type="button" onClick={() => void sync()}>
          {say('syncNow')}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            if (sure.value) void attempt(turnOff);
            sure.value = !sure.value;
          }}
        >
          {say(sure.value ? 'turnOffSure' : 'turnOff')}
        </button>
      </div>
      <Finders does="link" />
    </>
  );
}

/** How the backup stands, and what keeps it there: the companion forgets one that nobody came back to first. */
function Standing() {
  const { at, problem, older } = standing.value;
  if (problem === 'backup-older' && older) {
    return (
      <Notice tone="bad">
        {say('backupOlder', {
          date: dateOf(older.time),
          revision: older.rev,
          seenDate: dateOf(older.seenTime),
          seenRevision: older.seenRev,
        })}
      </Notice>
    );
  }
  if (problem) {
    return (
      <>
        <Notice tone="warn">{reason(problem)}</Notice>
        {at > 0 && <p class="soft">{say('backupLast', { date: dateOf(at) })}</p>}
      </>
    );
  }
  return (
    <>
      <Notice tone="good">{at > 0 ? say('backupAt', { date: dateOf(at) }) : say('backupFirst')}</Notice>
      <p class="soft">{say('backupKept', { days: BACKUP.newMs / DAY_MS })}</p>
    </>
  );
}
