// The screens of a team's sign-in, in both schemes and languages, looked at by axe; their pictures lie in out/screens/team.
import { join } from 'node:path';
import type { HTTPRequest, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AxePuppeteer } from './axe.ts';
import { chromium, type Desktop } from './chromium.ts';
import { ROOT } from './companion.ts';
import { inApp } from './in-app.ts';
import { type Phone, phone } from './phone.ts';
import { startTeam, type Team } from './team.ts';
import { linkIn } from './team-stories.ts';

const axe = new AxePuppeteer(join(ROOT, 'out/screens/team'));

describe.each([
  { name: 'light, English', look: {}, width: 1200 },
  { name: 'dark, Chinese, narrow', look: { dark: true, lang: 'zh-CN' }, width: 320 },
])('the screens of a team, $name', ({ name, look, width }) => {
  let t: Team;
  let desktop: Desktop;
  let person: Phone;
  let page: Page;
  const short = name.split(',')[0];
  beforeAll(async () => {
    t = await startTeam({ people: 'admitted' });
    [desktop, person] = await Promise.all([chromium(t.build, look), phone({ ...look, width: 320 })]);
    await person.visit(t.companion.origin);
    await person.firstRun();
    page = await desktop.newPage('about:blank');
    if (look.dark) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.setViewport({ width, height: 900 });
  });
  afterAll(async () => {
    await Promise.allSettled([desktop?.close(), person?.close()]);
    await t?.close();
    expect(person.violations).toEqual([]);
  });

  test('the sign-in page, the phone that is asked, and a person whom nobody has admitted', async () => {
    await page.goto(t.wiki.origin);
    const code = await page.locator('.code').waitHandle();
    await axe.check(page, `${short}-sign-in`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    person.show((await code?.screenshot()) ?? new Uint8Array());
    await person.scan();
    await person.page.waitForSelector('.pass');
    await person.page.waitForSelector('.actions button.primary:not(:disabled)');
    await axe.check(person.page, `${short}-phone`);
    await person.approve();
    await page.waitForSelector('[role=alert] .notice');
    await axe.check(page, `${short}-unknown`);
    const text = await page.evaluate(() => document.body.innerText);
    expect(text).toMatch(/[A-Z2-7]{4}-[A-Z2-7]{4}/);
    await person.page.waitForSelector('[data-outcome=identity-unknown]');
    await axe.check(person.page, `${short}-phone-unknown`);
  });

  test('a language that cannot be loaded is told of, and a reload goes on with the sign-in', async () => {
    const lost = (request: HTTPRequest) =>
      void (/\/sign-in-page\/(sign-in|errors)\d*\.js$/.test(request.url()) ? request.abort() : request.continue());
    await page.setRequestInterception(true);
    page.on('request', lost);
    await page.goto(t.wiki.origin);
    await page.waitForSelector('main > h1 ~ button.primary');
    await axe.check(page, `${short}-not-loaded`);
    page.off('request', lost);
    await page.setRequestInterception(false);
    await page.locator('main > h1 ~ button.primary').click();
    await page.waitForSelector('.code');
  });

  test('WeChat’s own code, and a decline at a provider', async () => {
    await page.goto(t.wiki.origin);
    await page.locator('.others button').click();
    await page.waitForFunction(() => !document.querySelector('.others') && document.querySelector('.code'));
    await axe.check(page, `${short}-wechat-code`);
    await t.dingtalk.mood({ deny: true });
    await page.goto(t.wiki.origin);
    await page.locator('a[href$=dingtalk]').click();
    await page.locator('form button').click();
    await page.locator('[role=alert] .notice').waitHandle();
    await axe.check(page, `${short}-declined`);
    await t.dingtalk.mood({ deny: false });
  });

  test('inside WeChat, and the issuer’s own pages', async () => {
    await page.goto(t.wiki.origin);
    const inside = await inApp(person, 'wechat', t.wechat);
    if (look.dark) await inside.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await inside.goto(await linkIn(page));
    await inside.locator('section button.primary').click();
    await inside.locator('.pass').waitHandle();
    await inside.waitForSelector('.actions button.primary:not(:disabled)');
    await axe.check(inside, `${short}-in-app`);
    await inside.close();
    for (const [path, called] of [
      ['/device', 'device'],
      ['/oidc/auth?client_id=nobody', 'error'],
      ['/sign-in/gone', 'gone'],
    ] as const) {
      await page.goto(t.companion.origin + path);
      await page.waitForSelector('main h1');
      await axe.check(page, `${short}-${called}`);
    }
  });
});
