// Moving in from tables, JSON and lists of codes as people's programs really write them: in every encoding, with whatever ends their
// lines, and with all that no account can hold named.
import { zipSync } from 'fflate';
import { PbfWriter } from 'pbf';
import { describe, expect, test } from 'vitest';
import { FILE_MAX, previewTable, readExport } from '../../src/phone/transfer/read.ts';
import { codeAt, readSeed } from '../../src/phone/vault/totp.ts';

type Given = string | Uint8Array;
const bytes = (given: Given) => (typeof given === 'string' ? new TextEncoder().encode(given) : given);
const read = (given: Given, password?: string) => readExport('file', bytes(given), password);
const readJson = (value: unknown) => read(JSON.stringify(value));
const left = ({ unread }: Awaited<ReturnType<typeof read>>) => unread.map(({ line, title, why }) => [line, title, why]);
const hex = (digits: string) => new Uint8Array(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
const joined = (...parts: Given[]) => new Uint8Array(Buffer.concat(parts.map(bytes)));

const HEAD = 'name,url,username,password,note\n';
const SEED = 'JBSWY3DPEHPK3PXP';
const AT = 1_700_000_000_000;

describe('lines and columns', () => {
  const row = 'A,https://a.example,ann,pw1,n';
  test.each<[string, string]>([
    ['\\r\\n', `${HEAD}${row}\n`.replaceAll('\n', '\r\n')],
    ['\\r', `${HEAD}${row}\n`.replaceAll('\n', '\r')],
    ['\\n after the names, \\r\\n after the rows', `${HEAD}${row}\r\n`],
    ['\\r\\n after the names, \\n after the rows', `${HEAD.replace('\n', '\r\n')}${row}\n`],
    ['no end after the last', `${HEAD}${row}`],
    ['a byte-order mark', `\ufeff${HEAD}${row}`],
    ['sep=,', `sep=,\r\n${HEAD}${row}`],
    ['sep=; ', `"sep=;"\n${HEAD}${row}`.replaceAll(',', ';')],
    ['semicolons', `${HEAD}${row}`.replaceAll(',', ';')],
    ['tabs', `${HEAD}${row}`.replaceAll(',', '\t')],
    ['bars', `${HEAD}${row}`.replaceAll(',', '|')],
    ['columns that end empty', `${HEAD.replace('\n', ',,\n')}${row},,\n`],
    ['rows that end empty', `${HEAD}${row},,,\n\n  \n`],
  ])('%s', async (_what, text) => {
    const { entries, unread } = await read(text);
    expect(unread).toEqual([]);
    expect(entries).toMatchObject([{ title: 'A', username: 'ann', password: 'pw1', notes: 'n' }]);
  });

  test.each([
    ['标题,网址,用户名,密码,备注'],
    ['名称;网站;账号;口令;说明'],
    ['標題,網址,使用者名稱,密碼,備註'],
    ['タイトル,URL,ユーザー名,パスワード,メモ'],
    ['제목,주소,아이디,비밀번호,메모'],
    ['Titel,Webseite,Benutzername,Passwort,Notizen'],
    ["Titre,Site web,Nom d'utilisateur,Mot de passe,Remarques"],
    ['Título,Sitio web,Usuario,Contraseña,Notas'],
    ['Nome,URL,Usuário,Senha,Notas'],
    ['Название,Сайт,Логин,Пароль,Заметки'],
    ['Account,Web Site,Login Name,Password,Comments'],
    ['name,url,account,pwd,note'],
    ['Nickname,Websites,Username,Password,Notes'],
    ['Group/Title,URL,Username,Password,Notes'],
    ['Name,Website URL,Login ID,Pass,Notes'],
    ['Titel;Web-Adresse;Benutzer;Kennwort;Bemerkung'],
  ])('names of columns: %s', async (head) => {
    const sign = head.includes(';') ? ';' : ',';
    const { entries, unread } = await read(`${head}\n${['A', 'https://a.example', 'ann', 'pw', 'n'].join(sign)}\n`);
    expect(unread).toEqual([]);
    expect(entries).toMatchObject([
      { title: 'A', urls: ['https://a.example'], username: 'ann', password: 'pw', notes: 'n' },
    ]);
  });

  test('what is left out is named by the line of the file, whatever stands before it', async () => {
    const text = `sep=,\r\nname,url,username,password,note,totp\r\nA,https://a.example,ann,pw,"one\r\ntwo\r\n\r\nfour",\r\n\r\nB,https://b.example,bob,,,\r\nC,https://c.example,cyd,pw,,not-a-secret\r\nD,https://d.example\r\nE,https://e.example,eve,,,not-a-secret\r\n`;
    const found = await read(text);
    expect(found.byLine).toBe(true);
    expect(found.entries.map(({ title, totp }) => [title, totp])).toEqual([
      ['A', ''],
      ['C', ''],
    ]);
    expect(found.unread.map(({ line, why }) => [line, why])).toEqual([
      [8, 'no-secret'],
      [9, 'totp'],
      [10, 'columns'],
      [11, 'totp'],
    ]);
  });
});

// Bytes as the named program on a computer of that country saves them.
test.each<[string, string, Uint8Array, { title: string; username: string; notes: string }]>([
  ['GBK', 'gb18030', hex('d6aabaf5'), { title: '知乎', username: '张三', notes: '备' }],
  ['GB18030 of four bytes', 'gb18030', hex('d6aabaf5 8139ee39'), { title: '知乎㐀', username: '张三', notes: '备' }],
])('%s', async (_what, encoding, title, told) => {
  const found = await read(joined(HEAD, title, ',https://a.example,', hex('d5c5c8fd'), ',pw1,', hex('b1b8'), '\n'));
  expect(found).toMatchObject({ encoding, entries: [{ ...told, password: 'pw1' }] });
});

test.each<[string, Uint8Array, string]>([
  ['big5', hex('a5 78 c6 57 bb c8 a6 e6'), '台灣銀行'],
  ['shift_jis', hex('8e 4f 95 48 83 6f 83 93 83 4e'), '三菱バンク'],
  ['windows-1252', hex('5a fc 72 69 63 68 20 47 72 f6 df 65 20 e9'), 'Zürich Größe é'],
  ['windows-1252', hex('80 35 20 93 63 61 66 e9 94'), '€5 “café”'],
  ['windows-1251', hex('cf ee f7 f2 e0 20 d0 ee f1 f1 e8 e8'), 'Почта России'],
  [
    'euc-kr',
    hex('b1 b9 b9 ce c0 ba c7 e0 b1 b9 b9 ce c0 ba c7 e0 b1 b9 b9 ce c0 ba c7 e0'),
    '국민은행국민은행국민은행',
  ],
])('%s is found by its letters', async (encoding, title, told) => {
  const found = await read(joined(HEAD, title, ',https://a.example,ann,pw,\n'));
  expect(found).toMatchObject({ encoding, entries: [{ title: told, password: 'pw' }] });
});
test.each([
  ['UTF-8', bytes(`${HEAD}Ä知,,ann,pw,`)],
  ['UTF-16, little end first', new Uint8Array(Buffer.from(`\ufeff${HEAD}Ä知,,ann,pw,`, 'utf16le'))],
  ['UTF-16, big end first', new Uint8Array(Buffer.from(`\ufeff${HEAD}Ä知,,ann,pw,`, 'utf16le').swap16())],
  ['UTF-16 that does not say so', new Uint8Array(Buffer.from(`${HEAD}Ä,,ann,pw,`, 'utf16le'))],
])('%s is not guessed', async (_what, file) => {
  const found = await read(file);
  expect(found.encoding).toBeUndefined();
  expect(found.entries[0]?.title[0]).toBe('Ä');
});

describe('a table whose columns nobody knows', () => {
  const table = 'Dienst,Wo,Wer,Geheim,Mehr\nA,a.example,ann,pw,x\nB,b.example,bob,pw2,\n';
  const columns = { title: 0, url: 1, username: 2, password: 3, notes: 4 };
  test('is shown, and read as the person says', async () => {
    await expect(read(table)).rejects.toMatchObject({ code: 'import-columns' });
    const preview = await previewTable(bytes(table));
    expect(preview).toMatchObject({ names: ['Dienst', 'Wo', 'Wer', 'Geheim', 'Mehr'], rows: [{ 0: 'A' }, { 0: 'B' }] });
    const { entries, unread } = await readExport('x', bytes(table), undefined, { columns });
    expect(unread).toEqual([]);
    expect(entries).toMatchObject([
      { title: 'A', urls: ['a.example'], username: 'ann', password: 'pw', notes: 'x' },
      { title: 'B', password: 'pw2' },
    ]);
  });
  test.each([
    ['whose it is', 'Site,Kennzeichen,Password\nhttps://a.example,ann,pw\n', { url: 0, username: 1, password: 2 }],
    ['what for', 'Wofür,Username,Password\nA,ann,pw\n', { title: 0, username: 1, password: 2 }],
  ])('is asked of where only %s is not known', async (_what, text, said) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'import-columns' });
    const { guess } = (await previewTable(bytes(text))) ?? {};
    expect(said).toMatchObject(guess ?? {});
    const { entries } = await readExport('x', bytes(text), undefined, { columns: said });
    expect(entries).toMatchObject([{ username: 'ann', password: 'pw' }]);
  });
  test('keeps in the notes what the person does not speak of', async () => {
    const { entries } = await readExport('x', bytes(table), undefined, { columns: { password: 3, username: 2 } });
    expect(entries[0]?.notes).toBe('Dienst: A\nWo: a.example\nMehr: x');
  });
  test('without names of columns all rows count', async () => {
    const rows = 'Work,A,ann,pw,https://a.example,n\nWork,B,bob,pw2,https://b.example,\n';
    await expect(read(rows)).rejects.toMatchObject({ code: 'import-columns' });
    expect(await previewTable(bytes(rows))).toMatchObject({ rows: [{ 1: 'A' }, { 1: 'B' }], guess: { url: 4 } });
    const said = { title: 1, username: 2, password: 3, url: 4 };
    const { entries } = await readExport('x', bytes(rows), undefined, { columns: said });
    expect(entries.map(({ title }) => title)).toEqual(['A', 'B']);
  });
  test.each([
    ['a letter', 'Dear Ann,\nthe password is in the safe, as ever, and so on.\n'],
    ['a page', '<html><body>a,b,c</body></html>\n<p>a,b,c</p>\n'],
    ['another JSON', '{"a":[1,2],"b":{"items":[{"kind":"x","password":"y"}]}}'],
    ['one column', 'password\nx\ny\n'],
    ['nothing but names', HEAD.replace('password', 'x')],
  ])('%s is none, and refused', async (_what, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'import-unknown' });
  });
});

