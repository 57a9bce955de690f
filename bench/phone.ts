// The phone page in figures: loading, unlocking, 5,000 accounts, moving in, scan to approve screen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { buildFor, freePort, startCompanion } from '../tests/e2e/companion.ts';
import { PASSPHRASE, type Phone, phone, withFinger } from '../tests/e2e/phone.ts';
import { world } from '../tests/e2e/world.ts';

type Note = (name: string, value: number, unit: string, aim?: string, baseline?: number) => void;

const ROUNDS = 7;
const ACCOUNTS = 5_000;
const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;

/** Opens `url` in a browser of its own; ms until something is painted, bytes over the network, and the same once more. */
async function load(url: string): Promise<{ first: number; repeat: number; bytes: number; repeatBytes: number }> {
  const one = await phone();
  const cdp = await one.page.createCDPSession();
  await cdp.send('Network.enable');
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  const visit = async () => {
    bytes = 0;
    await one.page.goto('about:blank');
    await one.page.goto(url, { waitUntil: 'load' });
    const painted = await one.page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    );
    // What loads after the first paint is counted apart, by the service worker's own list.
    return [Number(await painted.jsonValue()), bytes] as const;
  };
  const [first, firstBytes] = await visit();
  await one.page.evaluate(() =>
    navigator.serviceWorker?.getRegistration().then((found) => found && navigator.serviceWorker.ready.then(() => {})),
  );
  const repeats: number[] = [];
  let repeatBytes = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const [ms, again] = await visit();
    repeats.push(ms);
    repeatBytes = again;
  }
  await one.close();
  return { first, repeat: median(repeats), bytes: firstBytes, repeatBytes };
}

/** Milliseconds from the press of `button` until `selector` is there, by the page's own clock. */
async function time(page: Page, button: string, selector: string): Promise<number> {
  return page.evaluate(
    async (press, wanted) => {
      const start = performance.now();
      document.querySelector<HTMLElement>(press)?.click();
      while (!document.querySelector(wanted)) await new Promise((resolve) => setTimeout(resolve, 1));
      return performance.now() - start;
    },
    button,
    selector,
  );
}

/** Frames of a scroll of two seconds that came late; `page` shows a long list. */
const lateFrames = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const [gaps, start]: [number[], number] = [[], performance.now()];
        let last = start;
        const frame = (now: number) => {
          gaps.push(now - last);
          last = now;
          scrollBy(0, 60);
          if (now - start < 2_000) requestAnimationFrame(frame);
          else resolve(gaps.slice(2).filter((gap) => gap > 25).length);
        };
        requestAnimationFrame(frame);
      }),
  );

async function accounts(one: Phone, note: Note): Promise<void> {
  const { page } = one;
  const folder = mkdtempSync(join(tmpdir(), 'scankey-bench-'));
  const rows = Array.from(
    { length: ACCOUNTS },
    (_, n) => `Site ${n},https://s${n}.example,user${n}@example.com,pass-${n}`,
  );
  const file = join(folder, 'many.csv');
  writeFileSync(file, `name,url,username,password\n${rows.join('\n')}\n`);
  await one.press('Settings');
  await one.press('Import');
  const input = (await page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>;
  const start = Date.now();
  await input.uploadFile(file);
  await page.waitForSelector('.counts');
  note(`import of ${ACCOUNTS} rows, file to preview`, Date.now() - start, 'ms');
  note(`import of ${ACCOUNTS} rows, taken and sealed`, await time(page, '.actions .primary', '.rows'), 'ms');
  const size = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const open = indexedDB.open('scankey');
      open.onsuccess = () => resolve(open.result);
    });
    return new Promise<number>((resolve) => {
      const get = db.transaction('phone').objectStore('phone').get('vault');
      get.onsuccess = () => resolve((get.result as Uint8Array[])[0]?.length ?? 0);
    });
  });
  note(`sealed vault of ${ACCOUNTS} accounts`, size / 1024, 'KiB');
  const keys = await page.evaluate(async () => {
    const field = document.querySelector<HTMLInputElement>('#search');
    const took: number[] = [];
    for (const text of ['s', 'si', 'sit', 'site', 'site ', 'site 4', 'site 43', 'site 432', 'user4321', '']) {
      const before = performance.now();
      if (field) field.value = text;
      field?.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
      took.push(performance.now() - before);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return took;
  });
  note(`search in ${ACCOUNTS} accounts, a keystroke`, median(keys), 'ms', '≤ 16');
  note(`search in ${ACCOUNTS} accounts, the slowest keystroke`, Math.max(...keys), 'ms');
  const ours = await lateFrames(page);
  const bare = await page.browser().newPage();
  await bare.goto('about:blank');
  await bare.evaluate(() => {
    document.body.style.height = '300000px';
  });
  note('late frames in a scroll of 2 s', ours, 'frames');
  note('late frames of a page with nothing on it', await lateFrames(bare), 'frames');
  await bare.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Everything of the phone page; each figure goes to `note`, with its baseline of the same run. */
export async function measurePhone(note: Note): Promise<void> {
  const port = await freePort();
  const build = await buildFor(port);
  writeFileSync(join(build, 'phone/empty.html'), '<!doctype html><title>empty</title><p>.');
  const companion = await startCompanion(port);
  const [empty, page] = [await load(`${companion.origin}/empty.html`), await load(companion.origin)];
  note('phone page, first load', page.first, 'ms to paint', undefined, empty.first);
  note('phone page, repeat load', page.repeat, 'ms to paint', undefined, empty.repeat);
  note('phone page, bytes of the first load', page.bytes / 1024, 'KiB on the wire');
  note('phone page, bytes of a repeat load', page.repeatBytes / 1024, 'KiB');

  const one = await phone();
  await withFinger(one.page);
  await one.visit(companion.origin);
  await one.type('passphrase', PASSPHRASE);
  await one.type('repeat', PASSPHRASE);
  await one.page.click('button[type=submit]');
  await one.press('Unlock by fingerprint or face');
  await one.press('Not now');
  await accounts(one, note);
  await one.page.bringToFront();
  await one.unlock().catch(() => {});
  await one.page.waitForSelector('.rows');
  const [typed, touched]: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    await one.press('Lock');
    await one.type('passphrase', PASSPHRASE);
    typed.push(await time(one.page, 'button[type=submit]', '.rows'));
    await one.press('Lock');
    await one.page.waitForSelector('main .stack .primary');
    touched.push(await time(one.page, 'main .stack .primary', '.rows'));
  }
  note(`unlock by passphrase, ${ACCOUNTS} accounts`, median(typed), 'ms', undefined, median(touched));
  note('of that Argon2id', median(typed) - median(touched), 'ms');
  await one.close();
  await companion.remove();
  rmSync(build, { recursive: true, force: true });

  const w = await world('chromium');
  const scans: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const { page: tab, popup } = await w.begin('/plain');
    await popup.link();
    w.phone.show(await popup.picture());
    scans.push(await time(w.phone.page, 'main .actions .primary', '.pass'));
    await w.tidy(tab);
  }
  note('scan to approve screen, camera pixels', median(scans), 'ms');
  await w.close();
}
