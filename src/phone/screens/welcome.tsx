// The first run: a passphrase, and then two offers that can wait, a finger and a backup. Or a vault that there is already.
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Code, codeOf } from '../../protocol/errors.ts';
import { readSheet } from '../../protocol/recovery.ts';
import { Mark, Notice } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { Camera } from '../parts/camera.tsx';
import { dateOf, reason, say, trial } from '../shell/state.ts';
import { find, type Restorable, restore, turnOn } from '../vault/backup.ts';
import { WEAK_BELOW } from '../vault/health.ts';
import { canUsePasskey, makePasskey } from '../vault/passkey.ts';
import { strengths } from '../vault/tasks.ts';
import { create, enrol } from '../vault/vault.ts';
import { Finders, Sheet } from './backup.tsx';
import { entry, Failure, Field } from './unlock.tsx';

const SHORTEST = 10;

/** What is left of the first run. The passphrase is kept for it, and forgotten with it. */
export const setup = signal<{ step: 'passkey' | 'backup' | 'sheet'; passphrase: string } | undefined>(undefined);

/** A recovery key that a camera or a link brought, base64url. */
export const sheetKey = signal('');

/** How long a passphrase would stand, while it is typed; undefined until it can be told. */
export function Strength({ of: passphrase }: { of: string }) {
  const guesses = useSignal<number | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(async () => {
      guesses.value = passphrase === '' ? undefined : (await strengths([passphrase]))[0];
    }, 150);
    return () => clearTimeout(timer);
  }, [passphrase]);
  // Its place is kept while nothing can be told, so that no field moves under a finger.
  if (guesses.value === undefined) return <div class="strength" />;
  const level = guesses.value < WEAK_BELOW ? 'weak' : guesses.value < 12 ? 'fair' : 'strong';
  return (
    <div class={`strength ${level}`} role="status">
      <meter min={0} max={16} value={Math.min(16, guesses.value)} aria-hidden="true" />
      <span>{say(`strength_${level}`)}</span>
    </div>
  );
}

/** What is wrong with a new passphrase, if anything. */
export async function faultOf(passphrase: string, repeated: string): Promise<string> {
  if ([...passphrase].length < SHORTEST) return say('passphraseShort');
  if (passphrase !== repeated) return say('passphraseDiffers');
  const [guesses = 0] = await strengths([passphrase]);
  return guesses < WEAK_BELOW ? say('passphraseWeak') : '';
}

export function NewPassphrase({ typed }: { typed: { value: string } }) {
  return (
    <>
      <Field id="passphrase" label={say('newPassphrase')} hint={say('passphraseHint')}>
        <input
          id="passphrase"
          name="passphrase"
          type="password"
          autocomplete="new-password"
          required
          aria-describedby="passphrase-hint"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <Strength of={typed.value} />
      </Field>
      <Field id="repeat" label={say('repeatPassphrase')}>
        <input id="repeat" name="repeat" type="password" autocomplete="new-password" required />
      </Field>
    </>
  );
}

/** Makes the vault. `quick` when a computer waits for its sign-in: the offers come another time. */
export function Welcome({ quick }: { quick: boolean }) {
  const problem = useSignal('');
  const busy = useSignal(false);
  const typed = useSignal('');
  const restoring = useSignal(false);
  if (restoring.value || sheetKey.value) {
    return (
      <Restore
        onCancel={() => {
          restoring.value = false;
          sheetKey.value = '';
        }}
      />
    );
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const passphrase = entry(form, 'passphrase');
    busy.value = true;
    try {
      problem.value = await faultOf(passphrase, entry(form, 'repeat'));
      if (problem.value) return;
      const passkeys = await canUsePasskey();
      // A trial keeps no backup.
      const step = passkeys ? 'passkey' : trial ? undefined : 'backup';
      if (step && !quick) setup.value = { step, passphrase };
      await create(passphrase, entry(form, 'phone').trim().slice(0, 40));
    } catch (error) {
      setup.value = undefined;
      problem.value = reason(codeOf(error, 'storage-failed'));
    } finally {
      busy.value = false;
    }
  };
  return (
    <main>
      <h1>{say('welcome')}</h1>
      <p class="soft">{say('welcomeText')}</p>
      <form onSubmit={submit}>
        <NewPassphrase typed={typed} />
        <Field id="phone" label={say('phoneName')} hint={say('phoneNameHint')}>
          <input
            id="phone"
            name="phone"
            type="text"
            maxLength={40}
            defaultValue={say('defaultPhone')}
            aria-describedby="phone-hint"
          />
        </Field>
        <div role="alert">{problem.value && <Notice tone="bad">{problem.value}</Notice>}</div>
        <button type="submit" class="primary" disabled={busy.value}>
          {say(busy.value ? 'creating' : 'create')}
        </button>
        {!trial && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              restoring.value = true;
            }}
          >
            {say('haveVault')}
          </button>
        )}
      </form>
    </main>
  );
}

