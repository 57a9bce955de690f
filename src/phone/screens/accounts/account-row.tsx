// One account in a list: its letter, its name, its user; and its password to be copied.
import { Copy, Star } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../parts/app-bar.tsx';
import { say } from '../../parts/language.ts';
import { Monogram } from '../../parts/monogram.tsx';
import { copy, go } from '../../shell/state.ts';
import type { Account } from '../../vault/document.ts';
import { siteOf } from '../../vault/sites.ts';
import { AccountName } from './account-name.tsx';

/** What its letter and colour come from. */
const emblemOf = ({ sites: [site], title }: Account): string => (site ? siteOf(site).domain : title);

export const AccountRow = ({ account }: { account: Account }) => (
  <div class="account-row">
    <button type="button" class="account" onClick={() => go({ at: 'account', id: account.id })}>
      <Monogram of={emblemOf(account)} />
      <span class="what">
        <span class="name">
          <AccountName account={account} />
        </span>
        <span class="soft name">{account.username || ' '}</span>
      </span>
      {account.favourite && (
        <span role="img" aria-label={say('favourite')}>
          <Icon of={Star} size={16} />
        </span>
      )}
    </button>
    {account.password && (
      <IconButton
        class="copy"
        icon={Copy}
        label={say('copyOf', { what: `${say('password')} · ${emblemOf(account)}` })}
        onClick={() => void copy(account.password)}
      />
    )}
  </div>
);
