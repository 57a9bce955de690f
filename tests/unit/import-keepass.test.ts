// Moving in from KeePass: seeds of codes in all the ways in which they are written, references between entries, key files, and what
// is named as left out. Every file is made here, at the lowest cost that its key may have.
import { Consts, Credentials, Int64, Kdbx, type KdbxEntry, ProtectedValue, VarDictionary } from 'kdbxweb';
import { describe, expect, test } from 'vitest';
// Gives the library its Argon2.
import '../../src/phone/transfer/importers/kdbx.ts';
import { readExport } from '../../src/phone/transfer/read.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';

type Fields = Record<string, string>;
interface Made {
  password?: string | null;
  keyFile?: Uint8Array;
  version?: 3 | 4;
  change?: (db: Kdbx, entries: KdbxEntry[]) => unknown;
}

async function kdbx(all: readonly Fields[], { password = 'k', keyFile, version = 4, change }: Made = {}) {
  const key = password === null ? null : ProtectedValue.fromString(password);
  // The library writes over the bytes that it is given.
  const db = Kdbx.create(new Credentials(key, keyFile?.slice()), 'x');
  db.setVersion(version);
  if (version === 3) db.header.keyEncryptionRounds = 1;
  else {
    db.setKdf(Consts.KdfId.Argon2id);
    for (const [name, value] of [
      ['M', 8 * 1024],
      ['I', 1],
    ] as const)
      db.header.kdfParameters?.set(name, VarDictionary.ValueType.UInt64, new Int64(value));
  }
  const entries = all.map((fields) => {
    const one = db.createEntry(db.getDefaultGroup());
    for (const [name, value] of Object.entries({ UserName: 'ann', ...fields }))
      one.fields.set(name, name === 'Password' ? ProtectedValue.fromString(value) : value);
    return one;
  });
  await change?.(db, entries);
  return new Uint8Array(await db.save());
}
const read = async (all: readonly Fields[], made: Made = {}) => readExport('x.kdbx', await kdbx(all, made), 'k');
const reasons = ({ unread }: Awaited<ReturnType<typeof readExport>>) => unread.map(({ title, why }) => [title, why]);

const AT = 1_700_000_000_000;
const SEED = 'JBSWY3DPEHPK3PXP';
const RFC = '12345678901234567890';
const OTPAUTH = `otpauth://totp/X:ann?secret=${SEED}&issuer=X`;

// The codes are those that KeePassXC 2.7.4 shows for the same fields at that time.
test.each<[string, Fields, string]>([
  ['KeePass: length, period and algorithm', { 'TimeOtp-Secret-Base32': SEED, ...long('HMAC-SHA-256') }, '71205722'],
  ['KeePass: nothing but the secret', { 'TimeOtp-Secret-Base32': SEED }, '324550'],
  ['KeePass: text', { 'TimeOtp-Secret': RFC }, '921300'],
  ['KeePass: hexadecimal', { 'TimeOtp-Secret-Hex': '3132 3334 3536 3738 3930 3132 3334 3536 3738 3930' }, '921300'],
  ['KeePass: base64', { 'TimeOtp-Secret-Base64': btoa(RFC) }, '921300'],
  ['KeePassXC: an address', { otp: OTPAUTH }, '324550'],
  ['KeePassXC: Steam', { otp: `${OTPAUTH}&digits=5&encoder=steam` }, '2KM2P'],
  ['KeePassXC before 2.4: seed and settings', { 'TOTP Seed': SEED, 'TOTP Settings': '60;8' }, '19508648'],
  ['KeePassXC before 2.4: Steam', { 'TOTP Seed': SEED, 'TOTP Settings': '30;S' }, '2KM2P'],
  [
    'KeeTrayTOTP: with a clock',
    { 'TOTP Seed': 'jbsw y3dp ehpk 3pxp', 'TOTP Settings': '60;8;http://t.example' },
    '19508648',
  ],
  ['KeeOtp', { otp: `key=${SEED}&step=60&size=8` }, '19508648'],
  [
    'KeeOtp: hexadecimal, and what it says itself',
    { otp: `key=48656c6c6f21deadbeef&encoding=Hex&type=Totp` },
    '324550',
  ],
  ['KeeOtp: text, padded', { otp: `key=${RFC}&encoding=UTF8&otpHashMode=Sha1&counter=0` }, '921300'],
  ['KeeOtp: Steam', { otp: `key=${SEED}&type=Steam` }, '2KM2P'],
  ['KeeWeb: base32 in groups', { otp: 'jbsw y3dp ehpk 3pxp' }, '324550'],
  ['a way that cannot be read beside one that can', { otp: '?', 'TimeOtp-Secret-Base32': SEED }, '324550'],
])('codes of %s', async (_what, fields, code) => {
  const { entries, unread } = await read([{ Password: 'pw', ...fields }]);
  expect(unread).toEqual([]);
  expect(entries).toMatchObject([{ password: 'pw', notes: '' }]);
  expect(await codeAt(entries[0]?.totp ?? '', AT)).toBe(code);
});
function long(algorithm: string): Fields {
  return { 'TimeOtp-Length': '8', 'TimeOtp-Period': '60', 'TimeOtp-Algorithm': algorithm };
}

