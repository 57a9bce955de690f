// What pages say, by meaning and language. To add a word, write it into its language's line; words of a line are divided by
// commas. A space also matches nothing or a hyphen ("sign in" is "signin" and "sign-in" too); accents and case do not count;
// Latin words of four letters or fewer must stand alone.

type Language =
  | 'en'
  | 'zh-CN'
  | 'zh-TW'
  | 'ja'
  | 'ko'
  | 'de'
  | 'fr'
  | 'es'
  | 'pt'
  | 'it'
  | 'ru'
  | 'nl'
  | 'pl'
  | 'tr'
  | 'ar'
  | 'more';

const VOCABULARY = {
  /** A name to sign in with. */
  name: {
    en: 'user, username, userid, login, logon, account, identifier, identity, member id, nickname, screen name, uid, uname, usr, handle, log',
    'zh-CN': '账号, 帐号, 账户, 用户, 会员, 工号, 学号',
    'zh-TW': '帳號, 帳戶, 使用者, 用戶, 會員',
    ja: 'ユーザ, アカウント, ログインid, 会員, お客様番号',
    ko: '아이디, 사용자, 계정, 회원',
    de: 'benutzer, kennung, anmeldename, nutzername, konto, kundennummer',
    fr: 'utilisateur, identifiant, compte, pseudo',
    es: 'usuario, cuenta, identificador',
    pt: 'utilizador, conta, cpf',
    it: 'utente, identificativo',
    ru: 'логин, пользовател, учетная запись, аккаунт',
    nl: 'gebruiker, inlognaam',
    pl: 'uzytkownik, identyfikator',
    tr: 'kullanici, hesap, tc kimlik',
    ar: 'المستخدم, حساب',
    more: 'brukernavn, anvandarnamn, anvandare, brugernavn, kayttajatunnus, felhasznalo, uzivatel, prihlasovaci jmeno, vartotojo, lietotaj, utilizator, korisnicko, χρηστη, משתמש, ten dang nhap, nama pengguna, користувач, потребител',
  },
  email: {
    en: 'email, mail, mailaddress',
    'zh-CN': '邮箱, 邮件',
    'zh-TW': '信箱, 郵件',
    ja: 'メール',
    ko: '메일',
    fr: 'courriel',
    es: 'correo',
    pt: 'correio',
    it: 'posta elettronica',
    ru: 'почт, имейл',
    tr: 'e posta',
    ar: 'بريد',
    more: 'epost, sahkoposti, el pastas, пошта',
  },
  phone: {
    en: 'phone, mobile, cell, tel, msisdn',
    'zh-CN': '手机, 电话',
    'zh-TW': '手機, 電話',
    ja: '携帯',
    ko: '휴대폰, 전화',
    de: 'telefon, handy, mobilnummer',
    fr: 'portable',
    es: 'movil, celular',
    pt: 'telemovel',
    it: 'cellulare',
    ru: 'телефон',
    nl: 'telefoon, mobiel',
    pl: 'komorka',
    tr: 'cep',
    ar: 'هاتف, جوال',
  },
  password: {
    en: 'password, passphrase, passwd, passcode, pass, pwd, pword, pswd',
    'zh-CN': '密码, 口令',
    'zh-TW': '密碼',
    ja: 'パスワード, 暗証番号',
    ko: '비밀번호, 암호',
    de: 'passwort, kennwort',
    fr: 'mot de passe, mdp',
    es: 'contrasena, clave',
    pt: 'senha, palavra passe',
    ru: 'пароль',
    nl: 'wachtwoord',
    pl: 'haslo',
    tr: 'sifre, parola',
    ar: 'كلمة المرور, كلمة السر',
    more: 'passord, losenord, adgangskode, salasana, jelszo, heslo, slaptazodis, parole, lozinka, κωδικος προσβασης, סיסמה, mat khau, kata sandi',
  },
  /** A password that is being set. */
  fresh: {
    en: 'new pass, new pwd, create password, create a password, choose a password, choose password, set password, desired password, signup, sign up, register, registration, create account, at least, characters',
    'zh-CN': '新密码, 设置密码, 设定密码',
    'zh-TW': '新密碼, 設定密碼',
    ja: '新しいパスワード, 新規',
    ko: '새 비밀번호, 새 암호',
    de: 'neues passwort, neues kennwort, passwort wahlen',
    fr: 'nouveau mot de passe, choisissez un mot de passe, creer un mot de passe',
    es: 'nueva contrasena, crear contrasena, crea una contrasena',
    pt: 'nova senha, criar senha, crie uma senha',
    it: 'nuova password, scegli una password, crea password',
    ru: 'новый пароль, придумайте пароль',
    nl: 'nieuw wachtwoord, kies een wachtwoord',
    pl: 'nowe haslo, utworz haslo',
    tr: 'yeni sifre, yeni parola',
    ar: 'كلمة المرور الجديدة, كلمة مرور جديدة',
  },
  /** The same once more. */
  repeat: {
    en: 'confirm, repeat, again, retype, re type, reenter, re enter, verify, verification password, cpassword',
    'zh-CN': '确认密码, 重复, 再次输入, 再输入',
    'zh-TW': '確認密碼, 再次輸入, 重複',
    ja: '確認用, 再入力, もう一度',
    ko: '비밀번호 확인, 재입력, 다시',
    de: 'wiederholen, bestatigen, wiederholung, nochmals',
    fr: 'repetez, ressaisir',
    es: 'repetir, repite, repita',
    it: 'conferma, ripeti',
    ru: 'подтвердите, подтверждение, повтор, еще раз',
    nl: 'bevestig, herhaal',
    pl: 'potwierdz, powtorz',
    tr: 'tekrar, onayla',
    ar: 'تأكيد, اعادة, أعد',
  },
  /** The password in force. */
  current: {
    en: 'existing password, present password, old pass, current pass, cur password',
    'zh-CN': '当前密码, 原密码, 旧密码, 现密码',
    'zh-TW': '目前密碼, 舊密碼, 原密碼',
    ja: '現在のパスワード, 古いパスワード',
    ko: '현재 비밀번호, 기존 비밀번호',
    de: 'aktuelles passwort, altes passwort, derzeitiges passwort, aktuelles kennwort, altes kennwort',
    fr: 'mot de passe actuel, ancien mot de passe',
    es: 'contrasena actual, contrasena anterior, clave actual',
    pt: 'senha atual, senha antiga, palavra passe atual',
    it: 'password attuale, vecchia password, password corrente',
    ru: 'текущий пароль, старый пароль',
    nl: 'huidig wachtwoord, oud wachtwoord',
    pl: 'obecne haslo, aktualne haslo, stare haslo',
    tr: 'mevcut sifre, eski sifre, mevcut parola, eski parola',
    ar: 'كلمة المرور الحالية, كلمة المرور القديمة',
  },
  /** A one-time code, in words that mean nothing else. */
  code: {
    en: 'otp, totp, mfa, 2fa, tfa, one time code, onetimecode, one time password, one time passcode, auth code, authentication code, authenticator, two factor, twofactor, two step, multi factor, multifactor, 6 digit, six digit, login code, sign in code',
    'zh-CN': '动态码, 动态口令, 动态密码, 一次性, 两步验证, 二次验证, 双重验证, 双因素',
    'zh-TW': '動態密碼, 兩步驟, 雙重驗證, 雙因素',
    ja: 'ワンタイム, 2段階, 二段階, 認証コード, 二要素',
    ko: '일회용, 2단계',
    de: 'einmalcode, einmalpasswort, zwei faktor, zweifaktor, authentifizierungscode, zwei schritt',
    fr: 'code a usage unique, double authentification, code d authentification, deux facteurs, deux etapes',
    es: 'codigo de un solo uso, dos pasos, dos factores, codigo de autenticacion',
    pt: 'codigo de uso unico, duas etapas, dois fatores, codigo de autenticacao, dois passos',
    it: 'codice monouso, due fattori, due passaggi, codice di autenticazione',
    ru: 'одноразовый, двухфакторн, двухэтапн, код из приложения, аутентификатор',
    nl: 'eenmalige code, tweestaps, tweefactor, authenticatiecode',
    pl: 'kod jednorazowy, haslo jednorazowe, dwuetapow, dwuskladnikow, kod uwierzytelniajacy',
    tr: 'tek kullanimlik, iki adimli, iki faktorlu, kimlik dogrulama kodu',
    ar: 'كلمة مرور لمرة واحدة, رمز لمرة واحدة, خطوتين, عاملين, المصادقة',
  },
  /** A code of some kind: one-time, by message, or read from a picture. */
  check: {
    en: 'verification code, verificationcode, verify code, security code, securitycode, access code, confirmation code, token code, passcode',
    'zh-CN': '验证码, 校验码, 安全码',
    'zh-TW': '驗證碼, 認證碼, 安全碼',
    ja: '確認コード, 認証番号, 検証コード',
    ko: '인증번호, 인증 코드, 보안 코드',
    de: 'bestatigungscode, sicherheitscode, prufcode, verifizierungscode',
    fr: 'code de verification, code de securite, code de validation, code de confirmation',
    es: 'codigo de verificacion, codigo de seguridad, codigo de confirmacion',
    pt: 'codigo de verificacao, codigo de seguranca, codigo de confirmacao',
    it: 'codice di verifica, codice di sicurezza, codice di conferma',
    ru: 'код подтверждения, проверочный код, код безопасности, код проверки, введите код',
    nl: 'verificatiecode, beveiligingscode, bevestigingscode',
    pl: 'kod weryfikacyjny, kod bezpieczenstwa, kod potwierdzajacy',
    tr: 'dogrulama kodu, guvenlik kodu, onay kodu',
    ar: 'رمز التحقق, رمز الأمان, رمز التأكيد',
  },
  /** A code that comes by message: the phone's authenticator does not have it. */
  sent: {
    en: 'we sent, we ve sent, we have sent, was sent, sent to, sms, text message, texted, emailed, we just sent, resend, check your email, check your inbox, send again',
    'zh-CN': '已发送, 短信, 重新发送, 发送至, 获取验证码',
    'zh-TW': '已傳送, 簡訊, 重新傳送, 發送至, 已寄',
    ja: '送信しました, 再送',
    ko: '보냈습니다, 문자, 재전송, 전송했',
    de: 'gesendet, geschickt, erneut senden',
    fr: 'envoye',
    es: 'enviado, enviamos, reenviar',
    it: 'inviato, invia di nuovo',
    ru: 'отправил, отправлен, смс, выслали, отправить повторно',
    nl: 'verzonden, gestuurd, opnieuw verzenden',
    pl: 'wyslalismy, wyslano, wyslij ponownie',
    tr: 'gonderildi, gonderdik, tekrar gonder',
    ar: 'أرسلنا, تم إرسال, رسالة نصية, إعادة إرسال',
  },
  /** The company, team or database that a name belongs to. */
  tenant: {
    en: 'company, organization, organisation, org, workspace, tenant, team, realm, customer id, customer number, site id, account alias, account id, domain, database, client id, client number, store id, institution',
    'zh-CN': '公司, 企业, 租户, 组织, 商户, 机构',
    'zh-TW': '企業, 租戶, 組織, 統編, 機構',
    ja: '会社, テナント, 法人',
    ko: '회사, 조직, 기업, 테넌트',
    de: 'firma, unternehmen, mandant',
    fr: 'entreprise, societe, code client',
    es: 'empresa, organizacion, compania',
    pt: 'organizacao',
    it: 'azienda, organizzazione, societa',
    ru: 'компания, организация, предприятие, код компании',
    nl: 'bedrijf, organisatie',
    pl: 'organizacja',
    tr: 'sirket, kurum, musteri numarasi',
    ar: 'الشركة, المؤسسة, المنظمة',
  },
  /** Fields of a person, an order or a message: never a place for a credential. */
  personal: {
    en: 'first name, firstname, last name, lastname, full name, your name, surname, given name, family name, fname, lname, middle name, initial, street, city, zip, postal code, postalcode, postcode, country, state, province, birth, dob, gender, age, ssn, message, comment, subject, address line, address1, address2, quantity, amount, promo, coupon, voucher, gift, discount, website, homepage, url, day, month, year, salary, middlename, captcha, title, note, answer, question, hint, referral, invite',
    'zh-CN': '姓名, 姓氏, 地址, 城市, 邮编, 生日, 性别, 留言, 优惠, 昵称, 图形验证码, 推荐码, 邀请码',
    'zh-TW': '郵遞區號, 性別, 優惠, 暱稱',
    ja: '氏名, お名前, 住所, 郵便番号, 生年月日, ふりがな, フリガナ, クーポン',
    ko: '이름, 성명, 주소, 우편번호, 생년월일, 성별, 쿠폰',
    de: 'vorname, nachname, strasse, plz, ort, geburtsdatum, anrede, nachricht, gutschein',
    fr: 'prenom, nom de famille, ville, code postal, date de naissance, civilite',
    es: 'nombre, apellido, direccion, ciudad, codigo postal, nacimiento, mensaje, cupon',
    pt: 'primeiro nome, sobrenome, endereco, cidade, cep, nascimento, mensagem, cupom',
    it: 'cognome, indirizzo, citta, cap, data di nascita, messaggio',
    ru: 'фамилия, ваше имя, адрес доставки, город, индекс, дата рождения, пол, сообщение, промокод, купон, отчество',
    nl: 'voornaam, achternaam, straat, plaats, geboortedatum, bericht',
    pl: 'imie, nazwisko, ulica, miasto, kod pocztowy, data urodzenia, wiadomosc',
    tr: 'soyad, adres, sehir, posta kodu, dogum, mesaj',
    ar: 'الاسم الأول, اسم العائلة, العنوان, المدينة, الرمز البريدي, تاريخ الميلاد, رسالة',
  },
  card: {
    en: 'card number, cardnumber, card no, credit card, creditcard, debit card, cvv, cvc, csc, security code on, cardholder, name on card, expiration, expiry, exp date, exp month, exp year, cc number, ccnumber, iban, routing number',
    'zh-CN': '卡号, 信用卡, 有效期, 银行卡',
    'zh-TW': '卡號',
    ja: 'カード番号, 有効期限, クレジット',
    ko: '카드 번호, 유효기간',
    de: 'kartennummer, kreditkarte, gultig bis, ablaufdatum, karteninhaber',
    fr: 'numero de carte, carte bancaire, cryptogramme',
    es: 'tarjeta, vencimiento, caducidad',
    pt: 'numero do cartao, cartao de credito, validade',
    it: 'numero carta, carta di credito, scadenza',
    ru: 'номер карты, срок действия',
    nl: 'kaartnummer, vervaldatum',
    pl: 'numer karty, data waznosci',
    tr: 'kart numarasi, son kullanma',
    ar: 'رقم البطاقة, تاريخ الانتهاء',
  },
  search: {
    en: 'search, query, keyword, find, filter, looking for',
    'zh-CN': '搜索, 查找, 关键字',
    'zh-TW': '搜尋, 查詢, 關鍵字',
    ja: '検索, キーワード',
    ko: '검색',
    de: 'suche, suchbegriff',
    fr: 'recherche',
    es: 'busqueda',
    pt: 'busca, pesquisa',
    it: 'cerca',
    ru: 'поиск, искать, найти',
    nl: 'zoek, zoeken',
    pl: 'szukaj',
    tr: 'ara, arama',
    ar: 'بحث',
  },
  signIn: {
    en: 'sign in, log in, log on, sign on, login, logon, signin, access account, unlock, returning customer, already have an account, welcome back, existing customer, existing user, existing member, authenticate, connect with password',
    'zh-CN': '登录, 登陆, 登入',
    'zh-TW': '登錄',
    ja: 'ログイン, サインイン',
    ko: '로그인',
    de: 'anmelden, anmeldung',
    fr: 'connexion, se connecter, connectez vous, s identifier, identifiez vous, me connecter, authentification',
    es: 'iniciar sesion, inicia sesion, acceder, ingresar, inicio de sesion, acceso, ingreso',
    pt: 'iniciar sessao, acessar, aceder, acesso, inicie sessao, autenticacao',
    it: 'accedi, accesso, entra, autenticazione',
    ru: 'войти, вход, авторизация, авторизоваться, войдите, логин',
    nl: 'inloggen, meld je aan',
    pl: 'logowanie, loguj',
    tr: 'giris, oturum ac',
    ar: 'دخول',
    more: 'logg inn, logga in, kirjaudu, bejelentkez, belepes, prihlasit, prihlaseni, prisijungti, ielogot, pieslegties, autentificare, conectare, prijava, prijavi, συνδεση, εισοδος, התחבר, כניסה, dang nhap, masuk, увійти, вхід, увоз',
  },
  signUp: {
    en: 'sign up, signup, register, create account, create an account, create your account, create my account, new account, create login, join, get started, start free trial, become a member, new customer, new user, enrol, subscribe now, createaccount, new member, agree to the terms, terms of service, terms and conditions, i agree',
    'zh-CN': '注册, 创建账号, 我已阅读并同意, 用户协议',
    'zh-TW': '註冊, 建立帳號, 建立帳戶, 加入會員',
    ja: '新規登録, 会員登録, アカウントを作成, 登録する, 利用規約',
    ko: '가입, 계정 만들기, 약관',
    de: 'registrieren, registrierung, konto erstellen, konto anlegen, jetzt anmelden kostenlos, neues konto',
    fr: 's inscrire, inscription, inscrivez vous, creer un compte, creer mon compte, je m inscris',
    es: 'registrate, registro, crear cuenta, crear una cuenta, darse de alta, unete',
    pt: 'cadastrar, cadastre se, cadastro, registrar, registe se, criar conta, inscreva se',
    it: 'registrati, registrazione, iscriviti, crea account, crea un account',
    ru: 'регистрация, зарегистрироваться, зарегистрируйтесь, создать аккаунт, создать учетную запись',
    nl: 'registreren, registreer, account aanmaken, maak een account, inschrijven',
    pl: 'zarejestruj, rejestracja, zaloz konto, utworz konto',
    tr: 'kayit ol, uye ol, hesap olustur, kaydol',
    ar: 'إنشاء حساب, تسجيل جديد, اشترك, التسجيل, سجل الآن',
  },
  /** Forgotten passwords. */
  reset: {
    en: 'forgot, reset password, reset your password, password reset, resetpassword, recover, lost password, lost your password, trouble, cant access, can t access, need help',
    'zh-CN': '忘记密码, 找回密码, 重置密码',
    'zh-TW': '忘記密碼, 重設密碼, 找回密碼',
    ja: 'パスワードを忘れ, パスワード再設定, お忘れ',
    ko: '비밀번호 찾기, 비밀번호 재설정, 비밀번호를 잊',
    de: 'passwort zurucksetzen, vergessen',
    fr: 'oublie, reinitialiser, recuperer',
    es: 'olvidaste, olvide, olvidado, restablecer',
    pt: 'esqueceu, esqueci, redefinir',
    it: 'dimenticat, reimposta, recupera',
    ru: 'забыл, восстановить, восстановление, сбросить пароль',
    nl: 'vergeten, herstellen',
    pl: 'nie pamietasz, zapomniales, zapomnialem, odzyskaj, resetuj, przypomnij',
    tr: 'unuttum, sifirla, unuttunuz',
    ar: 'نسيت, استعادة, إعادة تعيين',
    more: 'zapomnel, zabudnute, elfelejtett, glemt, glomt, unohd, pamirsau, aizmirs, забули',
  },
  change: {
    en: 'change password, change your password, changepassword, update password, change passwd, password change, save password, set new password, modify password',
    'zh-CN': '修改密码, 更改密码',
    'zh-TW': '修改密碼, 變更密碼, 更改密碼',
    ja: 'パスワード変更, パスワードを変更',
    ko: '비밀번호 변경',
    de: 'passwort andern, kennwort andern',
    fr: 'changer le mot de passe, modifier le mot de passe',
    es: 'cambiar contrasena, cambiar la contrasena, cambiar clave',
    pt: 'alterar senha, mudar senha, trocar senha',
    it: 'cambia password, modifica password',
    ru: 'сменить пароль, изменить пароль, смена пароля',
    nl: 'wachtwoord wijzigen, wijzig wachtwoord',
    pl: 'zmien haslo, zmiana hasla',
    tr: 'sifre degistir, parola degistir',
    ar: 'تغيير كلمة المرور',
  },
  next: {
    en: 'next, continue, proceed, submit, enter, go, ok, confirm, verify, send',
    'zh-CN': '下一步, 继续, 确定, 提交, 验证',
    'zh-TW': '繼續, 確定, 驗證',
    ja: '次へ, 続ける, 続行, 確認, 認証',
    ko: '다음, 계속, 확인, 인증',
    de: 'weiter, fortfahren, absenden, bestatigen',
    fr: 'suivant, valider',
    es: 'siguiente, enviar',
    pt: 'proximo, avancar, seguinte',
    it: 'avanti, continua, prosegui, invia, conferma, verifica',
    ru: 'далее, продолжить, отправить, подтвердить',
    nl: 'volgende, doorgaan, verder, verzenden, bevestigen',
    pl: 'dalej, kontynuuj, wyslij, potwierdz',
    tr: 'ileri, devam, gonder, dogrula',
    ar: 'التالي, متابعة, إرسال, تأكيد, تحقق',
  },
  newsletter: {
    en: 'newsletter, subscribe, subscription, mailing list, stay up to date, stay informed, updates, keep me informed, notify me, get the latest, delivered to your inbox, latest news, breaking news, daily, weekly',
    'zh-CN': '订阅',
    'zh-TW': '訂閱, 電子報',
    ja: 'メルマガ, 購読',
    ko: '구독, 뉴스레터',
    de: 'abonnieren',
    fr: 'abonner, infolettre',
    es: 'suscribir, suscribete, boletin',
    pt: 'assinar, boletim, subscrever',
    ru: 'подписаться, рассылк, подписка',
    nl: 'nieuwsbrief',
    pl: 'subskrybuj',
    tr: 'abone, bulten',
    ar: 'النشرة, اشترك في',
  },
  pay: {
    en: 'checkout, check out, pay, payment, billing, shipping, delivery, buy, purchase, order, donate, add to cart, guest, reserve, book now, refund',
    'zh-CN': '支付, 付款, 结算, 下单, 收货',
    'zh-TW': '結帳, 訂單, 送貨',
    ja: '支払, 購入, 注文, 配送',
    ko: '결제, 주문, 배송',
    de: 'bezahlen, kasse, bestellen, lieferung, zahlung',
    fr: 'payer, paiement, commander, livraison',
    es: 'pagar, pago, comprar, envio, pedido',
    pt: 'pagamento',
    it: 'paga, acquista, spedizione, ordine',
    ru: 'оплат, заказ, доставк, купить',
    nl: 'betalen, bezorg, afrekenen',
    pl: 'zaplac, platnosc, zamow, dostawa',
    tr: 'ode, odeme, siparis, teslimat',
    ar: 'الدفع, شراء, الشحن, طلب',
  },
  contact: {
    en: 'contact us, contact form, get in touch, your message, send message, inquiry, enquiry, feedback, comments, request a quote, leave a comment, survey',
    'zh-CN': '联系我们, 留言, 反馈',
    'zh-TW': '聯絡我們, 意見',
    ja: 'お問い合わせ',
    ko: '문의',
    de: 'nachricht senden, anfrage',
    fr: 'contactez, nous contacter',
    es: 'contactanos, contacto',
    pt: 'contato, fale conosco',
    it: 'contattaci, contatti',
    ru: 'свяжитесь, обратная связь',
    nl: 'neem contact op',
    pl: 'kontakt',
    tr: 'iletisim',
    ar: 'اتصل بنا, تواصل معنا',
  },
  /** Buttons of another way in, or of no way in. */
  aside: {
    en: 'google, facebook, apple, github, gitlab, microsoft, twitter, linkedin, amazon, yahoo, slack, okta, saml, sso, single sign on, passkey, security key, qr code, magic link, fingerprint, face id, wechat, weixin, qq, weibo, dingtalk, alipay, line, kakao, naver, vkontakte, vk, yandex, discord, steam, paypal, openid, orcid, shibboleth, windows live, with email link, email me a link, guest, cancel, close, dismiss, back, clear, reset, help, show, hide, reveal, toggle, view password, resend, send code, get code, download, language, menu, cookie, accept all, other options, another way, different account, switch account, not you, learn more, demo',
    'zh-CN':
      '微信, 支付宝, 钉钉, 微博, 扫码, 取消, 关闭, 返回, 显示, 隐藏, 获取验证码, 发送验证码, 短信登录, 其他方式, 重置, 清空',
    'zh-TW': '微信, 取消, 關閉, 返回, 顯示, 隱藏, 傳送驗證碼, 取得驗證碼, 其他方式, 清除',
    ja: 'キャンセル, 閉じる, 戻る, 表示, 再送, 別の方法, クリア',
    ko: '취소, 닫기, 뒤로, 보기, 재전송, 네이버, 카카오, 다른 방법',
    de: 'abbrechen, schliessen, zuruck, anzeigen, einblenden, erneut senden',
    fr: 'annuler, fermer, retour, afficher, masquer, renvoyer',
    es: 'cerrar, volver, ocultar, reenviar',
    pt: 'fechar, voltar',
    it: 'annulla, chiudi, indietro, mostra, nascondi',
    ru: 'отмена, закрыть, назад, показать, скрыть, госуслуги, яндекс, вконтакте, отправить повторно',
    nl: 'sluiten, terug, tonen, verbergen',
    pl: 'anuluj, zamknij, wstecz, pokaz, ukryj, powrot',
    tr: 'iptal, kapat, geri, goster, gizle',
    ar: 'إلغاء, إغلاق, رجوع, إظهار, إخفاء',
  },
  /** "Stay signed in" boxes. */
  remember: {
    en: 'remember, keep me, stay signed in, stay logged in, trust this, persistent, don t ask again, auto login, autologin',
    'zh-CN': '记住, 自动登录, 保持登录, 下次自动, 免登录',
    'zh-TW': '記住, 自動登入, 保持登入',
    ja: '次回から, ログインしたまま, 自動ログイン, 保存する, 記憶',
    ko: '로그인 유지, 자동 로그인, 저장',
    de: 'angemeldet bleiben, eingeloggt bleiben, merken',
    fr: 'se souvenir, rester connecte, souviens, memoriser, maintenir la connexion',
    es: 'recordar, recuerdame, mantener la sesion, no cerrar sesion',
    pt: 'lembrar, manter conectado, continuar conectado, lembre, manter sessao, permanecer',
    it: 'ricorda, resta collegato, rimani connesso, mantieni',
    ru: 'запомнить, не выходить, оставаться в системе',
    nl: 'onthoud, ingelogd blijven, aangemeld blijven',
    pl: 'zapamietaj, pozostan zalogowany, nie wylogowuj',
    tr: 'oturumu acik tut, hatirla',
    ar: 'تذكرني, البقاء متصلا, ابق',
    more: 'husk mig, husk meg, kom ihag, zapamatovat, zapamatat, muista, emlekezz, megjegyez, prisiminti',
  },
} as const satisfies Record<string, Partial<Record<Language, string>>>;

