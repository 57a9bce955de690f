// Random schedules of misfortune over sign-ins that go on beside each other, with real processes and real sockets: companions and Redis
// killed, frozen, cut off, replaced, their clocks moved; workers that die, pages that are reloaded, thieves. Each schedule follows from
// its number: `SCHEDULES=500 SCHEDULE=1 npx vitest run --project redis tests/faults/schedules.test.ts` plays 500 from number 1 on.

import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { hashOf } from '../../server/store/hashes.ts';
import { type Clock, systemClock } from '../../src/protocol/clock.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { makeCode, type NewCode } from '../../src/protocol/new-code.ts';
import { LIMITS, type Role } from '../../src/protocol/relay.ts';
import { TIMES } from '../../src/protocol/session/types.ts';
import { EXTENSION, newToken } from '../companion/party.ts';
import { BothEnds, ORIGIN } from '../unit/both-ends.ts';
import { clustered, embedded, type Fleet, HOST } from './fleet.ts';

const SCHEDULES = Number(process.env.SCHEDULES ?? 3);
const FIRST = Number(process.env.SCHEDULE ?? 1);
/** That many sign-ins go on at once; where one has ended, the next begins. */
const SEATS = 10;
/** How long misfortune lasts. */
const LASTS_MS = 1_500;

const ms = fc.integer({ min: 20, max: 400 });
const signIn = fc.nat(SEATS - 1);
const node = fc.nat(1);
const hour = fc.constantFrom(-3_600_000, 3_600_000);
const fault = <T extends string, F extends object>(t: T, more: { [K in keyof F]: fc.Arbitrary<F[K]> }) =>
  fc.record({ t: fc.constant(t), at: fc.nat(LASTS_MS), ...more }) as fc.Arbitrary<{ t: T; at: number } & F>;
const faults = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fault('kill', { node }) },
    { weight: 1, arbitrary: fault('deploy', { node }) },
    { weight: 2, arbitrary: fault('freeze', { node, ms }) },
    { weight: 2, arbitrary: fault('stall', { ms }) },
    { weight: 2, arbitrary: fault('crash', {}) },
    { weight: 1, arbitrary: fault('fail-over', {}) },
    { weight: 3, arbitrary: fault('partition', { node, ms, cut: fc.boolean() }) },
    { weight: 1, arbitrary: fault('move-clock', { node, by: hour }) },
    { weight: 5, arbitrary: fault('cut', { signIn }) },
    { weight: 2, arbitrary: fault('kill-worker', { signIn }) },
    { weight: 2, arbitrary: fault('doom', { signIn, saves: fc.nat(6), stored: fc.boolean() }) },
    { weight: 2, arbitrary: fault('reload', { signIn }) },
    { weight: 1, arbitrary: fault('decline', { signIn }) },
    { weight: 1, arbitrary: fault('too-late', { signIn }) },
    { weight: 2, arbitrary: fault('thief', { signIn }) },
  ),
  { minLength: 6, maxLength: 24 },
);
type Fault = typeof faults extends fc.Arbitrary<(infer F)[]> ? F : never;

/** A sign-in from an address of its own; whoever comes back goes to any of the companions. */
class SignIn extends BothEnds {
  readonly #sockets: Set<WebSocket>;
  readonly #sent = new Set<string>();
  /** Messages that were sent another time, since nobody had said that they had come. */
  sentAgain = 0;
  readonly #skew: { ms: number };
  readonly sid: string;
  /** What it may come to besides being signed in. */
  declined = false;
  hurt: number | undefined;
  /** When its code was made, ms since 1970, and how long it went on. */
  readonly made = Date.now();
  lasted = 0;
  /** Delivered before its time was over. */
  inTime: number | undefined;

  constructor(fleet: Fleet, number: number, code: NewCode) {
    const sockets = new Set<WebSocket>();
    const skew = { ms: 0 };
    const address = `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`;
    // Whoever waits to try again does so ten times sooner than before a screen: nothing else is decided by that.
    const clock: Clock = {
      now: () => Date.now() + skew.ms,
      after: (wait, run) => systemClock.after(wait < 6_000 ? wait / 10 : wait, run),
    };
    super({
      clock,
      code,
      tokens: { b: newToken(), p: newToken() },
      name: `password-${number}`,
      connect: (role) => () => reach(fleet, role, address, sockets, (frame) => this.#count(role, frame)),
    });
    this.sid = code.sid;
    this.#sockets = sockets;
    this.#skew = skew;
  }

  #count(role: Role, frame: string): void {
    const { t, n } = JSON.parse(frame);
    if (t !== 'send') return;
    const one = `${role} ${n}`;
    if (this.#sent.has(one)) this.sentAgain++;
    this.#sent.add(one);
  }

  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async decline(): Promise<void> {
    if (!(await this.phone.apply({ t: 'decline' }))) return;
    this.declined = true;
    this.hurt ??= Date.now();
  }

  /** Six minutes pass at once for both. */
  async tooLate(): Promise<void> {
    this.hurt ??= Date.now();
    this.#skew.ms += 360_000;
    await this.tick();
    this.inTime ??= this.delivered.length;
  }
}

/** A connection to any of the companions, through a proxy that says from where. */
function reach(
  { nodes }: Fleet,
  role: Role,
  address: string,
  all: Set<WebSocket>,
  sends: (frame: string) => void = () => {},
): Socket {
  const { port } = nodes[Math.floor(Math.random() * nodes.length)] as Fleet['nodes'][number];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/relay`, {
    origin: role === 'b' ? EXTENSION : `https://${HOST}`,
    headers: { host: HOST, 'x-forwarded-for': address },
    handshakeTimeout: 2_000,
  });
  all.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => all.delete(socket));
  const send = socket.send.bind(socket);
  socket.send = (frame: string) => {
    sends(frame);
    send(frame);
  };
  return socket as unknown as Socket;
}

