// Computers that somebody looks after: a policy of the browser's own installs the extension from an address of theirs, says what it may do,
// and brings the next version. As root, where a browser can be given a file tree of its own: no other browser sees these policies.
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import errors from '../../src/ui/locales/en/errors.ts';
import words from '../../src/ui/locales/en/popup.ts';
import errorsJa from '../../src/ui/locales/ja/errors.ts';
import { isPossible } from '../operate/house.ts';
import { NAME, PASSWORD, startSites } from '../sites/server.ts';
import { certificateFor } from './certificate.ts';
import { chromium, type Desktop, says } from './chromium.ts';
import { buildFor, freePort, ROOT, startCompanion, until } from './companion.ts';
import { type Bidi, firefox, inWindowOf } from './firefox.ts';
import { pairByCode, phone } from './phone.ts';

const { writeOwnArchives } = (await import('../../scripts/own-archives.mjs' as string)) as {
  writeOwnArchives(what: Record<'dist' | 'url' | 'keyPath' | 'folder' | 'version', string>): Promise<{ id: string }>;
};

const GECKO = 'scankey@scankey.example';
/** Where Debian's browsers look for policies, and how each is told the same. */
const BROWSERS = {
  chromium: {
    ...{ program: '/usr/bin/chromium', looksIn: '/etc/chromium', file: 'policies/managed/scankey.json' },
    say: (own: { id: string; url: string }, policy: object) => ({
      ExtensionSettings: { [own.id]: { installation_mode: 'force_installed', update_url: `${own.url}updates.xml` } },
      '3rdparty': { extensions: { [own.id]: policy } },
      // For this test: puppeteer may look into what a policy has installed.
      DeveloperToolsAvailability: 1,
    }),
  },
  firefox: {
    ...{ program: '/usr/bin/firefox-esr', looksIn: '/usr/share/firefox-esr/distribution', file: 'policies.json' },
    say: (own: { url: string; trusted: string }, policy: object) => ({
      policies: {
        Certificates: { Install: [own.trusted] },
        ExtensionSettings: {
          [GECKO]: { installation_mode: 'force_installed', install_url: `${own.url}scankey-1.0.0.xpi` },
        },
        '3rdparty': { Extensions: { [GECKO]: policy } },
      },
    }),
  },
};

const windowOf = ({ browser }: Desktop) => inWindowOf((browser as unknown as { connection: Bidi }).connection);

/** Which version runs; empty while one gives way to the next. In Firefox a page that asks would be closed on the way, and never answer. */
const versionIn = (desktop: Desktop): Promise<string> =>
  desktop.make === 'firefox'
    ? windowOf(desktop)(`return WebExtensionPolicy.getByID('${GECKO}')?.extension.version;`)
    : desktop.inExtension(async () => chrome.runtime.getManifest().version).catch(() => '');

/** Looks for the next version now, as the browser does by itself every few hours. */
async function lookForUpdate(desktop: Desktop): Promise<void> {
  if (desktop.make === 'chromium') {
    await desktop.inExtension(() => chrome.runtime.requestUpdateCheck());
    return;
  }
  await windowOf(desktop)(`
    const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
    const addon = await AddonManager.getAddonByID('${GECKO}');
    addon.findUpdates({ onUpdateAvailable: (_addon, install) => install.install() }, AddonManager.UPDATE_WHEN_USER_REQUESTED);
    return '';`);
}

