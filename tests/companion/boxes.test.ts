// Remembered browsers at the companion: boxes, calls, their limits, and the push that wakes a phone.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sourceOf } from '../../server/http/addresses.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { hashOf } from '../../server/store/hashes.ts';
import { FOR_EVER } from '../../server/store/store.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { type PushService, pushService } from '../fakes/push-service.ts';
import { companion, EXTENSION, newSid, newToken, PK, party } from './party.ts';

let service: PushService;
let server: Awaited<ReturnType<typeof companion>>;
beforeAll(async () => {
  service = await pushService();
  // A busy machine is no slow push service.
  server = await companion({}, { allowed: [service.host], within: 30_000 });
});
afterAll(async () => {
  await server.close();
  service.close();
});

const newBox = () => ({ box: newSid(), token: newToken() });
type Box = ReturnType<typeof newBox>;

/** A phone that listens, once it has heard what waits. */
async function phone(...boxes: Box[]) {
  const one = await party(server.port, server.page);
  one.say({ t: 'listen', boxes });
  const heard = await one.next();
  return { ...one, heard };
}

/** Once the companion has noticed that no phone listens at the box any more. */
const unheard = ({ box }: Box) => vi.waitFor(async () => expect(await server.boxes.isHeard(box)).toBe(false), 10_000);

/** A browser that calls; `sid` and what it was answered. */
async function browser(box: string, sid = newSid()) {
  const one = await party(server.port, EXTENSION);
  const call = { box, time: Date.now(), proof: newToken() };
  const opening = { t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()), call };
  one.say(opening);
  const answer = await one.next();
  return { ...one, sid, call, opening, answer, code: answer.problem?.code ?? answer.t };
}

const sids = (frame: { [key: string]: unknown }) => (frame.calls as { sid: string }[]).map(({ sid }) => sid);

