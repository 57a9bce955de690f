// The practice page: what it takes, what it says in whose language, and what it keeps of anybody.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPractice, PRACTICE } from '../../src/protocol/practice.ts';
import { companion } from './party.ts';

let server: Awaited<ReturnType<typeof companion>>;
beforeAll(async () => {
  server = await companion();
});
afterAll(() => server.close());

const { username, password } = PRACTICE;
const post = (typed: Record<string, string>, language = 'en') =>
  fetch(server.page + PRACTICE.path, {
    method: 'POST',
    body: new URLSearchParams(typed),
    headers: { 'accept-language': language },
  });

test('asks for a name and a password, in the reader’s language, and lets its form go nowhere else', async () => {
  for (const [language, sentence] of [
    ['en', 'Practice sign-in'],
    ['zh-CN', '练习登录'],
  ] as const) {
    const page = await fetch(server.page + PRACTICE.path, { headers: { 'accept-language': language } });
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    expect(text).toContain(`<title>${PRACTICE.title}</title>`);
    expect(text).toContain(sentence);
    expect(text).toContain('autocomplete="current-password"');
  }
});

test.each<[string, Record<string, string>, number, string]>([
  ['the practice account', { username, password }, 200, 'You are signed in'],
  ['another password', { username, password: 'hunter2' }, 403, 'not the practice account'],
  ['another name', { username: 'li', password }, 403, 'not the practice account'],
  ['nothing', {}, 403, 'not the practice account'],
])('takes nobody but everybody: %s', async (_what, typed, status, sentence) => {
  const answer = await post(typed);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('set-cookie')).toBeNull();
  const text = await answer.text();
  expect(text).toContain(sentence);
  expect(text).not.toContain('hunter2');
  expect(await server.dump()).toEqual([]);
});

test('is not tried without end', async () => {
  const tries = await Promise.all(Array.from({ length: 70 }, () => post({})));
  expect(tries.some(({ status }) => status === 429)).toBe(true);
});

describe('a phone offers the practice account', () => {
  test.each<[string, string, string, boolean]>([
    ['on its own companion', 'https://own.example', PRACTICE.title, true],
    ['on the computer that the companion runs on', 'http://localhost:8787', PRACTICE.title, true],
    ['not elsewhere', 'https://other.example', PRACTICE.title, false],
    ['not on another page', 'https://own.example', 'Sign in', false],
  ])('%s', (_what, frameOrigin, title, offered) => {
    expect(isPractice({ frameOrigin, title }, 'https://own.example')).toBe(offered);
  });
});