/** Somebody who has read the code over a shoulder, after its own phone, or has made up a token: what he is told. */
async function thief(fleet: Fleet, { sid, phone }: SignIn, told: string[]): Promise<void> {
  const all = new Set<WebSocket>();
  const frames = [
    { t: 'resume', sid, role: 'b', token: newToken(), lastSeen: -1 },
    { t: 'resume', sid, role: 'p', token: newToken(), lastSeen: -1 },
    // (Whoever is first with the code is the phone.)
    ...(phone.session.shown ? [{ t: 'join', sid, tokenHash: await tokenHash(newToken()) }] : []),
  ];
  for (const frame of frames) {
    const socket = reach(fleet, 'p', '2001:db8:ffff::1', all);
    socket.onopen = () => socket.send(JSON.stringify(frame));
    socket.onmessage = ({ data }) => void told.push(JSON.parse(String(data)).t);
  }
  await sleep(LASTS_MS);
  for (const socket of all) socket.terminate();
}

async function strike(fleet: Fleet, signIns: readonly SignIn[], blow: Fault, told: string[]): Promise<void> {
  const at = 'node' in blow ? blow.node % fleet.nodes.length : 0;
  const companion = fleet.nodes[at] as Fleet['nodes'][number];
  const one = signIns['signIn' in blow ? blow.signIn : 0] as SignIn;
  switch (blow.t) {
    case 'kill':
      return companion.kill();
    case 'deploy':
      return companion.deploy();
    case 'freeze':
      return companion.freeze(blow.ms);
    case 'stall':
      return fleet.stall(blow.ms);
    case 'crash':
      return fleet.crash();
    case 'fail-over':
      return fleet.failOver();
    case 'partition':
      return fleet.partition(at, blow.ms, blow.cut);
    case 'move-clock':
      // Whose clock says another hour may hold for over what is not, and open nothing.
      for (const by of [blow.by, 0]) {
        companion.moveClock(by);
        for (const end = Date.now() + 300; Date.now() < end; await sleep(10))
          for (const each of signIns) each.hurt ??= Date.now();
      }
      return;
    case 'cut':
      return one.cut();
    case 'kill-worker':
      one.hurt ??= Date.now();
      return one.killWorker();
    case 'doom':
      one.hurt ??= Date.now();
      one.doom = { saves: blow.saves, stored: blow.stored };
      return;
    case 'reload':
      return one.reloadPhone();
    case 'decline':
      return one.decline();
    case 'too-late':
      return one.tooLate();
    case 'thief':
      return thief(fleet, one, told);
  }
}

/** On a machine that is busy, the time for a step may be over before the companions are there again. */
const isLate = ({ lasted }: SignIn): boolean => lasted > TIMES.helloMs - 1_000;

/** The schedule of that number. */
const scheduleOf = (number: number): Fault[] => fc.sample(faults, { seed: number, numRuns: 1 })[0] ?? [];

/**
 * Plays a schedule over so many sign-ins at once, and looks whether everything holds that must.
 * @param number of its own for each that one fleet sees
 * @returns how many were signed in, and how many messages were sent again
 */
