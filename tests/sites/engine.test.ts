// The fill engine in real browsers, page by page: families that it must fill, pages that it must leave alone, pages that attack it.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../e2e/companion.ts';
import { CODES, FAMILIES, LEFT_ALONE } from './families.ts';
import { CLICKJACKED, FRAMED, HIDDEN, TAMPERED } from './hostile.ts';
import { KINDS } from './kinds.ts';
import { NOT_SENT, ON_SCREEN } from './on-screen.ts';
import { type Played, type Seats, seats } from './seats.ts';
import { NAME, PASSWORD } from './server.ts';

const OTP = '492039';
const ORDER = { username: NAME, password: PASSWORD, extra: 'Ward North' };

/** In Chromium windows of one browser: opening one there costs less. */
const SEATS = { chromium: { browsers: 1, pages: 5 }, firefox: { browsers: 3 } };

/** Everything that stands in a field of the page, in its frames and shadow trees, and what its scripts got hold of. */
async function holds(page: Page): Promise<string> {
  const all = await Promise.all(
    page.frames().map((frame) =>
      frame
        .evaluate(() => {
          const values: string[] = [];
          const walk = (root: Document | ShadowRoot) => {
            for (const one of Array.from(root.children)) visit(one);
          };
          const visit = (one: Element) => {
            if (one instanceof HTMLInputElement) values.push(one.value);
            if (one.shadowRoot) walk(one.shadowRoot);
            for (const child of Array.from(one.children)) visit(child);
          };
          walk(document);
          return values.join('\n') + String((window as { stolen?: string[] }).stolen ?? '');
        })
        .catch(() => ''),
    ),
  );
  return all.join('\n');
}
const leaks = async ({ page, sites, elsewhere }: Played) =>
  `${await holds(page)}${[...sites.posted, ...elsewhere.posted].join(' ')}${page.url()}`;

const arrived = ({ sites }: Played, what: string) => until(what, () => sites.posted[0]);

