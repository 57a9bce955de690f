// The same with applications that take longer to install.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type World, world } from '../e2e/world.ts';
import { SHARED_APPS, SHARED_APPS_ARE_HERE, startShared } from './shared-apps.ts';
import { signInTo } from './sign-in-to.ts';

describe.skipIf(!SHARED_APPS_ARE_HERE).each(['chromium', 'firefox'] as const)('slower to install, in %s', (make) => {
  let w: World;
  let page: Page | undefined;
  const table: string[] = [];
  beforeAll(async () => {
    w = await world(make);
  });
  afterAll(async () => {
    await w.close();
    console.log([`application, ${make}: told, ms from the tap to being in`, ...table].join('\n'));
  });
  afterEach(async () => {
    if (page) await w.tidy(page);
  });

  test.each(Object.entries(SHARED_APPS))(
    'signs in to %s',
    async (name, byHand) => {
      const app = startShared(name);
      try {
        const ended = await signInTo(w, app, byHand);
        page = ended.page;
        table.push(`${name}: ${ended.outcome}, ${ended.ms}`);
        expect(await app.isIn(page)).toBe(true);
        expect(ended.outcome).toBe('signed-in');
      } finally {
        app.stop();
      }
    },
    900_000,
  );
});