async function play(
  fleet: Fleet,
  number: number,
  schedule = scheduleOf(number),
  seats = SEATS,
): Promise<{ signedIn: number; sentAgain: number }> {
  const all: SignIn[] = [];
  const told: string[] = [];
  let calm = false;
  const next = async () => {
    const code = await makeCode(ORIGIN);
    const one = new SignIn(fleet, number * 1_000 + all.length, code);
    all.push(one);
    return one;
  };
  const signIns = await Promise.all(Array.from({ length: seats }, next));
  /** The person taps once there is something to tap on; a worker that died is begun anew; and nobody waits for ever. */
  const live = async (one: SignIn) => {
    await one.open();
    for (const end = Date.now() + 120_000; one.live && Date.now() < end; await sleep(20)) {
      await one.revive();
      // Nobody scans faster than that; a phone that did would wait for it for ten seconds.
      if (one.isOpen && one.phone.session.state === 'scanned') await one.scan();
      if (!one.browser.live && one.phone.session.state === 'scanned') await one.phone.apply({ t: 'cancel' });
      if (one.phone.session.state === 'asking' && (calm || Math.random() < 0.1)) await one.tap();
      // Of one whose ends no longer agree, the side that does not know it yet waits until its time is up.
      if (Date.now() - (one.hurt ?? Number.POSITIVE_INFINITY) > 4_000) await one.tooLate();
    }
    one.lasted = Date.now() - one.made;
  };
  const lives = signIns.map(async (first, seat) => {
    await sleep((seat * 500) / seats);
    for (let one = first; ; one = signIns[seat] = await next()) {
      await live(one);
      if (calm) return;
    }
  });
  // What befalls one companion, or the store, comes one after the other: it has to be there to be struck.
  const struck = new Map<string, Promise<void>>();
  const blows = schedule.map(async (blow) => {
    await sleep(blow.at);
    const of = 'signIn' in blow ? `sign-in ${blow.signIn}` : 'fleet';
    const turn = (struck.get(of) ?? Promise.resolve()).then(() => strike(fleet, signIns, blow, told));
    struck.set(of, turn);
    await turn;
  });
  await Promise.all(blows);
  calm = true;
  await Promise.all(lives);
  expect(
    told.filter((t) => t !== 'gone'),
    'what thieves were told',
  ).toEqual([]);
  const store = await fleet.look();
  try {
    for (const [i, one] of all.entries()) {
      const { state, result } = one.browser.session;
      const what = `sign-in ${i}: ${state} ${result}, phone ${one.phone.session.state}`;
      expect(one.live, `${what}: is over`).toBe(false);
      expect(one.delivered.length, `${what}: delivered at most once`).toBeLessThanOrEqual(1);
      for (const { request, ...given } of one.delivered) {
        expect(one.tapped, `${what}: what was tapped on`).toContain(request);
        expect(given, `${what}: its own person’s`).toMatchObject({ password: one.name });
      }
      if (one.declined) expect(one.delivered, `${what}: nothing of who declined`).toEqual([]);
      if (one.inTime !== undefined) expect(one.delivered.length, `${what}: nothing after its end`).toBe(one.inTime);
      if (result === 'signed-in') expect(one.delivered, what).toHaveLength(1);
      if (one.hurt || isLate(one)) continue;
      expect([state, result, one.phone.session.state], what).toEqual(['done', 'signed-in', 'done']);
    }
    // Whose last word was lost with a companion is forgotten all the same, and soon; by a clock that was an hour ahead, an hour later.
    const unhurt = new Set(all.filter(({ hurt }) => hurt === undefined).map(({ sid }) => `session:${hashOf(sid)}`));
    for await (const { key, expires } of store.entries())
      if (unhurt.has(key)) expect(expires - Date.now()).toBeLessThanOrEqual(LIMITS.sessionMs);
  } finally {
    store.close();
  }
  const signedIn = all.filter(({ browser }) => browser.session.result === 'signed-in').length;
  if (!all.every((one) => one.hurt || isLate(one))) expect(signedIn).toBeGreaterThan(0);
  return {
    signedIn,
    sentAgain: all.reduce((sum, one) => sum + one.sentAgain, 0),
  };
}

describe.each([
  ['two companions on one Redis', clustered],
  ['one companion on its own database', embedded],
])('%s', (_what, begin) => {
  let fleet: Fleet | undefined;
  beforeAll(async () => {
    fleet = await begin();
  });
  afterAll(() => fleet?.close());

  test.each(Array.from({ length: SCHEDULES }, (_, i) => FIRST + i))(
    'schedule %i: each sign-in is delivered once, to its own browser, or told that it was not',
    async (number) => {
      if (!fleet) throw new Error('not begun');
      await play(fleet, number);
    },
  );

  test('two hundred that go on when every companion is killed lose nothing, and nothing is delivered twice', async () => {
    if (!fleet) throw new Error('not begun');
    // Much has been said to one that stood still, and it dies over that.
    const killed = fleet.nodes.flatMap((_, node): Fault[] => [
      { t: 'freeze', at: LASTS_MS - 1, node, ms: 300 },
      { t: 'kill', at: LASTS_MS, node },
    ]);
    // On a machine that is busy all may have been answered by then: it dies once more.
    let heardTwice = 0;
    for (let number = 0; number < 3 && heardTwice === 0; number++) {
      const { signedIn, sentAgain } = await play(fleet, number, killed, 200);
      expect(signedIn).toBeGreaterThanOrEqual(200);
      heardTwice = sentAgain;
    }
    expect(heardTwice).toBeGreaterThan(0);
  });
});
