// Events that WeChat signs: its signature covers a time and a nonce alone, so whoever has seen one event must not be able to say another.
import { createHash } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerFailures } from '../../server/http/failures.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { wechat } from '../../server/team/providers/wechat.ts';
import { drawnCodeRoutes } from '../../server/team/routes/drawn-codes.ts';
import type { Rooms } from '../../server/team/routes/rooms.ts';
import { SignedEvents } from '../../server/team/signed-events.ts';

const NOW = 1_800_000_000_000;
const TOKEN = 'wechat-events-token';
let now: number;
let store: Store;
let app: FastifyInstance;
let scanned: string[];
let failing: boolean;

beforeEach(async () => {
  now = NOW;
  scanned = [];
  failing = false;
  store = openSqlite(':memory:', () => now);
  app = fastify();
  answerFailures(app, undefined);
  const provider = wechat({ account: { 'app-id': 'wxfedcba9876543210', secret: 's', token: TOKEN }, hosts: {} });
  const rooms = {
    providers: new Map([['wechat', provider]]),
    events: new SignedEvents(store, () => now),
    attempts: {
      async scanned(message: string) {
        if (failing) throw new Error('the disk is full');
        scanned.push(message);
      },
    },
  };
  await app.register(drawnCodeRoutes, rooms as unknown as Rooms);
});
afterEach(async () => {
  await app.close();
  store.close();
});

const queryOf = (time: number | string, nonce: string) => {
  const timestamp = typeof time === 'string' ? time : String(Math.floor(time / 1000));
  const signature = createHash('sha1').update([TOKEN, timestamp, nonce].sort().join('')).digest('hex');
  return { signature, timestamp, nonce };
};
type Signed = ReturnType<typeof queryOf>;
const event = async (query: Record<string, string>, body = '<xml>scan</xml>') =>
  (
    await app.inject({
      method: 'POST',
      url: '/v1/wechat/events',
      query,
      payload: body,
      headers: { 'content-type': 'text/xml' },
    })
  ).statusCode;

describe('an event of WeChat’s', () => {
  const wrong: [string, (good: Signed) => Partial<Signed>][] = [
    ['of 2001', () => queryOf(1_000_000_000_000, 'a')],
    ['of six minutes ago', () => queryOf(NOW - 360_000, 'a')],
    ['of six minutes from now', () => queryOf(NOW + 360_000, 'a')],
    ['at a time that is none', () => queryOf('NaN', 'a')],
    ['at a time that is only nearly a number', () => queryOf(`${NOW / 1000}.0`, 'a')],
    ['without a nonce', () => queryOf(NOW, '')],
    ['of another time than was signed', (good) => ({ ...good, timestamp: String(NOW / 1000 - 1) })],
    ['of another nonce than was signed', (good) => ({ ...good, nonce: 'b' })],
    ['with another signature', (good) => ({ ...good, signature: '0'.repeat(40) })],
    ['with half a signature', (good) => ({ ...good, signature: good.signature.slice(0, 20) })],
    ['that nobody signed', () => ({})],
  ];
  test.each(wrong)('%s is refused, and does nothing', async (_name, change) => {
    expect(await event(change(queryOf(NOW, 'a')) as Record<string, string>)).toBe(403);
    expect(scanned).toEqual([]);
  });

  test.each([-299_000, 0, 299_000])('that is fresh, by %i ms, is taken', async (by) => {
    expect(await event(queryOf(NOW + by, 'a'))).toBe(200);
    expect(scanned).toEqual(['<xml>scan</xml>']);
  });

  test('that could not be kept is taken when it comes again, and still nothing else under its nonce', async () => {
    failing = true;
    const query = queryOf(NOW, 'a');
    expect(await event(query)).toBe(503);
    failing = false;
    expect(await event(query, '<xml>another</xml>')).toBe(403);
    expect(await event(query)).toBe(200);
    expect(scanned).toEqual(['<xml>scan</xml>']);
  });

  test('says nothing else under a nonce that was used, for as long as it would be fresh', async () => {
    const query = queryOf(NOW + 299_000, 'a');
    expect(await event(query)).toBe(200);
    for (const later of [0, 300_000, 598_000, 599_000, 599_001, 700_000]) {
      now = NOW + later;
      expect(await event(query, '<xml>another</xml>')).toBe(403);
    }
    expect(scanned).toHaveLength(1);
  });

  test('is one of several that come at once under one nonce', async () => {
    const bodies = ['<xml>a</xml>', '<xml>b</xml>', '<xml>c</xml>'];
    const answers = await Promise.all(bodies.map((body) => event(queryOf(NOW, 'a'), body)));
    expect(answers.toSorted()).toEqual([200, 403, 403]);
    expect(scanned).toHaveLength(1);
  });

  test('of more than 4 KiB is not read', async () => {
    expect(await event(queryOf(NOW, 'a'), `<xml>${'x'.repeat(5_000)}</xml>`)).toBe(413);
    expect(scanned).toEqual([]);
  });

  test('the console’s question is answered while it is fresh, and no other under its nonce', async () => {
    const ask = async (query: Record<string, string>) => app.inject({ url: '/v1/wechat/events', query });
    const query = queryOf(NOW, 'a');
    expect((await ask({ ...query, echostr: 'echo' })).body).toBe('echo');
    expect((await ask({ ...query, echostr: 'other' })).statusCode).toBe(403);
    expect((await ask({ ...queryOf(1_000_000_000_000, 'b'), echostr: 'echo' })).statusCode).toBe(403);
  });
});
