// What the stores are told: short enough for each of them, in every language, and true of the manifest.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Outcome, Request } from '../../src/protocol/messages.ts';
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

/** By what the policy names what is sent of it; nothing where it tells nothing of the person, the page or the computer. */
const NAMED: Record<keyof typeof Request.entries | keyof typeof Outcome.entries, string> = {
  ...{ v: '', t: '', time: '', forgets: '', signIn: '', saves: '' },
  topOrigin: "the site's address",
  frameOrigin: 'the frame that has the form',
  sendsTo: 'where the form sends',
  title: "the page's title",
  browser: "the browser's",
  os: "system's name",
  kind: 'what the form asks for',
  otp: 'a one-time code',
  extra: 'a third field',
  rules: 'passwordrules',
  username: 'the name that stands beside it',
  password: 'a name and password that you have typed',
  keep: 'half of the key',
  newest: 'the newest state of the vault',
  result: 'how the sign-in went',
  code: 'how the sign-in went',
  text: 'its own words',
};
test('the privacy policy names all that a request or an outcome carries', () => {
  const policy = read('docs/privacy.md');
  for (const [field, words] of Object.entries(NAMED)) expect(policy, field).toContain(words);
  expect(Object.keys(NAMED).sort()).toEqual(
    [...new Set([...Object.keys(Request.entries), ...Object.keys(Outcome.entries)])].sort(),
  );
});

test('each kind of data that the manifest declares is explained, and no other', () => {
  const { data_collection_permissions } = JSON.parse(read('manifest.json')).browser_specific_settings.gecko;
  const explained = [...read('store/data-use.md').matchAll(/^- `(\w+)`:/gm)].map(([, name]) => name);
  expect(explained.sort()).toEqual([...data_collection_permissions.required].sort());
  expect(data_collection_permissions.optional).toBeUndefined();
});
