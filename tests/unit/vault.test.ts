import fc from 'fast-check';
import { argon2id } from 'hash-wasm';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { generatePassword } from '../../src/phone/generator.ts';
import { accountsFor, loadSuffixes, originOf, siteOf } from '../../src/phone/sites.ts';
import { type Account, createVault, revisionOf, seal, unlock, type Vault } from '../../src/phone/vault.ts';
import { fromUtf8, toBase64 } from '../../src/protocol/encoding.ts';
import { hex } from './hex.ts';

const account: Account = {
  id: '1',
  site: 'https://example.com',
  username: 'ann',
  password: 'MARK-7f3a-password',
  tenant: '',
  totp: '',
  notes: 'MARK-7f3a-notes',
  guard: 'none',
  changedAt: 1,
};
const PASS = 'correct horse battery staple';
let vault: Vault;
let blob: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  await loadSuffixes();
  const made = await createVault(PASS);
  ({ blob, vault } = await seal(made, { v: 1, accounts: [account] }, 1000));
}, 30_000);

test('Argon2id gives the answer of the reference implementation', async () => {
  const plain = await argon2id({
    password: 'password',
    salt: 'somesalt',
    iterations: 2,
    parallelism: 1,
    memorySize: 65_536,
    hashLength: 32,
    outputType: 'hex',
  });
  // Reference implementation, test.c, version 0x13, t=2 m=16 p=1.
  expect(plain).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
});

test('what was sealed opens with the passphrase, in any Unicode form, and with no other', async () => {
  expect((await unlock(blob, PASS)).document.accounts).toEqual([account]);
  await expect(unlock(blob, `${PASS} `)).rejects.toMatchObject({ code: 'wrong-passphrase' });
  const composed = await seal(await createVault('caf\u00e9 caf\u00e9'), { v: 1, accounts: [] }, 1);
  expect((await unlock(composed.blob, 'cafe\u0301 cafe\u0301')).document.accounts).toEqual([]);
});

test('nothing of an account can be read in the sealed bytes, whose length is in whole pages', () => {
  const text = Buffer.from(blob).toString('latin1');
  for (const mark of ['MARK-7f3a', 'ann', 'example.com']) expect(text).not.toContain(mark);
  const header = new DataView(blob.buffer).getUint16(4);
  expect((blob.length - 6 - header - 12 - 16) % 4096).toBe(0);
});

test('revisions count up and name the copy before', async () => {
  const next = await seal(vault, vault.document, 2000, blob);
  expect([revisionOf(blob), revisionOf(next.blob)]).toEqual([1, 2]);
  expect(next.vault.header.prev).toHaveLength(11);
});

describe('a damaged copy', () => {
  test('is refused in every byte of its header and seal', async () => {
    const header = 6 + new DataView(blob.buffer).getUint16(4);
    const spots = [0, 3, 4, 6, 20, header - 2, header, header + 11, header + 12, blob.length - 1];
    for (const at of spots) {
      const bad = blob.slice();
      bad[at] = (bad[at] ?? 0) ^ 1;
      await expect(unlock(bad, PASS), `byte ${at}`).rejects.toMatchObject({ name: 'ScankeyError' });
    }
  }, 30_000);

  test('never fails in another way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await expect(unlock(new Uint8Array(bytes), PASS)).rejects.toMatchObject({ code: 'vault-damaged' });
      }),
    );
    for (const cut of [0, 3, 5, 100, blob.length - 20])
      await expect(unlock(blob.slice(0, cut), PASS)).rejects.toMatchObject({ name: 'ScankeyError' });
  });
});

