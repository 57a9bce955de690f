// Remembered browsers when something goes wrong: messages lost, parties killed, copied, restored, updated; permissions taken away.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromium, type Desktop, type Popup } from '../e2e/chromium.ts';
import { until } from '../e2e/companion.ts';
import { follow } from '../e2e/shown.ts';
import { type World, world } from '../e2e/world.ts';
import { NAME, PASSWORD } from '../sites/server.ts';

/** What `read` gives; `none` of what a browser that runs has taken away meanwhile. */
function ifThere<T>(read: () => T, none: T): T {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw error;
  }
}
const filesOf = (folder: string): string[] =>
  ifThere(() => readdirSync(folder, { withFileTypes: true }), []).flatMap((one) => {
    const path = join(folder, one.name);
    return one.isDirectory() ? filesOf(path) : one.isFile() ? [path] : [];
  });

let w: World;
let page: Page | undefined;
const asked = () => w.phone.page.waitForSelector('.pass');
const posted = () => w.sites.posted.map((one) => `${one.get('user')}/${one.get('password')}`);
const alarm = () => w.phone.text().then((text) => text.includes('A trusted computer may have been copied'));

/** One click, one tap, signed in: whatever went wrong before has left nothing behind. */
async function signInByCall(desktop: Desktop = w.desktop): Promise<void> {
  w.sites.posted.length = 0;
  const own = await desktop.newPage(`${w.sites.origin}/plain`);
  const popup = await desktop.openPopup(own);
  await asked();
  await w.phone.approve();
  expect(await w.outcome()).toBe(desktop.make === 'chromium' ? 'signed-in' : 'cannot-tell');
  expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
  await w.phone.press('Done');
  await popup.close();
  await own.close();
  expect(await alarm()).toBe(false);
}

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  beforeAll(async () => {
    w = await world(make);
  });
  afterAll(() => w.close());
  afterEach(() => w.tidy(page));
  const navigated = make === 'chromium' ? 'signed-in' : 'cannot-tell';

  // The tests of either share one pairing, and ask less often than a phone may be asked.
  describe('a message is lost, or a permission', () => {
    beforeAll(() => w.remember());

    // What each message is, seen from the network: who sends it, and its number.
    const steps = { hello: ['companion', 0], request: ['browser', 0], answer: ['companion', 1] } as const;
    test.each(Object.entries(steps))(
      'the %s of a call is lost: the next click signs in, and nobody is suspected',
      async (_name, [from, n]) => {
        const begun = await w.begin('/nothing');
        page = begun.page;
        const verb = from === 'browser' ? 'send' : 'msg';
        w.network.onFrame = (frame, by) => (by === from && frame.t === verb && frame.n === n ? undefined : frame);
        await begun.popup.click('Send request to “Li’s phone”');
        if (n === 1) {
          await asked();
          await w.phone.approve();
          await w.phone.sees('Sent. The computer is signing in');
        } else await w.phone.sees('Reaching the computer');
        // Nobody goes on: the person at the computer gives up, and the phone page is opened anew.
        await begun.popup.close();
        await w.tidy(page);
        await signInByCall();
      },
    );

    test('a site’s permission that is taken away in the browser’s settings ends its automatic sign-in', async () => {
      const host = `${new URL(w.sites.origin).protocol}//${new URL(w.sites.origin).hostname}/*`;
      await w.signInByItself(true);
      await w.desktop.inExtension(async (origin) => chrome.permissions.remove({ origins: [origin] }), host);
      await until('nothing is left of it', async () => {
        const left = await w.desktop.inExtension(async () => {
          const scripts = await chrome.scripting.getRegisteredContentScripts();
          const { automatic } = await chrome.storage.local.get('automatic');
          return JSON.stringify([scripts, automatic]);
        });
        return left === '[[],[]]';
      });
      const calls = w.network.calls;
      page = await w.desktop.newPage(`${w.sites.origin}/plain`);
      // What comes after the page's own coming up: the popup that is opened there, and it alone has asked.
      const popup = await w.desktop.openPopup(page);
      await asked();
      expect(w.network.calls).toBe(calls + 1);
      const stored = await w.desktop.inExtension(async () => JSON.stringify(await chrome.storage.session.get(null)));
      expect(stored).not.toContain('"automatic":true');
      await popup.close();
    });
  });

  describe('somebody is killed, or wrong about the time', () => {
    beforeAll(() => w.remember());

    /** Ends somebody, who comes back. */
    const KILLS = {
      worker: async (popup: Popup) => {
        await w.desktop.killWorker();
        await popup.nudge();
      },
      companion: async () => {
        await w.companion.stop('SIGKILL');
        await w.companion.start();
      },
    };
    const moments = (['worker', 'companion'] as const).flatMap((who) =>
      (['created', 'requested'] as const).map((state) => [who, state] as const),
    );
    test.each(moments)('the %s is killed in "%s": the call goes on', async (who, state) => {
      await w.phone.press('Lock');
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.says(begun.popup, 'Request sent to “Li’s phone”');
      if (state === 'created') await KILLS[who](begun.popup);
      await w.phone.unlock();
      await asked();
      if (state === 'requested') await KILLS[who](begun.popup);
      await w.phone.approve();
      expect(await w.outcome()).toBe(navigated);
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`]);
      expect(await alarm()).toBe(false);
    });

    test('a phone whose clock is a day off answers all the same', async () => {
      const script = await w.phone.page.evaluateOnNewDocument(() => {
        const { now } = Date;
        Date.now = () => now() + 86_400_000;
      });
      try {
        await w.phone.page.reload();
        await w.phone.unlock();
        await until('the list', () => w.phone.page.$('ul.list'));
        await signInByCall();
      } finally {
        await w.phone.page.removeScriptToEvaluateOnNewDocument(script.identifier);
      }
    });
  });

  describe('a side ends the pairing', () => {
    beforeEach(() => w.remember());

    test('a link that the phone ends while the computer is off is over at the next click', async () => {
      await w.phone.press('Settings');
      await w.phone.press('Computers');
      // One that was remembered before this one may still be on its way out.
      await until('one computer', async () => (await w.phone.page.$$('.computers li')).length === 1);
      await w.phone.press('Remove');
      await w.phone.press('Remove');
      await w.phone.sees('None yet');
      const begun = await w.begin('/plain');
      page = begun.page;
      await w.says(begun.popup, 'The phone does not trust this browser any more');
      await begun.popup.link();
    });

    test('a link that the computer ends while the phone is off is over when its page is opened', async () => {
      await w.phone.page.goto('about:blank');
      const begun = await w.begin('/nothing');
      page = begun.page;
      await begun.popup.click('Settings');
      await w.says(begun.popup, 'Since');
      await begun.popup.click('Remove');
      await begun.popup.click('Remove');
      await w.says(begun.popup, 'None yet');
      await w.phone.visit(w.companion.origin);
      const shown = await follow(w.phone.page);
      await w.phone.unlock();
      await shown('does not trust this phone any more');
      await w.phone.press('Settings');
      await w.phone.press('Computers');
      await w.phone.sees('None yet');
    });
  });
});

describe('in chromium alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-profiles-'));
  const profile = join(folder, 'own');
  beforeAll(async () => {
    w = await world('chromium', { profile });
  });
  beforeEach(() => w.remember());
  afterEach(() => w.tidy(page));
  afterAll(async () => {
    await w.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the phone keeps of its computers, as sealed bytes. */
  const links = (bytes?: number[]) =>
    w.phone.page.evaluate(
      (put) =>
        new Promise<number[]>((resolve) => {
          const opening = indexedDB.open('scankey');
          opening.onsuccess = () => {
            const store = opening.result.transaction('phone', 'readwrite').objectStore('phone');
            if (put) store.put(new Uint8Array(put), 'links');
            const reading = store.get('links');
            reading.onsuccess = () => {
              opening.result.close();
              resolve([...(reading.result as Uint8Array)]);
            };
          };
        }),
      bytes,
    );

  test('an extension that is updated keeps its phones and its automatic sites', async () => {
    await w.signInByItself(true);
    const next = join(w.build, 'next');
    cpSync(join(w.build, 'chrome'), next, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(next, 'manifest.json'), 'utf8'));
    writeFileSync(join(next, 'manifest.json'), JSON.stringify({ ...manifest, version: '9.9.9' }));
    await w.desktop.browser.installExtension(next);
    const version = () => w.desktop.inExtension(async () => chrome.runtime.getManifest().version).catch(() => '');
    await until('the new version runs', async () => (await version()) === '9.9.9');
    await until('the script is registered again', () =>
      w.desktop
        .inExtension(async () => (await chrome.scripting.getRegisteredContentScripts()).length > 0)
        .catch(() => false),
    );
    const own = await w.desktop.newPage(`${w.sites.origin}/plain`);
    await own.bringToFront();
    await asked();
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    await w.phone.press('Done');
    await own.close();
    await w.signInByItself(false);
  });

  test('two computers that call at once are both listed, and each is answered', async () => {
    const other = await chromium(w.build);
    const mine = w.desktop;
    try {
      w.desktop = other;
      await w.remember();
      // A phone that has its list on screen goes straight to the one that it hears of first.
      await w.phone.press('Settings');
      page = await mine.newPage(`${w.sites.origin}/plain`);
      const [a, b] = [
        await mine.openPopup(page),
        await other.openPopup(await other.newPage(`${w.sites.origin}/plain`)),
      ];
      for (const popup of [a, b]) await w.says(popup, 'Request sent to “Li’s phone”');
      const bothListed = () => until('both are listed', async () => (await w.phone.page.$$('.ringing')).length === 2);
      await bothListed();
      await w.phone.press('Lock');
      await w.phone.unlock();
      await bothListed();
      await w.phone.page.locator('.ringing').click();
      await asked();
      await w.phone.approve();
      await w.outcome();
      // With the first one done, the other is the only one that waits.
      await w.phone.press('Done');
      await asked();
      await w.phone.approve();
      await w.outcome();
      await w.phone.press('Done');
      expect(posted()).toEqual([`${NAME}/${PASSWORD}`, `${NAME}/${PASSWORD}`]);
      for (const popup of [a, b]) await w.says(popup, 'Signed in');
      await a.close();
    } finally {
      w.desktop = mine;
      await other.close();
    }
  });

  test('a phone that was set back does not know the computer any more: scan again, and no alarm', async () => {
    const before = await links();
    await signInByCall();
    await signInByCall();
    await links(before);
    await w.phone.page.reload();
    await w.phone.unlock();
    await until('the list', () => w.phone.page.$('ul.list'));
    page = await w.desktop.newPage(`${w.sites.origin}/plain`);
    const popup = await w.desktop.openPopup(page);
    await w.says(popup, 'The phone does not know this browser');
    await popup.link();
    expect(await alarm()).toBe(false);
    await popup.close();
    await page.close();
    await w.remember();
    await signInByCall();
  });

  test('a profile on the disk holds no password, during sign-ins and after; of a link it holds what is listed', async () => {
    /** Files of the profile that hold `mark` in a form that a reader would find. */
    const holding = (mark: string): string[] => {
      const forms = [mark, Buffer.from(mark).toString('base64').replace(/=+$/, ''), Buffer.from(mark).toString('hex')];
      const bytes = [...forms.map((form) => Buffer.from(form)), Buffer.from(mark, 'utf16le')];
      return filesOf(profile).filter((path) => {
        const data = ifThere(() => readFileSync(path), Buffer.alloc(0));
        return bytes.some((form) => data.includes(form));
      });
    };
    const own = await w.desktop.newPage(`${w.sites.origin}/plain`);
    const popup = await w.desktop.openPopup(own);
    await asked();
    expect(holding(PASSWORD)).toEqual([]);
    await w.phone.approve();
    await w.outcome();
    expect(holding(PASSWORD)).toEqual([]);
    await w.phone.press('Done');
    await popup.close();
    await own.close();
    await w.desktop.close();
    expect(holding(PASSWORD)).toEqual([]);
    // The phone's name is listed, in the extension's own database and nowhere else.
    const named = holding('Li’s phone');
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(name).toMatch(/IndexedDB\/chrome-extension_iafbdandlnajajocdfhpngcoakkghafb/);
    w.desktop = await chromium(w.build, { profile });
  });

  test('a copied profile is noticed once both were used: neither is answered any more', async () => {
    await w.desktop.close();
    cpSync(profile, join(folder, 'copy'), { recursive: true });
    w.desktop = await chromium(w.build, { profile });
    await signInByCall();
    const copy = await chromium(w.build, { profile: join(folder, 'copy') });
    try {
      w.sites.posted.length = 0;
      page = await copy.newPage(`${w.sites.origin}/plain`);
      const popup = await copy.openPopup(page);
      await w.phone.sees('A trusted computer may have been copied');
      await w.says(popup, 'The phone has seen two copies of this browser');
      expect(await w.phone.page.$('.pass')).toBeNull();
      expect(w.sites.posted).toHaveLength(0);
      // The computer that was copied is not answered either, and the phone says why.
      const own = await w.desktop.newPage(`${w.sites.origin}/plain`);
      const told = await w.desktop.openPopup(own);
      await w.says(told, 'The phone has seen two copies of this browser');
      await told.link();
      await w.phone.press('Computers');
      await w.phone.sees('Two copies of this browser have asked this phone');
      await own.close();
    } finally {
      await copy.close();
    }
  });
});
