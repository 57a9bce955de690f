// What a later version wrote reaches this one, on the phone's own disk or a computer's, from the companion, or as a file: it says so,
// and nothing is read of it, mended, or put in its place.
import { afterEach, expect, test } from 'vitest';
import { readSplitKeys, store } from '../../src/background/split-key.ts';
import { readAutomatic, writeAutomatic } from '../../src/background/storage.ts';
import { readFile } from '../../src/phone/transfer/own.ts';
import { newAccount, newDocument } from '../../src/phone/vault/document.ts';
import { createVault, openWith, seal, type Vault } from '../../src/phone/vault/format.ts';
import browser from '../fakes/browser.ts';
import { phone, SECRET } from './phone-in-memory.ts';

const NEWER = { code: 'vault-newer' };

/** A copy as a later version would write it: of another format outside, or of another document inside. */
const WAYS: [string, (vault: Vault, before?: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>][] = [
  [
    'another file',
    async (vault, before) => {
      const { blob } = await seal(vault, newDocument(), 5, { before });
      blob.set(Buffer.from('SKV2'));
      return blob;
    },
  ],
  [
    'another document',
    async (vault, before) => {
      const document = { v: 3, people: [], accounts: 'elsewhere' };
      return (await seal(vault, document as never, 5, { before })).blob;
    },
  ],
];

test.each(WAYS)('%s on the phone opens no older copy, and stays the newest', async (_what, make) => {
  const { disk, tab } = phone();
  const first = tab();
  await first.vault.begin(await createVault([SECRET]));
  const current = first.vault.current.value;
  if (!current) throw new Error('locked');
  const newer = await make(current, disk.copies[0]);
  disk.copies = [newer, ...disk.copies];
  // The tab that was open meanwhile writes nothing over it, and closes.
  await expect(first.accounts.change('ann', () => newAccount({ id: 'ann' }))).rejects.toThrow();
  expect(first.vault.isUnlocked.value).toBe(false);
  await expect(tab().vault.unlock(SECRET)).rejects.toMatchObject(NEWER);
  expect(disk.copies[0]).toBe(newer);
  expect(disk.copies).toHaveLength(2);
});

test('one whose passphrase was forgotten gives way to no backup', async () => {
  const { disk, tab } = phone();
  const newer = new Uint8Array(Buffer.from('SKV7 and what only a later version knows'));
  disk.copies = [newer];
  await expect(tab().vault.begin(await createVault([SECRET]), { replaces: true })).rejects.toMatchObject(NEWER);
  expect(disk.copies).toEqual([newer]);
});

test('a file of a later version is told from one that is unknown, before a password is asked for', async () => {
  await expect(readFile('vault.scankey', new Uint8Array(Buffer.from('SKV3…')))).rejects.toMatchObject(NEWER);
});

test.each(WAYS)('%s is not taken for damage', async (_what, make) => {
  const vault = await createVault([SECRET]);
  await expect(openWith(await make(vault), vault.key)).rejects.toMatchObject(NEWER);
});

const SITE = 'https://site.example';
/** What a computer keeps of the sites that sign in by themselves, and one more of them. */
const LISTS: [string, string, () => Promise<void>, () => Promise<unknown[]>][] = [
  [
    'that ask the phone',
    'automatic',
    async () => writeAutomatic([...(await readAutomatic()), { origin: SITE, pairing: 'phone' }]),
    readAutomatic,
  ],
  [
    'by a provider’s word',
    'halves',
    () =>
      store(
        SITE,
        { provider: 'wechat', id: 'I'.repeat(22), half: 'A'.repeat(43), auth: 'A'.repeat(43) },
        { username: 'li', password: 'correct horse', extra: '' },
      ),
    readSplitKeys,
  ],
];
afterEach(() => browser.storage.local.clear());

test.each(LISTS)(
  'sites %s: what a later version wrote among them stays, beside what is added',
  async (_how, key, add, read) => {
    const later = [{ v: 2, site: 'https://later.example' }, 'another'];
    await browser.storage.local.set({ [key]: later });
    await add();
    expect(await read()).toMatchObject([{ origin: SITE }]);
    expect((await browser.storage.local.get(key))[key]).toEqual(expect.arrayContaining(later));
  },
);

test.each(LISTS)('sites %s: a list that is none any more is not replaced', async (_how, key, add, read) => {
  const later = { v: 2, sites: {} };
  await browser.storage.local.set({ [key]: later });
  expect(await read()).toEqual([]);
  await expect(add()).rejects.toMatchObject(NEWER);
  expect((await browser.storage.local.get(key))[key]).toEqual(later);
});

test('a list that is none any more stays when no site of this version is left', async () => {
  const later = { v: 2, sites: {} };
  await browser.storage.local.set({ automatic: later });
  await writeAutomatic([]);
  expect(await browser.storage.local.get('automatic')).toEqual({ automatic: later });
});
