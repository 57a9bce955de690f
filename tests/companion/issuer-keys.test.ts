// The issuer's keys over a year, and what of its tokens lies in the database.
import { createDecipheriv, createHash, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER } from '../../server/store/store.ts';
import { Answers } from '../../server/team/answers.ts';
import { saltOf } from '../../server/team/issuer/clients.ts';
import { moveFormer } from '../../server/team/issuer/former.ts';
import { KeyFile, type Keys, type SigningKey, writeKeys } from '../../server/team/issuer/keys.ts';
import { SplitKeys } from '../../server/team/split-keys.ts';
import { Visits } from '../../server/team/visits.ts';
import { claimsOf, Jar, newIdentityKey, type TeamCompanion, teamCompanion } from './team-companion.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let path: string;
let files = 0;
beforeEach(() => {
  path = join(folder, `keys-${files++}.json`);
});

const DAY = 86_400_000;
/** A key of no use but to be told from others. */
let made = 0;
const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const make = async (alg: keyof typeof pairs, now: number): Promise<SigningKey> => ({
  jwk: { ...pairs[alg].privateKey.export({ format: 'jwk' }), kid: `key-${made++}` },
  madeAt: now,
});
const kidsOf = (keys: readonly SigningKey[]) => keys.map(({ jwk }) => jwk.kid);
const headerOf = (jwt = '') =>
  JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };

describe('the keys that tokens are signed with', () => {
  test('follow one another over two years: published ahead, kept after, never for long', async () => {
    let now = 0;
    const file = await KeyFile.open({ path, now: () => now, make });
    const seen = new Map<string, { published: number; signed: number[]; left: number }>();
    for (; now < 730 * DAY; now += DAY / 2) {
      const set = kidsOf(await file.signing());
      expect(set.length).toBeLessThanOrEqual(3);
      for (const kid of set) {
        const one = seen.get(kid) ?? { published: now, signed: [], left: now };
        seen.set(kid, { ...one, left: now, signed: kid === set[0] ? [...one.signed, now] : one.signed });
      }
    }
    const all = [...seen.values()];
    expect(all.length).toBe(9);
    for (const [at, { published, signed, left }] of all.entries()) {
      const [first = Number.NaN, last = Number.NaN] = [signed[0], signed.at(-1)];
      if (at > 0) expect(first - published).toBeGreaterThanOrEqual(2 * DAY);
      expect(last - first).toBeLessThanOrEqual(90 * DAY);
      if (at < all.length - 1) expect(left - last).toBeGreaterThanOrEqual(13 * DAY);
    }
  });

  test('are not changed before sites could have seen the next one, however long nobody came', async () => {
    let now = 0;
    const file = await KeyFile.open({ path, now: () => now, make });
    const [first] = kidsOf(await file.signing());
    now = 400 * DAY;
    const set = kidsOf(await file.signing());
    expect(set).toEqual([first, expect.any(String)]);
    now += 2 * DAY;
    expect(kidsOf(await file.signing())).toEqual([set[1], first]);
  });

  test('are made once for all who ask at the same time, and are the same after a restart', async () => {
    let now = 0;
    const before = made;
    const file = await KeyFile.open({ path, now: () => now, make });
    now = 89 * DAY;
    const sets = await Promise.all(Array.from({ length: 5 }, () => file.signing()));
    expect(new Set(sets.map((set) => kidsOf(set).join())).size).toBe(1);
    expect(made - before).toBe(2);
    const again = await KeyFile.open({ path, now: () => now, make });
    expect([await again.signing(), again.secrets]).toEqual([sets[0], file.secrets]);
  });

  test('lie in a file that nobody else on the machine can read', async () => {
    const file = await KeyFile.open({ path, make });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(Object.values(file.secrets).every((secret) => secret.length === 43)).toBe(true);
  });

  test.each([
    ['ES256', { namedCurve: 'P-384' }, {}],
    ['ES256', { namedCurve: 'P-256' }, { alg: 'ES384' }],
    ['ES256', { namedCurve: 'P-256' }, { use: 'enc' }],
    ['EdDSA', { namedCurve: 'P-256' }, {}],
  ] as const)(
    'that an operator gives and that cannot sign %s (%j, %j) are refused at the start',
    async (alg, curve, says) => {
      const { privateKey } = generateKeyPairSync('ec', curve);
      const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'other', ...says };
      writeKeys(path, { signing: [await make('RS256', 0), { jwk, madeAt: 0 }], cookies: 'c', records: 'r' });
      await expect(KeyFile.open({ path, given: true, signatures: ['RS256', alg] })).rejects.toThrow(
        `no key for ${alg}`,
      );
    },
  );

  test('that an operator gives are taken as they are, and anew when they have changed; never written', async () => {
    const given: Keys = { signing: [await make('RS256', 0)], cookies: 'c', records: 'r' };
    await expect(KeyFile.open({ path, given: true, make })).rejects.toThrow();
    writeKeys(path, given);
    const before = readFileSync(path, 'utf8');
    const file = await KeyFile.open({ path, given: true, now: () => 1000 * DAY, make });
    expect(await file.signing()).toEqual(given.signing);
    expect(readFileSync(path, 'utf8')).toBe(before);
    const next = await make('RS256', 0);
    writeKeys(path, { ...given, signing: [next, ...given.signing] });
    expect(kidsOf(await file.signing())[0]).toBe(next.jwk.kid);
  });
});

