// The list of accounts: found by typing, drawn only as far as it is in sight.
import { computed, signal } from '@preact/signals';
import { Lock, Plus } from 'lucide';
import { AppBar, IconButton } from '../../parts/app-bar.tsx';
import { bound } from '../../parts/form.tsx';
import { language, say } from '../../parts/language.ts';
import { Heard } from '../../parts/voice.tsx';
import { go, trial } from '../../shell/state.ts';
import type { Account } from '../../vault/document.ts';
import { accounts, lockByHand } from '../../vault/vault.ts';
import { AccountRow } from './account-row.tsx';
import { AccountRows, scrollToRow } from './account-rows.tsx';
import { alphabetOf, startsOf } from './alphabet.ts';
import { ListHint } from './list-hint.tsx';

/** What is looked for; it stands while the person is at another screen. */
const query = signal('');
const nameOf = ({ title, sites }: Account): string => title || (sites[0] ?? '').replace(/^https?:\/\/(www\.)?/, '');

const alphabet = computed(() => alphabetOf(language.value));
/** Everything that a person may look for, once for each account and not once for each key. */
const searchable = computed(() => {
  const { letterOf, compare } = alphabet.value;
  const sorted = accounts.value
    .map((account) => {
      const name = nameOf(account);
      return { account, name, letter: letterOf(name) };
    })
    .sort(
      (a, b) =>
        Number(b.account.favourite) - Number(a.account.favourite) ||
        compare(a, b) ||
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

/** Those that were given to a computer last, where there are too many to see at once. */
const RECENT = 3;
const MANY = 8;
const recent = computed(() =>
  accounts.value.length <= MANY
    ? []
    : accounts.value
        .filter(({ usedAt }) => usedAt > 0)
        .sort((a, b) => b.usedAt - a.usedAt)
        .slice(0, RECENT),
);

/** From so many on there is a way to jump to a letter. */
const INDEXED = 40;
/** Where each letter begins in the list, after the favourites. */
const letters = computed(() => {
  const rest = found.value.filter(({ favourite }) => !favourite);
  const before = found.value.length - rest.length;
  return startsOf(rest.map((one) => alphabet.value.letterOf(nameOf(one)))).map(
    ([letter, index]) => [letter, before + index] as const,
  );
});

const LetterIndex = () => (
  <nav class="letters" aria-label={say('letters')}>
    {letters.value.map(([letter, index]) => (
      <button type="button" key={letter} class="quiet" onClick={() => scrollToRow(index)}>
        {letter}
      </button>
    ))}
  </nav>
);

export function AccountList() {
  const { length } = accounts.value;
  return (
    <>
      <AppBar title={say('accounts')}>
        <IconButton class="lock" icon={Lock} label={say('lock')} onClick={lockByHand} />
        <IconButton class="add" icon={Plus} label={say('addAccount')} onClick={() => go({ at: 'edit', site: '' })} />
      </AppBar>
      <main>
        <ListHint />
        {length === 0 ? <NoAccounts /> : <Found />}
      </main>
    </>
  );
}

const NoAccounts = () => (
  <div class="notice stack">
    <b>{say('noAccounts')}</b>
    <span>{say('noAccountsText')}</span>
    {!trial && (
      <button type="button" class="quiet" onClick={() => go({ at: 'import' })}>
        {say('import')}
      </button>
    )}
  </div>
);

function Found() {
  const searching = query.value !== '';
  return (
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
      <Heard text={searching ? say('foundCount', { count: found.value.length }) : ''} />
      {!searching && recent.value.length > 0 && (
        <>
          <h2>{say('recent')}</h2>
          <ul class="list">
            {recent.value.map((account) => (
              <li key={account.id}>
                <AccountRow account={account} />
              </li>
            ))}
          </ul>
          <h2>{say('allAccounts')}</h2>
        </>
      )}
      {!searching && found.value.length >= INDEXED && <LetterIndex />}
      {found.value.length === 0 ? (
        <p class="soft">{say('foundNone', { words: query.value })}</p>
      ) : (
        <AccountRows items={found.value} row={(account) => <AccountRow account={account} />} />
      )}
    </>
  );
}
