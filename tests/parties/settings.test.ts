// What one site may need that another does not: each setting of the team's file, by `openid-client`, and what comes of none.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOfPerson, type Details, People } from '../../server/team/people.ts';
import { HOME, Jar, newIdentityKey, SECRET, type TeamCompanion, teamCompanion } from '../companion/team-companion.ts';

const LI = { name: 'Li Na', username: 'li.na', email: 'li@example.org' };
const SAID = { name: LI.name, preferred_username: LI.username, email: LI.email, email_verified: true };
const IN_HOUSE = 'http://wiki.lan/callback';

const folder = mkdtempSync(join(tmpdir(), 'scankey-sites-'));
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' };
const signer = await crypto.subtle.importKey(
  'pkcs8',
  pair.privateKey.export({ format: 'der', type: 'pkcs8' }),
  { name: 'ECDSA', namedCurve: 'P-256' },
  false,
  ['sign'],
);
const assertion = openid.PrivateKeyJwt({ key: signer, kid: 'k1' });
const WITH_SECRET = { secret: '$TEAM_UNIT', 'redirect-uris': [HOME] };
const CLIENTS = {
  plain: WITH_SECRET,
  'no-pkce': { ...WITH_SECRET, pkce: false },
  'id-token': { ...WITH_SECRET, 'claims-in-id-token': true },
  es256: { ...WITH_SECRET, 'signed-with': 'ES256' },
  eddsa: { ...WITH_SECRET, 'signed-with': 'EdDSA' },
  house: { secret: '$TEAM_UNIT', 'redirect-uris': [IN_HOUSE], http: true },
  keys: { 'public-keys': join(folder, 'keys.json'), 'redirect-uris': [HOME] },
  app: { 'redirect-uris': [HOME] },
} as const;

