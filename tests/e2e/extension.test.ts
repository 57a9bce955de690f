// What the extension is and keeps: permissions, storage, bundles, requests, and what a page can notice of it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import phone from '../../src/ui/locales/en/phone.ts';
import popup from '../../src/ui/locales/en/popup.ts';
import signIn from '../../src/ui/locales/en/sign-in.ts';
import { PARTS } from '../../vite.config.ts';
import { NAME, PASSWORD } from '../sites/server.ts';
import { AxePuppeteer } from './axe.ts';
import type { chromium, Popup } from './chromium.ts';
import { ROOT, until } from './companion.ts';
import { sourcesArchive, storeArchive, unpack } from './packages.ts';
import { read } from './phone.ts';
import { type World, world } from './world.ts';

/** Every file of a build, by its path in it. */
const packed = (part: string, root = ROOT): string[] =>
  readdirSync(join(root, 'dist', part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, 'dist', part), join(entry.parentPath, entry.name)))
    .sort();

describe('what is shipped', () => {
  const files = (part: string) => packed(part).filter((name) => /\.(js|html|json|css)$/.test(name));
  const read = (browser: string, name: string) => readFileSync(join(ROOT, 'dist', browser, name), 'utf8');

  test.each(['chrome', 'firefox'])('%s: no hosts, five permissions, nothing that a page could ask for', (browser) => {
    const manifest = JSON.parse(read(browser, 'manifest.json'));
    // Chromium wires `webRequest` up only if it is declared here; without the person's click or a site's permission it sees nothing.
    expect(manifest.permissions).toEqual(['activeTab', 'scripting', 'storage', 'alarms', 'webRequest']);
    expect(manifest.optional_permissions).toEqual(['webRequestAuthProvider']);
    for (const key of ['host_permissions', 'content_scripts', 'web_accessible_resources', 'externally_connectable'])
      expect(manifest[key], key).toBeUndefined();
    expect(manifest.content_security_policy.extension_pages).toContain("default-src 'none'; script-src 'self'");
    expect(manifest.content_security_policy.extension_pages).not.toContain('upgrade-insecure-requests');
  });

  test.each(['chrome', 'firefox'])('%s: background and content scripts are one classic script each', (browser) => {
    const scripts = files(browser).filter((name) => name.endsWith('.js'));
    // Besides them: what its pages load, which no web page may ask for.
    const pages = ['options.js', 'popup.js', 'welcome.js'];
    expect(scripts.filter((name) => !/^shared\d*\.js$/.test(name))).toEqual([
      'arrival.js',
      'background.js',
      'content.js',
      ...pages,
    ]);
    for (const name of ['arrival.js', 'background.js', 'content.js']) {
      // A function of no module has neither imports nor exports to load anything by.
      expect(() => new Script(read(browser, name)), name).not.toThrow();
      expect(/\bimport\s*\(/.test(read(browser, name)), name).toBe(false);
    }
    const { background } = JSON.parse(read(browser, 'manifest.json'));
    expect(background).toEqual(
      browser === 'chrome' ? { service_worker: 'background.js' } : { scripts: ['background.js'] },
    );
  });

  test.each(['chrome', 'firefox', 'phone'])('%s: no remote code, no eval, no inline script', (browser) => {
    for (const name of files(browser)) {
      const text = read(browser, name);
      expect(text, name).not.toMatch(
        /\beval\(|new Function\(|importScripts|document\.write\(|innerHTML|sourceMappingURL/,
      );
      if (name.endsWith('.html')) {
        expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style=|https?:\/\//);
      }
    }
  });

  test('the archive of the sources, unpacked elsewhere, builds the same bytes of every part, and packs the same archives', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'scankey-sources-'));
    const beside = join(ROOT, 'left-lying.key');
    try {
      writeFileSync(beside, 'to sign with');
      // Once: other tests may leave something in this tree meanwhile.
      const sources = sourcesArchive();
      unpack(sources, elsewhere);
      expect(existsSync(join(elsewhere, 'package.json'))).toBe(true);
      expect(existsSync(join(elsewhere, 'left-lying.key'))).toBe(false);
      // What `npm ci` would put there, by the lock file.
      symlinkSync(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'));
      const companion = readFileSync(join(ROOT, 'dist/companion'), 'utf8');
      const work = `const { buildAll } = await import('./scripts/build.mjs');
        await buildAll(${JSON.stringify(companion)});
        const { sourcesArchive, storeArchive } = await import('./scripts/archives.mjs');
        const { writeFileSync } = await import('node:fs');
        writeFileSync('sources.zip', sourcesArchive());
        for (const one of ['chrome', 'firefox']) writeFileSync(one + '.zip', await storeArchive(one, 'dist/' + one));`;
      execFileSync(process.execPath, ['--input-type=module', '-e', work], { cwd: elsewhere, stdio: ['ignore', 2, 2] });
      const again = (name: string) => readFileSync(join(elsewhere, name));
      for (const part of PARTS) {
        const differs = (name: string) =>
          !again(join('dist', part, name)).equals(readFileSync(join(ROOT, 'dist', part, name)));
        expect(packed(part, elsewhere), part).toEqual(packed(part));
        expect(packed(part).filter(differs), part).toEqual([]);
      }
      for (const one of ['chrome', 'firefox'] as const)
        expect(again(`${one}.zip`).equals(await storeArchive(one, join(ROOT, 'dist', one))), one).toBe(true);
      expect(again('sources.zip').equals(sources)).toBe(true);
    } finally {
      rmSync(beside, { force: true });
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  test('Chrome’s archive is Edge’s: neither the key nor the address of updates that both refuse, and a name of neither', async () => {
    const files = unzipSync(await storeArchive('chrome', join(ROOT, 'dist/chrome')));
    const textOf = (name: string) => Buffer.from(files[name] ?? []).toString();
    const manifest = JSON.parse(textOf('manifest.json'));
    for (const key of ['key', 'update_url', 'browser_specific_settings']) expect(manifest[key], key).toBeUndefined();
    expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const name of Object.keys(files).filter((one) => one.endsWith('messages.json'))) {
      const said = Object.values<{ message: string }>(JSON.parse(textOf(name))).map(({ message }) => message);
      expect(said.join('\n'), name).not.toMatch(/chrome|edge|firefox/i);
      // Chrome's store takes no longer ones.
      expect(
        said.filter((message) => message.length > 132),
        name,
      ).toEqual([]);
    }
  });

  test('the popup draws before anything is sealed: it carries none of the sealing', () => {
    const scripts = files('chrome').filter((name) => /^(popup|shared\d*)\.js$/.test(name));
    // The label of RFC 9180, and the cipher of every seal.
    const sealing = /HPKE-v1|AES-GCM/;
    expect(read('chrome', 'background.js')).toMatch(sealing);
    for (const name of scripts) expect(read('chrome', name), name).not.toMatch(sealing);
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(read('chrome', name), { level: 9 }).length, 0);
    expect(bytes).toBeLessThan(48 * 1024);
  });

  test('what is injected into a page is 24.5 KiB at most, gzipped', () => {
    const { length } = execFileSync('gzip', ['-9c', join(ROOT, 'dist/chrome/content.js')]);
    expect(length).toBeLessThanOrEqual(24.5 * 1024);
  });

  const pages = { chrome: popup, phone, 'sign-in': signIn };
  test.each(Object.keys(pages) as (keyof typeof pages)[])('%s: its own sentences, and no other page’s', (own) => {
    const scripts = files(own).filter((name) => name.endsWith('.js'));
    const text = scripts.map((name) => read(own, name)).join('\n');
    const sentencesOf = (page: keyof typeof pages) =>
      Object.values<unknown>(pages[page]).filter((one) => typeof one === 'string' && one.length > 40);
    const others = (['chrome', 'phone', 'sign-in'] as const).filter((page) => page !== own).flatMap(sentencesOf);
    expect(sentencesOf(own).filter((one) => !text.includes(String(one)))).toEqual([]);
    expect(others.filter((one) => !sentencesOf(own).includes(one) && text.includes(String(one)))).toEqual([]);
  });

  test('phone: no language waits for a file that waits for it, and would begin without what that has to say', () => {
    const scripts = files('phone').filter((name) => /^assets\/[^/]+\.js$/.test(name));
    const wants = new Map(
      scripts.map((name) => {
        const imports = read('phone', name).matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g);
        return [name, [...imports].map(([, one]) => `assets/${one}`)];
      }),
    );
    const leadsTo = (name: string, found = new Set<string>()): Set<string> => {
      for (const one of wants.get(name) ?? []) if (!found.has(one) && found.add(one)) leadsTo(one, found);
      return found;
    };
    const languages = scripts.filter((name) => name.includes('/language-'));
    expect(languages.length).toBeGreaterThan(3);
    expect(languages.filter((name) => leadsTo(name).has(name))).toEqual([]);
  });

  test('the content script draws nothing and listens to no message', () => {
    const script = read('chrome', 'content.js');
    expect(script).not.toMatch(
      /createElement|appendChild|\.append\(|insertAdjacent|attachShadow|onMessage|addEventListener\("message"|postMessage|chrome\.|browser\./,
    );
  });
});

describe('while it signs in', () => {
  let w: World;
  beforeAll(async () => {
    w = await world('chromium');
  });
  afterAll(() => w.close());

  test('no password lies in any storage at any state, and session secrets are gone at the end', async () => {
    const { worker } = w.desktop as Awaited<ReturnType<typeof chromium>>;
    const dump = async () =>
      (await worker()).evaluate(async () =>
        JSON.stringify([await chrome.storage.session.get(null), await chrome.storage.local.get(null)]),
      );
    const seen: string[] = [];
    const { popup, page } = await w.begin('/plain');
    await popup.link();
    seen.push(await dump());
    await w.scan(popup);
    seen.push(await dump());
    await w.phone.approve();
    await until('posted', () => w.sites.posted.length > 0);
    seen.push(await dump());
    await w.outcome();
    await w.says(popup, 'Signed in');
    seen.push(await dump());
    for (const text of seen) expect(text).not.toContain(PASSWORD);
    const [session, local] = JSON.parse(seen.at(-1) ?? '[]') as [
      Record<string, { keys?: unknown; hello?: unknown }>,
      object,
    ];
    const signIns = Object.entries(session).filter(([key]) => key.startsWith('sign-in:'));
    expect(signIns).toHaveLength(1);
    expect(signIns[0]?.[1].keys).toBeNull();
    expect(signIns[0]?.[1].hello).toBeUndefined();
    expect(Object.keys(local)).toEqual(['companion']);
    await page.close();
    await until('the sign-in is forgotten', async () => !(await dump()).includes('sign-in:'));
    await w.tidy(page);
  });

  test('the companion’s database, log and sealed messages never hold a name, a site or a password', async () => {
    const { popup, page } = await w.begin('/plain');
    await w.scan(popup);
    await w.phone.approve();
    await w.outcome();
    await w.tidy(page);
    const everything =
      readdirSync(w.companion.data)
        .map((name) => readFileSync(join(w.companion.data, name), 'latin1'))
        .join('') + w.companion.log();
    const marks = [NAME, PASSWORD, new URL(w.sites.origin).host, 'Li’s phone'];
    for (const mark of marks)
      for (const form of [
        mark,
        Buffer.from(mark).toString('base64').replace(/=+$/, ''),
        Buffer.from(mark).toString('hex'),
        Buffer.from(mark, 'utf16le').toString('latin1'),
      ])
        expect(everything.includes(form), `${mark} as ${form}`).toBe(false);
    expect(w.companion.log()).not.toMatch(/"(sid|token|tokenHash|m|url|remoteAddress)"/);
    expect(w.companion.log()).toContain('"route":"/v1/companion"');
  });

  test('a page notices nothing before, and no element of ours ever', async () => {
    const page = await w.desktop.newPage(`${w.sites.origin}/plain`);
    const { id } = w.desktop as Awaited<ReturnType<typeof chromium>>;
    const everyFile = packed('chrome');
    expect(everyFile).toContain('src/popup/popup.html');
    const probe = () =>
      page.evaluate(
        async (extension, names) => {
          const loads = await Promise.all(
            names.map((name) =>
              fetch(`chrome-extension://${extension}/${name}`).then(
                () => 'there',
                () => 'no',
              ),
            ),
          );
          return JSON.stringify([
            loads,
            document.documentElement.outerHTML,
            Object.keys(window).filter((key) => /scan/i.test(key)),
          ]);
        },
        id,
        everyFile,
      );
    const before = await probe();
    expect(before).toContain(JSON.stringify(everyFile.map(() => 'no')));
    const popup = await w.desktop.openPopup(page);
    await popup.link();
    expect(await probe()).toBe(before);
    // Whatever the page says, nobody of ours listens.
    await page.evaluate((extension) => {
      for (let i = 0; i < 50; i++) {
        window.postMessage({ t: 'open', tabId: 1 }, '*');
        document.dispatchEvent(new CustomEvent('scankey', { detail: {} }));
      }
      return 'chrome' in window && 'runtime' in (window as unknown as { chrome: object }).chrome
        ? extension
        : 'no way to us';
    }, id);
    expect(await probe()).toBe(before);
    await popup.close();
    await page.close();
  });

  test('the background takes messages from its own pages alone', async () => {
    const { worker } = w.desktop as Awaited<ReturnType<typeof chromium>>;
    const page = await w.desktop.newPage(`${w.sites.origin}/plain`);
    const popup = await w.desktop.openPopup(page);
    await popup.link();
    // A content script of ours, as a compromised renderer would speak.
    const answer = await (await worker()).evaluate(async () => {
      const [tab] = await chrome.tabs.query({ active: true });
      const [result] = await chrome.scripting.executeScript({
        target: { tabId: tab?.id ?? 0 },
        func: () =>
          chrome.runtime.sendMessage({ t: 'renew', tabId: 1 }).then(
            (reply: unknown) => JSON.stringify(reply ?? null),
            () => 'no reply',
          ),
      });
      const session = await chrome.scripting.executeScript({
        target: { tabId: tab?.id ?? 0 },
        func: () =>
          chrome.storage.session.get(null).then(
            () => 'read',
            () => 'refused',
          ),
      });
      return [result?.result, session[0]?.result];
    });
    expect(['null', 'no reply', undefined]).toContain(answer[0]);
    expect(answer[1]).toBe('refused');
    await popup.close();
    await page.close();
  });

  test('a confirmation needs a person’s own tap, on a button that has been in sight', async () => {
    const { popup, page } = await w.begin('/plain');
    await w.scan(popup);
    await w.phone.page.waitForSelector('.actions button.primary:not(:disabled)');
    // Synthetic clicks, whenever; and a real one on a button that has only just appeared.
    await w.phone.page.evaluate(() => (document.querySelector('.actions button.primary') as HTMLButtonElement).click());
    await read(w.phone.page);
    await w.phone.page.evaluate(() => (document.querySelector('.actions button.primary') as HTMLButtonElement).click());
    // It has only just come back to sight, by the page's clock, however long the tap takes to get there.
    await w.phone.page.evaluate(() => {
      const { now } = performance;
      const at = performance.now();
      performance.now = () => at;
      Object.assign(window, { goOn: () => Object.assign(performance, { now }) });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await w.phone.page.click('.actions button.primary');
    await w.phone.page.evaluate(() => (window as unknown as { goOn(): void }).goOn());
    // None of them counted: the button is still there to be tapped, and what is sent is sent once.
    await w.phone.approve();
    await w.outcome();
    expect(w.sites.posted).toHaveLength(1);
    await w.tidy(page);
  });
});

test('in a whole sign-in the computer asks the site and the companion, and nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-net-'));
  const netLog = join(folder, 'net.json');
  const w = await world('chromium', { netLog });
  const allowed = [w.sites.origin, `http://localhost:${w.network.port}`, `ws://localhost:${w.network.port}`];
  const { popup } = await w.begin('/plain');
  await w.scan(popup);
  await w.phone.approve();
  expect(await w.outcome()).toBe('signed-in');
  await w.close();
  // Chromium asks its maker for things of its own; what counts is what the extension and the page asked for.
  const { events } = JSON.parse(readFileSync(netLog, 'utf8')) as {
    events: { params?: { url?: string; initiator?: string } }[];
  };
  const urls = events.flatMap(({ params }) =>
    params?.url && /^(chrome-extension|http):\/\//.test(params.initiator ?? '') ? [params.url] : [],
  );
  rmSync(folder, { recursive: true, force: true });
  expect(urls.some((url) => url.startsWith('ws:'))).toBe(true);
  expect(urls.some((url) => url.endsWith('/v1/companion'))).toBe(true);
  expect([...new Set(urls)].filter((url) => !allowed.some((origin) => url.startsWith(`${origin}/`)))).toEqual([]);
});

test('another companion is used only if one answers there, and as long as its phone page is the one that is known', async () => {
  const w = await world('chromium');
  try {
    const { popup } = await w.begin('/plain');
    const { popupPage } = w.desktop as Awaited<ReturnType<typeof chromium>>;
    const page = await popupPage();
    await popup.click('Settings');
    const enter = async (address: string) => {
      const field = await page.waitForSelector('#relay');
      await field?.click({ count: 3 });
      await field?.type(address);
      await page.keyboard.press('Enter');
    };
    const inForce = () => page.$eval('#relay', (field) => (field as HTMLInputElement).value);
    await page.waitForSelector('#relay');
    const before = await inForce();
    await enter('http://localhost:9');
    await w.says(popup, 'Can’t reach your Scankey server (http://localhost:9)');
    // What was refused is not taken for the one in force.
    await popup.click('Back');
    await popup.click('Settings');
    await page.waitForSelector('#relay');
    expect(await inForce()).toBe(before);
    expect(await popup.text()).not.toContain('http://localhost:9');
    await enter(w.companion.origin);
    await w.says(popup, 'This server is in use now');
    await popup.click('Back');
    await w.scan(popup);
    await w.phone.approve();
    expect(await w.outcome()).toBe('signed-in');
    const list = join(ROOT, `.cache/build-${w.companion.port}/phone/build.json`);
    const was = readFileSync(list, 'utf8');
    // A companion serves the page of its start.
    const serves = async (text: string) => {
      writeFileSync(list, text);
      await w.companion.stop();
      await w.companion.start();
    };
    await serves(was.replace('{', '{ '));
    const wrong = await w.begin('/plain');
    await w.says(wrong.popup, 'The page that this server gives phones is none that this version of Scankey knows');
    await serves(was);
    await wrong.popup.click('Show a new code');
    await wrong.popup.link();
  } finally {
    await w.close();
  }
});

const screens = [
  { name: 'en light', look: { scale: 2 } },
  { name: 'en dark', look: { scale: 2, dark: true } },
  { name: 'zh-CN light', look: { scale: 2, lang: 'zh-CN' } },
] as const;

describe.each(screens)('screens: $name', ({ name, look }) => {
  let w: World;
  beforeAll(async () => {
    w = await world('chromium', look);
  });
  afterAll(() => w.close());
  beforeEach(() => w.forgetPhones());

  test('every screen of popup and phone is accessible, and speaks its language', async () => {
    const axe = new AxePuppeteer(join(ROOT, 'out/screens', name.replace(' ', '-')));
    const { popupPage } = w.desktop as Awaited<ReturnType<typeof chromium>>;
    await axe.check(w.phone.page, 'phone-list');
    const { popup, page } = await w.begin('/plain');
    await popup.link();
    await axe.check(await popupPage(), 'popup-code', await popup.picture());
    await w.scan(popup);
    await axe.check(w.phone.page, 'phone-approve');
    await axe.check(await popupPage(), 'popup-asking', await popup.picture());
    await w.phone.approve();
    await w.outcome();
    await axe.check(w.phone.page, 'phone-end');
    await axe.check(await popupPage(), 'popup-end', await popup.picture());
    await w.phone.page.locator('main .actions button').click();
    await w.phone.page.locator('header .add').click();
    await w.phone.page.waitForSelector('#site');
    await axe.check(w.phone.page, 'phone-edit');
    await w.phone.page.setViewport({ width: 320, height: 640, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    const wide = await w.phone.page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(320);
    await axe.check(w.phone.page, 'phone-edit-320');
    const small = await w.phone.page.$$eval('button, select, input:not([type=radio])', (all) =>
      all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML),
    );
    expect(small).toEqual([]);
    if (look === screens[2].look) {
      const texts = [await w.phone.text(), await popup.text()].join('');
      expect(texts).toMatch(/登录|账号|网站/);
      expect(texts).not.toMatch(/Sign in|Account|Cancel|Save/);
    }
    await w.tidy(page);
  });

  test('so is every screen of remembered browsers', async () => {
    const axe = new AxePuppeteer(join(ROOT, 'out/screens', name.replace(' ', '-')));
    const { popupPage } = w.desktop as Awaited<ReturnType<typeof chromium>>;
    const { page: phone } = w.phone;
    let texts = '';
    const shoot = async (what: string, popup?: Popup) => {
      await axe.check(phone, `phone-${what}`);
      texts += await w.phone.text();
      if (!popup) return;
      await axe.check(await popupPage(), `popup-${what}`, await popup.picture());
      texts += await popup.text();
      // A popup is one frame.
      const height = await (await popupPage()).evaluate(() => document.documentElement.scrollHeight);
      expect(height, what).toBe(520);
    };
    const inPopup = async (selector: string) => (await popupPage()).locator(selector).click();
    await phone.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    const first = await w.begin('/plain');
    await w.scan(first.popup);
    await w.phone.approve();
    await w.outcome();
    await phone.locator('.remember button.primary').click();
    await until('asked', async () => (await (await popupPage()).$('.actions .primary')) !== null);
    await shoot('remember', first.popup);
    await inPopup('.actions .primary');
    await phone.waitForSelector('.notice.good');
    await shoot('remembered', first.popup);
    await inPopup('header button');
    await axe.check(await popupPage(), 'popup-settings', await first.popup.picture());
    texts += await first.popup.text();
    await first.popup.close();
    await phone.locator('main .actions button').click();
    await phone.locator('nav .computers').click();
    await phone.waitForSelector('.computers');
    await shoot('computers');
    await phone.locator('nav .list').click();
    await first.page.close();
    // A call, and what it looks like when it was declined.
    await phone.locator('header .lock').click();
    const second = await w.begin('/plain');
    await until('ringing', async () => (await (await popupPage()).$('.steps li:nth-child(2)[aria-current]')) !== null);
    await phone.waitForSelector('main .notice');
    await shoot('ringing', second.popup);
    await w.phone.unlock();
    await phone.waitForSelector('.pass');
    await shoot('called', second.popup);
    await phone.locator('.actions button:not(.primary)').click();
    await phone.waitForSelector('[data-outcome]');
    await until('the code again', async () => (await (await popupPage()).$('svg.code')) !== null);
    await shoot('declined', second.popup);
    // The options page shows phones and sites, and takes them back.
    await w.signInByItself(true);
    const options = await w.desktop.newPage(
      `chrome-extension://${(w.desktop as Awaited<ReturnType<typeof chromium>>).id}/src/popup/options.html`,
    );
    await options.waitForSelector('section:nth-of-type(2) li');
    await axe.check(options, 'options');
    texts += await options.evaluate(() => document.body.innerText);
    await options.locator('section:nth-of-type(2) li button').click();
    await options.waitForFunction(() => document.querySelectorAll('section').length === 2);
    await options.close();
    await second.page.bringToFront();
    await second.popup.close();
    await phone.locator('main .actions button').click();
    // Typed by hand, and offered.
    await second.page.bringToFront();
    await second.page.type('[name=user]', NAME);
    await second.page.type('[name=password]', PASSWORD);
    await second.page.click('button');
    await until('an offer', () =>
      w.desktop.inExtension(async () =>
        Object.keys(await chrome.storage.session.get(null)).some((key) => key.startsWith('offer:')),
      ),
    );
    const third = await w.desktop.openPopup(second.page);
    await until('the offer is shown', async () => (await (await popupPage()).$('.actions .primary')) !== null);
    await shoot('offer', third);
    await third.close();
    const fourth = await w.begin('/sign-up');
    await fourth.popup.link();
    await shoot('sign-up', fourth.popup);
    w.phone.show(await fourth.popup.picture());
    await w.phone.scan();
    await phone.waitForSelector('.secret');
    await shoot('new-password');
    if (look === screens[2].look) expect(texts).not.toMatch(/[Tt]rust|[Cc]omputer|Remove|Save|Send request/);
    await phone.locator('.actions button:not(.primary)').click();
    await w.tidy(fourth.page);
  });
});
