// What the phone's page loads, and when: little before its field, one language, nothing that a sign-in would have to wait for.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HTTPRequest } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { buildApp, newShared } from '../../server/app.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { sheetLink } from '../../src/protocol/recovery.ts';
import { startSites } from '../sites/server.ts';
import { chromium, type Look } from './chromium.ts';
import { buildFor, freePort, hashCheaply, startCompanion, until } from './companion.ts';
import { PASSPHRASE, type Phone, phone } from './phone.ts';

let build: string;
let app: Awaited<ReturnType<typeof buildApp>>;
let origin: string;
const store = openSqlite(':memory:');
/** Paths that the companion was asked for, in that order. */
const asked: string[] = [];
/** What is asked for by a path with `part` in it comes only once that promise is kept. */
let held: { part: string; until: Promise<void> } | undefined;
/** What is asked for by a path with this in it does not come. */
let lost: string | undefined;
/** What is asked for by a path with this in it comes, and fails. */
let faulty: string | undefined;

beforeAll(async () => {
  const port = await freePort();
  build = await buildFor(port);
  hashCheaply(build);
  origin = `http://localhost:${port}`;
  const settings = {
    hosts: [`localhost:${port}`],
    phoneOrigin: '',
    pageOrigins: [],
    extensionIds: [],
    trial: false,
    phonePage: join(build, 'phone'),
  };
  app = await buildApp(settings, newShared(store, new Pusher(newPushKeys(), { contact: 'https://scankey.example' })));
  app.addHook('onRequest', async ({ url }, reply) => {
    asked.push(url);
    if (lost && url.includes(lost)) return reply.code(503).send();
    if (faulty && url.includes(faulty))
      return reply.type('text/javascript').send("throw new Error('a fault of ours');");
    if (held && url.includes(held.part)) await held.until;
  });
  await app.listen({ host: '127.0.0.1', port });
  expect((app.server.address() as AddressInfo).port).toBe(port);
});
afterAll(async () => {
  await app.close();
  store.close();
  rmSync(build, { recursive: true, force: true });
});

beforeEach(() => {
  asked.length = 0;
  held = undefined;
  lost = undefined;
  faulty = undefined;
});

async function newPhone(look: Look = {}): Promise<Phone> {
  const one = await phone(look);
  onTestFinished(async () => {
    expect(one.violations).toEqual([]);
    await one.close();
  });
  return one;
}

/** Holds back what is asked for by a path with `part` in it. @returns lets it come */
function hold(part: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = { part, until: promise };
  onTestFinished(() => resolve());
  return resolve;
}

const languagesAsked = (): string[] =>
  [...new Set(asked.flatMap((path) => /\/language-(.+)-[\w-]{8}\.js$/.exec(path)?.[1] ?? []))].sort();
/** Everything of the build is kept on the phone. */
const isKept = (one: Phone): Promise<boolean> =>
  one.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated');

test('until its field is there the page has loaded 90 KB at most, and nothing that only an open vault needs', async () => {
  const one = await newPhone();
  await one.page.evaluateOnNewDocument(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('#passphrase')) return;
      seen.disconnect();
      const entries = performance.getEntriesByType('resource');
      Object.assign(window, { loaded: entries.map(({ name }) => new URL(name).pathname) });
    });
    seen.observe(document, { subtree: true, childList: true });
  });
  await one.page.goto(origin);
  const loaded = (await (
    await one.page.waitForFunction(() => (window as unknown as { loaded?: string[] }).loaded)
  ).jsonValue()) as string[];
  const files = ['/index.html', ...loaded.filter((path) => path.startsWith('/assets/'))];
  const bytes = files.map((path) => gzipSync(readFileSync(join(build, 'phone', path)), { level: 9 }).length);
  expect(bytes.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(90_000);
  for (const later of ['suite-', 'host-names-', 'workshop', 'strength-', 'kdbx-', 'import'])
    expect(
      files.filter((path) => path.startsWith(`/assets/${later}`)),
      later,
    ).toEqual([]);
  expect(files.length).toBeGreaterThan(4);
});

test('one language is loaded, the person’s, and another when it is chosen', async () => {
  const one = await newPhone({ lang: 'zh-TW' });
  const release = hold('/language-');
  await one.page.goto(origin, { waitUntil: 'domcontentloaded' });
  await until('the language is asked for', () => languagesAsked().length > 0);
  // While it comes, nothing is said in any other.
  expect((await one.text()).trim()).toBe('Scankey');
  release();
  await one.page.waitForSelector('#passphrase');
  expect(await one.page.evaluate(() => document.documentElement.lang)).toBe('zh-TW');
  expect(languagesAsked()).toEqual(['zh-TW']);
  await until('all is kept', () => isKept(one));
  asked.length = 0;
  await one.page.select('#language', 'ja');
  await one.sees('スマートフォンでログイン');
  await one.page.reload();
  await one.sees('スマートフォンでログイン');
  expect(await one.page.evaluate(() => document.documentElement.lang)).toBe('ja');
});

