// Kinds of forms, several pages each: what a sign-in puts where, and what it presses. `data-want` says it on the page itself: `name`,
// `password` or `code` on a field, `press` on the button; whatever has none stays empty and is not pressed. The path says nothing.

const form = (inner: string, heading = '', rest = '') =>
  `${heading && `<h1>${heading}</h1>`}<form method="post">${inner}</form>${rest}`;
const field = (label: string, want: string, attributes = '') =>
  `<p><label>${label} <input ${want && `data-want="${want}"`} ${attributes}></label></p>`;
const hidden = (label: string, want: string, attributes = '') => field(label, want, `type="password" ${attributes}`);
const button = (says: string, want = '', attributes = '') =>
  `<button ${want && `data-want="${want}"`} ${attributes}>${says}</button>`;
const boxes = (attributes = 'maxlength="1" inputmode="numeric" style="width:30px"') =>
  Array.from({ length: 6 }, (_, i) => `<input data-want="code" ${attributes} aria-label="Digit ${i + 1}">`).join('');

/** Something is deleted, given away, shown, bought or set up: nothing is filled. */
const LEFT: Record<string, string> = {
  'delete the account': form(hidden('Password', '') + button('Delete my account'), 'Delete account'),
  'delete, by "Continue"': form(
    hidden('Current password', '', 'autocomplete="current-password"') + button('Continue'),
    'Delete your account',
    '<a href="/forgot">Forgot password?</a>',
  ),
  'a number of a person, alone': form(field('Social Security number', '') + button('Log in'), 'Verify your identity'),
  'a card’s own number, alone': form(field('CVV', '') + button('Authenticate'), 'Your bank'),
  'an account to be paid into, alone': form(field('IBAN', '') + button('Continue'), 'Sign in to get paid'),
  'delete, in Chinese': form(hidden('登录密码', '') + button('确定'), '注销账号'),
  'delete, in German': form(hidden('Passwort', '') + button('Bestätigen'), 'Konto löschen'),
  'delete, in French': form(hidden('Mot de passe', '') + button('Confirmer'), 'Supprimer le compte'),
  'delete, in Russian': form(hidden('Пароль', '') + button('Продолжить'), 'Удаление аккаунта'),
  'delete, in Japanese': form(hidden('パスワード', '') + button('次へ'), 'アカウントの削除'),
  'leave an organisation': form(hidden('Confirm your password', '') + button('Leave'), 'Leave this organization'),
  'transfer of ownership': form(hidden('Confirm your password', '') + button('Continue'), 'Transfer ownership'),
  'transfer, in Chinese': form(hidden('请输入密码确认', '') + button('确认转账'), '转账'),
  'export of the data': form(
    `<p>Confirm your password to export everything.</p>${hidden('Password', '')}${button('Continue')}`,
  ),
  'view of recovery codes': form(
    hidden('Password', '') + button('Next'),
    '',
    '<p>Enter your password to view your recovery codes.</p>',
  ),
  'two factors off': form(hidden('Password', '') + button('Disable'), 'Turn off two-factor authentication'),
  'a purchase': form(hidden('Password', '') + button('Buy now'), 'Confirm your order'),
  'Wi-Fi key': form(field('Network name', '', 'value="Ward"') + hidden('Password', '') + button('Connect'), 'Wi-Fi'),
  'Wi-Fi key, in Chinese': form(hidden('无线密码', '') + button('确定'), '无线设置'),
  'WPA passphrase': form(hidden('WPA2 pre-shared key', '') + button('OK')),
  'PPPoE, in Chinese': form(field('宽带账号', '') + hidden('宽带密码', '') + button('连接')),
  'PPPoE, in German': form(
    field('Benutzername', '', 'name="ppp_user"') + hidden('Passwort', '', 'name="ppp_pass"') + button('Übernehmen'),
    'Internetzugang',
  ),
  proxy: form(
    field('Proxy server', '') + field('User name', '') + hidden('Proxy password', '') + button('OK'),
    'Network',
  ),
  'mail account': form(
    field('E-mail', '', 'type="email"') +
      hidden('Password', '') +
      field('IMAP server', '') +
      field('SMTP server', '') +
      button('Continue'),
    'Add a mail account',
  ),
  'outgoing mail': form(field('SMTP user', '') + hidden('SMTP password', '') + button('Test connection')),
  'save, in Spanish': form(field('Usuario', '') + hidden('Contraseña', '') + button('Guardar'), 'Datos de acceso'),
  'save, in Japanese': form(field('ユーザー名', '') + hidden('パスワード', '') + button('保存'), 'データベース'),
  'a new e-mail': form(field('New e-mail', '', 'type="email"') + hidden('Password', '') + button('Change e-mail')),
  'a new e-mail, alone': form(field('New e-mail', '', 'type="email"') + button('Continue'), 'Log-in details'),
  'a new user, by an admin': form(field('User name', '') + hidden('Password', '') + button('Add user'), 'Users'),
  'a sign-up by shape': form(field('E-mail', '', 'type="email"') + hidden('Password', '') + button('Continue')),
  'a sign-up by shape, in Chinese': form(
    field('邮箱', '', 'type="email"') + hidden('密码', '') + button('下一步'),
    '开始使用',
  ),
  'a sign-up below its words': `<main><div><div><p>Create an account to see your results</p></div></div><section>${form(field('E-mail or phone', '') + hidden('Password', '') + button('Next'))}</section></main>`,
  'a lone password': form(hidden('Password', '') + button('OK')),
  'a recovery code': form(field('Recovery code', '', 'maxlength="8"') + button('Verify'), 'Two-factor authentication'),
  'a backup code, in German': form(field('Ersatzcode', '') + button('Weiter'), 'Zwei-Faktor-Anmeldung'),
  'the code of a gift': form(field('Code', '', 'maxlength="8"') + button('Redeem'), 'Gift card'),
  'the PIN of a card': form(
    field('Card number', '', 'inputmode="numeric"') +
      field('PIN', '', 'inputmode="numeric" maxlength="4"') +
      button('Check balance'),
  ),
  'a code by message': form(
    `<p>We sent a code to your phone.</p>${field('Code', '', 'maxlength="6"')}${button('Verify')}`,
  ),
  'delete, in Spanish': form(hidden('Contraseña', '') + button('Eliminar cuenta'), 'Eliminar cuenta'),
  'delete, in Portuguese': form(hidden('Senha', '') + button('Continuar'), 'Excluir conta'),
  'delete, in Italian': form(hidden('Password', '') + button('Conferma'), 'Elimina account'),
  'delete, in Dutch': form(hidden('Wachtwoord', '') + button('Bevestigen'), 'Account verwijderen'),
  'delete, in Polish': form(hidden('Hasło', '') + button('Potwierdź'), 'Usuń konto'),
  'delete, in Turkish': form(hidden('Şifre', '') + button('Devam'), 'Hesabı sil'),
  'delete, in Korean': form(hidden('비밀번호', '') + button('확인'), '계정 삭제'),
  'delete, in Arabic': form(hidden('كلمة المرور', '') + button('متابعة'), 'حذف الحساب'),
  'delete, in traditional Chinese': form(hidden('密碼', '') + button('確定'), '刪除帳號'),
  'confirmed deletion, in Spanish': form(
    hidden('Contraseña', '') + button('Continuar'),
    '',
    '<p>Confirma tu contraseña para eliminar la cuenta</p>',
  ),
  'confirmed deletion, in German': form(
    hidden('Passwort', '') + button('Weiter'),
    'Bestätigen Sie Ihr Passwort, um das Konto zu löschen',
  ),
  'confirmed export, in French': form(
    hidden('Mot de passe', '') + button('Valider'),
    'Confirmez votre mot de passe pour exporter vos données',
  ),
  'a key is shown, in Chinese': form(hidden('登录密码', '') + button('确定'), '请输入登录密码以查看密钥'),
  'a key is shown, in Japanese': form(
    hidden('パスワード', '') + button('確認'),
    'シークレットを表示するにはパスワードを入力してください',
  ),
  'save, in Chinese': form(field('用户名', '') + hidden('密码', '') + button('保存'), '登录设置'),
  'save, in French': form(
    field('Identifiant', '') + hidden('Mot de passe', '') + button('Enregistrer'),
    'Paramètres de connexion',
  ),
  'save, in Russian': form(field('Логин', '') + hidden('Пароль', '') + button('Сохранить'), 'Данные для входа'),
  'save, in Polish': form(field('Login', '') + hidden('Hasło', '') + button('Zapisz'), 'Ustawienia logowania'),
  'save, in Turkish': form(field('Kullanıcı adı', '') + hidden('Parola', '') + button('Kaydet'), 'Veritabanı'),
  'save, in Korean': form(field('사용자', '') + hidden('비밀번호', '') + button('저장'), '메일 서버'),
  'save, in Arabic': form(field('اسم المستخدم', '') + hidden('كلمة المرور', '') + button('حفظ'), 'الإعدادات'),
  'save, in traditional Chinese': form(field('使用者名稱', '') + hidden('密碼', '') + button('儲存'), '設定'),
  "a router's own password": form(
    field('Router user name', '', 'value="admin"') + hidden('Router password', '') + button('Apply'),
    'System tools',
  ),
  'dynamic DNS': form(
    field('Host', '') + field('User name', '') + hidden('Password', '') + button('Submit'),
    'Dynamic DNS (DDNS)',
  ),
  'a VPN': form(
    field('VPN server', '') + field('User name', '') + hidden('Password', '') + button('Connect'),
    'VPN connection',
  ),
  'a target of backups': form(
    field('FTP host', '') + field('FTP user', '') + hidden('FTP password', '') + button('Test'),
    'Backup target',
  ),
  'a database': form(
    field('Host', '') + field('User', '') + hidden('Password', '') + field('Database', '') + button('Test connection'),
    'Database connection',
  ),
  'an account is closed': form(hidden('Enter your password', '') + button('Close my account'), 'Close account'),
  'a subscription ends': form(hidden('Password', '') + button('Cancel subscription'), 'Cancel subscription'),
  'deactivate, under "Login & security"':
    `<div class="login-settings">` +
    form(hidden('Password', '', 'autocomplete="current-password"') + button('Deactivate'), 'Login & security') +
    `</div>`,
  'new recovery codes': form(hidden('Password', '') + button('Regenerate codes'), 'Recovery codes'),
  'an API key': form(hidden('Password', '') + button('Show API key'), 'API key'),
  'a new user name': form(
    field('New user name', '') +
      hidden('Current password', '', 'autocomplete="current-password"') +
      button('Change user name'),
  ),
  'a profile': form(
    field('E-mail', '', 'type="email" value="a@b.cd"') +
      hidden('Current password', '', 'autocomplete="current-password"') +
      button('Save changes'),
    'Profile',
  ),
  'an invitation': form(field('E-mail', '', 'type="email"') + button('Invite'), 'Team'),
  'other sessions end': form(hidden('Password', '') + button('Log out other sessions'), 'Browser sessions'),
  'a withdrawal': form(hidden('Password', '') + button('Withdraw'), 'Withdraw funds'),
  'a sign-up: "Get started"': form(
    field('E-mail', '', 'type="email"') + hidden('Password', '') + button('Get started'),
    'Try it free',
  ),
  'a sign-up, by the length of its password': form(
    field('Work e-mail', '', 'type="email"') +
      hidden('Password', '', 'placeholder="At least 8 characters"') +
      button('Continue'),
  ),
  'a sign-up by shape, in Russian': form(
    field('Адрес почты', '', 'type="email"') + hidden('Пароль', '') + button('Продолжить'),
    'Начните бесплатно',
  ),
  'a sign-up by shape, in Japanese': form(
    field('メールアドレス', '', 'type="email"') + hidden('パスワード', '') + button('次へ'),
    'はじめましょう',
  ),
  'a newsletter': form(field('E-mail', '', 'type="email"') + button('Send'), 'Our newsletter'),
  'a quote': form(field('E-mail', '', 'type="email"') + button('Continue'), 'Get a quote'),
  'an order is tracked': form(
    field('Order number', '') + field('E-mail', '', 'type="email"') + button('Continue'),
    'Track your order',
  ),
  'a backup code, in Portuguese': form(
    field('Código de recuperação', '') + button('Continuar'),
    'Verificação em duas etapas',
  ),
  'a backup code, in Chinese': form(field('备用验证码', '') + button('验证'), '两步验证'),
  'a backup code, in French': form(field('Code de secours', '') + button('Valider'), 'Double authentification'),
  'a backup code, in Russian': form(field('Резервный код', '') + button('Продолжить'), 'Двухфакторная аутентификация'),
  'a backup code, in Japanese': form(field('バックアップコード', '') + button('次へ'), '2段階認証'),
  'a product is activated': form(
    field('Activation code', '', 'maxlength="8"') + button('Activate'),
    'Activate your product',
  ),
  'the code of a device': form(
    field('Code', '', 'maxlength="8"') + button('Next'),
    'Connect a device',
    '<p>Enter the code displayed on your TV</p>',
  ),
  'the code of an offer': form(field('Promo code', '') + button('Apply')),
  'the balance of a card': form(field('Card number', '') + button('Check balance'), 'Gift card'),
  "a card's code": form(
    field('Security code', '', 'maxlength="4" inputmode="numeric"') +
      field('Expiry date', '') +
      field('Card number', '') +
      button('Continue'),
    'Payment',
  ),
  'a code that turns two factors off': form(
    field('6-digit code', '', 'maxlength="6"') + button('Disable two-factor'),
    'Two-factor authentication',
  ),
  'a code by message, in Spanish': form(
    `<p>Te hemos enviado un código por SMS</p>${field('Código', '', 'maxlength="6"')}${button('Verificar')}`,
  ),
  'a code by message, in Chinese': form(
    `<p>验证码已发送至手机</p>${field('验证码', '', 'maxlength="6"')}${button('确定')}`,
  ),
  'a code by e-mail': form(
    field('Code', '', 'maxlength="6"') + button('Verify'),
    'Check your email',
    '<p>We emailed a 6-digit code to you</p>',
  ),
};

