// This phone's sign-ins: made once, with its vault, its pairings and the page's own connection.
import { ask } from '../../protocol/ask.ts';
import { systemClock } from '../../protocol/clock.ts';
import { relayUrl, type Socket } from '../../protocol/connection.ts';
import { providerOfApp } from '../../protocol/providers.ts';
import { readInstallation } from '../pairing/stored.ts';
import { pairings, requests } from '../pairing/this-phone.ts';
import { say } from '../parts/language.ts';
import { insideApp } from '../shell/state.ts';
import { accounts, hasVault, identityOr, isFresh, phoneName, vault } from '../vault/vault.ts';
import { codeFromDingTalk } from './dingtalk-code.ts';
import { inAppOf } from './in-app.ts';
import { identityOf } from './prove-identity.ts';
import { signInsOf } from './sign-ins.ts';
import * as stored from './stored.ts';

const companion = location.origin;

export const { signIn, approval, rejected, alarmed, scanned, takeLink, takeRequest, resume } = signInsOf({
  ...{ companion, insideApp, vault, accounts, isFresh, pairings, requests },
  connect: () => new WebSocket(relayUrl(companion)) as Socket,
  clock: systemClock,
  whileAlone: (work) => navigator.locks.request('sign-in', work),
  hasVault: () => (typeof hasVault.value === 'boolean' ? hasVault.value : undefined),
  nameOfPhone: () => phoneName.value || say('defaultPhone'),
  identity: identityOf({ companion, ask, identityOr }),
  store: { ...stored, readInstallation },
});

export const inApp = inAppOf({
  ...{ ask, codeFromDingTalk },
  app: providerOfApp(navigator.userAgent),
  tab: sessionStorage,
  leaveFor: (address) => location.assign(address),
});