test.each<[string, Fields, string]>([
  ['a counter', { 'HmacOtp-Secret-Base32': SEED, 'HmacOtp-Counter': '3' }, 'counter'],
  ['a counter of KeeOtp', { otp: `key=${SEED}&type=Hotp&counter=3` }, 'counter'],
  ['a counter’s address', { otp: `otpauth://hotp/x?secret=${SEED}&counter=1` }, 'counter'],
  ['no hexadecimal', { 'TimeOtp-Secret-Hex': 'xyz' }, 'totp'],
  ['an algorithm that nobody has', { 'TimeOtp-Secret-Base32': SEED, 'TimeOtp-Algorithm': 'MD5' }, 'totp'],
  ['more digits than a form takes', { 'TimeOtp-Secret-Base32': SEED, 'TimeOtp-Length': '12' }, 'totp'],
])('codes that are left out are named, and the password comes: %s', async (_what, fields, why) => {
  const found = await read([{ Title: 'A', Password: 'pw', ...fields }]);
  expect(found.entries).toMatchObject([{ password: 'pw', totp: '' }]);
  expect(reasons(found)).toEqual([['A', why]]);
});

describe('references', () => {
  const A = { Title: 'Alpha', UserName: 'root', Password: 'real', URL: 'https://a.example', Notes: 'n', Pin: '42-42' };
  test.each([
    ['{REF:P@T:Alpha}', 'real'],
    ['{ref:p@t:alpha}', 'real'],
    ['{REF:P@U:root}', 'real'],
    ['{REF:T@P:real}', 'Alpha'],
    ['{REF:U@A:https://a.example}', 'root'],
    ['{REF:A@N:n}', 'https://a.example'],
    ['{REF:N@O:42-42}', 'n'],
    ['{REF:P@T:Alp}', 'real'],
    ['<{REF:U@T:Alpha}-{REF:P@T:Alpha}>', '<root-real>'],
    ['{REF:P@T:Beta}', 'real'],
    ['{NOT:P@T:Alpha}', '{NOT:P@T:Alpha}'],
  ])('%s', async (password, told) => {
    const { entries, unread } = await read([A, { Title: 'Beta', Password: '{REF:P@T:Alpha}' }, { Password: password }]);
    expect(unread).toEqual([]);
    expect(entries[2]).toMatchObject({ password: told, username: 'ann' });
  });
  test('by id, in every field, into the bin, and in what was before', async () => {
    const found = await read([A, { Title: 'B', Password: 'old' }], {
      change: (db, [alpha, b]) => {
        const id = Buffer.from(alpha?.uuid.id ?? '', 'base64')
          .toString('hex')
          .toUpperCase();
        b?.pushHistory();
        for (const [name, wanted] of [
          ['UserName', 'U'],
          ['Password', 'P'],
          ['URL', 'A'],
          ['Notes', 'N'],
        ] as const)
          b?.fields.set(name, `{REF:${wanted}@I:${id}}`);
        if (alpha) db.remove(alpha);
      },
    });
    expect(found.entries).toMatchObject([
      { username: 'root', password: 'real', urls: ['https://a.example'], notes: 'n', history: [{ password: 'old' }] },
    ]);
    expect(reasons(found)).toEqual([['Alpha', 'binned']]);
  });
  test.each([
    ['nowhere', '{REF:P@T:Nobody}'],
    ['nowhere by id', '{REF:P@I:00000000000000000000000000000000}'],
    ['to itself', '{REF:P@T:Self}'],
    ['in a circle', '{REF:P@T:Ring}'],
  ])('that lead %s are named, and are no password', async (_where, password) => {
    const found = await read([
      { Title: 'Ring', Password: '{REF:P@T:Self}' },
      { Title: 'Self', Password: password },
    ]);
    expect(found.entries).toEqual([]);
    expect(reasons(found)).toEqual([
      ['Ring', 'reference'],
      ['Self', 'reference'],
    ]);
  });
  test('that double at each step end', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => ({
      Title: `t${n}.`,
      Password: `{REF:P@T:t${n + 1}.}`.repeat(2),
    }));
    const found = await read([...rows, { Title: 't40.', Password: 'x' }]);
    expect(found.unread.length).toBeGreaterThan(20);
  });
});

