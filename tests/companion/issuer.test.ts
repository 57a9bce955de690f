// The issuer's policy from the outside: whom it asks when, for which site, and by which addresses it can be asked.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { claimsOf, Jar, newIdentityKey, pressed, type TeamCompanion, teamCompanion } from './team-companion.ts';

let t: TeamCompanion;
let key: string;
beforeAll(async () => {
  [t, key] = await Promise.all([teamCompanion(), newIdentityKey()]);
});
afterAll(() => t?.close());

/** Signs in by the vault alone, and comes home. */
async function signedIn(team: TeamCompanion, jar: Jar, client = 'wiki', more: Record<string, string> = {}) {
  const { url } = await team.asked(jar, client, more);
  expect(url.pathname).toMatch(/^\/sign-in\//);
  expect(await team.prove(jar, url, key)).toEqual({ complete: true });
  return (await team.goOn(jar, url)).url;
}
/** Signs in by both, and comes home; the first time, the vault says besides whose the identity at DingTalk is. */
async function confirmedTwice(team: TeamCompanion, jar: Jar, more: Record<string, string> = {}) {
  const { url } = await team.asked(jar, 'ward', more);
  expect(url.pathname).toMatch(/^\/sign-in\//);
  expect(await team.prove(jar, url, key)).toEqual({ complete: false });
  const { complete } = await team.confirm(jar, url, 'li');
  if (!complete) expect(await team.prove(jar, url, key)).toEqual({ complete: true });
  return (await team.goOn(jar, url)).url;
}

describe('somebody who is signed in already in this browser', () => {
  test('is asked again, at the same site as at another, and the browser is told to forget at its end', async () => {
    const jar = new Jar();
    expect((await signedIn(t, jar)).searchParams.get('code')).toBeTruthy();
    expect((await signedIn(t, jar)).searchParams.get('code')).toBeTruthy();
    const cookies = jar.kept().filter(({ key }) => key.startsWith('session'));
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect([cookie.expires, cookie.maxAge]).toEqual(['Infinity', null]);
    const silent = await t.asked(jar, 'wiki', { prompt: 'none' });
    expect(silent.url.searchParams.get('error')).toBe('login_required');
  });

  describe('on private computers', () => {
    let own: TeamCompanion;
    beforeAll(async () => {
      own = await teamCompanion({ file: { 'private-computers': true } });
    });
    afterAll(() => own?.close());

    test('is not asked again for half a day, not even by a site that may not ask', async () => {
      const jar = new Jar();
      await signedIn(own, jar);
      expect(jar.kept().some(({ key, expires }) => key === 'session' && expires instanceof Date)).toBe(true);
      for (const more of [{}, { prompt: 'none' }] as Record<string, string>[]) {
        const { url } = await own.asked(jar, 'wiki', more);
        expect(url.searchParams.get('code')).toBeTruthy();
      }
    });

    test.each([
      ['prompt=login', { prompt: 'login' }],
      ['prompt=select_account', { prompt: 'select_account' }],
      ['prompt=consent', { prompt: 'consent' }],
      ['max_age=0', { max_age: '0' }],
    ])('is asked again where the site says so: %s', async (_name, more: Record<string, string>) => {
      const jar = new Jar();
      await signedIn(own, jar);
      const before = Math.floor(Date.now() / 1000);
      const { id_token } = await own.tokens('wiki', await signedIn(own, jar, 'wiki', more));
      expect(Number(claimsOf(id_token).auth_time)).toBeGreaterThanOrEqual(before);
    });

    test('is asked again where that is longer ago than the site says (max_age), and not before', async () => {
      const jar = new Jar();
      await signedIn(own, jar);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
      try {
        const fresh = await own.asked(jar, 'wiki', { max_age: '120' });
        expect(fresh.url.searchParams.get('code')).toBeTruthy();
        expect((await own.asked(jar, 'wiki', { max_age: '60' })).url.pathname).toMatch(/^\/sign-in\//);
        const silent = await own.asked(jar, 'wiki', { max_age: '60', prompt: 'none' });
        expect(silent.url.searchParams.get('error')).toBe('login_required');
      } finally {
        vi.useRealTimers();
      }
    });

    test('is asked for both each time by a site that wants both, whoever signed in where before', async () => {
      const jar = new Jar();
      await signedIn(own, jar);
      for (let times = 0; times < 2; times++) {
        const { id_token } = await own.tokens('ward', await confirmedTwice(own, jar));
        expect(claimsOf(id_token)).toMatchObject({ amr: ['pop', 'dingtalk', 'mfa'], acr: 'urn:scankey:acr:2' });
      }
      const silent = await own.asked(jar, 'ward', { prompt: 'none' });
      expect(silent.url.searchParams.get('error')).toBe('login_required');
    });

    test('is asked again once the button is pressed that signs out', async () => {
      const jar = new Jar();
      const { id_token = '' } = await own.tokens('wiki', await signedIn(own, jar));
      const form = await jar.ask(`${own.here}/oidc/logout?${new URLSearchParams({ id_token_hint: id_token })}`);
      const { action, method, body } = pressed(await form.text(), 'Sign out');
      expect((await jar.ask(action, { method, body })).status).toBe(303);
      expect((await own.asked(jar, 'wiki')).url.pathname).toMatch(/^\/sign-in\//);
    });

    test('gives way to somebody else: the page between has a button and no script of its own', async () => {
      const jar = new Jar();
      await signedIn(own, jar);
      const { url } = await own.asked(jar, 'wiki', { prompt: 'login' });
      await own.prove(jar, url, await newIdentityKey());
      const { text } = await own.goOn(jar, url);
      const { action, method, body } = pressed(text, 'Continue');
      const left = await jar.ask(action, { method, body });
      const home = await jar.go(new URL(left.headers.get('location') ?? '', own.here).href, ({ port }) => port === '1');
      expect(home.url.searchParams.get('code')).toBeTruthy();
    });
  });
});

describe('a site that asks how somebody is to be confirmed (acr_values)', () => {
  const [ONE, TWO] = ['urn:scankey:acr:1', 'urn:scankey:acr:2'];
  test('is told which of the two it was', async () => {
    const wiki = await t.tokens('wiki', await signedIn(t, new Jar(), 'wiki', { acr_values: `${TWO} ${ONE}` }));
    expect(claimsOf(wiki.id_token).acr).toBe(ONE);
    for (const [acr_values, expected] of [
      [`${TWO} ${ONE}`, TWO],
      [`${ONE} ${TWO}`, ONE],
    ] as const) {
      const ward = await t.tokens('ward', await confirmedTwice(t, new Jar(), { acr_values }));
      expect(claimsOf(ward.id_token).acr).toBe(expected);
    }
  });

  test('that nothing here can meet is told so before anybody is asked', async () => {
    for (const acr_values of [TWO, 'phr']) {
      const { url } = await t.asked(new Jar(), 'wiki', { acr_values });
      expect(url.searchParams.get('error')).toBe('unmet_authentication_requirements');
    }
  });
});

describe('a device that shows a code', () => {
  const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
  let own: TeamCompanion;
  beforeAll(async () => {
    own = await teamCompanion({ file: { 'private-computers': true } });
  });
  afterAll(() => own?.close());

  const begun = async (team: TeamCompanion, agent = 'curl/8.5') =>
    (await team.form('/oidc/device-code', { client_id: 'terminal', scope: 'openid' }, { 'user-agent': agent })).body;
  const poll = (team: TeamCompanion, device: Record<string, string>) =>
    team.form('/oidc/token', { client_id: 'terminal', grant_type: GRANT, device_code: device.device_code ?? '' });
  const press = async (jar: Jar, html: string, words: string, typed: Record<string, string> = {}) => {
    const { action, method, body } = pressed(html, words, typed);
    return jar.ask(action, { method, body });
  };
  /** Opens the device's complete link and presses what it shows. @returns the sign-in page that it leads to */
  const opened = async (jar: Jar, device: Record<string, string>) => {
    const page = await jar.ask(device.verification_uri_complete ?? '');
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(html).not.toMatch(/<script(?! defer src="\/)|\son\w+=/);
    const asks = await (await press(jar, html, 'Continue')).text();
    expect(asks).toContain(device.user_code);
    return { asks, on: await press(jar, asks, 'It is') };
  };

  test('asks the phone each time, also where somebody is signed in, and says there which device it is', async () => {
    const jar = new Jar();
    await signedIn(own, jar);
    const device = await begun(own, 'coffee-machine/2 <b>');
    const { asks, on } = await opened(jar, device);
    expect(asks).toContain('coffee-machine/2 &#60;b&#62;');
    const { url } = await jar.go(new URL(on.headers.get('location') ?? '', own.here).href);
    expect(url.pathname).toMatch(/^\/sign-in\//);
    expect((await poll(own, device)).body.error).toBe('authorization_pending');
    const told = await fetch(`${own.here}/v1/sign-in/${url.pathname.split('/')[2]}`);
    expect(await told.json()).toMatchObject({ name: 'Terminal', host: '', device: 'coffee-machine/2 <b>' });
    await own.prove(jar, url, key);
    expect((await own.goOn(jar, url)).text).toContain('Go on at the device');
    const got = await poll(own, device);
    expect(claimsOf(got.body.id_token)).toMatchObject({ aud: 'terminal', amr: ['pop'] });
  });

  test('is told apart from a site in the browser, even if it says nothing', async () => {
    const jar = new Jar();
    const device = await begun(t, '');
    const { on } = await opened(jar, device);
    const { url } = await jar.go(new URL(on.headers.get('location') ?? '', t.here).href);
    const about = async (at: URL) => (await jar.json(`${at}/about`)).body;
    expect(await about(url)).toHaveProperty('device', '');
    expect(await about((await t.asked(jar, 'wiki')).url)).not.toHaveProperty('device');
  });

  test.each([
    ['without the browser’s cookie', 'POST', '/device'],
    ['late', 'GET', '/device/AAAAAAAAAAAAAAAAAAAAA'],
  ])('has its code typed anew into an empty form where what was typed comes %s', async (_how, method, path) => {
    const jar = new Jar();
    const answer = await jar.ask(
      t.here + path,
      method === 'GET' ? {} : { method, body: new URLSearchParams({ user_code: 'A' }) },
    );
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/device']);
    expect(pressed(await (await jar.ask(`${t.here}/device`)).text(), 'Continue').action).toContain('/device');
  });

  test('that nobody wanted gets nothing', async () => {
    const jar = new Jar();
    const device = await begun(t);
    const asks = await (
      await press(jar, await (await jar.ask(`${t.here}/device`)).text(), 'Continue', {
        user_code: device.user_code ?? '',
      })
    ).text();
    await press(jar, asks, 'Cancel');
    expect((await poll(t, device)).body.error).toBe('access_denied');
  });
});

test('a site that wants the answer posted gets it by a page that holds to our own policy', async () => {
  const jar = new Jar();
  const { url } = await t.asked(jar, 'wiki', { response_mode: 'form_post' });
  await t.prove(jar, url, key);
  const { text } = await t.goOn(jar, url);
  expect(text).not.toMatch(/<script(?! defer src="\/)|\son\w+=/);
  expect(pressed(text, 'Continue').body.get('code')).toBeTruthy();
  const [, script = ''] = /<script defer src="([^"]+)"/.exec(text) ?? [];
  const served = await fetch(t.here + script);
  expect([served.status, served.headers.get('content-type')]).toEqual([200, expect.stringMatching(/javascript/)]);
});

test('what fails at the issuer is told by a page of ours, with our headers', async () => {
  const own = await teamCompanion();
  own.store.put = () => Promise.reject(new Error('database or disk is full'));
  const answer = await fetch(own.authUrl('wiki'), { redirect: 'manual' });
  expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([500, 'nosniff']);
  expect(await answer.text()).toContain('server_error');
  await own.close();
});

describe('the issuer’s addresses', () => {
  let public_: TeamCompanion;
  beforeAll(async () => {
    public_ = await teamCompanion({ issuer: 'https://id.example' });
  });
  afterAll(() => public_?.close());

  const ask = (path: string, headers: Record<string, string>) =>
    public_.plain(path, { 'x-forwarded-for': '198.51.100.7', ...headers });
  const said: [string, Record<string, string>][] = [
    ['nothing', {}],
    ['another host', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }],
    ['another scheme', { 'x-forwarded-proto': 'http' }],
    ['another server', { 'x-forwarded-server': 'evil.example', forwarded: 'host=evil.example;proto=http' }],
  ];
  test.each(said)('are its own, where a proxy says %s', async (_name, headers) => {
    const { body } = await ask('/.well-known/openid-configuration', { host: 'id.example', ...headers });
    const named = Object.entries(JSON.parse(body) as Record<string, unknown>).filter(([name]) =>
      /(_endpoint|_uri)$/.test(name),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const [, address] of named) expect(String(address)).toMatch(/^https:\/\/id\.example\/(oidc|device)/);
    const { search } = new URL(public_.authUrl('wiki'));
    const sent = await ask(`/oidc/auth${search}`, { host: 'id.example', ...headers });
    expect([sent.status, sent.headers.location]).toEqual([303, expect.stringMatching(/^\/sign-in\//)]);
  });

  test('are all answered', async () => {
    const statusOf = async (path: string) => {
      const { status } = await ask(path, { host: 'id.example' });
      return status === 404 ? (await fetch(public_.here + path, { method: 'POST' })).status : status;
    };
    const { body } = await ask('/.well-known/openid-configuration', { host: 'id.example' });
    for (const [name, address] of Object.entries(JSON.parse(body) as Record<string, string>)) {
      if (!/(_endpoint|_uri)$/.test(name)) continue;
      expect([name, await statusOf(new URL(address).pathname)]).not.toEqual([name, 404]);
    }
  });
});
