// The list of accounts: found by typing, drawn only as far as it is in sight.
import { computed, signal } from '@preact/signals';
import { bound } from '../../parts/form.tsx';
import { say } from '../../parts/language.ts';
import { go, trial } from '../../shell/state.ts';
import type { Account } from '../../vault/document.ts';
import { accounts } from '../../vault/vault.ts';
import { AccountName } from './account-name.tsx';
import { AccountRows } from './account-rows.tsx';
import { ListHint } from './list-hint.tsx';

/** What is looked for; it stands while the person is at another screen. */
const query = signal('');
const nameOf = ({ title, sites }: Account): string => title || (sites[0] ?? '').replace(/^https?:\/\/(www\.)?/, '');

/** Everything that a person may look for, once for each account and not once for each key. */
const searchable = computed(() => {
  const sorted = accounts.value
    .map((account) => ({ account, name: nameOf(account).toLowerCase() }))
    .sort(
      (a, b) =>
        Number(b.account.favourite) - Number(a.account.favourite) ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
        (a.account.username < b.account.username ? -1 : 1),
    );
  return sorted.map(({ account, name }) => ({
    account,
    text: [name, ...account.sites, account.username, account.tenant].join('\n').toLowerCase(),
  }));
});
const found = computed(() => {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  return searchable.value
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map(({ account }) => account);
});

export function AccountList() {
  const { length } = accounts.value;
  return (
    <main>
      <div class="row title">
        <h1>{say('accounts')}</h1>
        <button type="button" class="quiet" onClick={() => go({ at: 'edit', site: '' })}>
          {say('addAccount')}
        </button>
      </div>
      <ListHint />
      {length === 0 ? (
        <div class="notice stack">
          <b>{say('noAccounts')}</b>
          <span>{say('noAccountsText')}</span>
          {!trial && (
            <button type="button" class="quiet" onClick={() => go({ at: 'import' })}>
              {say('import')}
            </button>
          )}
        </div>
      ) : (
        <>
          <label class="hidden-text" for="search">
            {say('search')}
          </label>
          <input
            id="search"
            type="search"
            placeholder={say('search')}
            autocomplete="off"
            spellcheck={false}
            {...bound(query)}
          />
          <p class="hidden-text" role="status">
            {query.value && say('foundCount', { count: found.value.length })}
          </p>
          {found.value.length === 0 && <p class="soft">{say('foundNone', { words: query.value })}</p>}
          <AccountRows
            items={found.value}
            row={(account) => (
              <button type="button" onClick={() => go({ at: 'account', id: account.id })}>
                <span class="name">
                  {account.favourite && (
                    <span role="img" aria-label={say('favourite')}>
                      ★{' '}
                    </span>
                  )}
                  <AccountName account={account} />
                </span>
                <span class="soft name">{account.username || ' '}</span>
              </button>
            )}
          />
        </>
      )}
      <div class="actions stay">
        <button type="button" class="primary" onClick={() => go({ at: 'scan' })}>
          {say('scan')}
        </button>
      </div>
    </main>
  );
}
