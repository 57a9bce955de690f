// The OpenID provider from the outside: what RFC 6749, 7636, 8628, 9207, 9700 and OpenID Connect Core, Discovery and Back-Channel Logout
// ask of a code flow, as far as a test can tell. `openid-client` speaks where it can; the rest is by hand.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newIdentityKey, signIdentity } from '../../src/protocol/identity-proof.ts';
import { freePort, until } from './companion.ts';
import { Jar, pressed, startTeam, type Team } from './team.ts';

let t: Team;
let origin: string;
let logout: { server: Server; tokens: string[]; port: number };
beforeAll(async () => {
  const tokens: string[] = [];
  const port = await freePort();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      tokens.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.end();
    });
  }).listen(port, '127.0.0.1');
  logout = { server, tokens, port: (server.address() as AddressInfo | null)?.port ?? port };
  const here = `http://localhost:${port}`;
  t = await startTeam({
    privateComputers: true,
    clients: [
      {
        id: 'shop',
        name: 'Shop floor',
        secret: '$TEAM_WIKI',
        'redirect-uris': [`${here}/callback`, `${here}/deep/er?fixed=1`],
        'after-logout': [`${here}/bye`],
        'backchannel-logout': `${here}/logout`,
      },
      { id: 'public', name: 'An app', 'redirect-uris': [`${here}/app`] },
    ],
  });
  origin = t.companion.origin;
});
afterAll(async () => {
  logout?.server.close();
  await t?.close();
});

const secretOf = { wiki: 'wiki-secret-1', shop: 'wiki-secret-1' } as Record<string, string | undefined>;
const verifier = 'v'.repeat(50);
const challenge = createHash('sha256').update(verifier).digest('base64url');

interface Asked {
  id?: string;
  uri?: string;
  change?: (query: URLSearchParams) => void;
  jar?: Jar;
}
const authUrl = ({ id = 'wiki', uri = t.wiki.callback, change = () => {} }: Asked): string => {
  const query = new URLSearchParams({
    client_id: id,
    redirect_uri: uri,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'abc',
    nonce: 'n1',
    prompt: 'consent',
  });
  change(query);
  return `${origin}/oidc/auth?${query}`;
};

const key = await newIdentityKey();
/** Goes through the sign-in page as a phone that confirms would let it. @returns where the site is sent to */
async function confirmed(asked: Asked = {}): Promise<URL> {
  const jar = asked.jar ?? new Jar();
  const uri = new URL(asked.uri ?? t.wiki.callback);
  const home = (url: URL) => url.origin === uri.origin && url.pathname === uri.pathname;
  const first = await jar.go(authUrl(asked), home);
  if (home(first.url)) return first.url;
  await proved(jar, first.url);
  return (await jar.go(`${first.url}/go`, home)).url;
}
/** Confirms the sign-in at this page. */
async function proved(jar: Jar, page: URL): Promise<void> {
  const { body } = await jar.json(`${page}/about`);
  const { issuer, id, client: rp, nonce } = body as Record<'issuer' | 'id' | 'client' | 'nonce', string>;
  await jar.json(`${page}/proof`, await signIdentity(key, { issuer, id, client: rp, nonce }));
}

