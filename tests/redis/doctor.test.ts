// What the doctor says of a Redis: whether it has memory for the companion that runs, and where it cannot be asked.
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { expect, onTestFinished, test } from 'vitest';
import { lookAtRedis } from '../../server/operate/redis.ts';
import { command, newFolder, startCompanion } from '../operate/companion.ts';
import { redisServer } from './server.ts';

const folder = newFolder();

test('the doctor looks whether there is memory for the room of the companion that runs, whatever its own command line says', async () => {
  const redis = await redisServer('--maxmemory', '3gb');
  onTestFinished(() => redis.close());
  const env = { REDIS_URL: redis.url };
  const data = join(folder, 'large');
  const { port } = await startCompanion({ folder, data, env, more: ['--room', '4096'] });
  const [code, said] = await command(['doctor', '--port', String(port), '--data', data], env);
  expect([code, said]).toEqual([1, expect.stringContaining('too little for --room 4096. Set "maxmemory 5120mb"')]);
});

test('a Redis that cannot be looked at is one of the doctor’s findings', async () => {
  const redis = await redisServer();
  onTestFinished(() => redis.close());
  const found: [boolean, string][] = [];
  const report = { line: (good: boolean, text: string) => void found.push([good, text]), note() {} };
  const client = createClient({ url: redis.url });
  await client.connect();
  await client.sendCommand(['ACL', 'SETUSER', 'small', 'on', '>word', '~*', '+@all', '-info', '-time']);
  client.destroy();
  await lookAtRedis(redis.url.replace('//', '//small:word@'), 2 ** 31, report);
  await redis.kill();
  await lookAtRedis(redis.url, 2 ** 31, report);
  expect(found).toEqual([
    [false, expect.stringMatching(/^Redis: cannot be looked at \(NOPERM.*info.*Let its user have INFO and TIME$/)],
    [false, expect.stringMatching(/^Redis: cannot be looked at \(.*ECONNREFUSED.*: is it there\?$/)],
  ]);
});
