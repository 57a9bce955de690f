// The phone page on a slow line and a slow processor: until something is painted, until the passphrase can be typed, until a scanned
// sign-in can be approved; and what is moved for that.
import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { Page } from 'puppeteer';
import { chromium } from '../tests/e2e/chromium.ts';
import { buildFor, freePort, startCompanion } from '../tests/e2e/companion.ts';
import { PASSPHRASE, phone } from '../tests/e2e/phone.ts';
import { startSites } from '../tests/sites/server.ts';

type Note = (name: string, value: number, unit: string, aim?: string) => void;

const ROUNDS = 5;
const ROUND_TRIP_MS = 150;
/** Bytes a millisecond: 1.6 Mbit/s towards the phone, 750 kbit/s from it. */
const [DOWN, UP] = [200, 94];
const PROCESSOR_SLOWER = 4;
/** Four keys a second. */
const KEY_MS = 250;

const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;

/** One direction of the line, which all connections share. */
class Lane {
  bytes = 0;
  /** When how many had come through, ms since 1970. */
  readonly #came: { at: number; bytes: number }[] = [];
  #freeAt = 0;
  readonly #speed: number;
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** How many had come through at a time, in ms since 1970. */
  bytesAt(time: number): number {
    return this.#came.findLast(({ at }) => at <= time)?.bytes ?? 0;
  }

  /** Passes on in order, each piece when it has come through behind all before it. */
  join(from: Socket, to: Socket, notBefore: number): void {
    from.on('data', (data: Buffer) => {
      this.bytes += data.length;
      const now = performance.now();
      this.#freeAt = Math.max(this.#freeAt, now) + data.length / this.#speed;
      // As a full line makes a sender wait.
      from.pause();
      setTimeout(() => from.resume(), this.#freeAt - now);
      const bytes = this.bytes;
      const deliver = () => {
        this.#came.push({ at: Date.now(), bytes });
        if (to.writable) to.write(data);
      };
      setTimeout(deliver, Math.max(this.#freeAt + ROUND_TRIP_MS / 2, notBefore) - now);
    });
    const end = () => setTimeout(() => to.destroy(), Math.max(0, this.#freeAt - performance.now()) + ROUND_TRIP_MS);
    from.on('close', end).on('error', end);
  }
}

/** A line to the companion on `target`: everything of the phone goes over it, workers and sockets, too. */
async function startLine(target: number, port: number): Promise<{ down: Lane; close(): void }> {
  const [down, up] = [new Lane(DOWN), new Lane(UP)];
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const one of [near, far]) open.add(one.setNoDelay(true));
    // A connection is there after a round trip of its own.
    const there = performance.now() + 1.5 * ROUND_TRIP_MS;
    up.join(near, far, there);
    down.join(far, near, there);
  });
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    down,
    close() {
      for (const one of open) one.destroy();
      server.close();
    },
  };
}

/** Notes by the page's own clock when it has its field and asks for approval, the last press of its button, and what hashing took. */
function watch(): void {
  const seen: Record<string, number> = {};
  const look = () => {
    if (document.querySelector('#passphrase')) seen.field ??= performance.now();
    if (document.querySelector('.pass')) seen.asked ??= performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
  addEventListener('submit', () => Object.assign(seen, { pressed: performance.now() }), { capture: true });
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, errand: { task?: string }, ...more: []) {
    const start = performance.now();
    if (errand.task === 'argon2id')
      this.addEventListener('message', () => Object.assign(seen, { hashing: performance.now() - start }));
    return postMessage.call(this, errand, ...more);
  } as typeof postMessage;
  Object.assign(window, { seen });
}

const seen = (page: Page, what: string): Promise<number> =>
  page
    .waitForFunction((name) => (window as unknown as { seen: Record<string, number> }).seen[name], {}, what)
    .then(async (found) => Number(await found.jsonValue()));

const painted = (page: Page): Promise<number> =>
  page
    .waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime)
    .then(async (found) => Number(await found.jsonValue()));

