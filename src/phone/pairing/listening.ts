// Sign-in requests of remembered browsers: heard of while the page is in sight, whether the vault is open or not. A page that is
// opened shows what waits; where the browser can be woken by push, it is.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { Connection, type Socket } from '../../protocol/connection.ts';
import type { LaterFrame, PairingEnd } from '../../protocol/relay.ts';
import type { Pairings, WaitingRequest } from './pairings.ts';
import type { Box } from './stored.ts';

/** How long something that is to be said waits for the connection. */
const CONNECT_MS = 5_000;
/** How long a push may take to come through. */
const PUSH_MS = 15_000;
/** How long the end of a pairing waits for a companion that does not answer. */
const END_MS = 10_000;

export interface Surroundings {
  pairings: Pick<Pairings, 'computers' | 'load' | 'remove' | 'silence'>;
  isUnlocked: ReadonlySignal<boolean>;
  /** To the relay of the companion that serves this page, which is that of all its pairings. */
  connect(): Socket;
  /** Where to listen; known while the vault is locked, too. */
  readBoxes(): Promise<Box[]>;
  /** Whether anybody looks at the page. */
  isVisible(): boolean;
  now(): number;
  after(ms: number, work: () => void): void;
  /** A browser has given its pairing up. @param name what the person calls it */
  onEnded(name: string): void;
}

export interface Requests {
  /** Those that wait for this phone; of a computer that was declined just now, none. */
  readonly waitingRequests: ReadonlySignal<readonly WaitingRequest[]>;
  /** This phone has taken it up: it waits no more, even before the companion says so. @returns whether it waited until now */
  takeUp(request: WaitingRequest): boolean;
  /** Listens at the boxes that there are, if anybody looks at the page. */
  listen(): Promise<void>;
  /**
   * Stops at once: a page that is left is frozen in the middle of whatever it awaits, its connection and all, and a phone that
   * seems to listen is not woken.
   */
  hush(): void;
  /** The person declined: the computer is silent for a minute, here and at the companion. */
  quiet(id: string): Promise<void>;
  /** A pairing is over: here at once, for the browser at its next request. */
  endPairing(id: string, why: PairingEnd): Promise<void>;
  /** Hands a push subscription to the companion. @returns whether a push came through */
  reachBy(push: { endpoint: string; p256dh: string; auth: string }): Promise<boolean>;
  /** The proof that a push came through: what it carried. */
  echo(nonce: string): Promise<void>;
}

export function requestsOf({ pairings, isUnlocked, connect, readBoxes, isVisible, ...edge }: Surroundings): Requests {
  const { computers } = pairings;
  const heard = signal<readonly WaitingRequest[]>([]);
  const taken = signal<ReadonlySet<string>>(new Set());
  /** Pairings that were given up over there while the vault was locked here. */
  const over = new Map<string, PairingEnd>();
  /** Those who wait for a push to come through. */
  const provers = new Set<(through: boolean) => void>();
  /** Those who have something to say once the connection is up. */
  const speakers = new Set<() => void>();
  let connection: Connection | undefined;
  let listensAt = '';

  async function forget(box: string, why: PairingEnd): Promise<void> {
    over.set(box, why);
    if (!isUnlocked.value) return;
    await pairings.load();
    const computer = computers.value.find((one) => one.box === box);
    // One that was suspended here stays to be read about.
    if (!computer || (why === 'suspended' && computer.state.suspended)) return;
    await pairings.remove(computer.id);
    over.delete(box);
    edge.onEnded(computer.name);
  }

  function hush(): void {
    listensAt = '';
    connection?.stop();
    connection = undefined;
    heard.value = [];
  }

  async function listen(): Promise<void> {
    const boxes = await readBoxes();
    const wanted = isVisible() && boxes.length > 0 ? JSON.stringify(boxes) : '';
    if (wanted === listensAt) return;
    hush();
    listensAt = wanted;
    if (!wanted) return;
    const mine = new Connection({
      connect,
      introduction: () => ({ t: 'listen', boxes }),
      async onFrame(frame) {
        if (mine !== connection) return;
        if (frame.t === 'pushing') for (const settle of provers) settle(frame.on);
        if (frame.t !== 'calls') return;
        heard.value = frame.calls;
        for (const { box, why } of frame.ended) await forget(box, why);
      },
      onStatus(up) {
        if (up && mine === connection) for (const speak of speakers) speak();
      },
      async onGone() {
        listensAt = '';
      },
    });
    connection = mine;
  }

  /** Says something to the companion, once the connection is up. @returns whether it was said */
  async function send(frame: LaterFrame): Promise<boolean> {
    await listen();
    if (!connection?.up)
      await new Promise<void>((resolve) => {
        const speak = () => {
          speakers.delete(speak);
          resolve();
        };
        speakers.add(speak);
        edge.after(CONNECT_MS, speak);
      });
    if (!connection?.up) return false;
    connection.send(frame);
    return true;
  }

  effect(() => {
    if (!isUnlocked.value) return;
    void pairings.load().then(async () => {
      for (const [box, why] of over) await forget(box, why);
    });
  });

  return {
    waitingRequests: computed(() => {
      const silent = new Set(computers.value.filter(({ quietUntil }) => quietUntil > edge.now()).map(({ box }) => box));
      return heard.value.filter(({ box, sid }) => !silent.has(box) && !taken.value.has(sid));
    }),
    listen,
    hush,

    takeUp({ sid }) {
      if (taken.value.has(sid)) return false;
      taken.value = new Set(taken.value).add(sid);
      return true;
    },

    async quiet(id) {
      const box = computers.value.find((one) => one.id === id)?.box;
      await pairings.silence(id);
      if (box) await send({ t: 'quiet', box });
    },

    async endPairing(id, why) {
      const box = computers.value.find((one) => one.id === id)?.box;
      if (why === 'ended') await pairings.remove(id);
      if (!box) return;
      await new Promise<void>((resolve) => {
        const telling = new Connection({
          connect,
          introduction: () => ({ t: 'end-link', box, why }),
          async onFrame() {
            telling.stop();
            resolve();
          },
          async onGone() {
            resolve();
          },
        });
        // A companion that cannot be reached hears nothing. The browser's requests are refused here all the same.
        edge.after(END_MS, () => {
          telling.stop();
          resolve();
        });
      });
    },

    async reachBy(push) {
      const proved = new Promise<boolean>((resolve) => {
        const settle = (through: boolean) => {
          provers.delete(settle);
          resolve(through);
        };
        provers.add(settle);
        edge.after(PUSH_MS, () => settle(false));
      });
      return (await send({ t: 'push', push })) && proved;
    },

    async echo(nonce) {
      await send({ t: 'echo', nonce });
    },
  };
}
