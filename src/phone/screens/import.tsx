// Moving in: a file of another password manager is shown before anything is written, and written in one go.
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { codeOf } from '../../protocol/errors.ts';
import { Notice } from '../../ui/components.tsx';
import { AppBar } from '../parts/app-bar.tsx';
import { useAttempt } from '../parts/attempt.ts';
import { Camera } from '../parts/camera.tsx';
import { CameraOverlay } from '../parts/camera-overlay.tsx';
import { CodePictures } from '../parts/code-pictures.tsx';
import { Failure, Field, sets, submits } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { Spoken } from '../parts/voice.tsx';
import { go, tell } from '../shell/state.ts';
import { type Found, isKeePass, type Left, nameOf, type Preview as Table } from '../transfer/importers/entry.ts';
import { PRODUCTS } from '../transfer/importers/registry.ts';
import { isOwn, readFile } from '../transfer/own.ts';
import { type Plan, planImport } from '../transfer/plan.ts';
import { previewTable } from '../transfer/tasks.ts';
import type { Account } from '../vault/document.ts';
import { accounts } from '../vault/vault.ts';
import { ImportColumns } from './import-columns.tsx';

const leave = () => go({ at: 'list' });

/** @param codes addresses of codes that a camera saw elsewhere and that ask to be taken in */
export function Import({ codes }: { codes?: string }) {
  const read = useSignal<Read | undefined>(undefined);
  // Codes that were handed over are read once: whoever goes back chooses anew.
  const given = useSignal(codes ?? '');
  const onRead = (one: Read) => {
    given.value = '';
    read.value = one;
  };
  if (!read.value) return <Choose codes={given.value} onRead={onRead} />;
  const { found, bytes } = read.value;
  return <Preview key={found.batch?.seen} {...{ found, bytes, onRead }} onBack={sets(read, undefined)} />;
}

/** What was found, and in what. */
interface Read {
  found: Found;
  bytes: Uint8Array;
}

const CODES = 'codes';

/** What a file still asks for: nothing, its password (and, of KeePass, a key file), or what the columns of a table hold. */
type Needs = 'nothing' | 'password' | Table;

/** A file or a code, and whatever it asks for. */
function Choose({ codes, onRead }: { codes: string; onRead: (read: Read) => void }) {
  const file = useSignal<{ name: string; bytes: Uint8Array } | undefined>(undefined);
  const needs = useSignal<Needs>('nothing');
  const camera = useSignal(false);
  const { busy, failure, attempt } = useAttempt('import-password');
  const read = (name: string, bytes: Uint8Array, password?: string, more?: Parameters<typeof readFile>[3]) =>
    attempt(async () => {
      const asked = needs.value === 'password';
      try {
        onRead({ found: await readFile(name, bytes, password, more), bytes });
      } catch (error) {
        const code = codeOf(error, 'import-password');
        const locked =
          code === 'import-password' || code === 'import-key-file' || (isOwn(bytes) && code === 'wrong-passphrase');
        const table = code === 'import-columns' ? await previewTable(bytes) : undefined;
        needs.value = table ?? (locked ? 'password' : 'nothing');
        // The first time it is a question, not a failure.
        if (needs.value === 'nothing' || asked) throw error;
      }
    });
  const open = async (password: string, form: HTMLFormElement) => {
    const keyFile = form.querySelector<HTMLInputElement>('#key-file')?.files?.[0];
    const key = keyFile && { keyFile: new Uint8Array(await keyFile.arrayBuffer()) };
    if (file.value) await read(file.value.name, file.value.bytes, password, key);
  };
  const readCodes = (text: string) => void read(CODES, new TextEncoder().encode(text));
  useEffect(() => {
    if (codes) readCodes(codes);
  }, [codes]);
  const choose = async (event: { currentTarget: HTMLInputElement }) => {
    const chosen = event.currentTarget.files?.[0];
    if (!chosen) return;
    needs.value = 'nothing';
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    file.value = { name: chosen.name, bytes };
    await read(chosen.name, bytes);
  };
  if (camera.value) return <CameraOverlay open={camera} title={say('scanMigration')} onCode={readCodes} />;
  const { name, bytes } = file.value ?? { name: '', bytes: new Uint8Array() };
  return (
    <>
      <AppBar title={say('import')} onBack={() => go({ at: 'settings' })} />
      <main>
        <p class="soft">{say('importText')}</p>
        <p class="hint">{say('importFormats', { products: PRODUCTS.join(say('listSeparator')) })}</p>
        <Field id="file" label={say('importFile')}>
          <input
            id="file"
            type="file"
            // The same file again, mended meanwhile, is no change to a browser.
            onClick={({ currentTarget }) => {
              currentTarget.value = '';
            }}
            onChange={(event) => void choose(event)}
          />
        </Field>
        {needs.value === 'password' && (
          <form onSubmit={submits((entry, form) => open(entry('secret'), form))}>
            <Field id="secret" label={say('importPassword')}>
              <input id="secret" name="secret" type="password" autocomplete="off" required={!isKeePass(bytes)} />
            </Field>
            {isKeePass(bytes) && (
              <Field id="key-file" label={say('importKeyFile')} hint={say('importKeyFileHint')}>
                <input id="key-file" type="file" aria-describedby="key-file-hint" />
              </Field>
            )}
            <button type="submit" class="primary" disabled={busy.value}>
              {say('openFile')}
            </button>
          </form>
        )}
        {typeof needs.value === 'object' && (
          <ImportColumns
            table={needs.value}
            busy={busy.value}
            onChosen={(columns) => void read(name, bytes, undefined, { columns })}
          />
        )}
        <Spoken class="told">{busy.value && <p>{say('reading')}</p>}</Spoken>
        <Failure code={failure.value} />
        <button type="button" onClick={sets(camera, true)}>
          {say('scanMigration')}
        </button>
        <p class="hint">{say('pictureHint')}</p>
        <CodePictures onCodes={readCodes} />
      </main>
    </>
  );
}

