// The first minute: an extension as the stores have it, a companion that is not there yet or does not know it, and what leads on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSites } from '../sites/server.ts';
import { chromium, type Desktop, says } from './chromium.ts';
import { buildFor, type Companion, freePort, startCompanion } from './companion.ts';
import { firefox } from './firefox.ts';

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
