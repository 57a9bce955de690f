// Remembered browsers under a hostile network (R50): no schedule of delays, repeats, losses and crashes raises a false alarm or
// shuts the honest browser out; a copy of the profile is noticed once both have been used.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBytes } from '../../src/protocol/encoding.ts';
import {
  answering,
  type BrowserPairing,
  boxOf,
  helloOpened,
  isProofOf,
  keyAfter,
  newPhonePairing,
  onRequest,
  onSignInRequest,
  type PhonePairing,
  pairingIdOf,
  pairingKey,
  proofOf,
  pskOf,
  requestSent,
  type SignInRequest,
  STORED_KEYS,
} from '../../src/protocol/pairing.ts';

const RUNS = Number(process.env.LINK_RUNS ?? 300);
const YEARS = 5;
const DAY_MS = 86_400_000;

/** What the network holds: it may deliver anything at any time, any number of times, or never. Keys are their own history. */
type Frame =
  | { t: 'call'; sid: string; key: string; time: number }
  | { t: 'hello'; sid: string; key: string }
  | { t: 'request'; sid: string };

/** A session's export is fresh: nobody who did not take part can name the key after. */
const after = (key: string, sid: string) => `${key}>${sid}`;

class World {
  phone: PhonePairing<string> = newPhonePairing('0');
  /** The real browser, and its copy once there is one. */
  browsers: BrowserPairing<string>[] = [{ key: '0' }];
  network: Frame[] = [];
  /** Sign-ins that the phone went on with, by browser. */
  completed = new Set<number>();
  alarm = false;
  refused: string[] = [];
  /** Refusals of the call that was out. */
  shutOut = 0;
  /** The browsers' clock. */
  clock = 1_000;
  #sids = 0;
  /** Which browser made a call. */
  #by = new Map<string, number>();

  call(which: number): void {
    const browser = this.browsers[which];
    if (!browser) return;
    const sid = `s${this.#sids++}`;
    this.#by.set(sid, which);
    const called = requestSent(browser, sid, this.clock);
    this.browsers[which] = called;
    this.network.push({ t: 'call', sid, key: browser.key, time: called.time });
  }

  async deliver(frame: Frame, crash: boolean): Promise<void> {
    const by = this.#by.get(frame.sid) ?? 0;
    if (frame.t === 'call') {
      const { pairing, verdict } = await onSignInRequest(this.phone, frame, (key) => key === frame.key);
      this.phone = pairing;
      if ('key' in verdict) {
        this.phone = answering(this.phone, frame, verdict, after(verdict.key, frame.sid));
        // A phone that dies here has written the answer down and not sent it.
        if (!crash) this.network.push({ t: 'hello', sid: frame.sid, key: verdict.key });
      } else if (verdict.act === 'stale' || verdict.act === 'full') {
        this.refused.push(verdict.act);
        if (this.browsers[by]?.sid === frame.sid) this.shutOut++;
      }
    } else if (frame.t === 'hello') {
      const browser = this.browsers[by];
      // Only who made the call, still has its seed, and has the key, opens the hello.
      if (!browser || browser.sid !== frame.sid || browser.key !== frame.key) return;
      const next = helloOpened(browser, frame.sid, after(frame.key, frame.sid));
      if (!next) return;
      this.browsers[by] = next;
      if (!crash) this.network.push({ t: 'request', sid: frame.sid });
    } else {
      const { pairing, act } = onRequest(this.phone, frame.sid);
      this.phone = pairing;
      if (act === 'alarm') this.alarm = true;
      if (act === 'go-on') this.completed.add(by);
    }
  }
}

type Event = { what: 'call' | 'deliver' | 'copy' | 'clock'; which: number; pick: number; crash: boolean };
const event = (copies: boolean): fc.Arbitrary<Event> =>
  fc.record({
    what: fc.oneof(
      { weight: 3, arbitrary: fc.constant('call' as const) },
      { weight: 8, arbitrary: fc.constant('deliver' as const) },
      { weight: copies ? 1 : 0, arbitrary: fc.constant('copy' as const) },
      { weight: 1, arbitrary: fc.constant('clock' as const) },
    ),
    which: fc.nat({ max: copies ? 1 : 0 }),
    pick: fc.nat({ max: 1_000 }),
    crash: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });

