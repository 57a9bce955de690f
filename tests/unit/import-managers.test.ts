// Moving in from Keeper, RoboForm, Enpass, NordPass and KeePass's XML: files in the shapes in which these products write them.
import { beforeAll, describe, expect, test } from 'vitest';
import { planImport } from '../../src/phone/transfer/plan.ts';
import { readExport } from '../../src/phone/transfer/read.ts';
import { loadNames } from '../../src/phone/vault/sites.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';

beforeAll(() => loadNames());

const SEED = 'JBSWY3DPEHPK3PXP';
const OTP = `otpauth://totp/Example:ann?secret=${SEED}&issuer=Example&algorithm=SHA1&digits=6&period=30`;
/** Of that seed at the time 1,700,000,000 s, by another program (Python's hmac). */
const [AT, CODE] = [1_700_000_000_000, '324550'];
const read = (file: string) => readExport('file', new TextEncoder().encode(file));
const rows = (found: Awaited<ReturnType<typeof read>>) =>
  found.entries.map(({ title, username, password, urls }) => [title, username, password, urls]);
const left = (found: Awaited<ReturnType<typeof read>>) =>
  found.unread.map(({ line, title, why }) => [line, title, why]);

describe('Keeper', () => {
  const records = [
    {
      ...{
        uid: 'a',
        title: 'Example',
        $type: 'login',
        login: 'ann',
        password: 'pw, "1"',
        login_url: 'https://a.example',
      },
      ...{ notes: 'two\nlines', last_modified: 1_700_000_000, folders: [{ folder: 'Work\\Sub' }] },
      custom_fields: {
        '$oneTimeCode::1': OTP,
        '$url:second:1': 'https://b.example',
        '$secret:PIN:1': '1234',
        '$name:Owner:1': { first: 'Ann', last: 'Lee' },
        '$securityQuestion::1': [{ question: 'Pet?', answer: 'Rex' }],
        '$phone::1': [{ region: 'US', number: '5555555555' }],
        '$date:Since:1': 1_692_057_600_000,
        Plain: 'text',
      },
    },
    { title: 'Older', login: 'bob', password: 'pw2', custom_fields: { 'TFC:Keeper': OTP } },
    { title: 'Wi-Fi', $type: 'wifiCredentials', password: 'pw3', custom_fields: { '$text:SSID:1': 'net' } },
    { title: 'Card', $type: 'bankCard', custom_fields: { '$paymentCard::1': { cardNumber: '4242' } } },
    { title: 'Key only', $type: 'login', login: 'cyd', custom_fields: { '$passkey::1': { credentialId: 'x' } } },
    { title: 'File', $type: 'login', password: 'pw4', references: { '$fileRef::1': ['f'] } },
    { title: 'No password', $type: 'login', login: 'dan' },
    { title: 5 },
  ];
  test('JSON', async () => {
    const found = await read(JSON.stringify({ shared_folders: [], records }));
    expect(found.source).toBe('Keeper');
    expect(rows(found)).toEqual([
      ['Example', 'ann', 'pw, "1"', ['https://a.example', 'https://b.example']],
      ['Older', 'bob', 'pw2', []],
      ['Wi-Fi', '', 'pw3', []],
      ['File', '', 'pw4', []],
    ]);
    const [first, older] = found.entries;
    expect(first?.notes.split('\n')).toEqual([
      ...['two', 'lines', 'PIN: 1234', 'Owner: Ann Lee', 'securityQuestion: Pet? Rex'],
      ...['phone: region: US, number: 5555555555', 'Since: 2023-08-15', 'Plain: text'],
    ]);
    expect(first?.at).toBe(1_700_000_000_000);
    for (const one of [first, older]) expect(await codeAt(one?.totp ?? '', AT)).toBe(CODE);
    expect(left(found)).toEqual([
      [4, 'Card', 'other-kind'],
      [5, 'Key only', 'passkey'],
      [6, 'File', 'attachment'],
      [7, 'No password', 'no-secret'],
      [8, '5', 'unreadable'],
    ]);
  });

  const CSV = `"","contact item","","","","","","Name","jonny doe"
"folder1\\sub","login in a folder","john","","","",""
"","with 2fa","ann","pass","https://example.com","","","TFC:Keeper","${OTP}"
"","with comma, quotes """,",u""",",p""","https://example.com/","notes, """,""
"","with fields","john","pass","https://example.com","one
two","","Hidden Field","secret","Website Address","https://second.example.com"
`;
  test.each([
    ['without names of columns', CSV, 0],
    ['with them', `Folder,Title,Login,Password,Website Address,Notes,Shared Folder,Custom Fields\n${CSV}`, 1],
    ['with the line ends of Windows', CSV.replaceAll('\n', '\r\n'), 0],
  ])('CSV %s', async (_how, csv, above) => {
    const found = await read(csv);
    expect(found.source).toBe('Keeper');
    expect(rows(found)).toEqual([
      ['with 2fa', 'ann', 'pass', ['https://example.com']],
      ['with comma, quotes "', ',u"', ',p"', ['https://example.com/']],
      ['with fields', 'john', 'pass', ['https://example.com', 'https://second.example.com']],
    ]);
    expect(await codeAt(found.entries[0]?.totp ?? '', AT)).toBe(CODE);
    expect(found.entries[2]?.notes).toBe('one\ntwo\nHidden Field: secret');
    expect(left(found)).toEqual([
      [1 + above, 'contact item', 'other-kind'],
      [2 + above, 'login in a folder', 'no-secret'],
    ]);
  });

  test('a table of seven columns that is none of its is not taken for it', async () => {
    await expect(read('a,b,c,d,e,f,g\n1,2,3,4,5,6,7\n')).rejects.toMatchObject({ code: 'import-columns' });
    await expect(read('1,2,3,4,5,6,7\n')).rejects.toMatchObject({ code: 'import-unknown' });
  });
});

