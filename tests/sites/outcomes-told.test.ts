// What is told of a sign-in is what a person would say who looks at its page. Real pages in real browsers; the background's own steps fill
// them and watch them, without the conversation around.
import { rmSync } from 'node:fs';
import { TOTP } from 'otpauth';
import type { Dialog, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fill, lookAt } from '../../src/background/page.ts';
import { deliver, type Heard, watch } from '../../src/background/steps.ts';
import { systemClock } from '../../src/protocol/clock.ts';
import { chromium, type Desktop } from '../e2e/chromium.ts';
import { buildFor, freePort } from '../e2e/companion.ts';
import { firefox } from '../e2e/firefox.ts';
import fakeBrowser from '../fakes/browser.ts';
import { ENDINGS, type EndingSites, pathOf, startEndings } from './endings.ts';
import { NAME, PASSWORD, SEED } from './server.ts';

/** Pages at once: each is told of within fifteen seconds, also where two cores have other work, and one of Firefox costs more. */
const TABS = { chromium: 8, firefox: 5 };
/** While such a window stands, Firefox lets all pages of its site wait, and they would be told of as silent. */
const OPENS_A_WINDOW = /\balert\(/;
const totp = new TOTP({ secret: SEED });
const VALUES = { username: NAME, password: PASSWORD, extra: '', otp: '' };

interface Injection {
  func?: (...args: never[]) => unknown;
  args?: unknown[];
  files?: string[];
}

/** What the background asks of its browser is carried into a page of the extension's own, as text. */
function lend(desktop: Desktop): void {
  const ask = desktop.inExtension as (work: unknown, ...args: unknown[]) => Promise<unknown>;
  const executeScript = ({ func, files, ...rest }: Injection) => {
    const given = { ...rest, ...(files ? { files: files.map((name) => `/${name}`) } : {}) };
    const inject = func ? `func: ${func}` : '';
    return ask({ toString: () => `async (given) => chrome.scripting.executeScript({ ...given, ${inject} })` }, given);
  };
  Object.assign(fakeBrowser, { scripting: { executeScript } });
}

/** What the browser tells of a page's requests, but for how they were answered: here the one that drives it. */
function heardIn(tab: Page): Heard {
  const open = new Set<unknown>();
  let isAnswered = false;
  tab.on('request', (request) => request.method() !== 'GET' && open.add(request));
  tab.on('requestfailed', (request) => open.delete(request));
  tab.on('requestfinished', (request) => {
    isAnswered ||= open.delete(request);
  });
  return {
    isHeard: true,
    get isAsked() {
      return open.size > 0 || isAnswered;
    },
    status: 0,
  };
}

/** One sign-in as the background walks it, with the code that is asked for. @returns how it is told to have gone */
async function signIn(tabId: number, origin: string, requests: Heard): Promise<string> {
  const page = await lookAt({ tabId });
  if (!page) throw new Error('there is a page');
  const report = await deliver(
    systemClock,
    { tabId },
    origin,
    page,
    VALUES,
    () => true,
    async () => {},
    requests,
  );
  if (report.done === 'not-filled') return report.code;
  if (report.done === 'told') return report.told.result;
  let seen = await watch(systemClock, { tabId }, { ...report.page.look, account: NAME }, requests);
  if (seen.result === 'otp' && seen.page) {
    const { look, documentId } = seen.page;
    const order = {
      username: '',
      password: '',
      extra: '',
      otp: totp.generate(),
      mark: look.mark,
      origin,
      frame: false,
    };
    const given = await fill(systemClock, { tabId, documentId }, order);
    if (given?.done === 'not-filled') return `a code, and ${given.code}`;
    seen = await watch(systemClock, { tabId }, { ...look, otpGiven: true }, requests);
  }
  return seen.result;
}

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  const told: Record<string, { told: string; posts: number }> = {};
  let sites: EndingSites;
  let desktop: Desktop;
  let build: string;

  const idOf = (url: string) =>
    desktop.inExtension(async (wanted) => (await chrome.tabs.query({})).find((one) => one.url === wanted)?.id, url);
  beforeAll(async () => {
    sites = await startEndings();
    build = await buildFor(await freePort());
    desktop = make === 'firefox' ? await firefox(build) : await chromium(build);
    await desktop.allow('http://127.0.0.1/*');
    lend(desktop);
    const play = async (left: string[]) => {
      const tab = await desktop.newPage('about:blank');
      // A dialog of the page's own stays until the sign-in has been told: nobody is there to press it away.
      let open: Dialog | undefined;
      tab.on('dialog', (dialog) => {
        open = dialog;
      });
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        const url = sites.origin + pathOf(name);
        // What the last page still began may be what the browser goes to instead.
        await tab.goto('about:blank').catch(() => {});
        await tab.goto(url, { waitUntil: 'load' });
        const id = await idOf(url);
        const result = id === undefined ? 'no tab' : await signIn(id, sites.origin, heardIn(tab)).catch(String);
        told[name] = { told: result, posts: sites.posts(pathOf(name)) };
        await open?.dismiss();
        open = undefined;
      }
    };
    // The longest stand last.
    const names = Object.keys(ENDINGS).reverse();
    const alone = names.filter((name) => OPENS_A_WINDOW.test(ENDINGS[name]?.page ?? ''));
    const others = names.filter((name) => !alone.includes(name));
    await Promise.all(Array.from({ length: TABS[make] }, () => play(others)));
    await play(alone);
  }, 300_000);
  afterAll(async () => {
    await desktop.close();
    sites.close();
    rmSync(build, { recursive: true, force: true });
  });

  test.each(Object.entries(ENDINGS))('is told truly, and nothing is sent twice: %s', (name, { want, posts }) => {
    expect(want.map((word) => ({ told: word, posts }))).toContainEqual(told[name]);
  });
});