let t: TeamCompanion;
const KEY = await newIdentityKey();
beforeAll(async () => {
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [jwk] }));
  const clients = Object.entries(CLIENTS).map(([id, settings]) => ({ id, name: id, ...settings }));
  t = await teamCompanion({ file: { clients, providers: {} } });
});
afterAll(async () => {
  await t?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs in at a site, which asks for the code's tokens as `openid-client` does. */
async function signIn(
  id: keyof typeof CLIENTS,
  how: { auth?: openid.ClientAuth; pkce?: boolean; key?: string; scope?: string } = {},
) {
  const { auth = openid.ClientSecretPost(SECRET), pkce = true, key = KEY, scope = 'openid profile email' } = how;
  const [home] = CLIENTS[id]['redirect-uris'];
  const options: openid.DiscoveryRequestOptions = { execute: [openid.allowInsecureRequests] };
  const { 'signed-with': signature = 'RS256' } = CLIENTS[id] as { 'signed-with'?: string };
  const site = await openid.discovery(new URL(t.here), id, { id_token_signed_response_alg: signature }, auth, options);
  const verifier = openid.randomPKCECodeVerifier();
  const asked = openid.buildAuthorizationUrl(site, {
    redirect_uri: home,
    scope,
    state: 's',
    ...(pkce
      ? { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }
      : {}),
  });
  const jar = new Jar();
  const isHome = (url: URL) => url.href.startsWith(home);
  const { url } = await jar.go(String(asked), isHome);
  if (isHome(url)) return { error: url.searchParams.get('error') };
  await t.prove(jar, url, key);
  const { url: back } = await jar.go(`${url}/go`, isHome);
  const checks = { expectedState: 's', ...(pkce ? { pkceCodeVerifier: verifier } : {}) };
  const tokens = await openid.authorizationCodeGrant(site, back, checks);
  const claims = tokens.claims();
  return { claims, about: await openid.fetchUserInfo(site, tokens.access_token, String(claims?.sub)) };
}

/** Somebody new signs in at a site. @returns the key by which that is the same person later, and an operator's word on who it is */
async function somebodyNew(id: keyof typeof CLIENTS) {
  const own = await newIdentityKey();
  const people = new People(t.store, 'anyone');
  const before = (await people.list()).map((one) => one.id);
  const first = await signIn(id, { key: own });
  const [met] = (await people.list()).filter((one) => !before.includes(one.id));
  return { own, first, admit: (details: Details) => people.admit(codeOfPerson(met?.id ?? ''), details) };
}

describe('who somebody is', () => {
  test('is said without what nobody has entered', async () => {
    const { first } = await somebodyNew('id-token');
    expect(Object.keys(first.about ?? {})).toEqual(['sub']);
    expect(first.claims).not.toHaveProperty('name');
  });

  test('is said to a site that asks, and in the ID token only where that is set', async () => {
    const { own, admit } = await somebodyNew('plain');
    expect(await admit(LI)).toMatchObject(LI);
    const plain = await signIn('plain', { key: own });
    expect(plain.about).toMatchObject(SAID);
    for (const name of Object.keys(SAID)) expect(plain.claims).not.toHaveProperty(name);
    const other = await signIn('id-token', { key: own });
    expect([other.about, other.claims]).toEqual([expect.objectContaining(SAID), expect.objectContaining(SAID)]);
  });

  test('without a user name of its own is called by its address, where the site may know that', async () => {
    const { own, admit } = await somebodyNew('plain');
    await admit({ email: 'wang@example.org' });
    expect((await signIn('plain', { key: own })).about).toMatchObject({ preferred_username: 'wang@example.org' });
    const { about } = await signIn('plain', { key: own, scope: 'openid profile' });
    expect(Object.keys(about ?? {})).toEqual(['sub']);
  });
});

describe('a site', () => {
  test.each([
    ['that cannot do PKCE, and is set so', 'no-pkce', { pkce: false }],
    ['that can, though it is set so', 'no-pkce', {}],
    ['whose secret comes in the header', 'plain', { auth: openid.ClientSecretBasic(SECRET) }],
    ['whose secret comes in the form', 'plain', { auth: openid.ClientSecretPost(SECRET) }],
    ['that wants ES256', 'es256', {}],
    ['that wants EdDSA', 'eddsa', {}],
    ['inside the house, by http', 'house', {}],
    ['that signs with its own key', 'keys', { auth: assertion }],
    ['that can keep no secret', 'app', { auth: openid.None() }],
  ] as const)('%s signs in', async (_name, id, how) => {
    expect((await signIn(id, how)).about?.sub).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ['without PKCE where that is not set', 'plain', { pkce: false }],
    ['without PKCE and secret', 'app', { pkce: false, auth: openid.None() }],
  ] as const)('%s is refused before anybody is asked', async (_name, id, how) => {
    expect((await signIn(id, how)).error).toBe('invalid_request');
  });

  test.each([
    ['with a secret in place of its key', 'keys', openid.ClientSecretPost(SECRET)],
    ['with a key in place of its secret', 'plain', assertion],
    ['with neither', 'plain', openid.None()],
  ] as const)('%s gets nothing', async (_name, id, auth) => {
    await expect(signIn(id, { auth })).rejects.toThrow();
  });

  test('whose own code asks, with its browser’s cookies or without, is let by the browser; another is not', async () => {
    const ask = (origin: string, path: string, method: string) =>
      fetch(t.here + path, {
        method,
        headers: { origin, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {}) },
        ...(method === 'POST' ? { body: new URLSearchParams({ client_id: 'app', grant_type: 'x' }) } : {}),
      });
    const said = ({ headers }: Response) =>
      ['origin', 'credentials'].map((name) => headers.get(`access-control-allow-${name}`));
    const own = new URL(HOME).origin;
    for (const [path, method] of [
      ['/.well-known/openid-configuration', 'GET'],
      ['/oidc/jwks', 'GET'],
      ['/oidc/token', 'OPTIONS'],
      ['/oidc/token', 'POST'],
    ] as const)
      expect([path, method, ...said(await ask(own, path, method))]).toEqual([path, method, own, 'true']);
    expect(said(await ask('http://elsewhere.example', '/oidc/token', 'POST'))).toEqual([null, null]);
  });
});
