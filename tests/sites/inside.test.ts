// Inside applications nothing is pressed and nothing filled that does not sign in; each page tells what it saw.
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FillReport } from '../../src/extension/page-api.ts';
import { chromium, type Desktop } from '../e2e/chromium.ts';
import { buildFor, freePort } from '../e2e/companion.ts';
import { type Engine, engine } from '../e2e/engine.ts';
import { firefox } from '../e2e/firefox.ts';
import { documentOf, GIVEN, INSIDE, type Seen, STILL_DANGEROUS, STILL_MISSED } from './inside.ts';

const NAMES = Object.keys(INSIDE);
/** What both browsers try: the rules are the same, the ways of pressing are not. */
const SAMPLE = NAMES.filter((_, at) => at % Math.ceil(NAMES.length / 12) === 0);
/** Pages at once: a form that is not there is waited for. */
const TABS = 12;

const danger = ({ pressed, put }: Seen, name: string): string[] => [
  ...pressed.flatMap(({ how, what, allowed }) =>
    allowed && INSIDE[name]?.may === 'sign-in' ? [] : [`${how} on ${what}`],
  ),
  ...put.flatMap(({ what, value, allowed }) => (allowed ? [] : [`${value} in ${what}`])),
];
/** What a page asks for and did not get. */
const misses = ({ pressed, put, marks }: Seen): string[] =>
  marks.filter((mark) => {
    if (mark === 'switch-off' || mark === 'extra') return false;
    if (mark === 'press') return !pressed.some(({ how, allowed }) => allowed && how !== 'Enter');
    return !put.some(({ value, allowed }) => allowed && value === mark);
  });

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
  const names = make === 'chromium' ? NAMES : SAMPLE;
  const seen: Record<string, Seen> = {};
  const reports: Record<string, FillReport | undefined> = {};
  const sent: string[] = [];
  let server: Server;
  let desktop: Desktop;
  let build: string;

  const play = async (at: Engine, tab: Page, origin: string, name: string) => {
    await tab.goto(`${origin}/${NAMES.indexOf(name)}${INSIDE[name]?.path}`, { waitUntil: 'load' });
    reports[name] = await at.fill(tab, {
      username: GIVEN.name,
      password: GIVEN.password,
      otp: GIVEN.code,
      extra: GIVEN.extra,
    });
    seen[name] = await tab.evaluate(() => (window as unknown as { seen(): Seen }).seen());
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const page = INSIDE[NAMES[Number.parseInt((request.url ?? '').slice(1), 10)] ?? ''];
      const asked = `${request.method} ${request.url}`;
      if (request.method !== 'GET' || asked.includes(GIVEN.password)) sent.push(asked);
      response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
      response.end(page && documentOf(page));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    build = await buildFor(await freePort());
    desktop = make === 'firefox' ? await firefox(build) : await chromium(build);
    const at = await engine(desktop, 'http://127.0.0.1/*');
    const left = [...names];
    const worker = async () => {
      const tab = await desktop.newPage('about:blank');
      for (let name = left.shift(); name !== undefined; name = left.shift())
        await play(at, tab, `http://127.0.0.1:${port}`, name);
    };
    await Promise.all(Array.from({ length: TABS }, worker));
  }, 600_000);
  afterAll(async () => {
    await desktop.close();
    server.closeAllConnections();
    server.close();
    rmSync(build, { recursive: true, force: true });
    const told = Object.entries(seen).flatMap(([name, one]) => [
      ...danger(one, name).map((what) => `dangerous at ${name}: ${what}`),
      ...misses(one).map((what) => `missed at ${name}: ${what}`),
    ]);
    console.log([`${names.length} pages in ${make}`, ...told].join('\n'));
  });

  test.each(names.filter((name) => !STILL_DANGEROUS.has(name)))(
    'nothing is pressed or filled that may not be: %s',
    (name) => {
      const one = seen[name];
      expect(one && danger(one, name)).toEqual([]);
    },
  );

  const asking = names.filter((name) => INSIDE[name]?.may !== 'nothing' && !STILL_MISSED.has(name));
  test.each(asking)('gets what it asks for: %s', (name) => {
    const one = seen[name];
    expect(one && misses(one)).toEqual([]);
  });

  test.each(names.filter((name) => INSIDE[name]?.may === 'fill-only'))(
    'tells that it is asked once more: %s',
    (name) => {
      expect(reports[name]).toEqual({ done: 'entered', step: 'again' });
    },
  );

  test('nothing left any page', () => {
    expect(sent).toEqual([]);
  });
});
