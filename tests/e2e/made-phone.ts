// The phone's page with all around it made up (made-phone-page.tsx), so that it can be brought to any state: for what is looked at, not
// for what it does.
import { createServer } from 'node:http';
import { extname } from 'node:path';
import puppeteer, { type Page } from 'puppeteer';
import { build, type Plugin } from 'vite';
import errors from '../../src/ui/locales/en/errors.ts';
import en from '../../src/ui/locales/en/phone.ts';
import japaneseErrors from '../../src/ui/locales/ja/errors.ts';
import japanese from '../../src/ui/locales/ja/phone.ts';
import chineseErrors from '../../src/ui/locales/zh-CN/errors.ts';
import chinese from '../../src/ui/locales/zh-CN/phone.ts';
import taiwaneseErrors from '../../src/ui/locales/zh-TW/errors.ts';
import taiwanese from '../../src/ui/locales/zh-TW/phone.ts';
import { configOf } from '../../vite.config.ts';
import { type PhoneState, PLACES, type Place } from '../fakes/phone-states.ts';
import { CHROMIUM_ARGS } from './chromium.ts';
import { PATIENCE } from './companion.ts';

const SENTENCES = {
  en: { ...errors, ...en },
  'zh-CN': { ...chineseErrors, ...chinese },
  'zh-TW': { ...taiwaneseErrors, ...taiwanese },
  ja: { ...japaneseErrors, ...japanese },
};
export type Language = keyof typeof SENTENCES;

/** What the page knows itself to be in by the name of its browser. */
const NAMES: Partial<Record<Place, string>> = {
  safari:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
  app: 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50',
};
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** The page as it is built, its entry alone is another one; by address. */
async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const { plugins = [], ...config } = configOf('phone');
  const entry: Plugin = {
    name: 'made-entry',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => html.replace('./entry.ts', '../../tests/e2e/made-phone-page.tsx'),
    },
  };
  const built = await build({
    ...config,
    configFile: false,
    // All that a page needs to be installed takes longer than the page.
    plugins: [...plugins.filter((one) => one && 'name' in one && one.name !== 'installable'), entry],
    build: { ...config.build, write: false, minify: false, rolldownOptions: {} },
  });
  const [bundle] = [built].flat();
  if (!bundle || !('output' in bundle)) throw new Error('nothing was built');
  return new Map(bundle.output.map((one) => [`/${one.fileName}`, one.type === 'chunk' ? one.code : one.source]));
}

/** The longest run of a sentence's own words. */
const wordsOf = (sentence: string | { other: string }): string =>
  (typeof sentence === 'string' ? sentence : sentence.other)
    .split(/\{\w+\}/)
    .reduce((longest, one) => (one.length > longest.length ? one : longest));

interface Made {
  show(name: string): Promise<void>;
  speak(language: string): Promise<void>;
}

export interface MadePhone {
  page: Page;
  /** Brings the page to a state. */
  show(state: PhoneState, language: Language): Promise<void>;
  /** Says the same in another language. */
  speak(language: Language): Promise<void>;
  /** Draws it dark, or light. */
  paint(dark: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens the page, in a browser of its own. */
export async function madePhone(): Promise<MadePhone> {
  const files = await buildPage();
  const server = createServer(({ url = '' }, answer) => {
    const { pathname, search } = new URL(url, 'http://made');
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (file === undefined) return answer.writeHead(404).end();
    answer.setHeader(
      'content-type',
      TYPES[pathname === '/' ? '.html' : extname(pathname)] ?? 'application/octet-stream',
    );
    return answer.end(search === '?trial' ? String(file).replace('data-trial="false"', 'data-trial="true"') : file);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS });
  const [page = await browser.newPage()] = await browser.pages();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 320, height: 568, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
  const named = await browser.userAgent();
  let at: Place | undefined;
  let shown: PhoneState | undefined;
  const paint = (dark: boolean) =>
    page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
  await paint(false);
  const seen = async ({ name, says }: PhoneState, language: Language) => {
    const words = wordsOf(SENTENCES[language][says]);
    await page
      .waitForFunction((text) => document.body.textContent?.includes(text), {}, words)
      .catch(async () => {
        throw new Error(`${name} does not say "${words}": ${await page.evaluate(() => document.body.innerText)}`);
      });
  };
  const speak = async (language: Language) => {
    await page.evaluate((tag) => (window as unknown as Made).speak(tag), language);
    if (shown) await seen(shown, language);
  };
  return {
    page,
    speak,
    paint,
    async show(state, language) {
      const { place = PLACES[0] } = state;
      shown = undefined;
      if (place !== at) {
        await page.setUserAgent({ userAgent: NAMES[place] ?? named });
        await page.goto(`${origin}/${place === 'trial' ? '?trial' : ''}`);
        await page.waitForFunction(() => 'ready' in window);
        at = place;
      }
      await speak(language);
      await page.evaluate((name) => (window as unknown as Made).show(name), state.name);
      for (const selector of state.press ?? []) {
        const button = await page.waitForSelector(selector);
        await button?.evaluate((one) => (one as HTMLElement).click());
      }
      await seen(state, language);
      shown = state;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