describe('a call', () => {
  test('reaches the phone that listens, and the one that listens later; answered or given up, it is gone', async () => {
    const mine = newBox();
    const early = await phone(mine);
    expect(early.heard).toMatchObject({ t: 'calls', calls: [], ended: [] });
    const one = await browser(mine.box);
    expect(one.code).toBe('opened');
    const rung = await early.next();
    expect(rung.calls).toEqual([{ box: mine.box, sid: one.sid, time: one.call.time, proof: one.call.proof }]);
    early.close();
    const late = await phone(mine);
    expect(sids(late.heard)).toEqual([one.sid]);
    // Answered: whoever else listens does not hear it any more.
    const joining = await party(server.port, server.page);
    joining.say({ t: 'join', sid: one.sid, tokenHash: await tokenHash(newToken()) });
    expect(await joining.next()).toMatchObject({ t: 'joined', pk: PK, near: true });
    expect(sids(await late.next())).toEqual([]);
    // A browser that did not hear that its session is open says so again: nothing rings for that.
    const again = await party(server.port, EXTENSION);
    again.say({ ...one.opening });
    expect((await again.next()).t).toBe('opened');
    again.close();
    const two = await browser(mine.box);
    expect(sids(await late.next())).toEqual([two.sid]);
    two.say({ t: 'close', reason: 'cancelled' });
    expect(sids(await late.next())).toEqual([]);
    for (const each of [one, two, late, joining]) each.close();
  });

  test('rings as long as a session lives, not as long as a code', async () => {
    const own = await companion();
    const mine = newBox();
    const say = async (frame: object) => {
      const one = await party(own.port, 'boxes' in frame ? own.page : EXTENSION);
      one.say(frame);
      return { one, answer: await one.next() };
    };
    await say({ t: 'listen', boxes: [mine] });
    const sid = newSid();
    const call = { box: mine.box, time: 1, proof: newToken() };
    await say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()), call });
    own.later(LIMITS.sessionMs - 2000);
    const joining = await party(own.port, own.page);
    joining.say({ t: 'join', sid, tokenHash: await tokenHash(newToken()) });
    expect((await joining.next()).t).toBe('joined');
    await own.close();
  });

  test('outlives a restart of the companion, and so do its box and its silence', async () => {
    const own = await companion();
    const mine = newBox();
    const listen = async () => {
      const one = await party(own.port, own.page);
      one.say({ t: 'listen', boxes: [mine] });
      return { one, heard: await one.next() };
    };
    const ring = async () => {
      const one = await party(own.port, EXTENSION);
      const sid = newSid();
      const call = { box: mine.box, time: 1, proof: newToken() };
      one.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()), call });
      const answer = await one.next();
      return { sid, code: answer.problem?.code ?? answer.t };
    };
    await listen();
    await own.restart();
    const { sid } = await ring();
    await own.restart();
    const { one, heard } = await listen();
    expect(sids(heard)).toEqual([sid]);
    one.say({ t: 'quiet', box: mine.box });
    one.say({ t: 'ping' });
    while ((await one.next()).t !== 'pong');
    await own.restart();
    expect((await ring()).code).toBe('called-too-often');
    await own.close();
  });

  test('is taken from an extension, and heard by a phone page, alone', async () => {
    const mine = newBox();
    const wrong = await party(server.port, EXTENSION);
    wrong.say({ t: 'listen', boxes: [mine] });
    expect(await wrong.problem()).toBe('origin-required');
    const page = await party(server.port, server.page);
    const call = { box: mine.box, time: 1, proof: newToken() };
    page.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()), call });
    expect(await page.problem()).toBe('origin-required');
  });

  test('finds no box that nobody has listened at, and hears of none that another token opened', async () => {
    expect((await browser(newSid())).code).toBe('link-unknown');
    const mine = newBox();
    await phone(mine);
    const thief = await phone({ ...mine, token: newToken() });
    expect(thief.heard).toMatchObject({ calls: [], ended: [{ box: mine.box, why: 'ended' }] });
    const one = await browser(mine.box);
    expect(one.code).toBe('opened');
    thief.say({ t: 'quiet', box: newSid() });
    thief.say({ t: 'send', n: 0, m: 'AAAA' });
    // A listener says nothing that a party to a session says.
    const heard = [await thief.next()];
    while (heard.at(-1)?.t === 'calls') heard.push(await thief.next());
    expect(heard.pop()?.problem?.code).toBe('out-of-order');
    for (const frame of heard) expect(frame).toMatchObject({ calls: [], ended: [{ box: mine.box }] });
  });
});

describe('who listens with a wrong token', () => {
  test('silences nobody, keeps no push back, and is not there', async () => {
    const mine = newBox();
    const listening = await phone(mine);
    listening.say({ t: 'push', push: service.subscribe() });
    listening.say({ t: 'echo', nonce: await service.next() });
    expect(await listening.next()).toEqual({ t: 'pushing', on: true });
    listening.close();
    await unheard(mine);
    const thief = await phone({ ...mine, token: newToken() }, newBox());
    thief.say({ t: 'quiet', box: mine.box });
    thief.say({ t: 'ping' });
    expect((await thief.next()).t).toBe('pong');
    expect(await server.boxes.isHeard(mine.box)).toBe(false);
    const one = await browser(mine.box);
    expect(one.code).toBe('opened');
    expect(await service.next()).toBe('open');
    for (const each of [one, thief]) each.close();
  });

  test('does not get his push in the place of the phone’s', async () => {
    const mine = newBox();
    const listening = await phone(mine);
    listening.close();
    const thief = await phone({ ...mine, token: newToken() });
    thief.say({ t: 'push', push: service.subscribe() });
    thief.say({ t: 'echo', nonce: await service.next() });
    await thief.next();
    const boxes = (await server.dump()).filter(({ key }) => key === `box:${hashOf(mine.box)}`);
    expect(boxes.map(({ value }) => JSON.parse(value).push)).toEqual(['']);
    thief.close();
  });
});

