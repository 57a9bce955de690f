// `npm run dev`: everything follows what one edits. CRXJS keeps the extension in Chromium up to date; the folder for Firefox and the
// companion's pages are built anew; the companion, which takes the arguments, starts again. Ctrl-C ends all of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allFilesReady } from '@crxjs/vite-plugin';
import { createServer } from 'vite';
import { configOf } from '../vite.config.ts';

const root = resolve(import.meta.dirname, '..');
const out = join(root, 'dist/dev');
const { port = '8787' } = parseArgs({ options: { port: { type: 'string' } }, strict: false }).values;
const address = `http://localhost:${port}`;
// The page is another after each edit.
process.env.SCANKEY_PHONE_PAGES = 'any';
const say = (text) => process.stdout.write(`${text}\n`);

/** What each part is made of, by paths from the root. */
const MADE_OF = {
  firefox: /^src\/(background|content|popup|extension|ui|protocol)\/|^manifest\.json$/,
  phone: /^src\/(phone|ui|protocol)\//,
  'sign-in': /^src\/(sign-in|ui|protocol)\//,
};
const COMPANION = /^(server|src\/protocol|src\/ui\/locales)\//;

let builder;
/**
 * Builds a part; what is wrong with it is said, and the next edit may mend it. In a process of its own: CRXJS has one list of content
 * scripts for all that a process builds and serves, so that another build would take them from the extension that is served.
 */
async function rebuild(part) {
  const args = [
    'build',
    '--configLoader',
    'native',
    '--logLevel',
    'error',
    '--mode',
    part,
    '--outDir',
    join(out, part),
  ];
  builder = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', SCANKEY_COMPANION: address },
  });
  const [code] = await once(builder, 'exit');
  if (code === 0) say(`Built ${part} anew.`);
}

let companion;
async function startCompanion() {
  if (companion?.exitCode === null && companion.kill()) await once(companion, 'exit');
  const own = ['--page', join(out, 'phone'), '--data', join(root, '.cache/dev-data')];
  companion = spawn(process.execPath, [join(root, 'server/main.ts'), ...own, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const ignored = ['dist', 'out', '.cache', 'data'].map((folder) => join(root, folder, '**'));
const extension = await createServer({
  configFile: false,
  ...configOf('chrome', address, out),
  // Its worker hears of an edit while it is awake, and what it says to the server keeps it so: Chromium lets it sleep after 30 seconds.
  server: { watch: { ignored }, ws: { timeout: 20_000 } },
});

const changed = new Set();
let busy = false;
/** Takes up what was edited, all that was edited meanwhile too, one thing at a time. */
async function follow(path) {
  changed.add(relative(root, path));
  if (busy) return;
  busy = true;
  while (changed.size > 0) {
    const paths = [...changed];
    changed.clear();
    const stale = Object.keys(MADE_OF).filter((part) => paths.some((one) => MADE_OF[part].test(one)));
    for (const part of stale) await rebuild(part);
    // It reads its pages when it starts.
    if (stale.includes('phone') || stale.includes('sign-in') || paths.some((one) => COMPANION.test(one)))
      await startCompanion();
  }
  busy = false;
}

async function end() {
  companion?.kill();
  builder?.kill();
  await extension.close();
  process.exit(0);
}
process.on('SIGINT', end);
process.on('SIGTERM', end);

for (const part of Object.keys(MADE_OF)) await rebuild(part);
await extension.listen();
await allFilesReady();
extension.watcher.on('all', (_event, path) => void follow(path));
await startCompanion();
say(`
Chrome, Edge      chrome://extensions → Developer mode → Load unpacked → ${join(out, 'chrome')}
                  It changes as you edit.
Firefox           about:debugging → This Firefox → Load Temporary Add-on → ${join(out, 'firefox/manifest.json')}
                  Built anew as you edit; press Reload there.
Companion         ${address}; its pages are built anew, and it starts again, as you edit.

Ctrl-C ends all of it.
`);
