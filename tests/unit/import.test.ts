// Moving in: exports in the documented shapes of their products, made here (no real export could be had), and files that mean
// harm (T49, F3).
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { argon2id } from 'hash-wasm';
import { Consts, Credentials, Int64, Kdbx, KdbxFormat, ProtectedValue, VarDictionary } from 'kdbxweb';
import { PbfWriter } from 'pbf';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeKdbx } from '../../src/phone/transfer/importers/kdbx.ts';
import { planImport } from '../../src/phone/transfer/plan.ts';
import { FILE_MAX, readExport } from '../../src/phone/transfer/read.ts';
import { type Account, newAccount, replaced } from '../../src/phone/vault/document.ts';
import { loadNames } from '../../src/phone/vault/sites.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';

beforeAll(() => loadNames());

const SEED = 'JBSWY3DPEHPK3PXP';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, password?: string) =>
  readExport('file', typeof text === 'string' ? bytes(text) : text, password);

describe('CSV', () => {
  test.each([
    ['Chrome', 'name,url,username,password,note\nExample,https://example.com/login,ann,pw1,"two\nlines"'],
    [
      'Firefox',
      '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed","timePasswordChanged"\n"https://example.com","ann","pw1",,"https://example.com","{1}","1700000000000","1700000000000","1700000000000"',
    ],
    ['Safari', 'Title,URL,Username,Password,Notes,OTPAuth\nExample,https://example.com/,ann,pw1,,'],
    [
      'Bitwarden',
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,1,login,Example,,,0,https://example.com,ann,pw1,',
    ],
    [
      '1Password',
      'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nExample,https://example.com,ann,pw1,,false,false,,',
    ],
    ['LastPass', 'url,username,password,totp,extra,name,grouping,fav\nhttps://example.com,ann,pw1,,,Example,,0'],
    [
      'Dashlane',
      'username,username2,username3,title,password,note,url,category,otpUrl\nann,,,Example,pw1,,https://example.com,,',
    ],
    [
      'Proton Pass',
      'type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\nlogin,Example,https://example.com,,ann,pw1,,,1700000000,1700000000,Personal',
    ],
    [
      'KeePassXC',
      '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"\n"Root","Example","ann","pw1","https://example.com","","","0","2024-01-01T00:00:00Z","2024-01-01T00:00:00Z"',
    ],
  ])('of %s', async (source, text) => {
    const found = await read(text);
    expect(found.source).toBe(source);
    expect(found.unread).toEqual([]);
    expect(found.entries).toHaveLength(1);
    const [one] = found.entries;
    expect(one).toMatchObject({ username: 'ann', password: 'pw1' });
    expect(planImport([], found.entries, 1, () => 'id').accounts[0]?.sites).toEqual(['https://example.com']);
  });

  test('a row that cannot be read is named with its line and kept out, the others are taken', async () => {
    const text =
      'name,url,username,password\nA,https://a.example,ann,"line\nbreak"\nB,https://b.example,bob,\nC,https://c.example,cyd,pw,too,many,columns\nD,https://d.example,dan,pw\n';
    const found = await read(text);
    expect(found.entries.map(({ title }) => title)).toEqual(['A', 'D']);
    expect(found.unread).toMatchObject([
      { line: 4, why: 'no-secret' },
      { line: 5, why: 'columns' },
    ]);
  });

  test('notes, cards and secrets for codes that are none', async () => {
    const text = `folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp
,,note,A note,text,,0,,,,
,,login,Only a code,,,0,https://a.example,ann,,${SEED}
,,login,Bad code,,,0,https://b.example,ann,,not!base32`;
    const found = await read(text);
    expect(found.entries.map(({ title }) => title)).toEqual(['Only a code']);
    expect(found.unread.map(({ why }) => why).sort()).toEqual(['other-kind', 'totp']);
    expect(await codeAt(found.entries[0]?.totp ?? '', 0)).toMatch(/^\d{6}$/);
  });

  test('UTF-16 that says so, semicolons, formulas as they stand', async () => {
    const text = '\ufeffname;url;username;password\nÄ;https://a.example;=cmd|calc!A1;+1+1\n';
    const utf16 = new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer);
    const { entries } = await read(utf16);
    expect(entries[0]).toMatchObject({ title: 'Ä', username: '=cmd|calc!A1', password: '+1+1' });
  });
});

