// `backup` and `restore`, while sign-ins go on: what was answered before is there afterwards, and people go on with it.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { addressOf, newRecoveryKey } from '../../src/protocol/recovery.ts';
import { EXTENSION, newSid, newToken, PK, party } from '../companion/party.ts';
import { redisServer } from '../redis/server.ts';
import { command, newFolder, startCompanion } from './companion.ts';

const folder = newFolder();
type Companion = Awaited<ReturnType<typeof startCompanion>>;
const start = (data: string, env: Record<string, string> = {}) => startCompanion({ folder, data, env });

/** A browser that has shown its code, and waits. */
async function waiting({ port }: Companion) {
  const [sid, b] = [newSid(), newToken()];
  const browser = await party(port, EXTENSION);
  browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(b) });
  expect(await browser.next()).toEqual({ t: 'opened' });
  return { sid, b, browser };
}

/** Its phone comes, and one word goes each way. */
async function signsIn({ port, page }: Companion, { sid, b }: { sid: string; b: string }) {
  const p = newToken();
  const browser = await party(port, EXTENSION);
  browser.say({ t: 'resume', sid, role: 'b', token: b, lastSeen: -1 });
  expect(await browser.next()).toMatchObject({ t: 'resumed' });
  const phone = await party(port, page);
  phone.say({ t: 'join', sid, tokenHash: await tokenHash(p) });
  expect(await phone.next()).toMatchObject({ t: 'joined', pk: PK });
  expect(await browser.next()).toMatchObject({ t: 'peer' });
  phone.say({ t: 'send', n: 0, m: 'AAAA' });
  expect([await phone.next(), await browser.next()]).toEqual([
    { t: 'acked', n: 0 },
    { t: 'msg', n: 0, m: 'AAAA' },
  ]);
  for (const one of [phone, browser]) one.close();
}

const key = newRecoveryKey();
async function vault({ ask, page }: Companion, body: object) {
  const { id, auth } = await addressOf(key);
  const headers = { origin: page, authorization: `Scankey ${auth}`, 'content-type': 'application/json' };
  return (await ask('/v1/backup', { method: 'POST', headers, body: JSON.stringify({ id, ...body }) })).json();
}
const pushKey = async ({ ask }: Companion) => (await (await ask('/v1/companion')).json()).pushKey;

test('who had shown a code before signs in at what was restored, in SQLite and in Redis, with the vault’s backup and the keys', async () => {
  const data = join(folder, 'data');
  // Whoever may look into that folder.
  mkdirSync(data, { mode: 0o755 });
  const before = await start(data);
  expect(await vault(before, { t: 'write', ifRev: 0, rev: 1, blob: 'AAAA' })).toMatchObject({ rev: 1 });
  const shown = await Promise.all(Array.from({ length: 3 }, () => waiting(before)));
  // Others sign in for as long as it takes.
  let isDone = false;
  let others = 0;
  const going = (async () => {
    while (!isDone && others < 50) {
      const one = await waiting(before);
      await signsIn(before, one);
      one.browser.close();
      others++;
    }
  })();
  const file = join(folder, 'copy.sqlite');
  const [code, said] = await command(['backup', file, '--data', data]);
  isDone = true;
  await going;
  expect([code, said]).toEqual([0, expect.stringMatching(/^.*copy\.sqlite: \d+ records and the keys\./)]);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  const pushes = await pushKey(before);
  await before.end();

  expect(await command(['restore', file, '--data', join(folder, 'again')])).toEqual([
    0,
    expect.stringMatching(/^\d+ records and the keys are there/),
  ]);
  const again = await start(join(folder, 'again'));
  for (const one of shown.slice(0, 2)) await signsIn(again, one);
  expect(await vault(again, { t: 'read' })).toMatchObject({ rev: 1, blob: 'AAAA' });
  expect(await pushKey(again)).toBe(pushes);
  for (const one of [data, join(folder, 'again')].flatMap((where) =>
    readdirSync(where).map((name) => join(where, name)),
  ))
    expect([one, statSync(one).mode & 0o077]).toEqual([one, 0]);
  // No key is left where records alone belong.
  await again.end();
  const table = new DatabaseSync(join(folder, 'again/scankey.sqlite')).prepare('SELECT name FROM sqlite_schema');
  expect(table.all().map(({ name }) => name)).not.toContain('files');

  const redis = await redisServer();
  onTestFinished(() => redis.close());
  const env = { REDIS_URL: redis.url };
  const other = join(folder, 'other');
  const restored = await command(['restore', file, '--data', other], env);
  expect(restored).toEqual([0, expect.stringContaining('records and the keys are there')]);
  expect(readdirSync(other)).toEqual(['push-keys.json']);
  const there = await start(other, env);
  const third = shown.at(2);
  if (third) await signsIn(there, third);
  const second = join(folder, 'of-redis.sqlite');
  expect(await command(['backup', second, '--data', other], env)).toEqual([0, expect.stringContaining('the keys.')]);
  await there.end();
  expect(await command(['restore', second, '--data', join(folder, 'home')])).toEqual([0, expect.any(String)]);
  const home = await start(join(folder, 'home'));
  expect(await vault(home, { t: 'read' })).toMatchObject({ rev: 1, blob: 'AAAA' });
  expect(await pushKey(home)).toBe(pushes);
  // Where there is something, nothing is written over it.
  const full = await command(['restore', file, '--data', join(folder, 'new')], env);
  expect(full).toEqual([1, expect.stringContaining('has records of its own')]);
  expect(readdirSync(join(folder, 'new'))).toEqual([]);
});
