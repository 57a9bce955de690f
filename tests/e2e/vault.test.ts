// The vault as a person lives with it, on a phone-sized Chromium and a real companion: moving in, backup, a second phone, a
// touch to unlock, and everything that goes wrong on phones.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials, Kdbx, ProtectedValue } from 'kdbxweb';
import { PbfWriter } from 'pbf';
import puppeteer, { type ElementHandle, type Page } from 'puppeteer';
import QRCode from 'qrcode';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newAccount, type newDocument } from '../../src/phone/vault/document.ts';
import { createVault, seal } from '../../src/phone/vault/format.ts';
import { fromBase64 } from '../../src/protocol/encoding.ts';
import { readSheet, sheetLink } from '../../src/protocol/recovery.ts';
import { employHere } from '../fakes/workshop.ts';
import { AxePuppeteer } from './axe.ts';
import { buildFor, type Companion, freePort, hashCheaply, PATIENCE, ROOT, startCompanion, until } from './companion.ts';
import { fits } from './fits.ts';
import { PASSPHRASE, type Phone, phone, withFinger } from './phone.ts';
import { everyScreen } from './screens.ts';
import { follow } from './shown.ts';
import { followVoice } from './voice.ts';

let companion: Companion;
let build: string;
const folder = mkdtempSync(join(tmpdir(), 'scankey-vault-'));
const phones: Phone[] = [];
/** How many of them were there before the test that runs. */
let shared = 0;

/** A new phone at the companion's page. */
async function newPhone(options: Parameters<typeof phone>[0] = {}): Promise<Phone> {
  const one = await phone(options);
  phones.push(one);
  await one.visit(companion.origin);
  return one;
}
/** A new phone with a vault, at its list. */
async function phoneWithVault(name?: string): Promise<Phone> {
  const one = await newPhone();
  await one.firstRun(name);
  return one;
}
/** Brings a phone back to its whole list, unlocked, from wherever a test has left it. */
async function home(one: Phone): Promise<void> {
  const { page } = one;
  if ((await page.$('header .add')) && !(await page.$('#search:not(:placeholder-shown)'))) return;
  await one.visit(companion.origin);
  await one.unlock();
  await page.waitForSelector('header .add');
}
/** One step back; from a tab to the list. */
const back = (one: Phone) => one.page.locator('header .back, nav .list').click();

async function add(one: Phone, site: string, username: string, password = 'a password'): Promise<void> {
  await one.press('Add an account');
  await one.addAccount({ site, username, password });
}
async function edit(one: Phone, username: string, change: Record<string, string>): Promise<void> {
  await one.press(username);
  await one.press('Edit');
  await one.page.waitForSelector('#site');
  if ('notes' in change) await one.page.locator('form details summary').click();
  for (const [id, text] of Object.entries(change)) await one.type(id, text);
  await one.page.locator('button[type=submit]').click();
  await one.page.waitForSelector('.lines');
  await back(one);
}
/** Changes the passphrase to what has been typed. */
async function submitPassphrase(one: Phone): Promise<void> {
  const shown = await follow(one.page);
  await one.page.locator('button[type=submit]').click();
  await shown('The passphrase was changed');
}
async function open(one: Phone, ...path: string[]): Promise<void> {
  for (const label of path) await one.press(label);
}
/** Turns the backup on; gives the characters of the sheet. */
async function turnOn(one: Phone): Promise<string> {
  await open(one, 'Settings', 'Backup and other phones');
  await one.type('passphrase', PASSPHRASE);
  await one.press('Make a recovery sheet');
  await one.page.waitForSelector('.words');
  const words = await one.page.$eval('.words', (element) => element.textContent ?? '');
  await one.page.waitForSelector('.sheet .code');
  await one.press('I’ve printed or written it down');
  await one.sees('Backed up:');
  // How long a companion keeps what nobody comes back to.
  await one.sees('at least every 180 days');
  await back(one);
  await back(one);
  return words;
}
async function restore(one: Phone, words: string, passphrase = PASSPHRASE): Promise<void> {
  await one.press('I have a vault already');
  await one.type('sheet', words);
  await one.type('passphrase', passphrase);
  await one.press('Find my vault');
}
/** A second phone with the vault that was backed up. */
async function secondPhone(words: string): Promise<Phone> {
  const two = await newPhone();
  await restore(two, words);
  await two.press('Use it on this phone');
  await two.sees('a.example');
  return two;
}
/** Two phones with one vault, its one account backed up. */
async function pairOfPhones(): Promise<{ one: Phone; two: Phone }> {
  const one = await phoneWithVault('First phone');
  await add(one, 'https://a.example', 'ann', 'MARK-9c1d-word');
  return { one, two: await secondPhone(await turnOn(one)) };
}
async function syncNow(one: Phone): Promise<void> {
  await open(one, 'Settings', 'Backup and other phones');
  await one.press('Back up now');
  await one.sees('Backed up:');
  await back(one);
  await back(one);
}
async function chooseFile(one: Phone, name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const input = (await one.page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
}
/** What lies in the page's database under `key`. */
const stored = (page: Page, key: string) =>
  page.evaluate(async (name) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('scankey');
      opening.onsuccess = () => resolve(opening.result);
    });
    const value = await new Promise<unknown>((resolve) => {
      const get = db.transaction('phone').objectStore('phone').get(name);
      get.onsuccess = () => resolve(get.result);
    });
    db.close();
    return value;
  }, key);
/** Changes it. */
const alter = (page: Page, change: string) =>
  page.evaluate(async (source) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('scankey');
      opening.onsuccess = () => resolve(opening.result);
    });
    const store = db.transaction('phone', 'readwrite').objectStore('phone');
    await new Promise<void>((resolve) => {
      const get = store.get('vault');
      get.onsuccess = () => {
        const copies = get.result as Uint8Array[];
        const newest = copies[0];
        if (source === 'damage' && newest) newest[newest.length - 1] = (newest[newest.length - 1] ?? 0) ^ 1;
        const put = source === 'evict' ? store.clear() : store.put(copies, 'vault');
        put.onsuccess = () => resolve();
      };
    });
    db.close();
  }, change);

beforeEach(() => {
  shared = phones.length;
});
afterEach(() => Promise.all(phones.slice(shared).map((one) => one.close())));
beforeAll(employHere);
beforeAll(async () => {
  const port = await freePort();
  build = await buildFor(port);
  hashCheaply(build);
  companion = await startCompanion(port);
});
afterAll(async () => {
  const violations = phones.flatMap((one) => one.violations);
  const requests = phones.flatMap((one) => one.requests);
  await Promise.allSettled(phones.map((one) => one.close()));
  await companion.remove();
  for (const path of [folder, build]) rmSync(path, { recursive: true, force: true });
  expect(violations).toEqual([]);
  // R57: nobody but the companion was ever asked.
  const own = (url: string) => url.startsWith(`${companion.origin}/`) || /^(about:|blob:)/.test(url);
  expect(requests.filter((url) => !own(url))).toEqual([]);
});

