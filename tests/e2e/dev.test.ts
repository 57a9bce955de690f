// `npm run dev`, in a copy of the sources: what one edits arrives in a real Chromium, on the phone's page and in the companion.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromium } from './chromium.ts';
import { freePort, ROOT, until } from './companion.ts';

const WAIT_MS = 120_000;
let copy: string;
let address: string;
let dev: ChildProcess;
let log = '';
let desktop: Awaited<ReturnType<typeof chromium>>;

/** Hears of the edits that run: each asks for an address of its own. What it answers is a page to sign in to. */
const heard = new Set<string>();
const ear = createServer((request, response) => {
  heard.add(request.url ?? '');
  response.setHeader('content-type', 'text/html');
  response.end('<form method="post"><input name="user"><input name="password" type="password"></form>');
});
const earAt = () => `http://localhost:${(ear.address() as AddressInfo).port}`;

beforeAll(async () => {
  await once(ear.listen(0, '127.0.0.1'), 'listening');
  copy = mkdtempSync(join(tmpdir(), 'scankey-dev-'));
  for (const name of ['src', 'server', 'scripts', 'manifest.json', 'package.json', 'tsconfig.json', 'vite.config.ts'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const port = await freePort();
  address = `http://localhost:${port}`;
  dev = spawn(process.execPath, ['scripts/dev.mjs', '--port', String(port), '--host', '127.0.0.1'], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk));
  process.once('exit', () => dev.kill('SIGKILL'));
  await until('it says what to load', () => ended() || log.includes('companion is running'), WAIT_MS);
  expect(log).toContain(join(copy, 'dist/dev/chrome'));
  desktop = await open();
}, 2 * WAIT_MS);

async function open(): Promise<typeof desktop> {
  const desktop = await chromium(join(copy, 'dist/dev'));
  // Where it is off, as in a browser that is driven, an extension that reloads itself stays away. Nobody loads an unpacked one without it.
  const settings = await desktop.newPage('chrome://extensions');
  await settings.evaluate(() =>
    (
      chrome as unknown as {
        developerPrivate: { updateProfileConfiguration(update: { inDeveloperMode: boolean }): Promise<void> };
      }
    ).developerPrivate.updateProfileConfiguration({ inDeveloperMode: true }),
  );
  await settings.close();
  return desktop;
}

afterAll(async () => {
  await desktop?.close();
  ear.close();
  ear.closeAllConnections();
  // It ends what it has started.
  if (dev?.exitCode === null && dev.kill('SIGINT')) await once(dev, 'exit');
  rmSync(copy, { recursive: true, force: true });
});

const ended = (): false => {
  if (dev.exitCode !== null) throw new Error(log);
  return false;
};
const edit = (path: string, line: string) => appendFileSync(join(copy, path), `\n${line}\n`);
let saves = 0;
/** @returns whether the file runs as it has been edited */
function editHeard(path: string): () => boolean {
  const mark = `/${path}?${++saves}`;
  edit(path, `void fetch('${earAt()}${mark}', { mode: 'no-cors' });`);
  return () => heard.has(mark);
}

test(
  'an edit of the popup arrives in Chromium',
  async () => {
    const page = await desktop.browser.newPage();
    await page.goto(`chrome-extension://${desktop.id}/src/popup/options.html`);
    await until(
      'the page is there',
      () => page.evaluate(() => document.body.innerText.length > 20).catch(() => false),
      WAIT_MS,
    );
    edit('src/popup/options.tsx', `document.documentElement.dataset.edited = 'yes';`);
    const arrived = () => page.evaluate(() => document.documentElement.dataset.edited === 'yes');
    await until('the edit is there', () => arrived().catch(() => false), WAIT_MS);
  },
  2 * WAIT_MS,
);

test.each(['src/background/background.ts', 'src/background/page.ts', 'src/protocol/qr-link.ts'])(
  'an edit of the background arrives in Chromium: %s',
  (path) => until('the edit runs', editHeard(path), WAIT_MS).then(() => {}),
  2 * WAIT_MS,
);

test.each(['src/content/content.ts', 'src/content/look.ts'])(
  'an edit of what runs in pages arrives in Chromium: %s',
  async (path) => {
    let runs = editHeard(path);
    let tries = 0;
    // It comes into a page when it is looked at, and before the extension has reloaded as it was.
    const looked = async () => {
      // An extension that was reloaded often in a short time may stay away: who edits begins the browser anew, and saves again.
      if (++tries % 4 === 0) {
        await desktop.close();
        desktop = await open();
        runs = editHeard(path);
      }
      const page = await desktop.newPage(earAt());
      try {
        // Where the extension is just reloading there may be no popup, ever.
        void desktop.openPopup(page).catch(() => {});
        return await until('it runs', runs, 15_000);
      } finally {
        await page.close();
      }
    };
    await until('the edit runs', () => looked().catch(() => false), WAIT_MS);
  },
  2 * WAIT_MS,
);

test(
  'an edit of the phone is on the page that the companion serves',
  async () => {
    edit('src/phone/phone.tsx', `document.title = 'edited phone';`);
    const served = async () => {
      const html = await (await fetch(address)).text();
      // The entry, and what it asks for next.
      const scripts = [...html.matchAll(/"([^"]+\.js)"/g)].map(([, path = '']) => new URL(path, address));
      const texts = await Promise.all(scripts.map(async (script) => (await fetch(script)).text()));
      return texts.some((text) => text.includes('edited phone'));
    };
    await until('the companion serves it', () => served().catch(() => false), WAIT_MS);
  },
  WAIT_MS,
);

test(
  'an edit of the companion starts it again, and Ctrl-C ends everything',
  async () => {
    edit('server/main.ts', `console.log('edited companion');`);
    await until('it runs the edit', () => ended() || log.includes('edited companion'), WAIT_MS);
    const over = once(dev, 'exit');
    dev.kill('SIGINT');
    expect(await over).toEqual([0, null]);
    await until(
      'nobody answers any more',
      () =>
        fetch(address).then(
          () => false,
          () => true,
        ),
      WAIT_MS,
    );
  },
  2 * WAIT_MS,
);
