// The backup: how it stands, the recovery sheet, another phone.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fromBase64 } from '../../protocol/encoding.ts';
import { type Code, codeOf } from '../../protocol/errors.ts';
import type { QrPath } from '../../protocol/qr-code.ts';
import { sheetLink, sheetWords } from '../../protocol/recovery.ts';
import { Mark, Notice, QrCode } from '../../ui/components.tsx';
import { dateOf, go, providerName, reason, say } from '../shell/state.ts';
import { putBack, standing, sync, takeUpPassphrase, turnOff, turnOn } from '../vault/backup.ts';
import { finders, readFinders, visit, visited } from '../vault/find-vault.ts';
import { away, recovery } from '../vault/vault.ts';
import { Failure, PassphraseForm } from './unlock.tsx';

/** The recovery sheet, on screen and on paper. Another phone scans the same code. */
export function Sheet({ onDone }: { onDone: () => void }) {
  const drawn = useSignal<QrPath | undefined>(undefined);
  const key = recovery.value;
  useEffect(() => {
    if (key)
      void Promise.all([sheetLink(location.origin, fromBase64(key)), import('../../protocol/qr-code.ts')]).then(
        ([link, { qrPath }]) => {
          drawn.value = qrPath(link);
        },
      );
  }, [key]);
  if (!key) return null;
  return (
    <main>
      <section class="sheet stack">
        <h1>
          <Mark size={28} /> {say('sheetTitle')}
        </h1>
        <p>{say('sheetText')}</p>
        {drawn.value && <QrCode path={drawn.value.path} size={drawn.value.size} label={say('sheetTitle')} />}
        <p class="words">
          {sheetWords(fromBase64(key)).map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups never move, and two may be alike
            <span key={index}>{word}</span>
          ))}
        </p>
        <p class="soft">{location.origin}</p>
        <p class="print-only">{say('sheetPassphrase')}</p>
      </section>
      <div class="actions">
        <button
          type="button"
          class="primary"
          onClick={() => {
            away();
            print();
          }}
        >
          {say('printSheet')}
        </button>
        <button type="button" onClick={onDone}>
          {say('sheetKept')}
        </button>
        <p class="hint">{say('sheetOtherPhone')}</p>
      </div>
    </main>
  );
}

/** How the backup stands, in one sentence. */
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
  if (problem) return <Notice tone="warn">{reason(problem)}</Notice>;
  return <Notice tone="good">{at > 0 ? say('backupAt', { date: dateOf(at) }) : say('backupFirst')}</Notice>;
}

/** Who can find this vault's backup for its owner, without the sheet. */
export function Finders({ does }: { does: 'link' | 'find' }) {
  useEffect(() => void readFinders(), []);
  const state = visited.value;
  if (finders.value.length === 0 && !state) return null;
  return (
    <section class="stack finders">
      <p class="soft">{say(does === 'link' ? 'linkText' : 'findText')}</p>
      <div role="status">
        {state && 'done' in state && <Notice tone="good">{say('linkDone')}</Notice>}
        {state && 'code' in state && <Notice tone="bad">{reason(state.code)}</Notice>}
      </div>
      {finders.value.map((provider) => (
        <button type="button" key={provider} onClick={() => void visit(provider, does)}>
          {say(does === 'link' ? 'linkWith' : 'findWith', { provider: providerName(provider) })}
        </button>
      ))}
    </section>
  );
}

export function Backup() {
  const showing = useSignal(false);
  const sure = useSignal(false);
  const failure = useSignal<Code | undefined>(undefined);
  const back = () => go({ at: 'settings' });
  const attempt = async (work: () => Promise<void>) => {
    failure.value = undefined;
    await work().catch((error: unknown) => {
      failure.value = codeOf(error, 'unreachable');
    });
  };
  if (showing.value) {
    return (
      <Sheet
        onDone={() => {
          showing.value = false;
        }}
      />
    );
  }
  const on = recovery.value !== '';
  const { problem } = standing.value;
  return (
    <main>
      <h1>{say('backup')}</h1>
      <p class="soft">{say('backupText')}</p>
      {on ? (
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
            <button
              type="button"
              onClick={() => {
                showing.value = true;
              }}
            >
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
      ) : (
        <>
          <Notice tone="warn">{say('paperOrGone')}</Notice>
          <PassphraseForm
            label={say('passphrase')}
            button={say('makeSheet')}
            busyText={say('creating')}
            work={async (passphrase) => {
              await turnOn(passphrase);
              showing.value = true;
            }}
          />
        </>
      )}
      <div class="actions">
        <button type="button" onClick={back}>
          {say('back')}
        </button>
      </div>
    </main>
  );
}
