// The background without a browser around it: what it stores, the relays it connects to and the phones it remembers are in memory, and
// time passes when the test says so.
import type { Pairing, PairingStore } from '../../src/background/pairing-store.ts';
import type { Effects, SignIn } from '../../src/background/sign-in.ts';
import { SignIns } from '../../src/background/sign-ins.ts';
import type { SignInRecord } from '../../src/background/storage.ts';
import * as storage from '../../src/background/storage.ts';
import type { Surroundings } from '../../src/background/surroundings.ts';
import { viewOf } from '../../src/background/view.ts';
import type { Clock } from '../../src/protocol/clock.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import { randomBytes, toBase64, utf8 } from '../../src/protocol/encoding.ts';
import { newMail } from '../../src/protocol/mailbox.ts';
import { makeCode } from '../../src/protocol/new-code.ts';
import { pairingKey } from '../../src/protocol/pairing.ts';
import browser from '../fakes/browser.ts';
import { SITE } from '../fakes/tabs.ts';
import { PlayedClock } from './played-relay.ts';

export const NOW = 1_000_000_000;
export const RELAY = 'https://companion.example';

/** Time that passes by itself as soon as everything else stands still: whoever waits has waited. Not for what waits for a cipher. */
export class HurriedClock implements Clock {
  readonly #patience: number;
  #now = NOW;
  #timers: { at: number; run: () => void }[] = [];
  #stopped = false;

  /** @param patience what is to happen later than that never does, in milliseconds */
  constructor(patience = Number.POSITIVE_INFINITY) {
    this.#patience = patience;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    if (this.#stopped || ms > this.#patience) return () => {};
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    setImmediate(() => this.#pass());
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** The machine is away for `ms`: what falls due meanwhile comes afterwards. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#stopped = true;
    this.#timers = [];
  }

  #pass(): void {
    const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
    if (!next) return;
    this.#timers = this.#timers.filter((one) => one !== next);
    this.#now = Math.max(this.#now, next.at);
    next.run();
  }
}

/** Lets `ms` milliseconds pass, with everything that falls due in them. */
export function letPass(clock: PlayedClock, ms: number): void {
  for (const until = clock.now() + ms; clock.now() < until; ) clock.pass(until - clock.now());
}

/** Remembered phones in memory: what is read is a copy, as from a disk. */
function pairingsInMemory(): PairingStore {
  const stored = new Map<string, Pairing>();
  return {
    all: async () => structuredClone([...stored.values()]).sort((a, b) => b.usedAt - a.usedAt),
    find: async (id) => structuredClone(stored.get(id)),
    add: async (pairing) => void stored.set(pairing.id, structuredClone(pairing)),
    drop: async (id) => void stored.delete(id),
    async change(id, change) {
      const before = structuredClone(stored.get(id));
      if (!before) return undefined;
      stored.set(id, change(before));
      return structuredClone(stored.get(id));
    },
  };
}

/** What the pairing with a phone is called by. */
export const pairingId = (phone: string): string => toBase64(utf8(phone.padEnd(16)));

/** A remembered phone, as it is stored. */
export const pairingOf = async (phone: string, change: Partial<Pairing> = {}): Promise<Pairing> => ({
  id: pairingId(phone),
  name: `Phone ${phone}`,
  phone: `installation of ${phone}`,
  origin: RELAY,
  relay: RELAY,
  box: `box of ${phone}`,
  key: await pairingKey(new Uint8Array(32).fill(7)),
  addedAt: NOW,
  usedAt: NOW,
  ...change,
});

/** A connection to a relay: which, what was said, and how it is answered. */
interface Connection {
  relay: string;
  said: Record<string, unknown>[];
  tell(frame: object): void;
}

/** What is around the background, and what a test sees of it. */
interface Around<C extends Clock> extends Surroundings {
  clock: C;
  /** In the order in which they were opened. */
  connections: Connection[];
  /** The sign-ins of a worker that has just come to life. */
  signIns(effectsOf: (signIn: SignIn) => Effects): Promise<SignIns>;
}

/** How what a test has begun is ended. */
const ends: (() => Promise<void>)[] = [];

/** To be called after each test: what it left under way would go on to write what the next one reads. */
export async function endAll(): Promise<void> {
  for (const end of ends.splice(0)) await end();
}

/** Empties what the browser stores, puts a companion in force, and lays relays and phones around the background. */
export async function surround<C extends Clock = PlayedClock>(
  clock: C = new PlayedClock(NOW) as Clock as C,
): Promise<Around<C>> {
  await browser.storage.session.clear();
  await browser.storage.local.clear();
  Object.assign(browser, {
    alarms: { create: async () => {}, clear: async () => true },
    action: { setBadgeText: async () => {} },
    runtime: { getPlatformInfo: async () => ({}) },
  });
  await storage.writeCompanion({ relay: RELAY, phoneOrigin: RELAY, providers: [] });
  const connections: Connection[] = [];
  const begun: SignIns[] = [];
  ends.push(async () => {
    if (clock instanceof HurriedClock) clock.stop();
    for (const signIns of begun) for (const one of signIns.all()) await signIns.remove(one);
  });
  const around: Around<C> = {
    clock,
    connections,
    examinePhonePage: async () => {},
    pairings: pairingsInMemory(),
    visits: new Set(),
    async signIns(effectsOf) {
      const signIns = new SignIns(effectsOf, around);
      begun.push(signIns);
      await signIns.ready;
      return signIns;
    },
    connect(relay) {
      const said: Record<string, unknown>[] = [];
      const socket: Socket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (data) => void said.push(JSON.parse(data)),
        close() {},
      };
      connections.push({ relay, said, tell: (frame) => socket.onmessage?.({ data: JSON.stringify(frame) }) });
      queueMicrotask(() => socket.onopen?.(undefined as never));
      return socket;
    },
  };
  return around;
}

/** A sign-in that has just begun in a tab, by a code of its own. */
export async function recordFor(tabId: number, change: Partial<SignInRecord> = {}): Promise<SignInRecord> {
  const { sid, drawing, ...keys } = await makeCode(RELAY);
  return {
    view: { ...viewOf(sid, tabId, SITE, undefined, NOW), drawing },
    mail: newMail(toBase64(randomBytes(32))),
    relay: RELAY,
    keys,
    page: { mark: '', title: '', alert: '' },
    ...change,
  };
}
