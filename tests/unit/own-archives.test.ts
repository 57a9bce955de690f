// Packages of one's own: which command lines, addresses and keys are refused, that only Chrome's package asks for a key, and that none is left half made.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { objectionToCompanion, optionsOf } from '../../scripts/options.ts';

const { objectionTo, writeOwnArchives } = (await import('../../scripts/own-archives.mjs' as string)) as {
  objectionTo(url?: string, keyPath?: string): string | undefined;
  writeOwnArchives(
    what: Record<'dist' | 'url' | 'folder' | 'version', string> & { keyPath?: string },
  ): Promise<{ id?: string; names: string[] }>;
};

const GECKO = 'scankey@scankey.example';

const home = mkdtempSync(join(tmpdir(), 'scankey-own-'));
afterAll(() => rmSync(home, { recursive: true }));
const pemOf = ({ privateKey }: { privateKey: KeyObject }, cipher?: { cipher: string; passphrase: string }) =>
  privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher });
/** Keeps it in a file. @returns its path */
function kept(name: string, text: string | Buffer): string {
  writeFileSync(join(home, name), text);
  return join(home, name);
}
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = kept('key.pem', pemOf(rsa));
const LOCKED = kept('locked.pem', pemOf(rsa, { cipher: 'aes-256-cbc', passphrase: 'word' }));
const PUBLIC = kept('public.pem', rsa.publicKey.export({ type: 'spki', format: 'pem' }));
const ED25519 = kept('ed25519.pem', pemOf(generateKeyPairSync('ed25519')));
const FOLDER = 'https://intranet.example.org/scankey';

test.each([
  [undefined, undefined, undefined],
  [FOLDER, undefined, undefined],
  ['https://intranet.example.org/scankey-1.0/', KEY, undefined],
  [FOLDER, LOCKED, 'RSA'],
  [FOLDER, PUBLIC, 'RSA'],
  [FOLDER, ED25519, 'RSA'],
  [FOLDER, import.meta.filename, 'RSA'],
  [FOLDER, home, 'RSA'],
  [`${FOLDER}/updates.xml`, KEY, 'folder'],
  [`${FOLDER}/scankey.XPI`, undefined, 'folder'],
  [`${FOLDER}?at=1`, undefined, 'folder'],
  ['https://intranet.example.org/scankey', '/none/key.pem', 'openssl genrsa -out /none/key.pem'],
  ['https://me:word@intranet.example.org/scankey', KEY, 'without a name and a password'],
  ['https://me@intranet.example.org/scankey', undefined, 'without a name and a password'],
  ['http://intranet.example.org/scankey', undefined, 'https'],
  ['intranet.example.org', undefined, 'https'],
  ['file:///srv/scankey', import.meta.filename, 'https'],
  [undefined, import.meta.filename, '--update-url'],
])('packages for %s by the key %s: %s', (url, keyPath, objection) => {
  if (objection) expect(objectionTo(url, keyPath)).toContain(objection);
  else expect(objectionTo(url, keyPath)).toBeUndefined();
});

test('without a key there is a package for Firefox, which finds its next version, and none for Chrome', async () => {
  const [dist, folder] = [join(home, 'dist'), join(home, 'own')];
  mkdirSync(join(dist, 'firefox'), { recursive: true });
  mkdirSync(folder);
  // Of an earlier run, with a key.
  for (const name of ['scankey-0.1.0.crx', 'scankey-0.2.0.crx', 'updates.xml']) writeFileSync(join(folder, name), '');
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

test('browsers find the next version also where the address has letters that XML has for itself, and Firefox one that it can run', async () => {
  const [dist, folder] = [join(home, 'both'), join(home, 'both-own')];
  for (const [browser, own] of [
    ['chrome', { manifest_version: 3, name: 'x' }],
    ['firefox', { browser_specific_settings: { gecko: { id: GECKO } } }],
  ] as const) {
    mkdirSync(join(dist, browser), { recursive: true });
    writeFileSync(join(dist, browser, 'manifest.json'), JSON.stringify({ version: '0.1.0', ...own }));
  }
  const url = `https://intranet.example.org/a&b/it's"<here>`;
  await writeOwnArchives({ dist, url, keyPath: KEY, folder, version: '0.2.0' });
  const [, codebase = ''] = /codebase="([^"<>]*)"/.exec(readFileSync(join(folder, 'updates.xml'), 'utf8')) ?? [];
  expect(codebase.replaceAll('&amp;', '&')).toBe(new URL(`${url}/scankey-0.2.0.crx`).href);
  expect(codebase).not.toMatch(/&(?!amp;)/);
  const { addons } = JSON.parse(readFileSync(join(folder, 'updates.json'), 'utf8'));
  expect(addons[GECKO].updates).toMatchObject([
    { version: '0.2.0', applications: { gecko: { strict_min_version: expect.stringMatching(/^\d+\.0$/) } } },
  ]);
});

test('what cannot be made leaves what was there as it was', async () => {
  const folder = join(home, 'kept');
  mkdirSync(folder);
  writeFileSync(join(folder, 'updates.xml'), 'before');
  const nowhere = { dist: join(home, 'none'), url: FOLDER, keyPath: KEY, folder, version: '0.2.0' };
  await expect(writeOwnArchives(nowhere)).rejects.toThrow();
  expect(readdirSync(home).filter((name) => name.startsWith('kept'))).toEqual(['kept']);
  expect(readFileSync(join(folder, 'updates.xml'), 'utf8')).toBe('before');
});

test.each([
  [undefined, true],
  ['https://id.example.org', true],
  ['https://id.example.org:8443', true],
  ['http://localhost:8787', true],
  ['id.example.org', false],
  ['http://id.example.org', false],
  ['https://id.example.org/', false],
  ['https://id.example.org/path', false],
  ['https://ID.example.org', false],
  ['https://me@id.example.org', false],
  ['', false],
])('a build for the companion %s: %s', (companion, isOne) => {
  if (isOne) expect(objectionToCompanion(companion)).toBeUndefined();
  else expect(objectionToCompanion(companion)).toContain(`${companion} is none`);
});

test.each([
  [['--help'], 0, /^usage: npm run package/],
  [['--colour'], 2, /^Unknown option '--colour'\.\nusage: npm run package/],
  [['--update-url'], 2, /^Option '--update-url <value>' argument missing\.\nusage: /],
  [['here'], 2, /^Unexpected argument 'here'\.\nusage: /],
])('the command line %j ends in a sentence', (args, code, said) => {
  let printed = '';
  const print = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(print);
  vi.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Error(`ended with ${status}`);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  expect(() => optionsOf('npm run package', { args, options: { 'update-url': { type: 'string' } } })).toThrow(
    `ended with ${code}`,
  );
  expect(printed).toMatch(said);
});
