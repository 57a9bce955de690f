// Whole sign-ins over several steps: pages one after the other, frames of other sites, the browser's own window.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../e2e/companion.ts';
import { follow } from '../e2e/shown.ts';
import { type World, world } from '../e2e/world.ts';
import { NAME, PASSWORD } from './server.ts';

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let w: World;
  let page: Page;
  beforeAll(async () => {
    w = await world(make);
  });
  afterAll(() => w.close());
  afterEach(() => w.tidy(page));
  async function begin(path: string) {
    const begun = await w.begin(path);
    page = begun.page;
    return begun;
  }
  /** The browser may hear how the site answered before the page has come. */
  const welcomes = () => page.waitForFunction(() => document.body?.innerText.includes('Welcome'));

  test('name, password and code on pages of their own', async () => {
    const begun = await begin('/steps/three');
    if (make === 'firefox') await w.says(begun.popup, 'asks in steps');
    await w.allow(begun.popup);
    await w.scan(begun.popup);
    const shown = await follow(w.phone.page);
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await shown('The one-time code was sent, too');
    await welcomes();
    expect(w.sites.posted).toHaveLength(3);
    expect(w.sites.posted.map((one) => [...one.keys()].join())).toEqual(['user', 'password', 'otp']);
  });

  test('name, password and code that slide in on one page', async () => {
    const begun = await w.begin('/steps/spa');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await welcomes();
    expect(w.sites.posted.map((one) => [one.get('user'), one.get('password')])).toEqual([[NAME, PASSWORD]]);
  });

  test('a code on the page after name and password', async () => {
    const { popup } = await begin('/steps/password-then-code');
    await w.allow(popup);
    await w.scan(popup);
    const shown = await follow(w.phone.page);
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await shown('The one-time code was sent, too');
    expect(w.sites.posted.map((one) => [...one.keys()].join())).toEqual(['user,password', 'otp']);
  });

  test('a code that is refused is not tried again', async () => {
    const begun = await begin('/steps/wrong-code');
    await w.allow(begun.popup);
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('refused');
    await w.phone.sees('That code is not right');
    expect(w.sites.posted).toHaveLength(2);
  });

  test.each(['code-by-message', 'riddle'])('%s is left to the person', async (name) => {
    const begun = await begin(`/steps/${name}`);
    await w.allow(begun.popup);
    await w.scan(begun.popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('more');
    await w.says(begun.popup, 'asks for something more');
    expect(w.sites.posted).toHaveLength(1);
  });

  test('a step that asks for a code alone gets the code alone', async () => {
    const begun = await w.begin('/code/one-box');
    page = begun.page;
    await w.scan(begun.popup);
    await w.phone.sees('one-time code only');
    await w.phone.approve();
    await w.outcome();
    const [given] = w.sites.posted;
    expect(given?.get('otp')).toMatch(/^\d{6}$/);
    expect(String(given)).not.toContain(PASSWORD);
  });

  test('a form in a frame of another site is filled once that site was named and allowed', async () => {
    await w.desktop.willAllow('http://localhost/*');
    const begun = await w.begin('/framed/another-origin');
    page = begun.page;
    await w.says(
      begun.popup,
      `The form is in a frame of ${new URL(w.elsewhere.origin).host.replace('127.0.0.1', 'localhost')}`,
    );
    await w.allow(begun.popup);
    await w.scan(begun.popup);
    await w.phone.sees('The form is part of another site');
    await w.phone.page.locator('button.fact').click();
    await w.phone.page.locator('summary').click();
    await w.phone.page.locator('details .account').click();
    await w.phone.page.locator('.check input').click();
    await w.phone.approve();
    await w.outcome();
    expect(w.elsewhere.posted.map((one) => one.get('password'))).toEqual([PASSWORD]);
    expect(w.sites.posted).toHaveLength(0);
  });

  test.each(['basic', 'digest'])('the browser’s own window (%s) is answered once it was allowed', async (scheme) => {
    await w.desktop.willAllow('http://127.0.0.1/*');
    page = await w.desktop.newPage('about:blank');
    // The window stands open; nobody answers it by hand.
    const { challenged } = w.sites;
    void page.goto(`${w.sites.origin}/${scheme}`).catch(() => {});
    await until('the site asks for a password', () => w.sites.challenged > challenged);
    // Firefox says nothing of the page behind it: there the window has to be closed first.
    await until('the window is closed', () => w.desktop.dismissWindow());
    await until('the page behind it', () => page.url().endsWith(scheme) || page.url().startsWith('chrome-error:'));
    const popup = await w.desktop.openPopup(page);
    await w.says(popup, 'Allow Scankey to answer it');
    await w.allow(popup);
    await w.scan(popup);
    await w.phone.sees('own window asks for name and password');
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await welcomes();
  });

  test.runIf(make === 'chromium')('a password that the browser’s own window refuses is not tried again', async () => {
    await w.desktop.willAllow('http://localhost/*');
    page = await w.desktop.newPage('about:blank');
    const { challenged } = w.sites;
    await page.goto(`${w.sites.origin.replace('127.0.0.1', 'localhost')}/basic`).catch(() => {});
    await until('the site asks for a password', () => w.sites.challenged > challenged);
    await until('the page behind it', () => page.url().endsWith('/basic') || page.url().startsWith('chrome-error:'));
    const popup = await w.desktop.openPopup(page);
    await w.says(popup, 'Allow Scankey to answer it');
    await w.allow(popup);
    await w.scan(popup);
    await w.phone.press('Add an account for this site');
    await w.phone.type('username', NAME);
    await w.phone.type('password', 'wrong');
    await w.phone.page.locator('button[type=submit]').click();
    await w.phone.approve();
    expect(await w.outcome()).toBe('refused');
    expect(w.sites.posted).toHaveLength(1);
  });
});
