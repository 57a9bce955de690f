// How often is too often, and what somebody is told who has to wait.
import { expect, test } from 'vitest';
import {
  Connections,
  consume,
  inMemory,
  type Limiter,
  look,
  MOST_COUNTED,
  newLimiters,
  TRAFFIC,
  Traffic,
} from '../../server/http/limits.ts';
import { LIMITS } from '../../src/protocol/relay.ts';

test('an address has so many connections, and one more when one has closed', () => {
  const connections = new Connections();
  for (let i = 0; i < LIMITS.connections; i++) expect(connections.enter('a')).toBe(true);
  expect([connections.enter('a'), connections.enter('b')]).toEqual([false, true]);
  connections.leave('a');
  expect([connections.enter('a'), connections.enter('a')]).toEqual([true, false]);
});

test('nothing is kept of who has no connection any more', () => {
  const connections = new Connections();
  const buckets = ['a', 'a', 'b'];
  for (const bucket of buckets) connections.enter(bucket);
  const kept = buckets.map((bucket) => {
    connections.leave(bucket);
    return connections.buckets;
  });
  expect(kept).toEqual([2, 1, 0]);
});

test('a network may say so much at once, then so much a second, and nothing is kept of one that was silent', () => {
  let now = 0;
  const traffic = new Traffic(() => now);
  for (let i = 0; i < TRAFFIC.burst; i++) expect(traffic.take('a', 1)).toBe(0);
  expect(traffic.take('a', 1)).toBeCloseTo(1000 / TRAFFIC.perSecond);
  // What was refused made it no longer.
  expect(traffic.take('a', 1)).toBeCloseTo(1000 / TRAFFIC.perSecond);
  expect(traffic.take('b', 1)).toBe(0);
  now += 1000;
  expect(traffic.take('a', TRAFFIC.perSecond)).toBe(0);
  expect(traffic.take('a', 1)).toBeGreaterThan(0);
  now += (TRAFFIC.burst * 1000) / TRAFFIC.perSecond;
  expect([traffic.take('c', 1), traffic.buckets]).toEqual([0, 1]);
});

test('who has used up a limit is told for how long, whatever the refusal is called; others are not', async () => {
  const limiter = inMemory('', { points: 2, duration: 60 });
  for (let i = 0; i < 2; i++) await consume(limiter, 'a');
  await expect(consume(limiter, 'a')).rejects.toMatchObject({ code: 'rate-limited', extra: { retryAfter: 60 } });
  await expect(consume(limiter, 'a', 'called-too-often')).rejects.toMatchObject({ code: 'called-too-often' });
  await consume(limiter, 'b');
});

test('of more than can be counted those who came first are counted anew; whose time is over is not kept', async () => {
  let now = 0;
  const limiter = inMemory('', { points: 1, duration: 60 }, () => now);
  const isOver = (key: string) =>
    limiter.consume(key).then(
      () => false,
      () => true,
    );
  for (const key of ['first', 'second']) expect(await isOver(key)).toBe(false);
  for (let i = 0; i < MOST_COUNTED - 1; i++) await limiter.consume(`${i}`);
  expect([await isOver('second'), await isOver('first')]).toEqual([true, false]);
  now = 59_999;
  expect([await isOver('first'), await limiter.get('first')]).toMatchObject([true, { msBeforeNext: 1 }]);
  now = 60_000;
  expect([await limiter.get('first'), await isOver('first')]).toEqual([null, false]);
});

test('looking takes nothing, and refuses where nothing is left', async () => {
  const limiter = inMemory('', { points: 1, duration: 60 });
  for (let i = 0; i < 3; i++) await look(limiter, 'a');
  await consume(limiter, 'a');
  await expect(look(limiter, 'a')).rejects.toMatchObject({ code: 'rate-limited', extra: { retryAfter: 60 } });
});

test('all who may begin a sign-in at a provider from one network can end it: five steps each', () => {
  const { proofs, roundsFrom } = newLimiters();
  const perSecond = ({ points, duration }: Limiter) => points / duration;
  expect(perSecond(proofs)).toBeGreaterThanOrEqual(5 * perSecond(roundsFrom));
});
