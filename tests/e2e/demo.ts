// `npm run demo`: the whole story played by itself, on a real site, with nothing faked but the people.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { optionsOf } from '../../scripts/options.ts';
import { type App, nodeRed } from '../sites/apps.ts';
import { chromium } from './chromium.ts';
import { buildFor, freePort, ROOT, startCompanion, until } from './companion.ts';
import { firefox } from './firefox.ts';
import { phone } from './phone.ts';
import { remembered, type Story } from './stories.ts';
import { onStage, TEAM_STORIES } from './team-stories.ts';

const USAGE = `npm run demo [-- [--story NAME | --url URL --username NAME --password WORD [--totp SECRET] --expect-text TEXT | --expect-url REGEX] [--browser firefox] [--json]]`;
const { values: options } = optionsOf(USAGE, {
  options: {
    url: { type: 'string' },
    username: { type: 'string', default: '' },
    password: { type: 'string', default: '' },
    totp: { type: 'string' },
    'expect-url': { type: 'string' },
    'expect-text': { type: 'string' },
    browser: { type: 'string', default: 'chromium' },
    story: { type: 'string', default: 'scan' },
    json: { type: 'boolean', default: false },
  },
});
/** What comes after the first sign-in. */
const STORIES: Record<string, Story | undefined> = { remembered };
const teamStory = TEAM_STORIES[options.story];
if (options.story !== 'scan' && ((!STORIES[options.story] && !teamStory) || options.url)) {
  process.stderr.write(`There is no story "${options.story}"${options.url ? ' at an address of your own' : ''}.\n`);
  process.exit(2);
}
const OUT = join(ROOT, 'out/demo');
const startedAt = performance.now();
const steps: { name: string; ms: number }[] = [];
let since = startedAt;

function did(name: string): void {
  const now = performance.now();
  steps.push({ name, ms: Math.round(now - since) });
  since = now;
  const line = `${String(Math.round(now - startedAt)).padStart(7)} ms  +${String(steps.at(-1)?.ms).padStart(5)}  ${name}`;
  (options.json ? process.stderr : process.stdout).write(`${line}\n`);
}

/** What a person does first on a page that hides its sign-in form behind a button. */
async function openForm(page: Page): Promise<void> {
  const look = () =>
    page.evaluate(() => {
      const visible = (element: Element) => (element as HTMLElement).checkVisibility?.() ?? false;
      if ([...document.querySelectorAll('input[type=password]')].some(visible)) return 'form';
      const words = /^\s*(log ?in|sign ?in|login|anmelden|登录|登入)\s*$/i;
      const button = [...document.querySelectorAll<HTMLElement>('button, a, [role=button]')].find(
        (one) => visible(one) && words.test(one.innerText || one.getAttribute('aria-label') || ''),
      );
      // A button beside fields is the form's own: the name comes first here.
      const fields = button?.closest('form')?.querySelectorAll('input:not([type=hidden])') ?? [];
      if ([...fields].some(visible)) return 'form';
      button?.click();
      return button ? 'pressed' : '';
    });
  await until('a sign-in form', async () => (await look()) === 'form', 6_000).catch(() => {});
}

interface Verdict {
  ok: boolean;
  reason: string;
  outcome: string;
}

