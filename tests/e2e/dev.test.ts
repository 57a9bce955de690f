// `npm run dev`, in a copy of the sources: what one edits arrives in a real Chromium, on the phone's page and in the companion.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
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

beforeAll(async () => {
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
  desktop = await chromium(join(copy, 'dist/dev'));
}, 2 * WAIT_MS);

afterAll(async () => {
  await desktop?.close();
  // It ends what it has started.
  if (dev?.exitCode === null && dev.kill('SIGINT')) await once(dev, 'exit');
  rmSync(copy, { recursive: true, force: true });
});

const ended = (): false => {
  if (dev.exitCode !== null) throw new Error(log);
  return false;
};
const edit = (path: string, line: string) => appendFileSync(join(copy, path), `\n${line}\n`);

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

test(
  'an edit of the phone is on the page that the companion serves',
  async () => {
    edit('src/phone/phone.tsx', `document.title = 'edited phone';`);
    const served = async () => {
      const html = await (await fetch(address)).text();
      const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '';
      return (await (await fetch(new URL(script, address))).text()).includes('edited phone');
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
