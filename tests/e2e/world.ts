// Everything of one story: sites, companion, a network in between, a computer and a phone with a vault.
import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { NAME, PASSWORD, SEED, type Sites, startSites } from '../sites/server.ts';
import { chromium, type Desktop, type Look, type Popup } from './chromium.ts';
import { buildFor, type Companion, freePort, startCompanion, until } from './companion.ts';
import { firefox } from './firefox.ts';
import { type Network, startNetwork } from './network.ts';
import { type Phone, phone } from './phone.ts';

export interface World {
  /** Folder of the build that all of this runs. */
  readonly build: string;
  sites: Sites;
  /** The same pages at another origin. */
  elsewhere: Sites;
  companion: Companion;
  network: Network;
  desktop: Desktop;
  phone: Phone;
  /** Opens a page of the sites and the popup on it. */
  begin(path: string): Promise<{ page: Page; popup: Popup }>;
  /** Lets the phone see the popup, by its own camera. */
  scan(popup: Popup): Promise<void>;
  /** The popup says `text` within `ms`. */
  says(popup: Popup, text: string, ms?: number): Promise<void>;
  /** Signs in by code, and both sides say yes to remembering each other. */
  remember(): Promise<void>;
  /** How it ended, on the phone. */
  outcome(ms?: number): Promise<string>;
  /** Closes the tab and leaves the phone at its list. */
  tidy(page: Page): Promise<void>;
  close(): Promise<void>;
}

export async function world(make: Desktop['make'], look: Look = {}): Promise<World> {
  const elsewhere = await startSites();
  const sites = await startSites(Number(new URL(elsewhere.origin).port));
  const port = await freePort();
  const networkPort = await freePort();
  // The extension speaks through the network; the phone with the companion itself.
  const build = await buildFor(networkPort, port);
  const { push } = look;
  const [extra, env] = push ? [['--push-host', push.host], { NODE_EXTRA_CA_CERTS: push.certificate }] : [[], {}];
  const companion = await startCompanion(port, extra, env as Record<string, string>);
  const network = await startNetwork(port, networkPort);
  const [desktop, person] = await Promise.all([
    make === 'firefox' ? firefox(build, look) : chromium(build, look),
    phone(look),
  ]);
  await person.visit(companion.origin);
  await person.firstRun();
  const [add] = look.lang === 'zh-CN' ? ['添加账号'] : ['Add an account'];
  await person.press(add ?? '');
  await person.addAccount({ site: sites.origin, username: NAME, password: PASSWORD, totp: SEED, tenant: 'Ward North' });
  const self: World = {
    build,
    sites,
    elsewhere,
    companion,
    network,
    desktop,
    phone: person,
    async begin(path) {
      const page = await self.desktop.newPage(sites.origin + path);
      return { page, popup: await self.desktop.openPopup(page) };
    },
    async scan(popup) {
      await popup.link();
      person.show(await popup.picture());
      await person.scan();
      await person.page.waitForSelector('.pass', { timeout: 15_000 });
    },
    async says(popup, text, ms = 15_000) {
      let last = '';
      const seen = async () => {
        last = await popup.text();
        return last.includes(text);
      };
      await until(`the popup says "${text}"`, seen, ms).catch((error: Error) => {
        throw new Error(`${error.message}; it says: ${last}`);
      });
    },
    async remember() {
      // Its form comes a moment late, so a phone that is remembered already is not asked by itself.
      const { page, popup } = await self.begin('/late');
      await self.scan(popup);
      await person.approve();
      await self.outcome();
      await person.page.locator('.remember button.primary').click();
      await self.says(popup, 'wants to remember this browser');
      await popup.click('Remember');
      await person.sees('Remembered');
      await self.says(popup, 'Remembered');
      await person.press('Done');
      await popup.close();
      await page.close();
      sites.posted.length = 0;
    },
    async outcome(ms = 30_000) {
      const end = await person.page.waitForSelector('[data-outcome]', { timeout: ms });
      return (await end?.evaluate((element) => (element as HTMLElement).dataset.outcome)) ?? '';
    },
    async tidy(page) {
      network.onFrame = (frame) => frame;
      network.far = false;
      network.mend();
      // A tab that shows the browser's own error may never say that it has closed.
      await Promise.race([page.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5000))]);
      for (const one of [sites, elsewhere]) one.posted.length = 0;
      await person.page.reload();
      await person.page.waitForSelector('main');
      // A reload may find a sign-in whose end had not been written down yet, and show that end after a moment.
      await until('the phone is at its list', async () => {
        if (await person.page.$('[data-outcome]')) await person.page.click('main .actions button').catch(() => {});
        else if (await person.page.$('#passphrase')) {
          await person.unlock();
          await person.page.waitForFunction(() => !document.querySelector('#passphrase'));
        }
        return (await person.page.$('ul.list')) !== null && (await person.page.$('.pass')) === null;
      });
    },
    async close() {
      const { violations } = person;
      await Promise.allSettled([self.desktop.close(), person.close()]);
      network.close();
      await companion.remove();
      for (const one of [sites, elsewhere]) one.close();
      rmSync(build, { recursive: true, force: true });
      if (violations.length > 0) throw new Error(`the phone page broke its own policy: ${violations.join('; ')}`);
    },
  };
  return self;
}
