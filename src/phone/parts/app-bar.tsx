// What stands over a screen: the way back at its left, what the screen is, and what can be done with it at its right.
import { ChevronLeft, type IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/icon.tsx';
import { say } from './language.ts';

/** A button that is an icon; `label` is its name, `class` what it is for. */
export const IconButton = (props: {
  class: string;
  icon: IconNode;
  label: string;
  /** For one that is either on or off. */
  pressed?: boolean;
  onClick: () => void;
}) => (
  <button
    type="button"
    class={`icon-button ${props.class}`}
    aria-label={props.label}
    title={props.label}
    {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
    onClick={props.onClick}
  >
    <Icon of={props.icon} />
  </button>
);

/** @param onBack where there is a way back: a screen of the tab bar has none, and a larger title */
export const AppBar = (props: { title: ComponentChildren; onBack?: () => void; children?: ComponentChildren }) => (
  <header class={props.onBack ? 'bar' : 'bar first'}>
    {props.onBack && <IconButton class="back" icon={ChevronLeft} label={say('back')} onClick={props.onBack} />}
    <h1>{props.title}</h1>
    {props.children}
  </header>
);
