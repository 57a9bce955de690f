// Moving in: a file of another password manager is shown before anything is written, and written in one go.
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { codeOf } from '../../protocol/errors.ts';
import { Notice } from '../../ui/components.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { CameraOverlay } from '../parts/camera-overlay.tsx';
import { Failure, Field, sets, submits } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { go, tell } from '../shell/state.ts';
import type { Found } from '../transfer/importers/entry.ts';
import { PRODUCTS } from '../transfer/importers/registry.ts';
import { isOwn, readFile } from '../transfer/own.ts';
import { type Plan, planImport } from '../transfer/plan.ts';
import type { Account } from '../vault/document.ts';
import { accounts, away } from '../vault/vault.ts';

const leave = () => go({ at: 'list' });

/** @param codes addresses of codes that a camera saw elsewhere and that ask to be taken in */
export function Import({ codes }: { codes?: string }) {
  const found = useSignal<Found | undefined>(undefined);
  if (found.value) return <Preview found={found.value} />;
  return (
    <Choose
      codes={codes ?? ''}
      onFound={(read) => {
        found.value = read;
      }}
    />
  );
}

/** A file or a code, and the password of a file that needs one. */
function Choose({ codes, onFound }: { codes: string; onFound: (found: Found) => void }) {
  const file = useSignal<{ name: string; bytes: Uint8Array } | undefined>(undefined);
  const locked = useSignal(false);
  const camera = useSignal(false);
  const { busy, failure, attempt } = useAttempt('import-password');
  const read = (name: string, bytes: Uint8Array, password?: string) =>
    attempt(async () => {
      const asked = locked.value;
      try {
        onFound(await readFile(name, bytes, password));
      } catch (error) {
        const code = codeOf(error, 'import-password');
        locked.value = code === 'import-password' || (isOwn(bytes) && code === 'wrong-passphrase');
        // The first time it is a question, not a failure.
        if (!locked.value || asked) throw error;
      }
    });
  const readCodes = (text: string) => void read('codes', new TextEncoder().encode(text));
  useEffect(() => {
    if (codes) readCodes(codes);
  }, [codes]);
  const choose = async (event: { currentTarget: HTMLInputElement }) => {
    const chosen = event.currentTarget.files?.[0];
    if (!chosen) return;
    locked.value = false;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    file.value = { name: chosen.name, bytes };
    await read(chosen.name, bytes);
  };
  if (camera.value) return <CameraOverlay open={camera} title={say('scanMigration')} onCode={readCodes} />;
  return (
    <>
      <AppBar title={say('import')} onBack={() => go({ at: 'settings' })} />
      <main>
        <p class="soft">{say('importText')}</p>
        <p class="hint">{say('importFormats', { products: PRODUCTS.join(say('listSeparator')) })}</p>
        <Field id="file" label={say('importFile')}>
          <input id="file" type="file" onClick={away} onChange={(event) => void choose(event)} />
        </Field>
        {locked.value && (
          <form onSubmit={submits((entry) => file.value && read(file.value.name, file.value.bytes, entry('secret')))}>
            <Field id="secret" label={say('importPassword')}>
              <input id="secret" name="secret" type="password" autocomplete="off" required />
            </Field>
            <button type="submit" class="primary" disabled={busy.value}>
              {say('openFile')}
            </button>
          </form>
        )}
        <div role="status">{busy.value && <p>{say('reading')}</p>}</div>
        <Failure code={failure.value} />
        <button type="button" onClick={sets(camera, true)}>
          {say('scanMigration')}
        </button>
      </main>
    </>
  );
}

const planOf = (all: readonly Account[], { entries }: Found): Plan =>
  planImport(all, entries, Date.now(), () => crypto.randomUUID());

/** What would come in; nothing is written before the person takes it. */
function Preview({ found }: { found: Found }) {
  const [plan] = useState(() => planOf(accounts.value, found));
  const { busy, failure, attempt } = useAttempt('storage-failed');
  const take = async () => {
    // Planned anew: what was synced while the preview stood is there by now.
    let taken = plan;
    await accounts.importInto((all) => {
      taken = planOf(all, found);
      return taken.accounts;
    });
    tell(say('imported', { count: taken.added + taken.updated }));
    leave();
  };
  const count = plan.added + plan.updated;
  return (
    <main>
      <h1>{say('importPreview', { source: found.source })}</h1>
      <dl class="counts">
        {(['added', 'updated', 'same'] as const).map((kind) => (
          <div key={kind}>
            <dt>{say(`count_${kind}`)}</dt>
            <dd>{plan[kind]}</dd>
          </div>
        ))}
      </dl>
      <Unread {...found} />
      <Notice>{say('importNothingYet')}</Notice>
      <Failure code={failure.value} />
      <div class="actions">
        <button type="button" class="primary" disabled={busy.value || count === 0} onClick={() => void attempt(take)}>
          {say('importTake', { count })}
        </button>
        <button type="button" onClick={leave}>
          {say('cancel')}
        </button>
      </div>
    </main>
  );
}

/** So many lines are shown at once, and so many at all. */
const [LINES_OPEN, LINES_MAX] = [8, 200];

/** What would be kept out, line by line. */
function Unread({ unread, byLine }: Found) {
  if (unread.length === 0) return null;
  return (
    <details open={unread.length <= LINES_OPEN}>
      <summary>{say('unread', { count: unread.length })}</summary>
      <ul class="plain">
        {unread.slice(0, LINES_MAX).map(({ line, title, why }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and several reasons may be of one line
          <li key={at}>
            {byLine
              ? say('unreadLine', { line, why: say(`unread_${why}`) })
              : say('unreadItem', { title, why: say(`unread_${why}`) })}
          </li>
        ))}
      </ul>
    </details>
  );
}
