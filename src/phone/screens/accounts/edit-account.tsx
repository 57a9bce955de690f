// One account, to add or to change.
import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { AppBar } from '../../parts/app-bar.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { CameraOverlay } from '../../parts/camera-overlay.tsx';
import { Failure, sets, submits } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { go, tell } from '../../shell/state.ts';
import { edited, fieldsOf, undone } from '../../vault/edits.ts';
import { accounts } from '../../vault/vault.ts';
import { changeByTap } from './account.tsx';
import { type Fault, readDraft } from './account-draft.ts';
import { MoreFields, PasswordField, SitesField, TextField } from './account-fields.tsx';

/** @param id of the account to change; without it `site` and `totp` are what is known of a new one
 * @param onDone is called with the saved account's id, or with nothing when the person turned back
 */
export function EditAccount(props: { id?: string; site: string; totp?: string; onDone: (saved?: string) => void }) {
  const { id, onDone } = props;
  // As the form was opened: only what differs from this when it is saved was changed by the person.
  const [shown] = useState(() => {
    const account = id && accounts.value.find((one) => one.id === id);
    return fieldsOf(account || { sites: props.site ? [props.site] : [], totp: props.totp ?? '' });
  });
  const { busy, failure, attempt } = useAttempt('storage-failed');
  const fault = useSignal<Fault | undefined>(undefined);
  const legible = useSignal(false);
  const camera = useSignal(false);
  const password = useSignal(shown.password);
  const seed = useSignal(shown.totp);
  if (camera.value) {
    const take = (text: string) => {
      if (/^otpauth:/i.test(text)) seed.value = text;
      else fault.value = 'totpWrong';
    };
    return <CameraOverlay open={camera} title={say('scanSeed')} onCode={take} />;
  }
  const submit = submits(async (entry) => {
    const draft = await readDraft(entry, password.value, seed.value);
    fault.value = typeof draft === 'string' ? draft : undefined;
    failure.value = undefined;
    if (typeof draft === 'string') return;
    const saved = id ?? crypto.randomUUID();
    await attempt(async () => {
      await accounts.change(saved, edited(saved, shown, draft, Date.now()));
      onDone(saved);
    });
  });
  const remove = (gone: string) =>
    attempt(async () => {
      const done = await accounts.change(gone, () => undefined);
      tell(say('deleted'), () => changeByTap(gone, undone(done)));
      go({ at: 'list' });
    });
  return (
    <>
      <AppBar title={say(id ? 'editAccount' : 'newAccount')} onBack={() => onDone()}>
        <button type="submit" form="account" class="primary" disabled={busy.value}>
          {say('save')}
        </button>
      </AppBar>
      <main>
        <form id="account" onSubmit={submit}>
          <SitesField shown={shown} fault={fault.value} />
          {/* Of a site that asks for a sign-in, everything else is known. */}
          <TextField name="username" shown={shown} max={256} focus={!id && props.site !== ''} />
          <PasswordField password={password} legible={legible} fault={fault.value} />
          <MoreFields
            {...{ shown, seed }}
            fault={fault.value}
            scan={sets(camera, true)}
            open={Boolean(props.totp) || fault.value === 'totpWrong'}
          />
          <Failure code={failure.value} />
          {id && (
            <button type="button" class="quiet bad" disabled={busy.value} onClick={() => void remove(id)}>
              {say('delete')}
            </button>
          )}
        </form>
      </main>
    </>
  );
}