test.each([
  { m: 1024, t: 3, p: 1 },
  { m: 512 * 1024, t: 3, p: 1 },
  { m: 65_536, t: 1, p: 1 },
  { m: 65_536, t: 11, p: 1 },
  { m: 65_536, t: 3, p: 5 },
])('parameters $m/$t/$p are refused before anything is computed', async (cost) => {
  const length = new DataView(blob.buffer).getUint16(4);
  const header = JSON.parse(fromUtf8(blob.slice(6, 6 + length)));
  Object.assign(header.wraps[0].kdf, cost);
  const head = new TextEncoder().encode(JSON.stringify(header));
  const bad = Buffer.concat([
    Buffer.from('SKV1'),
    Buffer.from([head.length >> 8, head.length & 255]),
    head,
    blob.slice(6 + length),
  ]);
  const compile = vi.spyOn(WebAssembly, 'compile');
  await expect(unlock(new Uint8Array(bad), PASS)).rejects.toMatchObject({ code: 'params-refused' });
  expect(compile).not.toHaveBeenCalled();
});

test('generated passwords differ, and have a letter, a digit and a sign', () => {
  const many = Array.from({ length: 500 }, () => generatePassword());
  expect(new Set(many).size).toBe(500);
  for (const one of many) expect(one).toMatch(/^(?=.*[a-zA-Z])(?=.*\d)(?=.*[-_.!#*+=]).{20}$/);
});

describe('sites', () => {
  test.each([
    ['https://login.example.co.uk', ['login.', 'example.co.uk', '', false]],
    ['https://example.com:8443', ['', 'example.com', ':8443', false]],
    ['https://alice.github.io', ['', 'alice.github.io', '', false]],
    ['http://intranet', ['', 'intranet', '', true]],
    ['http://192.168.1.7:8080', ['', '192.168.1.7', ':8080', true]],
    ['http://localhost:3000', ['', 'localhost', ':3000', false]],
    ['https://xn--80ak6aa92e.com', ['', 'xn--80ak6aa92e.com', '', false]],
    ['https://bank.com.evil.example', ['bank.com.', 'evil.example', '', false]],
  ] as const)('%s is shown in its parts', (origin, [before, domain, port, insecure]) => {
    expect(siteOf(origin)).toEqual({ before, domain, port, insecure });
  });

  test.each([
    ['example.com', 'https://example.com'],
    ['  https://Example.com/login?x ', 'https://example.com'],
    ['http://10.0.0.1:81/', 'http://10.0.0.1:81'],
    ['javascript:alert(1)', undefined],
    ['ftp://example.com', undefined],
    ['a%20b', undefined],
    ['http://[::1]:3000/x', 'http://[::1]:3000'],
    ['', undefined],
  ])('"%s" typed as a site means %s', (typed, origin) => {
    expect(originOf(typed)).toBe(origin);
  });

  const at = (site: string, changedAt = 1): Account => ({ ...account, id: `${site}${changedAt}`, site, changedAt });
  test('only the very origin fits by itself; the same registrable domain is offered apart from the others', () => {
    const all = [
      'https://a.example.com',
      'http://a.example.com',
      'https://a.example.com:444',
      'https://b.example.com',
      'https://example.org',
      'https://alice.github.io',
      'https://mallory.github.io',
    ].map((site) => at(site));
    const { exact, related, others } = accountsFor('https://a.example.com', all);
    expect(exact.map(({ site }) => site)).toEqual(['https://a.example.com']);
    expect(related.map(({ site }) => site)).toEqual([
      'http://a.example.com',
      'https://a.example.com:444',
      'https://b.example.com',
    ]);
    expect(accountsFor('https://mallory.github.io', [at('https://alice.github.io')])).toMatchObject({
      exact: [],
      related: [],
    });
    expect(others.map(({ site }) => site)).toEqual([
      'https://example.org',
      'https://alice.github.io',
      'https://mallory.github.io',
    ]);
    expect(
      accountsFor('https://a.example.com', [at('https://a.example.com', 1), at('https://a.example.com', 5)]).exact[0]
        ?.changedAt,
    ).toBe(5);
  });
});

test('the seal of the vault never uses a nonce twice for the same key', async () => {
  const nonces = new Set<string>();
  for (let i = 0; i < 50; i++) {
    const sealed = await seal(vault, vault.document, i);
    const start = 6 + new DataView(sealed.blob.buffer).getUint16(4);
    nonces.add(hex(sealed.blob.slice(start, start + 12)));
  }
  expect(nonces.size).toBe(50);
  expect(toBase64(blob.slice(0, 4))).toBe('U0tWMQ');
});
