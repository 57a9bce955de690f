// The first minute: an extension as the stores have it, a companion that is not there yet or does not know it, and what leads on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NAME, PASSWORD, startSites } from '../sites/server.ts';
import { chromium, type Desktop, says } from './chromium.ts';
import { buildFor, type Companion, freePort, startCompanion } from './companion.ts';
import { firefox } from './firefox.ts';
import { PASSPHRASE, phone } from './phone.ts';

const desktops = { chromium, firefox };

/** Takes the key out of the manifest, as the package for the store has it: the browser gives an id of its own. */
function asPackaged(build: string): void {
  const path = join(build, 'chrome/manifest.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), key: undefined }));
}

test.each(['chromium', 'firefox'] as const)(
  '%s: a companion that comes up while the popup is open is found by itself, and told which extension it has to allow',
  async (make) => {
    const port = await freePort();
    const build = await buildFor(port);
    asPackaged(build);
    const sites = await startSites();
    let desktop: Desktop | undefined;
    let companion: Companion | undefined;
    try {
      desktop = await desktops[make](build);
      const page = await desktop.newPage(`${sites.origin}/plain`);
      const popup = await desktop.openPopup(page);
      await says(popup, `Can’t reach your Scankey server (http://localhost:${port})`);
      companion = await startCompanion(port);
      if (make === 'chromium') {
        await says(popup, 'This server does not allow this extension yet.');
        const [, id = ''] = /--extension-id ([a-p]{32})/.exec(await popup.text()) ?? [];
        await companion.remove();
        companion = await startCompanion(port, ['--extension-id', id]);
      }
      const up = Date.now();
      expect(await popup.link()).toContain('#');
      console.info(`${make}: found after ${Date.now() - up} ms`);
    } finally {
      await desktop?.close();
      await companion?.remove();
      await sites.close();
    }
  },
);

test('whoever scans first is heard while the vault is made, signs in, and is then offered what makes the next time shorter', async () => {
  const port = await freePort();
  const build = await buildFor(port);
  const companion = await startCompanion(port);
  const sites = await startSites();
  const [desktop, person] = await Promise.all([chromium(build), phone()]);
  try {
    const page = await desktop.newPage(`${sites.origin}/plain`);
    const popup = await desktop.openPopup(page);
    await person.visit(await popup.link());
    await says(popup, 'Setting up Scankey on your phone…');
    await person.type('passphrase', PASSPHRASE);
    await person.type('repeat', PASSPHRASE);
    await person.page.click('button[type=submit]');
    await person.sees('No account for this site yet.');
    await says(popup, 'Confirm on');
    await person.press('Add an account for this site');
    await person.addAccount({ site: sites.origin, username: NAME, password: PASSWORD });
    await person.approve();
    await says(popup, 'Signed in');
    await person.press('Done');
    await person.page.waitForSelector('main[data-offer]');
  } finally {
    await Promise.all([desktop.close(), person.close()]);
    await companion.remove();
    await sites.close();
  }
});
