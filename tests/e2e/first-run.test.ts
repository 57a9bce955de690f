// The first minute: an extension as the stores have it, a companion that is not there yet or does not know it, and what leads on.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import errors from '../../src/ui/locales/en/errors.ts';
import phoneWords from '../../src/ui/locales/en/phone.ts';
import popupWords from '../../src/ui/locales/en/popup.ts';
import serverWords from '../../src/ui/locales/en/server.ts';
import welcomeWords from '../../src/ui/locales/en/welcome.ts';
import errorsZh from '../../src/ui/locales/zh-CN/errors.ts';
import phoneWordsZh from '../../src/ui/locales/zh-CN/phone.ts';
import popupWordsZh from '../../src/ui/locales/zh-CN/popup.ts';
import serverWordsZh from '../../src/ui/locales/zh-CN/server.ts';
import welcomeWordsZh from '../../src/ui/locales/zh-CN/welcome.ts';
import errorsTw from '../../src/ui/locales/zh-TW/errors.ts';
import phoneWordsTw from '../../src/ui/locales/zh-TW/phone.ts';
import popupWordsTw from '../../src/ui/locales/zh-TW/popup.ts';
import serverWordsTw from '../../src/ui/locales/zh-TW/server.ts';
import welcomeWordsTw from '../../src/ui/locales/zh-TW/welcome.ts';
import { readDrawn } from '../fakes/camera.ts';
import { NAME, PASSWORD, startSites } from '../sites/server.ts';
import { chromium, type Desktop, says } from './chromium.ts';
import { buildFor, type Companion, freePort, ROOT, startCompanion, until } from './companion.ts';
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
      expect(await popup.link()).toContain('#');
      // Whoever loaded it from a folder has been shown no page: it is asked for.
      await popup.click(popupWords.settings);
      await popup.click(popupWords.setUpPhone);
      expect(new URL(await codeOnWelcomePage(desktop)).port).toBe(String(port));
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
    await person.page.locator('button[type=submit]').click();
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

/** What the page after installing says. */
const welcomePage = (desktop: Desktop): Promise<string> =>
  desktop.inExtension(async () => {
    const views = chrome.extension.getViews({ type: 'tab' });
    return views.find(({ location }) => location.pathname.endsWith('/welcome.html'))?.document.body.innerText ?? '';
  });

/** The address in the code that it shows to whoever looks at it, as any phone's camera reads it. */
const codeOnWelcomePage = (desktop: Desktop): Promise<string> =>
  until('the welcome page shows a code', async () => {
    const drawn = await desktop.inExtension(async () => {
      const views = chrome.extension.getViews({ type: 'tab' });
      const view = views.find(({ location }) => location.pathname.endsWith('/welcome.html'));
      const tab = await (view as typeof window | undefined)?.chrome.tabs.getCurrent();
      if (tab?.id !== undefined) await chrome.tabs.update(tab.id, { active: true });
      const code = view?.document.querySelector<SVGSVGElement>('svg.code');
      const path = code?.querySelector('path')?.getAttribute('d');
      return code && path ? { path, size: code.viewBox.baseVal.width } : undefined;
    });
    return drawn && readDrawn(drawn);
  });

/** What the screens say on the way. */
const WORDS = {
  en: { ...errors, ...phoneWords, ...popupWords, ...welcomeWords, done: serverWords.practiceDone },
  'zh-CN': { ...errorsZh, ...phoneWordsZh, ...popupWordsZh, ...welcomeWordsZh, done: serverWordsZh.practiceDone },
  'zh-TW': { ...errorsTw, ...phoneWordsTw, ...popupWordsTw, ...welcomeWordsTw, done: serverWordsTw.practiceDone },
};

