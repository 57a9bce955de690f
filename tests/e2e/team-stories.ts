// What `npm run demo -- --story oidc|wechat|dingtalk` plays: a team's sites, signed in to by who one is. Each ends at Apache with
// Debian's mod_auth_openidc, of which nobody here wrote a line.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { type App, apache } from '../sites/apps.ts';
import type { Desktop, Look } from './chromium.ts';
import { PATIENCE, until } from './companion.ts';
import { type AppName, inApp } from './in-app.ts';
import { confirm, type Phone, phone } from './phone.ts';
import { startTeam, type Team } from './team.ts';

export interface TeamStage {
  team: Team;
  desktop: Desktop;
  person: Phone;
  site: Omit<App, 'username' | 'password'>;
  did(name: string): void;
  /** Keeps a picture of a page. */
  picture(name: string, page: Page): Promise<void>;
}
export type TeamStory = (stage: TeamStage) => Promise<void>;

/** Sets the stage, plays, and clears it. */
export async function onStage(
  make: (build: string, look: Look) => Promise<Desktop>,
  story: TeamStory,
  did: (name: string) => void,
  out: string | undefined,
): Promise<void> {
  const team = await startTeam();
  const site = await apache(team.companion.origin, team.monitor);
  const [desktop, person] = await Promise.all([make(team.build, {}), phone()]);
  try {
    await person.visit(team.companion.origin);
    await person.firstRun();
    did('a team: companion, providers, Apache with mod_auth_openidc; the phone has a vault');
    const picture = async (name: string, page: Page) => {
      if (out) writeFileSync(join(out, `${name}.png`), await page.screenshot());
    };
    await story({ team, desktop, person, site, did, picture });
    if (person.violations.length > 0)
      throw new Error(`the phone page broke its own policy: ${person.violations.join('; ')}`);
  } finally {
    await Promise.allSettled([desktop.close(), person.close()]);
    site.stop();
    await until('the site ends', () =>
      fetch(site.url, { redirect: 'manual' }).then(
        () => false,
        () => true,
      ),
    );
    await team.close();
  }
}

/** The page where one signs in has the site's name on it, too. */
const isAt = (page: Page, { url }: TeamStage['site']): boolean => new URL(page.url()).origin === new URL(url).origin;

/** The site in a tab of a browser that has never been here: it sends to the companion's sign-in page, which shows its code. */
export async function arrive({ desktop, site, person }: TeamStage): Promise<{ page: Page; code: ElementHandle }> {
  for (const page of await desktop.browser.pages()) if (page.url().startsWith(site.url)) await page.close();
  const page = await until('the site sends to the sign-in page', async () => {
    await desktop.forget();
    const opened = await desktop.newPage(site.url);
    if (!isAt(opened, site)) return opened;
    // A page that was closed a while ago may have left a cookie behind itself.
    await opened.close();
    return undefined;
  });
  const code = await page.waitForSelector('.code');
  if (!code) throw new Error('the sign-in page shows no code');
  person.show(await code.screenshot());
  return { page, code };
}

export const isIn = async ({ site }: TeamStage, page: Page): Promise<void> => {
  const signedIn = () => isAt(page, site) && site.isIn(page).catch(() => false);
  await until('the site, signed in', signedIn).catch(async (error: Error) => {
    const text = await page.evaluate(() => document.body.innerText).catch(() => '');
    throw new Error(`${error.message}; ${new URL(page.url()).pathname} says: ${text.slice(0, 300)}`);
  });
};

/** The link in a code, as any app's scanner would read it. A locator outlives the page's going on to another. */
export async function linkIn(page: Page, selector = '.code'): Promise<string> {
  const { textIn } = await import('../../src/phone/parts/decode.ts');
  const { PNG } = await import('pngjs');
  const code = await page.locator(selector).waitHandle();
  await until('a code that is drawn', () =>
    code?.evaluate((one) => !(one instanceof HTMLImageElement) || one.complete),
  );
  const { data, width, height } = PNG.sync.read(Buffer.from((await code?.screenshot()) ?? []));
  const link = textIn({ data: new Uint8ClampedArray(data), width, height });
  if (!link) throw new Error('the code cannot be read');
  return link;
}

/** Presses the button or link with these words. */
export const press = async (page: Page, words: string): Promise<void> => {
  await page.locator(`::-p-xpath(//*[self::button or self::a][contains(., "${words}")])`).click();
};

const asking = (page: Page) =>
  page
    .locator('.pass')
    .setTimeout(PATIENCE)
    .waitHandle()
    .catch(async (error: Error) => {
      throw new Error(`${error.message}; ${page.url()} says: ${await page.evaluate(() => document.body.innerText)}`);
    });

/** The approve screen inside an app. */
export async function confirmIn(page: Page): Promise<void> {
  await asking(page);
  await confirm(page);
  await page.waitForSelector('[data-outcome]', { timeout: PATIENCE });
}

