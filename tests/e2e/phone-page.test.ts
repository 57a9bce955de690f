// The phone page by itself: first run, locking, the link it was opened by, the steps when the computer is not near, trial.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { buildApp, newShared } from '../../server/app.ts';
import { ownCertificate } from '../../server/http/certificate.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { NAME, PASSWORD, type Sites, startSites } from '../sites/server.ts';
import { chromium, type Desktop } from './chromium.ts';
import { buildFor, type Companion, freePort, hashCheaply, startCompanion, until } from './companion.ts';
import { PASSPHRASE, type Phone, phone } from './phone.ts';
import { follow } from './shown.ts';
import { followVoice } from './voice.ts';

/** A reverse proxy with TLS, which says for whom it speaks. */
async function tlsProxy(target: number, folder: string, port: number, as: () => string): Promise<Server> {
  const { key, cert } = await ownCertificate(folder, ['127.0.0.1']);
  const forward = (headers: NodeJS.Dict<string | string[]>) => ({ ...headers, 'x-forwarded-for': as() });
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const onward = request(
      { host: '127.0.0.1', port: target, path: incoming.url, headers: forward(incoming.headers) },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    onward.end();
  });
  server.on('upgrade', (incoming, socket) => {
    const onward = request({ host: '127.0.0.1', port: target, path: incoming.url, headers: forward(incoming.headers) });
    onward.on('upgrade', (answer, behind) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      behind.pipe(socket).pipe(behind);
      for (const end of [socket, behind]) end.on('error', () => end.destroy());
    });
    onward.on('error', () => socket.destroy());
    onward.end();
  });
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

describe('elsewhere: the computer is not on the phone’s network', () => {
  let companion: Companion;
  let desktop: Desktop;
  let person: Phone;
  let sites: Sites;
  let proxy: Server;
  let build: string;
  const folder = mkdtempSync(join(tmpdir(), 'scankey-tls-'));
  let origin: string;

  beforeAll(async () => {
    const port = await freePort();
    const tlsPort = await freePort();
    origin = `https://127.0.0.1:${tlsPort}`;
    build = await buildFor(port);
    hashCheaply(build);
    companion = await startCompanion(port, ['--public-url', origin, '--trust-proxy', '127.0.0.1']);
    proxy = await tlsProxy(port, folder, tlsPort, () => '198.51.100.7');
    sites = await startSites();
    // The extension reaches the companion directly, from an address that the proxy did not vouch for.
    [desktop, person] = await Promise.all([chromium(build), phone()]);
    await person.visit(origin);
    await person.firstRun();
    await person.press('Add an account');
    await person.addAccount({ site: sites.origin, username: NAME, password: PASSWORD });
  });
  afterAll(async () => {
    await Promise.allSettled([desktop.close(), person.close()]);
    await companion.remove();
    proxy.closeAllConnections();
    proxy.close();
    sites.close();
    for (const path of [folder, build]) rmSync(path, { recursive: true, force: true });
  });

  beforeEach(() => {
    sites.posted.length = 0;
  });

  test('a link that was opened asks for the page’s own camera, six typed digits and ten seconds', async () => {
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    const link = await popup.link();
    expect(link.startsWith(`${origin}/#`)).toBe(true);
    await person.page.evaluate((to) => {
      location.href = to;
    }, link);
    // R23: the code is gone from the address before anything else, and lies nowhere.
    await until('no fragment', () => person.page.evaluate(() => location.hash === ''));
    const kept = await person.page.evaluate(() =>
      JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, history.state]),
    );
    expect(kept).not.toContain(link.split('#')[1]);
    await person.page.waitForSelector('.pass');
    await person.sees('on another network');
    await person.sees('Scan the code on the screen');
    expect(await person.page.$('.actions button.primary:not(:disabled)')).toBeNull();
    // The popup keeps the code on screen for that.
    person.show(await popup.picture());
    await person.press('Open the camera');
    await person.sees('Type the number that the computer shows');
    expect(await person.page.$('.actions button.primary:not(:disabled)')).toBeNull();
    const digits = await until('the number', async () => /(\d{3}) (\d{3})/.exec(await popup.text()) ?? undefined);
    await person.type('digits', '000000');
    await person.press('Check');
    await person.sees('Tries left: 2');
    await person.type('digits', digits.slice(1).join(''));
    await person.press('Check');
    const shown = await follow(person.page);
    const voice = await followVoice(person.page);
    await person.page.evaluate(() => {
      const begun: string[] = [];
      addEventListener('focusin', ({ target }) => begun.push((target as Element).textContent));
      Object.assign(window, { begun });
    });
    const before = Date.now();
    await person.approve();
    await until('the popup knows that it is confirmed', async () => (await popup.text()).includes('Confirmed on'));
    expect(await popup.text()).not.toContain(digits[0]);
    await person.page.waitForSelector('[data-outcome=signed-in]');
    expect(Date.now() - before).toBeGreaterThan(10_000);
    await shown('s from now');
    // The seconds are counted for the eye.
    expect((await voice.heard()).said.filter((text) => text.includes('s from now'))).toHaveLength(1);
    const begun = await person.page.evaluate(() => (window as unknown as { begun: string[] }).begun);
    expect(begun).toContain('About to sign in');
    // A computer that may be anybody's is not remembered: neither screen offers it.
    await until('the popup says how it went', async () => (await popup.text()).includes('Signed in'));
    for (const screen of [await popup.text(), await person.text()]) expect(screen).not.toContain('Trust this');
    expect(sites.posted.map(String)).toEqual([new URLSearchParams({ user: NAME, password: PASSWORD }).toString()]);
    await person.press('Done');
    await page.close();
  });

  test('three wrong numbers end the sign-in for both', async () => {
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await popup.link();
    person.show(await popup.picture());
    await person.scan();
    for (const left of ['Tries left: 2', 'Tries left: 1', '']) {
      await person.type('digits', '000000');
      await person.press('Check');
      if (left) await person.sees(left);
    }
    await person.page.waitForSelector('[data-outcome=digits-wrong]');
    await until('the popup says so', async () => (await popup.text()).includes('The number was wrong three times'));
    expect(sites.posted).toHaveLength(0);
    expect(person.violations).toEqual([]);
    await page.close();
  });
});

