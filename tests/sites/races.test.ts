// The page moves on between the look and the fill (R13, D3): whatever comes afterwards gets nothing.
import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FillOrder } from '../../src/extension/page-api.ts';
import { chromium, type Desktop } from '../e2e/chromium.ts';
import { buildFor, freePort } from '../e2e/companion.ts';
import { firefox } from '../e2e/firefox.ts';
import { NAME, PASSWORD, type Sites, startSites } from './server.ts';

/** What moves the page on, called in the page itself; each ends with another document in the tab. */
const MOVES: Record<string, string> = {
  'another page': `location.href = '/race/other'`,
  'a reload': `location.reload()`,
  'another origin': `location.href = 'http://localhost:ELSEWHERE/race/other'`,
  'a page written over it': `document.open(); document.write('<form method="post" action="http://localhost:ELSEWHERE/session"><input name="user"><input name="password" type="password"><button>Sign in</button></form>'); document.close()`,
  'a form of its own': `const f = document.createElement('form'); f.action = '/race/other'; document.body.append(f); f.submit()`,
  'a redirect': `location.replace('/away')`,
  'the page before': `history.back()`,
  'a frame in its place': `document.body.innerHTML = '<iframe src="http://localhost:ELSEWHERE/race/other" style="width:900px;height:600px"></iframe>'`,
};
/** Those of them that put another document into the tab, which the browser may be asked for by the tab alone. */
const LEAVING = ['another page', 'a reload', 'another origin', 'a form of its own', 'a redirect', 'the page before'];
/** When, in ms after the fill was ordered; negative: before. */
const MOMENTS = [-200, -20, 0, 5, 30];

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let sites: Sites;
  let elsewhere: Sites;
  let desktop: Desktop;
  let build: string;
  let page: Page;
  beforeAll(async () => {
    elsewhere = await startSites();
    sites = await startSites(Number(new URL(elsewhere.origin).port));
    build = await buildFor(await freePort());
    desktop = make === 'firefox' ? await firefox(build) : await chromium(build);
    await desktop.allow('http://127.0.0.1/*', 'http://localhost/*');
  });
  afterAll(async () => {
    await desktop.close();
    for (const one of [sites, elsewhere]) one.close();
    rmSync(build, { recursive: true, force: true });
  });
  afterEach(() => page.close());

  test.each(Object.keys(MOVES))('%s gets nothing, at five moments', async (name) => {
    for (const moment of MOMENTS) {
      for (const one of [sites, elsewhere]) one.posted.length = 0;
      page = await desktop.newPage(`${sites.origin}/race/before`);
      await page.goto(`${sites.origin}/race/first`);
      const move = (MOVES[name] ?? '').replaceAll('ELSEWHERE', new URL(elsewhere.origin).port);
      await desktop.inExtension(
        async (url, script, at, given) => {
          const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
          const tabId = tab?.id ?? 0;
          const target = { tabId };
          await chrome.scripting.executeScript({ target, files: ['/content.js'] });
          const [looked] = await chrome.scripting.executeScript({ target, func: () => globalThis.scankey?.look() });
          const documentIds = looked?.documentId ? [looked.documentId] : undefined;
          const first = documentIds ? { tabId, documentIds } : target;
          const [mark, origin] = [looked?.result?.mark ?? '', looked?.result?.origin ?? ''];
          const full: FillOrder = { extra: '', otp: '', frame: false, mark, origin, ...given };
          const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
          const fill = () =>
            chrome.scripting
              .executeScript({
                target: first,
                func: (one: FillOrder) => globalThis.scankey?.fill(one),
                args: [full],
              })
              .catch(() => undefined);
          // A document that was frozen for "back" never answers.
          const bounded = (work: Promise<unknown>) => Promise.race([work, pause(1000)]);
          const go = () =>
            chrome.scripting
              .executeScript({
                target: first,
                world: 'MAIN',
                func: (code: string) => {
                  const element = document.createElement('script');
                  element.textContent = code;
                  document.documentElement.append(element);
                },
                args: [script],
              })
              .catch(() => undefined);
          if (at < 0) {
            await bounded(go());
            await pause(-at);
            await bounded(fill());
          } else {
            const filled = fill();
            await pause(at);
            await bounded(go());
            await bounded(filled);
          }
          return '';
        },
        page.url(),
        move,
        moment,
        { username: NAME, password: PASSWORD },
      );
      // Whatever was sent has arrived once the page asks for nothing more.
      await page.waitForNetworkIdle({ idleTime: 250, timeout: 3_000 }).catch(() => {});
      // The first document may still have been filled and sent; no other one may hold or send anything.
      const sent = [...sites.posted, ...elsewhere.posted].filter((one) => one.has('other'));
      expect(sent.map(String).join(), `at ${moment} ms`).not.toContain('Blue');
      expect(elsewhere.posted).toHaveLength(0);
      // A page that reloads as the answer to its form comes in reloads that: the browser itself sends the form again.
      expect(sites.posted.length).toBeLessThanOrEqual(name === 'a reload' ? 2 : 1);
      for (const frame of page.frames()) {
        const held = await frame
          .evaluate(() =>
            location.pathname === '/race/first' && !document.querySelector('[action*=localhost]')
              ? ''
              : [...document.querySelectorAll('input')].map((input) => input.value).join(),
          )
          .catch(() => '');
        expect(held, `at ${moment} ms`).not.toContain(PASSWORD);
      }
      if (moment !== MOMENTS.at(-1)) await page.close();
    }
  });

  /** Looks at the first page, runs `script` in it, and hands an order for it to whatever the tab shows then, as far as it is known by its mark. */
  const orderAfter = (script: string, wrong: Partial<FillOrder> = {}) =>
    desktop.inExtension(
      async (url, code, given) => {
        const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
        const target = { tabId: tab?.id ?? 0 };
        const look = async () => {
          await chrome.scripting.executeScript({ target, files: ['/content.js'] });
          const [looked] = await chrome.scripting.executeScript({ target, func: () => globalThis.scankey?.look() });
          return { mark: looked?.result?.mark ?? '', origin: looked?.result?.origin ?? '' };
        };
        const { mark } = await look();
        if (code) {
          const move = (text: string) => {
            const element = document.createElement('script');
            element.textContent = text;
            document.documentElement.append(element);
          };
          await chrome.scripting.executeScript({ target, world: 'MAIN', func: move, args: [code] }).catch(() => {});
          for (let isOther = false; !isOther; ) {
            const func = () => !globalThis.scankey && document.readyState === 'complete';
            const [there] = await chrome.scripting.executeScript({ target, func }).catch(() => []);
            isOther = there?.result ?? false;
          }
        }
        const { origin } = await look();
        const order: FillOrder = { extra: '', otp: '', frame: false, mark, origin, ...given };
        const func = (one: FillOrder) => globalThis.scankey?.fill(one);
        const [filled] = await chrome.scripting.executeScript({ target, func, args: [order] });
        return filled?.result;
      },
      page.url(),
      script,
      { username: NAME, password: PASSWORD, ...wrong },
    );
  const LEFT = { done: 'not-filled', code: 'page-left' };

  test.each(LEAVING)(
    'after %s, an order for the document before is for none that has been looked at since',
    async (name) => {
      page = await desktop.newPage(`${sites.origin}/race/before`);
      await page.goto(`${sites.origin}/race/first`);
      const move = (MOVES[name] ?? '').replaceAll('ELSEWHERE', new URL(elsewhere.origin).port);
      expect(await orderAfter(move)).toEqual(LEFT);
    },
  );

  test.each<[string, Partial<FillOrder>]>([
    ['another document', { mark: 'another' }],
    ['another origin', { origin: 'http://localhost' }],
    ['a frame', { frame: true }],
  ])('an order for %s is not for this page', async (_what, wrong) => {
    page = await desktop.newPage(`${sites.origin}/race/first`);
    expect(await orderAfter('', wrong)).toEqual(LEFT);
  });
});
