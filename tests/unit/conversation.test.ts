// Both ends of a conversation against each other, in memory: messages lost, doubled, late and swapped, connections cut, a worker that
// dies and a page that is reloaded at any moment. Whatever happens, nothing is filled in twice, or without a tap on what was shown.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pack } from '../../src/protocol/messages.ts';
import { makeCode, type NewCode } from '../../src/protocol/new-code.ts';
import type { Shown } from '../../src/protocol/session/types.ts';
import { BothEnds, ORIGIN } from './both-ends.ts';
import { PlayedClock, PlayedRelay } from './played-relay.ts';

// What cryptography is awaited for is neither a microtask nor a timer: it is counted, so that "nothing happens any more" can be seen.
let busy = 0;
beforeAll(() => {
  for (const name of ['digest', 'importKey', 'deriveBits', 'encrypt', 'decrypt', 'sign'] as const) {
    const real = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => Promise<never>;
    vi.spyOn(crypto.subtle, name).mockImplementation(async (...args: unknown[]) => {
      busy++;
      return real(...args).finally(() => busy--);
    });
  }
});
afterAll(() => void vi.restoreAllMocks());

/** Until nothing happens any more by itself. */
async function still(): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet = busy === 0 ? quiet + 1 : 0)
    await new Promise((resolve) => setImmediate(resolve));
}

/** Both ends on one relay, whose every wire is in the test's hands. */
class World extends BothEnds {
  declare readonly clock: PlayedClock;
  readonly relay: PlayedRelay;

  constructor(code?: NewCode) {
    const clock = new PlayedClock(1_000_000);
    const relay = new PlayedRelay(clock);
    super({ clock, connect: (role) => relay.connect(role), code });
    this.relay = relay;
  }

  override async revive(): Promise<void> {
    await super.revive();
    await still();
  }

  /** Lets everything through while `ms` pass. */
  async wait(ms: number): Promise<void> {
    for (const end = this.clock.now() + ms; this.clock.now() < end; this.clock.pass(end - this.clock.now()))
      for (let waits = true; waits; await still()) {
        await still();
        await this.revive();
        waits = false;
        for (const role of ['b', 'p'] as const)
          if (this.relay.waits(role)) {
            this.relay.let(role);
            waits = true;
          }
      }
  }

  /** Lets everything through, and time pass, until both ends are over. */
  async finish(): Promise<void> {
    for (let turns = 0; turns < 2_000 && this.live; turns++) {
      await still();
      await this.revive();
      if (this.phone.session.state === 'asking' && this.browser.live) await this.tap();
      if (this.relay.waits('b')) this.relay.let('b');
      else if (this.relay.waits('p')) this.relay.let('p');
      else this.clock.pass(10_000);
    }
    await still();
  }
}

type Blow =
  | { t: 'let' | 'cut' | 'double' | 'swap'; role: 'b' | 'p' }
  | { t: 'kill' }
  | { t: 'doom'; saves: number; stored: boolean }
  | { t: 'reload' }
  | { t: 'tap' }
  | { t: 'decline' }
  | { t: 'pass'; ms: number };

async function strike(world: World, blow: Blow): Promise<void> {
  if (blow.t === 'pass') world.clock.pass(blow.ms);
  else if (blow.t === 'kill') await world.killWorker();
  else if (blow.t === 'doom') world.doom = { saves: blow.saves, stored: blow.stored };
  else if (blow.t === 'reload') await world.reloadPhone();
  else if (blow.t === 'tap') await world.tap();
  else if (blow.t === 'decline') await world.phone.apply({ t: 'decline' });
  else world.relay[blow.t](blow.role);
  await still();
  await world.revive();
}

const roles = fc.constantFrom('b' as const, 'p' as const);
const blows = (...kinds: ('let' | 'cut' | 'double' | 'swap')[]) =>
  fc.record({ t: fc.constantFrom(...kinds), role: roles });
const lets = blows('let');
const doom = fc.record({ t: fc.constant('doom' as const), saves: fc.nat(4), stored: fc.boolean() });

/** What is true whatever happened. */
function holds(world: World): void {
  expect(world.delivered.length).toBeLessThanOrEqual(1);
  for (const given of world.delivered) expect(world.tapped).toContain(given.request);
  expect(world.live, 'both ends are over').toBe(false);
  if (world.browser.session.result === 'signed-in') expect(world.delivered).toHaveLength(1);
  if (world.phone.session.result === 'signed-in') expect(world.delivered).toHaveLength(1);
}

const RUNS = Number(process.env.CONVERSATION_RUNS ?? 60);

