// `REDIS_URL=… node server/main.ts`: what it says where it cannot start, and that it outlives its Redis.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { expect, onTestFinished, test } from 'vitest';
import { pair, party } from '../companion/party.ts';
import { newFolder, startCompanion } from '../operate/companion.ts';
import { type RedisServer, redisServer } from './server.ts';

const folder = newFolder();

async function begun(...settings: string[]): Promise<RedisServer> {
  const redis = await redisServer(...settings);
  onTestFinished(() => redis.close());
  return redis;
}

const start = (url: string, data: string, ...more: string[]) =>
  startCompanion({ folder, data: join(folder, data), more, env: { REDIS_URL: url } });

test('one that could not be of one piece with the others does not start, and says what to do', async () => {
  const redis = await begun();
  const first = await start(redis.url, 'first');
  expect(first.said()).toContain('companion is running');
  expect(first.said()).toContain(`The store is the Redis at ${new URL(redis.url).host} (REDIS_URL)`);
  const stranger = await start(redis.url, 'stranger');
  expect([stranger.code(), stranger.said()]).toEqual([2, expect.stringContaining('copy their push-keys.json')]);
  cpSync(join(folder, 'first/push-keys.json'), join(folder, 'stranger/push-keys.json'));
  const second = await start(redis.url, 'stranger');
  expect(await second.health()).toBe(200);
  writeFileSync(join(folder, 'team.yaml'), 'people: anyone\n');
  const team = await start(redis.url, 'first', '--team', join(folder, 'team.yaml'));
  expect([team.code(), team.said()]).toEqual([2, expect.stringContaining('needs "keys:"')]);
  await Promise.all([first, second].map(({ end }) => end()));
  expect([first.code(), second.code()]).toEqual([0, 0]);
});

test('one whose Redis is lost is not well, says so once, and is well when it is back', async () => {
  const redis = await begun();
  const one = await start(redis.url, 'outlives');
  await redis.kill();
  await expect.poll(one.health, { timeout: 60_000 }).toBe(503);
  await redis.start();
  await expect.poll(one.health, { timeout: 60_000 }).toBe(200);
  const lines = () => one.said().match(/Redis is (lost|back)/g);
  await expect.poll(lines, { timeout: 60_000 }).toEqual(['Redis is lost', 'Redis is back']);
  await one.end();
  await redis.kill();
  const away = await start(redis.url, 'outlives');
  expect([away.code(), away.said()]).toEqual([
    2,
    expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ \(REDIS_URL\) cannot be reached/),
  ]);
});

test('one whose Redis has become a replica says so once, and goes on with all it had when it is written to again', async () => {
  const atOnce = ['--repl-diskless-sync-delay', '0'];
  const [redis, other] = [await begun(...atOnce), await begun(...atOnce)];
  const tell = async (to: RedisServer, ...words: string[]) => {
    const client = createClient({ url: to.url });
    await client.connect();
    const answer = String(await client.sendCommand(words));
    client.destroy();
    return answer;
  };
  const follow = async (replica: RedisServer, of: RedisServer) => {
    await tell(replica, 'REPLICAOF', '127.0.0.1', new URL(of.url).port);
    await expect
      .poll(() => tell(replica, 'INFO', 'replication'), { timeout: 60_000 })
      .toContain('master_link_status:up');
  };
  await follow(other, redis);
  const one = await start(redis.url, 'replica');
  const { sid, tokens, browser, phone } = await pair(one);
  browser.say({ t: 'send', n: 0, m: 'c2VhbGVk' });
  expect(await browser.next()).toMatchObject({ t: 'acked' });
  await expect.poll(() => tell(other, 'DBSIZE'), { timeout: 60_000 }).toBe(await tell(redis, 'DBSIZE'));
  await tell(other, 'REPLICAOF', 'NO', 'ONE');
  await follow(redis, other);
  browser.say({ t: 'send', n: 1, m: 'c2VhbGVkIHRvbw' });
  expect(await browser.problem()).toBe('store-unavailable');
  await expect.poll(one.health, { timeout: 60_000 }).toBe(503);
  await tell(redis, 'REPLICAOF', 'NO', 'ONE');
  await expect.poll(one.health, { timeout: 60_000 }).toBe(200);
  const told = one.said().match(/Redis is a replica|takes what it is given again/g);
  expect(told).toEqual(['Redis is a replica', 'takes what it is given again']);
  phone.close();
  const back = await party(one.port, one.page);
  back.say({ t: 'resume', sid, role: 'p', token: tokens.p, lastSeen: -1 });
  expect([await back.next(), await back.next()]).toMatchObject([{ t: 'resumed' }, { t: 'msg', n: 0, m: 'c2VhbGVk' }]);
  for (const { close } of [browser, back]) close();
  await one.end();
});
