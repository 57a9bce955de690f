// The fields of an account's form: those that every account has, and the ones that few need.
import type { Signal } from '@preact/signals';
import { Eye, EyeOff, RefreshCw, ScanLine } from 'lucide';
import { codeOf } from '../../../protocol/errors.ts';
import { GUARDS } from '../../../protocol/proximity.ts';
import { IconButton } from '../../parts/app-bar.tsx';
import { bound, Field, SelectField, sets } from '../../parts/form.tsx';
import { beginHere } from '../../parts/headline.ts';
import { reason, say } from '../../parts/language.ts';
import { tell } from '../../shell/state.ts';
import { MATCHES } from '../../vault/document.ts';
import type { Fields } from '../../vault/edits.ts';
import { generatePassword } from '../../vault/generator.ts';
import { words } from '../../vault/tasks.ts';
import { Strength } from '../passphrase/strength.tsx';
import type { Fault } from './account-draft.ts';

/** Words of a password that is made of them. */
const WORDS = 5;

export const TextField = (props: {
  name: 'title' | 'username' | 'tenant';
  shown: Fields;
  max: number;
  hint?: string;
  focus?: boolean;
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
      // What is typed first, on a form that was asked for.
      ref={props.focus ? beginHere : null}
      {...(props.hint ? { 'aria-describedby': `${props.name}-hint` } : {})}
      defaultValue={props.shown[props.name]}
    />
  </Field>
);

/** One or more addresses, one a line. */
export const SitesField = ({ shown: { sites }, fault }: { shown: Fields; fault: Fault | undefined }) => (
  <Field id="site" label={say('site')} hint={say('siteHint')} error={fault === 'siteWrong' ? say(fault) : ''}>
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
      aria-invalid={fault === 'siteWrong'}
    />
  </Field>
);

/** A password that is typed or made here; one that was made is legible at once. */
export function PasswordField(props: { password: Signal<string>; legible: Signal<boolean>; fault: Fault | undefined }) {
  const { password, legible, fault } = props;
  const take = (made: string) => {
    password.value = made;
    legible.value = true;
  };
  const refused = (error: unknown) => tell(reason(codeOf(error, 'overtaxed')));
  return (
    <Field id="password" label={say('password')} error={fault === 'passwordMissing' ? say(fault) : ''}>
      <div class="field-row">
        <input
          id="password"
          {...(legible.value ? { type: 'text' } : { type: 'password' })}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={512}
          aria-describedby="password-hint"
          aria-invalid={fault === 'passwordMissing'}
          {...bound(password)}
        />
        <IconButton
          class="show"
          icon={legible.value ? EyeOff : Eye}
          label={say(legible.value ? 'hide' : 'show')}
          onClick={sets(legible, !legible.value)}
        />
        <IconButton
          class="generate"
          icon={RefreshCw}
          label={say('generate')}
          onClick={() => take(generatePassword())}
        />
      </div>
      <Strength of={password.value} />
      <button type="button" class="quiet" onClick={() => void words(WORDS).then(take, refused)}>
        {say('generateWords')}
      </button>
    </Field>
  );
}

/** The seed of one-time codes; `scan` opens the camera for it. */
const SeedField = (props: { seed: Signal<string>; scan: () => void; fault: Fault | undefined }) => (
  <Field
    id="totp"
    label={say('totp')}
    hint={say('totpHint')}
    error={props.fault === 'totpWrong' ? say(props.fault) : ''}
  >
    <div class="field-row">
      <input
        id="totp"
        type="password"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={512}
        aria-describedby="totp-hint"
        aria-invalid={props.fault === 'totpWrong'}
        {...bound(props.seed)}
      />
      <IconButton class="scan" icon={ScanLine} label={say('scanShort')} onClick={props.scan} />
    </div>
  </Field>
);

/** What few accounts need, folded away unless `open`. */
export const MoreFields = (props: {
  shown: Fields;
  seed: Signal<string>;
  scan: () => void;
  open: boolean;
  fault: Fault | undefined;
}) => (
  <details open={props.open}>
    <summary>{say('moreFields')}</summary>
    <div class="stack">
      <TextField name="title" shown={props.shown} max={200} hint={say('titleHint')} />
      <SeedField seed={props.seed} scan={props.scan} fault={props.fault} />
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