describe('Bitwarden', () => {
  const items = [
    {
      type: 1,
      name: 'Example',
      notes: null,
      favorite: true,
      revisionDate: '2024-05-01T00:00:00.000Z',
      login: { uris: [{ match: null, uri: 'https://example.com/x' }], username: 'ann', password: 'pw1', totp: SEED },
      passwordHistory: [{ lastUsedDate: '2024-04-01T00:00:00.000Z', password: 'pw0' }],
    },
    { type: 2, name: 'Note', notes: 'x', secureNote: { type: 0 } },
    { type: 1, name: 'Gone', deletedDate: '2024-05-01T00:00:00.000Z', login: { password: 'x' } },
    { type: 'broken' },
  ];
  const check = (found: Awaited<ReturnType<typeof read>>) => {
    expect(found.source).toBe('Bitwarden');
    expect(found.entries).toHaveLength(1);
    expect(found.entries[0]).toMatchObject({ username: 'ann', password: 'pw1', favourite: true });
    expect(found.entries[0]?.history).toEqual([{ password: 'pw0', until: Date.parse('2024-04-01') }]);
    expect(found.unread).toMatchObject([
      { line: 2, title: 'Note', why: 'other-kind' },
      { line: 3, title: 'Gone', why: 'binned' },
      { line: 4, title: '#4', why: 'unreadable' },
    ]);
  };
  test('JSON', async () => check(await read(JSON.stringify({ encrypted: false, folders: [], items }))));

  /** Encrypts as Bitwarden's exporter does: PBKDF2 over the salt's text, HKDF-Expand, AES-CBC, HMAC. */
  async function sealed(password: string, argon = false): Promise<string> {
    const b64 = (data: ArrayBuffer | Uint8Array) => Buffer.from(data as Uint8Array).toString('base64');
    const salt = 'c2FsdHNhbHRzYWx0c2FsdA==';
    const base = await crypto.subtle.importKey('raw', bytes(password) as BufferSource, 'PBKDF2', false, ['deriveBits']);
    const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt) as BufferSource, iterations: 5000 };
    const hashed = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(salt) as BufferSource));
    const cost = { iterations: 2, memorySize: 16 * 1024, parallelism: 2, hashLength: 32 };
    const master = argon
      ? new Uint8Array(await argon2id({ password, salt: hashed, ...cost, outputType: 'binary' }))
      : await crypto.subtle.deriveBits(pbkdf2, base, 256);
    const expand = async (info: string) => {
      const key = await crypto.subtle.importKey('raw', master, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
      return crypto.subtle.sign('HMAC', key, Buffer.concat([bytes(info), Buffer.from([1])]));
    };
    const encrypt = async (text: string) => {
      const iv = crypto.getRandomValues(new Uint8Array(16));
      const key = await crypto.subtle.importKey('raw', await expand('enc'), 'AES-CBC', false, ['encrypt']);
      const ct = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, bytes(text) as BufferSource);
      const mac = await crypto.subtle.importKey('raw', await expand('mac'), { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
      ]);
      const tag = await crypto.subtle.sign('HMAC', mac, Buffer.concat([iv, Buffer.from(ct)]));
      return `2.${b64(iv)}|${b64(ct)}|${b64(tag)}`;
    };
    return JSON.stringify({
      encrypted: true,
      passwordProtected: true,
      salt,
      kdfType: argon ? 1 : 0,
      kdfIterations: argon ? 2 : 5000,
      kdfMemory: argon ? 16 : null,
      kdfParallelism: argon ? 2 : null,
      encKeyValidation_DO_NOT_EDIT: await encrypt('8a1e'),
      data: await encrypt(JSON.stringify({ encrypted: false, folders: [], items })),
    });
  }
  test('JSON protected by a password: asked for, told when it is another', async () => {
    const file = await sealed('secret');
    await expect(read(file)).rejects.toMatchObject({ code: 'import-password' });
    await expect(read(file, 'other')).rejects.toMatchObject({ code: 'import-password' });
    check(await read(file, 'secret'));
    check(await read(await sealed('secret', true), 'secret'));
  });
  test('JSON bound to its account is told apart', async () => {
    const file = JSON.stringify({ encrypted: true, encKeyValidation_DO_NOT_EDIT: '2.x', items: [] });
    await expect(read(file)).rejects.toMatchObject({ code: 'import-locked' });
  });
});

