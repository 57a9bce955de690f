import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { employ } from '../../src/phone/shell/workshop.ts';
import { argon2id } from '../../src/phone/vault/argon2id.ts';
import { type Account, newAccount, newDocument, VaultDocument } from '../../src/phone/vault/document.ts';
import { createVault, headerOf, seal, unlock, type Vault } from '../../src/phone/vault/format.ts';
import { generatePassword } from '../../src/phone/vault/generator.ts';
import { accountsFor, loadNames, originOf, siteOf } from '../../src/phone/vault/sites.ts';
import { words } from '../../src/phone/vault/strength.ts';
import type { Secret } from '../../src/phone/vault/wraps.ts';
import { fromUtf8, toBase64, utf8 } from '../../src/protocol/encoding.ts';
import { employCheaply, employHere } from '../fakes/workshop.ts';
import { hex } from './hex.ts';
import { LOW } from './phone-in-memory.ts';

beforeAll(employCheaply);

const account = newAccount({
  id: '1',
  sites: ['https://example.com'],
  username: 'ann',
  password: 'MARK-7f3a-password',
  notes: 'MARK-7f3a-notes',
  changedAt: 1,
});
const pass = (passphrase: string): Secret => ({ k: 'pass', passphrase });
const PASS = pass('correct horse battery staple');
let vault: Vault;
let blob: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  await loadNames();
  const made = await createVault([PASS], newDocument(), undefined, LOW);
  ({ blob, vault } = await seal(made, newDocument([account]), 1000));
}, 30_000);

// Reference implementation, test.c, version 0x13.
test.each([
  [1, '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
  [2, '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037'],
])('Argon2id gives the answer of the reference implementation, in %i lanes', async (p, answer) => {
  expect(hex(await argon2id('password', utf8('somesalt'), { m: 256, t: 2, p }))).toBe(answer);
});

test('what was sealed opens with the passphrase, in any Unicode form, and with no other', async () => {
  expect((await unlock(blob, PASS, [], LOW)).document.accounts).toEqual([account]);
  await expect(unlock(blob, pass('another one'), [], LOW)).rejects.toMatchObject({ code: 'wrong-passphrase' });
  const composed = await seal(
    await createVault([pass('caf\u00e9 caf\u00e9')], newDocument(), undefined, LOW),
    newDocument(),
    1,
  );
  const decomposed = await unlock(composed.blob, pass('cafe\u0301 cafe\u0301'), [], LOW);
  expect(decomposed.document.accounts).toEqual([]);
});

test('nothing of an account can be read in the sealed bytes, whose length is in whole pages', () => {
  const text = Buffer.from(blob).toString('latin1');
  for (const mark of ['MARK-7f3a', 'ann', 'example.com']) expect(text).not.toContain(mark);
  const header = new DataView(blob.buffer).getUint16(4);
  expect((blob.length - 6 - header - 12 - 16) % 4096).toBe(0);
});

test('revisions count up and name the copy before', async () => {
  const next = await seal(vault, vault.document, 2000, { before: blob });
  expect([headerOf(blob).rev, headerOf(next.blob).rev]).toEqual([1, 2]);
  expect(next.vault.header.prev).toHaveLength(11);
});

// A passkey's bytes in the place of the passphrase: the seal is the same.
const FINGER: Secret = {
  k: 'prf',
  cred: 'AAAA',
  salt: toBase64(new Uint8Array(32)),
  output: new Uint8Array(32).fill(9),
};
const BLOB_RUNS = Number(process.env.BLOB_RUNS ?? 500);

describe('a damaged copy', () => {
  let mine: Uint8Array<ArrayBuffer>;
  let other: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    ({ blob: mine } = await seal(await createVault([FINGER]), newDocument([account]), 5));
    ({ blob: other } = await seal(await createVault([FINGER]), newDocument([account]), 5));
  });

  test(`does not open, whatever was flipped, cut, put in or swapped, in ${BLOB_RUNS} copies`, async () => {
    const at = fc.nat({ max: mine.length - 1 });
    const harm = fc.oneof(
      fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([place, bits]) => {
        const bad = mine.slice();
        bad[place] = (bad[place] ?? 0) ^ bits;
        return bad;
      }),
      at.map((length) => mine.slice(0, length)),
      at.map((place) => new Uint8Array([...mine.slice(0, place), 0, ...mine.slice(place)])),
      // The front of one vault before the rest of another.
      at.map((place) => new Uint8Array([...mine.slice(0, place + 1), ...other.slice(place + 1)])),
    );
    await fc.assert(
      fc.asyncProperty(harm, async (bad) => {
        fc.pre(!Buffer.from(bad).equals(mine) && !Buffer.from(bad).equals(other));
        await expect(unlock(bad, FINGER)).rejects.toMatchObject({ name: 'ScankeyError' });
      }),
      { numRuns: BLOB_RUNS },
    );
    expect((await unlock(mine, FINGER)).document.accounts).toEqual([account]);
  }, 120_000);

  test('never fails in another way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await expect(unlock(new Uint8Array(bytes), PASS)).rejects.toMatchObject({ code: 'vault-damaged' });
      }),
    );
  });

  test('is not made by a hundred wrong tries', async () => {
    const before = mine.slice();
    for (let i = 0; i < 100; i++)
      await expect(unlock(mine, { ...FINGER, output: new Uint8Array(32).fill(i % 9) })).rejects.toMatchObject({
        code: 'wrong-passphrase',
      });
    expect(mine).toEqual(before);
    expect((await unlock(mine, FINGER)).document.accounts).toEqual([account]);
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
  const start = vi.fn();
  employ(start);
  onTestFinished(employCheaply);
  await expect(unlock(new Uint8Array(bad), PASS)).rejects.toMatchObject({ code: 'params-refused' });
  expect(start).not.toHaveBeenCalled();
});