describe('living with it', () => {
  let one: Phone;
  const withCodes = { site: 'https://codes.example', username: 'cyd', password: 'x', totp: 'JBSWY3DPEHPK3PXP' };
  beforeAll(async () => {
    one = await phoneWithVault();
    for (const [site, name] of [
      ['https://alpha.example', 'ann'],
      ['https://beta.example', 'bob'],
      ['http://192.168.1.7:8080', 'admin'],
    ] as const)
      await add(one, site, name);
    await one.press('Add an account');
    await one.addAccount(withCodes);
  });
  beforeEach(() => home(one));

  test('accounts are found by typing, favourites come first', async () => {
    await one.press('bob');
    await one.press('Make a favourite');
    await one.page.waitForSelector('.favourite[aria-pressed=true]');
    await back(one);
    const names = () => one.page.$$eval('.rows li', (rows) => rows.map((row) => row.textContent ?? ''));
    expect((await names())[0]).toContain('beta.example');
    await one.type('search', '168 adm');
    await until('one is left', async () => (await names()).length === 1);
    expect((await names())[0]).toContain('192.168.1.7');
    await one.type('search', 'nobody');
    await one.sees('No results for');
    await one.page.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>('#search');
      if (field) field.value = '';
      field?.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });

  test('the phone’s own back leads through the screens, and the title is where a reader begins', async () => {
    const title = () => one.page.$eval('h1', (element) => element.textContent);
    const focused = () => one.page.evaluate(() => document.activeElement?.tagName);
    await open(one, 'Settings', 'Password check');
    await until('the title has the focus', async () => (await focused()) === 'H1');
    await one.page.goBack();
    await until('the settings', async () => (await title()) === 'Settings');
    await one.page.goBack();
    await until('the list', async () => (await title()) === 'Accounts');
    await one.press('ann');
    await back(one);
    await until('the list', async () => (await title()) === 'Accounts');
    const address = () => one.page.evaluate(() => [location.href, history.state].join());
    await until('nothing of it in the address', async () => (await address()) === `${companion.origin}/,`);
  });

  test('a screen that is opened while the browser still goes back from another stays open', async () => {
    const title = () => one.page.$eval('h1', (element) => element.textContent);
    await one.press('Settings');
    await until('the settings', async () => (await title()) === 'Settings');
    await one.page.evaluate(async () => {
      const gone = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
      for (const tab of ['.list', '.settings']) document.querySelector<HTMLElement>(`nav ${tab}`)?.click();
      await gone;
      for (let frames = 0; frames < 2; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    expect(await title()).toBe('Settings');
    await one.page.goBack();
    await until('the list', async () => (await title()) === 'Accounts');
  });

  test('a copied password leaves the clipboard after half a minute (R59)', async () => {
    await one.page
      .browserContext()
      .overridePermissions(companion.origin, ['clipboard-read', 'clipboard-sanitized-write']);
    await one.press('ann');
    await one.page.evaluate(() => {
      const real = window.setTimeout;
      // Half a minute passes when the test says so.
      const halfMinute: (() => void)[] = [];
      window.setTimeout = ((work: () => void, ms = 0) =>
        ms === 30_000 ? halfMinute.push(work) : real(work, ms)) as typeof setTimeout;
      Object.assign(window, { pass: () => halfMinute.forEach((work) => void work()) });
    });
    const shown = await follow(one.page);
    await one.page.locator('[aria-label="Copy: Password"]').click();
    await shown('Copied.');
    const clipboard = () => one.page.evaluate(() => navigator.clipboard.readText());
    expect(await clipboard()).toBe('a password');
    await one.page.evaluate(() => (window as unknown as { pass(): void }).pass());
    await until('the clipboard is empty', async () => (await clipboard()) === '');
    // With the browser's own clock again.
    await one.page.reload();
  });

  test('codes are shown with their time, and say when the clock is wrong', async () => {
    await one.press('cyd');
    await one.page.waitForSelector('.digits');
    expect(await one.page.$eval('.digits', (element) => element.textContent)).toMatch(/^\d{3} \d{3}$/);
    expect(await one.text()).not.toContain('clock');
    await back(one);
    const off = await newPhone();
    await off.page.evaluateOnNewDocument(() => {
      const real = Date.now;
      Date.now = () => real() + 86_400_000;
    });
    await off.visit(companion.origin);
    await off.firstRun();
    await off.press('Add an account');
    await off.addAccount(withCodes);
    await off.press('cyd');
    await off.sees('ahead by 1 day.');
  });

  test('the page that is left locks, and shows nothing while it is away (T24)', async () => {
    const other = await one.page.browser().newPage();
    await other.bringToFront();
    await until('locked', () => one.page.evaluate(() => document.body?.innerText.includes('Unlock your vault')));
    const text = await one.page.evaluate(() => document.documentElement.innerHTML);
    expect(text).not.toContain('alpha.example');
    expect(await one.page.evaluate(() => document.documentElement.classList.contains('away'))).toBe(true);
    await other.close();
    await one.page.bringToFront();
    await one.unlock();
    await one.sees('alpha.example');
  });

  test('what is still being saved does not open a vault again that was locked meanwhile', async () => {
    await one.page.evaluate(() => {
      const real = SubtleCrypto.prototype.encrypt;
      const held = { release: () => {}, waiting: 0 };
      const released = new Promise<void>((resolve) => Object.assign(held, { release: resolve }));
      SubtleCrypto.prototype.encrypt = async function (...given: Parameters<typeof real>) {
        held.waiting += 1;
        await released;
        const sealed = await real.apply(this, given);
        held.waiting -= 1;
        return sealed;
      };
      Object.assign(window, { held });
    });
    const kept = async () => JSON.stringify(await stored(one.page, 'vault'));
    const before = await kept();
    await one.press('Add an account');
    await one.type('site', 'https://late.example');
    await one.type('password', 'x');
    await one.page.locator('button[type=submit]').click();
    const waiting = () => one.page.evaluate(() => (window as unknown as { held: { waiting: number } }).held.waiting);
    await until('it is being sealed', async () => (await waiting()) > 0);
    await back(one);
    await one.press('Lock');
    await one.sees('Unlock your vault');
    await one.page.evaluate(() => (window as unknown as { held: { release(): void } }).held.release());
    await until('it is sealed', async () => (await waiting()) === 0);
    await until('it is written', async () => (await kept()) !== before);
    await one.sees('Unlock your vault');
    await one.page.reload();
    await one.unlock();
    // And nothing of it was lost.
    await one.sees('late.example');
  });

  test('without a network it unlocks, lists and gives codes', async () => {
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await one.page.setOfflineMode(true);
    await companion.stop();
    try {
      await one.page.reload();
      await one.unlock();
      await one.press('cyd');
      await one.page.waitForSelector('.digits');
      await back(one);
      await add(one, 'https://offline.example', 'off');
      await one.sees('offline.example');
    } finally {
      await companion.start();
      await one.page.setOfflineMode(false);
    }
  });

  test('the passphrase is changed, and the old one opens nothing any more', async () => {
    const one = await phoneWithVault();
    await add(one, 'https://alpha.example', 'ann');
    await open(one, 'Settings', 'Change the passphrase');
    await one.type('before', 'not the passphrase');
    await one.type('passphrase', 'four new words together');
    await one.type('repeat', 'four new words together');
    await one.page.locator('button[type=submit]').click();
    await one.sees('does not open the vault');
    await one.type('before', PASSPHRASE);
    await submitPassphrase(one);
    expect(((await stored(one.page, 'vault')) as object[]).length).toBe(1);
    await one.page.reload();
    await one.unlock();
    await one.sees('does not open the vault');
    await one.unlock('four new words together');
    await one.sees('alpha.example');
  });
});

test('from the first run through an import and a backup one live region says what comes, and nothing takes its place', async () => {
  const one = await newPhone();
  const voice = await followVoice(one.page);
  await one.firstRun();
  await add(one, 'https://a.example', 'ann');
  await open(one, 'Settings', 'Import');
  await chooseFile(one, 'chrome.csv', 'name,url,username,password\nB,https://b.example,bob,pw\n');
  await one.press('Import 1');
  await one.type('search', 'bob');
  await one.sees('Found: 1');
  await one.type('search', ' ');
  await turnOn(one);
  await one.press('Lock');
  await one.unlock();
  await one.page.waitForSelector('header .add');
  const { said, wrong } = await voice.heard();
  expect(wrong).toEqual([]);
  for (const word of ['1 account imported', 'Found: 1'])
    expect(said.filter((text) => text.includes(word)).length, `${word} in ${said.join(' | ')}`).toBeGreaterThan(0);
});

/** Does something on a phone without a byte left, which says so, and again once there is room. */
async function refusedWhileFull({ page, sees }: Phone, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const real = IDBObjectStore.prototype.put;
    Object.assign(window, {
      mend() {
        IDBObjectStore.prototype.put = real;
      },
    });
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await act();
  await sees('could not save this');
  await page.evaluate(() => (window as unknown as { mend: () => void }).mend());
  await act();
}

describe('moving', () => {
  test('in: a preview with counts, rows that are left out by line, nothing kept before it is taken', async () => {
    const one = await phoneWithVault();
    await add(one, 'https://a.example', 'ann', 'old');
    await open(one, 'Settings', 'Import');
    await chooseFile(
      one,
      'chrome.csv',
      'name,url,username,password\nA,https://a.example/login,ann,old\nB,https://b.example,bob,pw\nC,https://c.example,cyd,\n',
    );
    await one.sees('From Chrome');
    await one.sees('Line 4: it has no password');
    expect(await one.page.$$eval('.counts dd', (all) => all.map((dd) => dd.textContent))).toEqual(['1', '0', '1']);
    const before = JSON.stringify(await stored(one.page, 'vault')).length;
    await one.press('Back');
    expect(JSON.stringify(await stored(one.page, 'vault')).length).toBe(before);
    expect(await one.text()).not.toContain('b.example');
    await open(one, 'Back', 'Import');
    await chooseFile(one, 'chrome.csv', 'name,url,username,password\nB,https://b.example,bob,pw\n');
    await one.press('Import 1');
    await one.sees('bob');
  });

  test('in: a table of unknown columns is read as the person says', async () => {
    const one = await phoneWithVault();
    await open(one, 'Settings', 'Import');
    await chooseFile(
      one,
      'own.csv',
      'Dienst,Wo,Wer,Geheim\nA,https://a.example,ann,s3cret\nB,https://b.example,bob,pw\n',
    );
    await one.sees('What is in which column?');
    const isShut = () => one.page.$eval('form button[type=submit]', (button) => (button as HTMLButtonElement).disabled);
    expect(await isShut()).toBe(true);
    for (const [column, place] of Object.entries({ title: '0', username: '2', password: '3' }))
      await one.page.select(`#column-${column}`, place);
    await one.sees('Title: A · Website: https://a.example · User name: ann · Password: ••••');
    expect(await one.text()).not.toContain('s3cret ·');
    await one.press('Open the file');
    await one.press('Import 2');
    await one.sees('bob');
  });

  test('in: a KeePass file asks for its key file, and opens with it', async () => {
    const keyFile = Buffer.from('own-made key file');
    const db = Kdbx.create(new Credentials(ProtectedValue.fromString('k'), new Uint8Array(keyFile)), 'x');
    db.setVersion(3);
    db.header.keyEncryptionRounds = 1;
    const made = db.createEntry(db.getDefaultGroup());
    for (const [name, value] of Object.entries({ URL: 'https://a.example', UserName: 'ann', Password: 'pw' }))
      made.fields.set(name, value);
    const one = await phoneWithVault();
    await open(one, 'Settings', 'Import');
    await chooseFile(one, 'key.kdbx', new Uint8Array(await db.save()));
    await one.type('secret', 'k');
    await one.press('Open the file');
    await one.sees('it needs its key file');
    const path = join(folder, 'own.key');
    writeFileSync(path, keyFile);
    await ((await one.page.waitForSelector('#key-file')) as ElementHandle<HTMLInputElement>).uploadFile(path);
    await one.press('Open the file');
    await one.press('Import 1');
    await one.sees('ann');
  });

  test('in: the codes of a batch are counted until all were scanned', async () => {
    const migration = (index: number, name: string) => {
      const pbf = new PbfWriter();
      pbf.writeMessage(
        1,
        (_none, inner) => {
          inner.writeBytesField(1, Buffer.from('Hello!-Hello!'));
          inner.writeStringField(2, name);
        },
        undefined,
      );
      for (const [field, value] of Object.entries({ 3: 2, 4: index, 5: 77 }))
        pbf.writeVarintField(Number(field), value);
      return `otpauth-migration://offline?data=${encodeURIComponent(Buffer.from(pbf.finish()).toString('base64'))}`;
    };
    const one = await phoneWithVault();
    await open(one, 'Settings', 'Import');
    one.show(await QRCode.toBuffer(migration(0, 'First:ann'), { width: 640 }));
    await one.press('Scan codes of Google Authenticator');
    await one.sees('1 of 2 codes scanned');
    one.show(await QRCode.toBuffer(migration(1, 'Second:bob'), { width: 640 }));
    await one.press('Scan the next code');
    const shown = await follow(one.page);
    await one.press('Import 2');
    await shown('2 accounts imported');
  });

  test('out and in again: sealed, KDBX, Bitwarden, CSV', async () => {
    const one = await phoneWithVault();
    await add(one, 'https://a.example', 'ann', 'old');
    await add(one, 'https://b.example', 'bob', 'pw');
    const downloads = mkdtempSync(join(folder, 'downloads-'));
    const cdp = await one.page.createCDPSession();
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
    for (const [label, ending, password] of [
      ['Sealed file', 'scankey', 'file secret'],
      ['KeePass file', 'kdbx', 'file secret'],
      ['Bitwarden file', 'json', ''],
      ['Table', 'csv', ''],
    ] as const) {
      await open(one, 'Settings', 'Export');
      await one.page.locator(`label ::-p-text(${label})`).click();
      await one.type('passphrase', PASSPHRASE);
      if (password) await one.type('secret', password);
      else await one.sees('Everybody who gets this file');
      await one.page.locator('button[type=submit]').click();
      // The browser puts an empty file in its place before it moves the written one there.
      const content = await until(`a .${ending} file`, () => {
        const name = readdirSync(downloads).find((one) => one.endsWith(`.${ending}`));
        const written = name && readFileSync(join(downloads, name));
        return written && written.length > 0 && written;
      });
      expect(content.includes('old')).toBe(password === '');
      await one.page.waitForSelector('#locking');
      await one.press('Import');
      await chooseFile(one, `again.${ending}`, content);
      if (password) {
        await one.type('secret', 'wrong');
        await one.press('Open the file');
        await until('refused', async () => /not the password of this file|does not open/.test(await one.text()));
        await one.type('secret', password);
        await one.press('Open the file');
      }
      await one.page.waitForSelector('.counts');
      // Everything is here already.
      expect(await one.page.$$eval('.counts dd', (all) => all.map((dd) => dd.textContent))).toEqual(['0', '0', '2']);
      await open(one, 'Back', 'Back');
    }
  });

  test('a file that was mended is read anew when it is chosen again', async () => {
    const one = await phoneWithVault();
    await open(one, 'Settings', 'Import');
    const path = join(folder, 'mended.csv');
    const choose = async (content: string) => {
      writeFileSync(path, content);
      const [chooser] = await Promise.all([one.page.waitForFileChooser(), one.page.locator('#file').click()]);
      await chooser.accept([path]);
    };
    await choose('');
    await one.page.waitForSelector('.notice.bad');
    await choose('name,url,username,password\nA,https://a.example,ann,pw\n');
    await one.press('Import 1');
    await one.sees('ann');
  });

  test('5,000 rows at once, the list stays quick', async () => {
    const one = await phoneWithVault();
    const rows = Array.from({ length: 5000 }, (_, n) => `Site ${n},https://s${n}.example,user${n},password-${n}`);
    await open(one, 'Settings', 'Import');
    await chooseFile(one, 'many.csv', `name,url,username,password\n${rows.join('\n')}\n`);
    await one.press('Import 5000');
    await one.sees('Site 0');
    const drawn = () => one.page.$$eval('.rows li', (all) => all.length);
    expect(await drawn()).toBeLessThan(200);
    await one.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await one.sees('Site 4999');
    await one.type('search', 'user4321');
    await until('one is left', async () => (await drawn()) === 1);
  });

  test('500 hostile names are shown as text (T22)', async () => {
    const one = await phoneWithVault();
    // Each way to run something, inside of each thing that a page could be drawn from: 500 of them, no two alike.
    const runs = ['alert(1)', 'fetch(`/x`)', 'import(`/x.js`)', 'location=`/x`', 'document.write(1)'];
    const tags = ['img', 'svg', 'iframe', 'video', 'input', 'body', 'details', 'a', 'object', 'math'];
    const around = [
      (tag: string, run: string) => `<${tag} src=x href=javascript:${run} onerror=${run} onload=${run}>`,
      (tag: string, run: string) => `"><${tag} autofocus onfocus=${run} ontoggle=${run} open>`,
      (tag: string, run: string) => `' onmouseover='${run}' x='<${tag}>`,
      (tag: string, run: string) => `</${tag}><script>${run}</script>`,
      (tag: string, run: string) => `</title></textarea></style><${tag}/onerror=${run}/src=//x>`,
      (tag: string, run: string) => `<${tag} style="background:url(javascript:${run})">`,
      (tag: string, run: string) => `javascript:${run}//<${tag}>`,
      (tag: string, run: string) => `{{constructor.constructor('${run}')()}}<${tag}>`,
      (tag: string, run: string) => `&lt;${tag} onerror&#61;${run}&gt;`,
      (tag: string, run: string) => `<!--<${tag} title="--><img src=x onerror=${run}>">`,
    ];
    const harm = runs.flatMap((run) => tags.flatMap((tag) => around.map((make) => make(tag, run))));
    expect(new Set(harm).size).toBe(500);
    const rows = harm.map((one, n) => {
      const text = one.replaceAll('"', '""');
      return `"${text}","https://x${n}.example","${text}","${text}","${text}"`;
    });
    await open(one, 'Settings', 'Import');
    await chooseFile(one, 'harm.csv', `name,url,username,password,note\n${rows.join('\n')}\n`);
    await one.press('Import 500');
    const foreign = 'img, iframe, video, object, math, details[open], script, [onerror], [onfocus], [style*=url]';
    const harmless = async () => expect(await one.page.$$eval(`main :is(${foreign})`, (all) => all.length)).toBe(0);
    // Drawn only as far as it is in sight: the list is looked through from top to bottom.
    let shown = '';
    for (const run of runs) {
      await one.type('search', run);
      await one.page.evaluate(() => scrollTo(0, 0));
      for (let screens = 0, more = true; more && screens < 100; screens++) {
        shown += await one.page.$$eval('.rows li', (all) => all.map((row) => row.textContent ?? '').join('\n'));
        await harmless();
        more = await one.page.evaluate(async () => {
          const before = scrollY;
          scrollBy(0, innerHeight / 2);
          for (let frames = 0; frames < 2; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
          return scrollY > before;
        });
      }
    }
    expect(harm.filter((text) => !shown.includes(text))).toEqual([]);
    await one.type('search', 'x0.example');
    await one.page.locator('.rows li button').click();
    await one.page.waitForSelector('.lines');
    await one.sees(harm[0] ?? '?');
    await harmless();
    await back(one);
    // And typed by hand, where a name is shown while it is typed.
    await one.press('Add an account');
    await one.addAccount({ site: 'https://typed.example', username: harm[100] ?? '?', password: harm[200] ?? '?' });
    await one.type('search', 'typed.example');
    await one.sees(harm[100] ?? '?');
    await harmless();
    expect(one.violations).toEqual([]);
  });

  describe('what cannot be', () => {
    let one: Phone;
    beforeAll(async () => {
      one = await phoneWithVault();
      await add(one, 'https://a.example', 'ann');
    });
    beforeEach(() => home(one));

    test.each([
      ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), 'not an export that Scankey knows'],
      [
        'text that nobody can read',
        Buffer.from('name,url,username,password\n\x81\x8d\xff\xff\x9d,a,b,c', 'latin1'),
        'not in UTF-8',
      ],
      ['a file of 60 MB', new Uint8Array(60 * 1024 * 1024), 'too large'],
      ['a damaged archive', Buffer.from('PK\x03\x04 and then nothing'), 'damaged'],
    ])('%s is refused in words, and nothing changes', async (_name, content, words) => {
      await open(one, 'Settings', 'Import');
      await chooseFile(one, 'hostile', content);
      await one.sees(words);
      await back(one);
      await one.page.waitForSelector('#locking');
      await back(one);
      await one.page.waitForSelector('.rows');
    });

    test('a space problem loses nothing: what is to be kept is refused in words, what was there stays, and so does what was typed', async () => {
      await one.press('Add an account');
      await one.type('site', 'https://full.example');
      await one.type('password', 'x');
      await refusedWhileFull(one, () => one.page.locator('button[type=submit]').click());
      await one.page.waitForSelector('.lines');
      await back(one);
      await open(one, 'Settings', 'Import');
      await chooseFile(one, 'full.csv', 'name,url,username,password\nB,https://moved.example,moved,pw\n');
      await one.sees('Import 1 account');
      await refusedWhileFull(one, () => one.press('Import 1 account'));
      await one.page.waitForSelector('.rows');
      await one.sees('moved');
      await open(one, 'Settings', 'Backup');
      await one.type('passphrase', PASSPHRASE);
      await refusedWhileFull(one, () => one.press('Make a recovery sheet'));
      await one.sees('Scankey recovery sheet');
      const fresh = await phone();
      phones.push(fresh);
      await fresh.visit(companion.origin);
      await fresh.type('passphrase', PASSPHRASE);
      await fresh.type('repeat', PASSPHRASE);
      await refusedWhileFull(fresh, () => fresh.page.locator('button[type=submit]').click());
      await fresh.notNow();
      await fresh.sees('No accounts yet');
    });
  });
});

test('every step begins at its headline, whether or not it is a screen of its own', async () => {
  const one = await newPhone();
  await withFinger(one.page);
  const beginsAt = (title: string) =>
    until(`the focus is on "${title}"`, () =>
      one.page.evaluate((words) => {
        const { activeElement: at } = document;
        return at?.tagName === 'H1' && at.textContent?.includes(words);
      }, title),
    );
  await one.visit(companion.origin);
  await beginsAt('Your phone signs you in');
  await one.press('I have a vault already');
  await beginsAt('Bring your vault here');
  await one.press('Scan sheet or other phone');
  await beginsAt('Point at the code');
  await one.press('Back');
  await beginsAt('Bring your vault here');
  await one.press('Back');
  await beginsAt('Your phone signs you in');
  await one.type('passphrase', PASSPHRASE);
  await one.type('repeat', PASSPHRASE);
  await one.page.locator('button[type=submit]').click();
  await beginsAt('Unlock with a touch?');
  await one.press('Not now');
  await beginsAt('Keep a backup?');
  await one.press('Make a recovery sheet');
  await beginsAt('Scankey recovery sheet');
  await one.press('I’ve printed or written it down');
  await beginsAt('Accounts');
  // What was put off is not offered again.
  const isPutOff = async () => JSON.stringify(await stored(one.page, 'habits'))?.includes('passkeyHint');
  await until('it is put off', isPutOff);
  await open(one, 'Settings', 'Backup and other phones', 'Show recovery sheet, add a phone');
  await beginsAt('Scankey recovery sheet');
  await one.press('I’ve printed or written it down');
  await beginsAt('Backup');
  await back(one);
  await one.press('Import');
  await beginsAt('Import');
  await chooseFile(one, 'focus.csv', 'name,url,username,password\nB,https://b.example,bob,pw\n');
  await beginsAt('From ');
  await one.press('Back');
  await beginsAt('Import');
  await open(one, 'Back', 'Accounts');
  await beginsAt('Accounts');
  await open(one, 'Lock', 'Forgot the passphrase?');
  await beginsAt('Forgot the passphrase?');
  await one.press('Erase the vault on this phone');
  await beginsAt('Erase the vault on this phone');
  await one.press('Back');
  await beginsAt('Forgot the passphrase?');
  await one.press('Restore with the recovery key');
  await beginsAt('Bring your vault here');
  // A pressed button that goes away under a title that stays.
  await open(one, 'Back', 'Back');
  await one.unlock();
  await open(one, 'Settings', 'Unlock by fingerprint or face');
  await one.type('passphrase', PASSPHRASE);
  await one.page.keyboard.press('Enter');
  await one.sees('Unlock by passphrase only');
  await beginsAt('Settings');
});

describe('backup and several phones', () => {
  let one: Phone;
  let two: Phone;
  beforeAll(async () => {
    ({ one, two } = await pairOfPhones());
  });
  beforeEach(async () => {
    for (const phone of [one, two]) await home(phone);
  });

  test('the sheet and the passphrase bring the vault to a second phone, which says whose copy it is', async () => {
    const one = await phoneWithVault('First phone');
    await add(one, 'https://a.example', 'ann', 'MARK-9c1d-word');
    const words = await turnOn(one);
    const two = await newPhone();
    await restore(two, words, 'not the passphrase');
    await two.sees('does not open the vault');
    await two.type('passphrase', PASSPHRASE);
    await two.press('Find my vault');
    await two.sees('By First phone, revision');
    await two.sees('Accounts: 1');
    await two.press('Use it on this phone');
    await two.sees('a.example');
    // R1: the companion holds nothing that can be read.
    const file = readdirSync(companion.data)
      .map((name) => readFileSync(join(companion.data, name), 'latin1'))
      .join('');
    expect(file).not.toContain('MARK-9c1d');
    expect(Buffer.from(file, 'latin1').includes(Buffer.from('a.example'))).toBe(false);
  });

  test('the sheet that lay in a drawer brings everything to an empty phone: its link, the passphrase, two taps', async () => {
    const one = await phoneWithVault('First phone');
    await add(one, 'https://a.example', 'ann', 'first password');
    await edit(one, 'ann', { password: 'second password', notes: 'beside it' });
    const words = await turnOn(one);
    await one.close();
    phones.splice(phones.indexOf(one), 1);
    const two = await phone();
    phones.push(two);
    await two.visit(await sheetLink(companion.origin, fromBase64(await readSheet(words))));
    await two.sees('recovery key was read');
    await two.type('passphrase', PASSPHRASE);
    await open(two, 'Find my vault', 'Use it on this phone');
    await two.press('ann');
    await two.sees('beside it');
    await two.press('Show');
    await two.sees('second password');
    await two.sees('Earlier passwords: 1');
    await back(two);
    // It is this phone's vault from now on: it opens after a reload, and what is changed goes up.
    await two.page.reload();
    await two.unlock();
    await add(two, 'https://two.example', 'second');
    await syncNow(two);
    const three = await secondPhone(words);
    await three.sees('two.example');
  });

  test('a wrong key finds nothing, and says so', async () => {
    const three = await newPhone();
    await restore(three, `${'AAAA'.repeat(6)}AA`);
    await three.sees('no backup for this key');
    await three.type('sheet', 'hello');
    await three.press('Find my vault');
    await three.sees('not a Scankey recovery key');
  });

  test('the other phone’s code on its screen does the same by camera', async () => {
    await open(one, 'Settings', 'Backup and other phones', 'Show recovery sheet');
    await one.page.waitForSelector('.sheet .code');
    const picture = await (await one.page.waitForSelector('.sheet .code'))?.screenshot();
    await one.press('I’ve printed or written it down');
    await back(one);
    await back(one);
    const three = await newPhone();
    await three.press('I have a vault already');
    if (picture) three.show(picture);
    await three.press('Scan sheet or other phone');
    await three.sees('recovery key was read');
    await three.type('passphrase', PASSPHRASE);
    await three.press('Find my vault');
    await three.press('Use it on this phone');
    await three.sees('a.example');
  });

  test('a sheet that is scanned where the vault is can be tried without harm', async () => {
    await one.page.evaluate(
      (text) => {
        location.hash = text;
      },
      `KNFVEM${'A'.repeat(30)}`,
    );
    await one.sees('not a Scankey recovery key');
    await open(one, 'Settings', 'Backup and other phones', 'Show recovery sheet');
    const code = await (await one.page.waitForSelector('.sheet .code'))?.screenshot();
    await one.press('I’ve printed or written it down');
    await back(one);
    await back(one);
    if (code) one.show(code);
    const shown = await follow(one.page);
    await one.scan();
    await shown('belongs to this vault and can be read');
    await one.sees('a.example');
  });

  test('both phones change things at once, and nothing is lost', async () => {
    await two.page.setOfflineMode(true);
    await edit(two, 'ann', { notes: 'written on the second' });
    await add(two, 'https://two.example', 'second');
    await edit(one, 'ann', { password: 'changed on the first' });
    await add(one, 'https://one.example', 'first');
    await two.page.setOfflineMode(false);
    await syncNow(one);
    await syncNow(two);
    await syncNow(one);
    for (const phone of [one, two]) {
      for (const site of ['a.example', 'one.example', 'two.example']) await phone.sees(site);
      await phone.press('ann');
      await phone.sees('written on the second');
      await phone.press('Show');
      await phone.sees('changed on the first');
      await phone.sees('Earlier passwords: 1');
      await back(phone);
    }
  });

  test('the companion is away for a week: everything works, and goes up when it is back', async () => {
    await companion.stop();
    await add(one, 'https://week.example', 'week');
    await open(one, 'Settings', 'Backup and other phones');
    await one.press('Back up now');
    await one.sees('Can’t reach');
    await back(one);
    await back(one);
    await companion.start();
    await syncNow(one);
    await syncNow(two);
    await two.sees('week.example');
  });

  test('a backup that is older than a week is told of on the list', async () => {
    await one.page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open('scankey');
        opening.onsuccess = () => resolve(opening.result);
      });
      const store = db.transaction('phone', 'readwrite').objectStore('phone');
      await new Promise<void>((resolve) => {
        const get = store.get('synced');
        get.onsuccess = () => {
          const put = store.put({ ...get.result, at: Date.UTC(2026, 0, 2, 12) }, 'synced');
          put.onsuccess = () => resolve();
        };
      });
      db.close();
    });
    await one.page.setRequestInterception(true);
    const away = (request: import('puppeteer').HTTPRequest) =>
      void (request.url().endsWith('/v1/backup') ? request.abort() : request.continue());
    one.page.on('request', away);
    await one.page.reload();
    await one.unlock();
    await one.sees('Last backed up: Jan 2, 2026');
    one.page.off('request', away);
    await one.page.setRequestInterception(false);
    await one.press('Last backed up');
    await one.press('Back up now');
    await one.sees('Backed up:');
  });

  test('a companion that is set back is found out, and the phone’s accounts stay', async () => {
    const old = join(folder, 'old');
    await companion.stop();
    cpSync(companion.data, old, { recursive: true });
    await companion.start();
    await add(one, 'https://newer.example', 'newer');
    await syncNow(one);
    await companion.stop();
    rmSync(companion.data, { recursive: true });
    cpSync(old, companion.data, { recursive: true });
    await companion.start();
    await open(one, 'Settings', 'Backup and other phones');
    await one.press('Back up now');
    await one.sees('may have been set back');
    await back(one);
    await back(one);
    await one.sees('newer.example');
    await one.sees('The backup is older than it was');
    await open(one, 'Settings', 'Backup and other phones', 'Replace the backup with this phone’s accounts');
    await one.sees('Backed up:');
    await back(one);
    await back(one);
    await syncNow(two);
    await two.sees('newer.example');
  });

  test('a damaged backup changes nothing on the phone', async () => {
    await one.page.setRequestInterception(true);
    const spoil = (request: import('puppeteer').HTTPRequest) => {
      if (!request.url().endsWith('/v1/backup')) return void request.continue();
      const body = JSON.stringify({ rev: 999, blob: Buffer.from('SKV1 and nothing of use').toString('base64url') });
      void request.respond({ status: 200, contentType: 'application/json', body });
    };
    one.page.on('request', spoil);
    await open(one, 'Settings', 'Backup and other phones');
    await one.press('Back up now');
    await one.sees('damaged');
    one.page.off('request', spoil);
    await one.page.setRequestInterception(false);
    await back(one);
    await back(one);
    await one.sees('a.example');
    await syncNow(one);
  });

  test('the passphrase is changed on one phone: the other asks for it and goes on', async () => {
    const { one, two } = await pairOfPhones();
    await open(one, 'Settings', 'Change the passphrase');
    await one.type('before', PASSPHRASE);
    await one.type('passphrase', 'another four words here');
    await one.type('repeat', 'another four words here');
    await submitPassphrase(one);
    await back(one);
    await syncNow(one);
    await add(two, 'https://late.example', 'late');
    await open(two, 'Settings', 'Backup and other phones');
    await two.press('Back up now');
    await two.sees('changed on another phone');
    await two.type('passphrase', 'another four words here');
    await two.press('Use it here, too');
    await two.sees('Backed up:');
    await back(two);
    await back(two);
    await two.page.reload();
    await two.unlock('another four words here');
    await two.sees('late.example');
    await syncNow(one);
    await one.sees('late.example');
  });

  test('what the browser evicts comes back after unlocking', async () => {
    await alter(one.page, 'evict');
    await one.page.reload();
    await one.sees('Your passphrase opens the backup');
    await one.unlock();
    await one.sees('a.example');
    await one.page.reload();
    await one.unlock();
    await one.sees('a.example');
  });

  test('the backup is deleted for good, and the other phone is told', async () => {
    const { one, two } = await pairOfPhones();
    await open(one, 'Settings', 'Backup and other phones', 'Stop backing up', 'Delete the backup for good');
    await one.sees('nobody can recover your accounts');
    await back(one);
    await back(one);
    await open(two, 'Settings', 'Backup and other phones');
    await two.press('Back up now');
    await two.sees('no backup for this key');
  });
});

