// Published test vectors, against the libraries that we chose, in everything that they run in. Thousands of them cost more than the unit tests
// have time for.
import { join } from 'node:path';
import { build as viteBuild } from 'vite';
import { expect, test } from 'vitest';
import { startSites } from '../sites/server.ts';
import { runPublished, unreducedKeys, type VectorFiles } from '../unit/published.ts';
import { publishedVectors } from '../unit/vector-files.ts';
import { chromium } from './chromium.ts';
import { ROOT } from './companion.ts';
import { firefox } from './firefox.ts';

const files = publishedVectors();
type Results = ReturnType<typeof runPublished>;

/** Runs them in a page. */
const inBrowser = (open: typeof chromium | typeof firefox) => async (given: VectorFiles) => {
  const built = await viteBuild({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: join(ROOT, 'tests/unit/published.ts'), formats: ['iife'], name: 'published' },
    },
  });
  const [output] = [built].flat();
  const code = output && 'output' in output ? output.output[0].code : '';
  const sites = await startSites();
  const desktop = await open(join(ROOT, 'dist'));
  try {
    const page = await desktop.newPage(`${sites.origin}/nothing`);
    await page.evaluate(`${code};window.published = published`);
    return await page.evaluate(
      (all) =>
        (window as unknown as { published: { runPublished(files: unknown): Results } }).published.runPublished(all),
      given as never,
    );
  } finally {
    await desktop.close();
    sites.close();
  }
};

test.skipIf(!files).each<[string, (given: VectorFiles) => Results]>([
  ['Node', runPublished],
  ['Chromium', inBrowser(chromium)],
  ['Firefox', inBrowser(firefox)],
])('published vectors hold for the chosen libraries in %s', async (_where, run) => {
  if (!files) return;
  const results = await run(files);
  expect(Object.keys(results)).toHaveLength(9);
  for (const [family, { ran, failed }] of Object.entries(results)) {
    expect(ran, family).toBeGreaterThan(0);
    expect(failed, family).toEqual(family === 'mlkem_768_encaps' ? unreducedKeys(files) : []);
  }
});
