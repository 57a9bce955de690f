// What our own script in a page says: that a sign-in page has come up, or that the person has typed a login. Who of them is listened to
// is decided here.
import type { Runtime } from 'webextension-polyfill';
import type { PageMessage } from '../extension/messages.ts';
import { pageArrived, type RequestDependencies } from './request-phone.ts';

/** Makes a phone ring where the person wants that, and offers what they have typed to be saved. */
export async function hearPage(
  dependencies: RequestDependencies,
  message: PageMessage,
  { tab, frameId, url }: Runtime.MessageSender,
): Promise<void> {
  if (tab?.id === undefined || tab.incognito || frameId !== 0 || !url) return;
  const { signIns, saveOffers } = dependencies;
  await signIns.ready;
  const { origin } = new URL(url);
  if (message.t === 'arrived') return pageArrived(dependencies, tab.id, origin, message.fromSite);
  // Without a phone to save it to, it is not even taken into memory.
  if ((await signIns.surroundings.pairings.all()).length === 0) return;
  // Who types by hand wants no phone any more. A click and the sending that it leads to are told both, and taken in as they come: the
  // first, were it to wait for the phone's "no", would come back after the person has dropped the second.
  const givenUp = message.saves === 'name' ? undefined : signIns.giveUp(tab.id);
  await Promise.all([saveOffers.hear(tab.id, origin, message), givenUp]);
}