const token = async (body: Record<string, string>, id = 'wiki') => {
  const secret = secretOf[id];
  const authorization: Record<string, string> =
    secret === undefined ? {} : { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
  const sent = new URLSearchParams(secret === undefined ? { client_id: id, ...body } : body);
  const response = await fetch(`${origin}/oidc/token`, { method: 'POST', body: sent, headers: authorization });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const codeOf = async (asked: Asked = {}) => (await confirmed(asked)).searchParams.get('code') ?? '';
const exchange = (code: string, more: Record<string, string> = {}, id = 'wiki') =>
  token(
    { grant_type: 'authorization_code', code, redirect_uri: t.wiki.callback, code_verifier: verifier, ...more },
    id,
  );
const claimsOf = (jwt = '') =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('what the issuer says of itself', () => {
  test('code alone, S256 alone, pairwise subjects, iss in answers; nothing implicit', async () => {
    const found = (await (await fetch(`${origin}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
    expect(found).toMatchObject({
      issuer: origin,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    });
    expect(found.subject_types_supported).toContain('pairwise');
    expect(found.grant_types_supported).not.toContain('implicit');
    expect(found.registration_endpoint).toBeUndefined();
    const { keys } = (await (await fetch(`${origin}/oidc/jwks`)).json()) as { keys: Record<string, unknown>[] };
    for (const one of keys) expect(Object.keys(one)).not.toContain('d');
  });
});

describe('forty addresses that are not the registered one', () => {
  const tricks: [string, (uri: URL) => string][] = [
    ['another path', (u) => `${u.origin}/callback2`],
    ['a path below', (u) => `${u}/more`],
    ['a slash more', (u) => `${u}/`],
    ['a slash less', (u) => u.origin],
    ['dots', (u) => `${u.origin}/x/../callback`],
    ['encoded dots', (u) => `${u.origin}/x/%2e%2e/callback`],
    ['an encoded slash', (u) => `${u.origin}/%2fcallback`],
    ['an encoded letter', (u) => `${u.origin}/%63allback`],
    ['capitals in the path', (u) => `${u.origin}/CALLBACK`],
    ['capitals in the host', (u) => `http://LOCALHOST:${u.port}/callback`],
    ['another port', (u) => `http://localhost:${Number(u.port) + 1}/callback`],
    ['no port', () => 'http://localhost/callback'],
    ['the address in numbers', (u) => `http://127.0.0.1:${u.port}/callback`],
    ['the address in six', (u) => `http://[::1]:${u.port}/callback`],
    ['the address as one number', (u) => `http://2130706433:${u.port}/callback`],
    ['a short address', (u) => `http://127.1:${u.port}/callback`],
    ['https', (u) => `https://localhost:${u.port}/callback`],
    ['another scheme', () => 'custom://callback'],
    ['javascript', () => 'javascript:alert(1)'],
    ['data', () => 'data:text/html,x'],
    ['no scheme', () => '//elsewhere.example/callback'],
    ['a path alone', () => '/callback'],
    ['a user', (u) => `http://user@localhost:${u.port}/callback`],
    ['the host as a user', (u) => `http://localhost:${u.port}@elsewhere.example/callback`],
    ['an encoded at', (u) => `http://localhost:${u.port}%40elsewhere.example/callback`],
    ['a backslash', (u) => `http://elsewhere.example\\@localhost:${u.port}/callback`],
    ['a host before', (u) => `http://elsewhere.example#@localhost:${u.port}/callback`],
    ['a name behind', (u) => `http://localhost.elsewhere.example:${u.port}/callback`],
    ['a name before', (u) => `http://elsewhere.localhost:${u.port}/callback`],
    ['a dot behind', (u) => `http://localhost.:${u.port}/callback`],
    ['a query', (u) => `${u}?next=https://elsewhere.example`],
    ['an empty query', (u) => `${u}?`],
    ['a fragment', (u) => `${u}#x`],
    ['a null', (u) => `${u}%00`],
    ['a new line', (u) => `${u}%0d%0aLocation:x`],
    ['a space behind', (u) => `${u} `],
    ['a tab in it', (u) => `http://local\thost:${u.port}/callback`],
    ['a wide dot', (u) => `http://localhost\u3002:${u.port}/callback`],
    ['another client’s', () => t.ward.callback],
    ['nothing', () => ''],
  ];
  test('there are forty', () => expect(tricks).toHaveLength(40));
  for (const [name, trick] of tricks) {
    test(`${name}: no redirect`, async () => {
      const response = await new Jar().ask(authUrl({ uri: trick(new URL(t.wiki.callback)) }));
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(await response.text()).not.toMatch(/<script|elsewhere\.example"/);
    });
  }

  test('two of them at once, and a client that is none: no redirect', async () => {
    const twice = await new Jar().ask(
      authUrl({ change: (query) => query.append('redirect_uri', 'https://elsewhere.example') }),
    );
    // Told to the one that is registered, if anybody.
    expect(twice.headers.get('location') ?? t.wiki.callback).toMatch(new RegExp(`^${t.wiki.callback}`));
    const none = await new Jar().ask(authUrl({ id: '"><script>x</script>' }));
    expect([none.status, none.headers.get('location')]).toEqual([400, null]);
    expect(await none.text()).not.toContain('<script>x');
  });
});

describe('the authorization request', () => {
  const refusals: [string, (query: URLSearchParams) => void, string][] = [
    [
      'no challenge',
      (q) => ['code_challenge', 'code_challenge_method'].forEach((name) => void q.delete(name)),
      'invalid_request',
    ],
    ['a plain challenge', (q) => q.set('code_challenge_method', 'plain'), 'invalid_request'],
    ['a challenge without its method', (q) => q.delete('code_challenge_method'), 'invalid_request'],
    ['a token instead of a code', (q) => q.set('response_type', 'token'), 'unsupported_response_type'],
    ['an id token at once', (q) => q.set('response_type', 'id_token'), 'unsupported_response_type'],
    ['both', (q) => q.set('response_type', 'code id_token'), 'unsupported_response_type'],
    ['nobody may be asked', (q) => q.set('prompt', 'none'), 'login_required'],
    ['a request by address', (q) => q.set('request_uri', 'https://elsewhere.example/r'), 'request_uri_not_supported'],
  ];
  for (const [name, change, expected] of refusals) {
    test(`${name}: ${expected}, told to the site, with who says so`, async () => {
      const response = await new Jar().ask(authUrl({ change }));
      const to = new URL(response.headers.get('location') ?? '');
      expect(to.origin + to.pathname).toBe(t.wiki.callback);
      const said = new URLSearchParams(to.search || to.hash.slice(1));
      expect(said.get('error')).toBe(expected);
      expect([said.get('state'), said.get('iss'), said.get('code')]).toEqual(['abc', origin, null]);
    });
  }

  test('the answer carries code, state and issuer, and nothing of the person', async () => {
    const to = await confirmed();
    expect([...to.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state']);
    expect(to.searchParams.get('iss')).toBe(origin);
  });

  test('a person who declines is sent back with access_denied', async () => {
    const jar = new Jar();
    const { url } = await jar.go(authUrl({}));
    const { body } = await jar.json(`${url}/cancel`, {});
    const back = await jar.go(String(body.to), (to) => to.href.startsWith(t.wiki.callback));
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });
});

describe('the token endpoint', () => {
  test('gives tokens for a code once; a second time takes back what the first one gave', async () => {
    const code = await codeOf();
    const first = await exchange(code);
    expect(first.status).toBe(200);
    expect(claimsOf(first.body.id_token)).toMatchObject({ iss: origin, aud: 'wiki', nonce: 'n1', amr: ['pop'] });
    const me = () => fetch(`${origin}/oidc/me`, { headers: { authorization: `Bearer ${first.body.access_token}` } });
    expect((await me()).status).toBe(200);
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await me()).status).toBe(401);
    expect(
      (await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token ?? '' })).body.error,
    ).toBe('invalid_grant');
  });

  test('two that come at the same moment: one gets tokens at most', async () => {
    const code = await codeOf();
    const all = await Promise.all(Array.from({ length: 6 }, () => exchange(code)));
    expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  const wrong: [string, (code: string) => ReturnType<typeof exchange>, string][] = [
    ['another verifier', (code) => exchange(code, { code_verifier: 'w'.repeat(50) }), 'invalid_grant'],
    [
      'no verifier',
      (code) => token({ grant_type: 'authorization_code', code, redirect_uri: t.wiki.callback }),
      'invalid_grant',
    ],
    ['another address', (code) => exchange(code, { redirect_uri: t.ward.callback }), 'invalid_grant'],
    ['another client', (code) => exchange(code, {}, 'shop'), 'invalid_grant'],
    ['another grant', (code) => exchange(code, { grant_type: 'password' }), 'unsupported_grant_type'],
    ['an invented code', () => exchange(randomBytes(24).toString('base64url')), 'invalid_grant'],
  ];
  for (const [name, ask, expected] of wrong)
    test(`${name}: ${expected}`, async () => expect((await ask(await codeOf())).body.error).toBe(expected));

  test('a wrong secret: invalid_client', async () => {
    const authorization = `Basic ${Buffer.from('wiki:wrong').toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: await codeOf() });
    const response = await fetch(`${origin}/oidc/token`, { method: 'POST', body, headers: { authorization } });
    expect(response.status).toBe(401);
  });

  test('a refresh token is renewed with each use; the old one used again ends them all', async () => {
    const first = await exchange(await codeOf());
    const second = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token ?? '' });
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
    expect(
      (await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token ?? '' })).body.error,
    ).toBe('invalid_grant');
    expect(
      (await token({ grant_type: 'refresh_token', refresh_token: second.body.refresh_token ?? '' })).body.error,
    ).toBe('invalid_grant');
  });
});

describe('who somebody is', () => {
  test('to one site is somebody else to another, and to a terminal', async () => {
    const jar = new Jar();
    const wiki = claimsOf((await exchange(await codeOf({ jar }))).body.id_token);
    const uri = `http://localhost:${logout.port}/callback`;
    const shop = claimsOf(
      (await exchange(await codeOf({ jar, id: 'shop', uri }), { redirect_uri: uri }, 'shop')).body.id_token,
    );
    const options = { execute: [client.allowInsecureRequests] };
    const terminal = await client.discovery(new URL(origin), 'terminal', undefined, client.None(), options);
    const begun = await client.initiateDeviceAuthorization(terminal, { scope: 'openid' });
    const { url } = await entered(jar, begun.user_code);
    await proved(jar, url);
    await jar.go(`${url}/go`);
    const got = await client.pollDeviceAuthorizationGrant(terminal, begun);
    const subjects = [wiki.sub, shop.sub, got.claims()?.sub];
    expect(new Set(subjects).size).toBe(3);
    for (const sub of subjects) expect(sub).toMatch(/^[\w-]{43}$/);
  });

  test('a device’s code that nobody typed, or that was declined, brings nothing', async () => {
    const options = { execute: [client.allowInsecureRequests] };
    const terminal = await client.discovery(new URL(origin), 'terminal', undefined, client.None(), options);
    const begun = await client.initiateDeviceAuthorization(terminal, { scope: 'openid' });
    const poll = () =>
      token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: begun.device_code }, 'terminal');
    expect((await poll()).body.error).toBe('authorization_pending');
    const jar = new Jar();
    await codeOf({ jar });
    await entered(jar, begun.user_code, true);
    expect((await poll()).body.error).toBe('access_denied');
  });

  test('is asked again where the site wants it, and else, on private computers, not within a day’s work', async () => {
    const jar = new Jar();
    await codeOf({ jar });
    const again = await jar.go(authUrl({ change: (query) => query.delete('prompt') }), (url) =>
      url.href.startsWith(t.wiki.callback),
    );
    expect(again.url.searchParams.get('code')).toBeTruthy();
    const asked = await jar.go(authUrl({ change: (query) => query.set('prompt', 'login') }));
    expect(asked.url.pathname).toMatch(/^\/sign-in\//);
  });
});

/** Types a device's code into the page's own forms and presses their buttons. @returns where that leads */
async function entered(jar: Jar, code: string, abort = false) {
  const press = async (page: Response, words: string, typed: Record<string, string> = {}) => {
    const { action, method, body } = pressed(await page.text(), words, typed);
    return jar.ask(new URL(action, origin).href, { method, body });
  };
  const asks = await press(await jar.ask(`${origin}/device`), 'Continue', { user_code: code });
  const last = await press(asks, abort ? 'Cancel' : 'It is');
  return jar.go(new URL(last.headers.get('location') ?? '/device', origin).href);
}

describe('signing out', () => {
  test('ends the session in this browser, tells the other sites, and leads nowhere else', async () => {
    const jar = new Jar();
    const uri = `http://localhost:${logout.port}/callback`;
    const got = await exchange(await codeOf({ jar, id: 'shop', uri }), { redirect_uri: uri }, 'shop');
    const ask = async (back: string) => {
      const query = new URLSearchParams({ id_token_hint: got.body.id_token ?? '', post_logout_redirect_uri: back });
      return jar.ask(`${origin}/oidc/logout?${query}`);
    };
    const elsewhere = await ask('https://elsewhere.example/');
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([400, null]);
    const form = await ask(`http://localhost:${logout.port}/bye`);
    const { action, method, body } = pressed(await form.text(), 'Sign out');
    const done = await jar.ask(action, { method, body });
    expect(done.headers.get('location')).toBe(`http://localhost:${logout.port}/bye`);
    await until('the other site is told', () => logout.tokens.length > 0);
    expect(claimsOf(logout.tokens.at(-1))).toMatchObject({
      aud: 'shop',
      iss: origin,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    const again = await jar.go(authUrl({ change: (query) => query.delete('prompt') }));
    expect(again.url.pathname).toMatch(/^\/sign-in\//);
  });
});

describe('a companion that is ended in the middle', () => {
  test('goes on with a sign-in that was begun, and keeps its keys and sessions', async () => {
    const jar = new Jar();
    const { url } = await jar.go(authUrl({ jar }));
    await t.companion.stop('SIGKILL');
    await t.companion.start();
    const { body } = await jar.json(`${url}/about`);
    const { issuer, id, client: rp, nonce } = body as Record<'issuer' | 'id' | 'client' | 'nonce', string>;
    await jar.json(`${url}/proof`, await signIdentity(key, { issuer, id, client: rp, nonce }));
    await t.companion.stop('SIGKILL');
    await t.companion.start();
    const to = (await jar.go(`${url}/go`, (one) => one.href.startsWith(t.wiki.callback))).url;
    const got = await exchange(to.searchParams.get('code') ?? '');
    expect(got.status).toBe(200);
    const kid = (
      JSON.parse(Buffer.from(got.body.id_token?.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }
    ).kid;
    await t.companion.stop('SIGKILL');
    await t.companion.start();
    const { keys } = (await (await fetch(`${origin}/oidc/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys.map((one) => one.kid)).toContain(kid);
    expect(
      (await fetch(`${origin}/oidc/me`, { headers: { authorization: `Bearer ${got.body.access_token}` } })).status,
    ).toBe(200);
  });
});