async function play(events: readonly Event[]): Promise<World> {
  const world = new World();
  for (const { what, which, pick, crash } of events) {
    if (what === 'call') world.call(which);
    else if (what === 'clock')
      world.clock += pick - 500; // It is put right, or runs wrong.
    else if (what === 'copy') {
      const [real] = world.browsers;
      if (world.browsers.length === 1 && real) world.browsers.push({ ...real });
    } else if (world.network.length > 0) {
      // Mostly what is new, sometimes anything that was ever sent.
      const back = pick % 4 === 0 ? pick % world.network.length : Math.min(pick % 3, world.network.length - 1);
      const frame = world.network[world.network.length - 1 - back];
      if (frame) await world.deliver(frame, crash);
    }
  }
  return world;
}

/** The network becomes honest: one browser signs in as everybody does. @returns whether the phone went on with it */
async function signIn(world: World, which: number): Promise<boolean> {
  world.completed.delete(which);
  world.call(which);
  for (let i = 0; i < 3; i++) {
    const frame = world.network.at(-1);
    if (frame) await world.deliver(frame, false);
  }
  return world.completed.has(which);
}

describe('a remembered browser', () => {
  test(`is never taken for a copy, and never shut out, in ${RUNS} hostile schedules`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event(false), { maxLength: 120, size: 'max' }), async (events) => {
        const world = await play(events);
        expect(world.alarm).toBe(false);
        expect(world.shutOut).toBe(0);
        // Whatever was lost before, the next honest sign-in works.
        expect(await signIn(world, 0)).toBe(true);
        expect(world.alarm).toBe(false);
      }),
      { numRuns: RUNS },
    );
  }, 300_000);

  test(`whose profile was copied is noticed once both were used, in ${RUNS} schedules`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event(false), { maxLength: 60, size: 'max' }),
        fc.array(event(true), { maxLength: 60, size: 'max' }),
        async (before, between) => {
          const world = await play(before);
          const [real] = world.browsers;
          if (real) world.browsers.push({ ...real });
          for (const one of between) {
            if (one.what === 'call') world.call(one.which);
            else {
              const frame = world.network.at(-1 - (one.pick % Math.max(1, world.network.length)));
              if (frame) await world.deliver(frame, one.crash);
            }
          }
          // Both are used, in either order, each until it has got through or was found out.
          for (const which of [0, 1, 0, 1]) if (!world.alarm) await signIn(world, which);
          expect(world.alarm).toBe(true);
          expect(world.phone.suspended).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
  }, 300_000);

  test('whose copy is never used is not disturbed, and the copy is worthless after one sign-in', async () => {
    const world = new World();
    world.browsers.push({ key: '0' });
    expect(await signIn(world, 0)).toBe(true);
    expect(await signIn(world, 0)).toBe(true);
    expect(world.alarm).toBe(false);
    expect(await signIn(world, 1)).toBe(false);
    expect(world.alarm).toBe(true);
    // Suspended for both: nothing is answered any more.
    expect(await signIn(world, 0)).toBe(false);
  });

  test('that a phone restored from an old backup does not know is told to scan again, without an alarm', async () => {
    const world = new World();
    const backup = world.phone;
    for (let i = 0; i < 3; i++) await signIn(world, 0);
    world.phone = backup;
    expect(await signIn(world, 0)).toBe(false);
    expect(world.alarm).toBe(false);
    expect(new Set(world.refused)).toEqual(new Set(['stale']));
  });

  test(`is not shut out in a year of lost answers, whatever was lost when, in ${YEARS} years`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 999 })), async (chance) => {
        const below = (bound: number) => Number(chance.next().value) % bound;
        const world = new World();
        for (let day = 0; day < 365; day++) {
          world.clock += DAY_MS;
          for (let calls = below(4); calls > 0; calls--) {
            world.call(0);
            // Each step of it may be the last; a companion brings up old ones besides.
            for (let steps = below(4); steps > 0; steps--) {
              const frame = world.network.at(-1 - (below(5) === 0 ? below(world.network.length) : 0));
              if (frame) await world.deliver(frame, below(5) === 0);
            }
          }
          // On one day in ten nothing is lost.
          if (below(10) === 0) expect(await signIn(world, 0)).toBe(true);
        }
        expect(world).toMatchObject({ shutOut: 0, alarm: false });
        // What the phone keeps does not grow with the years.
        expect(world.phone.answered.length + world.phone.tripwires.length).toBeLessThanOrEqual(3 * STORED_KEYS);
      }),
      { numRuns: YEARS },
    );
  }, 60_000);

  test('is not shut out by answers that were all lost, however many', async () => {
    const world = new World();
    for (let i = 0; i < 3 * STORED_KEYS; i++) {
      world.call(0);
      const frame = world.network.findLast(({ t }) => t === 'call');
      if (frame) await world.deliver(frame, true);
    }
    expect(await signIn(world, 0)).toBe(true);
    expect(world.alarm).toBe(false);
  });

  test('is not shut out by calls that a companion kept back and brings all at once, whatever their order', async () => {
    for (const order of [1, -1]) {
      const world = new World();
      for (let i = 0; i < 3 * STORED_KEYS; i++) world.call(0);
      const kept = [...world.network];
      for (const frame of order === 1 ? kept : kept.toReversed()) await world.deliver(frame, true);
      expect(world.phone.answered.length).toBeLessThanOrEqual(2 * STORED_KEYS);
      expect(await signIn(world, 0)).toBe(true);
      expect(world.alarm).toBe(false);
    }
  });

  test('is not shut out by old calls that are brought again, and no key that was in force is forgotten for them', async () => {
    const world = new World();
    const copy = { ...world.browsers[0] } as BrowserPairing<string>;
    for (let i = 0; i < 3 * STORED_KEYS; i++) world.call(0);
    const withheld = [...world.network];
    expect(await signIn(world, 0)).toBe(true);
    for (const frame of withheld) await world.deliver(frame, true);
    expect(await signIn(world, 0)).toBe(true);
    expect(world.alarm).toBe(false);
    // The copy of the first day is found out all the same.
    world.browsers.push(copy);
    await signIn(world, 1);
    expect(world.alarm).toBe(true);
  });

  test('whose copy opens an answer that the real one has given up is noticed at once', async () => {
    const world = new World();
    world.browsers.push({ key: '0' });
    world.call(1);
    const [call] = world.network;
    if (call) await world.deliver(call, false);
    const hello = world.network.at(-1);
    expect(await signIn(world, 0)).toBe(true);
    if (hello) await world.deliver(hello, false);
    const request = world.network.at(-1);
    if (request) await world.deliver(request, false);
    expect(world.alarm).toBe(true);
  });
});

