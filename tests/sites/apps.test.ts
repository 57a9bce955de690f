// Signing in to real applications that install quickly: components in shadow trees, name first, one-time code, a frame, HTTP Basic.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type World, world } from '../e2e/world.ts';
import { type App, haxcms, nginx, nodeRed, parseDashboard, tiddlyWiki } from './apps.ts';
import { signInTo } from './sign-in-to.ts';

const framed = async (): Promise<App> => {
  const inner = await nodeRed();
  const portal = await nginx(inner);
  return {
    ...portal,
    stop() {
      portal.stop();
      inner.stop();
    },
  };
};

describe.each(['chromium', 'firefox'] as const)('in %s', (make) => {
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

  test.each([
    ['HAXcms (web components, name first)', haxcms],
    ['Parse Dashboard (React, one-time code)', parseDashboard],
    ['Node-RED (box built by script)', nodeRed],
    ['Node-RED in a frame of nginx', framed],
    ['TiddlyWiki (HTTP Basic)', tiddlyWiki],
    ['nginx (HTTP Basic)', () => nginx()],
  ])(
    'signs in to %s',
    async (name, start) => {
      const app = await start();
      try {
        const ended = await signInTo(w, app);
        page = ended.page;
        table.push(`${name}: ${ended.outcome}, ${ended.ms}`);
        expect(await app.isIn(page)).toBe(true);
        expect(ended.outcome).toBe('signed-in');
      } finally {
        app.stop();
      }
    },
    300_000,
  );
});
