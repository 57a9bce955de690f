// The companion in force and the code that lies ready for it: what it may say of itself, how often it is asked, and that no code is
// handed out twice.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CompanionWatch, reachedAt, useCompanion } from '../../src/background/companion.ts';
import { NextCodes } from '../../src/background/next-code.ts';
import * as storage from '../../src/background/storage.ts';
import { parseQrLink } from '../../src/protocol/qr-link.ts';
import { type FakeCompanion, fakeCompanion } from '../fakes/companion.ts';
import { letPass, NOW, surround } from './background-in-memory.ts';
import { PlayedClock } from './played-relay.ts';

const WECHAT = { id: 'wechat', where: ['page', 'app'] };
const DINGTALK = { id: 'dingtalk', where: ['app'] };

/** What the companion says of itself. */
let info: (own: string) => object;
let companion: FakeCompanion;
beforeEach(async () => {
  await surround();
  info = (phoneOrigin) => ({ v: 1, phoneOrigin, trial: false });
  companion = await fakeCompanion((path) => (path === '/v1/companion' ? { ...info(companion.origin) } : undefined));
});
afterEach(() => companion.close());

describe('a companion', () => {
  test('is used by the phone page that it serves, and by the providers whose pages it takes a word of', async () => {
    info = (phoneOrigin) => ({ v: 1, phoneOrigin, trial: false, providers: [WECHAT, DINGTALK] });
    await useCompanion(companion.origin);
    const { origin } = companion;
    expect(await storage.readCompanion()).toEqual({ relay: origin, phoneOrigin: origin, providers: ['wechat'] });
  });

  test.each<[string, (own: string) => object]>([
    ['names a phone page that is not encrypted', () => ({ phoneOrigin: 'http://phone.example' })],
    ['names more than an origin', (own) => ({ phoneOrigin: `${own}/page` })],
    ['speaks another version', () => ({ v: 2 })],
    ['is none', () => ({ v: undefined, hello: 'world' })],
  ])('that %s is not used, and the one before stays', async (_what, change) => {
    const before = await storage.readCompanion();
    info = (own) => ({ v: 1, phoneOrigin: own, trial: false, ...change(own) });
    await expect(useCompanion(companion.origin)).rejects.toMatchObject({ code: 'not-a-companion' });
    expect(await storage.readCompanion()).toEqual(before);
  });

  test('that does not admit this extension is told from one that is none, and from none at all', async () => {
    info = (phoneOrigin) => ({ v: 1, phoneOrigin, trial: false, admits: false });
    await expect(useCompanion(companion.origin)).rejects.toMatchObject({ code: 'origin-required' });
    info = (phoneOrigin) => ({ v: 1, phoneOrigin, trial: false, admits: true });
    await expect(useCompanion(companion.origin)).resolves.toMatchObject({ phoneOrigin: companion.origin });
    const none = await fakeCompanion(() => undefined);
    await none.close();
    await expect(useCompanion(none.origin)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test.each<[string, string, string, boolean]>([
    ['its own', 'https://companion.example', 'https://companion.example', true],
    ['another one’s', 'https://companion.example', 'https://elsewhere.example', false],
    ['its own at another port', 'https://companion.example', 'https://companion.example:8443', false],
    [
      'one of this very computer, where it is not one itself',
      'https://companion.example',
      'http://localhost:8787',
      false,
    ],
    [
      'an encrypted one, where it stands on this computer itself',
      'http://localhost:8787',
      'https://phone.example',
      true,
    ],
    ['one that is not encrypted', 'http://localhost:8787', 'http://phone.example', false],
  ])('may send phones to this page: %s', (_whose, relay, phoneOrigin, may) => {
    const said = () => reachedAt(relay, { v: 1, phoneOrigin, trial: false });
    if (may) expect(said()).toMatchObject({ relay, phoneOrigin });
    else expect(said).toThrow('not-a-companion');
  });

  test('is known for a trial where it says so: the phone will be warned of its certificate', () => {
    const said = (trial: boolean) => reachedAt('https://a.example', { v: 1, phoneOrigin: 'https://a.example', trial });
    expect([said(true).trial, said(false).trial]).toEqual([true, undefined]);
  });

  test('is asked again after ten minutes, and not before', async () => {
    const clock = new PlayedClock(NOW);
    const watch = new CompanionWatch(clock);
    await useCompanion(companion.origin);
    info = (phoneOrigin) => ({ v: 1, phoneOrigin, trial: false, providers: [WECHAT] });
    const times = async () => {
      await watch.refresh();
      return companion.asked.length - 1;
    };
    expect(await times()).toBe(1);
    expect(await storage.readCompanion()).toMatchObject({ providers: ['wechat'] });
    letPass(clock, 599_999);
    expect(await times()).toBe(1);
    letPass(clock, 1);
    expect(await times()).toBe(2);
  });

  test('that was never reached is not asked by the way', async () => {
    await storage.writeCompanion({ relay: companion.origin, phoneOrigin: null, providers: [] });
    await new CompanionWatch(new PlayedClock(NOW)).refresh();
    expect(companion.asked).toEqual([]);
  });

  test('that answers after another one was chosen changes nothing', async () => {
    await useCompanion(companion.origin);
    const chosen = { relay: 'https://chosen.example', phoneOrigin: 'https://chosen.example', providers: [] };
    let choosing: Promise<void> | undefined;
    info = (phoneOrigin) => {
      choosing = storage.writeCompanion(chosen);
      return { v: 1, phoneOrigin, trial: false };
    };
    await new CompanionWatch(new PlayedClock(NOW)).refresh();
    await choosing;
    expect(await storage.readCompanion()).toEqual(chosen);
  });
});

describe('the next code', () => {
  const inForce = (phoneOrigin: string | null) =>
    storage.writeCompanion({ relay: companion.origin, phoneOrigin, providers: [] });

  test('lies ready, and is the one that is taken; the one after it is another', async () => {
    await inForce(companion.origin);
    const codes = new NextCodes();
    const ready = await codes.prepare();
    expect(await storage.readNext()).toEqual(ready);
    expect(await codes.take()).toEqual(ready);
    const next = await codes.take();
    expect(next.sid).not.toBe(ready.sid);
    expect(next.secret).not.toBe(ready.secret);
    expect(companion.asked).toEqual([]);
  });

  test('is handed out once, however many tabs ask at once', async () => {
    await inForce(companion.origin);
    const codes = new NextCodes();
    const taken = await Promise.all([codes.take(), codes.prepare().then(() => codes.take()), codes.take()]);
    expect(new Set(taken.map(({ sid }) => sid)).size).toBe(3);
  });

  test('of another companion is never handed out', async () => {
    await inForce('https://former.example');
    const former = await new NextCodes().prepare();
    await inForce(companion.origin);
    const code = await new NextCodes().take();
    expect(code.sid).not.toBe(former.sid);
    expect(parseQrLink(code.drawing.link).origin).toBe(companion.origin);
  });

  test('waits for a companion that was never reached, and comes once it is', async () => {
    await inForce(null);
    info = () => ({});
    const codes = new NextCodes();
    await expect(codes.take()).rejects.toMatchObject({ code: 'not-a-companion' });
    info = (phoneOrigin) => ({ v: 1, phoneOrigin, trial: false });
    expect(await codes.take()).toMatchObject({ origin: companion.origin });
  });
});
