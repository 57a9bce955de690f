// Moving in from authenticator apps: files as these apps write them, sealed here by Node's own cryptography, or by libsodium.
import { createCipheriv, createHash, pbkdf2Sync, scryptSync } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import { describe, expect, test } from 'vitest';
import { affordable } from '../../src/phone/transfer/importers/entry.ts';
import { readExport } from '../../src/phone/transfer/read.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';

const read = (file: string | Uint8Array, password?: string, name = 'file') =>
  readExport(name, typeof file === 'string' ? new TextEncoder().encode(file) : file, password);

const [SEED, LONG, STEAM] = ['4SJHB4GSD43FZBAI7C2HLRJGPQ', '7ELGJSGXNCCTV3O6LKJWYFV2RA', 'JRZCL47CMXVOQMNPZR2F7J4RGI'];
const AT = 1_700_000_000_000;
/** The codes at that time, by another program (Python's hmac). */
const CODES = { plain: '790195', long: '65516786', steam: '747JR' };

const AEGIS = [
  {
    ...{ type: 'totp', uuid: '3ae6f1ad-2e65-4ed2-a953-1ec0dff2386d', name: 'Mason', issuer: 'Deno', icon: null },
    ...{ note: 'a note', favorite: true, groups: ['g1'], info: { secret: SEED, algo: 'SHA1', digits: 6, period: 30 } },
  },
  {
    ...{ type: 'totp', name: 'Elijah', issuer: 'Airbnb', note: '', favorite: false, icon: null },
    info: { secret: LONG, algo: 'SHA512', digits: 8, period: 50 },
  },
  { type: 'steam', name: 'Sophia', issuer: 'Boeing', info: { secret: STEAM, algo: 'SHA1', digits: 5, period: 30 } },
  { type: 'hotp', name: 'James', issuer: 'Issuu', info: { secret: SEED, algo: 'SHA1', digits: 6, counter: 1 } },
  { type: 'motp', name: 'Jo', issuer: 'mOTP', info: { secret: SEED, algo: 'MD5', digits: 6, period: 10, pin: '1' } },
  { type: 'totp', name: 'odd' },
];
const CODE_DISPLAY = '&codeDisplay=%7B%22pinned%22%3Afalse%2C%22trashed%22%3Afalse%2C%22note%22%3A%22a%20note%22%7D';
const ENTE = [
  `otpauth://totp/Deno:Mason?secret=${SEED}&issuer=Deno&algorithm=sha1&digits=6&period=30${CODE_DISPLAY.replace('pinned%22%3Afalse', 'pinned%22%3Atrue')}`,
  `otpauth://totp/Airbnb:Elijah?secret=${LONG}&issuer=Airbnb&algorithm=sha512&digits=8&period=50&codeDisplay=%7B%7D`,
  `otpauth://steam/Boeing:Sophia?secret=${STEAM}&issuer=Boeing&algorithm=sha1&digits=5&period=30&codeDisplay=%7B%7D`,
  `otpauth://hotp/Issuu:James?secret=${SEED}&issuer=Issuu&algorithm=sha1&digits=6&counter=1&codeDisplay=%7B%7D`,
  `otpauth://totp/Gone:away?secret=${SEED}&issuer=Gone${CODE_DISPLAY.replace('trashed%22%3Afalse', 'trashed%22%3Atrue')}`,
];
const PROTON = [
  {
    ...{ id: 'a19e0019-47e3-4d3b-af63-6dad0cb49e31', note: 'a note' },
    content: {
      uri: `otpauth://totp/Mason?secret=${SEED}&issuer=Deno&algorithm=SHA1&digits=6&period=30`,
      ...{ entry_type: 'Totp', name: 'Mason' },
    },
  },
  {
    note: null,
    content: {
      uri: `otpauth://totp/Elijah?secret=${LONG}&issuer=Airbnb&algorithm=SHA512&digits=8&period=50`,
      ...{ entry_type: 'Totp', name: 'Elijah' },
    },
  },
  { content: { uri: `steam://${STEAM}`, entry_type: 'Steam', name: 'Boeing' }, note: null },
];
const STRATUM = [
  ...[
    [2, 'Deno', 'Mason', SEED, 0, 6, 30],
    [2, 'Airbnb', 'Elijah', LONG, 2, 8, 50],
    [4, 'Boeing', 'Sophia', STEAM, 0, 5, 30],
    [1, 'Issuu', null, SEED, 0, 6, 30],
    [3, 'mOTP', 'Jo', SEED, 0, 6, 10],
  ].map(([Type, Issuer, Username, Secret, Algorithm, Digits, Period]) => ({
    ...{ Type, Icon: null, Issuer, Username, Secret, Pin: null, Algorithm, Digits, Period, Counter: 0, Ranking: 0 },
  })),
];
const STRATUM_FILE = JSON.stringify({ Authenticators: STRATUM, Categories: [], CustomIcons: [] });
const AND_OTP = [
  ['Deno', 'Mason', SEED, 'TOTP', 'SHA1', 6, 30],
  ['Airbnb', 'Elijah', LONG, 'TOTP', 'SHA512', 8, 50],
  ['Boeing', 'Sophia', STEAM, 'STEAM', 'SHA1', 5, undefined],
  ['Issuu', 'James', SEED, 'HOTP', 'SHA1', 6, undefined],
].map(([issuer, label, secret, type, algorithm, digits, period]) => ({
  ...{ secret: `${secret}======`, issuer, label, digits, type, algorithm, period, thumbnail: 'Default', tags: [] },
}));
const signed = (base32: string): number[] => {
  const bits = [...base32].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  return [...(bits.join('').match(/.{8}/g) ?? [])].map((byte) => (Number.parseInt(byte, 2) << 24) >> 24);
};
const FREE_OTP = [
  ['Deno', 'Mason', SEED, 'TOTP', 'SHA1', 6, 30],
  ['Airbnb', 'Elijah', LONG, 'TOTP', 'SHA512', 8, 50],
  ['Issuu', 'James', SEED, 'HOTP', 'SHA1', 6, 30],
].map(([issuer, label, secret, type, algo, digits, period]) => ({
  ...{
    algo,
    counter: 0,
    digits,
    issuerExt: issuer,
    issuerInt: issuer,
    label,
    period,
    secret: signed(`${secret}`),
    type,
  },
}));