describe('the page', () => {
  let companion: Companion;
  let person: Phone;
  let build: string;
  beforeAll(async () => {
    const port = await freePort();
    build = await buildFor(port);
    companion = await startCompanion(port);
    person = await phone({ width: 320 });
    await person.visit(companion.origin);
    await person.firstRun();
  });
  afterAll(async () => {
    await person.close();
    await companion.remove();
    rmSync(build, { recursive: true, force: true });
  });

  /** A phone without a vault, for one test. */
  async function freshPhone(): Promise<Phone> {
    const one = await phone({ width: 320 });
    onTestFinished(() => one.close());
    await one.visit(companion.origin);
    return one;
  }

  test('a passphrase must be long enough and typed twice alike', async () => {
    const person = await freshPhone();
    await person.type('passphrase', 'short');
    await person.type('repeat', 'short');
    await person.page.locator('button[type=submit]').click();
    await person.sees('at least 10 characters');
    await person.type('passphrase', PASSPHRASE);
    await person.type('repeat', `${PASSPHRASE}.`);
    await person.page.locator('button[type=submit]').click();
    await person.sees('are not the same');
    await person.firstRun();
    await person.sees('No accounts yet');
  });

  test('accounts are added, changed and deleted, and survive a reload', async () => {
    const person = await freshPhone();
    await person.firstRun();
    await person.press('Add an account');
    await person.type('site', 'not an address at all');
    await person.type('password', 'x');
    await person.page.locator('button[type=submit]').click();
    await person.sees('This is not a web address');
    await person.type('site', 'example.com');
    await person.type('username', 'ann');
    await person.press('Generate');
    const made = await person.page.$eval('#password', (field) => (field as HTMLInputElement).value);
    expect(made).toHaveLength(20);
    await person.page.locator('button[type=submit]').click();
    await person.page.waitForSelector('.lines');
    await person.sees('ann');
    await person.page.reload();
    await person.unlock();
    await person.page.locator('.list button').click();
    await person.press('Edit');
    await person.page.waitForSelector('#password');
    expect(await person.page.$eval('#password', (field) => (field as HTMLInputElement).value)).toBe(made);
    await person.type('username', 'bob');
    await person.type('password', 'another word');
    await person.page.locator('button[type=submit]').click();
    await person.page.waitForSelector('.lines');
    await person.sees('bob');
    // The password before is kept.
    await person.sees('Earlier passwords: 1');
    // Ten seconds last until the page is loaded anew.
    await person.page.evaluate(() => {
      const real = window.setTimeout;
      window.setTimeout = ((work: () => void, ms = 0) => (ms === 10_000 ? 0 : real(work, ms))) as typeof setTimeout;
    });
    await person.press('Edit');
    await person.press('Delete this account');
    await person.sees('No accounts yet');
    await person.press('Undo');
    await person.sees('bob');
    await person.page.locator('.list button').click();
    await person.press('Edit');
    await person.press('Delete this account');
    await person.sees('No accounts yet');
  });

  test('a wrong passphrase slows the next try down and loses nothing', async () => {
    await person.press('Lock');
    const mayTry = () => person.page.waitForSelector('button[type=submit]:not(:disabled)');
    const tryInVain = async () => {
      await person.unlock('not the passphrase');
      await until('refused', async () => /does not open|Too many wrong tries/.test(await person.text()));
    };
    for (let i = 0; i < 3; i++) {
      await mayTry();
      await tryInVain();
    }
    await mayTry();
    // A try takes as long as it takes: by the page's clock no time passes, and the next has still to wait.
    await person.page.evaluate(() => {
      const { now } = Date;
      const at = now();
      Date.now = () => at;
      Object.assign(window, { goOn: () => Object.assign(Date, { now }) });
    });
    const voice = await followVoice(person.page);
    await tryInVain();
    await person.sees('Too many wrong tries');
    // The seconds are counted for the eye; an alert would be heard with each.
    expect(await person.page.$$eval('[role=alert]', (all) => all.map((one) => one.textContent).join(''))).toBe('');
    expect(await person.page.$('button[type=submit]:disabled')).not.toBeNull();
    await person.page.evaluate(() => (window as unknown as { goOn(): void }).goOn());
    await mayTry();
    const { said } = await voice.heard();
    expect(said.filter((text) => text.includes('Too many wrong tries'))).toHaveLength(1);
    await person.unlock();
    await person.sees('Accounts');
  });

  test('the vault locks a minute after it was last used', async () => {
    await person.page.evaluate(() => {
      const real = Date.now;
      Date.now = () => real() + 61_000;
    });
    await person.sees('Unlock your vault');
    await person.page.reload();
    await person.unlock();
    await person.sees('Accounts');
  });

  test('a text that is no code, and a code of another companion, are told apart', async () => {
    await person.page.evaluate(() => {
      location.hash = 'NOTACODE';
    });
    await person.sees('This is not a Scankey code');
    const margins = await person.page.$eval('[role=alert] .notice', (told) => {
      const { left, right } = told.getBoundingClientRect();
      return [left, innerWidth - right];
    });
    expect(margins).toEqual([16, 16]);
    expect(await person.page.evaluate(() => location.hash)).toBe('');
  });

  test('it asks nobody but its own companion, and breaks no policy', async () => {
    await person.page.reload();
    await person.unlock();
    await person.sees('Accounts');
    expect(person.requests.filter((url) => !url.startsWith(`${companion.origin}/`) && url !== 'about:blank')).toEqual(
      [],
    );
    expect(person.violations).toEqual([]);
  });

  test('a camera with a lamp and a lens is lit and brought nearer, and comes back when the system has taken it away', async () => {
    const one = await phone();
    try {
      await one.page.evaluateOnNewDocument(() => {
        const asked: MediaTrackConstraints[] = [];
        Object.assign(window, { asked });
        const able = { torch: true, zoom: { min: 1, max: 5, step: 0.5 } } as MediaTrackCapabilities;
        MediaStreamTrack.prototype.getCapabilities = () => able;
        MediaStreamTrack.prototype.applyConstraints = async (how = {}) => void asked.push(how);
      });
      const asked = () => one.page.evaluate(() => (window as unknown as { asked: unknown[] }).asked.splice(0));
      await one.visit(companion.origin);
      await one.firstRun();
      await one.press('Scan');
      const lit = () => one.page.$eval('.camera-controls button', (button) => button.ariaPressed);
      for (const torch of [true, false]) {
        await one.press('Light');
        expect(await asked()).toEqual([{ advanced: [{ torch }] }]);
        expect(await lit()).toBe(String(torch));
      }
      await one.page.focus('.camera-controls input');
      await one.page.keyboard.press('ArrowRight');
      expect(await asked()).toEqual([{ advanced: [{ zoom: 1.5 }] }]);
      const trackIs = (end: boolean) =>
        one.page.$eval(
          'video',
          (video, stop) => {
            const [track] = (video.srcObject as MediaStream | null)?.getVideoTracks() ?? [];
            if (stop) track?.stop();
            return track?.readyState;
          },
          end,
        );
      expect(await trackIs(true)).toBe('ended');
      await until('the camera is back', async () => (await trackIs(false)) === 'live');
    } finally {
      await one.close();
    }
  });

  test('it cannot be framed', async () => {
    const sites = await startSites();
    const page = await await person.page.browser().newPage();
    await page.goto(`${sites.origin}/nothing`);
    const framed = await page.evaluate(async (src) => {
      const frame = document.createElement('iframe');
      frame.src = src;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve));
      return frame.contentDocument === null;
    }, companion.origin);
    expect(framed).toBe(true);
    const inner = page.frames().find((frame) => frame !== page.mainFrame());
    expect(await inner?.$('#app')).toBeNull();
    await page.close();
    sites.close();
  });

  test('nothing of an account is readable in what the phone keeps', async () => {
    // A page that lay below another for a second is locked.
    await person.page.reload();
    await person.unlock();
    await person.press('Add an account');
    await person.addAccount({
      site: 'https://mark-7f3a.example',
      username: 'MARK-7f3a-name',
      password: 'MARK-7f3a-word',
    });
    const kept = await person.page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const open = indexedDB.open('scankey');
        open.onsuccess = () => resolve(open.result);
      });
      const all = await new Promise<unknown[]>((resolve) => {
        const get = db.transaction('phone').objectStore('phone').getAll();
        get.onsuccess = () => resolve(get.result);
      });
      const text = (value: unknown): string =>
        value instanceof Uint8Array
          ? new TextDecoder('latin1').decode(value)
          : Array.isArray(value)
            ? value.map(text).join()
            : JSON.stringify(value);
      return text(all) + JSON.stringify({ ...localStorage });
    });
    expect(kept.length).toBeGreaterThan(4000);
    expect(kept.toLowerCase()).not.toContain('mark-7f3a');
  });
});