export async function measureSlow(note: Note): Promise<void> {
  const [port, linePort] = [await freePort(), await freePort()];
  const build = await buildFor(port);
  const companion = await startCompanion(port);
  const { origin } = companion;
  const line = await startLine(port, linePort);
  const sites = await startSites();
  const desktop = await chromium(build);
  const figures: Record<string, number[]> = {};
  const add = (name: string, value: number) => {
    figures[name] = [...(figures[name] ?? []), value];
  };

  for (let round = 0; round < ROUNDS; round++) {
    const one = await phone({ args: [`--host-resolver-rules=MAP localhost:${port} 127.0.0.1:${linePort}`] });
    const { page } = one;
    const cdp = await page.createCDPSession();
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: PROCESSOR_SLOWER });
    await page.evaluateOnNewDocument(watch);

    /** Opens a link that was scanned; until its approve screen, once the passphrase is there by `fill`. */
    const signIn = async (name: string, fill: () => Promise<void>): Promise<() => Promise<void>> => {
      const tab = await desktop.newPage(`${sites.origin}/plain`);
      const popup = await desktop.openPopup(tab);
      const link = await popup.link();
      await page.goto('about:blank');
      const before = line.down.bytes;
      await page.goto(link);
      add(`${name}: field`, await seen(page, 'field'));
      const opened = await page.evaluate(() => performance.timeOrigin);
      add(`${name}: KB until the field`, (line.down.bytesAt(opened + (await seen(page, 'field'))) - before) / 1000);
      add(`${name}: paint`, await painted(page));
      await fill();
      await page.click('button[type=submit]');
      add(`${name}: pressed to approve screen`, (await seen(page, 'asked')) - (await seen(page, 'pressed')));
      add(`${name}: of that Argon2id`, await seen(page, 'hashing'));
      return async () => {
        await page.click('.actions button:not(.primary)');
        await page.waitForFunction(() => !document.querySelector('.pass'));
        await popup.close();
        await tab.close();
      };
    };
    const type = async (id: string) => {
      await page.focus(`#${id}`);
      await page.keyboard.type(PASSPHRASE, { delay: KEY_MS });
    };
    const paste = async (id: string) => {
      await page.focus(`#${id}`);
      await page.keyboard.sendCharacter(PASSPHRASE);
    };
    /** The sign-in is over, and all of the page is kept for later. */
    const settle = async () => {
      await page.goto(origin);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    };
    const forget = async () => {
      await page.goto('about:blank');
      await cdp.send('Network.clearBrowserCache');
      await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes: 'service_workers,cache_storage' });
    };

    const all = line.down.bytes;
    const decline = await signIn('new phone', async () => {
      await type('passphrase');
      await type('repeat');
    });
    await decline();
    await settle();
    add('new phone: KB in all', (line.down.bytes - all) / 1000);
    await (await signIn('warm', () => type('passphrase')))();
    await forget();
    await (await signIn('cold', () => type('passphrase')))();
    await settle();
    await forget();
    await (await signIn('cold, pasted', () => paste('passphrase')))();
    await one.close();
  }
  const aims: Record<string, string> = {
    'new phone: paint': '≤ 900',
    'new phone: field': '≤ 1500',
    'new phone: KB until the field': '≤ 90',
    'new phone: KB in all': '≤ 600',
    'cold: paint': '≤ 900',
    'cold: field': '≤ 1500',
    'cold: pressed to approve screen': '≤ 1000',
    'warm: pressed to approve screen': '≤ 600',
  };
  for (const [name, values] of Object.entries(figures))
    note(name, median(values), name.includes('KB') ? 'KB' : 'ms', aims[name]);
  await desktop.close();
  line.close();
  sites.close();
  await companion.remove();
  rmSync(build, { recursive: true, force: true });
}