describe('on the phone', () => {
  test('a fingerprint unlocks, the passphrase still does, and a finger that is refused says so', async () => {
    const one = await newPhone();
    const takesFinger = await withFinger(one.page);
    await one.visit(companion.origin);
    await one.type('passphrase', PASSPHRASE);
    await one.type('repeat', PASSPHRASE);
    await one.page.locator('button[type=submit]').click();
    await one.sees('Unlock with a touch?');
    await one.press('Unlock by fingerprint or face');
    await one.sees('Keep a backup?');
    await one.press('Not now');
    await add(one, 'https://a.example', 'ann');
    await one.press('Lock');
    await one.press('Unlock by fingerprint or face');
    await one.sees('a.example');
    // Opened anew it asks for the finger by itself; locked by a tap it stays locked until the next one.
    await one.page.reload();
    await one.sees('a.example');
    await one.press('Lock');
    await one.sees('Unlock your vault');
    await takesFinger(false);
    await one.press('Unlock by fingerprint or face');
    await one.sees('not recognised');
    await one.unlock();
    await one.sees('a.example');
    await open(one, 'Settings', 'Unlock by passphrase only');
    await one.page.waitForFunction(() => document.body?.innerText.includes('Unlock by fingerprint'));
    await one.press('Lock');
    await one.sees('Unlock your vault');
    expect(await one.text()).not.toContain('fingerprint');
  });

  test('whoever puts the phone away over the offer of a finger finds it again over the accounts', async () => {
    const one = await newPhone();
    await withFinger(one.page);
    await one.visit(companion.origin);
    await one.type('passphrase', PASSPHRASE);
    await one.type('repeat', PASSPHRASE);
    await one.page.locator('button[type=submit]').click();
    await one.sees('Unlock with a touch?');
    await one.visit(companion.origin);
    await one.unlock();
    await one.sees('No accounts yet');
    await one.press('Unlock by fingerprint or face');
    await one.sees('Unlock with a touch?');
    await one.type('passphrase', PASSPHRASE);
    await one.page.keyboard.press('Enter');
    await one.sees('No accounts yet');
    expect(await one.text()).not.toContain('Your fingerprint or face opens');
    await open(one, 'Lock', 'Unlock by fingerprint or face');
    await one.sees('No accounts yet');
    // Whoever turned it off is not asked, either.
    await open(one, 'Settings', 'Unlock by passphrase only');
    const isPutOff = async () => JSON.stringify(await stored(one.page, 'habits'))?.includes('passkeyHint');
    await until('it is put off', isPutOff);
  });

  test('a forgotten passphrase: the vault is erased once that is said twice, or gives way to the backup', async () => {
    const one = await phoneWithVault();
    await add(one, 'https://a.example', 'ann');
    const words = await turnOn(one);
    // A passphrase that was set since, and forgotten; the backup is still under the one before.
    await one.page.setOfflineMode(true);
    await open(one, 'Settings', 'Change the passphrase');
    await one.type('before', PASSPHRASE);
    for (const id of ['passphrase', 'repeat']) await one.type(id, 'four new words together');
    await submitPassphrase(one);
    // An open vault would hand over the new one as soon as there is a network.
    await one.press('Lock');
    await one.page.setOfflineMode(false);
    await one.page.reload();
    await open(one, 'Forgot the passphrase?', 'Restore with the recovery key');
    await one.type('sheet', words);
    await one.type('passphrase', PASSPHRASE);
    await open(one, 'Find my vault', 'Use it on this phone');
    await one.sees('a.example');
    await open(one, 'Lock', 'Forgot the passphrase?', 'Erase the vault on this phone');
    await one.page.waitForSelector('.check input');
    expect(await one.page.$('.actions .primary:not(:disabled)')).toBeNull();
    await one.page.locator('.check input').click();
    await one.press('Erase for good');
    await one.sees('Your phone signs you in');
    expect(await stored(one.page, 'vault')).toBeUndefined();
  });

  test('Safari without a vault asks first whether Scankey is on the home screen', async () => {
    const one = await phone();
    phones.push(one);
    await one.page.setUserAgent({
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1',
    });
    await one.visit(companion.origin);
    await one.sees('Is Scankey on your home screen?');
    expect(await one.page.$('input')).toBeNull();
    await one.press('No, set it up here');
    await one.sees('Choose a passphrase');
  });

  test.each(['the places to store in', 'the database'])(
    'where the browser refuses %s, the page says so',
    async (what) => {
      const one = await phone();
      phones.push(one);
      await one.page.evaluateOnNewDocument((database) => {
        const refuse = () => {
          throw new DOMException('Refused', 'SecurityError');
        };
        if (database) IDBFactory.prototype.open = refuse;
        else Object.defineProperty(window, 'localStorage', { get: refuse });
      }, what === 'the database');
      await one.visit(companion.origin);
      await one.sees('This browser lets Scankey store nothing');
      // Where nothing of the page can work, its entry ends it by an error.
      if (what !== 'the database') one.violations.length = 0;
    },
  );

  test('two tabs change the vault at once, and both changes stay', async () => {
    const one = await newPhone();
    await one.firstRun();
    const [cdp] = [await one.page.createCDPSession()];
    // Both stay in sight, as two windows would.
    await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    await open(one, 'Settings');
    await one.page.select('#locking', 'minute');
    await back(one);
    await add(one, 'https://shared.example', 'both');
    const tab = await one.page.browser().newPage();
    tab.setDefaultTimeout(PATIENCE);
    const other: Phone = { ...one, page: tab };
    await tab.goto(companion.origin);
    const type = async (id: string, text: string) => {
      const field = await tab.waitForSelector(`#${id}`);
      await field?.click({ count: 3 });
      await field?.type(text);
    };
    await type('passphrase', PASSPHRASE);
    await tab.click('button[type=submit]');
    await tab.locator('header .add').click();
    await type('site', 'https://from-tab-two.example');
    await type('password', 'x');
    await one.page.bringToFront();
    // The first tab does not hear of the other's change, as when both save in the same moment.
    await one.page.evaluate(() => {
      BroadcastChannel.prototype.dispatchEvent = () => true;
    });
    await add(one, 'https://from-tab-one.example', 'x');
    await other.page.bringToFront();
    await tab.click('button[type=submit]');
    await tab.waitForSelector('.lines');
    await tab.locator('header .back').click();
    for (const site of ['shared', 'from-tab-one', 'from-tab-two'])
      await tab.waitForFunction((wanted) => document.body.innerText.includes(wanted), {}, site);
    await tab.close();
  });

  test('what one tab makes, the other opens; what it erases, the other forgets', async () => {
    const one = await newPhone();
    const cdp = await one.page.createCDPSession();
    await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    const tab = await one.page.browser().newPage();
    await tab.goto(companion.origin);
    const says = (text: string) => tab.waitForFunction((part) => document.body.innerText.includes(part), {}, text);
    await says('Your phone signs you in');
    await one.page.bringToFront();
    await one.firstRun();
    await says('Unlock your vault');
    await tab.bringToFront();
    await tab.locator('#passphrase').fill(PASSPHRASE);
    await tab.keyboard.press('Enter');
    await tab.locator('header .add').click();
    await tab.locator('#site').fill('https://late.example');
    await tab.locator('#password').fill('x');
    await one.page.bringToFront();
    await open(one, 'Lock', 'Forgot the passphrase?', 'Erase the vault on this phone');
    await one.page.locator('.check input').click();
    await one.press('Erase for good');
    await one.sees('Your phone signs you in');
    await says('Your phone signs you in');
    expect(await stored(tab, 'vault')).toBeUndefined();
  });

  describe('a page that is loaded anew as it writes has what was there, or what was to be', () => {
    /** The vault's next write takes the page away, before its transaction is over or after that. */
    const reloadAtWrite = (one: Phone) =>
      one.page.evaluate(() => {
        const { put } = IDBObjectStore.prototype;
        // A step within the page would take the place of one that leaves it.
        History.prototype.back = History.prototype.pushState = () => {};
        IDBObjectStore.prototype.put = function (...record: Parameters<typeof put>) {
          if (record[1] === 'vault') location.reload();
          return put.apply(this, record);
        };
      });
    const anew = (one: Phone, work: () => Promise<unknown>) =>
      Promise.all([one.page.waitForNavigation(), reloadAtWrite(one).then(work)]);
    /** Unlocks with whichever of the two opens. */
    async function unlockWith(one: Phone, first: string, second: string): Promise<void> {
      const isOpen = async () => (await one.page.$('header .add')) !== null;
      await one.unlock(first);
      await until('an answer', async () => (await isOpen()) || (await one.text()).includes('does not open'));
      if (await isOpen()) return;
      // Once: a second time it would be typed into a field that goes as the vault opens.
      await one.page.waitForSelector('button[type=submit]:not(:disabled)');
      await one.unlock(second);
      await until('it opens', isOpen);
    }

    test('while it is made', async () => {
      const one = await newPhone();
      for (const id of ['passphrase', 'repeat']) await one.type(id, PASSPHRASE);
      await anew(one, () => one.page.click('button[type=submit]'));
      await one.page.waitForSelector('#passphrase');
      if (await one.page.$('#repeat')) await one.firstRun();
      else await one.unlock();
      await add(one, 'https://a.example', 'ann');
    });

    test('while its passphrase is changed, and while accounts are moved in', async () => {
      const one = await phoneWithVault();
      await add(one, 'https://a.example', 'ann', 'still there');
      const next = 'four other words together';
      await open(one, 'Settings', 'Change the passphrase');
      await one.type('before', PASSPHRASE);
      for (const id of ['passphrase', 'repeat']) await one.type(id, next);
      await anew(one, () => one.page.click('button[type=submit]'));
      await unlockWith(one, next, PASSPHRASE);
      await one.sees('a.example');
      await open(one, 'Settings', 'Import');
      await chooseFile(one, 'chrome.csv', 'name,url,username,password\nB,https://b.example,bob,pw\n');
      await anew(one, () => one.press('Import 1'));
      await unlockWith(one, next, PASSPHRASE);
      await one.sees('a.example');
      await add(one, 'https://c.example', 'cyd');
    });

    test('while a backup is brought here', async () => {
      const one = await phoneWithVault('First phone');
      await add(one, 'https://a.example', 'ann');
      const words = await turnOn(one);
      const two = await newPhone();
      await restore(two, words);
      await two.sees('Accounts: 1');
      await anew(two, () => two.press('Use it on this phone'));
      await two.page.waitForSelector('#passphrase');
      if (await two.page.$('#repeat')) {
        await restore(two, words);
        await two.press('Use it on this phone');
      } else await two.unlock();
      await two.sees('a.example');
      await add(two, 'https://two.example', 'second');
      await syncNow(two);
      await syncNow(one);
      await one.sees('two.example');
    });
  });

  test('a damaged vault opens from the copy before it, and says so', async () => {
    const one = await newPhone();
    await one.firstRun();
    await add(one, 'https://first.example', 'ann');
    await add(one, 'https://second.example', 'ann');
    await alter(one.page, 'damage');
    await one.page.reload();
    await one.unlock();
    await one.sees('first.example');
    await one.sees('newest copy on this phone was damaged');
    await add(one, 'https://third.example', 'cyd');
    await one.page.reload();
    await one.unlock();
    await one.sees('third.example');
  });

  test('a new version waits to be taken, and no sign-in or vault is lost by it', async () => {
    const one = await newPhone();
    await one.firstRun();
    await add(one, 'https://a.example', 'ann');
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await one.page.reload();
    await one.unlock();
    const worker = join(build, 'phone/sw.js');
    const was = readFileSync(worker, 'utf8');
    try {
      writeFileSync(worker, was.replace(/scankey-[0-9a-f]{16}/, 'scankey-0123456789abcdef'));
      await one.page.evaluate(() => navigator.serviceWorker.getRegistration().then((found) => found?.update()));
      await one.sees('A new version is ready');
      await one.sees('a.example');
      await Promise.all([one.page.waitForNavigation(), one.press('A new version is ready')]);
      await one.unlock();
      await one.sees('a.example');
      const caches = () => one.page.evaluate(async () => (await window.caches.keys()).join());
      await until('its own cache is all there is', async () => (await caches()) === 'scankey-0123456789abcdef');
    } finally {
      writeFileSync(worker, was);
    }
  });

  test('a link that is shared to the page goes no further than the page', async () => {
    const one = await newPhone();
    await one.firstRun();
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await one.page.reload();
    await one.unlock();
    const sent = companion.log().length;
    const landed = await one.page.evaluate(
      async (text) => {
        const form = new FormData();
        form.set('text', text);
        const answer = await fetch('/share', { method: 'POST', body: form, redirect: 'manual' });
        return answer.type;
      },
      `${companion.origin}/#${'A'.repeat(79)}`,
    );
    expect(landed).toBe('opaqueredirect');
    expect(companion.log().slice(sent)).not.toContain('/share');
  });

  test.each([
    ['WeChat', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.44'],
    [
      'DingTalk',
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 DingTalk/7.1 AliApp(DingTalk)',
    ],
    ['Instagram', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Instagram 300.0'],
  ])('inside %s no passphrase can be typed; the way to the browser is shown (R53)', async (_name, agent) => {
    const one = await phone();
    phones.push(one);
    await one.page.setUserAgent({ userAgent: agent });
    await one.visit(`${companion.origin}/#${'A'.repeat(79)}`);
    await one.sees('Open this page in your browser');
    expect(await one.page.$('input')).toBeNull();
  });

  test('a vault of the earlier version opens', async () => {
    const one = await newPhone();
    await one.firstRun();
    const vault = await createVault([{ k: 'pass', passphrase: PASSPHRASE }]);
    const old = {
      v: 1,
      accounts: [
        {
          id: '1',
          site: 'https://before.example',
          username: 'ann',
          password: 'p',
          notes: '',
          guard: 'none',
          changedAt: 5,
        },
      ],
    };
    const { blob } = await seal(vault, old as unknown as ReturnType<typeof newDocument>, 1);
    await one.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const db = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open('scankey');
        opening.onsuccess = () => resolve(opening.result);
      });
      await new Promise<void>((resolve) => {
        const put = db.transaction('phone', 'readwrite').objectStore('phone').put([bytes], 'vault');
        put.onsuccess = () => resolve();
      });
    }, Buffer.from(blob).toString('base64'));
    await one.page.reload();
    await one.unlock();
    await one.sees('before.example');
    expect(newAccount({ id: 'x' }).sites).toEqual([]);
  });
});

