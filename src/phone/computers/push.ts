// Waking the phone: the browser's own push service, asked for by the person, and never needed.
import * as v from 'valibot';
import { fromBase64 } from '../../protocol/encoding.ts';
import { CompanionInfo } from '../../protocol/relay.ts';
import { trial } from '../state.ts';
import { reachBy } from './calls.ts';

/** Whether this browser could be woken at all. */
export const canBeWoken = (): boolean =>
  !trial && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Whether the person has allowed it before. */
export const mayBeWoken = (): boolean => canBeWoken() && Notification.permission === 'granted';

/** Asks the person and the browser, and tries it out. @returns whether a push came through */
export async function wake(): Promise<boolean> {
  if (!canBeWoken() || (await Notification.requestPermission()) !== 'granted') return false;
  try {
    const info = v.parse(CompanionInfo, await (await fetch('/v1/companion')).json());
    if (!info.pushKey) return false;
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: fromBase64(info.pushKey) };
    // A subscription under another companion's key cannot be used with this one.
    const subscription = await pushManager.subscribe(options).catch(async () => {
      await (await pushManager.getSubscription())?.unsubscribe();
      return pushManager.subscribe(options);
    });
    return await reachBy(subscription);
  } catch {
    // No push service in this browser, or none that can be reached.
    return false;
  }
}
