// Two companions on one Redis are one to whoever speaks to either: a browser at the one, a phone at the other.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildApp, newShared, type Settings } from '../../server/app.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { hashOf } from '../../server/store/hashes.ts';
import { openRedis } from '../../server/store/redis.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { EXTENSION, newSid, newToken, PK, party } from '../companion/party.ts';
import { type RedisServer, redisServer } from './server.ts';

// Who is woken is so at once, and who is not hangs for longer than a test may: how slow this machine is proves nothing.
Object.assign(LIMITS, { joinWaitMs: 200_000 });
const keys = newPushKeys();
const folder = mkdtempSync(join(tmpdir(), 'scankey-nodes-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><html data-trial="true"></html>');

/** By one clock that stands, no day ends between two counts. */
const begun = Date.now();

/** A companion on a free port of the loopback. */
async function node(url: string) {
  const store = await openRedis(url, { now: () => begun, say: () => {} });
  const pusher = new Pusher(keys, { contact: 'https://scankey.example' });
  const shared = newShared(store, pusher);
  const settings: Settings = {
    hosts: [],
    phoneOrigin: '',
    pageOrigins: [],
    extensionIds: ['iafbdandlnajajocdfhpngcoakkghafb'],
    trial: true,
    phonePage: folder,
  };
  const app = await buildApp(settings, shared);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const page = `http://127.0.0.1:${port}`;
  Object.assign(settings, { hosts: [`127.0.0.1:${port}`], phoneOrigin: page, pageOrigins: [page] });
  const pushes = vi.spyOn(pusher, 'send').mockResolvedValue('sent');
  return {
    ...shared,
    port,
    page,
    pushes,
    async close() {
      await app.close();
      store.close();
    },
  };
}

let redis: RedisServer;
let [here, there]: Awaited<ReturnType<typeof node>>[] = [];
beforeAll(async () => {
  redis = await redisServer();
  [here, there] = await Promise.all([node(redis.url), node(redis.url)]);
});
beforeEach(() => redis.empty());
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Both, once they run. */
function both() {
  if (!here || !there) throw new Error('not begun');
  return { here, there };
}

test('a browser at one and a phone at the other sign in, each woken by what the other says, also after coming back elsewhere', async () => {
  const { here, there } = both();
  const [sid, b, p] = [newSid(), newToken(), newToken()];
  // The phone is first: it waits for the browser.
  const phone = await party(there.port, there.page);
  phone.say({ t: 'join', sid, tokenHash: await tokenHash(p) });
  const browser = await party(here.port, EXTENSION);
  browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(b) });
  expect(await browser.next()).toEqual({ t: 'opened' });
  expect(await phone.next()).toMatchObject({ t: 'joined', pk: PK, near: true });
  expect(await browser.next()).toMatchObject({ t: 'peer', near: true });
  phone.say({ t: 'send', n: 0, m: 'AAAA' });
  expect([await phone.next(), await browser.next()]).toEqual([
    { t: 'acked', n: 0 },
    { t: 'msg', n: 0, m: 'AAAA' },
  ]);
  browser.say({ t: 'ack', n: 0 });
  phone.close();
  const again = await party(here.port, here.page);
  again.say({ t: 'resume', sid, role: 'p', token: p, lastSeen: -1 });
  expect(await again.next()).toEqual({ t: 'resumed', next: 1 });
  browser.say({ t: 'send', n: 0, m: 'BBBB' });
  expect(await again.next()).toEqual({ t: 'msg', n: 0, m: 'BBBB' });
  expect(await browser.next()).toEqual({ t: 'acked', n: 0 });
  again.say({ t: 'close', reason: 'done' });
  const over = await browser.next();
  expect(over.problem).toMatchObject({ code: 'session-gone', reason: 'done' });
  const late = await party(there.port, EXTENSION);
  late.say({ t: 'resume', sid, role: 'b', token: b, lastSeen: -1 });
  expect((await late.next()).problem).toMatchObject({ code: 'session-gone', reason: 'done' });
});

test('a phone that listens at one is told of a request at the other, and not pushed to; when it has left, it is pushed to', async () => {
  const { here, there } = both();
  const [box, token] = [newSid(), newToken()];
  const push = { endpoint: 'https://fcm.googleapis.com/x', p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) };
  const { own } = await here.boxes.listen([{ box, token }], 'a');
  await here.boxes.reach(own, push);
  let called = 0;
  const told = Promise.withResolvers<void>();
  const stop = await here.boxes.attend(own, () => {
    called++;
    if (called === 2) told.resolve();
  });
  await there.boxes.add({ box, sid: newSid(), time: Date.now(), proof: newToken() });
  await told.promise;
  expect((await here.boxes.waiting([{ box, token }])).calls).toHaveLength(1);
  stop();
  await expect.poll(() => there.boxes.isHeard(box), { timeout: 60_000 }).toBe(false);
  await there.boxes.add({ box, sid: newSid(), time: Date.now(), proof: newToken() });
  expect([here.pushes.mock.calls.length, there.pushes.mock.calls.length]).toEqual([0, 1]);
});

test('what an address may do is counted at both together', async () => {
  const { here, there } = both();
  const open = async (at: { port: number }) => {
    const browser = await party(at.port, EXTENSION);
    browser.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()) });
    const answer = await browser.next();
    browser.close();
    return answer.problem?.code ?? answer.t;
  };
  const answers = await Promise.all(Array.from({ length: 40 }, () => [open(here), open(there)]).flat());
  expect(answers.filter((one) => one === 'opened')).toHaveLength(here.limiters.opens.points);
  expect(new Set(answers)).toEqual(new Set(['opened', 'rate-limited']));
});

test('no phone is left waiting, however close its coming and the browser’s are', async () => {
  const { here, there } = both();
  const near = { networks: [], signsIn: false };
  const round = async () => {
    const sid = newSid();
    const come = <T>(work: () => Promise<T>) => sleep(Math.random() * 3).then(work);
    const [joined] = await Promise.allSettled([
      come(() => there.relay.join({ t: 'join', sid, tokenHash: hashOf('p') }, [])),
      come(() => here.relay.open({ t: 'open', sid, pk: PK, tokenHash: hashOf('b') }, near)),
    ]);
    return joined.status === 'fulfilled' ? 'joined' : 'left waiting';
  };
  const told = new Map<string, number>();
  for (let batch = 0; batch < 30; batch++)
    for (const one of await Promise.all(Array.from({ length: 40 }, round))) told.set(one, (told.get(one) ?? 0) + 1);
  expect([...told]).toEqual([['joined', 1200]]);
});
