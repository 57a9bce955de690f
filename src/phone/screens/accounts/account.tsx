// One account, to read and copy from.
import { Pencil, Star } from 'lucide';
import { codeOf } from '../../../protocol/errors.ts';
import { foreign } from '../../../ui/foreign.ts';
import { AppBar, IconButton } from '../../parts/app-bar.tsx';
import { dateOf, reason, say } from '../../parts/language.ts';
import { SiteName } from '../../parts/site-name.tsx';
import { go, tell } from '../../shell/state.ts';
import { WrongClock } from '../../sign-in/cautions.tsx';
import type { Account } from '../../vault/document.ts';
import { siteOf } from '../../vault/sites.ts';
import { accounts } from '../../vault/vault.ts';
import { CodeLine, Line } from './account-line.tsx';
import { AccountName } from './account-name.tsx';

/** Changes an account by one tap; a failure is told where the tap's effect would have been. */
export const changeByTap = (id: string, fn: (account: Account | undefined) => Account | undefined): void => {
  accounts.change(id, fn).catch((error: unknown) => tell(reason(codeOf(error, 'storage-failed'))));
};

export function ViewAccount({ id }: { id: string }) {
  const account = accounts.value.find((one) => one.id === id);
  if (!account) return null;
  return (
    <>
      <AppBar title={<AccountName account={account} />} onBack={() => go({ at: 'list' })}>
        <IconButton
          class="favourite"
          icon={Star}
          label={say('favouriteMake')}
          pressed={account.favourite}
          onClick={() =>
            changeByTap(id, (one) => one && { ...one, favourite: !account.favourite, changedAt: Date.now() })
          }
        />
        <IconButton class="edit" icon={Pencil} label={say('edit')} onClick={() => go({ at: 'edit', id, site: '' })} />
      </AppBar>
      <main>
        <section class="lines">
          {account.sites.map((site) => (
            <p key={site}>
              <SiteName site={siteOf(site)} />
            </p>
          ))}
          {account.username && <Line label={say('username')} value={account.username} />}
          {account.password && <Line label={say('password')} value={account.password} secret />}
          {account.totp && <CodeLine seed={account.totp} />}
          {account.tenant && <Line label={say('tenantShort')} value={account.tenant} />}
          {account.notes && (
            <div class="line">
              <div>
                <span class="label">{say('notes')}</span>
                <span class="notes">{account.notes}</span>
              </div>
            </div>
          )}
        </section>
        {account.totp && <WrongClock />}
        {account.usedAt > 0 && <LastUse account={account} />}
        {account.history.length > 0 && (
          <details>
            <summary>{say('history', { count: account.history.length })}</summary>
            {account.history.map(({ password, until }) => (
              <Line key={`${until}${password}`} label={say('until', { date: dateOf(until) })} value={password} secret />
            ))}
          </details>
        )}
      </main>
    </>
  );
}

/** When and to what computer it was last given, and the way to take that back: where the site changes passwords (W3C change-password-url). */
function LastUse({ account: { usedAt, usedOn, sites } }: { account: Account }) {
  const date = dateOf(usedAt);
  const computer = usedOn && say('computer', { browser: foreign(usedOn.browser), os: foreign(usedOn.os) });
  const [site] = sites;
  return (
    <>
      <p class="soft">{computer ? say('usedOn', { date, computer }) : say('usedLast', { date })}</p>
      {site && (
        <button
          type="button"
          class="quiet"
          onClick={() => open(new URL('/.well-known/change-password', site), '_blank', 'noreferrer')}
        >
          {say('usedNotMe', { site: new URL(site).host })}
        </button>
      )}
    </>
  );
}