describe('archives', () => {
  test('1PUX', async () => {
    const item = {
      uuid: 'a',
      favIndex: 1,
      updatedAt: 1_700_000_000,
      state: 'active',
      categoryUuid: '001',
      overview: {
        title: 'Example',
        url: 'https://example.com',
        urls: [{ label: 'x', url: 'https://www.example.com' }],
      },
      details: {
        loginFields: [
          { value: 'ann', designation: 'username', fieldType: 'T' },
          { value: 'pw1', designation: 'password', fieldType: 'P' },
        ],
        notesPlain: 'hello',
        sections: [{ fields: [{ title: 'one-time password', value: { totp: SEED } }] }],
        passwordHistory: [{ value: 'pw0', time: 1_690_000_000 }],
      },
    };
    const card = { ...item, categoryUuid: '002', details: { loginFields: [], sections: [] } };
    const data = JSON.stringify({ accounts: [{ attrs: {}, vaults: [{ attrs: {}, items: [item, card] }] }] });
    const found = await read(zipSync({ 'export.attributes': bytes('{}'), 'export.data': bytes(data) }));
    expect(found.source).toBe('1Password');
    expect(found.entries[0]).toMatchObject({ username: 'ann', password: 'pw1', notes: 'hello', favourite: true });
    expect(found.entries[0]?.urls).toEqual(['https://example.com', 'https://www.example.com']);
    expect(found.entries[0]?.totp).toMatch(/^otpauth:/);
    expect(found.unread).toMatchObject([{ line: 2, why: 'other-kind' }]);
  });

  test('Proton Pass', async () => {
    const login = {
      state: 1,
      modifyTime: 1_700_000_000,
      pinned: true,
      data: {
        type: 'login',
        metadata: { name: 'Example', note: 'n', itemUuid: 'u' },
        content: {
          itemEmail: 'ann@example.com',
          itemUsername: '',
          password: 'pw1',
          urls: ['https://example.com/'],
          totpUri: '',
        },
        extraFields: [],
      },
    };
    const note = { ...login, data: { ...login.data, type: 'note', content: {} } };
    const data = JSON.stringify({ encrypted: false, vaults: { v: { name: 'P', items: [login, note] } } });
    const found = await read(zipSync({ 'Proton Pass/data.json': bytes(data) }));
    expect(found.source).toBe('Proton Pass');
    expect(found.entries[0]).toMatchObject({ username: 'ann@example.com', password: 'pw1', favourite: true });
    expect(found.unread).toMatchObject([{ line: 2, why: 'other-kind' }]);
    await expect(read(zipSync({ 'Proton Pass/data.pgp': bytes('x') }))).rejects.toMatchObject({
      code: 'import-locked',
    });
  });

  test('Dashlane', async () => {
    const csv =
      'username,username2,username3,title,password,note,url,category,otpUrl\nann,,,E,pw1,,https://example.com,,\n';
    const found = await read(zipSync({ 'credentials.csv': bytes(csv), 'payments.csv': bytes('x') }));
    expect(found).toMatchObject({ source: 'Dashlane', entries: [{ password: 'pw1' }] });
  });
});

