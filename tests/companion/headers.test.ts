// What every answer tells a browser, whatever was asked of whichever companion: all of it, but for what the tables here name.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import { companion } from './party.ts';
import { teamCompanion } from './team-companion.ts';

/** Everything that this companion answers at, with a value in place of each parameter. */
function routesOf(app: FastifyInstance): { method: 'GET' | 'POST' | 'OPTIONS'; url: string }[] {
  const above: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] = /^([│ ]*)[├└]── (\S+) \(([^)]+)\)/.exec(line) ?? [];
      const depth = indent.length / 4;
      above[depth] = (depth === 0 ? '' : (above[depth - 1] ?? '')) + part;
      const url = (above[depth] ?? '')
        .replace(/:provider/g, 'dingtalk')
        .replace(/:\w+/g, 'A'.repeat(21))
        .replace('*', 'none');
      return (['GET', 'POST', 'OPTIONS'] as const)
        .filter((method) => methods.includes(method))
        .map((method) => ({ method, url }));
    });
}

const ALWAYS: Record<string, unknown> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': expect.stringContaining('microphone=()'),
  'x-request-id': expect.stringMatching(/^[\w-]{16}$/),
};
/** What others may read, and why. */
const OPEN: [RegExp, string][] = [
  [/^\/v1\/companion$/, 'extensions ask, which hold no permission for this host'],
  [/^\/v1\/half$/, 'extensions ask'],
  [/^\/(oidc\/|device|\.well-known\/)/, 'sites’ own code asks some of these, and the library says which'],
];
/** What a browser may keep: files that say nothing of anybody. */
const KEPT = /^\/($|index\.html|sign-in-page\/|oidc\/jwks$|\.well-known\/)/;

type Answer = { statusCode: number; headers: Record<string, unknown> };
function check(url: string, { statusCode, headers }: Answer, { isHttps }: { isHttps: boolean }): void {
  const what = `${url} ${statusCode}`;
  expect(headers, what).toMatchObject(ALWAYS);
  const policy = String(headers['content-security-policy']);
  expect(policy, what).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(policy, what).toMatch(/base-uri 'none'/);
  expect(policy, what).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')| \*|https?:|data:/);
  expect(headers['strict-transport-security'] !== undefined, what).toBe(isHttps);
  const isOpen = OPEN.some(([at]) => at.test(url));
  if (!isOpen) expect(headers['cross-origin-resource-policy'], what).toBe('same-origin');
  if (statusCode >= 400 || !KEPT.test(url)) expect(headers['cache-control'], what).toMatch(/no-store/);
  for (const told of ['server', 'x-powered-by']) expect(headers[told], what).toBeUndefined();
}

/** Each of its routes, under its own name and another, and what goes wrong. */
async function asked(app: FastifyInstance, host: string, isHttps: boolean) {
  const routes = routesOf(app);
  const statuses = new Set<number>();
  const ask = async (request: InjectOptions) => {
    const answer = await app.inject(request);
    statuses.add(answer.statusCode);
    check(String(request.url), answer, { isHttps });
  };
  for (const route of routes)
    for (const headers of [
      { host },
      { host: 'evil.example' },
      { host, 'sec-fetch-mode': 'navigate', accept: 'text/html' },
    ])
      await ask({ ...route, headers });
  const json = { host, 'content-type': 'application/json' };
  await ask({ url: '/none', headers: { host } });
  for (const url of ['/%zz', '/v1/%ff', '/v1/session/%ff', `/v1/session/${'A'.repeat(200)}`, '/assets/%00'])
    await ask({ url, headers: { host } });
  await ask({ url: '/sign-in-page/sign-in.css', headers: { host } });
  await ask({ method: 'POST', url: '/practice', headers: json, payload: '{' });
  await ask({ method: 'POST', url: '/practice', headers: { host, 'content-type': 'a/b' }, payload: 'x' });
  await ask({
    method: 'POST',
    url: '/v1/half',
    headers: { host, 'content-type': 'text/plain' },
    payload: ' '.repeat(65 * 1024),
  });
  for (let i = 0; i < 61; i++) await app.inject({ method: 'POST', url: '/practice', headers: { host } });
  await ask({ method: 'POST', url: '/practice', headers: { host } });
  return { routes: routes.map(({ url }) => url), statuses: [...statuses].sort() };
}

test('what never changes under its name may be kept, and the page may not without asking', async () => {
  const own = await companion();
  mkdirSync(join(own.settings.phonePage, 'assets'));
  writeFileSync(join(own.settings.phonePage, 'assets/a-1234.js'), '1');
  writeFileSync(join(own.settings.phonePage, 'worker.js'), '1');
  const kept = async (url: string) =>
    (await own.app.inject({ url, headers: { host: `127.0.0.1:${own.port}` } })).headers['cache-control'];
  expect(await kept('/assets/a-1234.js')).toBe('public, max-age=31536000, immutable');
  expect([await kept('/'), await kept('/worker.js')]).toEqual(['no-cache', 'no-cache']);
  await own.close();
});

describe('every route and every refusal bears all headers', () => {
  test('of a companion of one’s own', async () => {
    const own = await companion();
    const { routes, statuses } = await asked(own.app, `127.0.0.1:${own.port}`, false);
    expect(routes).toEqual(
      expect.arrayContaining(['/', '/readyz', '/v1/companion', '/v1/relay', '/v1/backup', '/practice.js']),
    );
    expect(statuses).toEqual(expect.arrayContaining([200, 400, 403, 404, 413, 421, 429]));
    await own.close();
  });

  test('of a trial', async () => {
    const own = await companion({ trial: true });
    const { routes } = await asked(own.app, `127.0.0.1:${own.port}`, false);
    expect(routes).not.toContain('/v1/backup');
    await own.close();
  });

  test('of a team’s, which speaks https', async () => {
    const own = await teamCompanion({ issuer: 'https://id.example' });
    const { routes, statuses } = await asked(own.app, 'id.example', true);
    expect(routes).toEqual(expect.arrayContaining(['/device', '/v1/half', `/sign-in/${'A'.repeat(21)}/proof`]));
    expect(statuses).toEqual(expect.arrayContaining([200, 303, 400, 403, 404, 413, 421, 429]));
    for (const url of [
      '/oidc/auth',
      '/oidc/auth?client_id=wiki',
      '/oidc/jwks',
      '/oidc/me',
      '/oidc/logout',
      '/oidc/token',
    ])
      check(url, await own.app.inject({ url, headers: { host: 'id.example' } }), { isHttps: true });
    // A site need not ask for the keys at each sign-in, and nobody keeps a refusal.
    const kept = async (url: string, method: 'GET' | 'POST' = 'GET') =>
      (await own.app.inject({ method, url, headers: { host: 'id.example' } })).headers['cache-control'];
    for (const url of ['/oidc/jwks', '/.well-known/openid-configuration'])
      expect([await kept(url), await kept(url, 'POST')]).toEqual(['public, max-age=3600', 'no-store']);
    await own.close();
  });
});