test.each([
  ['the page', '/assets/page-', 'ja', '再読み込み'],
  ['the language', '/assets/language-', 'zh-TW', '重新載入'],
  ['the page, for a language that was chosen here', '/assets/page-', 'en', 'Reload'],
])(
  'where %s cannot be loaded that is said, and a reload goes on with what was scanned',
  async (_what, part, chosen, reload) => {
    const one = await newPhone({ lang: chosen === 'en' ? 'zh-CN' : chosen });
    if (chosen === 'en')
      await one.page.evaluateOnNewDocument(() => {
        // Not in a page that has nothing to store in.
        if (location.protocol === 'http:') localStorage.setItem('language', 'en');
      });
    const [, sheet = ''] = (await sheetLink(origin, new Uint8Array(16).fill(7))).split('#');
    lost = part;
    await one.page.goto('about:blank');
    await one.page.goto(`${origin}/#${sheet}`);
    const button = `button::-p-text(${reload})`;
    await one.page.waitForSelector(button);
    expect(await one.page.evaluate(() => [document.documentElement.lang, document.activeElement?.tagName])).toEqual([
      chosen,
      'H1',
    ]);
    // R23: what was scanned lies nowhere meanwhile.
    const kept = await one.page.evaluate(() =>
      JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, history.state]),
    );
    expect(kept).not.toContain(sheet);
    // Pressed too early, it can be pressed again.
    await one.page.evaluate(() => Object.assign(window, { before: true }));
    await one.page.locator(button).click();
    await one.page.waitForFunction(() => !('before' in window));
    await one.page.waitForSelector(button);
    lost = undefined;
    await one.page.locator(button).click();
    // The sheet was read.
    await one.page.waitForSelector('form .notice.good');
    expect(await one.page.evaluate(() => location.href)).toBe(`${origin}/`);
  },
);

test('where the page itself fails, what failed is told to whoever looks for it', async () => {
  const one = await newPhone();
  const told: string[] = [];
  one.page.on('console', (message) => told.push(message.text()));
  faulty = '/assets/page-';
  await one.page.goto(origin);
  await one.sees('Reload');
  await until('it is told', () => told.some((text) => text.includes('a fault of ours')));
});

