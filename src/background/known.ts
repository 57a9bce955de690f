// What lasts in this browser, as the popup shows it: remembered phones, sites that sign in by themselves or are
// allowed for good, stored split keys.
import browser from 'webextension-polyfill';
import type { Known } from '../extension/messages.ts';
import { siteOf } from '../extension/permissions.ts';
import { policyInForce } from '../extension/policy.ts';
import type { PairingStore } from './pairing-store.ts';
import { readSplitKeys } from './split-key.ts';
import * as storage from './storage.ts';

export async function known(pairings: PairingStore): Promise<Known> {
  const { phoneOrigin, providers } = await storage.readCompanion();
  const { noPairing } = await policyInForce();
  const phones = (await pairings.all()).map(({ id, name, addedAt, usedAt, origin }) => {
    return { id, name, addedAt, usedAt, here: origin === phoneOrigin && !noPairing };
  });
  const splitKeys = (noPairing ? [] : await readSplitKeys()).map(({ origin, provider, username }) => ({
    origin,
    provider,
    username,
  }));
  const automatic = await storage.readAutomatic();
  // What has a reason of its own is given back where that ends.
  const lent = [...automatic, ...(await storage.readLent())].map(({ origin }) => origin);
  const visits = await storage.readVisitLeave();
  const own = [...lent, ...(visits === undefined ? [] : [visits])].map(siteOf);
  const companionAllowed =
    phoneOrigin !== null && (await browser.permissions.contains({ origins: [siteOf(phoneOrigin)] }));
  const { origins = [] } = await browser.permissions.getAll();
  const allowed = origins.filter((pattern) => !own.includes(pattern));
  return { phones, automatic, allowed, splitKeys, companion: phoneOrigin, companionAllowed, providers };
}
