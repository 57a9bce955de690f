// Everything of one story: sites, companion, a network in between, a computer and a phone with a vault.
import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { NAME, PASSWORD, SEED, type Sites, startSites } from '../sites/server.ts';
import { chromium, type Desktop, type Look, type Popup, says } from './chromium.ts';
import { buildFor, type Companion, freePort, hashCheaply, startCompanion, until } from './companion.ts';
import { firefox } from './firefox.ts';
import { type Network, startNetwork } from './network.ts';
import { type Phone, pairByCode, phone, scanPopup } from './phone.ts';

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
  /** Opens a page of the sites, or of `site`, and the popup on it. */
  begin(path: string, site?: Sites): Promise<{ page: Page; popup: Popup }>;
  /** The same pages at an origin of their own, closed with the world; the phone, at its list, gets an account there: the only one. */
  newSite(): Promise<Sites>;
  /** Allows for one sign-in what the popup over a page with a form asks for, if it asks for anything. */
  allow(popup: Popup): Promise<void>;
  /** Lets the phone see the popup, by its own camera. */
  scan(popup: Popup): Promise<void>;
  /** The popup says `text` within `ms`. */
  says(popup: Popup, text: string, ms?: number): Promise<void>;
  /** The computer forgets every phone, and what it signs in to by itself. */
  forgetPhones(): Promise<void>;
  /**
   * Signs in by code, and both sides say yes to remembering each other: a pairing by which nobody has called yet, in place of any
   * before. The phone, at its list, calls the computer "Ward desk".
   */
  remember(): Promise<void>;
  /** From now on the site's pages call the phone that is remembered when they open, or do not any more. */
  signInByItself(on: boolean): Promise<void>;
  /** How it ended, on the phone. */
  outcome(ms?: number): Promise<string>;
  /** Mends network and companion, closes the tab and leaves the phone at its list, whatever has become of them. */
  tidy(page: Page | undefined): Promise<void>;
  close(): Promise<void>;
}

/** What a phone at its list may have on its screen that the next sign-in would meet; a hint that can be put off is met every day. */
const IN_THE_WAY = '.pass, .notice:not(.hint-card), .hint-card.warn, .toast, dialog[open], [data-outcome]';

export async function world(make: Desktop['make'], look: Look = {}): Promise<World> {
  const elsewhere = await startSites();
  const sites = await startSites(Number(new URL(elsewhere.origin).port));
  const port = await freePort();
  const networkPort = await freePort();
  // The extension speaks through the network; the phone with the companion itself.
  const build = await buildFor(networkPort, port);
  hashCheaply(build);
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
  const more: Sites[] = [];
  const self: World = {
    build,
    sites,
    elsewhere,
    companion,
    network,
    desktop,
    phone: person,
    async begin(path, site = sites) {
      const page = await self.desktop.newPage(site.origin + path);
      return { page, popup: await self.desktop.openPopup(page) };
    },
    async newSite() {
      const site = await startSites();
      more.push(site);
      await person.press('Add an account');
      await person.addAccount({ site: site.origin, username: NAME, password: PASSWORD });
      return site;
    },
    async allow(popup) {
      // All that belongs to the sign-in comes at once: the seconds left, or what is asked for.
      const shown = async () => {
        const text = await popup.text();
        return ['Allow once', 'New code in'].find((one) => text.includes(one));
      };
      if ((await until('the whole popup', shown)) !== 'Allow once') return;
      await popup.click('Allow once');
      await until('the permission', async () => !(await popup.text()).includes('Allow once'));
    },
    scan: (popup) => scanPopup(person, popup),
    says,
    async forgetPhones() {
      await self.desktop.inExtension(async () => {
        const { known } = await chrome.runtime.sendMessage({ t: 'known' });
        for (const { id } of known.phones) await chrome.runtime.sendMessage({ t: 'forget-phone', pairing: id });
      });
    },
    async remember() {
      // A phone that is remembered would be asked by itself.
      await self.forgetPhones();
      const { page, popup } = await self.begin('/plain');
      await pairByCode(person, popup, 'Ward desk');
      await popup.close();
      await page.close();
      sites.posted.length = 0;
    },
    async signInByItself(on) {
      await self.desktop.inExtension(
        async (origin, automatic) => {
          const { known } = await chrome.runtime.sendMessage({ t: 'known' });
          const tabId = automatic ? (await chrome.tabs.getCurrent())?.id : -1;
          const pairing = automatic ? known.phones[0].id : null;
          await chrome.runtime.sendMessage({ t: 'automatic', origin, pairing, tabId });
          return '';
        },
        sites.origin,
        on,
      );
      if (!on) return;
      // As in the popup: the background hears first what the permission is for.
      await self.desktop.allow(sites.origin.replace(/:\d+$/, '/*'));
      await until('the site signs in by itself', () =>
        self.desktop.inExtension(async () => {
          const { known } = await chrome.runtime.sendMessage({ t: 'known' });
          return known.automatic.length > 0;
        }),
      );
    },
    async outcome(ms) {
      const end = await person.page.waitForSelector('[data-outcome]', ms ? { timeout: ms } : {});
      return (await end?.evaluate((element) => (element as HTMLElement).dataset.outcome)) ?? '';
    },
    async tidy(page) {
      network.onFrame = (frame) => frame;
      network.far = false;
      network.mend();
      await companion.start();
      // A tab that shows the browser's own error may never say that it has closed.
      await Promise.race([page?.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5000))]);
      for (const one of [sites, elsewhere]) one.posted.length = 0;
      const { page: screen } = person;
      const has = (selector: string) =>
        screen.$(selector).then(
          (found) => found !== null,
          // The page goes on to another just now.
          () => false,
        );
      const done = () => screen.click('[data-outcome] .actions button').catch(() => {});
      await done();
      // Whatever else is on its screen goes with the page.
      if (!(await has('ul.rows')) || (await has(IN_THE_WAY))) await person.visit(companion.origin);
      // A reload may find a sign-in whose end had not been written down yet, and show that end after a moment.
      await until('the phone is at its list', async () => {
        if (await has('[data-outcome]')) await done();
        else if (await has('#passphrase')) {
          await person.unlock();
          await screen.waitForFunction(() => !document.querySelector('#passphrase'));
        }
        return (await has('ul.rows')) && !(await has('.pass'));
      });
      // The vault closes a minute after the last touch.
      await screen.keyboard.press('Shift');
    },
    async close() {
      const { violations } = person;
      await Promise.allSettled([self.desktop.close(), person.close()]);
      network.close();
      await companion.remove();
      for (const one of [sites, elsewhere, ...more]) one.close();
      rmSync(build, { recursive: true, force: true });
      if (violations.length > 0) throw new Error(`the phone page broke its own policy: ${violations.join('; ')}`);
    },
  };
  return self;
}
