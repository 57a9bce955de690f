// One account: to read and copy from, and to add or change.
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { codeOf } from '../../protocol/errors.ts';
import { GUARDS, type Guard } from '../../protocol/proximity.ts';
import { Notice } from '../../ui/components.tsx';
import { Camera } from '../parts/camera.tsx';
import { copy, dateOf, go, reason, say, tell } from '../shell/state.ts';
import { clockAhead } from '../vault/clock.ts';
import { type Account, MATCHES, type Match } from '../vault/document.ts';
import { edited, fieldsOf, undone } from '../vault/edits.ts';
import { generatePassword } from '../vault/generator.ts';
import { originOf } from '../vault/sites.ts';
import { words } from '../vault/tasks.ts';
import { codeUntil, readSeed } from '../vault/totp.ts';
import { accounts } from '../vault/vault.ts';
import { AccountName, SiteName } from './accounts.tsx';
import { Field } from './unlock.tsx';
import { Strength } from './welcome.tsx';

const WORDS = 5;

/** One line of an account with what can be done with it. */
function Line(props: { label: string; value: string; secret?: boolean }) {
  const shown = useSignal(false);
  const { label, value, secret = false } = props;
  return (
    <div class="line">
      <div>
        <span class="label">{label}</span>
        <span class={secret ? 'secret' : ''}>{secret && !shown.value ? '••••••••••' : value}</span>
      </div>
      {secret && (
        <button
          type="button"
          class="quiet"
          aria-pressed={shown.value}
          onClick={() => {
            shown.value = !shown.value;
          }}
        >
          {say(shown.value ? 'hide' : 'show')}
        </button>
      )}
      <button type="button" class="quiet" aria-label={say('copyOf', { what: label })} onClick={() => void copy(value)}>
        {say('copy')}
      </button>
    </div>
  );
}

/** The code of the moment, and how long it is still good. */
function CodeLine({ seed }: { seed: string }) {
  const now = useSignal<Awaited<ReturnType<typeof codeUntil>> | undefined>(undefined);
  useEffect(() => {
    const look = () =>
      void codeUntil(seed, Date.now()).then((next) => {
        now.value = next;
      });
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [seed]);
  if (!now.value) return null;
  const { code, left, period } = now.value;
  return (
    <div class="line">
      <div>
        <span class="label">{say('code')}</span>
        <span class="digits">{code.replace(/^(\d{3})/, '$1 ')}</span>
        <span class="hint"> {say('secondsLeft', { seconds: left })}</span>
        <progress max={period} value={left} aria-hidden="true" />
      </div>
      <button
        type="button"
        class="quiet"
        aria-label={say('copyOf', { what: say('code') })}
        onClick={() => void copy(code)}
      >
        {say('copy')}
      </button>
    </div>
  );
}

/** Changes an account by one tap; a failure is told where the tap's effect would have been. */
const change = (id: string, fn: (account: Account | undefined) => Account | undefined): void => {
  accounts.change(id, fn).catch((error: unknown) => tell(reason(codeOf(error, 'storage-failed'))));
};

export function ViewAccount({ id }: { id: string }) {
  const account = accounts.value.find((one) => one.id === id);
  if (!account) return null;
  return (
    <main>
      <h1 class="where">
        <AccountName account={account} />
      </h1>
      <section class="lines">
        {account.sites.map((site) => (
          <p key={site}>
            <SiteName origin={site} />
          </p>
        ))}
        {account.username && <Line label={say('username')} value={account.username} />}
        {account.password && <Line label={say('password')} value={account.password} secret />}
        {account.totp && <CodeLine seed={account.totp} />}
        {account.tenant && <Line label={say('tenantShort')} value={account.tenant} />}
        {account.notes && (
          <div class="line">
            <div>
              <span class="label">{say('notes')}</span>
              <span class="notes">{account.notes}</span>
            </div>
          </div>
        )}
      </section>
      {account.totp && clockAhead.value !== 0 && (
        <Notice tone="warn">
          {say(clockAhead.value > 0 ? 'clockAhead' : 'clockBehind', { time: spanOf(Math.abs(clockAhead.value)) })}
        </Notice>
      )}
      {account.history.length > 0 && (
        <details>
          <summary>{say('history', { count: account.history.length })}</summary>
          {account.history.map(({ password, until }) => (
            <Line key={`${until}${password}`} label={say('until', { date: dateOf(until) })} value={password} secret />
          ))}
        </details>
      )}
      <div class="actions">
        <button type="button" class="primary" onClick={() => go({ at: 'edit', id, site: '' })}>
          {say('edit')}
        </button>
        <button
          type="button"
          aria-pressed={account.favourite}
          onClick={() => change(id, (one) => one && { ...one, favourite: !account.favourite, changedAt: Date.now() })}
        >
          {say(account.favourite ? 'favouriteNot' : 'favouriteMake')}
        </button>
        <button type="button" onClick={() => go({ at: 'list' })}>
          {say('back')}
        </button>
      </div>
    </main>
  );
}

/** A span of time in its largest unit; `ms` long. */
function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes >= 1440) return say('days', { count: Math.round(minutes / 1440) });
  return minutes >= 60
    ? say('hours', { count: Math.round(minutes / 60) })
    : say('minutes', { count: Math.max(1, minutes) });
}