/** A site asks once more for the password of somebody who is in: filled, and not sent. */
const CONFIRMED: Record<string, string> = {
  'sudo mode': form(
    hidden('Password', 'password') + button('Confirm'),
    'Confirm access',
    '<p>You are entering sudo mode.</p><a href="/reset">Forgot password?</a>',
  ),
  'to continue': form(hidden('Password', 'password') + button('Continue'), 'Confirm your password to continue'),
  'this is a secure area': form(
    hidden('Password', 'password') + button('Confirm'),
    '',
    '<p>This is a secure area. Please confirm your password before continuing.</p>',
  ),
  'in Chinese': form(hidden('密码', 'password') + button('确认'), '验证身份', '<p>请输入密码以继续</p>'),
  'in German': form(hidden('Passwort', 'password') + button('Weiter'), 'Bestätigen Sie Ihr Passwort, um fortzufahren'),
  'in French': form(hidden('Mot de passe', 'password') + button('Valider'), 'Confirmez votre mot de passe'),
  'in Russian': form(hidden('Пароль', 'password') + button('Продолжить'), 'Подтвердите пароль'),
  'who it is': form(
    hidden('Enter your password', 'password') + button('Next'),
    "To continue, first verify it's you",
    '<p>robin@example.org</p>',
  ),
  'in Spanish': form(hidden('Contraseña', 'password') + button('Continuar'), 'Confirma tu contraseña para continuar'),
  'in Portuguese': form(hidden('Senha', 'password') + button('Confirmar'), 'Confirme sua senha'),
  'in Italian': form(hidden('Password', 'password') + button('Conferma'), 'Conferma la password per continuare'),
  'in Dutch': form(hidden('Wachtwoord', 'password') + button('Doorgaan'), 'Bevestig je wachtwoord'),
  'in Polish': form(hidden('Hasło', 'password') + button('Dalej'), 'Potwierdź hasło, aby kontynuować'),
  'in Turkish': form(hidden('Şifre', 'password') + button('Devam'), 'Devam etmek için şifrenizi onaylayın'),
  'in Korean': form(hidden('비밀번호', 'password') + button('확인'), '계속하려면 비밀번호를 다시 입력하세요'),
  'in Japanese': form(hidden('パスワード', 'password') + button('確認'), '続行するにはパスワードを入力してください'),
  'in traditional Chinese': form(hidden('密碼', 'password') + button('繼續'), '驗證身分', '<p>請再次輸入密碼</p>'),
  'in Arabic': form(hidden('كلمة المرور', 'password') + button('متابعة'), 'تأكيد كلمة المرور'),
  'once more, in Chinese': form(hidden('密码', 'password') + button('确定'), '请再次输入密码'),
  'once more': form(hidden('Password', 'password') + button('Submit'), 'Please re-enter your password'),
};