/** What a word can mean. */
export type Meaning = keyof typeof VOCABULARY;

/** Letters that no accent makes, in the spelling of the lines above. */
const PLAIN: Record<string, string> = { ł: 'l', ı: 'i', ß: 'ss', ø: 'o', đ: 'd', æ: 'ae' };

/** Text as the vocabulary is matched against it: lower case, no accents, camelCase and punctuation opened to spaces. */
export const normalise = (text: string): string =>
  text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[łıßøđæ]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[\s\p{P}\p{S}]+/gu, ' ');

function compile(lines: Partial<Record<Language, string>>): RegExp {
  const words = Object.values(lines).flatMap((line) => line.split(',').map((word) => normalise(word).trim()));
  const patterns = [...new Set(words)].map((word) => {
    const spaced = word.replaceAll(' ', ' ?');
    const short = /^[a-z0-9 ]+$/.test(word) && word.length < 5;
    // "password2" is the second password, "password2vxtp7" a name that a script made up.
    const end = /\d$/.test(word) ? '(?![a-z0-9])' : '';
    return short ? `(?<![a-z])${spaced}(?![a-z])${end}` : spaced + end;
  });
  return new RegExp(patterns.join('|'));
}

const PATTERNS = Object.fromEntries(
  Object.entries(VOCABULARY).map(([meaning, lines]) => [meaning, compile(lines)]),
) as Record<Meaning, RegExp>;

/** The first word of `meaning` in `text`, which has been normalised; undefined when it says none of them. */
export const wordOf = (meaning: Meaning, text: string): string | undefined => PATTERNS[meaning].exec(text)?.[0];
