// What the doctor says of a Redis: whether it has memory for the companion that runs, and where it cannot be asked.
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { lookAtRedis } from '../../server/operate/redis.ts';
import { KeyFile } from '../../server/team/issuer/keys.ts';
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

/** An hour ahead of this computer’s clock. */
const ahead = {
  CLOCK_AHEAD: '3600000',
  NODE_OPTIONS: `--import ${join(import.meta.dirname, '../faults/moved-clock.ts')}`,
};

test('a clock that is off is named, whosever it is', async () => {
  const redis = await redisServer();
  onTestFinished(() => redis.close());
  const data = join(folder, 'clock');
  const off = /^WRONG (clock: .*)\. Set both by NTP, as: timedatectl set-ntp true$/gm;
  const asked = async (port: number, env: Record<string, string>) => {
    const [code, said] = await command(['doctor', '--port', String(port), '--data', data], env);
    return [code, [...said.matchAll(off)].map(([, what]) => what)];
  };
  const fast = await startCompanion({ folder, data, env: ahead });
  // By how long a question takes on a busy computer it may be less.
  expect(await asked(fast.port, {})).toEqual([
    1,
    [expect.stringMatching(/^clock: the companion’s is (3600|35[5-9]\d) s off/)],
  ]);
  await fast.end();
  const right = await startCompanion({ folder, data, env: { REDIS_URL: redis.url } });
  expect(await asked(right.port, { ...ahead, REDIS_URL: redis.url })).toEqual([
    1,
    [
      expect.stringMatching(/^clock: the companion’s is -36[0-4]\d s off/),
      expect.stringMatching(/^clock: that of Redis is -36[0-4]\d s off/),
    ],
  ]);
});

test('companions of one team that sign with different keys are named', async () => {
  const redis = await redisServer();
  onTestFinished(() => redis.close());
  const env = { REDIS_URL: redis.url };
  for (const page of ['phone', 'sign-in']) cpSync(join(folder, 'index.html'), join(folder, 'team', page, 'index.html'));
  /** A companion whose own keys these are; the second has the first one's for pushes. */
  const begin = async (name: string, ...more: string[]) => {
    const data = join(folder, 'team', name);
    const [keys, file] = [join(data, 'keys.json'), join(data, 'team.yaml')];
    if (!existsSync(data)) {
      mkdirSync(data);
      writeFileSync(file, stringify({ people: 'anyone', keys }));
      await KeyFile.open({ path: keys });
      if (name !== 'first') cpSync(join(folder, 'team/first/push-keys.json'), join(data, 'push-keys.json'));
    }
    const one = await startCompanion({
      ...{ folder: join(folder, 'team/phone'), data, env },
      more: ['--team', file, ...more],
    });
    return { ...one, data, keys };
  };
  const first = await begin('first');
  const second = await begin('second');
  const doctor = async () => {
    const [, said] = await command(['doctor', '--port', String(first.port), '--data', first.data], env);
    return said.match(/^.* keys: .*$/gm);
  };
  expect(await doctor()).toEqual([
    expect.stringMatching(/^WRONG keys: \S+:\d+ signs with others than \S+:\d+\. Let "keys:" .* the same file/),
  ]);
  await second.end();
  cpSync(first.keys, second.keys);
  await begin('second', '--port', String(second.port));
  expect(await doctor()).toEqual([expect.stringMatching(/^ok {4}keys: the same at \S+, \S+$/)]);
});
