// Strangers at the issuer: what they may begin, and how often they may guess.
import * as oidc from 'openid-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Jar, newIdentityKey, pressed, SECRET, type TeamCompanion, teamCompanion } from './team-companion.ts';

let t: TeamCompanion;
afterEach(() => t?.close());

const from = (address: string) => ({ 'x-forwarded-for': address });
const [A, B, C] = ['198.51.100.1', '198.51.100.2', '198.51.100.3'] as const;
const round = async (client: string, address: string, more: Record<string, string> = {}) =>
  (await fetch(t.authUrl(client, more), { redirect: 'manual', headers: from(address) })).status;
const device = async (address: string) =>
  (await t.form('/oidc/device-code', { client_id: 'terminal', scope: 'openid' }, from(address))).status;
const exchange = async (client: string, secret: string, address: string) => {
  const headers = { ...t.basic(client, secret), ...from(address) };
  return (await t.form('/oidc/token', { grant_type: 'authorization_code', code: 'x' }, headers)).status;
};
const records = async () => (await t.store.list('oidc:')).length;

describe('what somebody unknown begins', () => {
  test('is so much from one address, of whatever kind, and no record more', async () => {
    t = await teamCompanion({ limits: { roundsFrom: 3 } });
    expect([await round('wiki', A), await device(A), await round('ward', A)]).toEqual([303, 200, 303]);
    const before = await records();
    for (const client of ['wiki', 'ward']) expect(await round(client, A)).toBe(429);
    expect(await device(A)).toBe(429);
    for (const path of ['/device', '/oidc/logout'])
      expect((await fetch(t.here + path, { headers: from(A) })).status).toBe(429);
    expect(await records()).toBe(before);
    expect(await round('wiki', B)).toBe(303);
  });

  test('is so much for one site, wherever it comes from: then for those alone who have begun little', async () => {
    t = await teamCompanion({ limits: { roundsFor: 2 } });
    const many = async (times: number, address: string) => {
      const codes: number[] = [];
      for (let n = 0; n < times; n++) codes.push(await round('wiki', address));
      return [codes.filter((code) => code === 303).length, codes.at(-1)];
    };
    expect(await many(12, A)).toEqual([10, 429]);
    expect(await many(9, B)).toEqual([9, 303]);
    // And at last, for ten times as many, for nobody.
    expect(await many(2, C)).toEqual([1, 429]);
    expect(await round('ward', C)).toBe(303);
  });

  test('is little also from somebody who has 65,536 networks: those that one customer may have count as one then', async () => {
    t = await teamCompanion({ limits: { roundsFor: 2 } });
    const begun = async (address: (n: number) => string) => {
      const codes = await Promise.all(Array.from({ length: 12 }, (_, n) => round('wiki', address(n))));
      return codes.filter((code) => code === 303).length;
    };
    expect(await begun((n) => `2001:db8:1:${n}::1`)).toBe(10);
    expect(await round('wiki', '2001:db8:2::1')).toBe(303);
  });

  test('is so much from such a customer, whatever it is for', async () => {
    t = await teamCompanion({ limits: { roundsAround: 2 } });
    expect([await round('wiki', '2001:db8:1:1::1'), await round('ward', '2001:db8:1:2::1')]).toEqual([303, 303]);
    expect([await round('wiki', '2001:db8:1:3::1'), await round('wiki', '2001:db8:2:3::1')]).toEqual([429, 303]);
  });

  test('counts for the site that it is for, whatever name is shown besides', async () => {
    t = await teamCompanion({ limits: { roundsFor: 1 } });
    const shown = { ...t.basic('ward'), ...from(A) };
    const asked = async () => (await fetch(t.authUrl('wiki'), { redirect: 'manual', headers: shown })).status;
    for (let n = 0; n < 10; n++) expect(await asked()).toBe(303);
    expect(await asked()).toBe(429);
    for (let n = 0; n < 11; n++) expect(await round('ward', n < 10 ? B : C)).toBe(n < 10 ? 303 : 429);
  });

  test('does not count where nothing has begun', async () => {
    t = await teamCompanion({ limits: { roundsFrom: 1, roundsFor: 1 } });
    for (let times = 0; times < 3; times++)
      expect(await round('wiki', A, { redirect_uri: 'https://elsewhere.example' })).toBe(400);
    for (let times = 0; times < 3; times++)
      expect((await t.form('/oidc/device-code', { client_id: 'terminal', max_age: '-1' }, from(A))).status).toBe(400);
    expect(await round('wiki', A)).toBe(303);
  });

  test('is ended by whoever began it', async () => {
    t = await teamCompanion({ limits: { roundsFrom: 1 } });
    const jar = new Jar();
    const { url } = await t.asked(jar, 'wiki');
    await t.prove(jar, url, await newIdentityKey());
    expect((await t.goOn(jar, url)).url.searchParams.get('code')).toBeTruthy();
  });

  test('that is too much is told as a page to a person', async () => {
    t = await teamCompanion({ limits: { roundsFrom: 1 } });
    await round('wiki', A);
    const { host, pathname, search } = new URL(t.authUrl('wiki'));
    const { status, body } = await t.plain(pathname + search, { host, ...from(A), 'sec-fetch-mode': 'navigate' });
    expect([status, body]).toEqual([429, expect.stringContaining('This sign-in cannot go on.')]);
  });
});