describe('the phone, call by call', () => {
  const proving = (key: string) => (one: string) => one === key;
  /** Each call in its turn, made under a key, at a time and answered. */
  async function answer(pairing: PhonePairing<string>, ...calls: [sid: string, key: string, time?: number][]) {
    let answered = pairing;
    const acts: string[] = [];
    for (const [sid, key, time = 1] of calls) {
      const { pairing: noted, verdict } = await onSignInRequest(answered, { sid, time }, proving(key));
      acts.push(verdict.act);
      answered = 'key' in verdict ? answering(noted, { sid, time }, verdict, after(verdict.key, sid)) : noted;
    }
    return { pairing: answered, acts };
  }

  test('goes on with one of two that came under one key; the other can only be a copy’s', async () => {
    const { pairing } = await answer(newPhonePairing('0'), ['a', '0'], ['b', '0']);
    const gone = onRequest(pairing, 'a');
    expect(gone).toEqual({
      act: 'go-on',
      pairing: {
        current: '0>a',
        answered: [{ sid: 'b', kind: 'probe', time: 1, from: '0', next: '0>b' }],
        tripwires: ['0'],
        asked: ['a'],
        seen: ['b', 'a'],
        suspended: false,
      },
    });
    const alarm = onRequest(gone.pairing, 'b');
    expect(alarm).toEqual({ act: 'alarm', pairing: { ...gone.pairing, suspended: true } });
    // For both, and for all that either may still say.
    for (const sid of ['a', 'b', 'c']) expect(onRequest(alarm.pairing, sid).act).toBe('alarm');
    expect((await answer(alarm.pairing, ['c', '0>a'], ['d', '0>b'])).acts).toEqual(['suspended', 'suspended']);
  });

  test('follows a browser that stepped on though its request was lost, and that alone', async () => {
    const { pairing } = await answer(newPhonePairing('0'), ['a', '0'], ['b', '0'], ['c', '0>a']);
    expect(pairing).toMatchObject({ current: '0>a', tripwires: ['0'], asked: ['a'] });
    expect(pairing.answered.map(({ sid, kind }) => `${sid} ${kind}`)).toEqual(['b probe', 'c main']);
    // Whoever opened the other answer, or holds the key that was left, is answered and gets nowhere.
    const { pairing: probed, acts } = await answer(pairing, ['d', '0>b'], ['e', '0'], ['f', '0>b>d']);
    expect(acts).toEqual(['probe', 'probe', 'probe']);
    expect(probed.current).toBe('0>a');
    for (const sid of ['b', 'd', 'e', 'f']) expect(onRequest(probed, sid).act, sid).toBe('alarm');
    expect(onRequest(probed, 'c')).toMatchObject({ act: 'go-on', pairing: { current: '0>a>c' } });
  });

  test('takes an earlier call for given up once a later one comes under the same key', async () => {
    const kinds = async (...times: number[]) => {
      const calls = times.map((time, i): [string, string, number] => [`c${i}`, '0', time]);
      return (await answer(newPhonePairing('0'), ...calls)).pairing.answered.map(({ kind }) => kind);
    };
    expect(await kinds(1, 2)).toEqual(['probe', 'main']);
    expect(await kinds(2, 2)).toEqual(['main', 'main']);
    expect(await kinds(2, 1)).toEqual(['main', 'main']);
  });

  test('of more probes than it has room for watches the keys of the oldest, beside those that were once in force', async () => {
    const flood = Array.from({ length: STORED_KEYS + 2 }, (_, i): [string, string, number] => [`c${i}`, '0', i]);
    const { pairing } = await answer({ ...newPhonePairing('0'), tripwires: ['old'] }, ...flood);
    const { answered, tripwires } = pairing;
    expect(answered.map(({ sid }) => sid)).toEqual(flood.slice(1).map(([sid]) => sid));
    expect(tripwires).toEqual(['old', '0>c0']);
    expect((await answer(pairing, ['x', '0>c0', 99])).acts).toEqual(['probe']);
  });

  test('knows what it has been asked, and what it has never answered', async () => {
    const { pairing } = await answer(newPhonePairing('0'), ['a', '0']);
    expect(onRequest(pairing, 'never')).toEqual({ act: 'unknown', pairing });
    const { pairing: gone } = onRequest(pairing, 'a');
    expect(onRequest(gone, 'a')).toEqual({ act: 'repeated', pairing: gone });
    expect((await answer(gone, ['a', '0>a'], ['b', 'another'])).acts).toEqual(['repeated', 'stale']);
  });
});

