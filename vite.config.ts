// How each part is built: the extension for either browser (by CRXJS, which also keeps it up to date while one edits), the phone's page
// and the companion's sign-in page. `vite build --mode PART` builds one, scripts/build.mjs all.
import { join } from 'node:path';
import { defineConfig, mergeConfig, type Plugin, type UserConfig } from 'vite';
import { extension } from './scripts/vite/extension.ts';
import { keePassAsWritten, withoutNodeCrypto, withoutRawHtml } from './scripts/vite/libraries.ts';
import { installable, knownPages, PHONE_FILES } from './scripts/vite/phone-page.ts';
import { thirdPartyList } from './scripts/vite/third-party.ts';

/** What is built, each into a folder of its name; the phone's page first, which the extension knows by its bytes. */
export const PARTS = ['phone', 'chrome', 'firefox', 'sign-in'] as const;
export type Part = (typeof PARTS)[number];

/** The companion that the extension speaks to where nobody says which. */
export const COMPANION = process.env.SCANKEY_COMPANION ?? 'http://localhost:8787';

const ROOT = import.meta.dirname;

/** What makes a key exchange in @noble/post-quantum/hybrid.js: of those that it makes for everybody one is used here. */
const KEY_EXCHANGES = ['QSF', 'createKitchenSink', 'ecdhKem'];

/** While one edits, any phone page will do. */
const takesAnyPage = (): boolean => process.env.SCANKEY_PHONE_PAGES === 'any';

/**
 * What the phone's worker loads for one kind of file only stays apart from it. Readers of a kilobyte each are one file: twenty would cost a
 * slow line more in headers than in code.
 */
function readers(list: Plugin): NonNullable<UserConfig['worker']> {
  const group = {
    name: 'importers',
    test: /\/transfer\/importers\/(?!kdbx|keepass)/,
    includeDependenciesRecursively: false,
  };
  const rolldownOptions = { output: { codeSplitting: { groups: [group] } } };
  return { format: 'es', plugins: () => [withoutNodeCrypto, keePassAsWritten, list], rolldownOptions };
}

/**
 * The build of one part.
 * @param companion address of the companion that the extension speaks to until a person chooses another
 * @param out the folder that takes the parts' folders
 */
export function configOf(part: Part, companion = COMPANION, out = join(ROOT, 'dist')): UserConfig {
  const list = thirdPartyList();
  const common: UserConfig = {
    root: ROOT,
    plugins: [list],
    base: './',
    // There is none; CRXJS would take `false` for the whole tree.
    publicDir: join(ROOT, 'public'),
    logLevel: 'warn',
    cacheDir: join(ROOT, '.cache/vite'),
    define: { DEFAULT_COMPANION: JSON.stringify(companion) },
    build: {
      target: ['chrome121', 'firefox140', 'safari17'],
      outDir: join(out, part),
      emptyOutDir: true,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: { treeshake: { manualPureFunctions: KEY_EXCHANGES } },
    },
    // @noble/post-quantum has an earlier copy of each for itself.
    resolve: { dedupe: ['@noble/curves', '@noble/hashes'] },
  };
  /** `names` is how the files are called that come out. */
  const page = (folder: string, own: UserConfig, names = {}): UserConfig =>
    mergeConfig(common, { root: join(ROOT, folder), ...own, build: { rolldownOptions: { output: names } } });
  switch (part) {
    case 'chrome':
    case 'firefox': {
      const pages = takesAnyPage() ? null : knownPages(out);
      return extension(part, mergeConfig(common, { define: { KNOWN_PHONE_PAGES: JSON.stringify(pages) } }));
    }
    case 'phone': {
      const plugins = [withoutRawHtml, withoutNodeCrypto, keePassAsWritten, installable(common)];
      return page('src/phone', { plugins, worker: readers(list) }, { codeSplitting: { groups: PHONE_FILES } });
    }
    case 'sign-in':
      // Names that stay: the companion's own pages take their style from here.
      return page(
        'src/sign-in',
        { base: '/sign-in-page/', plugins: [withoutRawHtml] },
        { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: 'sign-in[extname]' },
      );
  }
}

export default defineConfig(({ mode }) => {
  const part = PARTS.find((one) => one === mode);
  if (!part) throw new Error(`Say which part: --mode ${PARTS.join(' | ')}`);
  return configOf(part);
});
