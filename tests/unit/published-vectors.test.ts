import { expect, test } from 'vitest';
import { runPublished, unreducedKeys } from './published.ts';
import { publishedVectors } from './vector-files.ts';

const files = publishedVectors();

test.skipIf(!files)('published vectors hold for the chosen libraries in Node', async () => {
  if (!files) return;
  const results = await runPublished(files);
  expect(Object.keys(results)).toHaveLength(9);
  for (const [family, { ran, failed }] of Object.entries(results)) {
    expect(ran, family).toBeGreaterThan(0);
    expect(failed, family).toEqual(family === 'mlkem_768_encaps' ? unreducedKeys(files) : []);
  }
});