test('a browser takes no step for a hello that answers no call of its own', () => {
  const calling = requestSent({ key: '0' }, 'a', 5);
  expect(helloOpened(calling, 'b', '1')).toBeUndefined();
  expect(helloOpened(calling, 'a', '1')).toEqual({ key: '1', time: 5 });
  expect(helloOpened({ key: '0' }, 'a', '1')).toBeUndefined();
});

describe('the key schedule', () => {
  const first = () => randomBytes(32);
  test('gives both sides the same, and every purpose its own', async () => {
    const raw = first();
    const [a, b] = [await pairingKey(raw), await pairingKey(raw.slice())];
    expect(await pskOf(a)).toEqual(await pskOf(b));
    const all = [await pskOf(a), await pairingIdOf(raw), await boxOf(raw), raw];
    const texts = all.map((bytes) => Buffer.from(bytes.slice(0, 16)).toString('hex'));
    expect(new Set(texts).size).toBe(all.length);
    const step = first();
    expect(await pskOf(await keyAfter(a, step))).toEqual(await pskOf(await keyAfter(b, step)));
    expect(await pskOf(await keyAfter(a, step))).not.toEqual(await pskOf(a));
    await expect(crypto.subtle.exportKey('raw', a)).rejects.toThrow();
  });

  test('a call proves its key, and nothing of it can be changed', async () => {
    const raw = first();
    const key = await pairingKey(raw);
    const made: SignInRequest = {
      pairingId: await pairingIdOf(raw),
      sid: randomBytes(16),
      time: 1_700_000_000_000,
      publicKey: randomBytes(1216),
    };
    const proof = await proofOf(key, made);
    expect(await isProofOf(proof, key, made)).toBe(true);
    expect(await isProofOf(proof, await pairingKey(first()), made)).toBe(false);
    expect(await isProofOf(proof, await keyAfter(key, first()), made)).toBe(false);
    const changed: SignInRequest[] = [
      { ...made, pairingId: randomBytes(16) },
      { ...made, sid: randomBytes(16) },
      { ...made, time: made.time + 1 },
      { ...made, publicKey: randomBytes(1216) },
    ];
    for (const one of changed) expect(await isProofOf(proof, key, one)).toBe(false);
  });

  test('is HKDF: the known answer of RFC 5869 for one block', async () => {
    // Test case 1: PRK, info and the first 32 bytes of OKM; a label and the counter are what our Expand appends, too.
    const prk = Buffer.from('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5', 'hex');
    const info = Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex');
    const key = await pairingKey(new Uint8Array(prk));
    const block = await crypto.subtle.sign('HMAC', key, Buffer.concat([info, Buffer.from([1])]));
    expect(Buffer.from(block).toString('hex')).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf');
  });
});
