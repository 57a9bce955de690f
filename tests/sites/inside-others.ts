// Pages inside applications in the other languages of the vocabulary: what must not be pressed is said in each of them.
import { box, button, dialog, field, form, type InsidePage, page, secret } from './inside-parts.ts';

/** By language: what deletes, the label of the password there, its button; what ends other sessions; the key of a wireless network, and what saves it. */
const WORDS: Record<
  string,
  readonly [remove: string, password: string, removes: string, leave: string, key: string, save: string]
> = {
  de: [
    'Konto löschen',
    'Passwort',
    'Konto endgültig löschen',
    'Von allen Geräten abmelden',
    'WLAN-Netzwerkschlüssel',
    'Übernehmen',
  ],
  fr: [
    'Supprimer mon compte',
    'Mot de passe',
    'Supprimer définitivement',
    'Se déconnecter partout',
    'Clé Wi-Fi',
    'Enregistrer',
  ],
  es: [
    'Eliminar cuenta',
    'Contraseña',
    'Eliminar mi cuenta',
    'Cerrar todas las sesiones',
    'Clave de la red Wi-Fi',
    'Guardar',
  ],
  pt: [
    'Excluir conta',
    'Senha',
    'Excluir minha conta',
    'Sair de todos os dispositivos',
    'Senha da rede Wi-Fi',
    'Salvar',
  ],
  it: [
    'Elimina account',
    'Password',
    'Elimina definitivamente',
    'Esci da tutti i dispositivi',
    'Chiave di rete Wi-Fi',
    'Salva',
  ],
  ru: ['Удаление аккаунта', 'Пароль', 'Удалить аккаунт', 'Выйти на всех устройствах', 'Ключ сети Wi-Fi', 'Сохранить'],
  nl: [
    'Account verwijderen',
    'Wachtwoord',
    'Account verwijderen',
    'Uitloggen op alle apparaten',
    'Wifi-sleutel',
    'Opslaan',
  ],
  pl: ['Usuń konto', 'Hasło', 'Usuń konto', 'Wyloguj ze wszystkich urządzeń', 'Klucz sieci Wi-Fi', 'Zapisz'],
  tr: ['Hesabı sil', 'Şifre', 'Hesabımı sil', 'Tüm cihazlardan çıkış yap', 'Wi-Fi anahtarı', 'Kaydet'],
  ar: ['حذف الحساب', 'كلمة المرور', 'حذف حسابي', 'تسجيل الخروج من جميع الأجهزة', 'مفتاح شبكة Wi-Fi', 'حفظ'],
  ja: ['退会手続き', 'パスワード', '退会する', 'すべての端末からログアウト', '暗号化キー', '保存'],
  ko: ['회원 탈퇴', '비밀번호', '탈퇴하기', '모든 기기에서 로그아웃', 'Wi-Fi 암호', '저장'],
  'zh-TW': ['刪除帳號', '密碼', '永久刪除', '登出所有裝置', 'Wi-Fi 密碼', '儲存'],
};

const none = (lang: string, title: string, body: string, path?: string) => page('nothing', lang, title, body, path);
const again = (lang: string, title: string, body: string, path?: string) => page('fill-only', lang, title, body, path);

const every = Object.entries(WORDS).flatMap(
  ([lang, [remove, password, removes, leave, key, save]]): [string, InsidePage][] => [
    [
      `${lang}: account is deleted`,
      none(lang, remove, form(`<h1>${remove}</h1>`, secret(password), button(removes)), '/account'),
    ],
    [
      `${lang}: all other sessions are ended`,
      none(lang, leave, box(`<h2>${leave}</h2>`, secret(password), button(leave, 'type="button"')), '/devices'),
    ],
    [
      `${lang}: key of a wireless network`,
      none(
        lang,
        'Wi-Fi',
        form('<h2>Wi-Fi</h2>', field('SSID', 'name="ssid"'), secret(key, 'name="key"'), button(save)),
        '/wlan',
      ),
    ],
  ],
);