const oidc: TeamStory = async (stage) => {
  const { person, did, picture, desktop, team } = stage;
  let { page } = await arrive(stage);
  await picture('1-sign-in-page', page);
  did('the site has sent the browser to the sign-in page, which shows a code');
  await person.scan();
  await person.page.waitForSelector('.pass');
  await picture('2-phone', person.page);
  await person.approve();
  did('phone: scanned, confirmed');
  await isIn(stage, page);
  await picture('3-signed-in', page);
  did('the site: signed in');
  await person.press('Done');

  // The popup's own code, once, so that the two may remember each other.
  ({ page } = await arrive(stage));
  let popup = await desktop.openPopup(page);
  await popup.link();
  person.show(await popup.picture());
  await person.scan();
  await person.approve();
  await isIn(stage, page);
  did('the extension’s code did the same');
  await person.page.locator('.remember button.primary').click();
  await until('the popup asks, too', async () => (await popup.text()).includes('offers to trust'));
  await popup.click('Trust');
  await person.sees('Trusted. Next time');
  await person.press('Done');
  await popup.close();
  did('both: remembered');

  ({ page } = await arrive(stage));
  popup = await desktop.openPopup(page);
  await person.page.waitForSelector('.pass');
  await picture('4-one-click', person.page);
  did('computer: one click; the phone asks');
  await person.approve();
  await isIn(stage, page);
  await popup.close();
  did('the site: signed in by one click');
  await person.press('Done');

  await deviceFlow(team, page, person);
  did('a terminal: signed in by the code that it showed');
};

/** A terminal, by RFC 8628: the phone is asked though the browser has just signed in. */
async function deviceFlow(team: Team, page: Page, person: Phone): Promise<void> {
  const client = await import('openid-client');
  const options = { execute: [client.allowInsecureRequests] };
  const configuration = await client.discovery(
    new URL(team.companion.origin),
    'terminal',
    undefined,
    client.None(),
    options,
  );
  const begun = await client.initiateDeviceAuthorization(configuration, { scope: 'openid profile' });
  const polled = client.pollDeviceAuthorizationGrant(configuration, begun, undefined, {
    signal: AbortSignal.timeout(PATIENCE),
  });
  await page.goto(begun.verification_uri);
  await page.waitForSelector('input[name=user_code]');
  await page.type('input[name=user_code]', begun.user_code);
  await press(page, 'Continue');
  await page.waitForFunction((code) => document.body?.innerText.includes(code), {}, begun.user_code);
  await press(page, 'It is');
  const code = await page.locator('.code').waitHandle();
  person.show((await code?.screenshot()) ?? new Uint8Array());
  await person.scan();
  await person.approve();
  const got = await polled;
  if (!got.access_token) throw new Error('the terminal has no token');
}

/** Both ways of an app: its own page's code, and ours opened inside it. */
const byApp =
  (app: AppName & ('wechat' | 'dingtalk'), button: string): TeamStory =>
  async (stage) => {
    const { team, person, did, picture } = stage;
    const fake = team[app];
    let { page } = await arrive(stage);
    await press(page, button);
    if (app === 'wechat') {
      const link = await linkIn(page, '.js_qrcode_img');
      await picture('1-wechat-page', page);
      did('computer: WeChat’s own page shows its code');
      const phonePage = await inApp(person, app, fake);
      await phonePage.goto(link);
      await press(phonePage, '确认登录');
      await phonePage.waitForFunction(() => document.body?.innerText.includes('已登录'));
      await phonePage.close();
    } else {
      await page.locator('form button').waitHandle();
      await picture('1-dingtalk-page', page);
      did('computer: DingTalk’s own page');
      await press(page, '确认登录');
    }
    did('phone: confirmed in the app');
    await isIn(stage, page);
    await picture('2-signed-in', page);
    did('the site: signed in');

    ({ page } = await arrive(stage));
    const link = await linkIn(page);
    const inside = await inApp(person, app, fake);
    await inside.goto(link);
    await inside.locator('section button.primary').waitHandle();
    await picture('3-inside-the-app', inside);
    await press(inside, `Go on as my ${button} user`);
    await asking(inside);
    await picture('4-confirm-inside', inside);
    did(`phone: Scankey’s own code, scanned with ${button}, asks inside the app`);
    await confirmIn(inside);
    await inside.close();
    await isIn(stage, page);
    did('the site: signed in from inside the app');
    if (app !== 'wechat') return;

    ({ page } = await arrive(stage));
    await press(page, 'Scan with WeChat');
    await page.waitForFunction(() => document.body?.innerText.includes('Scan this code with WeChat'));
    await picture('5-wechat-code', page);
    await fake.does('scan', { link: await linkIn(page) });
    await isIn(stage, page);
    did('the site: signed in by a code of the service account’s');
  };

export const TEAM_STORIES: Record<string, TeamStory | undefined> = {
  oidc,
  wechat: byApp('wechat', 'WeChat'),
  dingtalk: byApp('dingtalk', 'DingTalk'),
};
