// The built popup page with a made-up browser around it, so that it can be brought to any state: for what is looked at, not for what it does.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import puppeteer, { type Page } from 'puppeteer';
import type { SetUp } from '../../src/extension/messages.ts';
import { NEXT_KEY, SAVE_OFFER_PREFIX, SIGN_IN_PREFIX } from '../../src/extension/view.ts';
import errors from '../../src/ui/locales/en/errors.ts';
import en from '../../src/ui/locales/en/popup.ts';
import japaneseErrors from '../../src/ui/locales/ja/errors.ts';
import japanese from '../../src/ui/locales/ja/popup.ts';
import chineseErrors from '../../src/ui/locales/zh-CN/errors.ts';
import chinese from '../../src/ui/locales/zh-CN/popup.ts';
import taiwaneseErrors from '../../src/ui/locales/zh-TW/errors.ts';
import taiwanese from '../../src/ui/locales/zh-TW/popup.ts';
import type { ExtensionPage } from '../fakes/extension-pages.ts';
import { DRAWING, NOBODY_KNOWN, type PopupState, SITE, TAB } from '../fakes/popup-states.ts';
import { CHROMIUM_ARGS } from './chromium.ts';
import { PATIENCE, ROOT } from './companion.ts';

const SENTENCES = {
  en: { ...errors, ...en },
  'zh-CN': { ...chineseErrors, ...chinese },
  'zh-TW': { ...taiwaneseErrors, ...taiwanese },
  ja: { ...japaneseErrors, ...japanese },
};
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** What storage and background say, as it is handed to the page. */
interface Made {
  session: Record<string, unknown>;
  local?: Record<string, unknown>;
  managed?: object;
  known: object;
  setUp?: SetUp;
  refused?: string;
  trouble?: string;
}
const madeOf = ({ signIn, request, offer, known, refused, trouble }: PopupState): Made => ({
  session: {
    [NEXT_KEY]: { drawing: DRAWING },
    ...(signIn ? { [`${SIGN_IN_PREFIX}s`]: { view: signIn } } : {}),
    ...(request ? { [`${SIGN_IN_PREFIX}r`]: { view: request } } : {}),
    ...(offer ? { [`${SAVE_OFFER_PREFIX}${TAB}`]: offer } : {}),
  },
  known: { ...NOBODY_KNOWN, ...known },
  ...(refused ? { refused } : {}),
  ...((trouble ?? refused) ? { trouble: trouble ?? refused } : {}),
});

/** Runs in the page before its scripts: a browser that knows what `window.name` says. */
function makeBrowser(tab: { id: number; url: string }, languages: string[]): void {
  const made = (): Made => JSON.parse(window.name || '{"session":{},"known":{}}');
  const changed: ((changes: object, area: string) => void)[] = [];
  const nothing = { addListener: () => {} };
  const fake = {
    runtime: {
      id: 'abcdefghijklmnopabcdefghijklmnop',
      sendMessage: async ({ t }: { t: string }) => {
        const { refused, trouble, known } = made();
        const code = t === 'open' ? refused : t === 'check' ? trouble : undefined;
        return code ? { ok: false, code } : { ok: true, known, ...(t === 'set-up' ? { setUp: made().setUp } : {}) };
      },
    },
    storage: {
      session: { get: async () => made().session },
      local: { get: async () => made().local ?? {} },
      managed: { get: async () => made().managed ?? {} },
      onChanged: { addListener: (one: (typeof changed)[number]) => changed.push(one) },
    },
    tabs: { query: async () => [{ ...tab }], onUpdated: nothing },
    permissions: { contains: async () => false, request: async () => false },
  };
  Object.defineProperty(navigator, 'languages', { value: languages });
  Object.assign(window, {
    browser: fake,
    chrome: { runtime: fake.runtime },
    closed_: 0,
    show: (next: string) => {
      window.name = next;
      for (const area of ['local', 'session']) for (const one of changed) one({}, area);
    },
    close: () => {
      (window as unknown as { closed_: number }).closed_++;
    },
  });
}

export interface MadePopup {
  page: Page;
  /** Brings the popup to a state; where nothing could be begun it is opened anew. */
  show(state: PopupState): Promise<void>;
  /** Opens another page of the extension in its place. */
  visit(other: ExtensionPage): Promise<void>;
  close(): Promise<void>;
}

export interface MadeLook {
  language: keyof typeof SENTENCES;
  dark: boolean;
  /** The page that it is opened over, where it matters which. */
  url?: string;
}

/** Opens pages of the built popup. */
export async function popupMaker(): Promise<{ open(look: MadeLook): Promise<MadePopup>; close(): Promise<void> }> {
  const server = createServer(({ url = '' }, answer) => {
    try {
      answer.setHeader('content-type', TYPES[extname(url)] ?? 'application/octet-stream');
      answer.end(readFileSync(join(ROOT, 'dist/chrome', new URL(url, 'http://made').pathname)));
    } catch {
      answer.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS });
  return {
    async open({ language, dark, url = SITE }) {
      const words = SENTENCES[language];
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.setViewport({ width: 360, height: 520, deviceScaleFactor: 2 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
      await page.evaluateOnNewDocument(makeBrowser, { id: TAB, url }, [language]);
      const load = () => page.goto(`http://127.0.0.1:${port}/src/popup/popup.html`);
      await load();
      let anew = false;
      return {
        page,
        async show(state) {
          const made = JSON.stringify(madeOf(state));
          if (anew || state.refused) {
            await page.evaluate((next) => {
              window.name = next;
            }, made);
            await load();
          } else await page.evaluate((next) => (window as unknown as { show(next: string): void }).show(next), made);
          anew = state.refused !== undefined;
          await page.waitForFunction(
            (tone) => document.querySelector('main')?.classList.contains(tone),
            {},
            state.tone,
          );
          const beginning = words[state.headline].replace(/\{.*/, '');
          await page.waitForFunction(
            (text) => document.querySelector('h1')?.textContent?.includes(text),
            {},
            beginning,
          );
          if (state.press) await page.locator(`button ::-p-text(${words[state.press]})`).click();
          await page.waitForFunction(
            (count) => document.querySelectorAll('.actions button').length === count,
            {},
            state.actions.length,
          );
        },
        async visit({ page: name, known, companion, managed, trouble, phone = 'to-scan', press, shows }) {
          const made: Made = {
            session: {},
            known: { ...NOBODY_KNOWN, ...known },
            setUp: { step: phone, drawing: DRAWING, up: true },
            ...(companion ? { local: { companion } } : {}),
            ...(managed ? { managed } : {}),
            ...(trouble ? { trouble } : {}),
          };
          await page.evaluate((next) => {
            sessionStorage.clear();
            window.name = next;
          }, JSON.stringify(made));
          await page.goto(`http://127.0.0.1:${port}/src/popup/${name}.html`);
          if (press) await page.locator(press).click();
          await page.waitForSelector(shows);
        },
        close: () => page.close(),
      };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