describe('a box', () => {
  type Companion = Awaited<ReturnType<typeof companion>>;
  const ROOM = 2 ** 20;
  /** What limits count the parties of these tests by. */
  const BUCKET = sourceOf('127.0.0.1', {}, undefined).bucket;
  let filled = 0;
  /** So many bytes more lie in the database. */
  const fill = (own: Companion, bytes: number) => own.store.put(`much ${filled++}`, 'A'.repeat(bytes), FOR_EVER, 0);
  /** What a phone hears first. */
  const listen = async (own: Companion, ...boxes: Box[]) => {
    const one = await party(own.port, own.page);
    one.say({ t: 'listen', boxes });
    const heard = await one.next();
    one.close();
    return heard;
  };

  test('is written no more when its phone listens again, unless a day has passed, or it was told by push', async () => {
    const own = await companion();
    const mine = newBox();
    const rev = async () => (await own.store.get(`box:${hashOf(mine.box)}`))?.rev;
    for (let i = 0; i < 3; i++) await listen(own, mine);
    expect(await rev()).toBe(1);
    own.later(86_400_000);
    for (let i = 0; i < 3; i++) await listen(own, mine);
    expect(await rev()).toBe(2);
    await own.close();
  });

  test('of a network are 2,000 listened at in two minutes', async () => {
    const own = await companion();
    const mine = newBox();
    await own.limiters.listens.consume(BUCKET, own.limiters.listens.points - 1);
    expect((await listen(own, mine)).t).toBe('calls');
    expect((await listen(own, mine)).problem).toMatchObject({ code: 'rate-limited', retryAfter: 120 });
    await own.close();
  });

  test('that nobody came back to is gone in thirty days, and one that its phone came back to in half a year', async () => {
    const own = await companion();
    const [kept, left] = [newBox(), newBox()];
    const there = async () => {
      await own.store.sweep();
      const keys = (await own.dump()).map(({ key }) => key);
      return [kept, left].map(({ box }) => keys.includes(`box:${hashOf(box)}`));
    };
    await listen(own, kept, left);
    own.later(86_400_000);
    // Whoever has not its token does not come back to it.
    await listen(own, kept, { ...left, token: newToken() });
    own.later(LIMITS.boxNewMs - 86_400_000 + 1000);
    expect(await there()).toEqual([true, false]);
    own.later(LIMITS.boxUnusedMs - LIMITS.boxNewMs);
    expect(await there()).toEqual([true, false]);
    own.later(86_400_000);
    expect(await there()).toEqual([false, false]);
    await own.close();
  });

  test('is made by no stranger in a full house, and those that are there ring', async () => {
    const own = await companion({}, {}, ROOM);
    const mine = newBox();
    expect((await listen(own, mine)).t).toBe('calls');
    // As much as strangers' backups can fill stands in no pairing's way.
    await fill(own, ROOM / 2);
    expect((await listen(own, newBox())).t).toBe('calls');
    await fill(own, ROOM / 4);
    expect((await listen(own, newBox())).problem?.code).toBe('busy');
    expect((await listen(own, mine)).t).toBe('calls');
    await own.close();
  });

  test.each<[string, string, (own: Companion) => Promise<unknown>]>([
    ['busy', 'no room', (own) => fill(own, 0.75 * ROOM)],
    [
      'rate-limited',
      'too many others',
      ({ limiters: { boxes } }) => boxes.consume(BUCKET, boxes.points).catch(() => {}),
    ],
  ])(
    'that is new and refused (%s: %s) makes a phone deaf at no other, and is not over',
    async (code, _what, refuse) => {
      const own = await companion({}, {}, ROOM);
      const [mine, other] = [newBox(), newBox()];
      await listen(own, mine, other);
      await refuse(own);
      expect((await listen(own, newBox())).problem?.code).toBe(code);
      const ringing = await party(own.port, EXTENSION);
      const call = { box: other.box, time: 1, proof: newToken() };
      ringing.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()), call });
      await ringing.next();
      // Also beside one that somebody else was first at.
      const heard = await listen(own, newBox(), { ...mine, token: newToken() }, other, newBox());
      expect(heard).toMatchObject({
        t: 'calls',
        calls: [{ box: other.box }],
        ended: [{ box: mine.box, why: 'ended' }],
      });
      expect(heard.ended).toHaveLength(1);
      await own.close();
    },
  );
});