test.each<[string, string, Record<string, unknown>]>([
  [
    'RoboForm',
    'Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\nA,https://a.example,https://a.example,ann,pw,n,/F,"User ID$,,,txt,ann","Password$,,,pwd,pw","PIN$,,,pwd,12,34"\n',
    { username: 'ann', password: 'pw', notes: 'n\nPIN: 12,34' },
  ],
  [
    'NordPass',
    'name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,expirydate,zipcode,folder,full_name,phone_number,email,address1,address2,city,country,state,type,custom_fields\nA,https://a.example,"[""https://b.example""]",ann,pw,n,,,,,,,,,,,,,,,password,"[{""label"":""PIN"",""type"":""hidden"",""value"":""1234""}]"\n',
    { urls: ['https://a.example', 'https://b.example'], notes: 'n\nPIN: 1234' },
  ],
  [
    'Bitwarden',
    'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,1,login,A,n,"PIN: 1234\nCode: x",0,"https://a.example,https://b.example",ann,pw,\n',
    { urls: ['https://a.example', 'https://b.example'], notes: 'n\nPIN: 1234\nCode: x', favourite: true },
  ],
  [
    'Proton Pass',
    'type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\nlogin,A,https://a.example,cyd@c.example,cyd,pw,,,1700000000,1700000001,P\n',
    { username: 'cyd', notes: 'Email: cyd@c.example', at: 1_700_000_001_000 },
  ],
  [
    'Chrome',
    'name,url,username,password,note,Recovery code\nA,https://a.example,ann,pw,n,abcd-efgh\n',
    { notes: 'n\nRecovery code: abcd-efgh' },
  ],
])('further columns of %s go into the notes', async (source, text, told) => {
  const found = await read(text);
  expect(found).toMatchObject({ source, unread: [], entries: [{ title: 'A', password: 'pw', ...told }] });
});

