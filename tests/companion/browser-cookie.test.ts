// The name that a sign-in's browser has with the companion (R64).
import cookie from '@fastify/cookie';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { BrowserCookie } from '../../server/team/routes/request.ts';
import { newToken } from './party.ts';

/** What a browser that brings `header` is told at `origin`: its name as it was read, and the cookie that it is given. */
async function told(origin: string, header: string) {
  const app = fastify();
  await app.register(cookie);
  const ours = new BrowserCookie(origin);
  app.get('/', async (request, reply) => ({ read: ours.read(request) ?? null, given: ours.give(request, reply) }));
  const answer = await app.inject({ url: '/', headers: { cookie: header } });
  const [pair = '', ...attributes] = String(answer.headers['set-cookie']).split('; ');
  return { ...answer.json<{ read: string | null; given: string }>(), pair, attributes: attributes.sort() };
}

test('is given to who has none, for an hour, to no script and no other host', async () => {
  const { read, given, pair, attributes } = await told('https://keys.example', 'other=1');
  expect(read).toBeNull();
  expect(given).toMatch(/^[\w-]{43}$/);
  expect(pair).toBe(`__Host-scankey=${given}`);
  expect(attributes).toEqual(['HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure']);
});

test('stays what it is', async () => {
  const name = newToken();
  expect(await told('https://keys.example', `a=b; __Host-scankey=${name}`)).toMatchObject({ read: name, given: name });
});

test.each(['', 'short', `${'A'.repeat(43)}x`, `"${'A'.repeat(41)}"`])('is not taken when it is %j', async (value) => {
  const { read, given } = await told('https://keys.example', `__Host-scankey=${value}`);
  expect(read).toBeNull();
  expect(given).not.toBe(value);
});

test('has another name on this computer alone, where there is no https', async () => {
  const { pair, attributes } = await told('http://localhost:8787', `__Host-scankey=${newToken()}`);
  expect(pair).toMatch(/^scankey=[\w-]{43}$/);
  expect(attributes).not.toContain('Secure');
});
