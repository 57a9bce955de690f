// What an account is called: its title, or else its site.

import { say } from '../../parts/language.ts';
import { SiteName } from '../../parts/site-name.tsx';
import type { Account } from '../../vault/document.ts';
import { siteOf } from '../../vault/sites.ts';

export const AccountName = ({ account }: { account: Account }) => {
  const [site] = account.sites;
  if (account.title) return <b>{account.title}</b>;
  return site ? <SiteName site={siteOf(site)} /> : <b>{say('noSite')}</b>;
};