describe('a link that is over', () => {
  test.each(['ended', 'suspended'] as const)(
    'is %s for both, at once or at the next call, and stays so',
    async (why) => {
      const mine = newBox();
      const listening = await phone(mine);
      const ending = await party(server.port, EXTENSION);
      ending.say({ t: 'end-link', box: mine.box, why });
      expect((await ending.next()).t).toBe('link-ended');
      expect(await listening.next()).toMatchObject({ ended: [{ box: mine.box, why }] });
      expect((await browser(mine.box)).code).toBe(`link-${why}`);
      // Said once more, or otherwise, it changes nothing.
      const again = await party(server.port, server.page);
      again.say({ t: 'end-link', box: mine.box, why: 'ended' });
      await again.next();
      expect((await browser(mine.box)).code).toBe(`link-${why}`);
      expect((await phone(mine)).heard).toMatchObject({ ended: [{ box: mine.box, why }] });
    },
  );

  test('before its phone ever listened is over, too', async () => {
    const mine = newBox();
    const ending = await party(server.port, EXTENSION);
    ending.say({ t: 'end-link', box: mine.box, why: 'ended' });
    await ending.next();
    expect((await phone(mine)).heard).toMatchObject({ ended: [{ box: mine.box }] });
  });
});

describe('calling too often', () => {
  test('three calls at once are the most; a fourth waits until one is given up', async () => {
    const mine = newBox();
    await phone(mine);
    const three = [await browser(mine.box), await browser(mine.box), await browser(mine.box)];
    expect(three.map(({ code }) => code)).toEqual(['opened', 'opened', 'opened']);
    expect((await browser(mine.box)).code).toBe('called-too-often');
    three[0]?.say({ t: 'close', reason: 'cancelled' });
    await three[0]?.closed;
    expect((await browser(mine.box)).code).toBe('opened');
  });

  test('who has declined is left alone for a minute', async () => {
    const own = await companion();
    const mine = newBox();
    const listening = await party(own.port, own.page);
    listening.say({ t: 'listen', boxes: [mine] });
    await listening.next();
    listening.say({ t: 'quiet', box: mine.box });
    listening.say({ t: 'ping' });
    while ((await listening.next()).t !== 'pong');
    const ring = async () => {
      const one = await party(own.port, EXTENSION);
      const call = { box: mine.box, time: 1, proof: newToken() };
      one.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()), call });
      return one.next();
    };
    const refused = await ring();
    expect(refused.problem).toMatchObject({ code: 'called-too-often' });
    expect(refused.problem?.retryAfter).toBeGreaterThan(50);
    await own.close();
  });

  test('500 calls ring ten times in ten minutes, and show one notice', async () => {
    const mine = newBox();
    const listening = await phone(mine);
    const subscription = service.subscribe();
    listening.say({ t: 'push', push: subscription });
    listening.say({ t: 'echo', nonce: await service.next() });
    expect(await listening.next()).toEqual({ t: 'pushing', on: true });
    listening.close();
    await unheard(mine);
    const before = service.pushed.length;
    const { boxes } = server;
    const results: string[] = [];
    for (let i = 0; i < 500; i++) {
      const call = { box: mine.box, time: 1, proof: newToken(), sid: newSid() };
      const said = await boxes.check(call).then(
        () => boxes.add(call).then(() => 'rung'),
        (refusal: { code: string }) => refusal.code,
      );
      // As if each had been given up at once: only how often is counted here.
      await boxes.drop(mine.box, call.sid);
      results.push(said);
    }
    expect(results.filter((one) => one === 'rung')).toHaveLength(10);
    expect(new Set(results)).toEqual(new Set(['rung', 'called-too-often']));
    expect(await service.next()).toBe('open');
    // Whatever else was sent has gone out before this one.
    expect(await server.pusher.sendTo(subscription, 'the last')).toBe('sent');
    expect(await service.next()).toBe('the last');
    expect(service.pushed.slice(before).map(({ text }) => text)).toEqual(['open', 'the last']);
  });
});

