// No password leaves for elsewhere: every trick in a tab of its own, with a listener at the other origin.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FillReport } from '../../src/extension/page-api.ts';
import { until } from '../e2e/companion.ts';
import { AGREED, BEYOND, HONEST, TRICKS, type Trick } from './elsewhere.ts';
import { type Played, type Seats, seats } from './seats.ts';
import { NAME, PASSWORD } from './server.ts';

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

/** What arrived where no password may: at another origin, or in an address. */
const leaked = ({ sites, elsewhere }: Played): string[] => [
  ...elsewhere.heard.filter((one) => one.includes(PASSWORD) || one.includes(NAME)),
  ...sites.heard.filter((one) => {
    const [, address = '', body = ''] = one.split(' ');
    return address.includes(PASSWORD) || (body.includes(PASSWORD) && new URL(address).origin !== sites.origin);
  }),
];

const sister = ({ elsewhere }: Played) => elsewhere.origin.replace('127.0.0.1', 'localhost');

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let all: Seats;
  beforeAll(async () => {
    all = await seats(make, { browsers: 3, areFresh: true });
  });
  afterAll(() => all.close());

  const on: Seats['on'] = (path, play) =>
    all.on(path, (played) => {
      for (const one of [played.sites, played.elsewhere]) one.heard.length = 0;
      return play(played);
    });

  /** A page is filled, and whatever it tries has been tried. @param sendsTo the other origin that the phone was shown */
  const tryOut = (path: string, trick: Trick, sendsTo?: typeof sister): Promise<void> =>
    on(path, async (played) => {
      const { at, page } = played;
      const name = path.split('/').at(-1) ?? '';
      if (isPlain(name, trick)) await noteTyping(page);
      const report = await at.fill(page, { ...ORDER, sendsTo: sendsTo?.(played) });
      if (trick.press) await page.click(trick.press);
      const tried = () => (window as { tried?: boolean }).tried ?? !/^\/(trick|beyond)\//.test(location.pathname);
      if (trick.late) await page.waitForFunction(tried).catch(() => {});
      // Whatever was sent has arrived once the page asks for nothing more. On a busy machine puppeteer may lose count of that.
      await page.waitForNetworkIdle({ idleTime: 120, timeout: 3_000 }).catch(() => {});
      expect(leaked(played)).toEqual([]);
      if (isPlain(name, trick)) expect(await typedIn(page)).toBe('');
      expect(await holds(page)).not.toContain(PASSWORD);
      const told: FillReport = { done: 'not-filled', code: trick.told };
      if (report && !trick.press && !trick.late) expect(report).toEqual(told);
    });

  test.concurrent.each(Object.entries<Trick>(TRICKS))('nothing leaves for elsewhere by %s', (name, trick) =>
    tryOut(`trick/${name}`, trick),
  );

  test.concurrent.each(Object.entries<Trick>(BEYOND))(
    'where the phone was shown one other address, nothing leaves for elsewhere %s',
    (name, trick) => tryOut(`beyond/${name}`, trick, sister),
  );

  test.concurrent.each(Object.entries(AGREED))(
    'what the phone was shown another address for is sent: %s',
    (name, { home }) =>
      on(`agreed/${name}`, async (played) => {
        const { at, page, sites, elsewhere } = played;
        const { sendsTo } = await at.look(page);
        expect(sendsTo).toBe(sister(played));
        expect((await at.fill(page, { ...ORDER, sendsTo })) ?? { done: 'filled' }).toMatchObject({ done: 'filled' });
        const [there, notThere] = home ? [sites, elsewhere] : [elsewhere, sites];
        const sent = await until(`what ${name} sends`, () => there.heard.find((one) => one.startsWith('POST ')));
        expect(sent).toMatch(home ? `POST ${sites.origin}/` : `POST ${sister(played)}/`);
        for (const value of [NAME, PASSWORD]) expect(sent).toContain(value);
        expect(notThere.heard.filter((one) => one.includes(PASSWORD))).toEqual([]);
      }),
  );

  test.concurrent.each(Object.keys(AGREED).filter((name) => !AGREED[name]?.home))(
    'what the phone was shown no other address for is not sent: %s',
    async (name) => {
      await tryOut(`agreed/${name}`, { ...AGREED[name], told: 'origin-mismatch' } as Trick);
    },
  );

  const honest = Object.keys(HONEST).filter((name) => (HONEST[name]?.only ?? make) === make);
  test.concurrent.each(honest)('what is honest is sent: %s', (name) =>
    on(`honest/${name}`, async ({ at, page, sites, elsewhere }) => {
      expect((await at.fill(page, ORDER)) ?? { done: 'filled' }).toMatchObject({ done: 'filled' });
      const sent = await until(`what ${name} sends`, () => sites.heard.find((one) => one.startsWith('POST ')));
      expect(sent).toMatch(`/session?by=${name}`);
      for (const value of [NAME, PASSWORD]) expect(sent).toContain(value);
      // What a page that watches has seen of us.
      if (name === 'watched-by-its-page') expect(sent).toMatch(/[?& ]seen=$/);
      expect(elsewhere.heard.filter((one) => one.includes(PASSWORD))).toEqual([]);
    }),
  );
});
