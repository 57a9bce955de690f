// The content script at work, called as the background calls it, without the conversation around it: many pages in little time.
import type { Page } from 'puppeteer';
import type { TypedLogin } from '../../src/extension/messages.ts';
import type { FillOrder, FillReport, Glance, Look } from '../../src/extension/page-api.ts';
import type { Desktop } from './chromium.ts';

export interface Engine {
  look(page: Page): Promise<Look>;
  /** Fills whatever step the page shows. */
  fill(page: Page, order: Partial<FillOrder>): Promise<FillReport | undefined>;
  /** Watches for what a person types. */
  watch(page: Page): Promise<void>;
  /** How often the whole document was looked through since then, and which logins were told. */
  watched(page: Page): Promise<Watched>;
}

interface Watched {
  looks: number;
  told: TypedLogin[];
}

/** Runs in a page of the extension's own: begins to watch, or gives what was seen. */
async function observe(url: string): Promise<unknown> {
  const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
  if (tab?.id === undefined) throw new Error(`no tab at ${url}`);
  const target = { tabId: tab.id };
  // From the root: Firefox reads a path from the page that asks.
  await chrome.scripting.executeScript({ target, files: ['/content.js'] });
  const func = () => {
    const own = globalThis as { watched?: { looks: number; told: unknown[] } };
    if (own.watched) return own.watched;
    const watched = { looks: 0, told: [] as unknown[] };
    own.watched = watched;
    globalThis.scankey?.watch((typed) => void watched.told.push(typed));
    // Of the extension's world alone: the page's document has none of it.
    const { querySelectorAll } = Document.prototype;
    document.querySelectorAll = (selector: string) => {
      if (selector === '*') watched.looks++;
      return querySelectorAll.call(document, selector);
    };
    return watched;
  };
  const [seen] = await chrome.scripting.executeScript({ target, func });
  return seen?.result;
}

/** Runs in a page of the extension's own: finds the tab, injects, and calls as the background does. */
async function drive(url: string, given: Partial<FillOrder> | null): Promise<unknown> {
  const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
  if (tab?.id === undefined) throw new Error(`no tab at ${url}`);
  const target = { tabId: tab.id };
  // The document that was injected may be one that the tab began with, and give way before it is called.
  let looked: chrome.scripting.InjectionResult<Glance | undefined> | undefined;
  for (let tries = 0; !looked?.result; tries++) {
    if (tries > 50) throw new Error(`${url} was not looked at`);
    await chrome.scripting.executeScript({ target, files: ['/content.js'] });
    [looked] = await chrome.scripting.executeScript({ target, func: () => globalThis.scankey?.look() });
  }
  if (!given) return looked.result;
  const { mark, origin } = looked.result;
  const order = { username: '', password: '', extra: '', otp: '', frame: false, mark, origin, ...given };
  const fill = async () => {
    const func = async (one: FillOrder) => {
      try {
        return { report: await globalThis.scankey?.fill(one) };
      } catch (error) {
        return { thrown: String(error) };
      }
    };
    const [done] = await chrome.scripting.executeScript({ target, func, args: [order] }).catch(() => []);
    return done?.result;
  };
  // A document that went away while it was being filled fails, or never answers when it is kept for "back".
  const gone = async () => {
    for (let waited = 0; waited < 500; waited++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const [now] = await chrome.scripting.executeScript({ target, func: () => 0 }).catch(() => []);
      if (now?.documentId !== looked.documentId) return undefined;
    }
  };
  const done = await Promise.race([fill(), gone()]);
  // It would look as if the document had gone.
  if (done?.thrown !== undefined) throw new Error(`the fill failed: ${done.thrown}`);
  return done?.report;
}

/** @param pattern of the pages that will be worked on */
export async function engine(desktop: Desktop, pattern: string): Promise<Engine> {
  await desktop.allow(pattern);
  return {
    look: (page) => desktop.inExtension(drive, page.url(), null) as Promise<Look>,
    fill: (page, order) => desktop.inExtension(drive, page.url(), order) as Promise<FillReport | undefined>,
    watch: async (page) => void (await desktop.inExtension(observe, page.url())),
    watched: (page) => desktop.inExtension(observe, page.url()) as Promise<Watched>,
  };
}