describe('KeePass', () => {
  const accounts: Account[] = [
    newAccount({
      ...{ id: '1', title: 'Example', sites: ['https://example.com', 'https://b.example'], username: 'ann' },
      ...{ password: 'pw1', notes: 'n', tenant: 'Ward', totp: `otpauth://totp/x?secret=${SEED}`, favourite: true },
    }),
  ];
  test('a file that we wrote is read back, by its password alone', async () => {
    const file = await writeKdbx(accounts, 'secret', { memory: 8 * 1024, passes: 1 });
    await expect(read(file)).rejects.toMatchObject({ code: 'import-password' });
    await expect(read(file, 'other')).rejects.toMatchObject({ code: 'import-key-file' });
    const found = await read(file, 'secret');
    expect(found.entries[0]).toMatchObject({
      ...{ title: 'Example', username: 'ann', password: 'pw1', notes: 'n', tenant: 'Ward', favourite: true },
      urls: ['https://example.com', 'https://b.example'],
    });
    const plan = planImport(accounts, found.entries, 1, () => 'new');
    expect(plan).toMatchObject({ added: 0, updated: 0, same: 1 });
  }, 20_000);

  test('history comes along, the recycle bin does not, Argon2d too', async () => {
    const db = Kdbx.create(new Credentials(ProtectedValue.fromString('k')), 'x');
    db.setKdf(Consts.KdfId.Argon2d);
    const made = db.createEntry(db.getDefaultGroup());
    made.fields.set('Password', ProtectedValue.fromString('before'));
    made.pushHistory();
    made.fields.set('Password', ProtectedValue.fromString('now'));
    made.fields.set('URL', 'https://a.example');
    const gone = db.createEntry(db.getDefaultGroup());
    gone.fields.set('Password', ProtectedValue.fromString('gone'));
    db.remove(gone);
    const found = await read(new Uint8Array(await db.save()), 'k');
    expect(found.entries).toHaveLength(1);
    expect(found.entries[0]?.history.map(({ password }) => password)).toEqual(['before']);
  }, 20_000);

  test('a damaged file, and one that asks for a gigabyte, are refused', async () => {
    const file = await writeKdbx(accounts, 'secret', { memory: 8 * 1024, passes: 1 });
    const bad = file.slice();
    bad[bad.length - 40] = (bad[bad.length - 40] ?? 0) ^ 1;
    await expect(read(bad, 'secret')).rejects.toMatchObject({ name: 'ScankeyError' });
    const db = Kdbx.create(new Credentials(ProtectedValue.fromString('k')), 'x');
    db.setKdf(Consts.KdfId.Argon2id);
    const greedy = new Uint8Array(await db.save());
    // The memory cost stands in the outer header, little-endian after its name "M".
    const at = Buffer.from(greedy).indexOf(Buffer.from([0x05, 1, 0, 0, 0, 0x4d, 8, 0, 0, 0]));
    expect(at).toBeGreaterThan(0);
    new DataView(greedy.buffer).setBigUint64(at + 10, 2n ** 30n, true);
    await expect(read(greedy, 'k')).rejects.toMatchObject({ name: 'ScankeyError' });
  }, 20_000);
});

const MIB = 1024 * 1024;
const PIECE = deflateRawSync(Buffer.alloc(MIB), { finishFlush: constants.Z_FULL_FLUSH });
/** So many MiB of zeros, deflated; put together, as it takes a while to pack them. */
const zeros = (mib: number) => Buffer.concat([...Array<Buffer>(mib).fill(PIECE), deflateRawSync(Buffer.alloc(0))]);