const planOf = (all: readonly Account[], { entries }: Found): Plan =>
  planImport(all, entries, Date.now(), () => crypto.randomUUID());

/** What would come in; nothing is written before the person takes it. */
function Preview({ found, bytes, onRead, onBack }: Read & { onRead: (read: Read) => void; onBack: () => void }) {
  const [plan] = useState(() => planOf(accounts.value, found));
  const { busy, failure, attempt } = useAttempt('storage-failed');
  const camera = useSignal(false);
  const already = found.batch ? new TextDecoder().decode(bytes) : '';
  /** The next code of a batch: all that were seen are read anew, so that none counts twice. */
  const readNext = (text: string) => {
    camera.value = false;
    void attempt(async () => {
      const all = new TextEncoder().encode(`${already}\n${text}`);
      onRead({ found: await readFile(CODES, all), bytes: all });
    });
  };
  if (camera.value)
    return (
      <Camera
        title={say('importBatchNext')}
        // The one before may still be in sight.
        onCode={(text) => !already.includes(text) && readNext(text)}
        onGiven={readNext}
        onBack={sets(camera, false)}
      />
    );
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
    <>
      <AppBar title={say('importPreview', { source: found.source })} onBack={onBack} />
      <main>
        <dl class="counts">
          {(['added', 'updated', 'same'] as const).map((kind) => (
            <div key={kind}>
              <dt>{say(`count_${kind}`)}</dt>
              <dd>{plan[kind]}</dd>
            </div>
          ))}
        </dl>
        {found.batch && (
          <>
            <Notice>{say('importBatch', found.batch)}</Notice>
            <button type="button" onClick={sets(camera, true)}>
              {say('importBatchNext')}
            </button>
          </>
        )}
        {found.encoding && (
          <p class="hint">{say('importEncoding', { encoding: found.encoding, sample: sampleOf(found) })}</p>
        )}
        <Unread {...found} />
        <Notice>{say('importNothingYet')}</Notice>
        <Failure code={failure.value} />
        <div class="actions">
          <button type="button" class="primary" disabled={busy.value || count === 0} onClick={() => void attempt(take)}>
            {say('importTake', { count })}
          </button>
        </div>
      </main>
    </>
  );
}

/** So many lines are shown at once, and so many at all. */
const [LINES_OPEN, LINES_MAX] = [8, 200];

/** A name that is not of plain letters, to tell a wrong guess of the encoding by. */
const sampleOf = ({ entries }: Found): string =>
  entries.flatMap(({ title, username }) => [title, username]).find((text) => /[^\0-\x7f]/.test(text)) ?? '';

/** What would be kept out, line by line: whole rows, and parts of those that come in. */
function Unread({ entries, unread, byLine }: Found) {
  const taken = new Set(entries.map((one) => `${one.line} ${nameOf(one)}`));
  const isPart = ({ line, title }: Left) => taken.has(`${line} ${title}`);
  const parts = unread.filter(isPart);
  const whole = unread.filter((one) => !isPart(one));
  const told = ({ line, title, why }: Left) =>
    byLine && line > 0
      ? say('unreadLine', { line, why: say(`unread_${why}`) })
      : say('unreadItem', { title, why: say(`unread_${why}`) });
  return (
    <>
      <Lines title={say('unread', { count: whole.length })} lines={whole.map(told)} />
      <Lines title={say('unreadParts', { count: parts.length })} lines={parts.map(told)} />
    </>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details open={lines.length <= LINES_OPEN}>
      <summary>{title}</summary>
      <ul class="plain">
        {lines.slice(0, LINES_MAX).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and several may read alike
          <li key={at}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
