// What the background has around it besides the browser, as an argument: time, the way to a relay, the phones on the disk.
import type { Clock } from '../protocol/clock.ts';
import type { Socket } from '../protocol/connection.ts';
import type { PairingStore } from './pairing-store.ts';

export interface Surroundings {
  clock: Clock;
  /** Opens a connection to the relay of the companion at that address. */
  connect(relay: string): Socket;
  /** Throws why the phone page of the companion at that address cannot be used. */
  examinePhonePage(relay: string): Promise<void>;
  pairings: PairingStore;
  /** Visits to a provider that go on, one entry each: they share the leave to see where they end. */
  visits: Set<symbol>;
}