describe('key files', () => {
  const raw = Uint8Array.from({ length: 32 }, (_, n) => n * 7);
  const hex = Buffer.from(raw).toString('hex');
  const xml = (version: string, data: string) =>
    Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-8"?>
<KeyFile>\n\t<Meta>\n\t\t<Version>${version}</Version>\n\t</Meta>\n\t<Key>\n\t\t${data}\n\t</Key>\n</KeyFile>\n`);
  test.each<[string, Uint8Array, Uint8Array]>([
    ['XML 1', xml('1.00', `<Data>${Buffer.from(raw).toString('base64')}</Data>`), raw],
    ['XML 2', xml('2.0', `<Data Hash="A1B2C3D4">\n${hex.toUpperCase().replace(/.{8}/g, '$& ')}\n</Data>`), raw],
    ['32 bytes', raw, raw],
    ['64 hexadecimal digits', Buffer.from(hex), raw],
    ['a text', Buffer.from('own-made key file'), Buffer.from('own-made key file')],
    ['a page of another kind', Buffer.from('<html><Key>x</Key></html>'), Buffer.from('<html><Key>x</Key></html>')],
    [
      'a picture',
      Uint8Array.from({ length: 3000 }, (_, n) => n * 31),
      Uint8Array.from({ length: 3000 }, (_, n) => n * 31),
    ],
  ])('%s', async (_kind, file, same) => {
    // What the key is follows from 32 bytes; of any other file the library takes the hash.
    const keyFile = same.length === 32 ? same : new Uint8Array(await crypto.subtle.digest('SHA-256', same.slice()));
    for (const [password, typed] of [
      ['k', 'k'],
      [null, ''],
      ['', ''],
    ] as const) {
      const sealed = await kdbx([{ Password: 'pw' }], { password, keyFile, version: 3 });
      const opened = await readExport('x', sealed, typed, { keyFile: file });
      expect(opened.entries).toMatchObject([{ password: 'pw' }]);
      await expect(readExport('x', sealed, typed)).rejects.toMatchObject({ code: 'import-key-file' });
      await expect(readExport('x', sealed, typed, { keyFile: new Uint8Array(5) })).rejects.toMatchObject({
        code: 'import-password',
      });
    }
  });
});

test.each([3, 4] as const)('an empty password, KDBX %i', async (version) => {
  const sealed = await kdbx([{ Password: 'pw' }], { password: '', version });
  await expect(readExport('x', sealed)).rejects.toMatchObject({ code: 'import-password' });
  expect((await readExport('x', sealed, '')).entries).toMatchObject([{ password: 'pw' }]);
});

test('many passes over little memory are opened, more than a phone can do is not begun', async () => {
  const costing = (memory: number, passes: number) =>
    kdbx([{ Password: 'pw' }], {
      change: (db) => {
        db.header.kdfParameters?.set('M', VarDictionary.ValueType.UInt64, new Int64(memory));
        db.header.kdfParameters?.set('I', VarDictionary.ValueType.UInt64, new Int64(passes));
      },
    });
  expect((await readExport('x', await costing(8 * 1024, 400), 'k')).entries).toHaveLength(1);
  // What a file asks for is said before its key is there: a header of another, of the same length.
  const greedy = await costing(8 * 1024, 1);
  for (const [name, value] of [
    ['M', 2n ** 31n],
    ['I', 2n ** 40n],
  ] as const) {
    const asks = greedy.slice();
    const at = Buffer.from(asks).indexOf(Buffer.from([0x05, 1, 0, 0, 0, name.charCodeAt(0), 8, 0, 0, 0]));
    new DataView(asks.buffer).setBigUint64(at + 10, value, true);
    await expect(readExport('x', await rehashed(asks), 'k')).rejects.toMatchObject({ code: 'import-costly' });
  }
});
/** The header's hash stands behind it (KDBX 4), where its last field ends. */
async function rehashed(file: Uint8Array): Promise<Uint8Array> {
  const view = new DataView(file.buffer);
  let at = 12;
  for (let id = -1; id !== 0; at += 5 + view.getUint32(at + 1, true)) id = file[at] ?? 0;
  file.set(new Uint8Array(await crypto.subtle.digest('SHA-256', file.slice(0, at))), at);
  return file;
}

test.each([
  ['KeePass 1', [0x03, 0xd9, 0xa2, 0x9a, 0x65, 0xfb, 0x4b, 0xb5, 3, 0, 0, 0], 'import-kdb'],
  [
    'Twofish',
    [0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5, 0, 0, 4, 0, 2, 16, 0, 0, 0].concat([
      ...Buffer.from('ad68f29f576f4bb9a36ad47af965346c', 'hex'),
    ]),
    'import-twofish',
  ],
])('%s is called what it is, before a password is asked for', async (_what, bytes, code) => {
  await expect(readExport('x', Uint8Array.from([...bytes, ...Buffer.alloc(100)]))).rejects.toMatchObject({ code });
});

test('further fields go into the notes; passkeys and attachments are named', async () => {
  const found = await read(
    [
      {
        Title: 'A',
        Password: 'pw',
        Notes: 'n',
        PIN: '1234',
        'Recovery code': 'ab cd',
        KP2A_URL_1: 'https://b.example',
      },
      { Title: 'B', KPEX_PASSKEY_PRIVATE_KEY_PEM: 'x', KPEX_PASSKEY_USERNAME: 'ann' },
      { Title: 'C', Password: 'pw' },
      { Title: 'D' },
    ],
    { change: async (db, [, , c]) => c?.binaries.set('scan.pdf', await db.createBinary(new Uint8Array([1]).buffer)) },
  );
  expect(found.entries).toMatchObject([
    { title: 'A', notes: 'n\nPIN: 1234\nRecovery code: ab cd', urls: ['https://b.example'] },
    { title: 'C', password: 'pw' },
  ]);
  expect(reasons(found)).toEqual([
    ['B', 'passkey'],
    ['C', 'attachment'],
    ['D', 'no-secret'],
  ]);
});

test('a password is as old as the first version that had it, whatever else was changed since', async () => {
  const [set, later] = [Date.parse('2020-01-01'), Date.parse('2024-01-01')];
  const { entries } = await read([{ Password: 'pw0' }], {
    change: (_db, [one]) => {
      if (!one) return;
      one.times.lastModTime = new Date(Date.parse('2019-01-01'));
      one.pushHistory();
      one.fields.set('Password', ProtectedValue.fromString('pw1'));
      one.times.lastModTime = new Date(set);
      one.pushHistory();
      one.fields.set('Notes', 'moved house');
      one.times.lastModTime = new Date(later);
    },
  });
  expect(entries).toMatchObject([{ password: 'pw1', at: set, history: [{ password: 'pw0', until: set }] }]);
});