/** An address as its router could read it, in other words: `HERE` is the companion's own origin. */
const spellings = (path: string): string[] => [
  `${path}/`,
  path.toUpperCase(),
  path.replace(/.$/, (last) => last.toUpperCase()),
  `${path}#x`,
  `${path}/#x`,
  path.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
  `HERE${path}`,
  path.replace(/.$/, (last) => `${last}/.`),
];

describe('an address spelled in another way', () => {
  test.each(['/oidc/auth', '/oidc/logout', '/oidc/device-code', '/device', '/oidc/token', '/oidc/revocation'])(
    'than %s is none, whoever asks there',
    async (path) => {
      t = await teamCompanion();
      const { host, search } = new URL(t.authUrl('wiki'));
      const asked = {
        grant_type: 'authorization_code',
        code: 'x',
        token: 'x',
        client_id: 'terminal',
        user_code: 'BBBB',
      };
      const before = await records();
      for (const spelling of spellings(path)) {
        const url = spelling.replace('HERE', t.here);
        const query = url.includes('?') ? '' : search;
        const { status } = await t.plain(url + query, { host });
        expect([url, status]).toEqual([url, 404]);
        const headers = { host, ...t.basic('wiki', 'guess') };
        expect([url, (await t.plain(url, headers, new URLSearchParams(asked))).status]).toEqual([url, 404]);
      }
      expect(await records()).toBe(before);
    },
  );
});

describe('guesses', () => {
  test('at a client’s secret end after a few, and the right one is none of them any more', async () => {
    t = await teamCompanion({ limits: { guesses: 3 } });
    for (let times = 0; times < 3; times++) expect(await exchange('wiki', `guess-${times}`, A)).toBe(401);
    for (const secret of ['guess', SECRET]) expect(await exchange('wiki', secret, A)).toBe(429);
    // Neither another site behind the same address nor the site at its own has to wait.
    expect([await exchange('ward', SECRET, A), await exchange('wiki', SECRET, B)]).toEqual([400, 400]);
  });

  test('that are too many a site’s library takes for what they are, and the site is told when to come again', async () => {
    t = await teamCompanion({ limits: { guesses: 1 } });
    const server = new oidc.Configuration({ issuer: t.here, token_endpoint: `${t.here}/oidc/token` }, 'wiki', 'guess');
    oidc.allowInsecureRequests(server);
    const exchanged = () => oidc.genericGrantRequest(server, 'authorization_code', { code: 'x' });
    await expect(exchanged()).rejects.toMatchObject({ status: 401 });
    const refusal = await exchanged().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 429, error: 'temporarily_unavailable' });
    expect((refusal as oidc.ResponseBodyError).response.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  test('of names and secrets together are no more than those of secrets, nor those at the same moment', async () => {
    t = await teamCompanion({ limits: { guesses: 3 } });
    const invented = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => exchange(name, 'guess', A)));
    expect(invented.sort()).toEqual([401, 401, 401, 429, 429]);
    const right = await Promise.all(Array.from({ length: 30 }, () => exchange('wiki', SECRET, B)));
    expect(right.filter((status) => status === 400).length).toBeGreaterThanOrEqual(3);
    // What was right has cost nothing.
    expect(await exchange('wiki', SECRET, B)).toBe(400);
  });

  test('at a client’s secret in the body count as well', async () => {
    t = await teamCompanion({ limits: { guesses: 2 } });
    const guess = async (path: string) => {
      const body = {
        grant_type: 'authorization_code',
        code: 'x',
        token: 'x',
        client_id: 'wiki',
        client_secret: 'guess',
      };
      return (await t.form(path, body, from(A))).status;
    };
    for (const path of ['/oidc/token', '/oidc/revocation'])
      expect([await guess(path), await guess(path), await guess(path)]).toEqual([401, 401, 429]);
  });

  test('of tokens, which nobody can guess, shut nobody out', async () => {
    t = await teamCompanion({ limits: { guesses: 1 } });
    const me = async () =>
      (await fetch(`${t.here}/oidc/me`, { headers: { ...from(A), authorization: 'Bearer guess' } })).status;
    expect([await me(), await me(), await me()]).toEqual([401, 401, 401]);
  });

  test('at a device’s code end after a few', async () => {
    t = await teamCompanion({ limits: { guesses: 3 } });
    const jar = new Jar();
    const typed = async (code: string) => {
      const page = await jar.ask(`${t.here}/device`, { headers: from(A) });
      if (page.status === 429) return 429;
      const { action, method, body } = pressed(await page.text(), 'Continue', { user_code: code });
      return (await jar.ask(action, { method, body, headers: from(A) })).status;
    };
    expect([await typed('BBBB-BBBB'), await typed('CCCC-CCCC'), await typed('')]).toEqual([400, 400, 400]);
    expect(await typed('DDDD-DDDD')).toBe(429);
  });
});