async function play(site: App | undefined): Promise<Verdict> {
  const url = options.url ?? site?.url;
  if (url === undefined) throw new Error('no site');
  const username = options.url ? options.username : (site?.username ?? '');
  const password = options.url ? options.password : (site?.password ?? '');
  const expectText = options['expect-text'] ?? (options.url ? undefined : 'Deploy');
  const expectUrl = options['expect-url'];

  const port = await freePort();
  const build = await buildFor(port);
  did('extension and phone page built');
  const companion = await startCompanion(port);
  did('companion running');
  const [desktop, person] = await Promise.all([
    options.browser === 'firefox' ? firefox(build) : chromium(build),
    phone(),
  ]);
  try {
    did(`${desktop.make} with the extension, and a phone`);
    await person.visit(companion.origin);
    await person.picture(join(OUT, '1-phone-first-run.png'));
    await person.firstRun();
    await person.sees('Accounts');
    did('phone: vault made');
    await person.press('Add an account');
    await person.addAccount({
      site: new URL(url).origin,
      username,
      password,
      ...(options.totp ? { totp: options.totp } : {}),
    });
    did('phone: account added');
    // What the sign-in has to ask for (HTTP's own window, a second page in Firefox) is granted in this demonstration.
    await desktop.willAllow(`${new URL(url).protocol}//${new URL(url).hostname}/*`);
    const page = await desktop.newPage('about:blank');
    // A page behind the browser's own window never loads; its error page comes a moment later.
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await Promise.race([page.goto(url, { waitUntil: 'load' }).catch(() => pause(1000)), pause(15_000)]);
    await openForm(page).catch(() => {});
    await desktop.dismissWindow();
    did('computer: sign-in page open');
    const popup = await desktop.openPopup(page);
    await popup.link();
    did('computer: popup clicked, code on screen');
    const shown = await until('all of the popup', async () => {
      const text = await popup.text();
      return ['Allow once', 'New code in'].find((one) => text.includes(one));
    });
    if (shown === 'Allow once') {
      await popup.click('Allow once');
      await until('the permission', async () => !(await popup.text()).includes('Allow once'));
      did('computer: allowed on this site, for this sign-in');
    }
    const code = await popup.picture();
    writeFileSync(join(OUT, '2-popup-code.png'), code);
    person.show(code);
    await person.scan();
    await person.page.waitForSelector('.pass');
    did('phone: code scanned, asking');
    writeFileSync(join(OUT, '3-popup-scanned.png'), await popup.picture());
    await person.picture(join(OUT, '4-phone-approve.png'));
    did('(pictures)');
    await person.approve();
    did('phone: confirmed');
    const end = await person.page.waitForSelector('[data-outcome]', { timeout: 60_000 });
    const outcome = (await end?.evaluate((element) => (element as HTMLElement).dataset.outcome)) ?? '';
    did(`both told: ${outcome}`);
    const expected = async () => {
      const text = await page.evaluate(() => document.body.innerText).catch(() => '');
      return (
        (expectUrl === undefined || new RegExp(expectUrl).test(page.url())) &&
        (expectText === undefined || text.includes(expectText))
      );
    };
    // Told nothing to expect, a person looks whether the password is still asked for.
    const passwordAsked = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('input[type=password]')].some((field) =>
          (field as HTMLElement).checkVisibility(),
        ),
      );
    const nothingExpected = expectUrl === undefined && expectText === undefined;
    const there = nothingExpected
      ? outcome === 'signed-in' || (outcome === 'cannot-tell' && !(await passwordAsked()))
      : await until('signed in', expected, 15_000).catch(() => false);
    did(there ? 'computer: signed in' : 'computer: not signed in');
    writeFileSync(join(OUT, '5-popup-end.png'), await popup.picture().catch(() => Buffer.alloc(0)));
    await person.picture(join(OUT, '6-phone-end.png'));
    await popup.close();
    await page.screenshot({ path: join(OUT, '7-site.png') });
    const story = STORIES[options.story];
    if (there && story && site) await story({ desktop, person, site, did, out: OUT });
    const missing = 'the page does not show what was expected';
    return {
      ok: Boolean(there),
      reason: there ? '' : outcome === 'signed-in' || outcome === 'cannot-tell' ? missing : outcome,
      outcome,
    };
  } catch (error) {
    await person.picture(join(OUT, 'error-phone.png')).catch(() => {});
    return { ok: false, reason: error instanceof Error ? error.message : String(error), outcome: '' };
  } finally {
    await Promise.all([desktop.close(), person.close()]);
    await companion.remove();
    rmSync(build, { recursive: true, force: true });
  }
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
/** A team's sites ask who one is: no password is anywhere in it. */
async function playTeam(story: NonNullable<typeof teamStory>): Promise<Verdict> {
  try {
    await onStage(options.browser === 'firefox' ? firefox : chromium, story, did, OUT);
    return { ok: true, reason: '', outcome: 'signed-in' };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error), outcome: '' };
  }
}
const site = options.url || teamStory ? undefined : await nodeRed();
if (site) did('Node-RED running');
const verdict = await (teamStory ? playTeam(teamStory) : play(site));
site?.stop();
const say = options.json ? process.stderr : process.stdout;
say.write(verdict.ok ? `\nSigned in. Pictures are in ${OUT}\n` : `\nNot signed in: ${verdict.reason}\n`);
if (options.json)
  process.stdout.write(
    `${JSON.stringify({ ok: verdict.ok, reason: verdict.reason, steps, outcome: verdict.outcome })}\n`,
  );
process.exit(verdict.ok ? 0 : 1);
