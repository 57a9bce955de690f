// Exports of other products, made up: the same logins, awkward in every way that a file can be got wrong, as each product writes them
// down, and the codes of authenticator apps. What is in them is told by nobody's reader.
import { createHmac } from 'node:crypto';
import { base32nopad } from '@scure/base';
import { zipSync } from 'fflate';
import { Consts, Credentials, Kdbx, ProtectedValue } from 'kdbxweb';

/** What one entry of a file has in it, as far as its format has a place for that. */
export interface Login {
  title: string;
  url: string;
  username: string;
  password: string;
  notes: string;
  code: Code | undefined;
}
interface Code {
  secret: string;
  algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  digits: number;
  period: number;
}

export interface ExportFile {
  format: string;
  name: string;
  password?: string;
  make(): Uint8Array | Promise<Uint8Array>;
  /** The entries, each without what the format has no place for. */
  holds: readonly Partial<Login>[];
}

/** At this moment the codes are compared, ms since 1970. */
export const AT = 1_700_000_000_000;

/** RFC 6238 by Node's own HMAC. */
export function codeNow({ secret, algorithm, digits, period }: Code): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(AT / 1000 / period)));
  const mac = createHmac(algorithm, base32nopad.decode(secret)).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

const USUAL: Code = { secret: 'JBSWY3DPEHPK3PXP', algorithm: 'SHA1', digits: 6, period: 30 };
const LONG: Code = { secret: '7ELGJSGXNCCTV3O6LKJWYFV2RA', algorithm: 'SHA512', digits: 8, period: 60 };
const CODES: readonly Code[] = [
  USUAL,
  LONG,
  { ...USUAL, secret: '4SJHB4GSD43FZBAI7C2HLRJGPQ', algorithm: 'SHA256' },
  { ...USUAL, digits: 8 },
  { ...LONG, algorithm: 'SHA1', digits: 6 },
];

const login = (more: Partial<Login>, at: number): Login => ({
  ...{ title: `Site ${at}`, url: `https://site${at}.example/sign-in`, username: `ann${at}@site.example` },
  ...{ password: `pw-${at}`, notes: '', code: undefined, ...more },
});
const LOGINS: readonly Login[] = [
  { code: USUAL },
  // Another account of the same site and name.
  { title: 'Site 0', url: 'https://site0.example/sign-in', username: 'ann0@site.example', password: 'another one' },
  { password: '",;\t\\"\'|""' },
  { password: ' blanks around ' },
  { password: '=1+1', username: "o'brien" },
  { password: '<b>&amp;</b>]]>', title: 'Tom & "Jerry" <x>' },
  { notes: 'first line\nsecond,\t"line"\n\nlast' },
  { title: '北区内网', username: '王小明', password: '密码🔑пароль', code: LONG },
  { password: 'x'.repeat(200) },
  { username: '' },
  { url: 'http://10.0.0.7:8080/a?b=c&d="e"' },
  { title: 'No address', url: '' },
].map(login);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value));
const uriOf = (code: Code | undefined, label = 'x'): string =>
  code
    ? `otpauth://totp/${encodeURIComponent(label)}?secret=${code.secret}&algorithm=${code.algorithm}&digits=${code.digits}&period=${code.period}`
    : '';