test('cards, notes and archived rows of a table are named', async () => {
  const nord = await read(
    'name,url,username,password,note,cardholdername,cardnumber,cvc,type\nVisa,,,,,Ann,4111,123,credit_card\nA,https://a.example,ann,pw,,,,,password\n',
  );
  expect(nord.unread).toMatchObject([{ line: 2, title: 'Visa', why: 'other-kind' }]);
  const one = await read(
    'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nOld,https://a.example,ann,OLD,,false,true,,\nA,https://a.example,ann,NEW,,false,false,,\n',
  );
  expect(one.entries).toMatchObject([{ title: 'A', password: 'NEW' }]);
  expect(left(one)).toEqual([[2, 'Old', 'archived']]);
});

test('KeePassXC’s bin, and KeePass’s backslashes', async () => {
  const bin = await read(
    '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"\n"Root","A","ann","pw","https://a.example","","","0","2024-01-01T00:00:00Z","2024-01-01T00:00:00Z"\n"Root/Recycle Bin","Old","ann","OLD","https://a.example","","","0","2025-01-01T00:00:00Z","2024-01-01T00:00:00Z"\n',
  );
  expect(bin.entries).toMatchObject([{ title: 'A', notes: '', at: Date.parse('2024-01-01') }]);
  expect(left(bin)).toEqual([[3, 'Old', 'binned']]);
  const one = await read(
    String.raw`"Account","Login Name","Password","Web Site","Comments"
"A","ann","p\"\\w\\","https://a.example","n"
"B","bob","pw","https://b.example",""
`,
  );
  expect(one).toMatchObject({
    source: 'KeePass',
    unread: [],
    entries: [{ title: 'A', password: 'p"\\w\\' }, { title: 'B' }],
  });
});

