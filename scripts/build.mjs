// Builds dist/chrome, dist/firefox and dist/phone. Small Vite builds: the popup is a page, background and content are one
// classic script each (no chunks, no web_accessible_resources), the phone is a page with hashed names and a service worker.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..');
const at = (...parts) => join(root, ...parts);

/** The manifest of one browser: what the other needs is left out. */
function manifestFor(browser, version) {
  const { key, minimum_chrome_version, browser_specific_settings, ...manifest } = JSON.parse(
    readFileSync(at('manifest.json'), 'utf8'),
  );
  const { service_worker, scripts } = manifest.background;
  const { default_area, ...action } = manifest.action;
  return browser === 'chrome'
    ? { ...manifest, version, key, minimum_chrome_version, action, background: { service_worker } }
    : { ...manifest, version, browser_specific_settings, background: { scripts } };
}

/** Newest change under `folder`, in ms. */
function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
}

/** Preact can set raw HTML; nothing of ours asks for it, so the ability is taken out of what is shipped. */
const withoutRawHtml = {
  name: 'without-raw-html',
  transform: (code, id) => (id.includes('/node_modules/preact/') ? code.replaceAll('innerHTML', 'textContent') : null),
};

/** The service worker knows every file of the page by name, and changes with any of them. */
async function serviceWorker(folder, script) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.html')
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length))
    .sort();
  const digest = createHash('sha256').update(readFileSync(join(folder, 'index.html')));
  for (const file of files) digest.update(file).update(readFileSync(join(folder, file)));
  const known = { FILES: JSON.stringify(files), BUILD: JSON.stringify(digest.digest('hex').slice(0, 16)) };
  await script('src/phone/service.worker.ts', 'sw', 'phone', known);
}

/** The KeePass library asks for Node's crypto where there is no Web Crypto; in a browser there is. */
const withoutNodeCrypto = {
  name: 'without-node-crypto',
  enforce: 'pre',
  resolveId: (id) => (id === 'crypto' ? '\0no-crypto' : null),
  load: (id) => (id === '\0no-crypto' ? 'export default {}' : null),
};

/** What browsers say of the extension, by language: each folder of src/ui/locales in the form that they want. */
async function writeLocales(folder) {
  for (const { name: language } of readdirSync(at('src/ui/locales'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )) {
    const { default: sentences } = await import(at('src/ui/locales', language, 'extension.ts'));
    const messages = Object.fromEntries(Object.entries(sentences).map(([key, message]) => [key, { message }]));
    const own = join(folder, language.replace('-', '_'));
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'messages.json'), JSON.stringify(messages, null, 2));
  }
}

/** Compressed once, at the build: the companion sends the file that a browser can take. */
function compress(folder) {
  for (const name of readdirSync(folder).filter((file) => /\.(js|css)$/.test(file))) {
    const path = join(folder, name);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }));
  }
}

export async function buildAll({ companion = 'http://localhost:8787', out = at('dist') } = {}) {
  const define = { DEFAULT_COMPANION: JSON.stringify(companion) };
  const common = {
    configFile: false,
    root,
    define,
    plugins: [withoutRawHtml, withoutNodeCrypto],
    logLevel: 'warn',
    publicDir: false,
    base: './',
  };
  const target = ['chrome121', 'firefox140', 'safari17'];
  const script = (entry, name, folder = 'extension', known = {}) =>
    build({
      ...common,
      define: { ...define, ...known },
      build: {
        target,
        outDir: join(out, folder),
        emptyOutDir: false,
        modulePreload: false,
        rollupOptions: { input: at(entry), output: { format: 'iife', entryFileNames: `${name}.js` } },
      },
    });
  const page = (folder, input, outDir, output, base = './') =>
    build({
      ...common,
      base,
      root: at(folder),
      // What the worker loads for one kind of file only stays apart from it.
      worker: { format: 'es', plugins: () => [withoutRawHtml, withoutNodeCrypto] },
      build: {
        target,
        outDir,
        emptyOutDir: false,
        modulePreload: false,
        assetsInlineLimit: 0,
        rollupOptions: { input: [input].flat().map((one) => at(folder, one)), output },
      },
    });
  rmSync(out, { recursive: true, force: true });
  await script('src/background/background.ts', 'background');
  await script('src/content/content.ts', 'content');
  await script('src/content/arrival.ts', 'arrival');
  await page('src/popup', ['popup.html', 'options.html'], join(out, 'extension'), {
    entryFileNames: '[name].js',
    // Their library's own module format takes a runtime that would claim the name first, though no such file is written.
    chunkFileNames: ({ name }) => (name.includes('runtime') ? 'runtime.js' : 'shared.js'),
    assetFileNames: '[name][extname]',
  });
  await page('src/phone', 'index.html', join(out, 'phone'), {});
  cpSync(at('src/phone/manifest.webmanifest'), join(out, 'phone/manifest.webmanifest'));
  cpSync(at('src/ui/icons'), join(out, 'phone/icons'), { recursive: true });
  await serviceWorker(join(out, 'phone'), script);
  // Names that stay: the companion's own pages take their style from here.
  const names = { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: 'sign-in[extname]' };
  await page('src/sign-in', 'index.html', join(out, 'sign-in'), names, '/sign-in-page/');
  compress(join(out, 'phone/assets'));
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  for (const browser of ['chrome', 'firefox']) {
    const folder = join(out, browser);
    cpSync(join(out, 'extension'), folder, { recursive: true });
    await writeLocales(join(folder, '_locales'));
    mkdirSync(join(folder, 'icons'), { recursive: true });
    for (const size of [16, 32, 48, 128]) cpSync(at(`src/ui/icons/${size}.png`), join(folder, `icons/${size}.png`));
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifestFor(browser, version), null, 2)}\n`);
  }
  rmSync(join(out, 'extension'), { recursive: true });
  writeFileSync(join(out, 'companion'), companion);
}

/** Builds unless dist is newer than every source and made for `companion`. */
export async function buildIfStale(companion) {
  const sources = Math.max(
    newest(at('src')),
    ...['manifest.json', 'package.json', 'scripts/build.mjs'].map((file) => statSync(at(file)).mtimeMs),
  );
  const stamp = at('dist/companion');
  if (existsSync(stamp) && statSync(stamp).mtimeMs > sources && readFileSync(stamp, 'utf8') === companion) return;
  await buildAll({ companion });
}

if (process.argv[1] === import.meta.filename) await buildAll({ companion: process.env.SCANKEY_COMPANION });
