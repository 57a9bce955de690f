// `REDIS_URL=… node server/main.ts`: what it says where it cannot start, and that it outlives its Redis.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder, startCompanion } from '../operate/companion.ts';
import { type RedisServer, redisServer } from './server.ts';

const folder = newFolder();

async function begun(): Promise<RedisServer> {
  const redis = await redisServer();
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
