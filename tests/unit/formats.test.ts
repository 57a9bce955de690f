// What the accounts are written out as is read again, with nothing lost that a format can hold.
import { beforeAll, expect, test } from 'vitest';
import { FORMATS } from '../../src/phone/transfer/formats.ts';
import { readFile } from '../../src/phone/transfer/own.ts';
import { newAccount } from '../../src/phone/vault/document.ts';
import { employCheaply } from '../fakes/workshop.ts';

beforeAll(employCheaply);

const account = newAccount({ id: 'a', sites: ['https://bank.com'], username: 'ann', password: '=1+1', title: 'Bank' });

test.each(Object.entries(FORMATS))('%s', { timeout: 60_000 }, async (_name, { ending, sealed, write }) => {
  const bytes = new Uint8Array(await new Blob([await write([account], 'its own password')]).arrayBuffer());
  const name = `export.${ending}`;
  if (sealed) await expect(readFile(name, bytes)).rejects.toThrow('import-password');
  const { entries, unread } = await readFile(name, bytes, sealed ? 'its own password' : undefined);
  expect(unread).toEqual([]);
  expect(entries).toMatchObject([{ username: 'ann', password: '=1+1', title: 'Bank' }]);
});
