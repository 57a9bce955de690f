// Codes where no live camera sees them: pictures that lie on the phone, a link that is typed, a camera that is not allowed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PbfWriter } from 'pbf';
import { PNG } from 'pngjs';
import type { ElementHandle } from 'puppeteer';
import { toBuffer } from 'qrcode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFor, type Companion, freePort, hashCheaply, startCompanion } from './companion.ts';
import { type Phone, phone } from './phone.ts';
import { follow } from './shown.ts';

const SEED = 'JBSWY3DPEHPK3PXP';
const folder = mkdtempSync(join(tmpdir(), 'scankey-pictures-'));
let companion: Companion;
let person: Phone;
beforeAll(async () => {
  const port = await freePort();
  hashCheaply(await buildFor(port));
  companion = await startCompanion(port);
  person = await phone();
  await person.visit(companion.origin);
  await person.firstRun();
});
afterAll(async () => {
  await person?.close();
  await companion?.remove();
  rmSync(folder, { recursive: true });
});

/** A code of Google Authenticator's for each of `names`, `index` of `size` of one batch. */
function migration(names: readonly string[], index: number, size: number): string {
  const pbf = new PbfWriter();
  for (const name of names)
    pbf.writeMessage(
      1,
      (_none, inner) => {
        inner.writeBytesField(1, Buffer.from(`secret of ${name}`));
        inner.writeStringField(2, `${name}:ann`);
        inner.writeStringField(3, name);
        for (const field of [4, 5]) inner.writeVarintField(field, 1);
        inner.writeVarintField(6, 2);
      },
      undefined,
    );
  pbf.writeVarintField(2, 1);
  pbf.writeVarintField(3, size);
  pbf.writeVarintField(4, index);
  pbf.writeVarintField(5, 77);
  return `otpauth-migration://offline?data=${encodeURIComponent(Buffer.from(pbf.finish()).toString('base64'))}`;
}
/** As a phone's screenshot has it: the code somewhere on a tall dark screen; without `text` the screen alone. */
async function screenshot(name: string, text?: string): Promise<string> {
  const screen = new PNG({ width: 1080, height: 2160 });
  screen.data.fill(40);
  if (text !== undefined) {
    const code = PNG.sync.read(await toBuffer(text, { width: 800, margin: 4 }));
    PNG.bitblt(code, screen, 0, 0, code.width, code.height, 140, 700);
  }
  const path = join(folder, name);
  writeFileSync(path, PNG.sync.write(screen));
  return path;
}
async function choose(...paths: string[]): Promise<void> {
  const input = await person.page.waitForSelector('input[accept="image/*"]');
  await (input as ElementHandle<HTMLInputElement>).uploadFile(...paths);
}

test('screenshots of another app on the same phone are read here, all at once', async () => {
  await person.press('Settings');
  await person.press('Import');
  await choose(await screenshot('none.png'));
  await person.sees('No code found in 1 of 1 pictures');
  const before = person.requests.length;
  await choose(
    await screenshot('1.png', migration(['GitHub', 'GitLab', 'Example'], 0, 2)),
    await screenshot('2.png', migration(['Another'], 1, 2)),
  );
  await person.sees('From Google Authenticator');
  const shown = await follow(person.page);
  await person.press('Import 4 accounts');
  await shown('4 accounts imported');
  // Not a byte of them left the phone; what was asked for are parts of the page itself.
  expect(person.requests.slice(before).filter((address) => !/\.js$/.test(address))).toEqual([]);
});

test('the vault stays open while a picture is chosen', async () => {
  const { page } = person;
  await person.press('Settings');
  await person.press('Import');
  const [chooser] = await Promise.all([page.waitForFileChooser(), person.press('Choose a photo of the code')]);
  const other = await page.browser().newPage();
  await other.bringToFront();
  await page.waitForFunction(() => document.hidden, { polling: 50 });
  // Longer than a page may be left otherwise.
  await page.evaluate(() => {
    const real = Date.now;
    Date.now = () => real() + 5000;
  });
  await other.close();
  await page.bringToFront();
  await chooser.accept([await screenshot('later.png')]);
  await person.sees('No code found in 1 of 1 pictures');
  await page.reload();
  await person.unlock();
  await page.waitForSelector('nav .scan');
});

test('a camera that is not allowed: what to do, again, and other ways', async () => {
  await person.page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    let asked = 0;
    mediaDevices.getUserMedia = async (how) => {
      if (asked++ === 0) throw new DOMException('no', 'NotAllowedError');
      return open(how);
    };
  });
  await person.scan();
  await person.sees('allow the camera');
  await person.press('Try again');
  const track = () =>
    person.page.waitForFunction(() => {
      const stream = document.querySelector('video')?.srcObject;
      const [one] = stream instanceof MediaStream ? stream.getVideoTracks() : [];
      return one?.readyState === 'live' ? one : null;
    });
  const first = await track();
  // As iOS does when the page is left for a moment.
  await person.page.evaluate((one) => one?.stop(), first);
  const second = await track();
  expect(await person.page.evaluate((one, other) => one === other, first, second)).toBe(false);

  await choose(await screenshot('seed.png', `otpauth://totp/Example:ann?secret=${SEED}&issuer=Example`));
  await person.page.waitForFunction(
    (seed) => [...document.querySelectorAll('input')].some(({ value }) => value.includes(seed)),
    {},
    SEED,
  );
});

test('a link that was typed is judged as any other: one of another server is refused', async () => {
  await person.visit(companion.origin);
  await person.unlock();
  await person.scan();
  await person.page.locator('summary ::-p-text(link)').click();
  await person.type('link', 'https://elsewhere.example/#AAAA');
  await person.press('Use this link');
  await person.page.waitForFunction(() => document.querySelector('.notice.bad'));
  expect(person.violations).toEqual([]);
});