test.runIf(isPossible).each(['chromium', 'firefox'] as const)(
  '%s: a policy installs it and is followed, and a newer version keeps the phone and the sign-in that is going on',
  async (make) => {
    const { program, looksIn, file, say } = BROWSERS[make];
    const folder = mkdtempSync(join(tmpdir(), 'scankey-workstation-'));
    const served: string[] = [];
    const { authority, ...certificate } = await certificateFor('localhost');
    const trusted = join(folder, 'authority.pem');
    writeFileSync(trusted, authority);
    const server = createServer(certificate, ({ url = '' }, answer) => {
      const name = basename(new URL(url, 'http://own').pathname);
      served.push(name);
      const path = join(folder, 'own', name);
      if (existsSync(path)) answer.end(readFileSync(path));
      else answer.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await until('the keeper’s own server', () => server.listening);
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const keyPath = join(folder, 'key.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(keyPath, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const release = (version: string) =>
      writeOwnArchives({ dist: join(ROOT, 'dist'), url, keyPath, folder: join(folder, 'own'), version });
    const { id } = await release('1.0.0');

    const port = await freePort();
    await buildFor(port);
    const policy = {
      ...{ organisation: 'St. Mary’s Hospital', companion: `http://localhost:${port}`, language: 'en' },
      ...{ allowedSites: ['127.0.0.1', 'localhost'], forbiddenSites: ['localhost'], noPairing: false, nearOnly: true },
    };
    const set = (settings: object) => {
      mkdirSync(join(folder, 'etc', file, '..'), { recursive: true });
      writeFileSync(join(folder, 'etc', file), JSON.stringify(say({ id, url, trusted }, settings)));
    };
    set(policy);
    const start = join(folder, 'start');
    writeFileSync(
      start,
      `#!/bin/sh\nexec unshare --mount sh -c 'mount --bind "$0" ${looksIn} && exec ${program} "$@"' ${folder}/etc "$@"\n`,
    );
    chmodSync(start, 0o755);

    const companion = await startCompanion(port, ['--extension-id', id]);
    const sites = await startSites();
    const person = await phone();
    let desktop: Desktop | undefined;
    try {
      desktop = await { chromium, firefox }[make]('', {
        managed: { program: start, id },
        lang: 'ja',
        trusted: authority,
      });
      const on = desktop;
      await person.visit(companion.origin);
      await person.firstRun();
      await person.press('Add an account');
      await person.addAccount({ site: sites.origin, username: NAME, password: PASSWORD });

      // In the language that was set, not the browser's; and where it must not be used it says so.
      const forbidden = await on.newPage(`${sites.origin.replace('127.0.0.1', 'localhost')}/plain`);
      const nothing = await on.openPopup(forbidden);
      await says(nothing, errors['site-not-allowed']);
      await nothing.close();
      await forbidden.close();

      const first = await on.newPage(`${sites.origin}/plain`);
      const popup = await on.openPopup(first);
      await pairByCode(person, popup);
      await popup.close();
      await first.close();

      expect(await versionIn(on)).toBe('1.0.0');
      await release('1.0.1');
      const second = await on.newPage(`${sites.origin}/plain`);
      const called = await on.openPopup(second);
      // The phone lies open, and may have taken it up already.
      await says(called, 'Li’s phone');
      await lookForUpdate(on);
      await until('the newer version is there', () => served.some((one) => one.startsWith('scankey-1.0.1.')));
      await second.bringToFront();
      await person.page.waitForSelector('.pass');
      expect(await versionIn(on)).toBe('1.0.0');
      await person.approve();
      await person.page.waitForSelector('[data-outcome]');
      expect(sites.posted.length).toBe(2);
      await called.close();
      await until('the newer version runs', async () => (await versionIn(on)) === '1.0.1');
      const known = await on.inExtension(async () => (await chrome.runtime.sendMessage({ t: 'known' })).known);
      expect(known.phones).toMatchObject([{ name: 'Li’s phone', here: true }]);
      expect(known.companion).toBe(companion.origin);
      expect(await on.inExtension(async () => document.body.innerText)).toContain(
        words.managedBy.replace('{organisation}', policy.organisation),
      );

      // Firefox reads policies when it starts, Chromium all the while.
      if (make === 'firefox') return;
      const settings = () => on.inExtension(async () => document.body.innerText);
      set({ ...policy, noPairing: true });
      await until('the options say what is new', async () => (await settings()).includes(words.managedNoPairing));
      const third = await on.newPage(`${sites.origin}/plain`);
      const coded = await on.openPopup(third);
      await says(coded, words.scan);
      expect(await coded.text()).not.toContain('Li’s phone');
      await coded.close();
      set({ ...policy, noPairing: 'yes' });
      await until('the options say what is wrong', async () => (await settings()).includes('noPairing'));
      // In the browser's own language, for the one that was set is not known.
      await says(await on.openPopup(third), errorsJa['policy-wrong']);
    } finally {
      await Promise.all([desktop?.close(), person.close()]);
      await companion.remove();
      await sites.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