/** An archive whose only file is unpacked from `packed`, and of `said` bytes by its own word (APPNOTE.TXT 4.3.7, 4.3.12). */
function zipped(packed: Buffer, said: number): Uint8Array {
  const zip = zipSync({ 'export.data': packed }, { level: 0 });
  const [view, central] = [new DataView(zip.buffer), zip.length - 22 - 46 - 'export.data'.length];
  for (const [method, size] of [
    [8, 22],
    [central + 10, central + 24],
  ] as const) {
    view.setUint16(method, 8, true);
    view.setUint32(size, said, true);
  }
  return zip;
}

describe('a KeePass file that unpacks to far more than it is', () => {
  /** One that is opened at no cost, so that what comes after it is what is tried. */
  const cheap = (version: 3 | 4) => {
    const db = Kdbx.create(new Credentials(ProtectedValue.fromString('k')), 'x');
    db.setVersion(version);
    if (version === 3) db.header.keyEncryptionRounds = 1;
    else {
      db.setKdf(Consts.KdfId.Argon2id);
      db.header.kdfParameters?.set('M', VarDictionary.ValueType.UInt64, new Int64(8 * 1024));
    }
    db.createEntry(db.getDefaultGroup()).fields.set('Password', ProtectedValue.fromString('pw'));
    return db;
  };
  /** A file that holds `packed` in place of accounts. */
  const holding = async (packed: Uint8Array) => {
    const format = new KdbxFormat(cheap(4));
    const steps = format as unknown as { encryptData(data: ArrayBuffer, key: ArrayBuffer): Promise<ArrayBuffer> };
    const encrypt = steps.encryptData.bind(format);
    steps.encryptData = (_accounts, key) => encrypt(new Uint8Array(packed).buffer, key);
    return new Uint8Array(await format.save());
  };

  test.each([3, 4] as const)('is told from an honest one, KDBX %i', async (version) => {
    const { entries } = await read(new Uint8Array(await cheap(version).save()), 'k');
    expect(entries[0]).toMatchObject({ password: 'pw' });
  });
  /** The front and the end of RFC 1952 around 65 MiB of zeros. */
  const LARGE = Buffer.concat([Buffer.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]), zeros(65), Buffer.alloc(8)]);
  LARGE.writeUInt32LE(crc32(Buffer.alloc(65 * MIB)), LARGE.length - 8);
  LARGE.writeUInt32LE(65 * MIB, LARGE.length - 4);
  /** What a packed file says of its size stands at its end. */
  const saying = (size: number, packed: Buffer) => {
    const other = Buffer.from(packed);
    other.writeUInt32LE(size, other.length - 4);
    return other;
  };
  test.each([
    ['is refused before it is unpacked', LARGE, 'import-too-large'],
    ['is refused whatever it says of its size', saying(10, LARGE), 'import-too-large'],
    ['is refused for its elements alone', gzipSync(Buffer.alloc(5_000_000, '<')), 'import-too-large'],
    ['is refused when it would take room for nothing', saying(2 ** 31, gzipSync(Buffer.alloc(10))), 'import-too-large'],
    ['is refused when it is of another size than it says', saying(11, gzipSync(Buffer.alloc(10))), 'import-failed'],
  ])('%s', async (_what, packed, code) => {
    const file = await holding(packed);
    expect(file.length).toBeLessThan(200_000);
    await expect(read(file, 'k')).rejects.toMatchObject({ code });
  });
});

