// The list of accounts: found by typing, drawn only as far as it is in sight.
import { computed, signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Notice } from '../../ui/components.tsx';
import { install, isInstalled, isSafariOnPhone } from '../shell/offline.ts';
import { go, reason, say, trial } from '../shell/state.ts';
import { standing } from '../vault/backup.ts';
import type { Account } from '../vault/document.ts';
import { siteOf } from '../vault/sites.ts';
import { accounts, habits, openedOlder, recovery, setHabits } from '../vault/vault.ts';

/** A site in one line, the registrable domain set apart. */
export function SiteName({ origin }: { origin: string }) {
  const { before, domain, port, insecure } = siteOf(origin);
  return (
    <>
      {insecure && 'http://'}
      {before}
      <b>{domain}</b>
      {port}
    </>
  );
}

/** What an account is called: its title, or else its site. */
export const AccountName = ({ account }: { account: Account }) => {
  const [site] = account.sites;
  if (account.title) return <b>{account.title}</b>;
  return site ? <SiteName origin={site} /> : <b>{say('noSite')}</b>;
};

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

/** Below this, drawing all is faster than thinking. */
const ALL_BELOW = 60;
const ROW_REM = 4.5;
const MARGIN_ROWS = 12;

/** Rows of one height, of which only those in sight exist. A screen reader is told how many there are. */
function Rows({ items, row }: { items: readonly Account[]; row: (account: Account) => ComponentChildren }) {
  const list = useRef<HTMLUListElement>(null);
  const range = useSignal({ from: 0, to: ALL_BELOW });
  const windowed = items.length > ALL_BELOW;
  useEffect(() => {
    if (!windowed) return;
    const look = () => {
      const height = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, Math.floor(top / height) - MARGIN_ROWS);
      const to = Math.ceil((top + innerHeight) / height) + MARGIN_ROWS;
      // A new range only when the old one runs out, so that most frames of a scroll draw nothing.
      const { from: a, to: b } = range.value;
      if (Math.abs(from - a) > MARGIN_ROWS / 2 || Math.abs(to - b) > MARGIN_ROWS / 2) range.value = { from, to };
    };
    look();
    const stop = new AbortController();
    for (const event of ['scroll', 'resize']) addEventListener(event, look, { passive: true, signal: stop.signal });
    return () => stop.abort();
  }, [windowed, items.length]);
  const { from, to } = windowed ? range.value : { from: 0, to: items.length };
  return (
    <ul
      ref={list}
      class="list rows"
      style={windowed ? { blockSize: `${items.length * ROW_REM}rem`, position: 'relative' } : {}}
    >
      {items.slice(from, to).map((account, offset) => (
        <li
          key={account.id}
          aria-setsize={items.length}
          aria-posinset={from + offset + 1}
          style={
            windowed
              ? { position: 'absolute', insetBlockStart: `${(from + offset) * ROW_REM}rem`, insetInline: '0' }
              : {}
          }
        >
          {row(account)}
        </li>
      ))}
    </ul>
  );
}

/** One thing at a time that is worth knowing; each goes when it was read. */
function Hint() {
  const known = habits.value.hints;
  const hide = (hint: string) => void setHabits({ ...habits.value, hints: [...known, hint] });
  const { problem } = standing.value;
  if (openedOlder.value) return <Notice tone="warn">{say('openedOlder')}</Notice>;
  if (problem && problem !== 'unreachable') {
    return (
      <button type="button" class="notice bad" onClick={() => go({ at: 'backup' })}>
        {problem === 'backup-older' ? say('backupLooksOlder') : reason(problem)}
      </button>
    );
  }
  const offer = (hint: 'backupHint' | 'installHint' | 'safariHint', work?: () => void) => (
    <div class="notice hint-card">
      <p>{say(hint)}</p>
      <div class="row">
        {work && (
          <button type="button" class="quiet" onClick={work}>
            {say(hint === 'backupHint' ? 'makeSheet' : 'install')}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => hide(hint)}>
          {say('notNow')}
        </button>
      </div>
    </div>
  );
  if (!trial && recovery.value === '' && accounts.value.length > 0 && !known.includes('backupHint'))
    return offer('backupHint', () => go({ at: 'backup' }));
  if (install.value && !known.includes('installHint')) return offer('installHint', () => void install.value?.());
  if (isSafariOnPhone && !isInstalled() && !trial && !known.includes('safariHint')) return offer('safariHint');
  return null;
}

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
      <Hint />
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
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
          <p class="hidden-text" role="status">
            {query.value && say('foundCount', { count: found.value.length })}
          </p>
          {found.value.length === 0 && <p class="soft">{say('foundNone')}</p>}
          <Rows
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