/** Sign-ins whose fields or buttons are unlike others. */
const SIGN_INS: Record<string, string> = {
  'a lone password under "Log in"': form(hidden('Password', 'password') + button('Log in', 'press')),
  'a lone password beside who it is': form(
    `<p>robin@example.org</p>${hidden('Password', 'password')}${button('Next', 'press')}`,
  ),
  'a lone password, with a greeting': form(hidden('密码', 'password') + button('下一步', 'press'), '欢迎，罗宾'),
  'a lone password, by a link': form(
    hidden('Password', 'password') + button('Continue', 'press'),
    '',
    '<a href="/f">Forgot password?</a>',
  ),
  'a logout beside': `<div><h1>Welcome back</h1>${hidden('Password', 'password')}${button('Log out', '', 'type="button"')}${button('Unlock', 'press', 'type="button"')}</div>`,
  'a picture of an arrow': form(
    `${field('User name', 'name')}${hidden('Password', 'password')}<button data-want="press"><svg width="20" height="20"></svg></button>`,
    'Log in',
  ),
  'beside a field in a drawing': form(
    field('User name', 'name') + hidden('Password', 'password') + button('Sign in', 'press'),
    'Sign in',
    '<svg width="300" height="60"><foreignObject width="300" height="60"><input placeholder="Search" type="search"></foreignObject></svg>',
  ),
  'a button that cannot': `<div class="login">${field('E-mail', 'name')}${hidden('Password', 'password')}${button("Can't sign in?", '', 'type="button" class="primary"')}${button('Sign in', 'press', 'type="button"')}</div>`,
  'a wrapper around the button': `<div class="login">${field('Usuario', 'name')}${hidden('Contraseña', 'password')}<div class="btn-box">${button('Acceder', 'press', 'type="button"')}</div></div>`,
  'a whole page in one form': form(
    `<div><input name="q" placeholder="Keyword"><input type="submit" value="Go"></div><div><h2>Log in</h2>${field('User name', 'name')}${hidden('Password', 'password')}<input type="submit" value="Log in" data-want="press"></div><div><input name="list" placeholder="E-mail"><input type="submit" value="Join"></div>`,
  ),
  'a whole page in one form, in Chinese': form(
    `<div><input name="kw" placeholder="关键字"><input type="submit" value="搜索"></div><div>${field('用户名', 'name')}${hidden('密码', 'password')}<input type="submit" value="登录" data-want="press"></div>`,
  ),
  'two forms for one': `<div><h2>登录</h2><form>${field('账号', 'name')}</form><form>${hidden('密码', 'password')}</form>${button('登录', 'press', 'type="button"')}</div>`,
  'masked text': form(
    `${field('User', 'name')}<p>Access <input data-want="password" style="-webkit-text-security:disc"></p>${button('Log in', 'press')}`,
  ),
  'masked text for digits': form(
    field('会員番号', 'name') +
      field('パスワード', 'password', 'type="tel" style="-webkit-text-security:disc"') +
      button('ログイン', 'press'),
  ),
  'a password shown as text': form(
    `${field('E-mail', 'name', 'name="user"')}${field('Passwort', 'password', 'name="user[password]" type="text"')}${button('Anmelden', 'press')}`,
  ),
  'a helper that nobody sees': form(
    `${field('E-mail', 'name', 'type="email"')}<input type="password" name="hidden" aria-hidden="true" tabindex="-1" placeholder="Password" style="position:absolute;left:-9999px">${button('Next', 'press')}`,
    'Sign in',
  ),
  'a helper without room': form(
    `${field('邮箱', 'name', 'type="email"')}<div style="height:0;overflow:hidden"><input type="password" name="p" placeholder="密码"></div>${button('下一步', 'press')}`,
    '登录',
  ),
  'a customer number': form(field('Customer number', 'name') + button('Continue', 'press'), 'Log in'),
  'a customer number, in German': form(field('Kundennummer', 'name') + button('Weiter', 'press'), 'Anmelden'),
  'a client ID and a password': form(
    field('Client ID', 'name') + hidden('Password', 'password') + button('Log in', 'press'),
  ),
  'a card number and a password': form(
    field('Card number', 'name', 'inputmode="numeric"') + hidden('Password', 'password') + button('Log in', 'press'),
  ),
  'a contract number, in Japanese': form(
    field('契約番号', 'name') + hidden('パスワード', 'password') + button('ログイン', 'press'),
  ),
  'a token that lies on the password': form(
    field('Benutzer', 'name', 'autocomplete="one-time-code"') +
      hidden('Passwort', 'password', 'autocomplete="one-time-code"') +
      button('Anmelden', 'press'),
  ),
  'a code beside name and password': form(
    field('User name', 'name') +
      hidden('Password', 'password') +
      field('2FA code', 'code', 'maxlength="6"') +
      button('Log in', 'press'),
  ),
  'a token beside name and password': form(
    field('User name', 'name') +
      hidden('Password', 'password') +
      hidden('Token code', 'code') +
      button('Log on', 'press'),
  ),
  'a short customer number, in German': form(
    field('KD-Nr.', 'name') + hidden('PIN', 'password') + button('OK', 'press'),
  ),
  'a client number, in French': form(
    field('Numéro client', 'name') + hidden('Code secret', 'password') + button('Valider', 'press'),
    'Accès client',
  ),
  'a client number, in Polish': form(field('Numer klienta', 'name') + button('Dalej', 'press'), 'Logowanie'),
  'a contract number, in Russian': form(
    field('Номер договора', 'name') + hidden('Пароль', 'password') + button('Войти', 'press'),
  ),
  'a customer number, in Turkish': form(field('Müşteri numarası', 'name') + button('Devam', 'press'), 'Giriş'),
  'a customer number, in Chinese': form(field('客户号', 'name') + button('下一步', 'press'), '登录网上银行'),
  'a customer number, in Dutch': form(
    field('Klantnummer', 'name') + hidden('Wachtwoord', 'password') + button('Inloggen', 'press'),
  ),
  'a customer number, in Korean': form(
    field('고객번호', 'name') + hidden('비밀번호', 'password') + button('로그인', 'press'),
  ),
  'an identity number, in Spanish': form(
    field('DNI', 'name') + hidden('Clave', 'password') + button('Entrar', 'press'),
    'Acceso clientes',
  ),
  'a client code, in Italian': form(
    field('Codice cliente', 'name') + hidden('PIN', 'password') + button('Accedi', 'press'),
  ),
  'a customer number, in Arabic': form(
    field('رقم العميل', 'name') + hidden('كلمة المرور', 'password') + button('دخول', 'press'),
  ),
  'a phone number and its country': form(
    `<p><select><option>+49</option><option>+86</option></select> <input data-want="name" type="tel" placeholder="Phone number"></p>` +
      hidden('Password', 'password') +
      button('Sign in', 'press'),
  ),
  'a library card': form(field('Library card number', 'name') + hidden('PIN', 'password') + button('Sign in', 'press')),
  'a name first': form(field('Username', 'name') + button('Next', 'press'), 'Sign in'),
  'words that nobody knows': form(
    field('Jina la mtumiaji', 'name') + hidden('Nenosiri', 'password') + button('Ingia', 'press'),
  ),
  'other ways and a button that shows': form(
    field('E-mail', 'name', 'type="email"') +
      hidden('Password', 'password') +
      button('Show', '', 'type="button"') +
      button('Log in', 'press') +
      button('Sign in with Google', '', 'type="button"'),
  ),
  '"Cancel" before "OK"': form(
    field('User', 'name') + hidden('Password', 'password') + button('Cancel') + button('OK', 'press'),
    'Authentication required: log in',
  ),
  'a button that deletes what was kept': form(
    field('User', 'name') + hidden('Password', 'password') + button('Log in', 'press') + button('Delete saved login'),
  ),
  'a vault that is locked': form(
    hidden('Master password', 'password') + button('Unlock', 'press') + button('Log out', '', 'type="button"'),
    'Your vault is locked',
  ),
  'a whole page in one form, in German': form(
    `<header><input name="ctl00$s" placeholder="Search"><button name="ctl00$go">Search</button></header><main>${field('Benutzername', 'name')}${hidden('Kennwort', 'password')}<input type="submit" value="Anmelden" data-want="press"></main>`,
  ),
  'a session that is over': form(
    hidden('Password', 'password') + button('Sign in', 'press'),
    'Your session has expired',
    '<p>Enter your password to continue</p>',
  ),
  'tabs, in Chinese':
    `<div><span class="tab active">登录</span><span class="tab">注册</span>` +
    form(
      field('邮箱', 'name', 'type="email"') + hidden('密码', 'password') + button('下一步', 'press'),
      '',
      '<a href="/f">忘记密码？</a>',
    ) +
    '</div>',
  'a password shown as text, in German': form(
    field('Benutzername', 'name') + field('Kennwort', 'password', 'type="text"') + button('Anmelden', 'press'),
  ),
  'two forms for one, in German': `<section><h3>Anmelden</h3><form>${field('Kundennummer', 'name')}</form><form>${hidden('PIN', 'password')}</form><a href="#" class="btn" data-want="press">Anmelden</a></section>`,
  'a code beside name and password, in Chinese': form(
    field('用户名', 'name') + hidden('密码', 'password') + field('动态口令', 'code') + button('登录', 'press'),
  ),
  'a code that may stay empty': form(
    field('Username', 'name') +
      hidden('Password', 'password') +
      field('Two-factor code (optional)', 'code') +
      button('Login', 'press'),
  ),
};

