// What the stores are told: short enough for each of them, in every language, and true of the manifest.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LIMITS, type Listing } from '../../store/listing/listing.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const LANGUAGES = readdirSync(join(root, 'src/ui/locales'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test.each(LANGUAGES)('the stores’ listing in %s has what they take, and no more', async (language) => {
  const { name, description } = (await import(`../../src/ui/locales/${language}/extension.ts`)).default;
  const { long, captions }: Listing = (await import(`../../store/listing/${language}.ts`)).default;
  expect(name.length).toBeLessThanOrEqual(LIMITS.name);
  expect(description.length).toBeLessThanOrEqual(LIMITS.short);
  expect(long.length).toBeLessThanOrEqual(LIMITS.long);
  expect(long).not.toMatch(/<|\*\*|\]\(/);
  // One line over a picture.
  for (const caption of Object.values(captions)) expect(caption.length).toBeLessThanOrEqual(50);
});

test('each kind of data that the manifest declares is explained, and no other', () => {
  const { data_collection_permissions } = JSON.parse(read('manifest.json')).browser_specific_settings.gecko;
  const explained = [...read('store/data-use.md').matchAll(/^- `(\w+)`:/gm)].map(([, name]) => name);
  expect(explained.sort()).toEqual([...data_collection_permissions.required].sort());
  expect(data_collection_permissions.optional).toBeUndefined();
});
