// `npm run outcome -- BEFORE.html AFTER.html`, or `npm run outcome -- "NAME"` of one of tests/sites/endings.ts: by which rule it is told how a
// sign-in went, look by look, in real Chromium. A pair of saved pages stands for a form and what came of it, in another document.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import puppeteer, { type Page } from 'puppeteer';
import { decide, giveUp, type Reading, read } from '../src/background/judge.ts';
import { readLines } from '../src/background/lines.ts';
import type { Look } from '../src/extension/page-api.ts';
import { CHROMIUM_ARGS } from '../tests/e2e/chromium.ts';
import { ENDINGS, pathOf, startEndings } from '../tests/sites/endings.ts';
import { NAME, PASSWORD } from '../tests/sites/server.ts';
import { bundle } from './in-page.ts';

/** As long as the background looks, and as often as it does in a page that moves. */
const OUTCOME_MS = 15_000;
const LOOK_MS = 300;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Looks one after the other until it is told how it went, or nobody would look any longer. @param next the next look, and when it was */
async function explain(before: Look, next: () => Promise<{ look: Look | undefined; at: number }>): Promise<void> {
  const readings: Reading[] = [];
  let last = before;
  let said = '';
  for (let at = 0; at < OUTCOME_MS; ) {
    const { look, at: now } = await next();
    at = now;
    if (!look) continue;
    last = look;
    const reading = read(last, before, readings, at);
    readings.push(reading);
    const line = `${reading.says}: ${reading.by}${reading.text && ` (“${reading.text}”)`}, believed after ${reading.holds} ms`;
    if (line !== said) say(`${String(at).padStart(6)} ms  ${line}`);
    said = line;
    const told = decide(readings);
    if (told) return say(`told ${told.result} after ${at} ms, because ${told.by}`);
  }
  const told = giveUp(last, before, readings);
  say(`told ${told.result} at last, because ${told.by}`);
}

const { positionals } = parseArgs({ allowPositionals: true });
const [first = '', second] = positionals;
const isPair = second !== undefined;
if (!isPair && !ENDINGS[first]) {
  process.stderr.write(`usage: npm run outcome -- BEFORE.html AFTER.html | "NAME", which may be\n`);
  for (const name of Object.keys(ENDINGS)) if (name.includes(first)) process.stderr.write(`  ${name}\n`);
  process.exit(2);
}
const script = await bundle('content.ts', 'content');
const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS });
const page = await browser.newPage();
// The background gives a page up that a window of its own has kept from answering for five seconds.
page.on('dialog', (box) => {
  say(`           a window of the page’s own, closed here at once: “${box.message()}”`);
  void box.accept();
});

/** How the page looks now; undefined while it is between two documents. */
async function lookAt(tab: Page): Promise<Look | undefined> {
  try {
    await tab.evaluate(script);
    const seen = await tab.evaluate(() => globalThis.scankey?.look());
    return seen && readLines(seen);
  } catch {
    return undefined;
  }
}

async function explainPair(pages: readonly string[]): Promise<void> {
  // Under no name of its own, and with no script but ours: it has drawn itself before it was saved.
  const server = createServer((request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    });
    response.end(readFileSync(pages[Number(request.url?.slice(1))] ?? ''));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const looks: Look[] = [];
  for (const at of [0, 1]) {
    await page.goto(`http://127.0.0.1:${port}/${at}`);
    const look = await lookAt(page);
    if (look) looks.push(look);
  }
  server.close();
  const [before, look] = looks;
  if (!before || !look) throw new Error('a page that cannot be looked at');
  let at = -LOOK_MS;
  await explain(before, async () => {
    at += LOOK_MS;
    return { look, at };
  });
}

async function explainEnding(name: string): Promise<void> {
  const sites = await startEndings();
  await page.goto(sites.origin + pathOf(name));
  const before = await lookAt(page);
  if (!before) throw new Error('a page that cannot be looked at');
  const values = { username: NAME, password: PASSWORD, extra: '', otp: '' };
  const order = { ...values, mark: before.mark, origin: sites.origin, frame: false };
  await page.evaluate((one) => globalThis.scankey?.fill(one), order).catch(() => {});
  const start = performance.now();
  await explain(before, async () => {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const look = await lookAt(page);
    return { look, at: Math.round(performance.now() - start) };
  });
  sites.close();
}

try {
  await (isPair ? explainPair([first, second]) : explainEnding(first));
} finally {
  await browser.close();
}
