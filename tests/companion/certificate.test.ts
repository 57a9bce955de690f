// The trial's own certificate: kept from start to start, and made anew where browsers would not take it.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownCertificate } from '../../server/http/certificate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scankey-certificate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const made = (...addresses: string[]) => ownCertificate(folder, ['127.0.0.1', ...addresses]);

test('a certificate that serves is kept', async () => {
  const first = await made();
  expect(await made()).toEqual(first);
});

test('one that does not name an address of this computer is made anew', async () => {
  await made();
  const { cert } = await made('192.0.2.7');
  expect(new X509Certificate(cert).checkIP('192.0.2.7')).toBe('192.0.2.7');
});

test.each(['certificate.pem', 'key.pem'])(
  'where %s is damaged, or belongs to another, both are made anew',
  async (file) => {
    const other = await made('192.0.2.7');
    rmSync(join(folder, 'key.pem'));
    for (const text of ['', 'no PEM', file === 'key.pem' ? other.key : other.cert]) {
      const before = await made();
      writeFileSync(join(folder, file), text);
      const after = await made();
      expect(after).not.toEqual(before);
      expect(await made()).toEqual(after);
    }
  },
);
