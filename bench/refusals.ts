// Wrong passwords at real applications: what both sides are told, how often the password was sent, and how long the word took.
import type { Page } from 'puppeteer';
import { type World, world } from '../tests/e2e/world.ts';
import { type App, haxcms, nginx, nodeRed, parseDashboard, tiddlyWiki } from '../tests/sites/apps.ts';
import { SHARED_APPS, SHARED_APPS_ARE_HERE, startShared } from '../tests/sites/shared-apps.ts';
import { type ByHand, giveTo } from '../tests/sites/sign-in-to.ts';

const WRONG = 'not-the-Password-9';
/** Takes any password. */
const TAKES_ALL = 'oidc-provider';

interface Named {
  name: string;
  start(): App | Promise<App>;
  byHand: ByHand;
}
const APPS: Named[] = [
  ...Object.entries({
    haxcms,
    'parse-dashboard': parseDashboard,
    'node-red 4': nodeRed,
    nginx: () => nginx(),
    tiddlyWiki,
  }).map(([name, start]) => ({ name, start, byHand: {} })),
  ...(SHARED_APPS_ARE_HERE ? Object.entries(SHARED_APPS) : [])
    .filter(([name]) => name !== TAKES_ALL && name !== 'node-red')
    .map(([name, byHand]) => ({ name, start: () => startShared(name), byHand })),
];

/** @param parts of the names of what is tried; none tries all @param say is told each as soon as it has ended */
export async function measureRefusals(
  make: World['desktop']['make'],
  parts: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const w = await world(make);
  const told: { isRight: boolean; seconds: number }[] = [];
  const tried = APPS.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  for (const { name, start, byHand } of tried) {
    let app: App | undefined;
    let page: Page | undefined;
    let [outcome, sent, seconds] = ['', 0, 60];
    try {
      app = await start();
      page = await giveTo(
        w,
        { ...app, password: WRONG },
        {
          async before(opened) {
            page = opened;
            opened.on('request', (request) => {
              // Firefox tells of no request what it carried.
              if (make === 'chromium' && request.postData()?.includes(WRONG)) sent++;
            });
            await byHand.before?.(opened);
          },
        },
      );
      const tapped = performance.now();
      outcome = await w.outcome(60_000);
      seconds = Math.round((performance.now() - tapped) / 100) / 10;
    } catch (error) {
      say(`${name}: ${error instanceof Error ? error.message : error}`);
    }
    told.push({ isRight: outcome === 'refused', seconds });
    const said = (await w.phone.text()).replace(/\s+/g, ' ').slice(0, 140);
    say(
      `${name}: ${outcome || 'nothing'} after ${seconds} s${make === 'chromium' ? `, sent ${sent} times` : ''} | ${said}`,
    );
    await w.tidy(page);
    app?.stop();
  }
  await w.close();
  const right = told.filter(({ isRight }) => isRight);
  say(
    `told as refused: ${right.length} of ${told.length}, within 5 s: ${right.filter((one) => one.seconds <= 5).length}`,
  );
}
