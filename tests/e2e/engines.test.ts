// One list of stories, played on the phone page in every engine that phones have.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { textIn } from '../../src/phone/parts/decode.ts';
import { NAME, PASSWORD, type Sites, startSites } from '../sites/server.ts';
import { chromium, type Desktop } from './chromium.ts';
import { buildFor, type Companion, freePort, startCompanion, until } from './companion.ts';
import { ENGINES } from './engines.ts';
import { PASSPHRASE } from './phone.ts';
import { type Reader, reader, type Screen } from './screen.ts';
import { startTeam } from './team.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-engines-'));
let sites: Sites;
let companion: Companion;
let desktop: Desktop;
let build = '';
let phone: Reader;

beforeAll(async () => {
  const port = await freePort();
  build = await buildFor(port);
  [sites, companion, desktop] = await Promise.all([startSites(), startCompanion(port), chromium(build)]);
});
afterAll(async () => {
  await desktop.close();
  await companion.remove();
  sites.close();
  for (const path of [build, folder]) rmSync(path, { recursive: true, force: true });
});

/** The companion's page as a browser shows it that refuses it every place to store in: it has no origin of its own. */
async function startBlocked(of: string): Promise<{ origin: string; close(): void }> {
  const server = createServer(async ({ url = '/' }, answer) => {
    const file = await fetch(of + url);
    answer.writeHead(file.status, {
      'content-type': file.headers.get('content-type') ?? '',
      'content-security-policy': 'sandbox allow-scripts',
      'access-control-allow-origin': '*',
    });
    answer.end(new Uint8Array(await file.arrayBuffer()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

async function firstRun(): Promise<void> {
  await phone.fill('passphrase', PASSPHRASE);
  await phone.fill('repeat', PASSPHRASE);
  await phone.press('Create my vault');
}
/** Leaves for later what is offered, until the phone says `text`. */
async function later(text: string): Promise<void> {
  await until(`the phone says "${text}"`, async () => {
    await phone.click('button', 'Not now').catch(() => false);
    return (await phone.text()).includes(text);
  });
}

/** A tap that comes too soon after a change does not count. */
async function confirm(): Promise<void> {
  let last = '';
  await until('signed in', async () => {
    await phone.click('button', 'Confirm sign-in').catch(() => false);
    last = await phone.text();
    return last.includes('Signed in');
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the phone says: ${last}`);
  });
}

describe.each(Object.keys(ENGINES))('%s', (engine) => {
  let page: Page | undefined;
  const open = ENGINES[engine] as () => Promise<Screen>;
  beforeEach(async () => {
    sites.posted.length = 0;
    phone = reader(await open());
  });
  afterEach(async () => {
    await page?.close();
    page = undefined;
    await companion.start();
    await phone.close();
  });

  test('a vault is made, filled from a file, written to one, and opens without a network', async () => {
    await phone.goto(companion.origin);
    await firstRun();
    await later('No accounts yet');
    await phone.press('Settings');
    await phone.press('Import');
    const csv = join(folder, 'chrome.csv');
    writeFileSync(csv, 'name,url,username,password\nA,https://a.example/login,ann,pw\n');
    await phone.choose('[type=file]', csv);
    await phone.press('Import 1 account');
    await phone.sees('ann');
    await phone.press('Settings');
    await phone.press('Export');
    await phone.press('Table (CSV)');
    await phone.fill('passphrase', PASSPHRASE);
    // What the page hands to the browser to be saved.
    await phone.run(() => {
      const make = URL.createObjectURL;
      URL.createObjectURL = (what) => {
        if (what instanceof Blob) what.text().then((text) => document.body.setAttribute('data-saved', text));
        return make(what);
      };
    });
    await phone.press('Save the file');
    await until('a file', () => phone.run(() => document.body.dataset.saved?.includes('ann')));
    await until('all is kept for later', () =>
      phone.run(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'),
    );
    expect(await phone.text()).not.toContain('new version');
    await companion.stop();
    await phone.reload();
    await phone.fill('passphrase', PASSPHRASE);
    await phone.press('Unlock');
    await phone.sees('ann');
  });

  test('a code is scanned by a phone that has no vault yet, reloaded before it confirms, and the computer is signed in', async () => {
    page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await phone.goto(await popup.link());
    await firstRun();
    await later('Add an account for this site');
    await phone.press('Add an account for this site');
    await phone.fill('username', NAME);
    await phone.fill('password', PASSWORD);
    await phone.press('Save');
    await phone.sees(new URL(sites.origin).host);
    await phone.reload();
    await phone.fill('passphrase', PASSPHRASE);
    await phone.press('Unlock');
    await confirm();
    expect(sites.posted).toHaveLength(1);
  });

  test('where the browser lets the page store nothing, it says so', async () => {
    const blocked = await startBlocked(companion.origin);
    try {
      await phone.goto(blocked.origin);
      await phone.sees('This browser lets Scankey store nothing');
    } finally {
      blocked.close();
    }
  });

  test('a team’s sign-in page shows its code, and who one is goes to the site', async () => {
    const team = await startTeam();
    const computer = reader(await open());
    try {
      await computer.goto(team.wiki.origin);
      const link = await until('a code that can be read', async () => {
        const { data, width, height } = PNG.sync.read(Buffer.from(await computer.picture()));
        return textIn({ data: new Uint8ClampedArray(data), width, height });
      });
      await phone.goto(link);
      await firstRun();
      await later('Deny');
      await confirm();
      await until('the site knows', () => team.wiki.people.length > 0);
      expect(team.wiki.failures).toEqual([]);
    } finally {
      await computer.close();
      await team.close();
    }
  });
});