/** Sites as they are typed: one a line. */
const sitesOf = (typed: string): (string | undefined)[] =>
  typed
    .split(/[\n,]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map(originOf);

/** `onDone` is called with the saved account's id, or with nothing when the person turned back. */
export function EditAccount(props: { id?: string; site: string; totp?: string; onDone: (saved?: string) => void }) {
  const { id, onDone } = props;
  // As the form was opened: only what differs from this when it is saved was changed by the person.
  const [shown] = useState(() => {
    const account = id && accounts.value.find((one) => one.id === id);
    return fieldsOf(account || { sites: props.site ? [props.site] : [], totp: props.totp ?? '' });
  });
  const problem = useSignal('');
  const legible = useSignal(false);
  const camera = useSignal(false);
  const busy = useSignal(false);
  const password = useSignal(shown.password);
  const seed = useSignal(shown.totp);
  const attempt = async (work: () => Promise<void>) => {
    busy.value = true;
    try {
      await work();
    } catch (error) {
      problem.value = reason(codeOf(error, 'storage-failed'));
    } finally {
      busy.value = false;
    }
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const read = (name: string) => String(data.get(name) ?? '');
    const sites = sitesOf(read('site'));
    const title = read('title').trim();
    problem.value = '';
    if (sites.includes(undefined) || (sites.length === 0 && title === '')) problem.value = say('siteWrong');
    const totp = seed.value.trim() && (await readSeed(seed.value));
    if (totp === undefined) problem.value = say('totpWrong');
    else if (!password.value && !totp) problem.value = say('passwordMissing');
    if (totp === undefined || problem.value) return;
    const typed = {
      title,
      sites: [...new Set(sites.filter((site) => site !== undefined))],
      match: read('match') as Match,
      username: read('username'),
      password: password.value,
      notes: read('notes'),
      tenant: read('tenant'),
      totp,
      guard: read('guard') as Guard,
    };
    const saved = id ?? crypto.randomUUID();
    await attempt(async () => {
      await accounts.change(saved, edited(saved, shown, typed, Date.now()));
      onDone(saved);
    });
  };
  const remove = (gone: string) =>
    attempt(async () => {
      const done = await accounts.change(gone, () => undefined);
      tell(say('deleted'), () => change(gone, undone(done)));
      go({ at: 'list' });
    });
  if (camera.value) {
    return (
      <main>
        <Camera
          title={say('scanSeed')}
          onCode={(text) => {
            camera.value = false;
            if (/^otpauth:/i.test(text)) seed.value = text;
            else problem.value = say('totpWrong');
          }}
          onCancel={() => {
            camera.value = false;
          }}
        />
      </main>
    );
  }
  const text = (name: keyof Account & ('title' | 'username' | 'tenant'), max: number, hint?: string) => (
    <Field id={name} label={say(name)} {...(hint ? { hint } : {})}>
      <input
        id={name}
        name={name}
        type="text"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={max}
        {...(hint ? { 'aria-describedby': `${name}-hint` } : {})}
        defaultValue={shown[name]}
      />
    </Field>
  );
  return (
    <main>
      <h1>{say(id ? 'editAccount' : 'newAccount')}</h1>
      <form onSubmit={submit}>
        <Field id="site" label={say('site')} hint={say('siteHint')}>
          <textarea
            id="site"
            name="site"
            class="grows"
            rows={Math.max(1, shown.sites.length)}
            inputMode="url"
            autocapitalize="none"
            spellcheck={false}
            defaultValue={shown.sites.join('\n')}
            aria-describedby="site-hint"
          />
        </Field>
        {text('username', 256)}
        <Field id="password" label={say('password')}>
          <div class="row">
            <input
              id="password"
              {...(legible.value ? { type: 'text' } : { type: 'password' })}
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
              aria-pressed={legible.value}
              onClick={() => {
                legible.value = !legible.value;
              }}
            >
              {say(legible.value ? 'hide' : 'show')}
            </button>
          </div>
          <Strength of={password.value} />
          <div class="row">
            <button
              type="button"
              class="quiet"
              onClick={() => {
                password.value = generatePassword();
                legible.value = true;
              }}
            >
              {say('generate')}
            </button>
            <button
              type="button"
              class="quiet"
              onClick={async () => {
                password.value = await words(WORDS);
                legible.value = true;
              }}
            >
              {say('generateWords')}
            </button>
          </div>
        </Field>
        <details open={Boolean(props.totp)}>
          <summary>{say('moreFields')}</summary>
          <div class="stack">
            {text('title', 200, say('titleHint'))}
            <Field id="totp" label={say('totp')} hint={say('totpHint')}>
              <div class="row">
                <input
                  id="totp"
                  type="password"
                  autocomplete="off"
                  autocapitalize="none"
                  spellcheck={false}
                  maxLength={512}
                  aria-describedby="totp-hint"
                  value={seed.value}
                  onInput={(event) => {
                    seed.value = event.currentTarget.value;
                  }}
                />
                <button
                  type="button"
                  onClick={() => {
                    camera.value = true;
                  }}
                >
                  {say('scanShort')}
                </button>
              </div>
            </Field>
            {text('tenant', 128, say('tenantHint'))}
            <Field id="match" label={say('match')}>
              <select id="match" name="match">
                {MATCHES.map((match) => (
                  <option key={match} value={match} selected={match === shown.match}>
                    {say(`match_${match}`)}
                  </option>
                ))}
              </select>
            </Field>
            <Field id="guard" label={say('guard')}>
              <select id="guard" name="guard">
                {GUARDS.map((guard) => (
                  <option key={guard} value={guard} selected={guard === shown.guard}>
                    {say(`guard_${guard}`)}
                  </option>
                ))}
              </select>
            </Field>
            <Field id="notes" label={say('notes')}>
              <textarea id="notes" name="notes" rows={3} maxLength={10_000} defaultValue={shown.notes} />
            </Field>
          </div>
        </details>
        <div role="alert">{problem.value && <Notice tone="bad">{problem.value}</Notice>}</div>
        <button type="submit" class="primary" disabled={busy.value}>
          {say('save')}
        </button>
        <button type="button" onClick={() => onDone()}>
          {say('cancel')}
        </button>
        {id && (
          <button type="button" class="quiet bad" disabled={busy.value} onClick={() => void remove(id)}>
            {say('delete')}
          </button>
        )}
      </form>
    </main>
  );
}