const NONCE = Buffer.alloc(12, 7);
function gcm(key: Uint8Array, plain: string | Uint8Array, aad?: string): { data: Buffer; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', key, NONCE);
  if (aad) cipher.setAAD(Buffer.from(aad));
  const data = Buffer.concat([cipher.update(Buffer.from(plain)), cipher.final()]);
  return { data, tag: cipher.getAuthTag() };
}
const whole = ({ data, tag }: ReturnType<typeof gcm>): Buffer => Buffer.concat([data, tag]);

function sealedAegis(): string {
  const [salt, master] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const slot = gcm(scryptSync('pw', salt, 32, { N: 1024, r: 8, p: 1 }), master);
  const db = gcm(master, JSON.stringify({ version: 3, entries: AEGIS, groups: [] }));
  const params = ({ tag }: { tag: Buffer }) => ({ nonce: NONCE.toString('hex'), tag: tag.toString('hex') });
  const password = {
    ...{ type: 1, uuid: 'u', key: slot.data.toString('hex'), key_params: params(slot), n: 1024, r: 8, p: 1 },
    ...{ salt: salt.toString('hex'), repaired: true, is_backup: false },
  };
  const biometric = { type: 2, uuid: 'b', key: slot.data.toString('hex'), key_params: params(slot) };
  const header = { slots: [biometric, { ...password, salt: '00'.repeat(32) }, password], params: params(db) };
  return JSON.stringify({ version: 1, header, db: db.data.toString('base64') });
}
async function sealedProton(): Promise<string> {
  const salt = Buffer.alloc(16, 3);
  const cost = { iterations: 2, memorySize: 19 * 1024, parallelism: 1, hashLength: 32 };
  const key = await argon2id({ password: 'pw', salt, ...cost, outputType: 'binary' });
  const plain = JSON.stringify({ version: 1, entries: PROTON });
  const content = Buffer.concat([NONCE, whole(gcm(key, plain, 'proton.authenticator.export.v1'))]);
  return JSON.stringify({ version: 1, salt: salt.toString('base64'), content: content.toString('base64') });
}
function olderStratum(): Buffer {
  const [salt, iv] = [Buffer.alloc(20, 5), Buffer.alloc(16, 6)];
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync('pw', salt, 64_000, 32, 'sha1'), iv);
  const data = Buffer.concat([cipher.update(STRATUM_FILE), cipher.final()]);
  return Buffer.concat([Buffer.from('AuthenticatorPro'), salt, iv, data]);
}
function sealedAndOtp(): Buffer {
  const [rounds, salt] = [Buffer.from([0, 2, 0x22, 0xe0]), Buffer.alloc(12, 8)];
  const key = pbkdf2Sync('pw', salt, 140_000, 32, 'sha1');
  return Buffer.concat([rounds, salt, NONCE, whole(gcm(key, JSON.stringify(AND_OTP)))]);
}
const olderAndOtp = (): Buffer =>
  Buffer.concat([NONCE, whole(gcm(createHash('sha256').update('pw').digest(), JSON.stringify(AND_OTP)))]);
