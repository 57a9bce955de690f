// Code of others in what ships: each has its licence with it, and may be passed on.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { licenceOf, packageOf, thirdParty } from '../../scripts/vite/third-party.ts';

const root = join(import.meta.dirname, '../..');

/** A package as npm would have put it there. */
function installed(manifest: object, licence?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-package-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }));
  if (licence !== undefined) writeFileSync(join(folder, 'LICENSE'), licence);
  return folder;
}

test.each([
  ['GPL-3.0', 'text'],
  [undefined, 'text'],
  ['UNLICENSED', 'text'],
  ['MIT AND GPL-2.0', 'text'],
  ['MIT', undefined],
])('a package under %s with %s as its text is not built in', (license, text) => {
  expect(() => licenceOf('other', installed({ license }, text))).toThrow('other');
});

test.each([
  ['MIT', 'MIT'],
  ['(GPL-3.0 OR MIT)', 'MIT'],
  ['BSD-3-Clause', 'BSD-3-Clause'],
])('a package under %s may be passed on under %s', (license, taken) => {
  expect(licenceOf('other', installed({ license }, 'The text'))).toMatchObject({ licence: taken, text: 'The text' });
});

test.each([
  ['/a/node_modules/preact/dist/preact.mjs', 'preact'],
  ['/a/node_modules/@noble/hashes/sha2.js', '@noble/hashes'],
  ['/a/node_modules/kdbxweb/node_modules/@xmldom/xmldom/lib/dom.js', '@xmldom/xmldom'],
  ['\0vite/preload-helper.js', 'vite'],
  ['\0rolldown/runtime.js', 'rolldown'],
  ['/a/src/protocol/seal.ts', undefined],
])('the module %j is of the package %s', (id, name) => {
  expect(packageOf(id)).toBe(name);
});

test('THIRD-PARTY.md is of the packages that are installed, as they are now', () => {
  const list = readFileSync(join(root, 'THIRD-PARTY.md'), 'utf8');
  const names = [...list.matchAll(/^\| (\S+) \| \d/gm)].map(([, name]) => name ?? '');
  expect(names).toEqual(expect.arrayContaining(['preact', 'hpke', 'vite', 'webextension-polyfill', 'unhomoglyph']));
  expect(list).toBe(thirdParty(names));
});
