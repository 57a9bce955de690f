// The companion's side of backups: who may have one, and what a lost race leaves. And the recovery key on paper.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Backups } from '../../server/backup/backups.ts';
import { inMemory } from '../../server/http/limits.ts';
import { hashOf } from '../../server/store/hashes.ts';
import { Room } from '../../server/store/room.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER } from '../../server/store/store.ts';
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
import { companion, EXTENSION, pair } from './party.ts';

let server: Awaited<ReturnType<typeof companion>>;
beforeAll(async () => {
  server = await companion();
});
afterAll(() => server.close());

const DAY = 86_400_000;
/** A companion of the test's own, whose clock and room no other test lives by. */
async function alone(roomBytes?: number): Promise<void> {
  const others = server;
  server = await companion({}, {}, roomBytes);
  onTestFinished(async () => {
    await server.close();
    server = others;
  });
}

const ask = async (key: Uint8Array<ArrayBuffer>, given: object, headers: Record<string, string> = {}) => {
  const { id, auth } = await addressOf(key);
  const answer = await server.app.inject({
    method: 'POST',
    url: '/v1/backup',
    headers: { host: new URL(server.page).host, origin: server.page, authorization: `Scankey ${auth}`, ...headers },
    payload: { id, ...given },
  });
  // Which request it was is no answer.
  const { instance: _instance, ...body } = answer.json();
  return { status: answer.statusCode, ...body };
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

  test('keeps three copies and not a fourth, once somebody has come back to it; one before', async () => {
    await alone();
    const key = newRecoveryKey();
    await write(key, 0, 1, 'MARK1MARK1');
    server.later(DAY);
    for (let rev = 2; rev <= 5; rev++) await write(key, rev - 1, rev, `MARK${rev}MARK${rev}`);
    const stranger = newRecoveryKey();
    for (let rev = 1; rev <= 2; rev++) await write(stranger, rev - 1, rev, `NEW${rev}NEW${rev}`);
    await server.store.sweep();
    const file = ['', '-wal'].map((end) => readFileSync(server.path + end, 'latin1')).join('');
    expect([1, 2, 3, 4, 5].map((rev) => file.includes(`MARK${rev}MARK${rev}`))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect([1, 2].map((rev) => file.includes(`NEW${rev}NEW${rev}`))).toEqual([false, true]);
    const { id } = await addressOf(key);
    const at = (rev: number) => server.store.get(`backup:${hashOf(id)}:${rev}`);
    const there = async () => (await Promise.all([1, 2, 3, 4, 5].map(at))).map(Boolean);
    expect(await there()).toEqual([false, false, true, true, true]);
    server.later(BACKUP.replacedMs);
    expect(await there()).toEqual([false, false, false, false, true]);
    await server.store.delete(`backup:${hashOf(id)}:5`);
    expect(await ask(key, { t: 'read' })).toMatchObject({ code: 'no-backup' });
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
    await alone();
    const [read, left] = [newRecoveryKey(), newRecoveryKey()];
    for (const key of [read, left]) await write(key, 0, 1);
    server.later(DAY);
    for (const key of [read, left]) expect(await ask(key, { t: 'read' })).toMatchObject({ rev: 1 });
    server.later(BACKUP.unusedMs - 1000);
    expect(await ask(read, { t: 'read' })).toMatchObject({ rev: 1 });
    server.later(2000);
    expect(await ask(left, { t: 'read' })).toMatchObject({ code: 'no-backup' });
  });

  test.each([
    ['nobody came back to', 0],
    ['somebody came back to too soon to be anybody', DAY - 1000],
  ])('that %s is there for half a year, and gone after it', async (_name, later) => {
    await alone();
    // The phone of one is lost on the first day; of the other its owner finds the sheet in time.
    const [lost, found] = [newRecoveryKey(), newRecoveryKey()];
    for (const key of [lost, found]) await write(key, 0, 1);
    server.later(later);
    for (const key of [lost, found]) expect(await ask(key, { t: 'read' })).toMatchObject({ rev: 1 });
    server.later(179 * DAY);
    expect(await ask(found, { t: 'read' })).toMatchObject({ rev: 1, blob: 'AAAA' });
    server.later(DAY + 1000);
    expect(await ask(lost, { t: 'read' })).toMatchObject({ code: 'no-backup' });
    expect(await ask(found, { t: 'delete' })).toMatchObject({ rev: 0 });
    await server.store.sweep();
    expect((await server.dump()).filter(({ key: name }) => name.startsWith('backup:'))).toEqual([]);
  });

  test('of strangers finds room in half of the house: those of before go on, and so do sign-ins', async () => {
    await alone(2 ** 20);
    const known = newRecoveryKey();
    await write(known, 0, 1);
    server.later(DAY);
    const stored: string[] = [];
    for (let i = 0; i < 12; i++) {
      const { status, code } = await write(newRecoveryKey(), 0, 1, 'A'.repeat(60_000));
      stored.push(code ?? String(status));
    }
    expect(new Set(stored)).toEqual(new Set(['200', 'no-room']));
    expect(await server.store.bytes()).toBeLessThanOrEqual(2 ** 19 + 60_000);
    expect(await write(newRecoveryKey(), 0, 1, 'A'.repeat(60_000))).toMatchObject({ status: 507, code: 'no-room' });
    expect(await write(known, 1, 2, 'A'.repeat(60_000))).toMatchObject({ rev: 2 });
    // Whoever takes no more than he gives back needs no room.
    for (let rev = 3; rev <= 9; rev++) await write(known, rev - 1, rev, 'A'.repeat(60_000));
    expect(await write(known, 9, 10, 'A'.repeat(300_000))).toMatchObject({ code: 'no-room' });
    await server.store.put('much', 'A'.repeat(2 ** 19), FOR_EVER, 0);
    expect(await write(known, 9, 10, 'A'.repeat(60_000))).toMatchObject({ rev: 10 });
    expect(await write(known, 10, 11, 'A'.repeat(61_000))).toMatchObject({ code: 'no-room' });
    await server.store.delete('much');
    const { browser, phone, joined } = await pair(server);
    expect(joined.t).toBe('joined');
    for (const one of [browser, phone]) one.close();
  });

  test('may grow by so much a day for each network, deleted or not', async () => {
    const store = openSqlite(':memory:');
    const backupGrowth = inMemory('', { points: 10, duration: 86_400 });
    const backups = new Backups(store, new Room(store), { backupGrowth });
    const put = (id: string, ifRev: number, kib: number, bucket: string) =>
      backups
        .serve({ t: 'write', id, ifRev, rev: ifRev + 1, blob: 'A'.repeat(kib * 1024) }, { auth: id, bucket })
        .then(({ rev }) => rev)
        .catch(({ code }) => code);
    expect(await put('a', 0, 4, 'one')).toBe(1);
    expect(await put('b', 0, 7, 'one')).toBe('no-room');
    // What is put in the place of as much is no growth, and what was refused took nothing.
    expect(await put('a', 1, 4, 'one')).toBe(2);
    expect(await put('c', 0, 6, 'one')).toBe(1);
    await backups.serve({ t: 'delete', id: 'c' }, { auth: 'c', bucket: 'one' });
    expect(await put('c', 0, 1, 'one')).toBe('no-room');
    expect(await put('c', 0, 1, 'another')).toBe(1);
    store.close();
  });

  test('that somebody came back to grows, however much strangers have brought from the same network', async () => {
    let now = 0;
    const store = openSqlite(':memory:', () => now);
    const backupGrowth = inMemory('', { points: 10, duration: 86_400 });
    const backups = new Backups(store, new Room(store), { backupGrowth }, () => now);
    const put = (id: string, ifRev: number, kib: number) =>
      backups
        .serve({ t: 'write', id, ifRev, rev: ifRev + 1, blob: 'A'.repeat(kib * 1024) }, { auth: id, bucket: 'one' })
        .then(({ rev }) => rev)
        .catch(({ code }) => code);
    expect(await put('mine', 0, 1)).toBe(1);
    now = DAY;
    expect([await put('stranger', 0, 9), await put('another', 0, 9)]).toEqual([1, 'no-room']);
    expect([await put('mine', 1, 8), await put('mine', 2, 8)]).toEqual([2, 'no-room']);
    store.close();
  });

  test('that an older companion has kept is read, written and deleted as before', async () => {
    await alone();
    const key = newRecoveryKey();
    const { id, auth } = await addressOf(key);
    const name = `backup:${hashOf(id)}`;
    const old = { auth: hashOf(auth), rev: 3, kept: [3, 2, 1] };
    await server.store.put(name, JSON.stringify(old), FOR_EVER, 0);
    for (const rev of old.kept) await server.store.put(`${name}:${rev}`, `OLD${rev}`, FOR_EVER, 0);
    expect(await ask(key, { t: 'read' })).toMatchObject({ rev: 3, blob: 'OLD3' });
    expect(await write(key, 3, 4)).toMatchObject({ rev: 4 });
    expect((await server.dump()).map(({ key: one }) => one.split(':')[2])).toEqual([undefined, '2', '3', '4']);
    expect(await ask(key, { t: 'delete' })).toMatchObject({ status: 200 });
    expect(await server.dump()).toEqual([]);
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
