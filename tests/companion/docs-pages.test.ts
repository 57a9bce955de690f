// The documentation under /docs: as strict as every other page, and nothing where it was not built.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokensOf, wordsOf } from '../../docs/.vitepress/words.ts';
import { companion } from './party.ts';

/** A companion whose builds lie in a folder of its own, or in one `below` that. @returns how one asks it for a page */
async function withBuilds(files: Record<string, string>, below = '') {
  const dist = join(mkdtempSync(join(tmpdir(), 'scankey-dist-')), below);
  for (const [path, text] of Object.entries({ 'phone/index.html': '<!doctype html>', ...files })) {
    mkdirSync(join(dist, path, '..'), { recursive: true });
    writeFileSync(join(dist, path), text);
  }
  const own = await companion({ phonePage: join(dist, 'phone') });
  const ask = (url: string) => own.app.inject({ url, headers: { host: `127.0.0.1:${own.port}` } });
  return { own, ask };
}

test('the documentation is served as strictly as the phone’s page, with the one policy of its own library', async () => {
  const { own, ask } = await withBuilds({
    'docs/index.html': '<!doctype html>',
    'docs/zh-CN/faq.html': '<!doctype html>',
    'docs/assets/a.1234.js': '1',
  });
  const phone = (await ask('/')).headers;
  const policy = String(phone['content-security-policy']);
  for (const url of ['/docs/', '/docs/zh-CN/faq.html', '/docs/assets/a.1234.js']) {
    const { statusCode, headers } = await ask(url);
    expect(statusCode, url).toBe(200);
    expect(headers['content-security-policy'], url).toBe(
      policy.replace(" 'wasm-unsafe-eval'", '').replace('trusted-types scankey', 'trusted-types vue'),
    );
    for (const name of ['x-frame-options', 'permissions-policy', 'cross-origin-opener-policy', 'referrer-policy'])
      expect(headers[name], `${url} ${name}`).toBe(phone[name]);
  }
  expect((await ask('/docs/assets/a.1234.js')).headers['cache-control']).toContain('immutable');
  expect((await ask('/docs/')).headers['cache-control']).toBe('no-cache');
  expect((await ask('/docs')).headers.location).toBe('/docs/');
  // What holds there alone goes no further.
  expect((await ask('/docs/none.html')).statusCode).toBe(404);
  expect((await ask('/docs/..%2fphone/index.html')).statusCode).not.toBe(200);
  expect((await ask('/practice')).headers['content-security-policy']).not.toContain('vue');
  await own.close();
});

test('where it is installed does not decide what may be kept for good', async () => {
  const files = { 'docs/index.html': '1', 'docs/assets/a.js': '1', 'phone/worker.js': '1', 'phone/assets/a.js': '1' };
  const { own, ask } = await withBuilds(files, 'assets/scankey');
  const kept = async (url: string) => (await ask(url)).headers['cache-control'];
  expect([await kept('/docs/'), await kept('/worker.js')]).toEqual(['no-cache', 'no-cache']);
  for (const url of ['/docs/assets/a.js', '/assets/a.js']) expect(await kept(url), url).toContain('immutable');
  await own.close();
});

test('a companion without built documentation has none', async () => {
  const { own, ask } = await withBuilds({});
  for (const url of ['/docs', '/docs/']) expect((await ask(url)).json()).toMatchObject({ code: 'not-found' });
  await own.close();
});

test('a question without spaces finds the words of which it is made', () => {
  const index = wordsOf('确认之后，用手机扫码登录。')
    .join('\u200a')
    .split(/[\p{Z}\p{P}]+/u);
  expect(tokensOf('扫码登录').filter((word) => !index.includes(word))).toEqual([]);
  expect(tokensOf('recovery sheet')).toEqual(['recovery', 'sheet']);
});
