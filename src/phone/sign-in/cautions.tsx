// What speaks against a release: a page that is not encrypted, an account of another address, the account's own rule.
import type { Signal } from '@preact/signals';
import { Notice } from '../../ui/components.tsx';
import { Check } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import type { Account } from '../vault/document.ts';
import { type Nearness, nearest } from '../vault/sites.ts';

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

/** Whether an account is kept for this very origin, or may be used there by the person's own rule. */
const fits = (nearness: Nearness): nearness is 'same' | 'fits' => nearness === 'same' || nearness === 'fits';

/** Whether an account is stored for another address than the page's, so that the person has to say that they are sure. */
export const isOfOther = (origin: string, account: Account): boolean => !fits(nearest(origin, account).nearness);

/** What to say of an account that is stored for another address; nothing where it is the page's own. */
export function OtherAddress(props: { origin: string; account: Account; sure: Signal<boolean> }) {
  const { site, nearness } = nearest(props.origin, props.account);
  if (fits(nearness)) return null;
  return (
    <div class="notice warn">
      <p>{site ? say(`near_${nearness}`, { site }) : say('near_none')}</p>
      <Check checked={props.sure} label={say('otherAddressSure')} />
    </div>
  );
}
