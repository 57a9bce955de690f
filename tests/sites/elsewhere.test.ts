// No password leaves for elsewhere: every trick in turn in one tab of each browser, with a listener at the other origin.
import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FillReport } from '../../src/extension/page-api.ts';
import { chromium, type Desktop } from '../e2e/chromium.ts';
import { buildFor, freePort, until } from '../e2e/companion.ts';
import { type Engine, engine } from '../e2e/engine.ts';
import { firefox } from '../e2e/firefox.ts';
import { AGREED, BEYOND, HONEST, TRICKS, type Trick } from './elsewhere.ts';
import { NAME, PASSWORD, type Sites, startSites } from './server.ts';

const ORDER = { username: NAME, password: PASSWORD };

/** Everything that stands in a field of a page and of its frames; shadow trees too. */
async function holds(page: Page): Promise<string> {
  const all = page.frames().map((frame) =>
    frame.evaluate(() => {
      const fields = (root: Document | ShadowRoot): string[] =>
        Array.from(root.querySelectorAll('*')).flatMap((one) => [
          ...(one instanceof HTMLInputElement ? [one.value] : []),
          ...(one.shadowRoot ? fields(one.shadowRoot) : []),
        ]);
      return fields(document).join('\n');
    }),
  );
  return (await Promise.allSettled(all)).map((one) => (one.status === 'fulfilled' ? one.value : '')).join('\n');
}

/** Whether a page names the wrong address from the start, and no script of its own has to be feared: nothing is even typed there. */
const isPlain = (name: string, { html, frame = '', told }: Trick): boolean =>
  told === 'origin-mismatch' && !/<script/.test(html + frame) && !/of-script/.test(name);

/** Notes in a page and its frames whatever is typed there. */
const noteTyping = (page: Page) =>
  Promise.all(
    page.frames().map((frame) =>
      frame.evaluate(() => {
        const own = window as { typed?: string };
        own.typed = '';
        addEventListener('input', ({ target }) => (own.typed += (target as HTMLInputElement).value), true);
      }),
    ),
  );
const typedIn = async (page: Page): Promise<string> => {
  const typed = page.frames().map((frame) => frame.evaluate(() => (window as { typed?: string }).typed));
  return (await Promise.all(typed)).join('');
};

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let sites: Sites;
  let away: Sites;
  let desktop: Desktop;
  let build: string;
  let at: Engine;
  let page: Page;
  beforeAll(async () => {
    away = await startSites();
    sites = await startSites(Number(new URL(away.origin).port));
    build = await buildFor(await freePort());
    desktop = make === 'firefox' ? await firefox(build) : await chromium(build);
    at = await engine(desktop, 'http://127.0.0.1/*');
  });
  afterAll(async () => {
    await desktop.close();
    for (const one of [sites, away]) one.close();
    rmSync(build, { recursive: true, force: true });
  });

  // Each page has a tab of its own: what one is still on its way to is nobody's any more. One that shows the browser's own error may
  // never say that it has closed.
  afterEach(() => Promise.race([page.close(), new Promise((resolve) => setTimeout(resolve, 5000))]));

  const open = async (path: string): Promise<void> => {
    page = await desktop.newPage(`${sites.origin}${path}`);
    await page.bringToFront();
    for (const one of [sites, away]) one.heard.length = 0;
  };
  /** What arrived where no password may: at another origin, or in an address. */
  const leaked = (): string[] => [
    ...away.heard.filter((one) => one.includes(PASSWORD) || one.includes(NAME)),
    ...sites.heard.filter((one) => {
      const [, address = '', body = ''] = one.split(' ');
      return address.includes(PASSWORD) || (body.includes(PASSWORD) && new URL(address).origin !== sites.origin);
    }),
  ];

  /** A page is filled, and whatever it tries has been tried. @param sendsTo the other origin that the phone was shown */
  async function tryOut(path: string, trick: Trick, sendsTo?: string): Promise<void> {
    await open(path);
    const name = path.split('/').at(-1) ?? '';
    if (isPlain(name, trick)) await noteTyping(page);
    const report = await at.fill(page, { ...ORDER, sendsTo });
    if (trick.press) await page.click(trick.press);
    const tried = () => (window as { tried?: boolean }).tried ?? !/^\/(trick|beyond)\//.test(location.pathname);
    if (trick.late) await page.waitForFunction(tried).catch(() => {});
    // Whatever was sent has arrived once the page asks for nothing more. On a busy machine puppeteer may lose count of that.
    await page.waitForNetworkIdle({ idleTime: 120, timeout: 3_000 }).catch(() => {});
    expect(leaked()).toEqual([]);
    if (isPlain(name, trick)) expect(await typedIn(page)).toBe('');
    expect(await holds(page)).not.toContain(PASSWORD);
    const told: FillReport = { done: 'not-filled', code: trick.told };
    if (report && !trick.press && !trick.late) expect(report).toEqual(told);
  }

  test.each(Object.entries<Trick>(TRICKS))('nothing leaves for elsewhere by %s', (name, trick) =>
    tryOut(`/trick/${name}`, trick),
  );

  const sister = () => away.origin.replace('127.0.0.1', 'localhost');

  test.each(Object.entries<Trick>(BEYOND))(
    'where the phone was shown one other address, nothing leaves for elsewhere %s',
    (name, trick) => tryOut(`/beyond/${name}`, trick, sister()),
  );

  test.each(Object.entries(AGREED))(
    'what the phone was shown another address for is sent: %s',
    async (name, { home }) => {
      await open(`/agreed/${name}`);
      const { sendsTo } = await at.look(page);
      expect(sendsTo).toBe(sister());
      expect((await at.fill(page, { ...ORDER, sendsTo })) ?? { done: 'filled' }).toMatchObject({ done: 'filled' });
      const [there, elsewhere] = home ? [sites, away] : [away, sites];
      const sent = await until(`what ${name} sends`, () => there.heard.find((one) => one.startsWith('POST ')));
      expect(sent).toMatch(home ? `POST ${sites.origin}/` : `POST ${sister()}/`);
      for (const value of [NAME, PASSWORD]) expect(sent).toContain(value);
      expect(elsewhere.heard.filter((one) => one.includes(PASSWORD))).toEqual([]);
    },
  );

  test.each(Object.keys(AGREED).filter((name) => !AGREED[name]?.home))(
    'what the phone was shown no other address for is not sent: %s',
    async (name) => {
      await tryOut(`/agreed/${name}`, { ...AGREED[name], told: 'origin-mismatch' } as Trick);
    },
  );

  const honest = Object.keys(HONEST).filter((name) => (HONEST[name]?.only ?? make) === make);
  test.each(honest)('what is honest is sent: %s', async (name) => {
    await open(`/honest/${name}`);
    expect((await at.fill(page, ORDER)) ?? { done: 'filled' }).toMatchObject({ done: 'filled' });
    const sent = await until(`what ${name} sends`, () => sites.heard.find((one) => one.startsWith('POST ')));
    expect(sent).toMatch(`/session?by=${name}`);
    for (const value of [NAME, PASSWORD]) expect(sent).toContain(value);
    // What a page that watches has seen of us.
    if (name === 'watched-by-its-page') expect(sent).toMatch(/[?& ]seen=$/);
    expect(away.heard.filter((one) => one.includes(PASSWORD))).toEqual([]);
  });
});
