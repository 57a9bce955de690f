// The accounts that a request can be answered with, in a sheet of their own: the site's at once, all others behind a word and a search.
import { useSignal } from '@preact/signals';
import { Check } from 'lucide';
import { Notice } from '../../ui/components.tsx';
import { Icon } from '../../ui/icon.tsx';
import { BottomSheet } from '../parts/bottom-sheet.tsx';
import { bound } from '../parts/form.tsx';
import { say } from '../parts/language.ts';
import { Monogram } from '../parts/monogram.tsx';
import { SiteName } from '../parts/site-name.tsx';
import { type Offer, siteOf } from '../vault/sites.ts';

interface Choosing {
  list: readonly Offer[];
  /** Id of the account that is chosen; empty for none. */
  chosen: string;
  onChoose: (id: string) => void;
}

/** Accounts to choose from; those of another address say which, and how near it is. */
const Choices = (props: Choosing) => (
  <ul class="list">
    {props.list.map(({ account: { id, username, title }, site, nearness }) => (
      <li key={id}>
        <button
          type="button"
          class="account"
          aria-current={props.chosen === id ? 'true' : undefined}
          onClick={() => props.onChoose(id)}
        >
          <Monogram of={site ? siteOf(site).domain : title} />
          <span class="what">
            {username || title || '—'}
            {nearness !== 'same' && (
              <span class="hint">
                {site ? <SiteName site={siteOf(site)} /> : title}
                {nearness === 'lookalike' && ` · ${say('lookalike')}`}
              </span>
            )}
          </span>
          {props.chosen === id && <Icon of={Check} />}
        </button>
      </li>
    ))}
  </ul>
);

/** How many accounts of other sites are offered before the person looks for one. */
const OTHERS_SHOWN = 30;

/** The rest of the accounts, found by typing where they are many. */
function Others({ list, ...choosing }: Choosing) {
  const query = useSignal('');
  const wanted = query.value.toLowerCase();
  const fits = ({ account: { username, title, sites } }: Offer) =>
    [username, title, ...sites].some((text) => text.toLowerCase().includes(wanted));
  const found = list.filter(fits).slice(0, OTHERS_SHOWN);
  return (
    <details>
      <summary>{say('otherAccounts')}</summary>
      {list.length > OTHERS_SHOWN && (
        <input type="search" aria-label={say('search')} placeholder={say('search')} {...bound(query)} />
      )}
      {found.length > 0 ? (
        <Choices list={found} {...choosing} />
      ) : (
        <p class="soft">{say('foundNone', { words: query.value })}</p>
      )}
    </details>
  );
}

/** That an address only resembles one that an account is kept for. */
export const Lookalike = ({ site }: { site: string }) => (
  <Notice tone="bad">{say('looksLike', { site: new URL(site).host })}</Notice>
);

/**
 * @param onChoose is given an account's id
 * @param onAdd the person wants a new one for the site
 * @param onCancel it stays as it was
 */
export const ChooseAccount = (props: {
  offered: readonly Offer[];
  others: readonly Offer[];
  /** The site of an account that this address only resembles. */
  lookalike: string | undefined;
  chosen: string;
  onChoose: (id: string) => void;
  onAdd: () => void;
  onCancel: () => void;
}) => (
  <BottomSheet
    foot={
      <button type="button" onClick={props.onCancel}>
        {say('cancel')}
      </button>
    }
  >
    <h1>{say('chooseAccount')}</h1>
    {props.lookalike && <Lookalike site={props.lookalike} />}
    {props.offered.length > 0 && <Choices list={props.offered} chosen={props.chosen} onChoose={props.onChoose} />}
    <button type="button" class="quiet" onClick={props.onAdd}>
      {say('addHere')}
    </button>
    {props.others.length > 0 && <Others list={props.others} chosen={props.chosen} onChoose={props.onChoose} />}
  </BottomSheet>
);