/** Made by libsodium 1.0.18 through PyNaCl from a code of GitHub and one of Steam; the key costs 8 KiB and one pass. */
const SEALED_ENTE =
  '{"version": 1, "kdfParams": {"memLimit": 8192, "opsLimit": 1, "salt": "AAECAwQFBgcICQoLDA0ODw=="}, "encryptedData": "bLaweqZ67NO52cTVFlOhavqlXiIXbgtCGHquDdqENHypJipJrF1fdxoE+bj9uUCJ86YPiYs3XxO+aKFQmcXA85D5fwarjpDgUxwE7U+xjAF/muRgdkmkMx806fw4l8/E9DlQN3LHxQkU6pHPt0pmiUemqaFnEOv5Sr9rkyfVxUQ2Bzzx+blHCIWe3o4hXMEC6SDpHUZ4zHI/a22MeBeQtoHGE6kRQiosjhGIBMRxM8TQwWsUgHBB1kg3IRuVTMzj+nD7cwNJzVmfHKaSS2Zy6AYsWEN4aiALGwTlyWzfknxgJMmZewqntQ3ATF75J5c9hIt8SdPjHSOQ1zbqY6SHjUCeDZCsK4awgZsVZ35SnfOs4lkutKDsdbOxewg=", "encryptionNonce": "Oy8Pq2+0Yz4+qNb4LY86xXqkad1UCzGA"}';

const OTHER = { hotp: 'counter', motp: 'other-kind', odd: 'unreadable' } as const;

