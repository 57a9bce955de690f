// This phone's pairings: made once, with the vault, the storage and the locks of the browser.
import { vault } from '../vault/vault.ts';
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

export type { WaitingRequest } from './pairings.ts';
export const {
  computers,
  load: loadComputers,
  add: addComputer,
  confirm: confirmComputer,
  rename: renameComputer,
  silence,
  remove: removeComputer,
  answer: answerRequest,
  takeRequest,
} = pairings;