interface Listed {
  name: string;
  path: string;
  html: string;
}
const under = (collection: string, pages: Record<string, string>): Listed[] =>
  Object.entries(pages).map(([name, html]) => ({ name, path: `${collection}/${name}`, html }));

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let all: Seats;
  beforeAll(async () => {
    all = await seats(make, SEATS[make]);
  });
  afterAll(() => all.close());
  const on: Seats['on'] = (...given) => all.on(...given);

  /** Several pages at once, but for those that go by the focus, which one window of Chromium alone has. */
  const inTurns = <T extends Listed>(all: T[]) => {
    const isAlone = ({ html }: T) => make === 'chromium' && html.includes('focus');
    const named = (some: T[]) => some.map((one) => [one.name, one] as const);
    return [
      { test: test.concurrent, pages: named(all.filter((one) => !isAlone(one))) },
      { test, pages: named(all.filter(isAlone)) },
    ];
  };

  // Words are the same in every browser.
  const families = Object.entries({ ...FAMILIES, ...ON_SCREEN })
    .map(([name, family]) => ({ name, path: `family/${name}`, ...family }))
    .filter(({ name }) => make === 'chromium' || !name.startsWith('language-'));
  for (const { test, pages } of inTurns(families))
    test.each(pages)('fills %s', (_name, one) =>
      on(one.path, async (played) => {
        const { name, more = {}, fails } = one;
        const { at, page, sites } = played;
        const report = await at.fill(page, { ...ORDER, otp: name.startsWith('code') ? OTP : '' });
        if (fails) {
          expect(report).toEqual({ done: 'not-filled', code: fails });
          expect(await leaks(played)).not.toContain(PASSWORD.slice(0, 5));
          return;
        }
        expect(report ?? { done: 'filled' }).toMatchObject({ done: 'filled' });
        const posted = await arrived(played, `what ${name} posts`);
        expect(posted.get('user')).toBe(NAME);
        expect(posted.get('password')).toBe(PASSWORD);
        for (const [field, value] of Object.entries(more)) expect(posted.get(field) ?? '').toBe(value);
        expect([...posted.values()].filter((value) => value === PASSWORD || value === NAME)).toHaveLength(2);
        expect(sites.posted).toHaveLength(1);
      }),
    );

  for (const { test, pages } of inTurns(under('not-sent', NOT_SENT)))
    test.each(pages)('fills, and does not press, %s', (_name, one) =>
      on(one.path, async ({ at, page }) => {
        expect(await at.fill(page, ORDER)).toEqual({ done: 'entered', step: 'sign-in' });
        expect(await holds(page)).toContain(PASSWORD);
        expect(await page.evaluate(() => (window as unknown as { pressed: number }).pressed)).toBe(0);
      }),
    );

  for (const { test, pages } of inTurns(under('code', CODES)))
    test.each(pages)('gives the code to %s', (_name, one) =>
      on(one.path, async (played) => {
        const { name } = one;
        const { at, page, sites } = played;
        expect((await at.look(page)).step).toBe('code');
        await at.fill(page, { otp: OTP });
        expect((await arrived(played, `what ${name} posts`)).get('otp')).toBe(OTP);
        expect(sites.posted).toHaveLength(1);
      }),
    );

  for (const { test, pages } of inTurns(under('left-alone', LEFT_ALONE)))
    test.each(pages)('leaves %s alone', (_name, one) =>
      on(one.path, async (played) => {
        const { name } = one;
        const { at, page } = played;
        const look = await at.look(page);
        expect(look.step).toBe('');
        if (name === 'code-by-message') expect(look.sentCode).toBe(true);
        expect(await at.fill(page, { ...ORDER, otp: OTP })).toEqual({ done: 'not-filled', code: 'no-form' });
        const held = await leaks(played);
        for (const secret of [NAME, PASSWORD, OTP]) expect(held).not.toContain(secret);
      }),
    );

  const kinds = Object.entries(KINDS)
    .map(([name, html], number) => ({ name, path: `kind/${number}`, html }))
    .filter(({ name }) => make === 'chromium' || /masked|helper|boxes|forms?\b/.test(name));
  for (const { test, pages } of inTurns(kinds))
    test.each(pages)('puts what belongs there, and presses no more, on %s', (_name, one) =>
      on(one.path, async ({ at, page }) => {
        const { name } = one;
        // A fill would wait for a form.
        if (name.startsWith('left')) return expect((await at.look(page)).step).toBe('');
        await page.evaluate(() => {
          const pressed: string[] = [];
          Object.assign(window, { pressed });
          for (const type of ['click', 'submit'])
            addEventListener(
              type,
              (event) => {
                event.preventDefault();
                const wanted = (event.target as Element).closest<HTMLElement>('[data-want]');
                pressed.push(wanted?.dataset.want ?? `${type} of something else`);
              },
              true,
            );
        });
        expect(await at.fill(page, { ...ORDER, otp: OTP })).toMatchObject({
          done: expect.stringMatching(/filled|entered/),
        });
        const { held, wanted, pressed } = await page.evaluate(
          (given) => {
            const digits = document.querySelectorAll('[data-want=code]').length > 1;
            const fields = Array.from(document.querySelectorAll('input')).filter(({ type }) => type !== 'submit');
            const code = Array.from(given.code);
            const want = ({ dataset: { want = '' }, defaultValue }: HTMLInputElement) =>
              want === 'code' && digits ? code.shift() : want ? given[want as keyof typeof given] : defaultValue;
            return {
              held: fields.map(({ value }) => value),
              wanted: {
                values: fields.map(want),
                press: document.querySelector('[data-want=press]') ? ['press'] : [],
              },
              pressed: (window as unknown as { pressed: string[] }).pressed,
            };
          },
          { name: NAME, password: PASSWORD, code: OTP },
        );
        expect({ values: held, press: pressed }).toEqual(wanted);
      }),
    );

  const hostile = [...under('hidden', HIDDEN), ...under('clickjacked', CLICKJACKED)].map((one) => ({
    ...one,
    name: one.path,
  }));
  for (const { test, pages } of inTurns(hostile))
    test.each(pages)('puts nothing into %s', (_name, one) =>
      on(one.path, async (played) => {
        const { name } = one;
        const { at, page, sites } = played;
        if (name.endsWith('-late')) await page.waitForSelector('[data-late]');
        const before = await page.evaluate(() => document.querySelectorAll('*').length);
        const report = await at.fill(page, ORDER);
        expect(report).toMatchObject({ done: 'not-filled', code: expect.stringMatching(/^(no-form|covered)$/) });
        expect(await leaks(played)).not.toContain(PASSWORD);
        expect(sites.posted).toHaveLength(0);
        // Nothing of ours is in the page: nothing to be clicked.
        const grown = name.includes('on-focus') ? 1 : 0;
        expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(before + grown);
      }),
    );

  for (const { test, pages } of inTurns(under('framed', FRAMED)))
    test.each(pages)('puts nothing into a frame that is %s', (_name, one) =>
      on(one.path, async (played) => {
        expect(await played.at.fill(played.page, ORDER)).toEqual({ done: 'not-filled', code: 'no-form' });
        expect(await leaks(played)).not.toContain(PASSWORD);
      }),
    );

  for (const { test, pages } of inTurns(under('tampered', TAMPERED)))
    test.each(pages)('is not misled by tampering with %s', (_name, one) =>
      on(one.path, async (played) => {
        const { name } = one;
        await played.at.fill(played.page, ORDER);
        const posted = await arrived(played, `what ${name} posts`);
        expect([posted.get('user'), posted.get('password')]).toEqual([NAME, PASSWORD]);
        expect(played.elsewhere.posted).toHaveLength(0);
      }),
    );

  test('an order for another document, another origin or a frame is refused', () =>
    on('family/plain', async (played) => {
      for (const wrong of [{ mark: 'another' }, { origin: played.elsewhere.origin }, { frame: true }])
        expect(await played.at.fill(played.page, { ...ORDER, ...wrong })).toEqual({
          done: 'not-filled',
          code: 'page-left',
        });
      expect(await leaks(played)).not.toContain(PASSWORD);
    }));

  test('what covers a field is not touched to find out that it does', () =>
    on('hidden/covered-by-a-veil', async ({ at, page }) => {
      const veil = () => page.$eval('div[style]', (one) => one.getAttribute('style'));
      await page.$eval('div[style]', (one) => one.setAttribute('style', `${one.getAttribute('style')} !important`));
      const given = await veil();
      await page.evaluate(() => {
        const touched: string[] = [];
        Object.assign(window, { touched });
        new MutationObserver((all) => touched.push(...all.map(({ attributeName }) => String(attributeName)))).observe(
          document,
          {
            subtree: true,
            attributes: true,
          },
        );
      });
      expect(await at.fill(page, ORDER)).toEqual({ done: 'not-filled', code: 'covered' });
      expect(await page.evaluate(() => (window as unknown as { touched: string[] }).touched)).toEqual([]);
      expect(await veil()).toBe(given);
    }));

  test('what a person types is looked at when it is sent, and at no other click', () =>
    on('family/plain', async ({ at, page }) => {
      await page.$eval('form', (form) => {
        form.insertAdjacentHTML(
          'beforebegin',
          '<h1 id="nothing">Hello</h1><div role="search"><input id="seek" type="search" name="q" placeholder="Search"><button type="button">Search</button></div><button id="other" type="button">Help</button>',
        );
        form.addEventListener('submit', (event) => event.preventDefault());
      });
      await at.watch(page);
      const press = async (selector: string) => {
        await page.click(selector);
        return at.watched(page);
      };
      expect(await press('#other')).toEqual({ looks: 0, told: [] });
      // What is typed where nobody signs in is looked at once.
      await page.type('#seek', 'lamps');
      const once = await press('#other');
      expect(once.looks).toBeGreaterThan(0);
      expect(await press('#other')).toEqual(once);
      await page.type('[name=user]', NAME);
      await page.type('[name=password]', PASSWORD);
      expect(await press('#nothing')).toEqual(once);
      expect(await press('[name=user]')).toEqual(once);
      const { looks, told } = await press('form button');
      expect(looks).toBeGreaterThan(once.looks);
      expect(told[0]).toMatchObject({ t: 'typed', saves: 'login', username: NAME, password: PASSWORD });
    }));

  test('what was kept from being sent says nothing of a login that a person types there afterwards', () =>
    on('family/plain', async ({ at, page }) => {
      const away = (action: string) => page.$eval('form', (form, to) => form.setAttribute('action', to), action);
      await page.$eval('form', (form) => {
        form.addEventListener('click', () => form.setAttribute('action', 'http://localhost:1/'), { once: true });
        form.addEventListener('submit', (event) => event.preventDefault());
      });
      expect(await at.fill(page, ORDER)).toEqual({ done: 'not-filled', code: 'origin-mismatch' });
      expect((await at.look(page)).stopped).toBe('origin-mismatch');
      await away('/session');
      await at.watch(page);
      await page.type('[name=user]', NAME);
      await page.type('[name=password]', 'another');
      await page.click('form button');
      expect((await at.watched(page)).told[0]).toMatchObject({ username: NAME, password: 'another' });
      expect((await at.look(page)).stopped).toBe('');
    }));

  test('a look leaves nothing that the page could notice', () =>
    on('family/plain', async ({ at, page }) => {
      await page.evaluate(() => {
        const seen: string[] = [];
        Object.assign(window, { seen });
        for (const name of ['focus', 'input', 'change', 'keydown', 'click', 'scroll', 'select', 'blur'])
          addEventListener(name, () => seen.push(name), true);
        new MutationObserver(() => seen.push('mutation')).observe(document, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
      });
      expect((await at.look(page)).step).toBe('sign-in');
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
      expect(await holds(page)).not.toContain(NAME);
    }));
});