describe('codes of another app', () => {
  test.each([
    [
      'Aegis',
      JSON.stringify({ version: 1, header: { slots: null, params: null }, db: { version: 3, entries: AEGIS } }),
    ],
    ['Ente Auth', ENTE.join('\n')],
    ['Proton Authenticator', JSON.stringify({ version: 1, entries: PROTON })],
    ['Stratum', STRATUM_FILE],
    ['andOTP', JSON.stringify(AND_OTP)],
    ['FreeOTP+', JSON.stringify({ tokenOrder: [], tokens: FREE_OTP })],
  ])('of %s come in as they are, and what no account can hold is named', async (source, file) => {
    const found = await read(file);
    expect(found.source).toBe(source);
    const [plain, long, steam] = found.entries;
    expect(plain).toMatchObject({ title: 'Deno', username: 'Mason', password: '' });
    expect(long).toMatchObject({ title: 'Airbnb', username: 'Elijah' });
    expect(await codeAt(plain?.totp ?? '', AT)).toBe(CODES.plain);
    expect(await codeAt(long?.totp ?? '', AT)).toBe(CODES.long);
    if (source !== 'FreeOTP+') {
      expect(steam?.title).toBe('Boeing');
      expect(await codeAt(steam?.totp ?? '', AT)).toBe(CODES.steam);
    }
    if (/Aegis|Ente|Proton/.test(source)) expect(plain?.notes).toBe('a note');
    if (/Aegis|Ente/.test(source)) expect([plain?.favourite, long?.favourite]).toEqual([true, false]);
    expect(found.unread.map(({ title, why }) => [title, why])).toEqual(
      {
        Aegis: [
          ['Issuu', OTHER.hotp],
          ['mOTP', OTHER.motp],
          ['odd', OTHER.odd],
        ],
        'Ente Auth': [
          ['Issuu', OTHER.hotp],
          ['Gone', 'binned'],
        ],
        'Proton Authenticator': [],
        Stratum: [
          ['Issuu', OTHER.hotp],
          ['mOTP', OTHER.motp],
        ],
        andOTP: [['Issuu', OTHER.hotp]],
        'FreeOTP+': [['Issuu', OTHER.hotp]],
      }[source],
    );
  });

  test.each<[string, string, string | Uint8Array | (() => Promise<string | Uint8Array>), string?]>([
    ['Aegis', 'Deno', sealedAegis()],
    ['Ente Auth', 'GitHub', SEALED_ENTE],
    ['Proton Authenticator', 'Deno', sealedProton],
    ['Stratum', 'Deno', olderStratum()],
    ['andOTP', 'Deno', sealedAndOtp()],
    ['andOTP', 'Deno', olderAndOtp(), 'otp_accounts_2020.json.aes'],
  ])('of %s, sealed: the password is asked for, another one is told', async (source, title, sealed, name) => {
    const file = typeof sealed === 'function' ? await sealed() : sealed;
    await expect(read(file, undefined, name)).rejects.toMatchObject({ code: 'import-password' });
    await expect(read(file, 'other', name)).rejects.toMatchObject({ code: 'import-password' });
    const found = await read(file, 'pw', name);
    expect([found.source, found.entries[0]?.title]).toEqual([source, title]);
    expect(await codeAt(found.entries[0]?.totp ?? '', AT)).toMatch(/^\d{6}$/);
  });

  test('a file that asks for more than a phone has is refused before it is tried', async () => {
    const costly = JSON.parse(sealedAegis());
    costly.header.slots[1].n = 2 ** 24;
    await expect(read(JSON.stringify(costly), 'pw')).rejects.toMatchObject({ code: 'import-costly' });
    const ente = SEALED_ENTE.replace('8192', String(2 ** 32));
    await expect(read(ente, 'pw')).rejects.toMatchObject({ code: 'import-costly' });
  });

  test('a file that asks for memory which this phone does not give is told of as such, other faults are not', async () => {
    const refuse = (fault: Error) => affordable(true, () => Promise.reject(fault));
    await expect(refuse(new RangeError('Invalid typed array length'))).rejects.toMatchObject({ code: 'import-costly' });
    await expect(refuse(new Error('Salt should be at least 8 bytes long'))).rejects.toThrow('Salt');
  });

  test('a vault that a fingerprint alone opens is told apart', async () => {
    const vault = JSON.parse(sealedAegis());
    vault.header.slots.length = 1;
    await expect(read(JSON.stringify(vault), 'pw')).rejects.toMatchObject({ code: 'import-locked' });
  });

  test('andOTP of the time before issuers: both stand in the label', async () => {
    const [{ issuer, ...first }] = AND_OTP as [(typeof AND_OTP)[0]];
    const { entries } = await read(
      JSON.stringify([
        { ...first, label: `${issuer} - Mason` },
        { ...first, label: 'x' },
      ]),
    );
    expect(entries.map(({ title, username }) => [title, username])).toEqual([
      ['Deno', 'Mason'],
      ['x', 'x'],
    ]);
  });
});
