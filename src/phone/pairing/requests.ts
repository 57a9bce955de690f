// This phone's ear for sign-in requests: made once, with the page's own sight and connection.
import { effect } from '@preact/signals';
import { relayUrl, type Socket } from '../../protocol/connection.ts';
import { say } from '../parts/language.ts';
import { tell } from '../shell/state.ts';
import { isUnlocked } from '../vault/vault.ts';
import { computers, pairings } from './computers.ts';
import { requestsOf } from './listening.ts';
import { readBoxes } from './stored.ts';

const requests = requestsOf({
  ...{ pairings, isUnlocked, readBoxes },
  connect: () => new WebSocket(relayUrl(location.origin)) as Socket,
  isVisible: () => document.visibilityState === 'visible',
  now: () => Date.now(),
  after: (ms, work) => void setTimeout(work, ms),
  onEnded: (computer) => tell(say('computerEnded', { computer })),
});
export const { waitingRequests, takeUp, quiet, endPairing, reachBy } = requests;

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
    if (computers.value) void listen();
  });
  void listen();
}
