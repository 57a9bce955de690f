// The list of accounts, and one account to add, change or delete.
import { useSignal } from '@preact/signals';
import { codeOf } from '../protocol/errors.ts';
import { GUARDS, type Guard } from '../protocol/near.ts';
import { Notice } from '../ui/parts.tsx';
import { generatePassword } from './generator.ts';
import { originOf, siteOf } from './sites.ts';
import { accounts, deleteAccount, reason, saveAccount, say, screen } from './state.ts';
import { readSeed } from './totp.ts';
import { Field } from './unlock.tsx';
import type { Account } from './vault.ts';

/** A site in one line, the registrable domain set apart. */
export function SiteName({ origin }: { origin: string }) {
  const { before, domain, port, insecure } = siteOf(origin);
  return (
    <>
      {insecure && 'http://'}
      {before}
      <b>{domain}</b>
      {port}
    </>
  );
}

export function AccountList() {
  const sorted = accounts.value.toSorted(
    (a, b) => a.site.localeCompare(b.site) || a.username.localeCompare(b.username),
  );
  const add = () => {
    screen.value = { at: 'edit', account: undefined, site: '' };
  };
  return (
    <main>
      <h1>{say('accounts')}</h1>
      {sorted.length === 0 ? (
        <div class="notice stack">
          <b>{say('noAccounts')}</b>
          <span>{say('noAccountsText')}</span>
        </div>
      ) : (
        <ul class="list">
          {sorted.map((account) => (
            <li key={account.id}>
              <button
                type="button"
                onClick={() => {
                  screen.value = { at: 'edit', account, site: account.site };
                }}
              >
                <span>
                  <SiteName origin={account.site} />
                </span>
                <span class="soft">{account.username}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="actions">
        <button
          type="button"
          class="primary"
          onClick={() => {
            screen.value = { at: 'scan' };
          }}
        >
          {say('scan')}
        </button>
        <button type="button" onClick={add}>
          {say('addAccount')}
        </button>
      </div>
    </main>
  );
}

/** `onDone` is called with the saved account, or with nothing when the person turned back. */
export function EditAccount(props: { account: Account | undefined; site: string; onDone: (saved?: Account) => void }) {
  const { account, onDone } = props;
  const problem = useSignal('');
  const shown = useSignal(false);
  const sure = useSignal(false);
  const password = useSignal(account?.password ?? '');
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      problem.value = reason(codeOf(error, 'storage-failed'));
    }
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const read = (name: string) => String(data.get(name) ?? '');
    const site = originOf(read('site'));
    problem.value = '';
    if (!site) problem.value = say('siteWrong');
    else if (!password.value) problem.value = say('passwordMissing');
    const totp = read('totp').trim() && (await readSeed(read('totp')));
    if (totp === undefined) problem.value = say('totpWrong');
    if (!site || totp === undefined || problem.value) return;
    const saved: Account = {
      id: account?.id ?? crypto.randomUUID(),
      site,
      username: read('username'),
      password: password.value,
      notes: read('notes'),
      tenant: read('tenant'),
      totp,
      guard: read('guard') as Guard,
      changedAt: Date.now(),
    };
    await attempt(async () => {
      await saveAccount(saved);
      onDone(saved);
    });
  };
  return (
    <main>
      <h1>{say(account ? 'editAccount' : 'newAccount')}</h1>
      <form onSubmit={submit}>
        <Field id="site" label={say('site')} hint={say('siteHint')}>
          <input
            id="site"
            name="site"
            type="text"
            inputMode="url"
            autocapitalize="none"
            spellcheck={false}
            required
            defaultValue={account?.site ?? props.site}
            aria-describedby="site-hint"
          />
        </Field>
        <Field id="username" label={say('username')}>
          <input
            id="username"
            name="username"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={256}
            defaultValue={account?.username ?? ''}
          />
        </Field>
        <Field id="password" label={say('password')}>
          <div class="row">
            <input
              id="password"
              {...(shown.value ? { type: 'text' } : { type: 'password' })}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxLength={512}
              value={password.value}
              onInput={(event) => {
                password.value = event.currentTarget.value;
              }}
            />
            <button
              type="button"
              aria-pressed={shown.value}
              onClick={() => {
                shown.value = !shown.value;
              }}
            >
              {say(shown.value ? 'hide' : 'show')}
            </button>
          </div>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              password.value = generatePassword();
              shown.value = true;
            }}
          >
            {say('generate')}
          </button>
        </Field>
        <Field id="totp" label={say('totp')} hint={say('totpHint')}>
          <input
            id="totp"
            name="totp"
            type="password"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={512}
            aria-describedby="totp-hint"
            defaultValue={account?.totp ?? ''}
          />
        </Field>
        <Field id="tenant" label={say('tenant')} hint={say('tenantHint')}>
          <input
            id="tenant"
            name="tenant"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={128}
            aria-describedby="tenant-hint"
            defaultValue={account?.tenant ?? ''}
          />
        </Field>
        <Field id="guard" label={say('guard')}>
          <select id="guard" name="guard">
            {GUARDS.filter((guard) => guard !== 'remembered').map((guard) => (
              <option key={guard} value={guard} selected={guard === (account?.guard ?? 'none')}>
                {say(`guard_${guard}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field id="notes" label={say('notes')}>
          <textarea id="notes" name="notes" rows={2} maxLength={2000} defaultValue={account?.notes ?? ''} />
        </Field>
        <div role="alert">{problem.value && <Notice tone="bad">{problem.value}</Notice>}</div>
        <button type="submit" class="primary">
          {say('save')}
        </button>
        <button type="button" onClick={() => onDone()}>
          {say('cancel')}
        </button>
        {account && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              if (!sure.value) sure.value = true;
              else
                void attempt(async () => {
                  await deleteAccount(account.id);
                  onDone();
                });
            }}
          >
            {say(sure.value ? 'deleteSure' : 'delete')}
          </button>
        )}
      </form>
    </main>
  );
}
