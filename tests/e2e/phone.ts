// A phone: a second Chromium of phone size, whose camera sees what it is shown. Speaks the person's words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import puppeteer, { type Page } from 'puppeteer';
import { CHROMIUM_ARGS, type Look, type Popup, says } from './chromium.ts';
import { PATIENCE, until } from './companion.ts';
import { mustNotLeak } from './secrets.ts';

export const PASSPHRASE = mustNotLeak('correct horse battery staple');

export interface AccountData {
  site: string;
  username: string;
  password: string;
  /** Seed of one-time codes, base32. */
  totp?: string;
  tenant?: string;
}

/** One frame of raw video (YUV4MPEG2, 4:2:0), the PNG in the middle of a grey scene. */
export function frameOf(png: Uint8Array): Buffer {
  const picture = PNG.sync.read(Buffer.from(png));
  const width = (picture.width + 161) & ~1;
  const height = (picture.height + 161) & ~1;
  const [left, top] = [(width - picture.width) >> 1, (height - picture.height) >> 1];
  const luma = Buffer.alloc(width * height, 120);
  const channel = (at: number) => picture.data[at] ?? 0;
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const at = (y * picture.width + x) * 4;
      const light = 65.5 * channel(at) + 128.6 * channel(at + 1) + 24.97 * channel(at + 2);
      luma[(y + top) * width + x + left] = 16 + Math.round(light / 255);
    }
  const chroma = Buffer.alloc((width * height) / 2, 128);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), luma, chroma]);
}

/**
 * Looks at `page` as a person does who reads before the tap: what releases something is dead for half a second after anything has
 * changed, by the page's own clock.
 */
export const read = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let since = performance.now();
        // That the button comes to life is no change.
        const changes = new MutationObserver((records) => {
          if (records.some(({ attributeName }) => attributeName !== 'aria-disabled')) since = performance.now();
        });
        changes.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        const look = () => {
          const left = since + 600 - performance.now();
          if (left > 0) return void setTimeout(look, left);
          changes.disconnect();
          resolve();
        };
        look();
      }),
  );

/** Gives the phone a sensor that takes every finger. @returns says whether it takes them from now on */
export async function withFinger(page: Page): Promise<(takes: boolean) => Promise<void>> {
  const cdp = await page.createCDPSession();
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true },
    },
  });
  return async (takes) => {
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: takes });
  };
}

/** Taps the button that releases something, as a person does who has read the screen. */
export async function confirm(page: Page): Promise<void> {
  const button = '.actions button.primary:not(:disabled)';
  // Where anything has changed since it was read the button is dead, and looks like that, or stands elsewhere: read on, and tap again.
  await until('a tap that counts', async () => {
    await page.waitForSelector(button);
    await read(page);
    const tapped = await page.evaluateHandle((wanted) => {
      const seen = { counts: false };
      const see = ({ target }: Event) => {
        const hit = (target as Element).closest(wanted);
        seen.counts = hit !== null && hit.ariaDisabled !== 'true';
      };
      addEventListener('click', see, { capture: true, once: true });
      return seen;
    }, button);
    await page.locator(button).click();
    // A page that has gone on to another heard it.
    return tapped.evaluate(({ counts }) => counts).catch(() => true);
  });
}

