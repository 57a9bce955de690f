// The code of the page after installing, and the phone that scans it: both ends as they are, over a companion played in memory.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SetUpCode } from '../../src/background/set-up-code.ts';
import * as storage from '../../src/background/storage.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import { parseQrLink } from '../../src/protocol/qr-link.ts';
import { readDrawn } from '../fakes/camera.ts';
import { surround } from './background-in-memory.ts';
import { ORIGIN } from './computer-in-memory.ts';
import { phoneAt } from './phone-that-signs-in.ts';
import { PlayedClock, PlayedRelay } from './played-relay.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SOUND = async () => {};
const SOON = { timeout: 20_000, interval: 1 };
const use = (origin: string) => storage.writeCompanion({ relay: origin, phoneOrigin: origin, providers: [] });
beforeEach(async () => {
  await surround();
  await use(ORIGIN);
});

/** A page that shows a code, and a phone that has scanned it. */
async function scanned({ isNew = false } = {}) {
  const clock = new PlayedClock(1_000_000);
  const relay = new PlayedRelay(clock);
  const code = new SetUpCode({ clock, connect: relay.connect('b'), examinePhonePage: SOUND }, FIREFOX);
  const drawn = readDrawn((await code.show(false)).drawing);
  const phone = await phoneAt({ connect: relay.connect('p') });
  phone.held.isNew = isNew;
  await phone.signIns.takeLink(parseQrLink(drawn), 'navigation');
  /** Everything that is said comes through, until `look` finds what it looks for. */
  const until = (look: () => void | Promise<void>) =>
    vi.waitFor(() => {
      for (const role of ['b', 'p'] as const) relay.let(role);
      return look();
    }, SOON);
  const reaches = (step: string) => until(async () => expect((await code.show(false)).step).toBe(step));
  return { code, drawn, phone, until, reaches };
}

describe('a phone that has scanned the code', () => {
  test('and has a vault is known to be set up, without anything to confirm', async () => {
    const { phone, until, reaches } = await scanned();
    await reaches('set-up');
    await until(() => expect(phone.signIns.approval.value?.session).toMatchObject({ state: 'done', result: 'saved' }));
    expect([phone.told, phone.signIns.approval.value?.pairing]).toEqual([[], undefined]);
    await reaches('set-up');
  });

  test('and makes its vault is heard of meanwhile, and is set up once there is one', async () => {
    const { phone, until, reaches } = await scanned({ isNew: true });
    await until(() => expect(phone.signIns.approval.value?.session.state).toBe('setting-up'));
    await reaches('scanned');
    phone.held.isNew = false;
    await phone.signIn().unlocked();
    await reaches('set-up');
  });

  test('is asked for nothing but that: what the code gives to whoever else scans it', async () => {
    const { phone, until } = await scanned({ isNew: true });
    await until(() => expect(phone.signIns.approval.value?.session.shown).toBeDefined());
    expect((await phone.shown()).request).toEqual({
      ...{ v: 1, t: 'request', kind: 'set-up', topOrigin: ORIGIN, frameOrigin: ORIGIN, title: '' },
      ...{ browser: 'Firefox 140', os: 'Linux', forgets: true, time: 1_000_000 },
    });
  });
});

describe('a code', () => {
  function page(examinePhonePage: (relay: string) => Promise<void> = SOUND) {
    const clock = new PlayedClock(1_000_000);
    const dead = (): Socket => ({ onopen: null, onmessage: null, onclose: null, send() {}, close() {} });
    const code = new SetUpCode({ clock, connect: dead, examinePhonePage }, FIREFOX);
    const drawn = async (again = false) => (await code.show(again)).drawing.path;
    const letPass = (ms: number) => {
      for (const until = clock.now() + ms; clock.now() < until; ) clock.pass(until - clock.now());
    };
    return { drawn, letPass };
  }

  test('that nobody has scanned gives way after a minute, not sooner, or when another is wanted', async () => {
    const { drawn, letPass } = page();
    const [first, same] = await Promise.all([drawn(), drawn()]);
    expect(same).toBe(first);
    letPass(59_000);
    expect(await drawn()).toBe(first);
    letPass(1_000);
    const second = await drawn();
    expect(second).not.toBe(first);
    expect(await drawn(true)).not.toBe(second);
  });

  test('that has just left the screen takes the phone that saw it, and is the one that is told of', async () => {
    const clock = new PlayedClock(1_000_000);
    const first = new PlayedRelay(clock);
    let relay = first;
    const code = new SetUpCode({ clock, connect: () => relay.connect('b')(), examinePhonePage: SOUND }, FIREFOX);
    const { drawing } = await code.show(false);
    await vi.waitFor(() => expect(first.waits('b')).toBe(true), SOON);
    // Its connection lives, or it would come back to the other companion.
    for (const until = clock.now() + 60_000; clock.now() < until; clock.pass(until - clock.now()))
      for (; first.waits('b'); await new Promise(setImmediate)) first.let('b');
    relay = new PlayedRelay(clock);
    expect((await code.show(false)).drawing).not.toEqual(drawing);
    const phone = await phoneAt({ connect: first.connect('p') });
    await phone.signIns.takeLink(parseQrLink(readDrawn(drawing)), 'navigation');
    await vi.waitFor(async () => {
      for (const role of ['b', 'p'] as const) first.let(role);
      expect(await code.show(false)).toMatchObject({ step: 'set-up', drawing });
    }, SOON);
  });

  test('is not drawn where the phone page is another than it should be, and gives nobody the last one in its place', async () => {
    const examine = vi.fn(SOUND);
    const { drawn } = page(examine);
    const first = await drawn();
    examine.mockRejectedValue(new ScankeyError('phone-page-changed'));
    expect(await drawn()).toBe(first);
    for (const again of [true, false]) await expect(drawn(again)).rejects.toThrow('phone-page-changed');
    expect(examine).toHaveBeenLastCalledWith(ORIGIN);
    examine.mockImplementation(SOUND);
    expect(await drawn()).not.toBe(first);
  });

  test('gives way where another server is in force', async () => {
    const { drawn } = page();
    const first = await drawn();
    await use('https://elsewhere.example');
    expect(await drawn()).not.toBe(first);
  });

  test('that a phone has scanned stays while it is used, and gives way at once where its person declines before its last word has left', async () => {
    const { code, drawn, phone, until } = await scanned({ isNew: true });
    await until(() => expect(phone.signIns.approval.value?.session.state).toBe('setting-up'));
    expect(readDrawn((await code.show(false)).drawing)).toBe(drawn);
    await phone.signIn().decline();
    await until(async () => expect(readDrawn((await code.show(false)).drawing)).not.toBe(drawn));
  });
});