test('how strong a passphrase is stays said of what is typed, however late an earlier answer comes', async () => {
  const one = await phone();
  phones.push(one);
  const { page } = one;
  await page.evaluateOnNewDocument(() => {
    const { postMessage, terminate } = Worker.prototype;
    const told = Object.assign(window, { late: undefined as (() => void) | undefined, ended: false });
    Worker.prototype.postMessage = function (errand: { args: unknown[] }) {
      if (JSON.stringify(errand.args) !== '[["abc"]]') return postMessage.call(this, errand);
      told.late = () => postMessage.call(this, errand);
      this.terminate = () => {
        terminate.call(this);
        told.ended = true;
      };
    };
  });
  await one.visit(companion.origin);
  await one.type('passphrase', 'abc');
  await page.waitForFunction(() => 'late' in window && window.late);
  await one.type('passphrase', PASSPHRASE);
  await one.sees('Strong');
  await page.evaluate(() => (window as unknown as { late(): void }).late());
  await page.waitForFunction(() => 'ended' in window && window.ended);
  expect(await one.text()).toContain('Strong');
});

test('in Firefox a vault is made, moved into, and unlocked again', async () => {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr' });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => /Security Policy|Trusted/i.test(message.text()) && problems.push(message.text()));
    const says = (text: string) =>
      until(text, () => page.evaluate((wanted) => document.body?.innerText.includes(wanted), text).catch(() => false));
    const press = (text: string) => page.locator(`button ::-p-text(${text})`).click();
    await page.goto(companion.origin);
    for (const id of ['passphrase', 'repeat']) await (await page.waitForSelector(`#${id}`))?.type(PASSPHRASE);
    await says('Strong');
    await page.locator('button[type=submit]').click();
    await press('Not now');
    await press('Import');
    const path = join(folder, 'firefox.csv');
    writeFileSync(path, 'name,url,username,password\nA,https://a.example,ann,pw\n');
    await ((await page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>).uploadFile(path);
    await press('Import 1');
    await says('ann');
    await page.reload();
    await (await page.waitForSelector('#passphrase'))?.type(PASSPHRASE);
    await page.locator('button[type=submit]').click();
    await says('ann');
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
});

const looks = [
  { name: 'en-light', look: {}, width: 390 },
  { name: 'en-dark', look: { dark: true }, width: 390 },
  { name: 'zh-narrow', look: { lang: 'zh-CN' }, width: 320 },
] as const;

test.each(looks)('every screen of the phone is accessible: $name', async ({ name, look, width }) => {
  const axe = new AxePuppeteer(join(ROOT, 'out/screens', `phone-${name}`));
  const one = await newPhone({ ...look, width });
  const { page } = one;
  const zh = 'lang' in look;
  const check = async (screen: string) => {
    await axe.check(page, screen);
    await fits(page, screen);
    const small = await page.$$eval('button, select, input:not([type=radio], [type=checkbox]), summary', (all) =>
      all
        .filter((element) => element.getBoundingClientRect().height < 44 && element.checkVisibility())
        .map((element) => element.outerHTML),
    );
    expect(small, screen).toEqual([]);
    if (zh) expect(await one.text(), screen).not.toMatch(/\b(the|your|of|and|account)\b/i);
  };
  await everyScreen(one, zh ? '小李的手机' : 'Li’s phone', check);
});