test('a language that cannot be loaded leaves the one that is spoken, and says so', async () => {
  const one = await newPhone({ lang: 'en' });
  lost = '/assets/language-ja';
  await one.visit(origin);
  await one.page.select('#language', 'ja');
  await one.sees('Can’t reach the Scankey server.');
  expect(
    await one.page.evaluate(() => [
      document.documentElement.lang,
      localStorage.getItem('language'),
      document.querySelector<HTMLSelectElement>('#language')?.value,
    ]),
  ).toEqual(['en', null, 'en']);
  await one.page.select('#language', 'zh-CN');
  await until('it is spoken', () => one.page.evaluate(() => document.documentElement.lang === 'zh-CN'));
  await one.page.reload();
  await one.page.waitForSelector('#passphrase');
  expect(await one.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
});

test('the head of the page is there before any script of it has come, and stays where it is', async () => {
  const one = await newPhone();
  await one.page.setRequestInterception(true);
  const waiting: HTTPRequest[] = [];
  let through = false;
  one.page.on('request', (request) => {
    if (!through && /\/assets\/.*\.js$/.test(request.url())) waiting.push(request);
    else void request.continue();
  });
  const there = one.page.goto(origin);
  const place = () =>
    one.page.evaluate(() => {
      const { x, y, width, height } = document.querySelector('header.brand')?.getBoundingClientRect() ?? {};
      return [x, y, width, height];
    });
  await one.page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  await until('its script is asked for', () => waiting.length > 0);
  const before = await place();
  expect(before).not.toContain(undefined);
  through = true;
  for (const request of waiting) void request.continue();
  await there;
  await one.page.waitForSelector('#passphrase');
  expect(await place()).toEqual(before);
  expect(await one.page.$$('header.brand')).toHaveLength(1);
});

test('what the page has loaded is kept for later without being loaded again, but for the page itself', async () => {
  const one = await newPhone();
  await one.visit(origin);
  await until('all is kept', () => isKept(one));
  const before = asked.slice(0, asked.indexOf('/sw.js'));
  const again = asked.slice(before.length);
  const loaded = before.filter((path) => path.startsWith('/assets/'));
  expect(loaded.some((path) => path.includes('host-names-'))).toBe(true);
  expect(again.filter((path) => loaded.includes(path))).toEqual([]);
  expect(again).toContain('/');
  // And it is all there is to load.
  const kept = await one.page.evaluate(async () => {
    const [name = ''] = await caches.keys();
    return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toEqual(expect.arrayContaining([...loaded, '/']));
  // A phone that is new here has moved 600 KB at most by now, as the companion sends them.
  const moved = new Set([...asked.filter((path) => path.startsWith('/assets/')), '/index.html', '/sw.js', ...kept]);
  moved.delete('/');
  const bytes = [...moved].map((path) => {
    const file = join(build, 'phone', path);
    return existsSync(`${file}.br`) ? statSync(`${file}.br`).size : gzipSync(readFileSync(file), { level: 9 }).length;
  });
  expect(bytes.length).toBeGreaterThan(30);
  expect(bytes.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(600_000);
});

test('nothing is kept for later while a computer waits for its sign-in', async () => {
  const port = await freePort();
  const own = await buildFor(port);
  hashCheaply(own);
  const [companion, sites, desktop] = await Promise.all([startCompanion(port), startSites(), chromium(own)]);
  onTestFinished(async () => {
    await desktop.close();
    await companion.remove();
    sites.close();
    rmSync(own, { recursive: true, force: true });
  });
  const one = await newPhone();
  const popup = await desktop.openPopup(await desktop.newPage(`${sites.origin}/plain`));
  await one.visit(await popup.link());
  const begun = () => one.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  await one.type('passphrase', PASSPHRASE);
  await one.type('repeat', PASSPHRASE);
  expect(await begun()).toBe(0);
  await one.page.locator('button[type=submit]').click();
  await one.page.waitForSelector('.pass');
  expect(await begun()).toBe(0);
  expect(one.requests.filter((url) => url.endsWith('/sw.js'))).toEqual([]);
  await one.press('Deny');
  await until('all is kept', () => isKept(one));
});

test('a passphrase is judged while it is typed, and a weak one refused', async () => {
  const one = await newPhone();
  await one.visit(origin);
  expect(asked.filter((path) => path.includes('strength-'))).toEqual([]);
  await one.type('passphrase', 'password1234');
  await one.type('repeat', 'password1234');
  await one.page.waitForSelector('.strength.weak');
  await one.page.locator('button[type=submit]').click();
  await one.sees('would be guessed quickly');
  // Whoever comes back to the field hears what is wrong with it.
  const described = () =>
    one.page.$eval('#passphrase', (field) => [
      field.getAttribute('aria-invalid'),
      document.getElementById(field.getAttribute('aria-describedby') ?? '')?.innerText,
    ]);
  expect(await described()).toEqual(['true', expect.stringContaining('would be guessed quickly')]);
  await one.firstRun();
  await one.sees('No accounts yet');
  expect(await one.text()).not.toContain('would be guessed quickly');
});

test('what a worker does is told to be out of reach while that cannot be loaded, and done as soon as it can', async () => {
  const one = await newPhone();
  lost = '/assets/workshop.worker-';
  await one.visit(origin);
  await one.type('passphrase', PASSPHRASE);
  await one.type('repeat', PASSPHRASE);
  await one.page.locator('button[type=submit]').click();
  await one.sees('Can’t reach the Scankey server.');
  lost = undefined;
  await one.page.locator('button[type=submit]').click();
  await one.notNow();
  await one.sees('No accounts yet');
});

test('a vault is made though the judgement does not come, and a weak passphrase is told of when it does', async () => {
  const one = await newPhone();
  const release = hold('strength-');
  await one.visit(origin);
  await one.type('passphrase', 'password1234');
  await one.type('repeat', 'password1234');
  await one.page.locator('button[type=submit]').click();
  await one.notNow();
  await one.sees('No accounts yet');
  release();
  await one.press('would be guessed quickly');
  await one.type('before', 'password1234');
  await one.type('passphrase', PASSPHRASE);
  await one.type('repeat', PASSPHRASE);
  await one.page.waitForSelector('.strength.strong');
  await one.page.locator('button[type=submit]').click();
  await one.press('Accounts');
  await one.sees('No accounts yet');
  expect(await one.text()).not.toContain('would be guessed quickly');
});
