// Packages of one's own: which addresses and keys are refused, and that only Chrome's package asks for a key.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';

const { objectionTo, writeOwnArchives } = (await import('../../scripts/own-archives.mjs' as string)) as {
  objectionTo(url?: string, keyPath?: string): string | undefined;
  writeOwnArchives(
    what: Record<'dist' | 'url' | 'folder' | 'version', string> & { keyPath?: string },
  ): Promise<{ id?: string; names: string[] }>;
};

const GECKO = 'scankey@scankey.example';

test.each([
  [undefined, undefined, undefined],
  ['https://intranet.example.org/scankey', undefined, undefined],
  ['https://intranet.example.org/scankey', import.meta.filename, undefined],
  ['https://intranet.example.org/scankey', '/none/key.pem', 'openssl genrsa -out /none/key.pem'],
  ['http://intranet.example.org/scankey', undefined, 'https'],
  ['intranet.example.org', undefined, 'https'],
  ['file:///srv/scankey', import.meta.filename, 'https'],
  [undefined, import.meta.filename, '--update-url'],
])('packages for %s by the key %s: %s', (url, keyPath, objection) => {
  if (objection) expect(objectionTo(url, keyPath)).toContain(objection);
  else expect(objectionTo(url, keyPath)).toBeUndefined();
});

test('without a key there is a package for Firefox, which finds its next version, and none for Chrome', async () => {
  const home = mkdtempSync(join(tmpdir(), 'scankey-own-'));
  const [dist, folder] = [join(home, 'dist'), join(home, 'own')];
  mkdirSync(join(dist, 'firefox'), { recursive: true });
  const built = { version: '0.1.0', browser_specific_settings: { gecko: { id: GECKO } } };
  writeFileSync(join(dist, 'firefox/manifest.json'), JSON.stringify(built));
  const url = 'https://intranet.example.org/scankey';
  const { id, names } = await writeOwnArchives({ dist, url, folder, version: '0.2.0' });
  expect(id).toBeUndefined();
  expect(readdirSync(folder).sort()).toEqual([...names].sort());
  expect(names.sort()).toEqual(['scankey-0.2.0.xpi', 'updates.json']);
  const { 'manifest.json': bytes } = unzipSync(readFileSync(join(folder, 'scankey-0.2.0.xpi')));
  expect(JSON.parse(Buffer.from(bytes ?? []).toString())).toMatchObject({
    version: '0.2.0',
    browser_specific_settings: { gecko: { id: GECKO, update_url: `${url}/updates.json` } },
  });
});
