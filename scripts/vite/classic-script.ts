// A source with all that it imports as one classic script: what the browser injects, and what it starts as a worker.
import { basename } from 'node:path';
import { build, type InlineConfig, mergeConfig, type Plugin, type UserConfig } from 'vite';
import { packedVocabulary } from './vocabulary.ts';

/**
 * Gives every `./x.ts?script&iife` the name of the script that is built from it, `x.js`. While one edits, CRXJS does it instead.
 */
export const scriptNames: Plugin = {
  name: 'script-names',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('?script&iife') ? `\0${id}` : null),
  load(id) {
    if (!id.startsWith('\0') || !id.endsWith('?script&iife')) return null;
    return `export default ${JSON.stringify(`${basename(id).replace(/\.ts\?.*/, '')}.js`)}`;
  },
};

/** What is loaded on demand elsewhere is part of such a script, so there is nothing to load ahead, and no address to load it from. */
const withoutPreload: Plugin = {
  name: 'without-preload',
  enforce: 'pre',
  config: () => ({ define: { 'import.meta.url': '""' } }),
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
};

/** For plugins that build such a script within another build: that they take their time is no news. */
export const buildsWithin = (): UserConfig => ({ build: { rolldownOptions: { checks: { pluginTimings: false } } } });

/**
 * @param entry path of the source
 * @param define constants of this script beside those of `common`
 * @returns the script's text
 */
export async function classicScript(
  entry: string,
  common: UserConfig,
  define: Record<string, string> = {},
): Promise<string> {
  const built = await build(
    mergeConfig(common, {
      configFile: false,
      define,
      plugins: [scriptNames, withoutPreload, packedVocabulary()],
      build: { write: false, rolldownOptions: { input: entry, output: { format: 'iife' } } },
    } satisfies InlineConfig),
  );
  const [script, ...more] = 'output' in built ? built.output : [];
  if (script?.type !== 'chunk' || more.length > 0) throw new Error(`${entry} is not one script`);
  return script.code;
}