describe('codes', () => {
  const service = (name: string, tokenType = 'TOTP') => ({
    name,
    secret: SEED,
    updatedAt: 1,
    otp: { account: 'ann', issuer: name, digits: 6, period: 30, algorithm: 'SHA1', tokenType },
  });
  test('2FAS, plain and encrypted', async () => {
    const services = [service('GitHub'), service('Counter', 'HOTP'), { name: 'broken' }];
    const plain = { services, groups: [], schemaVersion: 4, updatedAt: 1, appOrigin: 'ios' };
    const found = await read(JSON.stringify(plain));
    expect(found.source).toBe('2FAS');
    expect(found.entries.map(({ title, username }) => [title, username])).toEqual([['GitHub', 'ann']]);
    expect(found.unread.map(({ why }) => why)).toEqual(['counter', 'unreadable']);

    const [salt, iv] = [crypto.getRandomValues(new Uint8Array(256)), crypto.getRandomValues(new Uint8Array(12))];
    const base = await crypto.subtle.importKey('raw', bytes('pw') as BufferSource, 'PBKDF2', false, ['deriveKey']);
    const params = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 10_000 };
    const key = await crypto.subtle.deriveKey(params, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
    const ct = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv },
      key,
      bytes(JSON.stringify(services)) as BufferSource,
    );
    const servicesEncrypted = [new Uint8Array(ct), salt, iv]
      .map((part) => Buffer.from(part).toString('base64'))
      .join(':');
    const locked = JSON.stringify({ ...plain, services: [], servicesEncrypted });
    await expect(read(locked)).rejects.toMatchObject({ code: 'import-password' });
    await expect(read(locked, 'no')).rejects.toMatchObject({ code: 'import-password' });
    expect((await read(locked, 'pw')).entries).toHaveLength(1);
  });

  test('Google Authenticator gives the codes that it showed', async () => {
    const secret = Buffer.from('Hello!\xde\xad\xbe\xef', 'latin1');
    const pbf = new PbfWriter();
    for (const [name, issuer, type] of [
      ['GitHub:ann', 'GitHub', 2],
      ['counter', 'X', 1],
    ] as const)
      pbf.writeMessage(
        1,
        (_none, inner) => {
          inner.writeBytesField(1, secret);
          inner.writeStringField(2, name);
          inner.writeStringField(3, issuer);
          inner.writeVarintField(4, 1);
          inner.writeVarintField(5, 1);
          inner.writeVarintField(6, type);
        },
        undefined,
      );
    const data = encodeURIComponent(Buffer.from(pbf.finish()).toString('base64'));
    const found = await read(`otpauth-migration://offline?data=${data}`);
    expect(found.entries.map(({ title, username }) => [title, username])).toEqual([['GitHub', 'ann']]);
    expect(found.unread).toMatchObject([{ line: 1, title: 'X', why: 'counter' }]);
    // The seed is the one of Google's own key-URI example, JBSWY3DPEHPK3PXP.
    expect(found.entries[0]?.totp).toContain(SEED);
  });

  test('otpauth addresses, one a line', async () => {
    const found = await read(`otpauth://totp/GitHub:ann?secret=${SEED}&issuer=GitHub\nnonsense\n`);
    expect(found.entries).toHaveLength(1);
    expect(found.unread).toMatchObject([{ line: 2, why: 'unreadable' }]);
  });
});

