// Chromium with the real extension, its popup opened through the real toolbar action.
import { createHash, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type Target, type WebWorker } from 'puppeteer';
import { PATIENCE, until } from './companion.ts';
import { follow, type Shown } from './shown.ts';

export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  // Nor is a process begun for a page that may come.
  '--disable-features=SpareRendererForSitePerProcess',
  // No graphics processor is here: one that is imitated for what no page of these tests draws takes a tenth of the work.
  '--disable-gpu',
  '--disable-software-rasterizer',
  // Names that are not the loopback's: for pages that are not encrypted, and for a companion that has a name of its own.
  '--host-resolver-rules=MAP *.test 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
];

/** A desktop browser with the extension in it, whatever its make. */
export interface Desktop {
  readonly make: 'chromium' | 'firefox';
  readonly browser: Browser;
  newPage(url: string): Promise<Page>;
  /** Clicks the toolbar button while `page` is in front. */
  openPopup(page: Page): Promise<Popup>;
  /** What the extension asks for on these origins from now on is granted, with nobody at the browser's own question. */
  willAllow(...patterns: string[]): Promise<void>;
  /** Lets the extension work on these origins at once. */
  allow(...patterns: string[]): Promise<void>;
  /** Calls `work` in a page of the extension's own; it and what it takes and gives travel as text. */
  inExtension<Args extends unknown[], T>(work: (...args: Args) => Promise<T>, ...args: Args): Promise<T>;
  /**
   * Closes the browser's own window that asks for name and password, where it stands in the toolbar's way.
   * @returns whether there is nothing in the way any more that was: in Firefox, that there was a window
   */
  dismissWindow(): Promise<boolean>;
  /** Really ends the background worker. */
  killWorker(): Promise<void>;
  /** Sets the background's clock ahead by so many milliseconds, or back, until it is ended. */
  setClock(ahead: number): Promise<void>;
  /** Deletes every cookie: a browser that has never been anywhere. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export const forgetIn = (browser: Browser) => async (): Promise<void> => {
  await browser.deleteCookie(...(await browser.cookies()));
};

/** Runs where a clock is to go ahead. */
export function setClock(ahead: number): void {
  const own = globalThis as { systemNow?: () => number };
  own.systemNow ??= Date.now;
  const { systemNow } = own;
  Date.now = () => systemNow() + ahead;
}

export interface Popup {
  /** What the popup says of this sign-in, as a person reads it; not the steps below, which are the same for every one. */
  text(): Promise<string>;
  /** Follows what it says from now on, for what it says for a while only. */
  follow(): Promise<Shown>;
  /** The popup as PNG. */
  picture(): Promise<Uint8Array>;
  /** The text of the code on screen, from the sign-in that it was drawn for. */
  link(): Promise<string>;
  click(label: string): Promise<void>;
  /** What it does by itself every few seconds: tells the worker that somebody is looking. */
  nudge(): Promise<void>;
  close(): Promise<void>;
}

/** The popup says `text` within `ms`. */
export async function says(popup: Popup, text: string, ms?: number): Promise<void> {
  let last = '';
  const seen = async () => {
    last = await popup.text();
    return last.includes(text);
  };
  await until(`the popup says "${text}"`, seen, ms).catch((error: Error) => {
    throw new Error(`${error.message}; it says: ${last}`);
  });
}

export interface Look {
  dark?: boolean;
  lang?: string;
  /** Pixels of Chromium's screen for one of the page's, all drawn by the processor: one, unless somebody looks at its pictures. */
  scale?: 1 | 2;
  /** A profile of its own that stays, for Chromium. */
  profile?: string;
  /** A push service beside those of the browsers, and the file with its certificate. */
  push?: { host: string; certificate: string };
  /** A file that Chromium writes every request to. */
  netLog?: string;
  /** Certificate, as PEM, of an authority that vouches for names below .test, and that the browser trusts. */
  trusted?: string;
  /** The store's own archive, that Firefox installs for good in place of the build. */
  archive?: string;
  /** A program that starts the browser under policies which install the extension, and the id that Chromium knows it by. */
  managed?: { program: string; id: string };
}

/** What puppeteer's objects hold, and its types hide. */
interface Inner {
  _connection: { send(method: string, params: object): Promise<unknown> };
  _tabId: string;
}

/** A certificate's key as Chromium names those that it is to trust, wherever in a chain. */
const pinOf = (certificate: string): string =>
  createHash('sha256')
    .update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

export async function chromium(
  build: string,
  look: Look = {},
): Promise<Desktop & { worker(): Promise<WebWorker>; id: string; popupPage(): Promise<Page> }> {
  const browser = await puppeteer.launch({
    executablePath: look.managed?.program ?? '/usr/bin/chromium',
    pipe: true,
    enableExtensions: true,
    // What is installed from elsewhere is asked for as that.
    ignoreDefaultArgs: look.managed ? ['--disable-background-networking'] : [],
    defaultViewport: null,
    timeout: PATIENCE,
    ...(look.profile ? { userDataDir: look.profile } : {}),
    args: [
      ...CHROMIUM_ARGS.filter((one) => !look.managed || one !== '--disable-background-networking'),
      '--window-size=1200,900',
      `--screen-info={2600x2000 devicePixelRatio=${look.scale ?? 1}}`,
      ...(look.lang ? [`--lang=${look.lang}`, `--accept-lang=${look.lang}`] : []),
      ...(look.netLog ? [`--log-net-log=${look.netLog}`] : []),
      ...(look.trusted ? [`--ignore-certificate-errors-spki-list=${pinOf(look.trusted)}`] : []),
    ],
  });
  const id = look.managed?.id ?? (await browser.installExtension(join(build, 'chrome')));
  const worker = async () => {
    const target = await browser.waitForTarget((one) => one.type() === 'service_worker' && one.url().includes(id), {
      timeout: PATIENCE,
    });
    const found = await target.worker();
    if (!found) throw new Error('no worker');
    return found;
  };
  // A policy takes its time to install it.
  if (look.managed) await worker();
  /** Presses the button in the toolbar. */
  async function press(page: Page): Promise<void> {
    if (look.managed) {
      // Puppeteer lists only what was loaded from a folder, and presses others as well.
      const [{ _connection }, { _tabId }] = [browser, page] as unknown as [Inner, Inner];
      await _connection.send('Extensions.triggerAction', { id, targetId: _tabId });
      return;
    }
    const extension = (await browser.extensions()).get(id);
    if (!extension) throw new Error('extension is not there');
    await extension.triggerAction(page);
  }
  let own: Page | undefined;
  const isPopup = (one: Target) => one.url() === `chrome-extension://${id}/src/popup/popup.html`;
  const popupPage = async () => {
    const target = await browser.waitForTarget(isPopup, { timeout: PATIENCE });
    const popup = await target.asPage();
    popup.setDefaultTimeout(PATIENCE);
    return popup;
  };
  const self: Desktop & { worker(): Promise<WebWorker>; id: string; popupPage(): Promise<Page> } = {
    make: 'chromium',
    browser,
    id,
    worker,
    popupPage,
    async newPage(url) {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.goto(url, { waitUntil: 'load' });
      return page;
    },
    async openPopup(page) {
      await page.bringToFront();
      // One that lost the front to the page closes by itself, and would be taken for the one that is opened.
      await until('no other popup', async () => {
        const open = browser.targets().filter(isPopup);
        for (const one of open)
          await one
            .asPage()
            .then((popup) => popup.close())
            .catch(() => {});
        return open.length === 0;
      });
      await press(page);
      const popup = await popupPage();
      // Somebody is at it all the while, so that it does not close by itself before a test has looked.
      await popup.waitForSelector('main');
      await popup.evaluate(() => {
        setInterval(() => document.documentElement.dispatchEvent(new Event('keydown')), 500);
      });
      if (look.dark) await popup.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
      return {
        text: () =>
          popup.evaluate(() =>
            [...document.querySelectorAll<HTMLElement>('header, main')].map((one) => one.innerText).join('\n'),
          ),
        follow: () => follow(popup),
        async picture() {
          // The popup's window follows its content a moment later.
          await popup.waitForFunction(() => Math.abs(innerHeight - document.body.offsetHeight) <= 2);
          return popup.screenshot();
        },
        link: () =>
          until('a code on screen', () =>
            popup.evaluate(async () => {
              const shown = document.querySelector('svg.code path')?.getAttribute('d');
              const records = Object.values(await chrome.storage.session.get(null)) as {
                view?: { drawing?: { path: string; link: string } };
              }[];
              return records.find((record) => record.view?.drawing?.path === shown)?.view?.drawing?.link;
            }),
          ),
        async click(label) {
          await popup.locator(`::-p-xpath(//button[contains(., "${label}")])`).click();
        },
        async nudge() {
          await popup.evaluate(() => chrome.runtime.sendMessage({ t: 'here' }));
        },
        async close() {
          await popup.close().catch(() => {});
        },
      };
    },
    async willAllow(...patterns) {
      const settings = await browser.newPage();
      await settings.goto('chrome://extensions');
      for (const pattern of patterns)
        await settings.evaluate(
          async (own, host) => {
            const { developerPrivate } = chrome as unknown as {
              developerPrivate: { addHostPermission(id: string, host: string): Promise<void> };
            };
            await developerPrivate.addHostPermission(own, host);
          },
          id,
          pattern,
        );
      await settings.close();
    },
    async allow(...patterns) {
      await self.willAllow(...patterns);
      // What is allowed in the settings is given only once it is asked for.
      await self.inExtension((origins) => chrome.permissions.request({ origins }), patterns);
    },
    async inExtension(work, ...args) {
      if (!own || own.isClosed()) {
        own = await browser.newPage();
        await own.goto(`chrome-extension://${id}/src/popup/options.html`);
      }
      return own.evaluate(`(${work})(...${JSON.stringify(args)})`) as ReturnType<typeof work>;
    },
    dismissWindow: async () => true,
    async killWorker() {
      const target = browser.targets().find((one) => one.type() === 'service_worker' && one.url().includes(id));
      await (await target?.worker())?.close();
    },
    async setClock(ahead) {
      await (await worker()).evaluate(setClock, ahead);
    },
    forget: forgetIn(browser),
    close: () => browser.close(),
  };
  return self;
}