describe('keys that cannot be had', () => {
  const DAMAGED = [
    ['nothing', '', /not the issuer's keys/],
    ['half a file', '{"signing":[{"jwk":{"kid":"SECRET"', /not the issuer's keys/],
    ['another form', '{"signing":[],"cookies":"SECRET","records":"SECRET"}', /not the issuer's keys/],
    [
      'a key that is none',
      '{"signing":[{"jwk":{"kid":"SECRET","kty":"RSA"},"madeAt":0}],"cookies":"c","records":"r"}',
      /not the/,
    ],
  ] as const;

  test.each(DAMAGED)('with %s are told at the start, and nothing of what stands there', async (_what, text, words) => {
    writeFileSync(path, text);
    for (const given of [true, false]) {
      const error: unknown = await KeyFile.open({ path, given, make }).catch((one: unknown) => one);
      expect(error).toMatchObject({ message: expect.stringMatching(words) });
      expect(error).not.toHaveProperty('cause');
      expect(String(error)).not.toContain('SECRET');
    }
  });

  test('as there is no file are told at the start', async () => {
    await expect(KeyFile.open({ path, given: true, make })).rejects.toThrow(
      `${path}: the issuer's keys cannot be read (ENOENT).`,
    );
  });

  test('as a version before has left them damaged are told at the start', async () => {
    const store = openSqlite(':memory:');
    await store.put('oidc:keys', '{"cookies":"SECRET', FOR_EVER, 0);
    await expect(moveFormer(store, path)).rejects.toThrow('bring back a copy of the database');
    store.close();
  });

  test.each(DAMAGED)('anew, with %s, leave the ones of before, which is told once', async (_what, text) => {
    const given: Keys = { signing: [await make('RS256', 0)], cookies: 'c', records: 'r' };
    writeKeys(path, given);
    const said: string[] = [];
    const file = await KeyFile.open({ path, given: true, make, say: (sentence) => said.push(sentence) });
    for (const change of [() => writeFileSync(path, text), () => rmSync(path)]) {
      change();
      for (let i = 0; i < 2; i++) expect(await file.signing()).toEqual(given.signing);
    }
    expect(said).toEqual([expect.stringContaining('The keys of before go on.')]);
    const next = { ...given, signing: [await make('RS256', 1)] };
    writeKeys(path, next);
    expect(await file.signing()).toEqual(next.signing);
  });

  test('as none can be written leave the ones of before, and are tried again after a while, not at each request', async () => {
    let now = 0;
    const said: string[] = [];
    const file = await KeyFile.open({ path, now: () => now, make, say: (sentence) => said.push(sentence) });
    const [first] = kidsOf(await file.signing());
    mkdirSync(`${path}.new`);
    now = 89 * DAY;
    const before = made;
    for (let i = 0; i < 5; i++) expect(kidsOf(await file.signing())).toEqual([first]);
    expect(made - before).toBe(1);
    now += DAY;
    expect(kidsOf(await file.signing())).toEqual([first]);
    expect(said).toHaveLength(1);
    rmSync(`${path}.new`, { recursive: true });
    now += DAY;
    expect(await file.signing()).toHaveLength(2);
  });
});

describe('a companion whose keys change while it runs', () => {
  let t: TeamCompanion;
  afterAll(() => t?.close());

  test('goes on with what was begun, signs with the new one, and still publishes the old one', async () => {
    await KeyFile.open({ path });
    const other = join(folder, 'other.json');
    await KeyFile.open({ path: other });
    const [mine, theirs] = [path, other].map((one) => JSON.parse(readFileSync(one, 'utf8')) as Keys);
    if (!mine || !theirs) throw new Error('two files');
    t = await teamCompanion({ file: { keys: path } });
    const jar = new Jar();
    const { url } = await t.asked(jar, 'wiki');
    await t.prove(jar, url, await newIdentityKey());
    const [next, old] = [theirs.signing, mine.signing].map(([one]) => one?.jwk.kid);
    const aged = (signing: SigningKey[], days: number) =>
      signing.map((one) => ({ ...one, madeAt: one.madeAt - days * DAY }));
    writeKeys(path, { ...mine, signing: [...aged(theirs.signing, 3), ...aged(mine.signing, 93)] });
    const { id_token } = await t.tokens('wiki', (await t.goOn(jar, url)).url);
    expect(headerOf(id_token).kid).toBe(next);
    const { keys } = (await (await fetch(`${t.here}/oidc/jwks`)).json()) as { keys: Record<string, string>[] };
    expect(keys.map(({ kid }) => kid)).toEqual([next, old]);
  });
});

describe('the database', () => {
  let t: TeamCompanion;
  afterAll(() => t?.close());
  const rows = (of: TeamCompanion = t) => {
    const db = new DatabaseSync(of.database, { readOnly: true });
    const all = db.prepare('SELECT key, value FROM records').all();
    db.close();
    return JSON.stringify(all);
  };

  test('holds none of the words by which a browser is known, an answer comes back, or something put by is had', async () => {
    const own = await teamCompanion();
    onTestFinished(() => own.close());
    const jar = new Jar();
    const { url } = await own.asked(jar, 'ward');
    const provider = new URL((await jar.ask(`${url}/with/dingtalk`)).headers.get('location') ?? '');
    const visit = new URL(await new Visits(own.store, own.here).plan('dingtalk', 'handle'));
    await new Answers(own.store).put('session', { subjects: ['dingtalk:union:li'], name: '', member: false });
    const all = {
      browser: jar.kept().find(({ key }) => key === 'scankey')?.value,
      state: provider.searchParams.get('state'),
      ticket: visit.searchParams.get('ticket'),
      proof: await new Answers(own.store).tokenFor('session', 'sign-in'),
      half: (await new SplitKeys(own.store).make(['dingtalk:union:li'])).auth,
    };
    const lies = rows(own);
    for (const [what, word] of Object.entries(all))
      expect([what, word, lies.includes(word ?? '')]).toEqual([what, expect.stringMatching(/^[\w-]{20,}$/), false]);
  });

  test('holds no token, code, session or key of the issuer by which anybody could be somebody', async () => {
    t = await teamCompanion({ file: { 'private-computers': true } });
    const jar = new Jar();
    const more = { scope: 'openid offline_access', prompt: 'consent' };
    const { url } = await t.asked(jar, 'wiki', more);
    await t.prove(jar, url, await newIdentityKey());
    const { url: home } = await t.goOn(jar, url);
    const code = home.searchParams.get('code') ?? '';
    expect(rows()).not.toContain(code);
    const tokens = await t.tokens('wiki', home);
    const asked = { client_id: 'terminal', scope: 'openid' };
    const { body: device } = await t.form('/oidc/device-code', asked);
    const session = jar.kept().find(({ key }) => key === 'session')?.value;
    const secrets = [tokens.refresh_token, tokens.access_token, session, device.device_code];
    const userCode = device.user_code?.replace('-', '');
    const keys = JSON.parse(readFileSync(join(t.folder, 'issuer-keys.json'), 'utf8')) as Keys;
    const all = rows();
    for (const secret of [...secrets, userCode, keys.cookies, keys.records, keys.signing[0]?.jwk.d as string]) {
      expect(secret).toMatch(/./);
      expect(all).not.toContain(secret);
    }
    // Not by its hash either: there are few enough to try them all.
    expect(all).not.toContain(
      createHash('sha256')
        .update(userCode ?? '')
        .digest('base64url'),
    );
    // With the key file, too, a token can only be recognised.
    const sealer = Buffer.from(hkdfSync('sha256', keys.records, '', 'scankey issuer records', 32));
    const opened = (JSON.parse(all) as { key: string; value: string }[])
      .filter(({ key }) => /^oidc:[A-Z]/.test(key))
      .map(({ key, value }) => {
        const bytes = Buffer.from(value, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', sealer, bytes.subarray(0, 12)).setAAD(Buffer.from(key));
        return decipher.setAuthTag(bytes.subarray(-16)).update(bytes.subarray(12, -16), undefined, 'utf8');
      })
      .join();
    expect(opened).toContain('"kind":"RefreshToken"');
    for (const secret of [tokens.refresh_token, tokens.access_token]) expect(opened).not.toContain(secret);
    // And all of them are worth what they should be.
    const renewed = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' };
    expect((await t.form('/oidc/token', renewed, t.basic('wiki'))).status).toBe(200);
    expect((await t.asked(jar, 'wiki')).url.searchParams.get('code')).toBeTruthy();
    expect(claimsOf(tokens.id_token)).toMatchObject({ aud: 'wiki' });
  });

  test('of a version before gives its keys up, keeps who is who, and forgets its tokens', async () => {
    const store = openSqlite(':memory:');
    const signing = [await make('RS256', 0)];
    const token = { kind: 'RefreshToken', jti: 'in-clear', grantId: 'g' };
    await store.put('oidc:keys', JSON.stringify({ signing, cookies: 'c', salt: 's' }), FOR_EVER, 0);
    await store.put('oidc:RefreshToken:in-clear', JSON.stringify(token), FOR_EVER, 0);
    await store.put('oidc:grant:g:oidc:RefreshToken:in-clear', 'oidc:RefreshToken:in-clear', FOR_EVER, 0);
    await moveFormer(store, path);
    await moveFormer(store, path);
    expect(await store.list('oidc:')).toEqual([]);
    expect(await saltOf(store)).toBe('s');
    const file = await KeyFile.open({ path, make, now: () => 0 });
    expect([await file.signing(), file.secrets.cookies]).toEqual([signing, 'c']);
    store.close();
  });
});
