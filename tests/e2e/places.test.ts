// Where the popup may be opened: by the keyboard, on pages of the browser's own, on files, in private windows, while a page loads.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../src/extension/view.ts';
import { NAME, PASSWORD } from '../sites/server.ts';
import { until } from './companion.ts';
import { type World, world } from './world.ts';

const PDF = `%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>`;

/** A document that never arrives, one whose end never arrives, and a PDF. */
async function strange(): Promise<{ server: Server; origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/file.pdf') response.writeHead(200, { 'content-type': 'application/pdf' }).end(PDF);
    if (request.url === '/unfinished') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write(
        '<form method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form>',
      );
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  let w: World;
  let page: Page;
  let other: Awaited<ReturnType<typeof strange>>;
  beforeAll(async () => {
    [w, other] = await Promise.all([world(make), strange()]);
    await w.remember();
  });
  afterAll(async () => {
    await w.close();
    other.server.closeAllConnections();
    other.server.close();
  });
  afterEach(() => w.tidy(page));
  /** @returns to be called at the end: no phone was called meanwhile, by whatever the popup has begun */
  const callsNobody = () => {
    const before = w.network.calls;
    return async () => {
      // Asked again, the background answers once it is through with what it was asked first.
      await w.desktop.inExtension(async () => {
        const records = Object.values(await chrome.storage.session.get(null)) as { view?: { tabId: number } }[];
        for (const { view } of records) if (view) await chrome.runtime.sendMessage({ t: 'open', tabId: view.tabId });
      });
      expect(w.network.calls).toBe(before);
    };
  };

  const own = make === 'chromium' ? ['chrome://version', 'chrome://new-tab-page/'] : ['about:blank'];
  test.each(own)('on %s the popup says that it cannot work there, and no phone rings', async (address) => {
    const nobodyWasCalled = callsNobody();
    page = await w.desktop.newPage(address);
    const popup = await w.desktop.openPopup(page);
    await w.says(popup, 'Extensions cannot work on this page');
    await nobodyWasCalled();
  });

  test('on a page without a form the phone is there to be asked, and does not ring by itself', async () => {
    const nobodyWasCalled = callsNobody();
    const begun = await w.begin('/nothing');
    page = begun.page;
    await w.says(begun.popup, 'Send request to “Li’s phone”');
    await w.says(begun.popup, 'No sign-in form is open on this page yet');
    await nobodyWasCalled();
  });

  test('a page that is still on its way has its code', async () => {
    // A phone that is open takes the call up at once, and the code goes.
    await w.phone.press('Lock');
    page = await w.desktop.newPage('about:blank');
    void page.goto(`${other.origin}/unfinished`).catch(() => {});
    await until('the site was asked', () => other.asked.includes('/unfinished'));
    if (make === 'chromium') await page.waitForSelector('form');
    const popup = await w.desktop.openPopup(page);
    await popup.link();
    await w.says(popup, new URL(other.origin).host);
    await popup.close();
  });

  test.runIf(make === 'chromium')('over a PDF there is nothing to sign in to, and the popup says so', async () => {
    const nobodyWasCalled = callsNobody();
    page = await w.desktop.newPage(`${other.origin}/file.pdf`);
    const popup = await w.desktop.openPopup(page);
    await until('a word on it', async () => /No sign-in form|cannot work on this page/.test(await popup.text()));
    await nobodyWasCalled();
  });

  test('a tab that is closed while its sign-in begins leaves nothing behind, and no phone waits for it', async () => {
    await w.desktop.allow(w.sites.origin.replace(/:\d+$/, '/*'));
    page = await w.desktop.newPage('about:blank');
    const left = async () => {
      const kept = await w.desktop.inExtension(async () => Object.values(await chrome.storage.session.get(null)));
      return (kept as { view?: View }[]).flatMap(({ view }) => view?.session.state ?? []);
    };
    // As long as a sign-in takes to begin, and not more often than a phone may be called.
    for (let delay = 40; delay < 80; delay += 5) {
      await w.desktop.inExtension(
        async (url, ms) => {
          const { id = 0 } = await chrome.tabs.create({ url });
          for (let i = 0; i < 500 && (await chrome.tabs.get(id)).status !== 'complete'; i++)
            await new Promise((resolve) => setTimeout(resolve, 50));
          const begun = chrome.runtime.sendMessage({ t: 'open', tabId: id }).catch(() => {});
          await new Promise((resolve) => setTimeout(resolve, ms));
          await chrome.tabs.remove(id);
          await begun;
        },
        `${w.sites.origin}/plain`,
        delay,
      );
      await until(`nothing is left of it (${delay} ms)`, async () => (await left()).length === 0);
      const atEnd = () => w.phone.page.$('ul.list, [data-outcome]');
      await until(`the phone waits for nobody (${delay} ms)`, atEnd);
      if (await w.phone.page.$('[data-outcome]')) await w.phone.press('Done');
    }
    expect(await left()).toEqual([]);
  });

  test('the popup has a shortcut of its own', async () => {
    page = await w.desktop.newPage('about:blank');
    const commands = await w.desktop.inExtension(async () =>
      (await chrome.commands.getAll()).map(({ name, shortcut }) => `${name} ${shortcut}`),
    );
    expect(commands.join()).toMatch(/_execute_action (Alt\+Shift\+S|⌥⇧S)/);
  });
});

// Chromium unloads an extension whose word on private windows is changed; Firefox can be told from the start.
test('in a private window a scan signs in, and nothing lasts: no phone is called, none is offered to be remembered', async () => {
  const w = await world('firefox');
  try {
    await w.remember();
    await w.desktop.allow(w.sites.origin.replace(/:\d+$/, '/*'));
    // The toolbar of another window cannot be clicked from here: what the click sets off is asked for instead.
    const views = () =>
      w.desktop.inExtension(async () =>
        Object.values(await chrome.storage.session.get(null)).flatMap((one) => (one as { view?: View }).view ?? []),
      ) as Promise<View[]>;
    const reply = await w.desktop.inExtension(async (url) => {
      const window = await chrome.windows.create({ url, incognito: true });
      const tabId = window?.tabs?.[0]?.id ?? 0;
      // A new window's tab is complete before it has gone anywhere, too.
      const isThere = ({ status, url: at }: chrome.tabs.Tab) => status === 'complete' && at === url;
      for (let i = 0; i < 300 && !isThere(await chrome.tabs.get(tabId)); i++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      return chrome.runtime.sendMessage({ t: 'open', tabId });
    }, `${w.sites.origin}/plain`);
    expect(reply).toEqual({ ok: true });
    const [view, ...others] = (await views()).filter(({ incognito }) => incognito);
    expect(view).toMatchObject({ formSeen: true });
    expect(others).toEqual([]);
    expect(await w.phone.page.$('.pass, .ringing')).toBeNull();
    await w.phone.page.evaluate((to) => {
      location.href = to;
    }, view?.drawing?.link ?? '');
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    expect(w.sites.posted.map((one) => `${one.get('user')}/${one.get('password')}`)).toEqual([`${NAME}/${PASSWORD}`]);
    const [ended] = (await views()).filter(({ incognito }) => incognito);
    expect(ended?.session).toMatchObject({ state: 'done', result: 'signed-in' });
    expect(ended?.pairing).toBeUndefined();
  } finally {
    await w.close();
  }
});