export const INSIDE_OTHERS: Record<string, InsidePage> = {
  ...Object.fromEntries(every),
  'de: Zugangsdaten des Anbieters': none(
    'de',
    'Internet – Zugangsdaten',
    form(
      '<h2>Zugangsdaten</h2><p>Internetanbieter: Ward Telekom</p>',
      field('Benutzername', 'name="uiUser"'),
      secret('Kennwort', 'name="uiPass"'),
      button('Übernehmen'),
      button('Abbrechen', 'type="button"'),
    ),
    '/internet/dsl',
  ),
  'de: Überweisung': none(
    'de',
    'Überweisung',
    form(
      '<h1>Überweisung bestätigen</h1>',
      field('Empfänger'),
      field('Betrag'),
      secret('Online-PIN', 'name="pin"'),
      button('Ausführen'),
    ),
    '/banking',
  ),
  'de: Push-Dienst mit Anmeldung': none(
    'de',
    'Push Service',
    form(
      '<h2>Absender</h2>',
      field('E-Mail-Adresse', 'name="mail"'),
      secret('Kennwort'),
      field('SMTP-Server'),
      button('Weiter'),
    ),
    '/push',
  ),
  'de: Bewertung mit Passwort': none(
    'de',
    'Gästebuch',
    form(
      '<h3>Kommentar schreiben</h3>',
      field('Name'),
      secret('Passwort'),
      '<textarea></textarea>',
      button('Absenden'),
    ),
    '/guestbook',
  ),
  'de: noch einmal': again(
    'de',
    'Bestätigung',
    form(
      '<h1>Bestätigen Sie Ihre Identität</h1><p>Bitte geben Sie Ihr Passwort erneut ein, um fortzufahren.</p>',
      secret('Passwort', 'name="password" data-may="password"'),
      button('Weiter'),
    ),
    '/confirm',
  ),
  'fr: compte de messagerie': none(
    'fr',
    'Comptes',
    form(
      '<h1>Ajouter un compte de messagerie</h1>',
      field('Adresse e-mail', 'name="email"'),
      secret('Mot de passe'),
      field('Serveur IMAP'),
      button('Continuer'),
    ),
    '/mail',
  ),
  'fr: virement': none(
    'fr',
    'Virement',
    form('<h1>Valider le virement</h1><p>1 250,00 € à A. Martin</p>', secret('Mot de passe'), button('Valider')),
    '/virement',
  ),
  'fr: identité, encore une fois': again(
    'fr',
    'Confirmation',
    form(
      '<h1>Confirmez votre identité</h1><p>Saisissez à nouveau votre mot de passe pour continuer.</p>',
      secret('Mot de passe', 'name="password" data-may="password"'),
      button('Confirmer'),
    ),
    '/confirmation',
  ),
  'ja: 振込': none(
    'ja',
    '振込',
    form('<h1>振込内容の確認</h1>', secret('取引暗証番号', 'name="anshou" maxlength="4"'), button('実行')),
    '/transfer',
  ),
  'ja: メールアカウント': none(
    'ja',
    'メールアカウント',
    form(
      '<h1>受信サーバーの設定</h1>',
      field('サーバー名'),
      field('ユーザー名', 'name="user"'),
      secret('パスワード'),
      button('次へ'),
    ),
    '/mail',
  ),
  'ja: プロバイダー接続': none(
    'ja',
    'PPPoE設定',
    form('<h2>PPPoE接続先設定</h2>', field('ユーザー名', 'name="id"'), secret('パスワード'), button('設定')),
    '/pppoe',
  ),
  'ja: 本人確認': again(
    'ja',
    '本人確認',
    form(
      '<h1>本人確認</h1><p>続けるには、パスワードを再入力してください。</p>',
      secret('パスワード', 'name="password" data-may="password"'),
      button('次へ'),
    ),
    '/reauth',
  ),
  'ru: PPPoE': none(
    'ru',
    'Интернет',
    form(
      '<h2>Подключение PPPoE</h2>',
      field('Имя пользователя', 'name="user"'),
      secret('Пароль'),
      button('Подключить'),
    ),
    '/internet',
  ),
  'ru: прокси': none(
    'ru',
    'Настройки сети',
    form('<h2>Прокси-сервер</h2>', field('Сервер'), field('Логин', 'name="login"'), secret('Пароль'), button('ОК')),
    '/proxy',
  ),
  'ru: почта': none(
    'ru',
    'Сбор почты',
    form(
      '<h1>Сбор почты с других ящиков</h1>',
      field('Почта', 'name="email"'),
      secret('Пароль'),
      button('Включить сборщик'),
    ),
    '/collectors',
  ),
  'ru: это вы': again(
    'ru',
    'Подтверждение',
    form(
      '<h1>Подтвердите, что это вы</h1><p>Введите пароль ещё раз, чтобы продолжить.</p>',
      secret('Пароль', 'name="password" data-may="password"'),
      button('Продолжить'),
    ),
    '/confirm',
  ),
  'es: transferencia': none(
    'es',
    'Transferencias',
    form('<h1>Confirmar transferencia</h1>', field('Importe'), secret('Clave de operaciones'), button('Confirmar')),
    '/transferencias',
  ),
  'es: administrador crea usuario': none(
    'es',
    'Usuarios',
    form('<h1>Nuevo usuario</h1>', field('Usuario', 'name="usuario"'), secret('Contraseña'), button('Crear usuario')),
    '/usuarios/nuevo',
  ),
  'ko: 비밀글': none(
    'ko',
    '게시판',
    form(
      '<h1>비밀글입니다</h1><p>글 작성 시 입력한 비밀번호를 입력해 주세요.</p>',
      secret('비밀번호', 'name="wr_password"'),
      button('확인'),
    ),
    '/bbs/password.php',
  ),
  'ko: 글 삭제': none(
    'ko',
    '게시판',
    dialog('글을 삭제합니다', form(secret('비밀번호'), button('확인'))),
    '/bbs/delete.php',
  ),
  'pt: transferência': none(
    'pt',
    'Pix',
    form(
      '<h1>Confirmar Pix de R$ 250,00</h1>',
      secret('Senha de 6 dígitos', 'name="senha" maxlength="6"'),
      button('Confirmar'),
    ),
    '/pix',
  ),
  'it: bonifico': none(
    'it',
    'Bonifico',
    form('<h1>Conferma bonifico</h1>', secret('Password dispositiva'), button('Conferma')),
    '/bonifico',
  ),
  'nl: netwerkschijf': none(
    'nl',
    'Externe opslag',
    form(
      '<h2>Externe opslag toevoegen</h2>',
      field('Server'),
      field('Gebruikersnaam', 'name="user"'),
      secret('Wachtwoord'),
      button('Toevoegen'),
    ),
    '/storage',
  ),
  'pl: baza danych': none(
    'pl',
    'Instalacja',
    form(
      '<h1>Połączenie z bazą danych</h1>',
      field('Użytkownik bazy', 'name="db_user"'),
      secret('Hasło bazy'),
      button('Dalej'),
    ),
    '/install',
  ),
  'tr: internet ayarları': none(
    'tr',
    'İnternet',
    form('<h2>PPPoE ayarları</h2>', field('Kullanıcı adı', 'name="user"'), secret('Şifre'), button('Bağlan')),
    '/wan',
  ),
  'zh-TW: 轉帳': none(
    'zh-TW',
    '轉帳',
    form('<h1>確認轉帳</h1>', field('轉入帳號', 'name="account"'), secret('交易密碼'), button('確定')),
    '/transfer',
  ),
  'ar: تحويل': none(
    'ar',
    'تحويل',
    form('<h1>تأكيد التحويل</h1>', field('المبلغ'), secret('كلمة المرور'), button('تأكيد')),
    '/transfer',
  ),
};
