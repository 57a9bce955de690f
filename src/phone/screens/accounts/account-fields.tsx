// The fields of an account's form: those that every account has, and the ones that few need.
import type { Signal } from '@preact/signals';
import { GUARDS } from '../../../protocol/proximity.ts';
import { bound, Field, SelectField, sets } from '../../parts/form.tsx';

import { say } from '../../parts/language.ts';

import { MATCHES } from '../../vault/document.ts';
import type { Fields } from '../../vault/edits.ts';
import { generatePassword } from '../../vault/generator.ts';
import { words } from '../../vault/tasks.ts';
import { Strength } from '../passphrase/strength.tsx';

/** Words of a password that is made of them. */
const WORDS = 5;

export const TextField = (props: {
  name: 'title' | 'username' | 'tenant';
  shown: Fields;
  max: number;
  hint?: string;
}) => (
  <Field id={props.name} label={say(props.name)} {...(props.hint ? { hint: props.hint } : {})}>
    <input
      id={props.name}
      name={props.name}
      type="text"
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      maxLength={props.max}
      {...(props.hint ? { 'aria-describedby': `${props.name}-hint` } : {})}
      defaultValue={props.shown[props.name]}
    />
  </Field>
);

/** One or more addresses, one a line. */
export const SitesField = ({ shown: { sites } }: { shown: Fields }) => (
  <Field id="site" label={say('site')} hint={say('siteHint')}>
    <textarea
      id="site"
      name="site"
      class="grows"
      rows={Math.max(1, sites.length)}
      inputMode="url"
      autocapitalize="none"
      spellcheck={false}
      defaultValue={sites.join('\n')}
      aria-describedby="site-hint"
    />
  </Field>
);

/** A password that is typed or made here; one that was made is legible at once. */
export function PasswordField({ password, legible }: { password: Signal<string>; legible: Signal<boolean> }) {
  const take = (made: string) => {
    password.value = made;
    legible.value = true;
  };
  return (
    <Field id="password" label={say('password')}>
      <div class="row">
        <input
          id="password"
          {...(legible.value ? { type: 'text' } : { type: 'password' })}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={512}
          {...bound(password)}
        />
        <button type="button" aria-pressed={legible.value} onClick={sets(legible, !legible.value)}>
          {say(legible.value ? 'hide' : 'show')}
        </button>
      </div>
      <Strength of={password.value} />
      <div class="row">
        <button type="button" class="quiet" onClick={() => take(generatePassword())}>
          {say('generate')}
        </button>
        <button type="button" class="quiet" onClick={async () => take(await words(WORDS))}>
          {say('generateWords')}
        </button>
      </div>
    </Field>
  );
}

/** The seed of one-time codes; `scan` opens the camera for it. */
const SeedField = ({ seed, scan }: { seed: Signal<string>; scan: () => void }) => (
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
        {...bound(seed)}
      />
      <button type="button" onClick={scan}>
        {say('scanShort')}
      </button>
    </div>
  </Field>
);

/** What few accounts need, folded away unless `open`. */
export const MoreFields = (props: { shown: Fields; seed: Signal<string>; scan: () => void; open: boolean }) => (
  <details open={props.open}>
    <summary>{say('moreFields')}</summary>
    <div class="stack">
      <TextField name="title" shown={props.shown} max={200} hint={say('titleHint')} />
      <SeedField seed={props.seed} scan={props.scan} />
      <TextField name="tenant" shown={props.shown} max={128} hint={say('tenantHint')} />
      <SelectField
        id="match"
        label={say('match')}
        all={MATCHES}
        chosen={props.shown.match}
        nameOf={(match) => say(`match_${match}`)}
      />
      <SelectField
        id="guard"
        label={say('guard')}
        all={GUARDS}
        chosen={props.shown.guard}
        nameOf={(guard) => say(`guard_${guard}`)}
      />
      <Field id="notes" label={say('notes')}>
        <textarea id="notes" name="notes" rows={3} maxLength={10_000} defaultValue={props.shown.notes} />
      </Field>
    </div>
  </details>
);
