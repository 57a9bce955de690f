// `npm run bench [-- popup|fill|page|size|relay|lost|phone|paths|slow|scan|imports|remembered|team|idle|house|guards [FILE…]|endings [WORDS…]|refusals [WORDS…]] [--json] [--browser firefox] [--long]`: what we measure, each figure beside its baseline in the same run.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { optionsOf } from '../scripts/options.ts';
import { chromium } from '../tests/e2e/chromium.ts';
import { ROOT, until } from '../tests/e2e/companion.ts';
import { type World, world } from '../tests/e2e/world.ts';
import { measureEndings, sayEndings } from './endings.ts';
import { measureGuards, sayGuards } from './guards.ts';
import { measureHouse, sayHouse } from './house.ts';
import { sayImports } from './imports.ts';
import { measurePaths } from './paths.ts';
import { measurePhone } from './phone.ts';
import { measureRefusals } from './refusals.ts';
import { measureRelay } from './relay.ts';
import { measureLostNode } from './relay-lost.ts';
import { measureIdle, measureRemembered } from './remembered.ts';
import { measureScan } from './scan.ts';
import { measureSlow } from './slow.ts';
import { measureTeam } from './team.ts';

interface Figure {
  value: number;
  unit: string;
  baseline?: number;
  ratio?: number;
  aim?: string;
}
const { values: options, positionals } = optionsOf(
  'npm run bench [-- NAME… [--json] [--browser firefox] [--long]], with the names that bench/bench.ts opens with',
  {
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      tree: { type: 'string', default: ROOT },
      report: { type: 'string', multiple: true },
      browser: { type: 'string', default: 'chromium' },
      long: { type: 'boolean', default: false },
    },
  },
);
// How the code stands is no race against a baseline: it has its own table.
if (positionals.includes('house')) {
  const house = measureHouse(resolve(options.tree), options.report);
  process.stdout.write(`${options.json ? JSON.stringify(house) : sayHouse(house)}\n`);
  process.exit(0);
}
if (positionals[0] === 'guards') {
  const guards = await measureGuards(ROOT, positionals.slice(1), (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${options.json ? JSON.stringify(guards) : sayGuards(guards)}\n`);
  process.exit(0);
}
if (positionals[0] === 'imports') {
  process.stdout.write(`${await sayImports()}\n`);
  process.exit(0);
}
const make = options.browser === 'firefox' ? 'firefox' : 'chromium';
if (positionals[0] === 'endings') {
  const told = await measureEndings(make, positionals.slice(1), (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${options.json ? JSON.stringify(told) : sayEndings(told)}\n`);
  process.exit(0);
}
if (positionals[0] === 'refusals') {
  await measureRefusals(make, positionals.slice(1), (line) => process.stdout.write(`${line}\n`));
  process.exit(0);
}
const figures: Record<string, Figure> = {};
const round = (value: number) => Math.round(value * 100) / 100;
const note = (name: string, value: number, unit: string, aim?: string, baseline?: number): void => {
  const compared = baseline === undefined ? {} : { baseline: round(baseline), ratio: round(value / baseline) };
  figures[name] = { value: round(value), unit, ...compared, ...(aim ? { aim } : {}) };
};
const median = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

const ROUNDS = 9;

/** Click on the toolbar button until the popup's first paint with content, which holds the code; against an empty popup. */
async function popup(): Promise<void> {
  const empty = join(ROOT, '.cache/empty/chrome');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'popup.html'), '<!doctype html><body style="width:328px;height:400px">.</body>');
  writeFileSync(
    join(empty, 'manifest.json'),
    JSON.stringify({ manifest_version: 3, name: 'empty', version: '1', action: { default_popup: 'popup.html' } }),
  );
  const w = await world('chromium');
  const bare = await chromium(join(ROOT, '.cache/empty'));
  const clickToPaint = async (desktop: Awaited<ReturnType<typeof chromium>>, shows: string) => {
    const page = await desktop.newPage(`${w.sites.origin}/plain`);
    const before = Date.now();
    const extension = (await desktop.browser.extensions()).get(desktop.id);
    await extension?.triggerAction(page);
    const shown = await desktop.popupPage();
    await shown.waitForSelector(shows);
    const painted = await until('a paint', () =>
      shown.evaluate(() => {
        const entry = performance.getEntriesByName('first-contentful-paint')[0];
        return entry ? performance.timeOrigin + entry.startTime : undefined;
      }),
    );
    await shown.close().catch(() => {});
    await page.close();
    return painted - before;
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    theirs.push(await clickToPaint(bare, 'body'));
    ours.push(await clickToPaint(w.desktop as Awaited<ReturnType<typeof chromium>>, 'svg.code'));
  }
  note('popup click to code', median(ours), 'ms', '≤ 1.15', median(theirs));
  await bare.close();
  await w.close();
  rmSync(join(ROOT, '.cache/empty'), { recursive: true, force: true });
}