describe('the plan', () => {
  const known = newAccount({
    ...{ id: '1', sites: ['https://github.com'], username: 'ann', password: 'pw1', passwordAt: 100, changedAt: 100 },
  });
  const one = (more: object) => ({
    ...{ title: '', urls: ['https://github.com/login'], username: 'ann', password: 'pw1', notes: '', totp: '' },
    ...{ favourite: false, tenant: '', history: [], at: 0, ...more },
  });
  let id = 0;
  const plan = (entries: ReturnType<typeof one>[]) => planImport([known], entries, 1000, () => `n${id++}`);

  test('what is there already is not added', () => {
    expect(plan([one({}), one({ username: 'ANN' })])).toMatchObject({ added: 0, updated: 0, same: 2 });
  });
  test('a newer password takes the place of the old one, an older one goes into the history', () => {
    const newer = plan([one({ password: 'pw2', at: 200 })]);
    expect(newer).toMatchObject({ added: 0, updated: 1 });
    expect(newer.accounts[0]).toMatchObject({ password: 'pw2', history: [{ password: 'pw1' }] });
    const older = plan([one({ password: 'pw0', at: 50 })]);
    expect(older.accounts[0]).toMatchObject({ password: 'pw1', history: [{ password: 'pw0' }] });
  });
  test('an account of a code alone takes the password that a file brings', () => {
    const bare = newAccount({ id: '2', sites: ['https://code.example'], username: 'ann', passwordAt: 500 });
    const { accounts } = planImport([bare], [one({ urls: ['https://code.example'], password: 'pw' })], 1000, () => 'x');
    expect(accounts).toMatchObject([{ password: 'pw', history: [] }]);
  });
  test('the rules of our own file come along', () => {
    const rules = { match: 'domain', guard: 'near' };
    const made = plan([one({ urls: ['https://own.example'], tenant: 'Ward', rules })]);
    expect(made.accounts[1]).toMatchObject({ tenant: 'Ward', ...rules });
  });
  test('a code finds its account by issuer and name, and stands alone where it does not', () => {
    const totp = `otpauth://totp/x?secret=${SEED}`;
    const code = (title: string) => one({ title, urls: [], password: '', totp });
    expect(plan([code('GitHub')]).accounts[0]?.totp).toBe(totp);
    expect(plan([code('GitLab')])).toMatchObject({ added: 1, updated: 0 });
  });
  test('duplicates within the file are merged, an app’s address is no site', () => {
    const twice = [
      one({ urls: ['https://new.example'] }),
      one({ urls: ['https://new.example/a', 'android://x@com.example'] }),
    ];
    const made = plan(twice);
    expect(made).toMatchObject({ added: 1, updated: 0, same: 1 });
    expect(made.accounts[1]?.sites).toEqual(['https://new.example']);
  });
  test('two of one site and name stay two when their passwords or codes differ, and are both known the next time', () => {
    const here = (password: string, more = {}) =>
      one({ urls: ['http://192.168.1.1'], username: 'admin', password, ...more });
    const seed = (secret: string) => ({ totp: `otpauth://totp/x?secret=${secret}` });
    const pairs = [
      [here('pwA'), here('pwB')],
      [here('pwA', seed(SEED)), here('pwA', seed('GEZDGNBVGY3TQOJQ'))],
      [here('pwA', { urls: [], title: 'Safe' }), here('pwB', { urls: [], title: 'Safe' })],
      [
        here('', { urls: [], title: 'X', ...seed(SEED) }),
        here('', { urls: [], title: 'X', ...seed('GEZDGNBVGY3TQOJQ') }),
      ],
    ];
    for (const pair of pairs) {
      const first = planImport([], pair, 1000, () => `p${id++}`);
      expect(first).toMatchObject({ added: 2, updated: 0, same: 0 });
      expect(first.accounts.map(({ password, totp, history }) => ({ password, totp, history }))).toEqual(
        pair.map(({ password, totp }) => ({ password, totp, history: [] })),
      );
      const again = planImport(first.accounts, pair.toReversed(), 2000, () => `p${id++}`);
      expect(again).toMatchObject({ added: 0, updated: 0, same: 2, accounts: first.accounts });
    }
  });
  test('after both were changed here, the old file that had both changes nothing', () => {
    const pair = [one({ password: 'pwA', at: 10 }), one({ password: 'pwB', at: 20 })];
    const { accounts } = planImport([], pair, 1000, () => `c${id++}`);
    const changed = accounts.map((account) =>
      replaced(account, { ...account, password: `${account.password}2` }, 2000),
    );
    const again = planImport(changed, pair.toReversed(), 3000, () => `c${id++}`);
    expect(again).toMatchObject({ added: 0, updated: 0, same: 2 });
    expect(again.accounts.map(({ password }) => password)).toEqual(['pwA2', 'pwB2']);
  });
  test('an old file never overrules: neither one without times nor one with earlier ones', () => {
    const vault = [newAccount({ ...known, password: 'new', passwordAt: 5000 })];
    for (const at of [0, 100, 4999]) {
      const { accounts } = planImport(vault, [one({ password: 'old', at })], 6000, () => 'x');
      expect(accounts).toMatchObject([{ password: 'new', passwordAt: 5000, history: [{ password: 'old' }] }]);
    }
  });
  test('5,000 rows against 5,000 accounts are planned at once', () => {
    const many = Array.from({ length: 5000 }, (_, n) => one({ urls: [`https://s${n}.example`], password: `p${n}` }));
    const { accounts } = planImport([], many, 1, () => `m${id++}`);
    expect(planImport(accounts, many, 1, () => 'x')).toMatchObject({ added: 0, updated: 0, same: 5000 });
  });
});

