// The fill engine in real browsers, page by page: families that it must fill, pages that it must leave alone, pages that attack it.
import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromium, type Desktop } from '../e2e/chromium.ts';
import { buildFor, freePort, until } from '../e2e/companion.ts';
import { type Engine, engine } from '../e2e/engine.ts';
import { firefox } from '../e2e/firefox.ts';
import { CODES, FAMILIES, LEFT_ALONE } from './families.ts';
import { CLICKJACKED, FRAMED, HIDDEN, TAMPERED } from './hostile.ts';
import { KINDS } from './kinds.ts';
import { NOT_SENT, ON_SCREEN } from './on-screen.ts';
import { NAME, PASSWORD, type Sites, startSites } from './server.ts';

const OTP = '492039';
const ORDER = { username: NAME, password: PASSWORD, extra: 'Ward North' };

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let sites: Sites;
  let elsewhere: Sites;
  let desktop: Desktop;
  let build: string;
  let at: Engine;
  let page: Page;
  beforeAll(async () => {
    elsewhere = await startSites();
    sites = await startSites(Number(new URL(elsewhere.origin).port));
    build = await buildFor(await freePort());
    desktop = make === 'firefox' ? await firefox(build) : await chromium(build);
    at = await engine(desktop, 'http://127.0.0.1/*');
  });
  afterAll(async () => {
    await desktop.close();
    for (const one of [sites, elsewhere]) one.close();
    rmSync(build, { recursive: true, force: true });
  });
  beforeEach(() => {
    for (const one of [sites, elsewhere]) one.posted.length = 0;
  });
  afterEach(() => page.close());

  const open = async (path: string) => {
    page = await desktop.newPage(`${sites.origin}${path}`);
    await page.bringToFront();
  };
  /** Everything that stands in a field of the page, in its frames and shadow trees, and what its scripts got hold of. */
  const holds = async (): Promise<string> => {
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
  };
  const arrived = (what: string) => until(what, () => sites.posted[0]);
  const leaks = async () => `${await holds()}${[...sites.posted, ...elsewhere.posted].join(' ')}${page.url()}`;

  // Words are the same in every browser.
  const families = Object.entries({ ...FAMILIES, ...ON_SCREEN }).filter(
    ([name]) => make === 'chromium' || !name.startsWith('language-'),
  );
  test.each(families)('fills %s', async (name, { more = {}, fails }) => {
    await open(`/family/${name}`);
    const report = await at.fill(page, { ...ORDER, otp: name.startsWith('code') ? OTP : '' });
    if (fails) {
      expect(report).toEqual({ done: 'not-filled', code: fails });
      expect(await leaks()).not.toContain(PASSWORD.slice(0, 5));
      return;
    }
    expect(report ?? { done: 'filled' }).toMatchObject({ done: 'filled' });
    const posted = await arrived(`what ${name} posts`);
    expect(posted.get('user')).toBe(NAME);
    expect(posted.get('password')).toBe(PASSWORD);
    for (const [field, value] of Object.entries(more)) expect(posted.get(field) ?? '').toBe(value);
    expect([...posted.values()].filter((value) => value === PASSWORD || value === NAME)).toHaveLength(2);
    expect(sites.posted).toHaveLength(1);
  });

  test.each(Object.keys(NOT_SENT))('fills, and does not press, %s', async (name) => {
    await open(`/not-sent/${name}`);
    expect(await at.fill(page, ORDER)).toEqual({ done: 'entered', step: 'sign-in' });
    expect(await holds()).toContain(PASSWORD);
    expect(await page.evaluate(() => (window as unknown as { pressed: number }).pressed)).toBe(0);
  });

  test.each(Object.keys(CODES))('gives the code to %s', async (name) => {
    await open(`/code/${name}`);
    expect((await at.look(page)).step).toBe('code');
    await at.fill(page, { otp: OTP });
    expect((await arrived(`what ${name} posts`)).get('otp')).toBe(OTP);
    expect(sites.posted).toHaveLength(1);
  });

  test.each(Object.keys(LEFT_ALONE))('leaves %s alone', async (name) => {
    await open(`/left-alone/${name}`);
    const look = await at.look(page);
    expect(look.step).toBe('');
    if (name === 'code-by-message') expect(look.sentCode).toBe(true);
    expect(await at.fill(page, { ...ORDER, otp: OTP })).toEqual({ done: 'not-filled', code: 'no-form' });
    const held = await leaks();
    for (const secret of [NAME, PASSWORD, OTP]) expect(held).not.toContain(secret);
  });

  const kinds = Object.keys(KINDS).flatMap((name, at) =>
    make === 'chromium' || /masked|helper|boxes|forms?\b/.test(name) ? [{ name, at }] : [],
  );
  test.each(kinds)('puts what belongs there, and presses no more, on $name', async ({ name, at: number }) => {
    await open(`/kind/${number}`);
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
          wanted: { values: fields.map(want), press: document.querySelector('[data-want=press]') ? ['press'] : [] },
          pressed: (window as unknown as { pressed: string[] }).pressed,
        };
      },
      { name: NAME, password: PASSWORD, code: OTP },
    );
    expect({ values: held, press: pressed }).toEqual(wanted);
  });

  test.each([
    ...Object.keys(HIDDEN).map((name) => `hidden/${name}`),
    ...Object.keys(CLICKJACKED).map((name) => `clickjacked/${name}`),
  ])('puts nothing into %s', async (name) => {
    await open(`/${name}`);
    if (name.endsWith('-late')) await page.waitForSelector('[data-late]');
    const before = await page.evaluate(() => document.querySelectorAll('*').length);
    const report = await at.fill(page, ORDER);
    expect(report).toMatchObject({ done: 'not-filled', code: expect.stringMatching(/^(no-form|covered)$/) });
    expect(await leaks()).not.toContain(PASSWORD);
    expect(sites.posted).toHaveLength(0);
    // Nothing of ours is in the page: nothing to be clicked.
    const grown = name.includes('on-focus') ? 1 : 0;
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(before + grown);
  });

  test.each(Object.keys(FRAMED))('puts nothing into a frame that is %s', async (name) => {
    await open(`/framed/${name}`);
    expect(await at.fill(page, ORDER)).toEqual({ done: 'not-filled', code: 'no-form' });
    expect(await leaks()).not.toContain(PASSWORD);
  });

  test.each(Object.keys(TAMPERED))('is not misled by tampering with %s', async (name) => {
    await open(`/tampered/${name}`);
    await at.fill(page, ORDER);
    const posted = await arrived(`what ${name} posts`);
    expect([posted.get('user'), posted.get('password')]).toEqual([NAME, PASSWORD]);
    expect(elsewhere.posted).toHaveLength(0);
  });

  test('an order for another document, another origin or a frame is refused', async () => {
    await open('/family/plain');
    for (const wrong of [{ mark: 'another' }, { origin: elsewhere.origin }, { frame: true }])
      expect(await at.fill(page, { ...ORDER, ...wrong })).toEqual({ done: 'not-filled', code: 'page-left' });
    expect(await leaks()).not.toContain(PASSWORD);
  });

  test('what covers a field is not touched to find out that it does', async () => {
    await open('/hidden/covered-by-a-veil');
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
  });

  test('what a person types is looked at when it is sent, and at no other click', async () => {
    await open('/family/plain');
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
  });

  test('what was kept from being sent says nothing of a login that a person types there afterwards', async () => {
    await open('/family/plain');
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
  });

  test('a look leaves nothing that the page could notice', async () => {
    await open('/family/plain');
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
    expect(await holds()).not.toContain(NAME);
  });
});