/** Steps that ask for a one-time code. */
const CODES: Record<string, string> = {
  'an app on your mobile device': form(
    field('Code', 'code', 'type="tel" maxlength="6"') + button('Verify', 'press'),
    'Enter code',
    '<p>Enter the code displayed in the authenticator app on your mobile device</p>',
  ),
  'an app on the phone, in Chinese': form(
    field('验证码', 'code') + button('验证', 'press'),
    '两步验证',
    '<p>请输入手机验证器应用中的验证码</p>',
  ),
  'a label that says little': form(field('Code', 'code') + button('OK', 'press'), 'Enter one-time password'),
  'a hidden code': form(
    hidden('Code', 'code', 'autocomplete="off"') + button('Continue', 'press'),
    'Two-factor authentication',
  ),
  'a hidden code called a password': form(
    hidden('One-time password', 'code', 'name="password"') + button('Log in', 'press'),
  ),
  'a logout below six boxes': `<div><h1>One-time password</h1><div>${boxes()}</div>${button('Logout', '', 'type="button"')}${button('Methods', '', 'type="button"')}</div>`,
  'a verification below six boxes': `<div><h1>Two-step verification</h1><div>${boxes()}</div>${button('Log out', '', 'type="button"')}${button('Verify', 'press', 'type="button"')}</div>`,
  'in Spanish': form(field('Código', 'code') + button('Continuar', 'press'), 'Verificación en dos pasos'),
  'in Russian': form(field('Код', 'code') + button('Подтвердить', 'press'), 'Двухфакторная аутентификация'),
  'in German': form(
    field('Code', 'code') + button('Weiter', 'press'),
    'Zwei-Faktor-Authentifizierung',
    '<p>Öffnen Sie die App auf Ihrem Handy.</p>',
  ),
  'in French': form(
    field('Code', 'code', 'inputmode="numeric"') + button('Valider', 'press'),
    'Double authentification',
  ),
  'in Portuguese': form(field('Código', 'code') + button('Confirmar', 'press'), 'Verificação em duas etapas'),
  'in Italian': form(field('Codice', 'code') + button('Verifica', 'press'), 'Verifica in due passaggi'),
  'in Dutch': form(field('Code', 'code') + button('Bevestigen', 'press'), 'Tweestapsverificatie'),
  'in Polish': form(field('Kod', 'code') + button('Potwierdź', 'press'), 'Weryfikacja dwuetapowa'),
  'in Turkish': form(field('Kod', 'code') + button('Doğrula', 'press'), 'İki adımlı doğrulama'),
  'in Korean': form(field('코드', 'code') + button('확인', 'press'), '2단계 인증'),
  'in Japanese': form(field('コード', 'code') + button('認証', 'press'), '二段階認証'),
  'in Arabic': form(field('الرمز', 'code') + button('تحقق', 'press'), 'التحقق بخطوتين'),
  'in traditional Chinese': form(field('驗證碼', 'code') + button('驗證', 'press'), '兩步驟驗證'),
  'a message instead': form(
    field('6-digit code', 'code', 'maxlength="6"') + button('Verify', 'press'),
    'Two-factor authentication',
    '<p>Open your authenticator app.</p><a href="/sms">Send a text message instead</a>',
  ),
  'a hidden passcode': form(
    hidden('Passcode', 'code') + button('Log In', 'press'),
    'Enter your authenticator passcode',
  ),
  'who it is': form(`<p>robin@example.org</p>${field('Authentication code', 'code')}${button('Verify', 'press')}`),
  'a phone that is lost': form(
    field('Code from your app', 'code') +
      button('Continue', 'press') +
      `<a href="/l">Lost your phone?</a><a href="/r">Use a recovery code</a>`,
    'Two-factor authentication',
  ),
  'a token': form(field('Token', 'code', 'maxlength="6"') + button('Submit', 'press'), 'MFA'),
};

