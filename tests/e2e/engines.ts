// A window of phone size in each engine that phones have, by its own driver.
import puppeteer, { type ElementHandle } from 'puppeteer';
import { CHROMIUM_ARGS } from './chromium.ts';
import { PATIENCE } from './companion.ts';
import { inSight, type Screen } from './screen.ts';
import { webkit } from './webkit.ts';

async function puppets(browser: 'chrome' | 'firefox'): Promise<Screen> {
  const launched = await puppeteer.launch(
    browser === 'chrome'
      ? { executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS, timeout: PATIENCE }
      : { browser, executablePath: '/usr/bin/firefox-esr', args: ['--width=500', '--height=900'], timeout: PATIENCE },
  );
  const [page = await launched.newPage()] = await launched.pages();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 390, height: 844 });
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    run: (fn, ...args) => page.evaluate(fn as never, ...args),
    async click(selector, words) {
      const found = await page.evaluateHandle(inSight, selector, words);
      const element = found.asElement() as ElementHandle<HTMLElement> | null;
      await element?.click();
      return element !== null;
    },
    type: (selector, text) => page.locator(selector).fill(text),
    async choose(selector, path) {
      const field = await page.$(`input${selector}` as 'input');
      await field?.uploadFile(path);
    },
    picture: () => page.screenshot(),
    close: () => launched.close(),
  };
}

export const ENGINES: Record<string, () => Promise<Screen>> = {
  WebKit: webkit,
  Gecko: () => puppets('firefox'),
  Blink: () => puppets('chrome'),
};