test('what lies beside the passwords in Dashlane’s archive is named', async () => {
  const csv =
    'username,username2,username3,title,password,note,url,category,otpUrl\nann,second,,E,pw1,,https://e.example,,\n';
  const found = await read(
    zipSync({ 'credentials.csv': bytes(csv), 'payments.csv': bytes('x'), 'securenotes.csv': bytes('x') }),
  );
  expect(found.entries).toMatchObject([{ username: 'ann', notes: 'Email: second' }]);
  expect(left(found).map(([, title]) => title)).toEqual(['payments.csv', 'securenotes.csv']);
});

test('damaged UTF-8 is not taken for another encoding', async () => {
  const file = joined(HEAD, 'Zürich Größe 知乎,,ann,pw,\n', hex('e7'), '\n');
  await expect(read(file)).rejects.toMatchObject({ code: 'import-encoding' });
});

describe('Bitwarden', () => {
  const item = (more: object, login: object = {}) => ({
    ...{ id: 'i1', type: 1, name: 'A', notes: null, favorite: false },
    ...{ login: { uris: null, username: 'ann', password: 'pw', totp: null, ...login }, ...more },
  });
  test('without saying that it is not encrypted; nulls everywhere', async () => {
    const { entries } = await readJson({
      folders: [],
      items: [item({ favorite: null, fields: null, passwordHistory: null })],
    });
    expect(entries).toMatchObject([{ title: 'A', username: 'ann', password: 'pw' }]);
  });
  test('what no account holds is named by its title, and the rest taken', async () => {
    const found = await readJson({
      encrypted: false,
      items: [
        item(
          {
            fields: [
              { name: 'PIN', value: '1234', type: 1 },
              { name: 'Linked', value: null, type: 3 },
            ],
          },
          { fido2Credentials: [{}] },
        ),
        item({ name: 'Only a passkey' }, { password: null, fido2Credentials: [{}] }),
        item({ name: 'Card', type: 3, login: null, card: {} }),
        item({ name: 'Bin', deletedDate: '2024-01-01T00:00:00Z' }),
        item({ name: 'Put away', archivedDate: '2024-01-01T00:00:00Z' }),
        item({ name: 'Nothing' }, { password: '', totp: '' }),
        item({ name: 'Bad', type: 'x' }),
      ],
    });
    expect(found.entries).toMatchObject([{ title: 'A', notes: 'PIN: 1234' }]);
    expect(left(found)).toEqual([
      [1, 'A', 'passkey'],
      [2, 'Only a passkey', 'passkey'],
      [3, 'Card', 'other-kind'],
      [4, 'Bin', 'binned'],
      [5, 'Put away', 'archived'],
      [6, 'Nothing', 'no-secret'],
      [7, 'Bad', 'unreadable'],
    ]);
  });
  test('with attachments, as an archive', async () => {
    const data = bytes(
      JSON.stringify({ encrypted: false, folders: [], items: [item({}), item({ id: 'i2', name: 'B' })] }),
    );
    const found = await read(zipSync({ 'data.json': data, 'attachments/i2/scan.pdf': bytes('x') }));
    expect(found).toMatchObject({ source: 'Bitwarden', entries: [{ title: 'A' }, { title: 'B' }] });
    expect(left(found)).toEqual([[2, 'B', 'attachment']]);
  });
  test('attachments are left packed, however large', async () => {
    const data = bytes(JSON.stringify({ encrypted: false, items: [item({})] }));
    const scan = new Uint8Array(FILE_MAX);
    const found = await read(zipSync({ 'data.json': data, 'attachments/i1/scan.pdf': [scan, { level: 0 }] }));
    expect(found.entries).toHaveLength(1);
    expect(left(found)).toEqual([[1, 'A', 'attachment']]);
  });
  test('a password is as old as its last change, not as the item’s', async () => {
    const { entries } = await readJson({
      items: [
        item({
          revisionDate: '2024-01-01T00:00:00Z',
          passwordHistory: [{ password: 'a', lastUsedDate: '2020-01-01T00:00:00Z' }],
        }),
        item({ revisionDate: '2024-01-01T00:00:00Z' }, { passwordRevisionDate: '2021-01-01T00:00:00Z' }),
      ],
    });
    expect(entries.map(({ at }) => new Date(at).getUTCFullYear())).toEqual([2020, 2021]);
  });
});

