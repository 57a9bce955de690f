// `REDIS_URL=… node server/main.ts`: what it says where it cannot start, and that it outlives its Redis.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { freePort, type RedisServer, redisServer } from './server.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'scankey-start-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><html data-trial="false"></html>');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function begun(): Promise<RedisServer> {
  const redis = await redisServer();
  onTestFinished(() => redis.close());
  return redis;
}

/** A companion of this computer alone. */
async function start(url: string, data: string, ...more: string[]) {
  const port = await freePort();
  const given = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--data',
    join(folder, data),
    '--page',
    folder,
    ...more,
  ];
  const child = spawn(process.execPath, ['server/main.ts', ...given], {
    cwd: root,
    env: { ...process.env, REDIS_URL: url, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = once(child, 'exit');
  const running = new Promise<void>((resolve) => {
    child.stdout.on('data', () => said.includes('companion is running') && resolve());
  });
  await Promise.race([running, ended]);
  const health = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
  const end = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
  };
  return { said: () => said, code: () => child.exitCode, health, end };
}

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
