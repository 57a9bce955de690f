// The same with applications that take longer to install; their table lies beside the checkout and may be absent.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../e2e/companion.ts';
import { type World, world } from '../e2e/world.ts';
import { signInTo } from './sign-in-to.ts';

const SCRIPT = join(ROOT, '../shared/apps/apps.mjs');
const NAMES = [
  'radicale',
  'verdaccio',
  'node-red',
  'oidc-provider',
  'adminjs',
  'wordpress',
  'phpmyadmin',
  'phpliteadmin',
];

interface Started {
  url: string;
  user: string;
  pass: string;
  success: { url?: string; text?: string; selector?: string; gone?: string };
}

const run = (...args: string[]): string =>
  execFileSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const isIn =
  ({ success }: Started) =>
  async (page: Page): Promise<boolean> => {
    const { url, text, selector, gone } = success;
    const body = text ? await page.evaluate(() => document.body.innerText) : '';
    return (
      (!url || new RegExp(url).test(page.url())) &&
      (!text || new RegExp(text).test(body)) &&
      (!selector || Boolean(await page.$(selector))) &&
      (!gone || !(await page.$(gone)))
    );
  };

/** What a person does before the form is there, and after it was sent. */
const BEFORE: Record<string, string> = { verdaccio: '[data-testid="header--button-login"], #header--button-login' };
const AFTER: Record<string, string> = { 'oidc-provider': 'button[type=submit]' };
const press = (selector: string | undefined) => async (page: Page) => {
  if (selector) await page.locator(selector).click();
};

describe.skipIf(!existsSync(SCRIPT))('applications that are slower to install', () => {
  let w: World;
  let page: Page | undefined;
  const table: string[] = [];
  beforeAll(async () => {
    w = await world('chromium');
  });
  afterAll(async () => {
    await w.close();
    console.log(['application: told, ms from the tap to being in', ...table].join('\n'));
  });
  afterEach(async () => {
    if (page) await w.tidy(page);
  });

  test.each(NAMES)(
    'signs in to %s',
    async (name) => {
      const started = JSON.parse(run('start', name)) as Started;
      try {
        const app = {
          url: started.url,
          username: started.user,
          password: started.pass,
          isIn: isIn(started),
          stop: () => {},
        };
        const ended = await signInTo(w, app, { before: press(BEFORE[name]), after: press(AFTER[name]) });
        page = ended.page;
        table.push(`${name}: ${ended.outcome}, ${ended.ms}`);
        expect(await app.isIn(page)).toBe(true);
        expect(ended.outcome).toBe('signed-in');
      } finally {
        run('stop', name);
      }
    },
    900_000,
  );
});
