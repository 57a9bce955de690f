// What forms are made of: labelled fields, sentences of what is wrong, and the ways between an input and a signal.
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Code } from '../../protocol/errors.ts';
import { Notice } from '../../ui/components.tsx';
import { beginHere } from './headline.ts';
import { reason } from './language.ts';

/**
 * A labelled input with room for a hint and for what is wrong with it. That is heard as it comes; whoever comes back to the input hears both,
 * since it names them as `aria-describedby="ID-hint"`.
 */
export const Field = (props: {
  id: string;
  label: string;
  hint?: string;
  /** A sentence; empty for nothing. */
  error?: string;
  children: ComponentChildren;
}) => (
  <div class={props.error ? 'wrong' : ''}>
    <label for={props.id}>{props.label}</label>
    {props.children}
    <div id={`${props.id}-hint`}>
      <div role="alert">{props.error && <p class="error">{props.error}</p>}</div>
      {props.hint && <p class="hint">{props.hint}</p>}
    </div>
  </div>
);

/** The field of a passphrase that exists, by the name that password managers look for. */
export const PassphraseField = (props: { id: string; label: string; focus?: boolean }) => (
  <Field id={props.id} label={props.label}>
    <input
      id={props.id}
      name={props.id}
      type="password"
      autocomplete="current-password"
      required
      ref={props.focus ? beginHere : null}
    />
  </Field>
);

/** One of a few, by their names; `onChoose` where the choice takes effect at once, in a form its entry tells. */
export const SelectField = <T extends string>(props: {
  id: string;
  label: string;
  all: readonly T[];
  chosen: T;
  nameOf: (one: T) => string;
  onChoose?: (one: T) => void;
}) => (
  <Field id={props.id} label={props.label}>
    <select
      id={props.id}
      name={props.id}
      onChange={({ currentTarget: { value } }) => {
        const one = props.all.find((known) => known === value);
        if (one) props.onChoose?.(one);
      }}
    >
      {props.all.map((one) => (
        <option key={one} value={one} selected={one === props.chosen}>
          {props.nameOf(one)}
        </option>
      ))}
    </select>
  </Field>
);

/** A box to tick, whose label can be pressed too. */
export const Check = (props: { checked: boolean; label: string; onTick: (checked: boolean) => void }) => (
  <label class="check">
    <input
      type="checkbox"
      checked={props.checked}
      onChange={({ currentTarget: { checked } }) => props.onTick(checked)}
    />
    <span>{props.label}</span>
  </label>
);

/** Why something did not work, read out when it appears; an empty place until then. */
export const Failure = ({ code }: { code: Code | undefined }) => (
  <div role="alert">{code && <Notice tone="bad">{reason(code)}</Notice>}</div>
);

/** An input that shows a signal and changes it: `<input {...bound(name)} />`. */
export const bound = (to: Signal<string>) => ({
  value: to.value,
  onInput: (event: { currentTarget: { value: string } }) => {
    to.value = event.currentTarget.value;
  },
});

/** A listener that puts `value` into a signal: `onClick={sets(camera, true)}`. */
export const sets =
  <T,>(to: Signal<T>, value: T) =>
  () => {
    to.value = value;
  };

/** The text of a form's field, by its name; empty where there is none. */
export type Entry = (name: string) => string;

/** A form's own submission: `work` is given what stands in its fields. */
export const submits =
  (work: (entry: Entry, form: HTMLFormElement) => unknown) =>
  (event: { preventDefault(): void; currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    void work((name) => String(data.get(name) ?? ''), form);
  };