/** The two offers after the vault was made. */
export function Setup() {
  const busy = useSignal(false);
  const failure = useSignal<Code | undefined>(undefined);
  const at = setup.value;
  if (!at) return null;
  const { step, passphrase } = at;
  const done = () => {
    setup.value = undefined;
  };
  const next = () => {
    failure.value = undefined;
    setup.value = step === 'passkey' && !trial ? { step: 'backup', passphrase } : undefined;
  };
  const attempt = async (work: () => Promise<void>, then: () => void) => {
    busy.value = true;
    failure.value = undefined;
    try {
      await work();
      then();
    } catch (error) {
      failure.value = codeOf(error, 'storage-failed');
    } finally {
      busy.value = false;
    }
  };
  if (step === 'sheet') return <Sheet onDone={done} />;
  const passkey = step === 'passkey';
  const accept = () =>
    passkey
      ? attempt(async () => enrol(passphrase, [await makePasskey('Scankey')]), next)
      : attempt(
          () => turnOn(passphrase),
          () => {
            setup.value = { step: 'sheet', passphrase: '' };
          },
        );
  return (
    <main data-offer={step}>
      <Mark size={40} />
      <h1>{say(passkey ? 'offerPasskey' : 'offerBackup')}</h1>
      <p class="soft">{say(passkey ? 'offerPasskeyText' : 'offerBackupText')}</p>
      {!passkey && <Notice tone="warn">{say('paperOrGone')}</Notice>}
      <Failure code={failure.value} />
      <div class="actions">
        <button type="button" class="primary" disabled={busy.value} onClick={() => void accept()}>
          {say(passkey ? 'turnOnPasskey' : 'makeSheet')}
        </button>
        <button type="button" disabled={busy.value} onClick={next}>
          {say('notNow')}
        </button>
      </div>
    </main>
  );
}

/** Brings a vault to this phone: by the code on another phone or on the recovery sheet, and the passphrase. */
function Restore({ onCancel }: { onCancel: () => void }) {
  const camera = useSignal(false);
  const failure = useSignal<Code | undefined>(undefined);
  const busy = useSignal(false);
  const found = useSignal<Restorable | undefined>(undefined);
  const fail = (error: unknown) => {
    failure.value = codeOf(error, 'not-a-sheet');
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    failure.value = undefined;
    busy.value = true;
    try {
      const key = sheetKey.value || (await readSheet(entry(form, 'sheet')));
      found.value = await find(key, entry(form, 'passphrase'));
    } catch (error) {
      fail(error);
    } finally {
      busy.value = false;
    }
  };
  if (camera.value) {
    return (
      <main>
        <Camera
          onCode={(text) => {
            camera.value = false;
            readSheet(text).then((key) => {
              sheetKey.value = key;
            }, fail);
          }}
          onCancel={() => {
            camera.value = false;
          }}
        />
      </main>
    );
  }
  const copy = found.value;
  if (copy) {
    const take = () =>
      restore(copy, say('defaultPhone')).then(() => {
        sheetKey.value = '';
      }, fail);
    return (
      <main>
        <h1>{say('foundBackup')}</h1>
        <section class="pass">
          <p>{say('backupOf', { date: dateOf(copy.time) })}</p>
          <p>{say('backupBy', { phone: foreign(copy.by), revision: copy.remote.rev })}</p>
          <p>{say('backupCount', { count: copy.accounts })}</p>
        </section>
        <Notice>{say('backupOld')}</Notice>
        <Failure code={failure.value} />
        <div class="actions">
          <button type="button" class="primary" onClick={() => void take()}>
            {say('restoreHere')}
          </button>
          <button type="button" onClick={onCancel}>
            {say('cancel')}
          </button>
        </div>
      </main>
    );
  }
  return (
    <main>
      <h1>{say('restoreTitle')}</h1>
      <p class="soft">{say('restoreText')}</p>
      <form onSubmit={submit}>
        {sheetKey.value ? (
          <Notice tone="good">{say('sheetRead')}</Notice>
        ) : (
          <>
            <button
              type="button"
              class="primary"
              onClick={() => {
                failure.value = undefined;
                camera.value = true;
              }}
            >
              {say('scanSheet')}
            </button>
            <Field id="sheet" label={say('typeSheet')}>
              <input
                id="sheet"
                name="sheet"
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                required
              />
            </Field>
          </>
        )}
        <Field id="passphrase" label={say('passphraseOfVault')}>
          <input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required />
        </Field>
        <Failure code={failure.value} />
        <button type="submit" class={sheetKey.value ? 'primary' : ''} disabled={busy.value}>
          {say(busy.value ? 'restoring' : 'findBackup')}
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          {say('cancel')}
        </button>
      </form>
      {!sheetKey.value && <Finders does="find" />}
    </main>
  );
}