describe('both ends against each other', () => {
  test('sign in when nothing goes wrong, under a real seal', async () => {
    const world = new World(await makeCode(ORIGIN));
    await world.begin();
    await world.finish();
    holds(world);
    expect([world.browser.session, world.phone.session]).toMatchObject([
      { state: 'done', result: 'signed-in' },
      { state: 'done', result: 'signed-in' },
    ]);
  });

  test('sign in under a real seal, though the worker dies before every frame', async () => {
    const world = new World(await makeCode(ORIGIN));
    await world.begin();
    for (let turns = 0; turns < 60 && world.live && world.delivered.length === 0; turns++) {
      await still();
      await world.tap();
      await world.killWorker();
      await still();
      for (const role of ['b', 'b', 'p', 'p'] as const) {
        world.relay.let(role);
        await still();
      }
    }
    await world.finish();
    holds(world);
    expect(world.delivered).toHaveLength(1);
  });

  test('come to an end that says what happened, whichever save the worker dies at, just before or just after it', async () => {
    const ends = new Map<string, number>();
    for (let saves = 0; saves < 30; saves++)
      for (const stored of [false, true]) {
        const world = new World();
        world.doom = { saves, stored };
        await world.begin();
        await world.finish();
        holds(world);
        // What was begun and may have been filled in is not begun again, and nobody claims to know.
        const { result = 'none' } = world.browser.session;
        ends.set(result, (ends.get(result) ?? 0) + 1);
        expect(['signed-in', 'cannot-tell'], `save ${saves}, ${stored ? 'after' : 'before'}`).toContain(result);
        expect(world.phone.session.state).toBe('done');
      }
    expect([...ends.keys()].sort()).toEqual(['cannot-tell', 'signed-in']);
  });

  test('sign in however often connections break, frames come twice and workers die before the tap', async () => {
    const story = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: lets },
        { weight: 2, arbitrary: blows('cut', 'double') },
        { weight: 1, arbitrary: fc.constant<Blow>({ t: 'kill' }) },
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(story, async (all) => {
        const world = new World();
        await world.begin();
        for (const blow of all) await strike(world, blow);
        await world.finish();
        holds(world);
        expect(world.browser.session).toMatchObject({ state: 'done', result: 'signed-in' });
        expect(world.phone.session.state).toBe('done');
      }),
      { numRuns: RUNS },
    );
  });

  test('fill in at most once and only what was tapped on, whatever a hostile relay, the clock and the person do', async () => {
    const story = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: lets },
        { weight: 3, arbitrary: blows('cut', 'double', 'swap') },
        { weight: 3, arbitrary: fc.constantFrom<Blow>({ t: 'kill' }, { t: 'reload' }, { t: 'tap' }, { t: 'decline' }) },
        { weight: 2, arbitrary: doom },
        { weight: 1, arbitrary: fc.record({ t: fc.constant('pass' as const), ms: fc.nat(130_000) }) },
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(story, async (all) => {
        const world = new World();
        await world.begin();
        for (const blow of all) await strike(world, blow);
        await world.finish();
        holds(world);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a phone that has a vault to make first', () => {
  test('signs in minutes after five, however often lines break, its word comes twice, worker or page begin anew', async () => {
    const story = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: lets },
        { weight: 3, arbitrary: blows('cut', 'double') },
        { weight: 1, arbitrary: fc.constantFrom<Blow>({ t: 'kill' }, { t: 'reload' }) },
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(story, async (all) => {
        // A request that was made to the page of before must not open in the one that was loaded anew.
        const world = new World(await makeCode(ORIGIN));
        world.isNew = true;
        await world.begin();
        for (const blow of all) await strike(world, blow);
        await world.wait(500_000);
        expect(world.relay.extended).toBe(true);
        expect([world.browser.session.state, world.phone.session.state]).toEqual(['setting-up', 'setting-up']);
        await world.setUp();
        await world.finish();
        holds(world);
        expect(world.browser.session).toMatchObject({ state: 'done', result: 'signed-in' });
      }),
      { numRuns: Math.ceil(RUNS / 6) },
    );
  });

  /** A phone that has no vault yet, whose wish for more time is on its way. */
  async function askingForTime(): Promise<World> {
    const world = new World();
    world.isNew = true;
    await world.begin();
    for (let turns = 0; turns < 50 && !world.relay.asksForTime('p'); turns++) {
      await still();
      world.relay.let(turns % 2 ? 'p' : 'b');
      await still();
    }
    expect(world.relay.asksForTime('p')).toBe(true);
    return world;
  }

  test('whose wish for more time is lost with its line says it again on the next', async () => {
    const world = await askingForTime();
    world.relay.cut('p');
    await world.wait(20_000);
    expect(world.relay.extended).toBe(true);
  });

  test.each([
    ['never', 600_000],
    ['too late', 320_000],
  ])('whose wish is heard %s is told with the computer that time ran out', async (when, ms) => {
    const world = await askingForTime();
    if (when === 'never') world.relay.deafen('p');
    else while (world.clock.now() < 1_000_000 + ms) world.clock.pass(ms);
    await world.wait(ms);
    holds(world);
    expect(world.browser.session.state).toBe('expired');
    expect(world.phone.session.state).toBe('expired');
  });
});

describe('what is on the screen', () => {
  test('is not replaced by a second request, and the tap counts for the first', async () => {
    const world = new World();
    await world.begin();
    for (let turns = 0; turns < 50 && !world.phone.session.shown; turns++) {
      await still();
      world.relay.let('b');
      await still();
      world.relay.let('p');
    }
    const { shown } = world.phone.session;
    expect(shown?.request.title).toBe('attempt 1');
    // The computer asks for something else while the finger is on its way.
    const second = pack('request', { ...(shown as Shown).request, title: 'something else', kind: 'otp' });
    await world.browser.send('request', second);
    for (let turns = 0; turns < 10; turns++) {
      world.relay.let('b');
      await still();
      world.relay.let('p');
      await still();
    }
    expect(world.phone.session.shown).toBe(shown);
    await world.finish();
    holds(world);
    expect(world.delivered).toMatchObject([{ request: shown?.hash }]);
  });
});