/** Numbers that are names, under what a site says that it is, asked for first and alone. */
const NUMBERS: Record<string, readonly [heading: string, next: string, labels: readonly string[]]> = {
  en: ['Log in to your bank', 'Continue', ['Card number', 'Mobile number']],
  'zh-CN': ['登录网上银行', '下一步', ['卡号', '客户ID']],
  'zh-TW': ['登入網路銀行', '下一步', ['客戶代號']],
  ja: ['インターネットバンキング ログイン', '次へ', ['カード番号', 'お客様番号']],
  ko: ['인터넷뱅킹 로그인', '다음', ['고객 ID']],
  de: ['Anmeldung', 'Weiter', ['Kundennr.', 'Kartennummer']],
  fr: ['Connexion à vos comptes', 'Suivant', ['Numéro client', 'Numéro de carte']],
  es: ['Acceso a la banca', 'Siguiente', ['Nº de cliente', 'Código de cliente', 'Número de tarjeta']],
  pt: ['Acesso ao banco', 'Avançar', ['Nº de cliente', 'ID do cliente']],
  it: ['Accesso area clienti', 'Avanti', ['Codice cliente']],
  ru: ['Вход в интернет-банк', 'Далее', ['Код клиента', 'Номер карты']],
  nl: ['Inloggen bij uw bank', 'Volgende', ['Klantcode']],
  pl: ['Logowanie do banku', 'Dalej', ['ID klienta']],
  tr: ['İnternet şubesi giriş', 'Devam', ['Müşteri No', 'TC Kimlik No']],
  ar: ['تسجيل الدخول إلى البنك', 'التالي', ['رقم العميل', 'رقم البطاقة']],
};
for (const [language, [heading, next, labels]] of Object.entries(NUMBERS))
  for (const label of labels)
    SIGN_INS[`a number alone, ${language}: ${label}`] = form(field(label, 'name') + button(next, 'press'), heading);

const all = { LEFT, CONFIRMED, SIGN_INS, CODES };
/** Every page by the name of its kind and its own. */
export const KINDS: Record<string, string> = Object.fromEntries(
  Object.entries(all).flatMap(([kind, pages]) =>
    Object.entries(pages).map(([name, html]) => [`${kind.toLowerCase().replace('_', '-')}: ${name}`, html]),
  ),
);
