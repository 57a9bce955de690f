// The companion's side of backups: who may have one, and what a lost race leaves. And the recovery key on paper.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/protocol/encoding.ts';
import {
  addressOf,
  BACKUP,
  isSheet,
  newRecoveryKey,
  readSheet,
  sheetLink,
  sheetWords,
} from '../../src/protocol/recovery.ts';
import { companion, EXTENSION } from './party.ts';

let server: Awaited<ReturnType<typeof companion>>;
beforeAll(async () => {
  server = await companion();
});
afterAll(() => server.close());

const ask = async (key: Uint8Array<ArrayBuffer>, body: object, headers: Record<string, string> = {}) => {
  const { id, auth } = await addressOf(key);
  const answer = await server.app.inject({
    method: 'POST',
    url: '/v1/backup',
    headers: { host: new URL(server.page).host, origin: server.page, authorization: `Scankey ${auth}`, ...headers },
    payload: { id, ...body },
  });
  return { status: answer.statusCode, ...answer.json() };
};
const write = (key: Uint8Array<ArrayBuffer>, ifRev: number, rev: number, blob = 'AAAA') =>
  ask(key, { t: 'write', ifRev, rev, blob });

describe('a backup', () => {
  test('is kept by revision, and the second of two phones is told to look again', async () => {
    const key = newRecoveryKey();
    expect(await ask(key, { t: 'read' })).toMatchObject({ status: 404, code: 'no-backup' });
    expect(await write(key, 0, 1)).toMatchObject({ status: 200, rev: 1 });
    expect(await write(key, 0, 1)).toMatchObject({ status: 409, code: 'conflict' });
    expect(await write(key, 1, 2, 'BBBB')).toMatchObject({ rev: 2 });
    expect(await write(key, 1, 2, 'CCCC')).toMatchObject({ code: 'conflict' });
    expect(await write(key, 2, 2, 'CCCC')).toMatchObject({ code: 'conflict' });
    expect(await ask(key, { t: 'read' })).toMatchObject({ rev: 2, blob: 'BBBB' });
    // The phone that knows more than the companion may jump ahead.
    expect(await write(key, 2, 9, 'DDDD')).toMatchObject({ rev: 9 });
  });

  test('of twenty phones at once exactly one goes first', async () => {
    const key = newRecoveryKey();
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => write(key, 0, 1, `A${n}AA`.slice(0, 4))));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await write(key, 1, 2)).toMatchObject({ rev: 2 });
  });

  test('keeps three copies and not a fourth', async () => {
    const key = newRecoveryKey();
    for (let rev = 1; rev <= 5; rev++) await write(key, rev - 1, rev, `MARK${rev}MARK${rev}`);
    await server.store.sweep();
    const file = ['', '-wal'].map((end) => readFileSync(server.path + end, 'latin1')).join('');
    expect([1, 2, 3, 4, 5].map((rev) => file.includes(`MARK${rev}MARK${rev}`))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    const { id } = await addressOf(key);
    const { createHash } = await import('node:crypto');
    const at = (rev: number) =>
      server.store.get(`backup:${createHash('sha256').update(id).digest('base64url')}:${rev}`);
    expect((await Promise.all([1, 2, 3, 4, 5].map(at))).map(Boolean)).toEqual([false, false, true, true, true]);
  });

  test('with another authorisation looks like one that is not there', async () => {
    const key = newRecoveryKey();
    await write(key, 0, 1);
    const wrong = { authorization: `Scankey ${'A'.repeat(43)}` };
    const unknown = await ask(newRecoveryKey(), { t: 'read' });
    for (const t of ['read', 'delete']) expect(await ask(key, { t }, wrong)).toEqual(unknown);
    expect(await ask(key, { t: 'write', ifRev: 1, rev: 2, blob: 'AAAA' }, wrong)).toEqual(unknown);
    expect(await ask(key, { t: 'read' })).toMatchObject({ rev: 1 });
  });

  test('is deleted with all its copies', async () => {
    const key = newRecoveryKey();
    await write(key, 0, 1);
    await write(key, 1, 2);
    expect(await ask(key, { t: 'delete' })).toMatchObject({ status: 200 });
    expect(await ask(key, { t: 'read' })).toMatchObject({ code: 'no-backup' });
    expect(await write(key, 0, 1)).toMatchObject({ rev: 1 });
  });

  test.each([
    ['an extension', { origin: EXTENSION }],
    ['a web page', { origin: 'https://evil.example' }],
    ['a form without CORS', { 'content-type': 'text/plain' }],
    ['nobody', { authorization: '' }],
    ['a token in another scheme', { authorization: `Bearer ${'A'.repeat(43)}` }],
  ])('is not for %s', async (_name, headers) => {
    expect((await ask(newRecoveryKey(), { t: 'read' }, headers)).status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['an id that is none', { id: 'x' }],
    ['a key that nobody knows', { more: 1 }],
    ['a revision that is none', { t: 'write', ifRev: -1, rev: 1, blob: 'AAAA' }],
    ['too much', { t: 'write', ifRev: 0, rev: 1, blob: 'A'.repeat(BACKUP.characters + 1) }],
  ])('with %s is refused', async (_name, body) => {
    const { status } = await ask(newRecoveryKey(), { t: 'read', ...body });
    expect([400, 413]).toContain(status);
  });

  test('of 4 MiB is taken', async () => {
    expect(await write(newRecoveryKey(), 0, 1, 'A'.repeat(BACKUP.characters))).toMatchObject({ rev: 1 });
  });

  test('is written thirty times an hour and then has to wait', async () => {
    const key = newRecoveryKey();
    for (let rev = 1; rev <= BACKUP.writesPerHour; rev++) expect((await write(key, rev - 1, rev)).status).toBe(200);
    expect(await write(key, 30, 31)).toMatchObject({ status: 429, code: 'rate-limited' });
  });

  test('that nobody used for 400 days is gone, one that was read is not', async () => {
    // A companion of its own, whose clock no other test lives by.
    const others = server;
    server = await companion();
    onTestFinished(async () => {
      await server.close();
      server = others;
    });
    const [read, left] = [newRecoveryKey(), newRecoveryKey()];
    for (const key of [read, left]) await write(key, 0, 1);
    server.later(BACKUP.unusedMs - 1000);
    expect(await ask(read, { t: 'read' })).toMatchObject({ rev: 1 });
    server.later(2000);
    expect(await ask(left, { t: 'read' })).toMatchObject({ code: 'no-backup' });
  });

  test('does not exist at a trial', async () => {
    const trial = await companion({ trial: true });
    const answer = await trial.app.inject({
      method: 'POST',
      url: '/v1/backup',
      headers: { host: new URL(trial.page).host, origin: trial.page },
      payload: {},
    });
    expect(answer.statusCode).toBe(404);
    await trial.close();
  });
});