describe('a file that means harm', () => {
  test('too large to be an export', async () => {
    await expect(read(new Uint8Array(FILE_MAX + 1))).rejects.toMatchObject({ code: 'import-too-large' });
  });
  test('50 MB of rows end with a name', async () => {
    const rows = Buffer.from(`name,url,username,password\n${'a,https://a.example,u,p\n'.repeat(1_900_000)}`);
    await expect(read(rows)).rejects.toMatchObject({ code: 'import-too-large' });
  }, 20_000);
  test.each([
    // The central directory says 10 GB less 2^32·2, which is what 32 bits hold of it.
    ['a bomb of 10 GB', zipped(zeros(1), 2_147_483_647), { code: 'import-too-large' }],
    ['one that says what it is', zipped(zeros(80), 80 * MIB), { code: 'import-too-large' }],
    ['one that says that it is small gives no more than that', zipped(zeros(8), 10), { name: 'ScankeyError' }],
  ])('%s', async (_what, zip, error) => {
    await expect(read(zip)).rejects.toMatchObject(error);
  });
  test('an archive whose files are all the same bytes, stored, and of no size by its own word', async () => {
    const NAME = 'export.data';
    const zip = Buffer.from(zipSync({ [NAME]: new Uint8Array(1024 * 1024) }, { level: 0 }));
    // The central directory has one entry of 46 bytes and the name, before the 22 bytes of its end (APPNOTE.TXT 4.3.12, 4.3.16).
    const at = zip.length - 22 - 46 - NAME.length;
    const entries = Array.from({ length: 100 }, (_, number) => {
      const name = Buffer.from(`${number}/${NAME}`);
      const entry = Buffer.concat([zip.subarray(at, at + 46), name]);
      entry.writeUInt32LE(0, 24);
      entry.writeUInt16LE(name.length, 28);
      return entry;
    });
    const end = Buffer.from(zip.subarray(zip.length - 22));
    end.writeUInt16LE(entries.length, 8);
    const file = Buffer.concat([zip.subarray(0, at), ...entries, end]);
    await expect(read(file)).rejects.toMatchObject({ code: 'import-too-large' });
  });
  test('JSON 100,000 deep', async () => {
    await expect(read(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).rejects.toMatchObject({
      code: 'import-unknown',
    });
    await expect(
      read(`{"encrypted":false,"items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    ).resolves.toMatchObject({
      entries: [],
    });
  });
  test('an encoding that nobody named, a picture, nothing at all', async () => {
    await expect(
      read(Buffer.from('name,url,username,password\n\x81\x8d\x8f\x90\x9d\xff\xff,x,y,z', 'latin1')),
    ).rejects.toMatchObject({ code: 'import-encoding' });
    await expect(read(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]))).rejects.toMatchObject({
      code: 'import-unknown',
    });
    await expect(read('')).rejects.toMatchObject({ code: 'import-unknown' });
  });
  test('XML with an external entity names nothing of this machine', async () => {
    const xml = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>';
    await expect(read(xml)).rejects.toMatchObject({ code: 'import-unknown' });
  });
});
