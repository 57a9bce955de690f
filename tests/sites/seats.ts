// Several pages at once, each played as if it were alone: most of their time is waiting.
import { rmSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { chromium, type Desktop } from '../e2e/chromium.ts';
import { buildFor, freePort, PATIENCE } from '../e2e/companion.ts';
import { type Engine, engine } from '../e2e/engine.ts';
import { firefox } from '../e2e/firefox.ts';
import { type Sites, startSites } from './server.ts';

/** One page being played, with servers of its own: whatever arrives there comes from it. */
export interface Played {
  at: Engine;
  page: Page;
  sites: Sites;
  elsewhere: Sites;
}

/** Where one page at a time is played. */
interface Seat {
  desktop: Desktop;
  at: Engine;
  page?: Page;
}

export interface Seats {
  /** Plays the page at `path`, as soon as a seat is free. */
  on(path: string, play: (played: Played) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param browsers how many there are; each has the focus in one of its pages
 * @param pages how many each plays at once, in windows of their own: a tab behind another one gets no frames. More than one is for
 * Chromium: a window of Firefox that was led on may lose its next page.
 * @param areFresh whether each page has a tab that nothing was in before; else one in which nothing was sent is used again
 */
export async function seats(
  make: Desktop['make'],
  { browsers, pages = 1, areFresh = false }: { browsers: number; pages?: number; areFresh?: boolean },
): Promise<Seats> {
  const build = await buildFor(await freePort());
  const open = () => (make === 'firefox' ? firefox(build) : chromium(build));
  const desktops = await Promise.all(Array.from({ length: browsers }, open));
  const free: Seat[] = [];
  for (const desktop of desktops) {
    const at = await engine(desktop, 'http://127.0.0.1/*');
    for (let number = 0; number < pages; number++) free.push({ desktop, at });
  }
  const waiting: ((seat: Seat) => void)[] = [];

  return {
    async on(path, play) {
      const seat = free.pop() ?? (await new Promise<Seat>((resolve) => waiting.push(resolve)));
      const elsewhere = await startSites();
      const sites = await startSites(Number(new URL(elsewhere.origin).port));
      const url = `${sites.origin}/${path}`;
      let isUsed = true;
      try {
        const page = seat.page ?? (await seat.desktop.browser.newPage({ type: pages > 1 ? 'window' : 'tab' }));
        seat.page = page;
        page.setDefaultTimeout(PATIENCE);
        await page.goto(url, { waitUntil: 'load' });
        await page.bringToFront();
        await play({ at: seat.at, page, sites, elsewhere });
        // What has sent something may still be on its way to another page.
        isUsed = areFresh || page.url() !== url || [sites, elsewhere].some(({ posted }) => posted.length > 0);
      } finally {
        // A page that shows the browser's own error may never say that it has closed.
        if (isUsed) await Promise.race([seat.page?.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
        if (isUsed) delete seat.page;
        for (const one of [sites, elsewhere]) one.close();
        const next = waiting.shift();
        if (next) next(seat);
        else free.push(seat);
      }
    },
    async close() {
      await Promise.all(desktops.map((desktop) => desktop.close()));
      rmSync(build, { recursive: true, force: true });
    },
  };
}
