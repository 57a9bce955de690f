// Waking the phone: the browser's own push service, asked for by the person, and never needed.
import { ask } from '../../protocol/ask.ts';
import { fromBase64, sha256, toBase64, utf8 } from '../../protocol/encoding.ts';
import { CompanionInfo } from '../../protocol/relay.ts';
import { trial } from '../shell/state.ts';
import { pairings, requests } from './this-phone.ts';

const WOKEN_KEY = 'woken';

/** Whether this browser could be woken at all. */
export const canBeWoken = (): boolean =>
  !trial && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Whether the person allows it. */
const mayBeWoken = (): boolean => canBeWoken() && Notification.permission === 'granted';
/** Whether a push has come through before. */
export const isWoken = (): boolean => mayBeWoken() && localStorage.getItem(WOKEN_KEY) !== null;

/** What the companion has to know, this browser's address for these computers, as a fingerprint. */
const stateOf = async ({ endpoint }: PushSubscription): Promise<string> =>
  toBase64(await sha256(utf8(JSON.stringify([endpoint, pairings.computers.value.map(({ box }) => box).sort()]))));

async function prove(subscription: PushSubscription): Promise<boolean> {
  const { endpoint, keys } = subscription.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) return false;
  const proved = await requests.reachBy({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
  if (proved) localStorage.setItem(WOKEN_KEY, await stateOf(subscription));
  return proved;
}

/** A computer came to those that may wake this phone, or the browser has another address: the companion hears of it. */
export async function stayWoken(): Promise<void> {
  if (!isWoken()) return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.getSubscription();
  if (subscription && localStorage.getItem(WOKEN_KEY) !== (await stateOf(subscription))) await prove(subscription);
}

/** Asks the person and the browser, and tries it out. @returns whether a push came through */
export async function wake(): Promise<boolean> {
  if (!canBeWoken() || (await Notification.requestPermission()) !== 'granted') return false;
  try {
    const info = await ask(CompanionInfo, '/v1/companion');
    if (!info.pushKey) return false;
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: fromBase64(info.pushKey) };
    // A subscription under another companion's key cannot be used with this one.
    const subscription = await pushManager.subscribe(options).catch(async () => {
      await (await pushManager.getSubscription())?.unsubscribe();
      return pushManager.subscribe(options);
    });
    return await prove(subscription);
  } catch {
    // No push service in this browser, or none that can be reached.
    return false;
  }
}
