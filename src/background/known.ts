// What lasts in this browser, as the popup shows it: remembered phones, sites that sign in by themselves, stored split keys.
import type { Known } from '../extension/messages.ts';
import type { PairingStore } from './pairing-store.ts';
import { readSplitKeys } from './split-key.ts';
import * as storage from './storage.ts';

export async function known(pairings: PairingStore): Promise<Known> {
  const { phoneOrigin, providers } = await storage.readCompanion();
  const phones = (await pairings.all()).map(({ id, name, addedAt, usedAt, origin }) => {
    return { id, name, addedAt, usedAt, here: origin === phoneOrigin };
  });
  const splitKeys = (await readSplitKeys()).map(({ origin, provider, username }) => ({ origin, provider, username }));
  return { phones, automatic: await storage.readAutomatic(), splitKeys, companion: phoneOrigin, providers };
}