test('RoboForm: fields in columns without names, apostrophes before what a spreadsheet would run', async () => {
  const found = await read(`Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2
Example,http://example.com,http://www.example.com,example,some@password,cool note,,"User ID$,,,txt,example","Password$,,,pwd,some@password","TOTP KEY$,,,txt,jbswy3dpehpk3pxp","Team$,,,txt,blue, green"
Quotes,http://b.example,http://b.example,'@nobody,"'@'pass""",,/company,"User ID$,,,txt,'@nobody","Password$,,,pwd,'@'pass"""
Twice,http://c.example,http://c.example,admin,''pass,,/company,"User ID$,,,txt,admin","Password$,,,pwd,''pass"
Secure note,,,,,"This is
a note",
Bookmark,https://d.example,,,,,/company
`);
  expect(found.source).toBe('RoboForm');
  expect(rows(found)).toEqual([
    ['Example', 'example', 'some@password', ['http://example.com', 'http://www.example.com']],
    ['Quotes', '@nobody', '@\'pass"', ['http://b.example']],
    ['Twice', 'admin', "'pass", ['http://c.example']],
  ]);
  expect(found.entries.map(({ notes }) => notes)).toEqual(['cool note\nTeam: blue, green', '', '']);
  expect(await codeAt(found.entries[0]?.totp ?? '', AT)).toBe(CODE);
  expect(left(found)).toEqual([
    [5, 'Secure note', 'other-kind'],
    [7, 'Bookmark', 'no-secret'],
  ]);
});

describe('NordPass', () => {
  const COLUMNS =
    'name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,pin,expirydate,zipcode,folder,full_name,phone_number,email,address1,address2,city,country,state,type,custom_fields';
  test('addresses and fields in JSON; folders are no items, cards are named', async () => {
    const found = await read(`${COLUMNS}
folder1,,,,,,,,,,,,,,,,,,,,,folder,
Example,https://a.example,"[""https://b.example"",""https://c.example""]",ann,pw1,note,,,,,,,folder1,,,,,,,,,password,"[{""label"":""PIN"",""type"":""hidden"",""value"":""12""},{""label"":""Day"",""type"":""date"",""value"":""14/12/1990""}]"
Card,,,,,,A B,4242424242424242,123,,01/25,,,,,,,,,,,credit_card,
Note,,,,,text,,,,,,,,,,,,,,,,note,
Me,,,,,,,,,,,,,Ann,1,ann@a.example,,,,,,identity,
`);
    expect(found.source).toBe('NordPass');
    expect(rows(found)).toEqual([
      ['Example', 'ann', 'pw1', ['https://a.example', 'https://b.example', 'https://c.example']],
    ]);
    expect(found.entries[0]?.notes).toBe('note\nPIN: 12\nDay: 14/12/1990');
    expect(left(found).map(([line, title, why]) => [line, title, why])).toEqual([
      [4, 'Card', 'other-kind'],
      [5, 'Note', 'other-kind'],
      [6, 'Me', 'other-kind'],
    ]);
  });
  test('before there were further addresses and kinds', async () => {
    const columns = 'name,url,username,password,note,cardholdername,cardnumber,cvc,expirydate,zipcode,folder,full_name';
    const found = await read(`${columns}\nExample,https://a.example,@ann,pw1,,,,,,,,\n`);
    expect(rows(found)).toEqual([['Example', '@ann', 'pw1', ['https://a.example']]]);
  });
});

