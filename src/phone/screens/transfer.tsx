// Moving in and out: a file of another password manager is shown before anything is written, and written in one go.
import { signal, useSignal } from '@preact/signals';
import { type Code, codeOf, ScankeyError } from '../../protocol/errors.ts';
import { Notice } from '../../ui/components.tsx';
import { Camera } from '../parts/camera.tsx';
import { go, say, tell } from '../shell/state.ts';
import type { Found } from '../transfer/importers/entry.ts';
import { PRODUCTS } from '../transfer/importers/registry.ts';
import { type Plan, planImport } from '../transfer/plan.ts';
import { readExport, writeKdbx } from '../transfer/tasks.ts';
import { type Account, newDocument } from '../vault/document.ts';
import { createVault, seal, unlock } from '../vault/format.ts';
import { accounts, away, confirmPassphrase } from '../vault/vault.ts';
import { entry, Failure, Field } from './unlock.tsx';

/** Addresses of codes that the camera saw elsewhere and that ask to be taken in. */
export const scannedCodes = signal('');

const LINES_SHOWN = 8;

const isOwn = (bytes: Uint8Array): boolean =>
  ['S', 'K', 'V', '1'].every((mark, at) => bytes[at] === mark.charCodeAt(0));

/** Our own sealed export is opened here, every other file by a worker. */
async function readFile(name: string, bytes: Uint8Array, password?: string): Promise<Found> {
  if (!isOwn(bytes)) return readExport(name, bytes, password);
  if (!password) throw new ScankeyError('import-password');
  const { document } = await unlock(bytes, { k: 'pass', passphrase: password });
  const entries = document.accounts.map(({ match, guard, ...account }) => ({
    ...{ ...account, urls: account.sites, at: account.passwordAt },
    rules: { match, guard },
  }));
  return { source: 'Scankey', entries, unread: [] };
}

const planOf = (all: readonly Account[], { entries }: Found): Plan =>
  planImport(all, entries, Date.now(), () => crypto.randomUUID());

/** What would be kept out, line by line. */
function Unread({ unread }: { unread: Found['unread'] }) {
  if (unread.length === 0) return null;
  return (
    <details open={unread.length <= LINES_SHOWN}>
      <summary>{say('unread', { count: unread.length })}</summary>
      <ul class="plain">
        {unread.slice(0, 200).map(({ line, why }) => (
          <li key={line}>{say('unreadLine', { line, why: say(`unread_${why}`) })}</li>
        ))}
      </ul>
    </details>
  );
}

export function Import() {
  const file = useSignal<{ name: string; bytes: Uint8Array } | undefined>(undefined);
  const found = useSignal<Found | undefined>(undefined);
  const plan = useSignal<Plan | undefined>(undefined);
  const locked = useSignal(false);
  const busy = useSignal(false);
  const camera = useSignal(false);
  const failure = useSignal<Code | undefined>(undefined);
  const leave = () => {
    scannedCodes.value = '';
    go({ at: 'list' });
  };
  const show = (read: Found) => {
    found.value = read;
    plan.value = planOf(accounts.value, read);
  };
  const read = async (name: string, bytes: Uint8Array, password?: string) => {
    busy.value = true;
    failure.value = undefined;
    try {
      show(await readFile(name, bytes, password));
      locked.value = false;
    } catch (error) {
      const code = codeOf(error, 'import-password');
      const needs = code === 'import-password' || (isOwn(bytes) && code === 'wrong-passphrase');
      // The first time it is a question, not a failure.
      if (!needs || locked.value) failure.value = code;
      locked.value = needs;
    } finally {
      busy.value = false;
    }
  };
  const choose = async (event: Event) => {
    const chosen = (event.currentTarget as HTMLInputElement).files?.[0];
    if (!chosen) return;
    locked.value = false;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    file.value = { name: chosen.name, bytes };
    await read(chosen.name, bytes);
  };
  const codes = (text: string) => {
    camera.value = false;
    scannedCodes.value = '';
    void read('codes', new TextEncoder().encode(text));
  };
  if (scannedCodes.value) queueMicrotask(() => codes(scannedCodes.value));
  const take = async (content: Found) => {
    busy.value = true;
    try {
      // Planned anew: what was synced while the preview stood is there by now.
      let taken = planOf(accounts.value, content);
      await accounts.importInto((all) => {
        taken = planOf(all, content);
        return taken.accounts;
      });
      tell(say('imported', { count: taken.added + taken.updated }));
      leave();
    } catch (error) {
      failure.value = codeOf(error, 'storage-failed');
    } finally {
      busy.value = false;
    }
  };
  if (camera.value) {
    return (
      <main>
        <Camera
          title={say('scanMigration')}
          onCode={codes}
          onCancel={() => {
            camera.value = false;
          }}
        />
      </main>
    );
  }
  const [ready, content] = [plan.value, found.value];
  if (ready && content) {
    return (
      <main>
        <h1>{say('importPreview', { source: content.source })}</h1>
        <dl class="counts">
          {(['added', 'updated', 'same'] as const).map((kind) => (
            <div key={kind}>
              <dt>{say(`count_${kind}`)}</dt>
              <dd>{ready[kind]}</dd>
            </div>
          ))}
        </dl>
        <Unread unread={content.unread} />
        <Notice>{say('importNothingYet')}</Notice>
        <Failure code={failure.value} />
        <div class="actions">
          <button
            type="button"
            class="primary"
            disabled={busy.value || ready.added + ready.updated === 0}
            onClick={() => void take(content)}
          >
            {say('importTake', { count: ready.added + ready.updated })}
          </button>
          <button type="button" onClick={leave}>
            {say('cancel')}
          </button>
        </div>
      </main>
    );
  }
  return (
    <main>
      <h1>{say('import')}</h1>
      <p class="soft">{say('importText')}</p>
      <p class="hint">{say('importFormats', { products: PRODUCTS.join(say('listSeparator')) })}</p>
      <Field id="file" label={say('importFile')}>
        <input id="file" type="file" onClick={away} onChange={(event) => void choose(event)} />
      </Field>
      {locked.value && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (file.value) void read(file.value.name, file.value.bytes, entry(event.currentTarget, 'secret'));
          }}
        >
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
      <button
        type="button"
        onClick={() => {
          camera.value = true;
        }}
      >
        {say('scanMigration')}
      </button>
      <div class="actions">
        <button type="button" onClick={leave}>
          {say('back')}
        </button>
      </div>
    </main>
  );
}

