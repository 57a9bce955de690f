// What speaks against a release, in words, each with the tick that it may need.
import type { Signal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { Check } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import type { Account } from '../vault/document.ts';
import { nearest } from '../vault/sites.ts';

/** A page that is not encrypted: whoever stands between can read what is typed into it. */
export const Insecure = ({ sure }: { sure: Signal<boolean> }) => (
  <div class="notice warn">
    <p>{say('insecure')}</p>
    <Check checked={sure} label={say('insecureSure')} />
  </div>
);

/** The account's own rule speaks against this computer. */
export const Refused = ({ account }: { account: Account | undefined }) => (
  <Notice tone="warn">{say(account?.guard === 'near' ? 'tooFar' : 'needRemembered')}</Notice>
);

/** An account that is stored for another address than the page's: which, and how near that is. */
export function OtherAddress(props: { origin: string; account: Account; sure: Signal<boolean> }) {
  const { site, nearness } = nearest(props.origin, props.account);
  if (nearness === 'same' || nearness === 'fits') return null;
  return (
    <div class="notice warn">
      <p>{site ? say(`near_${nearness}`, { site }) : say('near_none')}</p>
      <Check checked={props.sure} label={say('otherAddressSure')} />
    </div>
  );
}