/** Columns by what stands in them; what is no field of a login stands there as it is. */
function table(format: string, columns: string, row: readonly string[]): ExportFile {
  const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const fields = ['title', 'url', 'username', 'password', 'notes'] as const;
  const lines = LOGINS.map((one) =>
    row.map((what) => {
      const field = fields.find((name) => name === what);
      return cell(field ? one[field] : what === 'code' ? uriOf(one.code) : what);
    }),
  );
  const has = new Set(row);
  const holds = LOGINS.map((one) =>
    Object.fromEntries([...fields, 'code' as const].filter((name) => has.has(name)).map((name) => [name, one[name]])),
  );
  const text = `${columns}\n${lines.map((line) => line.join(',')).join('\n')}\n`;
  return { format: `${format}, CSV`, name: 'export.csv', make: () => bytes(text), holds };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const keePassXml = (): string =>
  `<?xml version="1.0" encoding="utf-8"?><KeePassFile><Meta></Meta><Root><Group><Name>Root</Name>${LOGINS.map((one) => {
    const strings = {
      ...{ Title: one.title, URL: one.url, UserName: one.username, Password: one.password, Notes: one.notes },
      ...(one.code ? { otp: uriOf(one.code) } : {}),
    };
    const parts = Object.entries(strings).map(
      ([key, value]) => `<String><Key>${key}</Key><Value>${escaped(value)}</Value></String>`,
    );
    return `<Entry>${parts.join('')}</Entry>`;
  }).join('')}</Group></Root></KeePassFile>`;

async function kdbx(version: 3 | 4): Promise<Uint8Array> {
  const db = Kdbx.create(new Credentials(ProtectedValue.fromString('secret')), 'x');
  db.setVersion(version);
  if (version === 3) db.header.keyEncryptionRounds = 1;
  else db.setKdf(Consts.KdfId.Aes);
  for (const one of LOGINS) {
    const { fields } = db.createEntry(db.getDefaultGroup());
    const { title: Title, url: URL, username: UserName, notes: Notes } = one;
    for (const [key, value] of Object.entries({ Title, URL, UserName, Notes })) fields.set(key, value);
    fields.set('Password', ProtectedValue.fromString(one.password));
    if (one.code) fields.set('otp', ProtectedValue.fromString(uriOf(one.code)));
  }
  return new Uint8Array(await db.save());
}

const bitwarden = LOGINS.map(({ title, url, username, password, notes, code }) => ({
  ...{ type: 1, name: title, notes: notes || null, favorite: false, fields: [] },
  login: { uris: url ? [{ match: null, uri: url }] : [], username, password, totp: uriOf(code) || null },
}));
const onePassword = LOGINS.map(({ title, url, username, password, notes, code }) => ({
  ...{ uuid: title, favIndex: 0, createdAt: 1, updatedAt: 1, state: 'active', categoryUuid: '001' },
  overview: { title, url, urls: url ? [{ label: '', url }] : null },
  details: {
    loginFields: [
      { designation: 'username', value: username, fieldType: 'T', name: 'u' },
      { designation: 'password', value: password, fieldType: 'P', name: 'p' },
    ],
    notesPlain: notes,
    passwordHistory: [],
    sections: code ? [{ title: '', name: '', fields: [{ id: 'c', title: 'code', value: { totp: uriOf(code) } }] }] : [],
  },
}));
const protonPass = LOGINS.map(({ title, url, username, password, notes, code }) => ({
  ...{ state: 1, modifyTime: 1, pinned: false },
  data: {
    ...{ type: 'login', metadata: { name: title, note: notes, itemUuid: 'u' }, extraFields: [] },
    content: { itemEmail: '', itemUsername: username, password, urls: url ? [url] : [], totpUri: uriOf(code) },
  },
}));
const keeper = LOGINS.map(({ title, url, username, password, notes, code }) => ({
  ...{ uid: title, title, $type: 'login', login: username, password, login_url: url, notes, last_modified: 1 },
  custom_fields: code ? { '$oneTimeCode::1': uriOf(code) } : {},
}));
const enpass = LOGINS.map(({ title, url, username, password, notes, code }) => ({
  ...{ archived: 0, category: 'login', createdAt: 1, favorite: 0, note: notes, template_type: 'login.default', title },
  ...{ trashed: 0, updated_at: 1, uuid: title },
  fields: Object.entries({ username, password, url, totp: uriOf(code) }).map(([type, value]) => ({
    ...{ deleted: 0, label: type, order: 1, sensitive: 0, type, uid: 1, updated_at: 1, value, value_updated_at: 1 },
  })),
}));

/** Of authenticators: whose code, and the code. */
const APPS = CODES.map((code, at) => ({ title: `Site ${at}`, username: `ann${at}`, code }));
const app = (format: string, name: string, make: () => Uint8Array): ExportFile => ({ format, name, make, holds: APPS });
const appUri = ({ title, username, code }: (typeof APPS)[number]): string =>
  `${uriOf(code, `${title}:${username}`)}&issuer=${encodeURIComponent(title)}`;

export const EXPORTS: readonly ExportFile[] = [
  table('Chrome', 'name,url,username,password,note', ['title', 'url', 'username', 'password', 'notes']),
  table(
    'Firefox',
    '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed","timePasswordChanged"',
    ['url', 'username', 'password', '', '', '{1}', '1', '1', '1'],
  ),
  table('Safari', 'Title,URL,Username,Password,Notes,OTPAuth', [
    ...['title', 'url', 'username', 'password', 'notes', 'code'],
  ]),
  table(
    'Bitwarden',
    'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp',
    ['', '', 'login', 'title', 'notes', '', '0', 'url', 'username', 'password', 'code'],
  ),
  table('1Password', 'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes', [
    ...['title', 'url', 'username', 'password', 'code', 'false', 'false', '', 'notes'],
  ]),
  table('LastPass', 'url,username,password,totp,extra,name,grouping,fav', [
    ...['url', 'username', 'password', 'code', 'notes', 'title', '', '0'],
  ]),
  table('Dashlane', 'username,username2,username3,title,password,note,url,category,otpUrl', [
    ...['username', '', '', 'title', 'password', 'notes', 'url', '', 'code'],
  ]),
  table('Proton Pass', 'type,name,url,email,username,password,note,totp,createTime,modifyTime,vault', [
    ...['login', 'title', 'url', '', 'username', 'password', 'notes', 'code', '1', '1', 'Personal'],
  ]),
  table('KeePassXC', '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"', [
    ...['Root', 'title', 'username', 'password', 'url', 'notes', 'code', '0', '2024-01-01T00:00:00Z', ''],
  ]),
  table('a table in Chinese', '名称,网址,用户名,密码,备注', ['title', 'url', 'username', 'password', 'notes']),
  {
    ...{ format: 'Bitwarden, JSON', name: 'bitwarden.json', holds: LOGINS },
    make: () => json({ encrypted: false, folders: [], items: bitwarden }),
  },
  {
    ...{ format: '1Password, 1PUX', name: 'export.1pux', holds: LOGINS },
    make: () =>
      zipSync({
        'export.attributes': json({}),
        'export.data': json({ accounts: [{ attrs: {}, vaults: [{ attrs: {}, items: onePassword }] }] }),
      }),
  },
  {
    ...{ format: 'Proton Pass, ZIP', name: 'proton.zip', holds: LOGINS },
    make: () =>
      zipSync({ 'Proton Pass/data.json': json({ encrypted: false, vaults: { v: { name: 'P', items: protonPass } } }) }),
  },
  {
    ...{ format: 'Keeper, JSON', name: 'keeper.json', holds: LOGINS },
    make: () => json({ shared_folders: [], records: keeper }),
  },
  {
    ...{ format: 'Enpass, JSON', name: 'enpass.json', holds: LOGINS },
    make: () => json({ folders: [], items: enpass }),
  },
  { ...{ format: 'KeePass, KDBX 3', name: 'keepass.kdbx', password: 'secret', holds: LOGINS }, make: () => kdbx(3) },
  { ...{ format: 'KeePass, KDBX 4', name: 'keepass.kdbx', password: 'secret', holds: LOGINS }, make: () => kdbx(4) },
  { ...{ format: 'KeePass, XML', name: 'keepass.xml', holds: LOGINS }, make: () => bytes(keePassXml()) },
  app('otpauth: addresses', 'codes.txt', () => bytes(APPS.map(appUri).join('\n'))),
  app('2FAS', 'codes.2fas', () =>
    json({
      ...{ groups: [], schemaVersion: 4 },
      services: APPS.map(({ title, username, code: { secret, ...otp } }) => ({
        ...{ name: title, secret },
        otp: { ...otp, label: username, account: username, issuer: title, tokenType: 'TOTP' },
      })),
    }),
  ),
  app('Aegis', 'aegis.json', () =>
    json({
      ...{ version: 1, header: { slots: null, params: null } },
      db: {
        ...{ version: 3, groups: [] },
        entries: APPS.map(({ title, username, code: { algorithm, ...info } }) => ({
          ...{ type: 'totp', name: username, issuer: title, note: '', favorite: false, icon: null },
          info: { ...info, algo: algorithm },
        })),
      },
    }),
  ),
  app('andOTP', 'otp_accounts.json', () =>
    json(
      APPS.map(({ title, username, code }) => ({ ...code, issuer: title, label: username, type: 'TOTP', tags: [] })),
    ),
  ),
  app('Proton Authenticator', 'proton.json', () =>
    json({
      version: 1,
      entries: APPS.map((one) => ({
        ...{ id: one.title, note: null },
        content: { uri: appUri(one), entry_type: 'Totp', name: one.username },
      })),
    }),
  ),
];
