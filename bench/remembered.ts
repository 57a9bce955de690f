// What a remembered browser costs: from the click to the submitted form without the person, against a scan and a bare round trip;
// an automatic site; bytes on the wire; and the worker when nothing happens.
import { readdirSync, readFileSync } from 'node:fs';
import type { chromium } from '../tests/e2e/chromium.ts';
import { type World, world } from '../tests/e2e/world.ts';

type Note = (name: string, value: number, unit: string, aim?: string, baseline?: number) => void;
const median = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const ROUNDS = 7;

/** A first frame and its answer, on a connection that is open: what every sign-in takes several of. */
const roundTrip = async (w: World): Promise<number> =>
  w.desktop.inExtension(async (url) => {
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const start = performance.now();
    socket.send('{}');
    await new Promise((resolve) => socket.addEventListener('message', resolve));
    return performance.now() - start;
  }, `ws://localhost:${w.network.port}/v1/relay`);

/** The machine's part of one sign-in in ms: until the phone asks, and from the tap until the form is sent. */
async function signIn(w: World, begin: () => Promise<{ close(): Promise<void> }>): Promise<number> {
  const { page: phone } = w.phone;
  await phone.evaluate(() => {
    document.addEventListener('click', () => Object.assign(window, { tapped: Date.now() }), { capture: true });
  });
  const start = Date.now();
  const shown = await begin();
  await phone.waitForSelector('.pass');
  const asked = Date.now() - start;
  const sent = w.sites.posted.length;
  await w.phone.approve();
  await phone.waitForSelector('[data-outcome]');
  if (w.sites.posted.length !== sent + 1) throw new Error('nothing was sent');
  const tapped = await phone.evaluate(() => (window as unknown as { tapped: number }).tapped);
  await w.phone.press('Done');
  await shown.close();
  return asked + w.sites.postedAt - tapped;
}

export async function measureRemembered(note: Note): Promise<void> {
  const w = await world('chromium');
  await w.remember();
  const bytes: Record<'scan' | 'call', number[]> = { scan: [], call: [] };
  const took: Record<'scan' | 'call', number[]> = { scan: [], call: [] };
  const trips: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    trips.push(await roundTrip(w));
    for (const way of ['call', 'scan'] as const) {
      // Who is to scan is not called.
      const page = await w.desktop.newPage(`${w.sites.origin}${way === 'call' ? '/plain' : '/late'}`);
      const before = w.network.bytes;
      const ms = await signIn(w, async () => {
        const popup = await w.desktop.openPopup(page);
        if (way === 'scan') {
          await popup.link();
          w.phone.show(await popup.picture());
          await w.phone.scan();
        }
        return popup;
      });
      took[way].push(ms);
      bytes[way].push(w.network.bytes - before);
      await page.close();
    }
  }
  note('one click, remembered: click to sent', median(took.call), 'ms', undefined, median(trips));
  note('the same, against a scan by camera', median(took.call), 'ms', undefined, median(took.scan));
  note('bytes a sign-in by call', median(bytes.call), 'bytes', undefined, median(bytes.scan));
  await automatic(w, note);
  await w.close();
}

/** From the page's navigation until the phone asks; against the page's own load. */
async function automatic(w: World, note: Note): Promise<void> {
  // So many calls in so little time are more than one link may make.
  await w.remember();
  const host = w.sites.origin.replace(/:\d+$/, '/*');
  await w.desktop.allow(host);
  await w.desktop.inExtension(async (origin) => {
    const { known } = await chrome.runtime.sendMessage({ t: 'known' });
    await chrome.runtime.sendMessage({ t: 'automatic', origin, pairing: known.phones[0].id, tabId: -1 });
    return '';
  }, w.sites.origin);
  const asked: number[] = [];
  const loaded: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const page = await w.desktop.newPage('about:blank');
    await page.bringToFront();
    void page.goto(`${w.sites.origin}/plain`);
    await w.phone.page.waitForSelector('.pass');
    const now = Date.now();
    const [start, load] = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      return [performance.timeOrigin, navigation?.loadEventEnd ?? 0];
    });
    asked.push(now - (start ?? now));
    loaded.push(load ?? 0);
    await w.phone.approve();
    await w.phone.page.waitForSelector('[data-outcome]');
    await w.phone.press('Done');
    await page.close();
  }
  note('automatic: page opened to phone asked', median(asked), 'ms', undefined, median(loaded));
}

/** Ticks of processor time (10 ms each) and resident KiB of the extension's own process; zero while it has none. */
function extensionProcess(): { pid: number; ticks: number; kib: number } {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--extension-process')) continue;
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const kib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
      return { pid: Number(name), ticks: Number(fields[11]) + Number(fields[12]), kib };
    } catch {
      // It ended between two looks.
    }
  }
  return { pid: 0, ticks: 0, kib: 0 };
}

/** Ten minutes in which nobody does anything, with a remembered phone and an automatic site. */
export async function measureIdle(note: Note, minutes = 10): Promise<void> {
  const w = await world('chromium');
  await w.remember();
  await w.desktop.allow(w.sites.origin.replace(/:\d+$/, '/*'));
  await w.desktop.inExtension(async (origin) => {
    const { known } = await chrome.runtime.sendMessage({ t: 'known' });
    await chrome.runtime.sendMessage({ t: 'automatic', origin, pairing: known.phones[0].id, tabId: -1 });
    return '';
  }, w.sites.origin);
  for (const page of await w.desktop.browser.pages())
    if (page.url().startsWith('chrome-extension:')) await page.close();
  const desktop = w.desktop as Awaited<ReturnType<typeof chromium>>;
  const alive = () =>
    desktop.browser.targets().some((one) => one.type() === 'service_worker' && one.url().includes(desktop.id));
  let awake = 0;
  let ticks = 0;
  let last = extensionProcess();
  let peak = last.kib;
  const samples = minutes * 12;
  for (let i = 0; i < samples; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const now = extensionProcess();
    ticks += now.pid === last.pid ? now.ticks - last.ticks : now.ticks;
    peak = Math.max(peak, now.kib);
    if (alive()) awake++;
    last = now;
  }
  note(`worker, ${minutes} idle minutes: processor`, ticks * 10, 'ms');
  note(`worker, ${minutes} idle minutes: awake`, (awake / samples) * 100, '%');
  note(`worker, ${minutes} idle minutes: memory at the end`, last.kib / 1024, 'MiB');
  note(`worker, ${minutes} idle minutes: memory at most`, peak / 1024, 'MiB');
  await w.close();
}