test('with a certificate of its own the companion is a trial of three accounts, and says so on every screen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-trial-'));
  const build = await buildFor(await freePort());
  const tls = await ownCertificate(folder, ['127.0.0.1']);
  const store = openSqlite(':memory:');
  const settings = {
    hosts: [] as string[],
    phoneOrigin: '',
    pageOrigins: [],
    extensionIds: [],
    trial: true,
    phonePage: join(build, 'phone'),
  };
  const pusher = new Pusher(newPushKeys(), { contact: 'https://scankey.example' });
  const app = await buildApp(settings, newShared(store, pusher), { tls });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  settings.hosts.push(`127.0.0.1:${port}`);
  const person = await phone();
  try {
    await person.visit(`https://127.0.0.1:${port}`);
    await person.sees('Trial:');
    await person.firstRun();
    // The browser would install it.
    const offered = await person.page.evaluate(() =>
      dispatchEvent(new Event('beforeinstallprompt', { cancelable: true })),
    );
    expect(offered).toBe(false);
    // Nothing of a trial outlives its certificate, and nothing that matters is moved into it.
    expect(await person.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    await person.press('Settings');
    await person.sees('Password check');
    expect(await person.text()).not.toMatch(/Backup|Import|Export/);
    await person.press('Accounts');
    for (const name of ['a', 'b', 'c', 'd']) {
      await person.sees('Trial:');
      expect(await person.text()).not.toContain('Install');
      await person.press('Add an account');
      const added = person.addAccount({ site: 'https://example.com', username: name, password: 'x' });
      if (name !== 'd') await added;
      else {
        added.catch(() => {});
        await person.sees('keeps three accounts');
      }
    }
  } finally {
    await person.close();
    await app.close();
    store.close();
    for (const path of [folder, build]) rmSync(path, { recursive: true, force: true });
  }
});
