// The accounts that a request can be answered with: the site's own at once, all others behind a word and a search.
import { useSignal } from '@preact/signals';
import { bound } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { SiteName } from '../parts/site-name.tsx';
import { type Offer, siteOf } from '../vault/sites.ts';

interface Choosing {
  list: readonly Offer[];
  /** Id of the account that is chosen; empty for none. */
  chosen: string;
  onChoose: (id: string) => void;
}

/** Accounts to choose from; those of another address say which, and how near it is. */
export const Choices = (props: Choosing) => (
  <ul class="list">
    {props.list.map(({ account: { id, username, title }, site, nearness }) => (
      <li key={id}>
        <label class="choice">
          <input type="radio" name="account" checked={props.chosen === id} onChange={() => props.onChoose(id)} />
          <span>
            {username || title || '—'}
            {nearness !== 'same' && (
              <span class="hint">
                <br />
                {site ? <SiteName site={siteOf(site)} /> : title}
                {nearness === 'lookalike' && ` · ${say('lookalike')}`}
              </span>
            )}
          </span>
        </label>
      </li>
    ))}
  </ul>
);

/** How many accounts of other sites are offered before the person looks for one. */
const OTHERS_SHOWN = 30;

/** The rest of the accounts, found by typing where they are many. */
export function Others({ list, ...choosing }: Choosing) {
  const query = useSignal('');
  const wanted = query.value.toLowerCase();
  const fits = ({ account: { username, title, sites } }: Offer) =>
    [username, title, ...sites].some((text) => text.toLowerCase().includes(wanted));
  return (
    <details>
      <summary>{say('otherAccounts')}</summary>
      {list.length > OTHERS_SHOWN && (
        <input type="search" aria-label={say('search')} placeholder={say('search')} {...bound(query)} />
      )}
      <Choices list={list.filter(fits).slice(0, OTHERS_SHOWN)} {...choosing} />
    </details>
  );
}
