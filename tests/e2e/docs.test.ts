// The documentation as people read it: built, served by a companion, in a browser that holds it to the companion's policy.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { companion } from '../companion/party.ts';
import { AxePuppeteer } from './axe.ts';
import { CHROMIUM_ARGS } from './chromium.ts';
import { ROOT, until } from './companion.ts';

const dist = mkdtempSync(join(tmpdir(), 'scankey-docs-'));
const site = join(dist, 'docs');
let own: Awaited<ReturnType<typeof companion>>;
let browser: Browser;
let page: Page;
/** What the browser refused to do, or said was wrong. */
const complaints: string[] = [];

beforeAll(async () => {
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  execFileSync(join(ROOT, 'node_modules/.bin/vitepress'), ['build', 'docs', '--outDir', site], {
    cwd: ROOT,
    env,
    stdio: 'pipe',
  });
  cpSync(join(ROOT, 'src/ui/icons'), join(dist, 'phone/icons'), { recursive: true });
  writeFileSync(join(dist, 'phone/index.html'), '<!doctype html>');
  own = await companion({ phonePage: join(dist, 'phone') });
  browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGS });
  page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  page.on('console', (said) => {
    if (['error', 'warn'].includes(said.type())) complaints.push(`${page.url()}: ${said.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${String(error)}`));
});
beforeEach(() => {
  complaints.length = 0;
});
afterAll(async () => {
  await browser?.close();
  await own?.close();
  rmSync(dist, { recursive: true, force: true });
});

const visit = (path: string) => page.goto(`${own.page}/docs/${path}`, { waitUntil: 'networkidle0' });

test('each link of the built pages leads to a page, a picture or a heading that is there', () => {
  const ids = new Map<string, Set<string>>();
  const pages = globSync('**/*.html', { cwd: site }).filter((name) => name !== '404.html');
  const read = (name: string) => readFileSync(join(site, name), 'utf8');
  for (const name of pages)
    ids.set(name, new Set([...read(name).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '')));
  const wrong = pages.flatMap((name) => {
    const links = [...read(name).matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, link]) => link ?? '');
    return links
      .map((link) => new URL(link, `https://docs.test/docs/${name}`))
      .filter(({ host, pathname }) => host === 'docs.test' && pathname.startsWith('/docs/'))
      .filter(({ pathname, hash }) => {
        const path = `${pathname.slice('/docs/'.length)}${pathname.endsWith('/') ? 'index.html' : ''}`;
        const isThere = existsSync(join(site, path));
        const anchor = decodeURIComponent(hash.slice(1));
        return !isThere || (anchor !== '' && !ids.get(path)?.has(anchor));
      })
      .map(({ pathname, hash }) => `${name}: ${pathname}${hash}`);
  });
  expect(pages.length).toBeGreaterThan(15);
  expect(wrong).toEqual([]);
});

test('each kind of page obeys the companion’s policy, and axe finds nothing, in light and dark', async () => {
  const axe = new AxePuppeteer(join(ROOT, 'out/screens/docs'));
  for (const dark of [false, true]) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
    for (const path of ['', 'sites.html', 'zh-CN/quick-start.html']) {
      await visit(path);
      expect(await page.$eval('html', ({ classList }) => classList.contains('dark'))).toBe(dark);
      await axe.check(page, `${path.replace(/\W+/g, '-') || 'home'}${dark ? '-dark' : ''}`);
    }
  }
  expect(complaints).toEqual([]);
});

test.each([
  ['', 'recovery sheet', 'Search', 'recovery'],
  // It stands on one page alone.
  ['zh-CN/', '自建安装包', '搜索', '自建安装包'],
])(
  'at /docs/%s “%s” is found, and a result leads to its page without another load',
  async (path, words, label, found) => {
    await page.setViewport({ width: 1280, height: 800 });
    await visit(path);
    await page.click(`button[aria-label="${label}"]`);
    await page.waitForSelector('#localsearch-input');
    // At once: what a half of it finds would be clicked on as well.
    await page.focus('#localsearch-input');
    await page.keyboard.sendCharacter(words);
    const result = await until('a result', async () => {
      const titles = await page.$$eval('.VPLocalSearchBox .result', (all) => all.map((one) => one.textContent ?? ''));
      return titles.length > 0 && page.$('.VPLocalSearchBox .result');
    });
    await page.evaluate(() => Object.assign(window, { loadedOnce: true }));
    await (result || undefined)?.click();
    await page.waitForFunction(() => !document.querySelector('.VPLocalSearchBox'));
    const leads = (word: string) => document.querySelector('.vp-doc')?.textContent?.includes(word);
    await page.waitForFunction(leads, {}, found);
    expect(await page.evaluate(() => 'loadedOnce' in window)).toBe(true);
    expect(page.url()).not.toMatch(/\/docs\/(zh-CN\/)?(index\.html)?([?#]|$)/);
    expect(complaints).toEqual([]);
  },
);
