// `npm start`: builds what is stale, says how to load the extension, runs the companion; with a display it also opens
// Chromium with the extension loaded.
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildIfStale } from './build.mjs';
import { serve } from './serve.mjs';

const root = resolve(import.meta.dirname, '..');
// The extension speaks to this computer's companion until a person chooses another in its settings.
const given = process.argv.find((argument) => argument.startsWith('--port='))?.slice(7);
const port = given ?? (process.argv.includes('--port') ? process.argv[process.argv.indexOf('--port') + 1] : '8787');
// An operator's command (`doctor`, `people`, …) needs no extension and no browser.
const command = process.argv[2] !== undefined && (!process.argv[2].startsWith('-') || process.argv.includes('--help'));
if (!command) {
  await buildIfStale(`http://localhost:${port}`);
  process.stdout.write(`
The extension is built. Load it, if you have not:

  Chrome, Edge      chrome://extensions → Developer mode → Load unpacked → ${join(root, 'dist/chrome')}
  Firefox           about:debugging → This Firefox → Load Temporary Add-on → ${join(root, 'dist/firefox/manifest.json')}

Scankey's button, Settings, "Set up a phone" opens the page that leads on.
`);
}

serve(process.argv.slice(2));

const chromium = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
if (!command && chromium && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY)) {
  const { default: puppeteer } = await import('puppeteer');
  const userDataDir = join(root, '.cache/chromium');
  mkdirSync(userDataDir, { recursive: true });
  const args = ['--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  try {
    const browser = await puppeteer.launch({
      executablePath: chromium,
      headless: false,
      pipe: true,
      enableExtensions: true,
      defaultViewport: null,
      userDataDir,
      args,
    });
    await browser.installExtension(join(root, 'dist/chrome'));
  } catch (error) {
    process.stderr.write(`Chromium did not start (${error.message.split('\n')[0]}); load the extension by hand.\n`);
  }
}