describe('Enpass', () => {
  const field = (type: string, label: string, value: string, more = {}) => ({
    ...{ deleted: 0, label, order: 1, sensitive: 0, type, uid: 1, updated_at: 1_690_000_000, value },
    ...{ value_updated_at: 1_690_000_000, ...more },
  });
  const item = (title: string, fields: unknown, more = {}) => ({
    ...{ archived: 0, auto_submit: 1, category: 'login', createdAt: 1_600_000_000, favorite: 0, fields, note: '' },
    ...{
      subtitle: 'x',
      template_type: 'login.default',
      title,
      trashed: 0,
      updated_at: 1_700_000_000,
      uuid: 'u',
      ...more,
    },
  });
  const items = [
    item(
      'Example',
      [
        field('username', 'Username', 'ann'),
        field('email', 'E-mail', 'ann@a.example'),
        field('password', 'Password', 'pw1', {
          history: [
            { encrypted: false, updated_at: 1_600_000_000, value: 'pw-1' },
            { encrypted: false, updated_at: 1_650_000_000, value: 'pw0' },
          ],
        }),
        field('url', 'Website', 'https://a.example/'),
        field('section', 'ADDITIONAL DETAILS', ''),
        field('url', 'Website', 'https://b.example/'),
        field('totp', 'One-time code', 'jbsw y3dp ehpk 3pxp'),
        field('text', 'Security question', 'Pet?'),
        field('text', 'Gone', 'x', { deleted: 1 }),
        field('.Android#', 'Autofill Info', 'android://x==@com.example'),
      ],
      { favorite: 1, note: 'hello', attachments: [{ name: 'a.pdf', data: '' }] },
    ),
    item('By e-mail', [field('email', 'E-mail', 'bob@b.example'), field('password', 'Password', 'pw2')]),
    item('Card', [field('ccNumber', 'Number', '4242')], {
      category: 'creditcard',
      template_type: 'creditcard.default',
    }),
    item('Trash', [field('password', 'Password', 'x')], { trashed: 1 }),
    item('Archive', [field('password', 'Password', 'x')], { archived: 1 }),
    item('Nothing', undefined),
  ];
  test('JSON', async () => {
    const found = await read(JSON.stringify({ folders: [], items }));
    expect(found.source).toBe('Enpass');
    expect(rows(found)).toEqual([
      ['Example', 'ann', 'pw1', ['https://a.example/', 'https://b.example/']],
      ['By e-mail', 'bob@b.example', 'pw2', []],
    ]);
    const [first] = found.entries;
    expect(first).toMatchObject({ favourite: true, at: 1_690_000_000_000 });
    expect(first?.notes).toBe('hello\nE-mail: ann@a.example\nSecurity question: Pet?');
    expect(first?.history).toEqual([
      { password: 'pw0', until: 1_650_000_000_000 },
      { password: 'pw-1', until: 1_600_000_000_000 },
    ]);
    expect(await codeAt(first?.totp ?? '', AT)).toBe(CODE);
    expect(left(found)).toEqual([
      [1, 'Example', 'attachment'],
      [3, 'Card', 'other-kind'],
      [4, 'Trash', 'binned'],
      [5, 'Archive', 'archived'],
      [6, 'Nothing', 'no-secret'],
    ]);
  });

  const CSV = `"Example","Username","ann","E-mail","ann@a.example","*Password","pw1","Website","https://a.example","TOTP","${SEED}","Security question","Pet?","two
lines"
"Only a note","This is a note"
"Bob","E-mail","bob@b.example","*Password","p,""w2"
`;
  test.each([
    ['bare', CSV],
    ['under its header', `"Title","Field","Value","Field","Value",.........,"Note"\n${CSV}`],
    ['in German', CSV.replaceAll('Username', 'Benutzername').replaceAll('*Password', '*Passwort')],
  ])('CSV, %s', async (_how, csv) => {
    const found = await read(csv);
    expect(found.source).toBe('Enpass');
    expect(rows(found)).toEqual([
      ['Example', 'ann', 'pw1', ['https://a.example']],
      ['Bob', 'bob@b.example', 'p,"w2', []],
    ]);
    expect(found.entries[0]?.notes).toBe('two\nlines\nE-mail: ann@a.example\nSecurity question: Pet?');
    expect(await codeAt(found.entries[0]?.totp ?? '', AT)).toBe(CODE);
    expect(left(found).map(([, title, why]) => [title, why])).toEqual([['Only a note', 'other-kind']]);
  });
});

test('addresses of these products become sites', async () => {
  const { entries } = await read(
    'Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\nA,https://a.example/login,https://a.example,ann,pw,,,\n',
  );
  expect(planImport([], entries, 1, () => 'id').accounts[0]?.sites).toEqual(['https://a.example']);
});