test('words are of the list, with a digit', () => {
  const made = words(5);
  expect(made).toMatch(/^[a-z]+(-[a-z]+){4,}-\d$/);
  expect(words(5)).not.toBe(made);
});

test('a document of the first version is read as one of today', () => {
  const old = {
    id: 'a',
    site: 'https://a.example',
    username: 'u',
    password: 'p',
    notes: '',
    guard: 'near',
    changedAt: 7,
  };
  expect(v.parse(VaultDocument, { v: 1, accounts: [old] })).toEqual(
    newDocument([
      newAccount({
        ...{ id: 'a', sites: ['https://a.example'], username: 'u', password: 'p', guard: 'near', changedAt: 7 },
        passwordAt: 7,
      }),
    ]),
  );
});

test('a passphrase that was set at a lower cost is wrapped anew, and still opens', async () => {
  // What it costs is what this is about.
  employHere();
  onTestFinished(employCheaply);
  // A second implementation of the wrap, from docs/protocol.md alone.
  const made = await createVault([FINGER], newDocument([account]));
  const first = await seal(made, made.document, 1);
  const kdf = { m: 19 * 1024, p: 1, salt: toBase64(new Uint8Array(16).fill(1)), t: 2 };
  const raw = await crypto.subtle.exportKey('raw', await generateExtractable());
  const own = await reseal(first.blob, new Uint8Array(raw), kdf);
  const today = { m: 20 * 1024, t: 3, p: 1 };
  const opened = await unlock(own, PASS, [], today);
  expect(opened.document.accounts).toEqual([account]);
  expect(opened.header.wraps).toMatchObject([{ kdf: today }]);
  const next = await seal(opened, opened.document, 2);
  expect((await unlock(next.blob, PASS)).document.accounts).toEqual([account]);
});

test('a passphrase costs 64 MiB and three passes today', async () => {
  expect((await createVault([PASS])).header.wraps).toMatchObject([{ kdf: { m: 64 * 1024, t: 3, p: 1 } }]);
});

const generateExtractable = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']) as Promise<CryptoKey>;

