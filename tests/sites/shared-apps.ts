// Applications that take longer to install; their table lies beside the checkout and may be absent.
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { ROOT } from '../e2e/companion.ts';
import type { App } from './apps.ts';
import type { ByHand } from './sign-in-to.ts';

const TABLE = join(ROOT, '../shared/apps/apps.mjs');
export const SHARED_APPS_ARE_HERE = existsSync(TABLE);
/** By its own path: it does nothing where it is started by a link. */
const SCRIPT = SHARED_APPS_ARE_HERE ? realpathSync(TABLE) : TABLE;

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

const press = (selector: string) => async (page: Page) => void (await page.locator(selector).click());

/** By name, what a person does there before the form is there, and after it was sent. */
export const SHARED_APPS: Record<string, ByHand> = {
  radicale: {},
  verdaccio: { before: press('[data-testid="header--button-login"], #header--button-login') },
  'node-red': {},
  'oidc-provider': { after: press('button[type=submit]') },
  adminjs: {},
  wordpress: {},
  phpmyadmin: {},
  phpliteadmin: {},
};

export function startShared(name: string): App {
  const started = JSON.parse(run('start', name)) as Started;
  const { url, user: username, pass: password } = started;
  return { url, username, password, isIn: isIn(started), stop: () => void run('stop', name) };
}
