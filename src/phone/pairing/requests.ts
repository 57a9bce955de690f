// Calls of remembered browsers: heard of while the page is in sight, whether the vault is open or not. A page that is opened shows
// what waits; where the browser can be woken by push, it is.
import { computed, effect, signal } from '@preact/signals';
import { Connection, relayUrl, type Socket } from '../../protocol/connection.ts';
import type { LaterFrame, PairingEnd } from '../../protocol/relay.ts';
import { say } from '../parts/language.ts';
import { tell } from '../shell/state.ts';
import * as storage from '../shell/storage.ts';
import { isUnlocked } from '../vault/vault.ts';
import { type Call, computers, loadComputers, removeComputer, silence } from './computers.ts';

const heard = signal<readonly Call[]>([]);
const taken = signal<ReadonlySet<string>>(new Set());
/** Calls that wait for this phone, those of a computer that was declined just now left out. */
export const calls = computed(() => {
  const quiet = new Set(computers.value.filter(({ quietUntil }) => quietUntil > Date.now()).map(({ box }) => box));
  return heard.value.filter(({ box, sid }) => !quiet.has(box) && !taken.value.has(sid));
});

/** This phone has taken the call up: it waits no more, even before the companion says so. @returns whether it waited until now */
export function takeUp({ sid }: Call): boolean {
  if (taken.value.has(sid)) return false;
  taken.value = new Set(taken.value).add(sid);
  return true;
}

/** Whether the companion can wake this phone; undefined while it has not said. */
export const pushing = signal<boolean | undefined>(undefined);
const nonce = new Set<(value: boolean) => void>();

let line: Connection | undefined;
let at = '';

/**
 * Stops at once: a page that is left is frozen in the middle of whatever it awaits, its connection and all, and a phone that seems
 * to listen is not woken.
 */
function hush(): void {
  at = '';
  line?.stop();
  line = undefined;
  heard.value = [];
}

/** Listens at the boxes that there are, if anybody looks at the page. */
export async function listen(): Promise<void> {
  const boxes = await storage.readBoxes();
  const wanted = document.visibilityState === 'visible' && boxes.length > 0 ? JSON.stringify(boxes) : '';
  if (wanted === at) return;
  hush();
  at = wanted;
  if (!wanted) return;
  const mine = new Connection({
    connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
    introduction: () => ({ t: 'listen', boxes }),
    async onFrame(frame) {
      if (mine !== line) return;
      if (frame.t === 'pushing') {
        pushing.value = frame.on;
        for (const settle of nonce) settle(frame.on);
      }
      if (frame.t !== 'calls') return;
      heard.value = frame.calls;
      for (const { box, why } of frame.ended) await forget(box, why);
    },
    async onGone() {
      at = '';
    },
  });
  line = mine;
}

const over = new Map<string, PairingEnd>();
/** A computer has given the link up; a locked vault is told when it is opened. */
async function forget(box: string, why: PairingEnd): Promise<void> {
  over.set(box, why);
  if (!isUnlocked.value) return;
  await loadComputers();
  const computer = computers.value.find((one) => one.box === box);
  // A link that was suspended here stays to be read about.
  if (!computer || (why === 'suspended' && computer.state.suspended)) return;
  await removeComputer(computer.id);
  over.delete(box);
  tell(say('computerEnded', { computer: computer.name }));
}

/** Says something on the line, once it is up. */
async function send(frame: LaterFrame): Promise<boolean> {
  await listen();
  for (let waited = 0; waited < 50 && !line?.up; waited++) await new Promise((resolve) => setTimeout(resolve, 100));
  if (!line?.up) return false;
  line.send(frame);
  return true;
}

/** The person declined: the computer is silent for a minute, here and at the companion. */
export async function quiet(id: string): Promise<void> {
  const box = computers.value.find((one) => one.id === id)?.box;
  await silence(id);
  if (box) await send({ t: 'quiet', box });
}

/** A link is over: here at once, for the browser at its next call. */
export async function endLink(id: string, why: PairingEnd): Promise<void> {
  const box = computers.value.find((one) => one.id === id)?.box;
  if (why === 'ended') await removeComputer(id);
  if (!box) return;
  await new Promise<void>((resolve) => {
    const telling = new Connection({
      connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
      introduction: () => ({ t: 'end-link', box, why }),
      async onFrame() {
        telling.stop();
        resolve();
      },
      async onGone() {
        resolve();
      },
    });
    // A companion that cannot be reached hears nothing. The browser's calls are refused here all the same.
    setTimeout(() => {
      telling.stop();
      resolve();
    }, 10_000);
  });
}

/** Hands the browser's push subscription to the companion. @returns whether a push came through */
export async function reachBy(subscription: PushSubscription): Promise<boolean> {
  const { endpoint, keys } = subscription.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) return false;
  const proved = new Promise<boolean>((resolve) => {
    const settle = (on: boolean) => {
      nonce.delete(settle);
      resolve(on);
    };
    nonce.add(settle);
    setTimeout(() => settle(false), 15_000);
  });
  const push = { endpoint, p256dh: keys.p256dh, auth: keys.auth };
  return (await send({ t: 'push', push })) && proved;
}

export function startCalls(): void {
  document.addEventListener('visibilitychange', () => (document.hidden ? hush() : void listen()));
  window.addEventListener('pagehide', hush);
  window.addEventListener('pageshow', () => void listen());
  // The proof that a push comes through: the service worker hands on what it carried.
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (typeof data?.push === 'string') void send({ t: 'echo', nonce: data.push });
  });
  effect(() => {
    if (!isUnlocked.value) return;
    void loadComputers().then(async () => {
      for (const [box, why] of over) await forget(box, why);
    });
  });
  // A link that came or went changes where to listen.
  effect(() => {
    if (computers.value) void listen();
  });
  void listen();
}