/** The tap on the phone until the page's form is submitted; against a bare round trip to the companion and an empty executeScript. */
async function fill(): Promise<void> {
  const w = await world('chromium');
  const desktop = w.desktop as Awaited<ReturnType<typeof chromium>>;
  const took: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const { page, popup: shown } = await w.begin('/plain');
    await w.scan(shown);
    bare.push(
      await (await desktop.worker()).evaluate(async (url) => {
        const [tab] = await chrome.tabs.query({ active: true });
        const socket = new WebSocket(url);
        await new Promise((resolve) => socket.addEventListener('open', resolve));
        const start = performance.now();
        // The first frame is answered at once, whatever it is.
        socket.send('{}');
        await new Promise((resolve) => socket.addEventListener('message', resolve));
        await chrome.scripting.executeScript({ target: { tabId: tab?.id ?? 0 }, func: () => 0 });
        return performance.now() - start;
      }, `ws://localhost:${w.network.port}/v1/relay`),
    );
    await w.phone.page.evaluate(() => {
      document.addEventListener('click', () => Object.assign(window, { tapped: Date.now() }), {
        capture: true,
        once: true,
      });
    });
    await page.evaluate(() => {
      window.addEventListener('submit', () => sessionStorage.setItem('submitted', String(Date.now())), true);
    });
    await w.phone.approve();
    await w.outcome();
    const at = Number(await page.evaluate(() => sessionStorage.getItem('submitted')));
    took.push(at - (await w.phone.page.evaluate(() => (window as unknown as { tapped: number }).tapped)));
    await w.tidy(page);
  }
  note('confirm to form submitted', median(took), 'ms', '≤ 3', median(bare));
  await recognition(w);
  await w.close();
}

/** A look at a page of 10,000 elements by the content script; against one walk over them that reads their computed style. */
async function recognition(w: World): Promise<void> {
  const { origin } = w.sites;
  await w.desktop.allow('http://127.0.0.1/*');
  const page = await w.desktop.newPage(`${origin}/plain`);
  await page.evaluate(() => {
    const rows = Array.from(
      { length: 1_640 },
      (_, i) => `<tr><td>${i}</td><td><b>Bed ${i}</b></td><td><span>note</span></td></tr>`,
    );
    const fields = Array.from({ length: 60 }, (_, i) => `<p><label>Field ${i} <input name="f${i}"></label></p>`);
    document.body.insertAdjacentHTML(
      'beforeend',
      `<table>${rows.join('')}</table><form>${fields.join('')}<button>Save</button></form>`,
    );
  });
  const [ours, theirs, elements] = await w.desktop.inExtension(
    async (url, rounds) => {
      const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
      const target = { tabId: tab?.id ?? 0 };
      await chrome.scripting.executeScript({ target, files: ['content.js'] });
      const [measured] = await chrome.scripting.executeScript({
        target,
        args: [rounds],
        func: (times: number) => {
          const all = document.querySelectorAll('*');
          // Styles are computed anew in each round, as on a page that has just changed.
          const stir = (i: number) => document.documentElement.style.setProperty('--round', String(i));
          const time = (work: () => void) => {
            const start = performance.now();
            work();
            return performance.now() - start;
          };
          const looks: number[] = [];
          const walks: number[] = [];
          for (let i = 0; i < times; i++) {
            stir(2 * i);
            looks.push(time(() => globalThis.scankey?.look()));
            stir(2 * i + 1);
            walks.push(
              time(() => {
                for (const element of all) void getComputedStyle(element).opacity;
              }),
            );
          }
          const middle = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;
          return [middle(looks), middle(walks), all.length];
        },
      });
      return measured?.result as number[];
    },
    page.url(),
    21,
  );
  note(`recognition on ${elements} elements`, ours ?? 0, 'ms', '≤ 1.5', theirs ?? 0);
}

/** What a page pays that is not being signed in to: counted, not timed, because nothing of ours is there. */
async function page(): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'dist/chrome/manifest.json'), 'utf8'));
  const declared = [manifest.content_scripts, manifest.web_accessible_resources, manifest.host_permissions].filter(
    Boolean,
  );
  note('bytes in a page not signed in to', declared.length === 0 ? 0 : Number.NaN, 'bytes', '0');
}

const gzip = (path: string): number => gzipSync(readFileSync(join(ROOT, path)), { level: 9 }).length / 1024;

async function size(): Promise<void> {
  note('content script', gzip('dist/chrome/content.js'), 'KiB gzip', '≤ 24');
  // What it shares with the options page is loaded with it.
  note('popup JavaScript', gzip('dist/chrome/popup.js') + gzip('dist/chrome/shared.js'), 'KiB gzip', '≤ 30');
  note('background', gzip('dist/chrome/background.js'), 'KiB gzip', '≤ 60');
  const zip = readdirSync(join(ROOT, 'out')).find((name) => name.startsWith('scankey-chrome'));
  if (zip) note('packed extension', statSync(join(ROOT, 'out', zip)).size / 1024, 'KiB', '≤ 150');
  const index = readFileSync(join(ROOT, 'dist/phone/index.html'), 'utf8');
  const first = [...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) =>
    gzip(`dist/phone/${name}`),
  );
  note(
    'phone page, before its first paint',
    first.reduce((sum, one) => sum + one, gzip('dist/phone/index.html')),
    'KiB gzip',
    '≤ 120',
  );
}

const parts: Record<string, () => Promise<void>> = {
  size,
  page,
  relay: () => measureRelay(note, options),
  popup,
  fill,
  phone: () => measurePhone(note),
  paths: () => measurePaths(note),
  scan: async () => measureScan(note),
  remembered: () => measureRemembered(note),
  team: () => measureTeam(note),
};
// What takes ten minutes is measured only for who asks for it.
const asked: typeof parts = {
  idle: () => measureIdle(note),
  slow: () => measureSlow(note),
  lost: () => measureLostNode(note),
};

for (const [name, measure] of Object.entries({ ...parts, ...asked }))
  if (positionals.includes(name) || (positionals.length === 0 && name in parts)) await measure();
if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else
  for (const [name, { value, unit, baseline, ratio, aim }] of Object.entries(figures)) {
    const compared = baseline === undefined ? '' : `  baseline ${baseline} ${unit}  ratio ${ratio}`;
    process.stdout.write(
      `${name.padEnd(42)} ${String(value).padStart(8)} ${unit}${compared}${aim ? `  (aim ${aim})` : ''}\n`,
    );
  }
process.exit(0);