describe('push', () => {
  test('wakes a phone that does not listen, with nothing but “open”, encrypted and signed as the standards say', async () => {
    const mine = newBox();
    const listening = await phone(mine);
    listening.say({ t: 'push', push: service.subscribe() });
    const nonce = await service.next();
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{22}$/);
    // A subscription that is somebody else's never gets the nonce, so it is not kept.
    listening.say({ t: 'echo', nonce: newSid() });
    expect(await listening.next()).toEqual({ t: 'pushing', on: false });
    listening.say({ t: 'push', push: service.subscribe() });
    listening.say({ t: 'echo', nonce: await service.next() });
    expect(await listening.next()).toEqual({ t: 'pushing', on: true });
    // A phone that listens is told on its line.
    const before = service.pushed.length;
    const one = await browser(mine.box);
    expect(sids(await listening.next())).toEqual([one.sid]);
    one.say({ t: 'close', reason: 'cancelled' });
    listening.close();
    await unheard(mine);
    await browser(mine.box);
    expect(await service.next()).toBe('open');
    expect(service.pushed.slice(before)).toHaveLength(1);
    expect(service.pushed.at(-1)).toMatchObject({ ttl: 120, urgency: 'high' });
    expect(service.refused).toEqual([]);
    // Where a phone can be reached is sealed in the store.
    const stored = JSON.stringify([...(await server.dump())]);
    expect(stored).toContain('box:');
    expect(stored).not.toContain(service.host);
  });

  test('that the service knows no more is forgotten at the first 410, and the call still waits', async () => {
    const mine = newBox();
    const listening = await phone(mine);
    listening.say({ t: 'push', push: service.subscribe() });
    listening.say({ t: 'echo', nonce: await service.next() });
    await listening.next();
    listening.close();
    await listening.closed;
    service.answer = 410;
    const one = await browser(mine.box);
    expect(one.code).toBe('opened');
    const storedPush = async () => {
      const rows = await server.dump();
      return JSON.parse(rows.find(({ value }) => value.includes(one.sid) && value.includes('"calls"'))?.value ?? '{}')
        .push;
    };
    await vi.waitFor(async () => expect(await storedPush()).toBe(''), 10_000);
    service.answer = 201;
    expect(sids((await phone(mine)).heard)).toEqual([one.sid]);
  });

  test('follows no redirect, and is no proof when it was not taken', async () => {
    const mine = newBox();
    const listening = await phone(mine);
    for (const answer of [302, 500, 404]) {
      service.answer = answer;
      listening.say({ t: 'push', push: service.subscribe() });
      expect(await listening.next()).toEqual({ t: 'pushing', on: false });
    }
    service.answer = 201;
  });
});

