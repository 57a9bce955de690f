// This phone's pairings, and its ear for their requests: made once, with the vault, the storage and the locks of the browser, the page's
// own sight and its connection.
import { effect } from '@preact/signals';
import { relayUrl, type Socket } from '../../protocol/connection.ts';
import { say } from '../parts/language.ts';
import { tell } from '../shell/state.ts';
import { vault } from '../vault/vault.ts';
import { requestsOf } from './listening.ts';
import { pairingsOf } from './pairings.ts';
import * as store from './stored.ts';

const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('computers');

export const pairings = pairingsOf({
  vault,
  store,
  inTurn: (work) => navigator.locks.request('computers', work),
  announce: () => others?.postMessage('changed'),
  now: () => Date.now(),
  companion: location.origin,
});
others?.addEventListener('message', () => void pairings.load());

export const requests = requestsOf({
  ...{ pairings, isUnlocked: vault.isUnlocked, readBoxes: store.readBoxes },
  connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
  isVisible: () => document.visibilityState === 'visible',
  now: () => Date.now(),
  after: (ms, work) => void setTimeout(work, ms),
  onEnded: (computer) => tell(say('computerEnded', { computer })),
});

export function startListening(): void {
  const { listen, hush, echo } = requests;
  document.addEventListener('visibilitychange', () => (document.hidden ? hush() : void listen()));
  window.addEventListener('pagehide', hush);
  window.addEventListener('pageshow', () => void listen());
  // The service worker hands on what a push carried.
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (typeof data?.push === 'string') void echo(data.push);
  });
  // A pairing that came or went changes where to listen.
  effect(() => {
    if (pairings.computers.value) void listen();
  });
  void listen();
}