const FORMATS = ['sealed', 'kdbx', 'bitwarden', 'csv'] as const;
type Format = (typeof FORMATS)[number];
const needsPassword = (format: Format): boolean => format === 'sealed' || format === 'kdbx';

async function write(format: Format, password: string): Promise<[bytes: BlobPart, ending: string]> {
  const all = accounts.value;
  if (format === 'kdbx') return [await writeKdbx(all, password), 'kdbx'];
  if (format === 'sealed') {
    const made = await createVault([{ k: 'pass', passphrase: password }]);
    return [(await seal(made, newDocument([...all]), Date.now())).blob, 'scankey'];
  }
  const { writeBitwarden, writeCsv } = await import('../transfer/write.ts');
  return format === 'csv' ? [writeCsv(all), 'csv'] : [writeBitwarden(all), 'json'];
}

function offer(bytes: BlobPart, ending: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = `scankey-${new Date().toISOString().slice(0, 10)}.${ending}`;
  link.click();
  // Long enough for the browser to have taken it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function Export() {
  const format = useSignal<Format>('sealed');
  const failure = useSignal<Code | undefined>(undefined);
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    failure.value = undefined;
    busy.value = true;
    try {
      await confirmPassphrase(entry(form, 'passphrase'));
      const [bytes, ending] = await write(format.value, entry(form, 'secret') || entry(form, 'passphrase'));
      away();
      offer(bytes, ending);
      tell(say('exported'));
      go({ at: 'settings' });
    } catch (error) {
      failure.value = codeOf(error, 'import-failed');
    } finally {
      busy.value = false;
    }
  };
  return (
    <main>
      <h1>{say('export')}</h1>
      <form onSubmit={submit}>
        <fieldset>
          <legend>{say('exportAs')}</legend>
          <div class="list">
            {FORMATS.map((one) => (
              <label class="choice" key={one}>
                <input
                  type="radio"
                  name="format"
                  checked={format.value === one}
                  onChange={() => {
                    format.value = one;
                  }}
                />
                <span>{say(`export_${one}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {!needsPassword(format.value) && <Notice tone="warn">{say('exportOpen')}</Notice>}
        <Field id="passphrase" label={say('passphraseOfVault')}>
          <input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required />
        </Field>
        {needsPassword(format.value) && (
          <Field id="secret" label={say('exportPassword')} hint={say('exportPasswordHint')}>
            <input
              id="secret"
              name="secret"
              type="password"
              autocomplete="new-password"
              aria-describedby="secret-hint"
            />
          </Field>
        )}
        <Failure code={failure.value} />
        <button type="submit" class="primary" disabled={busy.value}>
          {say(busy.value ? 'reading' : 'exportNow')}
        </button>
        <button type="button" onClick={() => go({ at: 'settings' })}>
          {say('cancel')}
        </button>
      </form>
    </main>
  );
}
