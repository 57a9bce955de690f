// A plain sign-in form in each language of the vocabulary, with no other hint than its words.
export const LANGUAGES: Record<string, { name: string; password: string; signIn: string }> = {
  en: { name: 'Username', password: 'Password', signIn: 'Sign in' },
  'zh-CN': { name: '用户名', password: '密码', signIn: '登录' },
  'zh-TW': { name: '使用者名稱', password: '密碼', signIn: '登入' },
  ja: { name: 'ユーザー名', password: 'パスワード', signIn: 'ログイン' },
  ko: { name: '아이디', password: '비밀번호', signIn: '로그인' },
  de: { name: 'Benutzername', password: 'Passwort', signIn: 'Anmelden' },
  fr: { name: 'Identifiant', password: 'Mot de passe', signIn: 'Se connecter' },
  es: { name: 'Usuario', password: 'Contraseña', signIn: 'Iniciar sesión' },
  pt: { name: 'Utilizador', password: 'Palavra-passe', signIn: 'Iniciar sessão' },
  it: { name: 'Nome utente', password: 'Password', signIn: 'Accedi' },
  ru: { name: 'Имя пользователя', password: 'Пароль', signIn: 'Войти' },
  nl: { name: 'Gebruikersnaam', password: 'Wachtwoord', signIn: 'Inloggen' },
  pl: { name: 'Nazwa użytkownika', password: 'Hasło', signIn: 'Zaloguj się' },
  tr: { name: 'Kullanıcı adı', password: 'Şifre', signIn: 'Giriş yap' },
  ar: { name: 'اسم المستخدم', password: 'كلمة المرور', signIn: 'تسجيل الدخول' },
};