describe('the recovery sheet', () => {
  const key = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uint8Array(bytes));

  test('is read from its code and from its typed characters, however they are grouped', async () => {
    await fc.assert(
      fc.asyncProperty(key, async (recovery) => {
        const link = await sheetLink('https://scankey.example', recovery);
        expect(isSheet(link)).toBe(true);
        expect(isSheet(link.split('#')[1] ?? '')).toBe(true);
        const words = sheetWords(recovery);
        expect(words.join('')).toHaveLength(26);
        const typed = words.join(' - ').toLowerCase().replaceAll('o', '0');
        for (const text of [link, link.split('#')[1] ?? '', typed])
          expect(await readSheet(text)).toBe(toBase64(recovery));
      }),
    );
  });

  test('with one wrong character is refused, or is another key', async () => {
    const recovery = fromBase64('AAECAwQFBgcICQoLDA0ODw');
    const link = await sheetLink('https://scankey.example', recovery);
    for (let at = link.length - 36; at < link.length; at++) {
      const wrong = link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1);
      await expect(readSheet(wrong), wrong).rejects.toMatchObject({ code: 'not-a-sheet' });
    }
    for (const text of ['', 'hello', 'A'.repeat(25), 'https://scankey.example/#'])
      await expect(readSheet(text)).rejects.toMatchObject({ code: 'not-a-sheet' });
  });

  test('keys, ids and authorisations do not tell each other', async () => {
    const recovery = newRecoveryKey();
    const { id, auth } = await addressOf(recovery);
    expect([id.length, auth.length]).toEqual([22, 43]);
    expect(auth).not.toContain(id);
    expect(await addressOf(recovery)).toEqual({ id, auth });
    expect((await addressOf(newRecoveryKey())).id).not.toBe(id);
  });
});
