// The extension of one browser. CRXJS makes its manifest, pages and icons, and serves everything while one edits; in a build background
// and content scripts are one classic script each, so that none of their code lies in a file of its own that a page could ask for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CrxPlugin, crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { mergeConfig, type Plugin, type UserConfig } from 'vite';
import { buildsWithin, classicScript } from './classic-script.ts';
import { withoutRawHtml } from './libraries.ts';

type Browser = 'chrome' | 'firefox';
type Manifest = Exclude<Awaited<ManifestV3Export>, (...args: never[]) => unknown>;

const ROOT = join(import.meta.dirname, '../..');
const json = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

/** The manifest of one browser: what the other needs is left out. */
function manifestFor(browser: Browser): Manifest {
  const { key, minimum_chrome_version, storage, browser_specific_settings, ...manifest } = json('manifest.json');
  const { service_worker, scripts } = manifest.background;
  const { default_area, ...action } = manifest.action;
  const { version } = json('package.json');
  return browser === 'chrome'
    ? { ...manifest, version, key, minimum_chrome_version, storage, action, background: { service_worker } }
    : { ...manifest, version, browser_specific_settings, background: { scripts } };
}

/** While one edits, code comes from the development server of this machine, and styles stand in the page. */
function relaxed({ content_security_policy, ...manifest }: Manifest): Manifest {
  const extension_pages = content_security_policy?.extension_pages
    ?.replace("script-src 'self'", '$& http://localhost:*')
    .replace("style-src 'self'", "$& 'unsafe-inline'");
  return { ...manifest, content_security_policy: { extension_pages } };
}

/** What browsers say of the extension, by language: each folder of src/ui/locales in the form that they want. */
const locales: CrxPlugin = {
  // CRXJS runs plugins of its own name alone while one edits.
  name: 'crx:locales',
  async generateBundle() {
    const folder = join(ROOT, 'src/ui/locales');
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const { default: sentences } = await import(join(folder, entry.name, 'extension.ts'));
      const messages = Object.fromEntries(Object.entries(sentences).map(([key, message]) => [key, { message }]));
      const fileName = `_locales/${entry.name.replace('-', '_')}/messages.json`;
      this.emitFile({ type: 'asset', fileName, source: JSON.stringify(messages, null, 2) });
    }
  },
};

/** What Chromium's policies are held to; Firefox takes them as they are. */
const policySchema: CrxPlugin = {
  name: 'crx:policy-schema',
  generateBundle() {
    const source = readFileSync(join(ROOT, 'src/extension/policy.schema.json'), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'policy.schema.json', source });
  },
};

/** Background and what is injected into pages, by the names that scriptNames gives them. */
const SCRIPTS = ['src/background/background.ts', 'src/content/content.ts', 'src/content/arrival.ts'];

const classicScripts = (browser: Browser, common: UserConfig): CrxPlugin => ({
  name: 'classic-scripts',
  apply: 'build',
  // After CRXJS, which knows of modules alone.
  enforce: 'post',
  config: buildsWithin,
  async buildStart() {
    for (const path of SCRIPTS) {
      const fileName = path.replace(/.*\/(.*)\.ts/, '$1.js');
      this.emitFile({ type: 'asset', fileName, source: await classicScript(join(ROOT, path), common) });
    }
  },
  renderCrxManifest: (manifest) => ({
    ...manifest,
    background: browser === 'chrome' ? { service_worker: 'background.js' } : { scripts: ['background.js'] },
  }),
});

/** Each page's own script, and one that they share. What CRXJS and the bundler begin for themselves never becomes a file. */
function nameOf({ name }: { name: string }): string {
  if (name.endsWith('.html')) return name.replace('.html', '.js');
  return /^(stub$|crx-|rolldown-)/.test(name) ? '[name].js' : 'shared.js';
}

/** While one edits: a content script is made of more than its own file, which is all that CRXJS looks at. */
const wholeContentScripts: Plugin = {
  name: 'whole-content-scripts',
  apply: 'serve',
  configureServer({ watcher }) {
    const entries = SCRIPTS.slice(1).map((path) => join(ROOT, path));
    watcher.on('change', (path) => {
      if (!/\/src\/(content|extension|protocol)\//.test(path) || entries.includes(path)) return;
      for (const entry of entries) watcher.emit('change', entry);
    });
  },
};

/** @param common what it shares with the other parts */
export function extension(browser: Browser, common: UserConfig): UserConfig {
  const manifest: ManifestV3Export = ({ command }) => {
    const { background, ...others } = manifestFor(browser);
    return command === 'build' ? others : relaxed({ ...others, background });
  };
  const output = { entryFileNames: nameOf, chunkFileNames: nameOf, assetFileNames: '[name][extname]' };
  return mergeConfig(common, {
    plugins: [
      crx({ manifest, browser, contentScripts: { preambleCode: false } }),
      locales,
      ...(browser === 'chrome' ? [policySchema] : []),
      classicScripts(browser, common),
      wholeContentScripts,
      withoutRawHtml,
    ],
    // The manifest names every page but this one, which opens by itself.
    build: { rolldownOptions: { input: { 'welcome.html': join(ROOT, 'src/popup/welcome.html') }, output } },
  } satisfies UserConfig);
}