/** A vault file of one passphrase wrap with the cost `kdf`, its keys in the order of canonical JSON. */
async function reseal(
  like: Uint8Array,
  raw: Uint8Array<ArrayBuffer>,
  kdf: { m: number; p: number; salt: string; t: number },
) {
  const { vault: id } = headerOf(like);
  const text = (label: string) => new TextEncoder().encode(label);
  const hash = await argon2id('correct horse battery staple', new Uint8Array(16).fill(1), kdf);
  const base = await crypto.subtle.importKey('raw', hash, 'HKDF', false, ['deriveKey']);
  const kek = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text('scankey/1 wrap pass') },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  );
  const iv = new Uint8Array(12).fill(3);
  const aad = Buffer.concat([
    text('scankey/1 wrap'),
    Buffer.from(id, 'base64url'),
    text('pass'),
    text(JSON.stringify(kdf)),
  ]);
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: aad }, kek, raw);
  const wraps = [{ ct: toBase64(new Uint8Array(ct)), k: 'pass', kdf, n: toBase64(iv) }];
  const head = text(JSON.stringify({ prev: '', rev: 1, time: 1, vault: id, wraps }));
  const front = Buffer.concat([text('SKV1'), Buffer.from([head.length >> 8, head.length & 255]), head]);
  const json = text(JSON.stringify(newDocument([account])));
  const padded = new Uint8Array(4096);
  new DataView(padded.buffer).setUint32(0, json.length);
  padded.set(json, 4);
  const digest = await crypto.subtle.digest('SHA-256', front);
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  const additionalData = Buffer.concat([text('scankey/1 vault'), Buffer.from(digest)]);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, padded);
  return new Uint8Array(Buffer.concat([front, iv, Buffer.from(sealed)]));
}

describe('ways to unlock', () => {
  const recovery = new Uint8Array(16).fill(7);

  test('are added with the passphrase, and each opens alone', async () => {
    const { blob: low } = await seal(
      await createVault([PASS], newDocument(), undefined, LOW),
      newDocument([account]),
      1,
    );
    const both = await unlock(low, PASS, [FINGER], LOW);
    const next = await seal(both, both.document, 3);
    expect(headerOf(next.blob).wraps.map(({ k }) => k)).toEqual(['pass', 'prf']);
    expect((await unlock(next.blob, FINGER)).document.accounts).toEqual([account]);
    const wrong = { ...FINGER, output: new Uint8Array(32) };
    await expect(unlock(next.blob, wrong)).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  test('what goes to the companion opens with both secrets together and with neither alone', async () => {
    const backup: Secret = { k: 'backup', passphrase: 'correct horse battery staple', recovery };
    const ready = await createVault([backup], newDocument([account]), undefined, LOW);
    const { blob: copy } = await seal(ready, ready.document, 3, { rev: 9, only: 'backup' });
    expect(headerOf(copy).wraps.map(({ k }) => k)).toEqual(['backup']);
    expect(headerOf(copy).rev).toBe(9);
    expect((await unlock(copy, backup)).document.accounts).toEqual([account]);
    await expect(unlock(copy, FINGER)).rejects.toMatchObject({ code: 'vault-damaged' });
    for (const half of [
      { ...backup, recovery: new Uint8Array(16) },
      { ...backup, passphrase: 'another' },
    ])
      await expect(unlock(copy, half)).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  test('belong to their own vault: one that is put into another opens nothing', async () => {
    const [mine, other] = await Promise.all(
      [1, 2].map(async () => (await seal(await createVault([FINGER]), newDocument([account]), 1)).blob),
    );
    if (!mine || !other) throw new Error('two vaults');
    const length = new DataView(mine.buffer).getUint16(4);
    const header = { ...headerOf(mine), wraps: headerOf(other).wraps };
    const head = new TextEncoder().encode(JSON.stringify(header));
    const size = Buffer.from([head.length >> 8, head.length & 255]);
    const spliced = Buffer.concat([Buffer.from('SKV1'), size, head, mine.slice(6 + length)]);
    await expect(unlock(spliced, FINGER)).rejects.toMatchObject({ code: 'wrong-passphrase' });
    expect((await unlock(mine, FINGER)).document.accounts).toEqual([account]);
  });
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

  const at = (site: string, usedAt = 1): Account => ({ ...account, id: `${site}${usedAt}`, sites: [site], usedAt });
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
        ?.account.usedAt,
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