test('1Password: fields, files, kinds, and what is put away', async () => {
  const item = (title: string, more: object, details: object = {}) => ({
    ...{ uuid: title, favIndex: 0, createdAt: 1, updatedAt: 1_700_000_000, state: 'active', categoryUuid: '001' },
    overview: { title, url: '', urls: null },
    details: { loginFields: [], notesPlain: '', sections: [], passwordHistory: [], ...details },
    ...more,
  });
  const field = (id: string, title: string, value: object) => ({ id, title, value });
  const section = (...fields: object[]) => ({ sections: [{ title: '', name: '', fields }] });
  const login = [
    { designation: 'username', value: 'ann', fieldType: 'T', name: 'u' },
    { designation: 'password', value: 'pw', fieldType: 'P', name: 'p' },
    { designation: '', value: 'Ward 3', fieldType: 'T', name: 'tenant' },
    { designation: '', value: '✓', fieldType: 'C', name: 'remember' },
  ];
  const items = [
    item(
      'A',
      {},
      {
        loginFields: login,
        ...section(
          field('x', 'PIN', { concealed: '1234' }),
          field('c', 'code', { totp: SEED }),
          field('d', 'since', { date: 86_400 }),
          field('m', 'mail', { email: { email_address: 'a@x.example', provider: null } }),
          field('f', 'scan', { file: { fileName: 'x.pdf', documentId: 'd' } }),
          field('e', 'empty', { string: '' }),
          { id: 'o', title: 'odd' },
        ),
        passwordHistory: [{ value: 'pw0', time: 1_600_000_000 }],
      },
    ),
    item(
      'Server',
      { categoryUuid: '110' },
      section(field('username', 'user', { string: 'root' }), field('password', 'pass', { concealed: 'toor' })),
    ),
    item(
      'Key',
      { categoryUuid: '112' },
      section(field('username', 'user', { string: 'api' }), field('credential', 'key', { concealed: 'k3y' })),
    ),
    item('Card', { categoryUuid: '002' }, section(field('pin', 'PIN', { concealed: '1' }))),
    item('Archived', { state: 'archived' }, { loginFields: login }),
    item('Binned', { trashed: true }, { loginFields: login }),
    item('Passkey', {}, { passkey: { rpId: 'a.example' } }),
    { overview: { title: 'Broken' } },
  ];
  const data = JSON.stringify({ accounts: [{ vaults: [{ items: items.slice(0, 2) }, { items: items.slice(2) }] }] });
  const found = await read(zipSync({ 'export.data': bytes(data) }));
  expect(found.entries).toMatchObject([
    {
      ...{ username: 'ann', password: 'pw', at: 1_600_000_000_000 },
      notes: 'tenant: Ward 3\nPIN: 1234\nsince: 1970-01-02\nmail: a@x.example',
    },
    { title: 'Server', username: 'root', password: 'toor', notes: '' },
    { title: 'Key', username: 'api', password: 'k3y' },
  ]);
  expect(found.entries[0]?.totp).toContain(SEED);
  expect(left(found).map(([, title, why]) => [title, why])).toEqual([
    ['A', 'attachment'],
    ['Card', 'other-kind'],
    ['Archived', 'archived'],
    ['Binned', 'binned'],
    ['Passkey', 'passkey'],
    ['Broken', 'unreadable'],
  ]);
});