describe('a push endpoint', () => {
  const keys = () => ({ p256dh: service.subscribe().p256dh, auth: service.subscribe().auth });
  /** Sockets that were opened while `work` ran. */
  async function socketsDuring(work: () => Promise<unknown>): Promise<number> {
    let opened = 0;
    const count = () => {
      opened++;
    };
    subscribe('net.client.socket', count);
    await work();
    unsubscribe('net.client.socket', count);
    return opened;
  }

  const hosts = [
    '127.0.0.1',
    '127.1',
    '127.0.0.2',
    '0',
    '0.0.0.0',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[fe80::1]',
    '[fc00::1]',
    '[2002:7f00:1::]',
    'localhost',
    'localhost.',
    'companion.local',
    'metadata.google.internal',
    '8.8.8.8',
    'example.com',
    'fcm.googleapis.com.evil.example',
    'evil.example#fcm.googleapis.com',
    'evil.example?fcm.googleapis.com',
    'evil.example/fcm.googleapis.com',
    'fcm.googleapis.com@evil.example',
    'fcm.googleapis.com%2eevil.example',
    'xfcm.googleapis.com',
    'push.apple.com.evil.example',
    'evilpush.apple.com',
    'notify.windows.com',
    'fcm.googleapis.com:80',
    'fcm.googleapis.com:8443',
    'user:pass@fcm.googleapis.com',
    'fcm.googleapis.com/#x',
    '127.0.0.1:443',
    '[::1]:443',
    '0177.0.0.1',
    '127.0.0.1.nip.io',
    'intranet',
    '192.0.2.1',
    '203.0.113.9',
    'fcm.googleapis.com.',
  ];
  const endpoints = [
    ...hosts.map((host) => `https://${host}/push`),
    'http://fcm.googleapis.com/push',
    'ftp://fcm.googleapis.com/push',
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:alert(1)',
    'gopher://fcm.googleapis.com/',
    'wss://fcm.googleapis.com/',
  ].filter((endpoint) => URL.canParse(endpoint));

  test(`is none of ${endpoints.length} that lead elsewhere: no socket is opened`, async () => {
    const pusher = new Pusher(newPushKeys(), { contact: 'https://scankey.example' });
    const opened = await socketsDuring(async () => {
      for (const endpoint of endpoints) {
        const sending = pusher.sendTo({ endpoint, ...keys() }, 'open');
        await expect(sending, endpoint).rejects.toMatchObject({ code: 'bad-message' });
      }
    });
    expect(opened).toBe(0);
  });

  test('with a known name that leads into a private network, now or at the second look, is not dialled', async () => {
    const endpoint = 'https://fcm.googleapis.com/push';
    for (const address of [
      '127.0.0.1',
      '10.1.2.3',
      '169.254.169.254',
      '::1',
      '::ffff:192.168.0.1',
      'fd00::1',
      '64:ff9b::1',
    ]) {
      const family = address.includes(':') ? 6 : 4;
      let asked = 0;
      // Public, then private; and both at once.
      const lists = [
        [{ address, family }],
        [
          { address: '142.250.1.1', family: 4 },
          { address, family },
        ],
      ];
      const resolve = async () => lists[asked++ % 2] ?? [];
      const pusher = new Pusher(newPushKeys(), { contact: 'https://scankey.example', resolve });
      const opened = await socketsDuring(async () => {
        expect(await pusher.sendTo({ endpoint, ...keys() }, 'open')).toBe('failed');
        expect(await pusher.sendTo({ endpoint, ...keys() }, 'open')).toBe('failed');
      });
      expect(opened, address).toBe(0);
      expect(asked).toBe(2);
    }
  });

  test('whose keys are none is refused', async () => {
    const pusher = new Pusher(newPushKeys(), { contact: 'https://scankey.example', allowed: [service.host] });
    const { endpoint, auth } = service.subscribe();
    const p256dh = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
    await expect(pusher.sendTo({ endpoint, p256dh, auth }, 'open')).rejects.toMatchObject({ code: 'bad-message' });
  });
});

test('a clock that is set back keeps no phone from being called, and none from being told', async () => {
  const own = await companion();
  const mine = newBox();
  const call = (sid = newSid()) => ({ box: mine.box, sid, time: 0, proof: '' });
  await own.boxes.listen([mine], 'house');
  await own.boxes.reach([mine.box], service.subscribe());
  const told = vi.spyOn(own.pusher, 'send').mockResolvedValue('sent');
  for (let i = 0; i < LIMITS.openCalls; i++) await own.boxes.add(call());
  await own.boxes.quiet(mine.box);
  await expect(own.boxes.check(call())).rejects.toMatchObject({ code: 'called-too-often' });
  own.later(-3_600_000);
  await own.boxes.check(call());
  await own.boxes.add(call());
  expect(told).toHaveBeenCalledTimes(2);
  await own.close();
});