export interface Phone {
  readonly page: Page;
  /** What the page's own policy had to refuse, and errors that nobody caught: none, ever. */
  readonly violations: string[];
  /** Addresses of everything that was requested. */
  readonly requests: string[];
  /** Opens the page of a companion. */
  visit(url: string): Promise<void>;
  /** Makes the vault. */
  firstRun(name?: string): Promise<void>;
  /** Leaves for later what is offered to whoever has just made a vault: a finger, a backup. */
  notNow(): Promise<void>;
  unlock(passphrase?: string): Promise<void>;
  addAccount(account: AccountData): Promise<void>;
  /** Holds the camera before a picture. */
  show(picture: Uint8Array): void;
  /** Scans with the page's own camera whatever it is shown. */
  scan(): Promise<void>;
  press(label: string): Promise<void>;
  type(id: string, text: string): Promise<void>;
  text(): Promise<string>;
  sees(text: string, ms?: number): Promise<void>;
  /** Confirms, as a person does who has read the screen. */
  approve(): Promise<void>;
  picture(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function phone(options: Look & { width?: number; args?: string[] } = {}): Promise<Phone> {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-phone-'));
  const film = join(folder, 'camera.y4m');
  const blank = new PNG({ width: 640, height: 640 });
  writeFileSync(film, frameOf(PNG.sync.write(blank)));
  const browser = await puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    pipe: true,
    timeout: PATIENCE,
    args: [
      ...CHROMIUM_ARGS,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
      '--ignore-certificate-errors',
      ...(options.lang ? [`--lang=${options.lang}`, `--accept-lang=${options.lang}`] : []),
      ...(options.args ?? []),
    ],
  });
  const [page = await browser.newPage()] = await browser.pages();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({
    width: options.width ?? 390,
    height: 844,
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: options.dark ? 'dark' : 'light' },
    // A screen that slides in moves away under a click that was aimed before.
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  // Somebody holds it: however long a busy machine takes over a step, the vault does not close in their hand for want of a touch.
  await page.evaluateOnNewDocument(() => void setInterval(() => dispatchEvent(new Event('pointerdown')), 10_000));
  const violations: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', (error) => violations.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  const text = () => page.evaluate(() => document.body?.innerText ?? '');
  const self: Phone = {
    page,
    violations,
    requests,
    async visit(url) {
      // Only the fragment may differ, and then nothing would load.
      if (new URL(url).hash) await page.goto('about:blank');
      await page.goto(url, { waitUntil: 'load' });
      await page.waitForSelector('main');
    },
    async firstRun(name = 'Li’s phone') {
      await self.type('passphrase', PASSPHRASE);
      await self.type('repeat', PASSPHRASE);
      await self.type('phone', name);
      await page.locator('button[type=submit]').click();
      await self.notNow();
    },
    async notNow() {
      // A second tap on one of them would meet whatever has come after it.
      for (let left = ''; ; ) {
        const next = await page.waitForFunction(
          (before) => {
            if (document.querySelector('#repeat')) return;
            const offer = document.querySelector<HTMLElement>('main[data-offer]')?.dataset.offer;
            if (offer) return offer !== before && offer;
            return document.querySelector('header .add') !== null;
          },
          {},
          left,
        );
        const offer = await next.jsonValue();
        if (typeof offer !== 'string') return;
        await page.locator('main[data-offer] .actions button:last-child').click();
        left = offer;
      }
    },
    async unlock(passphrase = PASSPHRASE) {
      await page.waitForSelector('#passphrase');
      await self.type('passphrase', passphrase);
      await page.keyboard.press('Enter');
    },
    async addAccount({ site, username, password, totp, tenant }) {
      await page.waitForSelector('#site');
      await self.type('site', site);
      if (totp || tenant) await page.locator('form details summary').click();
      if (username) await self.type('username', username);
      await self.type('password', mustNotLeak(password));
      if (totp) await self.type('totp', totp);
      if (tenant) await self.type('tenant', tenant);
      await page.locator('button[type=submit]').click();
      await page.waitForFunction(() => !document.querySelector('#site'));
      if (await page.$('.lines')) await page.locator('header .back').click();
    },
    show(picture) {
      writeFileSync(film, frameOf(picture));
    },
    async scan() {
      await page.locator('nav .scan').click();
    },
    async press(label) {
      await page.locator(`button ::-p-text(${label}), button[aria-label="${label}"]`).click();
    },
    async type(id, value) {
      // A screen that was drawn a moment ago may still move, or be drawn anew: who types looks at what stands there.
      await until(`"${value}" stands in the field ${id}`, async () => {
        const field = await page.waitForSelector(`#${id}`);
        await field?.click({ count: 3 }).catch(() => {});
        await page.keyboard.press('Backspace');
        // At once, as a keyboard's own suggestion: nothing of the page asks for keys.
        await page.keyboard.sendCharacter(value);
        return page
          .$eval(`#${id}`, (field, typed) => (field as HTMLInputElement).value === typed, value)
          .catch(() => false);
      });
    },
    text,
    async sees(expected, ms) {
      let last = '';
      const seen = async () => {
        // A page that goes on to another just now says nothing.
        last = await text().catch(() => '');
        return last.includes(expected);
      };
      await until(`the phone says "${expected}"`, seen, ms).catch((error: Error) => {
        throw new Error(`${error.message}; it says: ${last}`);
      });
    },
    async approve() {
      await page.waitForSelector(`.pass`);
      await confirm(page);
    },
    async picture(path) {
      await page.screenshot({ path: path as `${string}.png`, fullPage: true });
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

/** Lets the phone see the popup's code, by its own camera. */
export async function scanPopup(person: Phone, popup: Popup): Promise<void> {
  await popup.link();
  person.show(await popup.picture());
  await person.scan();
  await person.page.waitForSelector('.pass');
}

/** Signs in by the popup's code, and both sides say yes to remembering each other. @param computer what the phone is to call it */
export async function pairByCode(person: Phone, popup: Popup, computer?: string): Promise<void> {
  await scanPopup(person, popup);
  await person.approve();
  if (computer) await person.type('computer-name', computer);
  await rememberEachOther(person, popup);
}

/** After a sign-in by code both sides say yes to remembering each other, and the phone goes back to its list. */
export async function rememberEachOther(person: Phone, popup: Popup): Promise<void> {
  await person.page.locator('.remember button.primary').click();
  await says(popup, 'offers to trust');
  await popup.click('Trust');
  await person.sees('Trusted. Next time');
  await says(popup, 'Trusted. Next time');
  await person.press('Done');
}