test.each([
  ['chromium', 'zh-CN'],
  ['chromium', 'zh-TW'],
  ['firefox', 'en'],
] as const)(
  '%s, %s: from the package of a store and a server of one’s own to a practice page that is signed in to, by the screens alone',
  async (make, lang) => {
    const words = WORDS[lang];
    const port = await freePort();
    const build = await buildFor(port);
    asPackaged(build);
    const sites = await startSites();
    const [desktop, person] = await Promise.all([desktops[make](build, { lang }), phone({ lang })]);
    let companion: Companion | undefined;
    const reads = (text: string) =>
      until(`the welcome page says "${text}"`, async () => (await welcomePage(desktop)).includes(text));
    try {
      const first = await desktop.newPage(`${sites.origin}/plain`);
      await (await desktop.openPopup(first)).click(words.finishSetup);
      await reads(words.unreachable.replace('{relay}', `http://localhost:${port}`));
      await reads(words.serverHow);
      companion = await startCompanion(port);
      if (make === 'chromium') {
        await reads(words['origin-required']);
        const [, id = ''] = /--extension-id ([a-p]{32})/.exec(await welcomePage(desktop)) ?? [];
        await companion.remove();
        companion = await startCompanion(port, ['--extension-id', id]);
      }
      await reads(words.tryAfter);
      expect(await welcomePage(desktop)).toContain(`http://localhost:${port}`);
      expect(await welcomePage(desktop)).not.toContain(words.practice);
      await person.visit(await codeOnWelcomePage(desktop));
      await reads(words.settingUp);
      await person.type('passphrase', PASSPHRASE);
      await person.type('repeat', PASSPHRASE);
      await person.page.locator('button[type=submit]').click();
      // By the phone's word alone: nothing is pressed at the computer.
      await person.sees(words.setUp);
      await reads(words.practice);
      await person.page.locator('main[data-outcome="set-up"] button').click();
      await person.notNow();
      // The page knows where one is when it is loaded anew.
      await desktop.inExtension(async () => {
        const views = chrome.extension.getViews({ type: 'tab' });
        const welcome = views.find(({ location }) => location.pathname.endsWith('/welcome.html'));
        Object.assign(welcome ?? {}, { before: true });
        welcome?.location.reload();
      });
      await until('the welcome page is loaded anew', () =>
        desktop.inExtension(async () => {
          const views = chrome.extension.getViews({ type: 'tab' });
          const welcome = views.find(({ location }) => location.pathname.endsWith('/welcome.html'));
          return welcome !== undefined && !('before' in welcome);
        }),
      );
      await reads(words.practice);
      const practice = await desktop.newPage(`http://localhost:${port}/practice`);
      const popup = await desktop.openPopup(practice);
      await person.visit(await popup.link());
      await person.unlock();
      await person.press(words.practiceAccount);
      await person.approve();
      await says(popup, words['signed-in']);
      await practice.waitForFunction((text) => document.body.innerText.includes(text), {}, words.done);
      expect(await practice.evaluate(() => document.cookie)).toBe('');
    } finally {
      await Promise.all([desktop.close(), person.close()]);
      await companion?.remove();
      await sites.close();
    }
  },
);

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a companion ends with whoever started it: a shell that got %s',
  async (signal) => {
    const port = await freePort();
    const data = mkdtempSync(join(tmpdir(), 'scankey-start-'));
    await buildFor(port);
    const args = [
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--data',
      data,
      '--page',
      join(ROOT, `.cache/build-${port}/phone`),
    ];
    const script = `import('${ROOT}/scripts/serve.mjs').then(({ serve }) => serve(${JSON.stringify(args)}))`;
    // As npm does: a shell, and the program below it.
    const shell = spawn('sh', ['-c', '"$0" -e "$1"; exit $?', process.execPath, script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [said, logged] = ['', ''];
    shell.stdout.on('data', (chunk: Buffer) => (said += chunk));
    shell.stderr.on('data', (chunk: Buffer) => (logged += chunk));
    const answers = () =>
      fetch(`http://localhost:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    try {
      await until('the companion runs', () => said.includes('companion is running'));
      expect(await answers()).toBe(true);
      expect(said).toContain(`http://localhost:${port}/practice`);
      expect(said).not.toContain('"route"');
      await until('the log', () => logged.includes('"route":"/healthz"'));
      shell.kill(signal);
      await until('the companion has ended', async () => !(await answers()));
    } finally {
      shell.kill('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    }
  },
);
