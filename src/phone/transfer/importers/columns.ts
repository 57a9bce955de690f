// What the columns of a table of passwords are called: products differ in nothing else, so one table serves them all.

import type { Columns } from './entry.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What a column may hold. */
export type Column = keyof typeof NAMES;

/** Names without case, blanks and marks; the first that a file has counts, and a column counts once. */
const NAMES = {
  password: `
    password loginpassword pwd pass passphrase 密码 密碼 口令 登录密码 パスワード 비밀번호 암호 passwort kennwort motdepasse
    contraseña contrasena clave senha palavrapasse wachtwoord пароль hasło haslo şifre sifre parola lösenord
    adgangskode passord salasana heslo jelszó mậtkhẩu katasandi รหัสผ่าน كلمةالمرور סיסמה
  `,
  username: `
    username loginusername login loginname user userid loginid benutzername benutzer anmeldename nomdutilisateur
    utilisateur identifiant usuario usuário nombredeusuario nomedeusuário nomedousuário nomeutente utente
    gebruikersnaam имяпользователя пользователь логин użytkownik nazwaużytkownika kullanıcıadı 用户名 用户名称 账号 帐号 账户
    帐户 账户名 登录名 登录账号 用户 使用者名稱 帳號 帳戶 ユーザー名 ユーザ名 ユーザーid ログインid アカウント 사용자이름 사용자명 아이디 계정 account accountname
  `,
  email: 'email emailaddress mail username2 邮箱 电子邮箱 電子郵件 メールアドレス 이메일 почта',
  url: `
    url loginuri website websites websiteurl websiteaddress webaddress urls loginurl weburl uri link webseite webadresse
    internetadresse adresse adresseweb siteweb siteinternet sitioweb sitoweb сайт адрес вебсайт witryna strona
    网址 网站 链接 地址 网站地址 網址 網站 サイト ウェブサイト アドレス 웹사이트 사이트 주소 address hostname site domain
  `,
  title: `
    name title account itemname nickname grouptitle titel titre título titulo titolo naam nom nombre nome bezeichnung название
    заголовок nazwa tytuł başlık 标题 名称 標題 名稱 タイトル 名前 제목 이름 label site sitename service dienst
    servicio serviço servizio app application 应用 服务 平台 サービス 서비스 сервис
  `,
  notes: `
    notes note extra comments comment notiz notizen bemerkung bemerkungen anmerkungen kommentar remarques
    commentaire commentaires notas nota opmerkingen notities заметки заметка примечание комментарий uwagi
    notatki notlar 备注 备忘 说明 備註 備忘錄 附註 メモ 備考 ノート 메모 비고
  `,
  totp: `
    totp logintotp otpauth otpurl otpsecret otp totpseed totpsecret authenticatorkey onetimepassword
    twofactorsecret 2fa 验证码密钥 驗證碼金鑰
  `,
  favourite: 'favorite fav favourite',
  archived: 'archived archiveddate',
  group: 'group',
  tenant: 'tenant',
  kind: 'type',
  at: 'timepasswordchanged passwordmodifiedtime modifytime lastmodified updatedat modified',
  fields: 'fields',
};

/** Bookkeeping of the product that nobody typed; the folders that an item lay in. */
const IDLE = new Set(
  words(`
    httprealm formactionorigin guid uuid id timecreated timelastused timelastmodified createtime created createdtime
    createdat icon reprompt matchurl folder grouping category tags vault collections
    autologin autofill lastused lastaccessed passwordstrength favicon
  `),
);

/** Columns that give a product away; the first row that fits names the source. */
const SOURCES: readonly (readonly [source: string, ...columns: string[]])[] = [
  ['Firefox', 'formactionorigin', 'httprealm'],
  ['Scankey', 'loginuri', 'tenant'],
  ['Bitwarden', 'loginuri', 'loginpassword'],
  ['1Password', 'otpauth', 'favorite', 'archived'],
  ['Safari', 'title', 'url', 'otpauth'],
  ['LastPass', 'extra', 'grouping', 'fav'],
  ['Dashlane', 'username2', 'username3', 'category'],
  ['Proton Pass', 'createtime', 'modifytime', 'vault'],
  ['KeePassXC', 'group', 'title', 'lastmodified'],
  ['KeePass', 'account', 'loginname', 'website', 'comments'],
  ['Chrome', 'name', 'url', 'username', 'password'],
];

const plain = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');

/** What a person must be able to find again: whose password it is, and for what. */
export const isWhole = ({ source, places, others }: Heading): boolean => {
  const [name, site] = [
    ['username', 'email'],
    ['url', 'title'],
  ].map((either) => either.some((column) => places.has(column as Column)));
  // Of a table of nobody's making, a column that is not known may be the one that is missing.
  return (
    places.has('password') && (source !== 'CSV' || others.size === 0 ? Boolean(name || site) : Boolean(name && site))
  );
};

export interface Heading {
  source: string;
  places: ReadonlyMap<Column, number>;
  /** Columns that nothing is known of, and that somebody may have filled in: their names by their places. */
  others: ReadonlyMap<number, string>;
}

/** Understands the first row of a table as far as it can be; `isWhole` tells whether that is enough. */
export function understand(row: readonly string[]): Heading {
  const names = row.map(plain);
  const places = new Map<Column, number>();
  const taken = new Set<number>();
  for (const [column, known] of Object.entries(NAMES)) {
    const place = words(known)
      .map((name) => names.indexOf(name))
      .find((at) => at >= 0 && !taken.has(at));
    if (place === undefined) continue;
    places.set(column as Column, place);
    taken.add(place);
  }
  const others = [...names.entries()].filter(([at, name]) => name !== '' && !taken.has(at) && !IDLE.has(name));
  return {
    source: SOURCES.find(([, ...marks]) => marks.every((mark) => names.includes(mark)))?.[0] ?? 'CSV',
    places,
    others: new Map(others.map(([at]) => [at, (row[at] ?? '').trim()])),
  };
}

/** A first row as the person understands it: whatever they do not speak of goes on under its own name. */
export function understoodBy(columns: Columns, row: readonly string[]): Heading {
  const { places, others } = understand(row);
  const said = new Map(Object.entries(columns) as [Column, number][]);
  const unsaid = [...places.values(), ...others.keys()].filter((at) => ![...said.values()].includes(at));
  return {
    source: 'CSV',
    places: said,
    others: new Map(unsaid.sort((a, b) => a - b).map((at) => [at, (row[at] ?? '').trim()])),
  };
}
