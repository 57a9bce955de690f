// The packages as the stores have them, from the archive itself to an application that is signed in to.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import errors from '../../src/ui/locales/en/errors.ts';
import popupWords from '../../src/ui/locales/en/popup.ts';
import words from '../../src/ui/locales/en/welcome.ts';
import { nodeRed, startNginx } from '../sites/apps.ts';
import { certificateFor } from './certificate.ts';
import { chromium, type Desktop, says } from './chromium.ts';
import { buildFor, freePort, ROOT, startCompanion, until } from './companion.ts';
import { firefox } from './firefox.ts';
import { storeArchive, unpack } from './packages.ts';
import { phone } from './phone.ts';

const { buildPart } = (await import('../../scripts/build.mjs' as string)) as {
  buildPart(part: string, companion: string, out: string): Promise<void>;
};

const NAME = 'id.scankey.test';
/** Where computer and phone come from, by the proxy's word: a loopback is no place that one could be near to. */
const OFFICE = '198.51.100.7';

/** nginx with a certificate of its own for a name of its own, as deploy/nginx.conf has it. @returns who vouches for it, and what ends it */
async function startProxy(folder: string, port: number, companion: number) {
  const { authority, key, cert } = await certificateFor(NAME);
  mkdirSync(folder);
  writeFileSync(join(folder, 'key.pem'), key);
  writeFileSync(join(folder, 'cert.pem'), cert);
  const server = `listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    location / { proxy_pass http://127.0.0.1:${companion}; proxy_http_version 1.1; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For ${OFFICE}; proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade; client_max_body_size 8m; proxy_read_timeout 5m; }`;
  return { authority, stop: await startNginx(folder, server, `http://127.0.0.1:${port}/`) };
}

/** What the page after installing says, once it is open. */
const welcomePage = (desktop: Desktop): Promise<string> =>
  desktop.inExtension(async () => {
    const views = chrome.extension.getViews({ type: 'tab' });
    return views.find(({ location }) => location.pathname.endsWith('/welcome.html'))?.document.body.innerText ?? '';
  });
/** Types the address of a server there, or presses the button beside it. */
const inWelcome = (desktop: Desktop, what: 'type' | 'press', address = '') =>
  desktop.inExtension(
    async (deed, text) => {
      const views = chrome.extension.getViews({ type: 'tab' });
      const page = views.find(({ location }) => location.pathname.endsWith('/welcome.html'))?.document;
      const field = page?.querySelector<HTMLInputElement>('#relay');
      if (deed === 'press') page?.querySelector<HTMLElement>('form button')?.click();
      else if (field) {
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
    },
    what,
    address,
  );
async function welcomes(desktop: Desktop, text: string): Promise<void> {
  let last = '';
  const seen = async () => {
    last = await welcomePage(desktop);
    return last.includes(text);
  };
  await until(`the welcome page says "${text}"`, seen).catch((error: Error) => {
    throw new Error(`${error.message}; it says: ${last}`);
  });
}

test.each(['chromium', 'firefox'] as const)(
  '%s: the store’s archive leads from an empty profile to a real application, by a companion at a name of its own with TLS',
  async (make) => {
    const folder = mkdtempSync(join(tmpdir(), 'scankey-store-'));
    const [port, secure] = [await freePort(), await freePort()];
    const origin = `https://${NAME}:${secure}`;
    await buildFor(port);
    const proxy = await startProxy(join(folder, 'proxy'), secure, port);
    const behind = ['--public-url', origin, '--trust-proxy', '127.0.0.1'];
    let companion = await startCompanion(port, behind);
    const app = await nodeRed();
    let desktop: Desktop | undefined;
    const person = await phone();
    try {
      if (make === 'chromium') {
        // As the publisher makes it, for a server of theirs.
        await buildPart('chrome', origin, folder);
        unpack(await storeArchive('chrome', join(folder, 'chrome')), join(folder, 'store/chrome'));
        desktop = await chromium(join(folder, 'store'), { trusted: proxy.authority });
        // The store gives it an id of its own, which the server has to be told; the page says which, and how.
        const popup = await desktop.openPopup(await desktop.newPage(app.url));
        await popup.click(popupWords.finishSetup);
        await welcomes(desktop, errors['origin-required']);
        const [, id = ''] = /--extension-id ([a-p]{32})/.exec(await welcomePage(desktop)) ?? [];
        await companion.remove();
        companion = await startCompanion(port, [...behind, '--extension-id', id]);
      } else {
        const archive = join(folder, 'scankey-firefox.zip');
        writeFileSync(archive, await storeArchive('firefox', join(ROOT, 'dist/firefox')));
        desktop = await firefox('', { trusted: proxy.authority, archive });
        // It opens by itself, with nobody's server, and takes one's own.
        await welcomes(desktop, words.server);
        await inWelcome(desktop, 'type', origin);
        await inWelcome(desktop, 'press');
      }
      await welcomes(desktop, words.phone);
      expect(await welcomePage(desktop)).toContain(origin);
      await person.visit(origin);
      await person.firstRun();
      await person.press('Add an account');
      await person.addAccount({ site: new URL(app.url).origin, username: app.username, password: app.password });
      const page = await desktop.newPage(app.url);
      const popup = await desktop.openPopup(page);
      await popup.link();
      if (make === 'firefox') await popup.click(popupWords.allowOnce);
      person.show(await popup.picture());
      await person.scan();
      await person.approve();
      await says(popup, 'Signed in');
      await until('somebody is in', () => app.isIn(page));
    } finally {
      await Promise.all([desktop?.close(), person.close()]);
      app.stop();
      await companion.remove();
      proxy.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
