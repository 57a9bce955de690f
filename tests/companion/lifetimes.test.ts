// How long a companion keeps what it keeps (R62): every kind of record has its end, and there is no kind that is not named here.
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { FOR_EVER } from '../../server/store/store.ts';
import { Answers } from '../../server/team/answers.ts';
import { Escrows } from '../../server/team/escrows.ts';
import { StoreAdapter } from '../../server/team/issuer/adapter.ts';
import { SignedEvents } from '../../server/team/signed-events.ts';
import { SplitKeys } from '../../server/team/split-keys.ts';
import { Visits } from '../../server/team/visits.ts';
import { companion, newSid, newToken, pair, party } from './party.ts';
import { Jar, newIdentityKey, teamCompanion } from './team-companion.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What the issuer's library keeps ends at a whole second. */
const ABOUT = 1_000;

// However long a test takes, no time passes in it by itself.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** By kind, how long the record lives that lives longest, ms. @param now by the companion's clock */
function livesIn(database: string, now: number): Record<string, number> {
  const db = new DatabaseSync(database, { readOnly: true });
  const rows = db.prepare('SELECT key, expires FROM records').all() as { key: string; expires: number }[];
  db.close();
  const lives: Record<string, number> = {};
  for (const { key, expires } of rows) {
    const kind = /^(oidc:[\w-]+|issuer:\w+|\w[\w-]*)/.exec(key)?.[0] ?? key;
    lives[kind] = Math.max(lives[kind] ?? 0, expires - now);
  }
  return lives;
}

/** No kind is missing, none is there besides, and each ends when it should. */
function expectLives(lives: Record<string, number>, table: Record<string, number>): void {
  expect(Object.keys(lives).sort()).toEqual(Object.keys(table).sort());
  for (const [kind, life] of Object.entries(table)) {
    const off = lives[kind] === undefined ? Number.NaN : Math.abs(lives[kind] - life);
    expect([kind, life, off <= ABOUT]).toEqual([kind, life, true]);
  }
}

test('what a companion keeps for phones and computers ends, and then nothing is left', async () => {
  const own = await companion();
  onTestFinished(() => own.close());
  const { browser, phone } = await pair(own);
  for (const one of [browser, phone]) onTestFinished(() => one.close());
  const [box, id, auth] = [{ box: newSid(), token: newToken() }, newSid(), newToken()];
  const listen = async () => {
    const line = await party(own.port, own.page);
    line.say({ t: 'listen', boxes: [box] });
    await line.next();
    line.close();
  };
  const backUp = async (rev: number) => {
    const headers = { 'content-type': 'application/json', origin: own.page, authorization: `Scankey ${auth}` };
    const body = JSON.stringify({ t: 'write', id, ifRev: rev - 1, rev, blob: 'AAAA' });
    expect((await fetch(`${own.page}/v1/backup`, { method: 'POST', headers, body })).status).toBe(200);
  };
  await listen();
  await backUp(1);
  await fetch(`${own.page}/readyz`);
  expectLives(livesIn(own.path, Date.now()), {
    health: MINUTE,
    session: 5 * MINUTE,
    tombstone: 15 * MINUTE,
    salt: 2 * DAY,
    box: 30 * DAY,
    backup: 180 * DAY,
  });
  own.later(DAY);
  await own.store.sweep();
  await listen();
  await backUp(2);
  const known = { box: 180 * DAY, backup: 400 * DAY };
  expectLives(livesIn(own.path, Date.now() + DAY), { ...known, salt: DAY });
  own.later(400 * DAY);
  await own.store.sweep();
  expect(await own.dump()).toEqual([]);
});

test('what a companion keeps for a team ends, but for the salt that its people’s names at the sites come from', async () => {
  const t = await teamCompanion({ file: { 'private-computers': true } });
  onTestFinished(() => t.close());
  const [jar, another] = [new Jar(), new Jar()];
  const { url } = await t.asked(jar, 'wiki', { scope: 'openid offline_access', prompt: 'consent' });
  await t.prove(jar, url, await newIdentityKey());
  await t.tokens('wiki', (await t.goOn(jar, url)).url);
  await t.form('/oidc/device-code', { client_id: 'terminal', scope: 'openid' });
  await another.ask(`${(await t.asked(another, 'ward')).url}/with/dingtalk`);
  await new Answers(t.store).put('session', { subjects: ['dingtalk:union:li'], name: '', member: false });
  await new SignedEvents(t.store).take({ time: Date.now(), nonce: 'n' }, 'said');
  await new Visits(t.store, t.here).plan('dingtalk', 'handle');
  await new SplitKeys(t.store).make(['dingtalk:union:li']);
  await new StoreAdapter(t.store, 'RefreshToken', 'S'.repeat(43)).revokeByGrantId('grant');
  await new Escrows(t.store).put(['dingtalk:union:li'], 'AAAA');
  expectLives(livesIn(t.database, Date.now()), {
    'oidc:AuthorizationCode': MINUTE,
    go: 2 * MINUTE,
    event: 5 * MINUTE,
    'sign-in': 10 * MINUTE,
    attempt: 10 * MINUTE,
    said: 10 * MINUTE,
    'oidc:Interaction': 10 * MINUTE,
    'oidc:DeviceCode': 10 * MINUTE,
    'oidc:user-code': 10 * MINUTE,
    'oidc:AccessToken': HOUR,
    'oidc:Session': 12 * HOUR,
    'oidc:uid': 12 * HOUR,
    'oidc:RefreshToken': 14 * DAY,
    'oidc:Grant': 14 * DAY,
    'oidc:generation': 15 * DAY,
    half: 180 * DAY,
    vault: 400 * DAY,
    person: 400 * DAY,
    subject: 400 * DAY,
    'issuer:salt': FOR_EVER - Date.now(),
  });
});