describe('codes', () => {
  test.each([
    ['blanks', 'jbsw y3dp ehpk 3pxp'],
    ['padding', 'JBSWY3DPEHPK3PXP===='],
    ['hyphens', 'JBSW-Y3DP-EHPK-3PXP'],
    ['tabs and non-breaking blanks', 'JBSW\u00a0Y3DP\tEHPK 3PXP'],
    ['an address with blanks in its secret', `otpauth://totp/X:ann?secret=jbsw%20y3dp%20ehpk%203pxp&issuer=X`],
    ['an address that names its algorithm otherwise', `otpauth://totp/X?secret=${SEED}&algorithm=HmacSHA1&digits=6`],
    ['an address without a name', `otpauth://totp/?secret=${SEED}`],
    ['an address with marks that are none', `otpauth://totp/100%:ann?secret=${SEED}&issuer=100%25`],
    ['an address with empty parameters', `otpauth://totp/X:ann?secret=${SEED}&digits=&period=&algorithm=&image=x`],
  ])('a secret with %s', async (_what, totp) => {
    const { entries, unread } = await readJson({ items: [{ type: 1, name: 'A', login: { totp } }] });
    expect(unread).toEqual([]);
    expect(await codeAt(entries[0]?.totp ?? '', AT)).toBe('324550');
    // Their editor takes them for what they are, too.
    expect(await readSeed(entries[0]?.totp ?? '')).toBeDefined();
  });
  test.each([
    ['short', 'JBSWY3DP'],
    ['long', 'JBSWY3DPEHPK3PXP'.repeat(8)],
    ['of Steam', `steam://${SEED}`],
  ])('a %s secret is taken', async (_what, totp) => {
    const { entries, unread } = await readJson({ items: [{ type: 1, name: 'A', login: { totp } }] });
    expect(unread).toEqual([]);
    expect(await codeAt(entries[0]?.totp ?? '', AT)).toMatch(/^(\d{6}|[2-9B-Y]{5})$/);
  });
  test.each([
    ['words', 'not-a-secret', 'totp'],
    ['too few letters', 'JBSW', 'totp'],
    ['letters that base32 has not', 'JBSWY3DPEHPK3PX1', 'totp'],
    ['a counter', `otpauth://hotp/x?secret=${SEED}&counter=1`, 'counter'],
    ['digits that no form takes', `otpauth://totp/x?secret=${SEED}&digits=4`, 'totp'],
    ['another kind of address', `otpauth://yaotp/x?secret=${SEED}`, 'totp'],
  ])('%s: named, and the password comes', async (_what, totp, why) => {
    const found = await readJson({ items: [{ type: 1, name: 'A', login: { password: 'pw', totp } }] });
    expect(found.entries).toMatchObject([{ password: 'pw', totp: '' }]);
    expect(left(found)).toEqual([[1, 'A', why]]);
  });

  test('2FAS: nulls, Steam, counters', async () => {
    const otp = {
      label: 'ann',
      account: null,
      issuer: null,
      digits: null,
      period: null,
      algorithm: null,
      tokenType: null,
    };
    const services = [
      { name: 'A', secret: SEED, otp },
      { name: 'B', secret: SEED.toLowerCase(), otp: { ...otp, algorithm: 'SHA256', digits: 8, period: 60 } },
      { name: 'S', secret: SEED, otp: { ...otp, tokenType: 'STEAM', digits: 5 } },
      { name: 'C', secret: SEED, otp: { ...otp, tokenType: 'HOTP', counter: 1 } },
      { name: 'D', secret: SEED, otp: { ...otp, algorithm: 'MD5' } },
      { name: 'E', secret: SEED },
    ];
    const found = await readJson({ services, groups: [], schemaVersion: 4 });
    expect(await Promise.all(found.entries.map(({ totp }) => codeAt(totp, AT)))).toEqual([
      '324550',
      '71205722',
      '2KM2P',
      '324550',
    ]);
    expect(left(found)).toEqual([
      [4, 'C', 'counter'],
      [5, 'D', 'totp'],
    ]);
  });

  /** A code of Google Authenticator, one of `size`. */
  const migration = (
    index: number,
    size: number,
    ...codes: { name: string; issuer?: string; type?: number; algorithm?: number }[]
  ) => {
    const pbf = new PbfWriter();
    for (const { name, issuer = '', type = 2, algorithm = 1 } of codes)
      pbf.writeMessage(
        1,
        (_none, inner) => {
          inner.writeBytesField(1, Buffer.from('Hello!\xde\xad\xbe\xef', 'latin1'));
          inner.writeStringField(2, name);
          if (issuer) inner.writeStringField(3, issuer);
          inner.writeVarintField(4, algorithm);
          inner.writeVarintField(6, type);
        },
        undefined,
      );
    pbf.writeVarintField(2, 1);
    pbf.writeVarintField(3, size);
    pbf.writeVarintField(4, index);
    pbf.writeVarintField(5, 77);
    return `otpauth-migration://offline?data=${encodeURIComponent(Buffer.from(pbf.finish()).toString('base64'))}`;
  };
  test('a batch of Google Authenticator is counted until it is whole', async () => {
    const [first, second] = [
      migration(0, 2, { name: 'GitHub:ann', issuer: 'GitHub' }, { name: 'Counter', type: 1 }),
      migration(1, 2, { name: 'bob', issuer: 'B' }, { name: 'MD5', algorithm: 4 }),
    ];
    expect(await read(first)).toMatchObject({
      batch: { seen: 1, size: 2 },
      entries: [{ title: 'GitHub', username: 'ann' }],
    });
    expect((await read(`${first}\n${first}`)).batch).toEqual({ seen: 1, size: 2 });
    const whole = await read(`${second}\n${first}`);
    expect(whole.batch).toBeUndefined();
    expect(whole.entries.map(({ title }) => title)).toEqual(['B', 'GitHub']);
    expect(whole.unread.map(({ title, why }) => [title, why])).toEqual([
      ['MD5', 'totp'],
      ['Counter', 'counter'],
    ]);
  });
});

test('a long title and long notes are kept as far as they go, and said to be cut', async () => {
  const found = await readJson({
    items: [
      { type: 1, name: 'T'.repeat(300), login: { password: 'pw' } },
      { type: 1, name: 'N', notes: 'n'.repeat(10_001), login: { password: 'pw' } },
      { type: 1, name: 'P', login: { password: 'p'.repeat(513) } },
    ],
  });
  expect(found.entries).toMatchObject([{ title: 'T'.repeat(200), notes: 'T'.repeat(300) }, { title: 'N' }]);
  expect(left(found)).toEqual([
    [2, 'N', 'cut'],
    [3, 'P', 'too-long'],
  ]);
});
