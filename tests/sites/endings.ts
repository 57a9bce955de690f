// Sites that end a sign-in in one way each, with what is true of it: what a person would say who looks at the page.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOTP } from 'otpauth';
import { LANGUAGES } from './languages.ts';
import { NAME, PASSWORD, SEED } from './server.ts';

interface Answer {
  status?: number;
  body: string;
  /** How long the site thinks, in ms. */
  after?: number;
  headers?: Record<string, string>;
}
export interface Ending {
  lang: string;
  /** Every word that is true, the best first. */
  want: readonly string[];
  /** What stands at its address. */
  page: string;
  /** What a POST leads to; the first has number 1. */
  answer?(given: URLSearchParams, posts: number): string | Answer;
  /** How often something may be posted. */
  posts: number;
}

type Language = keyof typeof LANGUAGES;
const WELCOME = '<h1>Welcome, robin</h1><p>3 new messages</p><a href="#">Sign out</a>';
const totp = new TOTP({ secret: SEED });
const codeIsRight = (given: URLSearchParams) => totp.validate({ token: given.get('otp') ?? '', window: 9 }) !== null;
const isRight = (given: URLSearchParams) => given.get('user') === NAME && given.get('password') === PASSWORD;

const fields = (lang: string) => {
  const { name = '', password = '' } = LANGUAGES[lang as Language] ?? {};
  return `<p><label>${name} <input name="user"></label></p><p><label>${password} <input name="password" type="password"></label></p>`;
};
const signIn = (lang: string) => LANGUAGES[lang as Language]?.signIn ?? '';
/** A sign-in that loads a page. @param more what stands above the fields */
const form = (lang: string, more = '', attributes = '') =>
  `<h1>${signIn(lang)}</h1><form method="post" ${attributes}>${more}${fields(lang)}<button>${signIn(lang)}</button></form>`;
/** A sign-in of a single page: `got(status)` is what its script does with the answer; `box`, `f`, `say` are its elements. */
const single = (lang: string, got: string, before = '') =>
  `<div id="box"><h1>${signIn(lang)}</h1><form id="f">${fields(lang)}<div id="say"></div><button>${signIn(lang)}</button></form></div>
  <script>const welcome = () => { box.innerHTML = ${JSON.stringify(WELCOME)}; };
  const post = (more) => fetch(location.pathname, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ ...Object.fromEntries(new FormData(f)), ...more }) }).then((r) => r.status);
  const got = (status) => { ${got} };
  f.onsubmit = (event) => { event.preventDefault(); ${before} post().then(got); };</script>`;
/** The same, whose script collects nothing but reads the fields one by one. */
const byValue = (page: string): string =>
  page.replace('...Object.fromEntries(new FormData(f))', 'user: f.user.value, password: f.password.value');
const status =
  (code: number, after = 0) =>
  () => ({ status: code, body: '', after });

const once = (lang: string, want: string | readonly string[], page: string, answer?: Ending['answer']): Ending => ({
  lang,
  want: [want].flat(),
  page,
  ...(answer ? { answer } : {}),
  posts: 1,
});
/** The page accepts, and a code is asked for as well. */
const withCode = (lang: string, page: string, answer: Ending['answer']): Ending => ({
  ...once(lang, 'signed-in', page, answer),
  posts: 2,
});
/** A page without a form that says no. */
const saysNo = (lang: string, text: string, back: string, code = 200): Ending =>
  once(lang, 'refused', form(lang), () => ({ status: code, body: `<h2>${text}</h2><p><a href="">${back}</a></p>` }));
const asks = (label: string, button: string, heading = '') =>
  `${heading && `<h1>${heading}</h1>`}<form method="post"><label>${label} <input name="otp"></label> <button>${button}</button></form>`;

/** Six boxes for a code that a script sends when all are full, and two buttons that are for something else. */
const boxesThatSend = (first: string, second: string) =>
  `<h1>One-time password</h1><div id="at">${'<input type="tel" maxlength="1" style="width:2rem">'.repeat(6)}</div><button type="button" onclick="location = '/out'">${first}</button> <button type="button">${second}</button>
  <script>const all = [...at.children]; at.oninput = (event) => { event.target.nextElementSibling?.focus(); if (all.every((one) => one.value)) setTimeout(() => fetch(location.pathname, { method: 'POST', body: new URLSearchParams({ otp: all.map((one) => one.value).join('') }) })
    .then((r) => { if (r.ok) document.body.innerHTML = ${JSON.stringify(WELCOME)}; else for (const one of all) one.value = ''; }), 600) };</script>`;

export const ENDINGS: Record<string, Ending> = {
  // In.
  'right, a page is loaded': once('en', 'signed-in', form('en'), () => WELCOME),
  'right, a single page': once('zh-CN', 'signed-in', single('zh-CN', 'welcome();'), status(200)),
  'right, the site thinks for three seconds and says so where it says errors': once(
    'en',
    'signed-in',
    single('en', 'welcome();', `say.innerHTML = '<div class="alert message" role="alert">Loading…</div>';`),
    status(200, 3000),
  ),
  'wrong, one address for everything, in words of its own': once(
    'en',
    'refused',
    `<h1>Sign in</h1><div>${fields('en')}<div id="say"></div><button id="go" type="button">Sign in</button></div>
    <script>const value = (name) => document.querySelector('[name=' + name + ']').value;
    const ask = (given) => fetch(location.pathname, given).then((answer) => answer.text());
    void ask();
    go.onclick = () => ask({ method: 'POST', body: new URLSearchParams({ user: value('user'), password: value('password') }) }).then(() => { say.innerHTML = '<p class="error">Hmm. That is not it.</p>'; });</script>`,
    status(200),
  ),
  'right, the site thinks for six seconds beside a poll that is told 401': once(
    'en',
    'signed-in',
    `${single('en', 'welcome();')}<script>const poll = () => fetch('/session').then((answer) => answer.text()); void poll(); setInterval(poll, 700);</script>`,
    status(200, 6000),
  ),
  'a dead button below fields that are looked at as they are filled': {
    ...once(
      'zh-CN',
      'not-sent',
      `<h1>登录</h1><form id="f">${fields('zh-CN')}<button>登录</button></form>
    <script>f.onsubmit = (event) => event.preventDefault();
    f.oninput = () => fetch('/session').then((answer) => answer.text());</script>`,
    ),
    posts: 0,
  },
  'right, the form is gone while the site thinks': once(
    'de',
    'signed-in',
    single(
      'de',
      'welcome();',
      `setTimeout(() => { if (box.contains(f)) box.innerHTML = '<p class="message">Bitte warten …</p>'; });`,
    ),
    status(200, 2500),
  ),
  'right, the old form goes late': once(
    'fr',
    'signed-in',
    single(
      'fr',
      `box.insertAdjacentHTML('afterend', '<main><h1>Welcome, robin</h1></main>'); setTimeout(() => box.remove(), 1500);`,
    ),
    status(200),
  ),
  'right, in words of progress of its own': once(
    'zh-CN',
    'signed-in',
    single('zh-CN', 'welcome();', `say.innerHTML = '<div class="el-message">正在登录，请稍候…</div>';`),
    status(200, 2500),
  ),
  'right, inside are settings with a password': once(
    'en',
    'signed-in',
    form('en'),
    () =>
      '<h1>Welcome, robin</h1><h2>WAN</h2><form method="post"><label>User name <input name="a"></label><label>Password <input type="password" name="b"></label><button>Save</button></form>',
  ),
  'right, inside a password can be changed': once(
    'zh-CN',
    'signed-in',
    form('zh-CN'),
    () =>
      '<h1>Welcome, robin</h1><a href="#">退出登录</a><h2>修改密码</h2><form method="post"><label>原密码 <input type="password" name="a"></label><label>新密码 <input type="password" name="b"></label><label>确认密码 <input type="password" name="c"></label><button>保存</button></form>',
  ),
  'right, inside something warns': once(
    'en',
    'signed-in',
    form('en'),
    () => `<div class="alert alert-warning" role="alert">Your password expires in 5 days.</div>${WELCOME}`,
  ),
  'right, inside there is news by mail': once(
    'es',
    'signed-in',
    form('es'),
    () =>
      `${WELCOME}<form method="post"><input type="email" name="email" placeholder="E-mail"><button>Suscribirse</button></form>`,
  ),
  'right, and the site asks whether to stay': once(
    'en',
    ['signed-in', 'more'],
    form('en'),
    () =>
      '<h1>Stay signed in?</h1><p>Do this to reduce the number of times you are asked to sign in.</p><form method="post"><button type="button">No</button><button>Yes</button></form>',
  ),
  'right, and somebody else’s app asks for leave': once(
    'en',
    ['signed-in', 'more'],
    form('en'),
    () =>
      '<h1>Ward Tools wants to access your account</h1><form method="post"><button>Allow</button><button type="button">Deny</button></form>',
  ),
  'right, and the password has run out': once(
    'zh-CN',
    ['more', 'signed-in'],
    form('zh-CN'),
    () =>
      '<h1>密码已过期，请修改密码</h1><form method="post"><label>旧密码 <input type="password" name="a"></label><label>新密码 <input type="password" name="b"></label><label>确认新密码 <input type="password" name="c"></label><button>提交</button></form>',
  ),
  // Refused: what loads a page.
  'wrong, the form comes again with a notice': once('en', 'refused', form('en'), () =>
    form('en', '<p class="error">Invalid username or password.</p>'),
  ),
  'wrong, the form comes again and says it in plain words': once('ja', 'refused', form('ja'), () =>
    form('ja', '<p>ユーザー名またはパスワードが正しくありません。</p>'),
  ),
  'wrong, the form comes again and says nothing': once('ru', 'refused', form('ru'), () => form('ru')),
  'wrong, the field says so': once('de', 'refused', form('de'), () =>
    form('de')
      .replace('name="password"', 'name="password" aria-invalid="true" aria-describedby="h"')
      .replace('<button', '<small id="h">Das Passwort ist falsch.</small><button'),
  ),
  'wrong, a page that jumps back': once('fr', 'refused', form('fr'), () => ({
    body: '<p>Identifiants incorrects. Vous allez être redirigé vers la page de connexion.</p>',
    headers: { refresh: '3' },
  })),
  'wrong, beside the badge of a riddle nobody sees': once(
    'en',
    'refused',
    `${form('en')}<iframe src="/recaptcha/badge" style="position:fixed;right:0;bottom:14px;width:256px;height:60px;border:0"></iframe>`,
    () =>
      `${form('en', '<p class="error">Wrong password</p>')}<iframe src="/recaptcha/badge" style="position:fixed;right:0;bottom:14px;width:256px;height:60px;border:0"></iframe>`,
  ),
  'wrong, too often': saysNo('en', 'Too many failed attempts. Try again in 15 minutes.', 'Back', 429),
  'wrong, a page of its own, status 401': saysNo('es', 'Credenciales incorrectas', 'Volver', 401),
  'wrong, a page of its own: ru': saysNo('ru', 'Неверный логин или пароль', 'Назад'),
  'wrong, a page of its own: zh-CN': saysNo('zh-CN', '用户名或密码错误！', '返回'),
  'wrong, a page of its own: zh-TW': saysNo('zh-TW', '帳號或密碼錯誤', '返回'),
  'wrong, a page of its own: ko': saysNo('ko', '아이디 또는 비밀번호가 일치하지 않습니다.', '돌아가기'),
  'wrong, a page of its own: ja': saysNo('ja', 'ログインに失敗しました', '戻る'),
  'wrong, a page of its own: it': saysNo('it', 'Nome utente o password non validi', 'Indietro'),
  'wrong, a page of its own: pt': saysNo('pt', 'Usuário ou senha inválidos', 'Voltar'),
  'wrong, a page of its own: nl': saysNo('nl', 'Onjuiste gebruikersnaam of wachtwoord', 'Terug'),
  'wrong, a page of its own: pl': saysNo('pl', 'Nieprawidłowa nazwa użytkownika lub hasło', 'Wróć'),
  'wrong, a page of its own: tr': saysNo('tr', 'Kullanıcı adı veya şifre hatalı', 'Geri'),
  'wrong, a page of its own: ar': saysNo('ar', 'اسم المستخدم أو كلمة المرور غير صحيحة', 'رجوع'),
  'wrong, a page of its own: de': saysNo('de', 'Anmeldung fehlgeschlagen', 'Zurück'),
  'the account is locked': saysNo('de', 'Ihr Konto wurde gesperrt. Wenden Sie sich an den Support.', 'Zurück'),
  // Refused: single pages.
  'wrong, a plain box of utility classes': once(
    'en',
    'refused',
    single('en', `say.innerHTML = '<div class="mt-2 text-sm text-red-600">Invalid email or password</div>';`),
    status(401),
  ),
  'wrong, a plain box, in Chinese': once(
    'zh-CN',
    'refused',
    single('zh-CN', `say.innerHTML = '<div class="tip">账号或密码错误，请重新输入</div>';`),
    status(200),
  ),
  'wrong, a toast that goes again': once(
    'zh-CN',
    'refused',
    single(
      'zh-CN',
      `document.body.insertAdjacentHTML('beforeend', '<div id="t" style="position:fixed;top:20px;left:40%;background:#333;color:white;padding:8px">密码不正确</div>'); setTimeout(() => t.remove(), 9000);`,
    ),
    status(200),
  ),
  'wrong, the fields are told, nothing else': once(
    'en',
    'refused',
    single(
      'en',
      `for (const one of f.querySelectorAll('input')) one.setAttribute('aria-invalid', 'true'); f.querySelector('[type=password]').insertAdjacentHTML('afterend', '<span id="p-hint">Incorrect credentials</span>'); f.querySelector('[type=password]').setAttribute('aria-describedby', 'p-hint');`,
    ),
    status(401),
  ),
  'wrong, a card with “try again” in place of the form': once(
    'en',
    'refused',
    single(
      'en',
      `box.innerHTML = '<h2>We could not sign you in</h2><p>The password is not right.</p><button>Try again</button>';`,
    ),
    status(401),
  ),
  'wrong, the form is gone for two seconds': once(
    'ja',
    'refused',
    single(
      'ja',
      `box.append(gone); box.firstElementChild.remove(); gone.insertAdjacentHTML('afterbegin', '<p>パスワードが違います</p>');`,
      `window.gone = f; setTimeout(() => { gone.remove(); box.insertAdjacentHTML('afterbegin', '<p>…</p>'); });`,
    ).replace('post().then(got)', 'const sent = post(); sent.then(got)'),
    status(401, 2000),
  ),
  'wrong, in a window of the browser’s own': once(
    'zh-CN',
    ['refused', 'cannot-tell'],
    single('zh-CN', `alert('用户名或密码错误');`),
    status(401),
  ),
  'a window of the browser’s own comes up under the press': {
    // Whoever closes it sees the form, as it was.
    ...once('en', ['cannot-tell', 'not-sent'], single('en', '', `alert('Are you sure?'); return;`)),
    posts: 0,
  },
  'wrong, the form shakes and is emptied': once(
    'en',
    ['refused', 'cannot-tell'],
    single('en', `f.className = 'shake'; f.querySelector('[type=password]').value = '';`),
    status(401),
  ),
  'wrong, in a component of its own': once(
    'en',
    'refused',
    single(
      'en',
      `const d = document.createElement('x-note'); d.attachShadow({ mode: 'open' }).innerHTML = '<div role="alert">Wrong user name or password</div>'; say.append(d);`,
    ),
    status(401),
  ),
  'wrong, beside a notice that stood there before': once(
    'de',
    'refused',
    `<div class="alert">Wartung am Sonntag von 2 bis 4 Uhr.</div>${single('de', `say.innerHTML = '<p class="text-danger">Benutzername oder Passwort falsch</p>';`)}`,
    status(401),
  ),
  // In, and what is there speaks of failure; or comes late.
  'right, inside builds have failed': once(
    'en',
    'signed-in',
    form('en'),
    () => '<h1>Welcome, robin</h1><h2>Pipelines</h2><p>3 builds failed</p><p>Invalid orders: 2</p>',
  ),
  'right, inside it tells of others’ attempts': once(
    'en',
    'signed-in',
    form('en'),
    () =>
      '<p>Last login: yesterday from 10.0.0.7. There were 2 failed login attempts since.</p><h1>Welcome, robin</h1>',
  ),
  'right, inside a log of errors': once(
    'zh-CN',
    'signed-in',
    form('zh-CN'),
    () => '<ul><li>首页</li><li>错误日志</li><li>登录失败记录</li></ul><h1>Welcome, robin</h1><p>密码错误次数：0</p>',
  ),
  'right, inside a part could not be loaded': once(
    'en',
    'signed-in',
    form('en'),
    () => '<h1>Welcome, robin</h1><div class="error">Could not load the weather.</div>',
  ),
  'right, the page behind draws itself late': once(
    'en',
    'signed-in',
    form('en'),
    () =>
      `<div id="app"></div><script>setTimeout(() => { app.innerHTML = ${JSON.stringify(WELCOME)}; }, 2500)</script>`,
  ),
  'right, and says so before it moves on': once(
    'zh-CN',
    'signed-in',
    form('zh-CN'),
    () =>
      `<div id="app"><p>登录成功，正在跳转…</p></div><script>setTimeout(() => { app.innerHTML = ${JSON.stringify(WELCOME)}; }, 2500)</script>`,
  ),
  'right, a notice of success stands by the form for a while': once(
    'en',
    'signed-in',
    single(
      'en',
      `say.innerHTML = '<div class="alert alert-success" role="alert">Login successful</div>'; setTimeout(welcome, 2500);`,
    ),
    status(200),
  ),
  'right, and the account is at work elsewhere': once(
    'zh-CN',
    ['more', 'signed-in'],
    form('zh-CN'),
    () => '<p>该账号已在其他设备登录，是否继续？</p><button>继续</button> <button>取消</button>',
  ),
  'right, and an organisation is to be chosen': once(
    'en',
    ['signed-in', 'more'],
    form('en'),
    () => '<h1>Choose an organization</h1><button>Ward North</button> <button>Ward South</button>',
  ),
  // Refused, by ways of their own.
  'wrong, the page draws the form late': once(
    'en',
    'refused',
    form('en'),
    () =>
      `<div id="app"></div><script>setTimeout(() => { app.innerHTML = ${JSON.stringify(form('en', '<p>Those credentials do not match our records.</p>'))}; }, 2000)</script>`,
  ),
  'wrong, the page is loaded anew and its form fades in': once(
    'en',
    'refused',
    `<main><h2>Ward North</h2><p>Opening hours: always.</p></main><div id="late" style="display:none">${single('en', 'location.reload();')}</div><script>setTimeout(() => { late.style.display = ''; }, 1500)</script>`,
    status(403),
  ),
  'wrong, by a page in between': once(
    'de',
    'refused',
    form('de'),
    () =>
      `<div id="app"><p>Sie werden weitergeleitet …</p></div><script>setTimeout(() => { app.innerHTML = ${JSON.stringify(form('de', '<p>Die Anmeldedaten stimmen nicht.</p>'))}; }, 1800)</script>`,
  ),
  'wrong, a box with OK above the form': once(
    'zh-CN',
    'refused',
    single(
      'zh-CN',
      `document.body.insertAdjacentHTML('beforeend', '<div class="layui-layer" style="position:fixed;left:200px;top:100px;width:260px;padding:16px;background:white;border:1px solid"><div>提示</div><div>账号不存在或密码错误</div><a class="layui-layer-btn0">确定</a></div>');`,
    ),
    status(200),
  ),
  'wrong, the page for everybody comes, without a word': once(
    'zh-CN',
    ['refused', 'cannot-tell'],
    form('zh-CN'),
    () =>
      `<nav><a href="#">登录</a> <a href="#">注册</a></nav><h1>东区医院</h1><p>${'本院新闻与就诊须知。'.repeat(12)}</p>`,
  ),
  'wrong, it leads to where a password is set anew': once(
    'de',
    ['refused', 'cannot-tell', 'more'],
    form('de'),
    () =>
      '<h1>Passwort vergessen</h1><p>Geben Sie die Adresse Ihres Kontos ein. Sie erhalten dann eine Nachricht mit weiteren Anweisungen.</p><form method="post"><label>E-Mail <input name="mail"></label><button>Absenden</button></form>',
  ),
  'wrong, a window of the page’s own with OK': once(
    'it',
    'refused',
    single(
      'it',
      `document.body.insertAdjacentHTML('beforeend', '<dialog id="d"><p>Le credenziali inserite non sono corrette.</p><button>OK</button></dialog>'); d.showModal();`,
    ),
    status(401),
  ),
  'right, and a source of codes is to be set up': once(
    'en',
    ['more', 'signed-in'],
    form('en'),
    () =>
      '<h1>Protect your account</h1><p>Your organisation asks for two factors. Scan this code with an authenticator app.</p><form method="post"><label>Code <input name="first"></label> <button>Activate</button></form><a href="#">Later</a>',
  ),
  'a code from a sheet of paper': once(
    'en',
    'more',
    form('en'),
    () =>
      '<h1>Two-factor recovery</h1><form method="post"><label>Recovery code <input name="spare"></label> <button>Verify</button></form><a href="#">Use your authenticator app instead</a>',
  ),
  'wrong, a riddle comes with it': once('en', ['refused', 'more'], form('en'), () =>
    form('en', '<p class="error">Wrong password.</p><label>Captcha <input name="captcha"></label>'),
  ),
  'wrong, a password alone': once(
    'en',
    'refused',
    '<h1>Router login</h1><form method="post"><input type="hidden" name="user" value="ward-7"><label>Password <input type="password" name="password"></label><button>Login</button></form>',
    () =>
      '<h1>Router login</h1><form method="post"><label>Password <input type="password" name="password"></label><p>The password is incorrect. 4 attempts left.</p><button>Login</button></form>',
  ),
  'the account is switched off, in the same form': once(
    'en',
    'refused',
    single('en', `say.innerHTML = '<span>This account has been disabled.</span>';`),
    status(403),
  ),
  // Neither.
  'the line is broken': once(
    'en',
    ['cannot-tell', 'more', 'not-sent'],
    single('en', `say.innerHTML = '<p class="error">Network error. Please try again later.</p>';`),
    status(503),
  ),
  'the site is being mended': once('en', 'cannot-tell', form('en'), () => ({
    status: 503,
    body: '<h1>We’ll be back soon</h1><p>Down for maintenance.</p>',
  })),
  'a tap on the phone is waited for': once(
    'en',
    'more',
    form('en'),
    () =>
      '<h1>Check your phone</h1><p>We sent a notification to your device. Tap Yes to confirm it’s you.</p><p>Waiting…</p>',
  ),
  'a link by mail': once(
    'en',
    'more',
    form('en'),
    () => '<h1>Verify this device</h1><p>We sent an e-mail to r…@example.org. Follow the link in it to go on.</p>',
  ),
  'a way for the code is to be chosen': once(
    'zh-CN',
    'more',
    form('zh-CN'),
    () => '<h1>安全验证</h1><p>请选择验证方式</p><button>手机验证码</button> <button>邮箱验证码</button>',
  ),
  'a question that only the person can answer': once(
    'fr',
    'more',
    form('fr'),
    () =>
      '<h1>Question de sécurité</h1><form method="post"><label>Quel était le nom de votre premier animal ? <input name="answer"></label><button>Continuer</button></form>',
  ),
  // Codes.
  'a code on a page of its own': withCode('en', form('en'), (given, posts) =>
    posts === 1
      ? asks('Code', 'Verify', 'Enter one time password')
      : codeIsRight(given)
        ? WELCOME
        : asks('Code', 'Verify', 'Enter one time password'),
  ),
  'a code that appears in the same form': withCode(
    'en',
    single(
      'en',
      `if (status === 202) say.innerHTML = '<label>Two-factor code <input name="otp" inputmode="numeric" maxlength="6"></label>'; else welcome();`,
    ),
    (given) => ({ status: codeIsRight(given) ? 200 : 202, body: '' }),
  ),
  'a code that appears in the same form, beside an old notice': withCode(
    'de',
    `<div class="alert">Wartung am Sonntag</div>${single('de', `if (status === 202) say.innerHTML = '<label>Code aus der Authenticator-App <input name="otp" inputmode="numeric" maxlength="6"></label>'; else welcome();`)}`,
    (given) => ({ status: codeIsRight(given) ? 200 : 202, body: '' }),
  ),
  'a window asks for a code above the old form': withCode(
    'en',
    single(
      'en',
      `if (status === 202) { document.body.insertAdjacentHTML('beforeend', '<div style="position:fixed;inset:0;background:rgba(0,0,0,.5)"></div><div role="dialog" style="position:fixed;left:220px;top:80px;width:460px;padding:20px;background:white"><h2>Second login factor required</h2><label>Please enter your TOTP verification code: <input id="c" inputmode="numeric"></label><button id="k" type="button">Confirm second factor</button></div>'); k.onclick = () => post({ otp: c.value }).then((s) => { if (s === 200) { for (const one of document.querySelectorAll('[style*=fixed]')) one.remove(); welcome(); } }); } else welcome();`,
    ),
    (given) => ({ status: codeIsRight(given) ? 200 : 202, body: '' }),
  ),
  // Boxes that send themselves after a moment need no button, and what stands behind them is none: the way out comes first.
  'a code in boxes that send themselves, before a way out': withCode('en', form('en'), (given) =>
    given.has('otp') ? { status: codeIsRight(given) ? 200 : 403, body: '' } : boxesThatSend('Log out', 'Methods'),
  ),
  'a code in boxes that a router sends, before other ways': withCode(
    'de',
    single(
      'de',
      `if (status === 202) { box.innerHTML = ${JSON.stringify('<h2>Bestätigung in zwei Schritten</h2><p>Code aus der Authenticator-App</p><div></div><button>Andere Methode</button> <button>Abmelden</button>')}; const [at] = box.getElementsByTagName('div');
      for (let k = 0; k < 6; k++) at.insertAdjacentHTML('beforeend', '<input inputmode="numeric" maxlength="1" style="width:2rem">'); const all = [...at.children];
      at.oninput = (event) => { event.target.nextElementSibling?.focus(); if (all.every((one) => one.value)) setTimeout(() => fetch(location.pathname, { method: 'POST', body: new URLSearchParams({ otp: all.map((one) => one.value).join('') }) }).then((r) => got(r.status)), 900); }; } else welcome();`,
    ),
    (given) => ({ status: codeIsRight(given) ? 200 : 202, body: '' }),
  ),
  'a code in boxes that send themselves and are emptied': {
    ...once('fr', 'refused', form('fr'), (given) =>
      given.has('otp') ? { status: 403, body: '' } : boxesThatSend('Se déconnecter', 'Autres méthodes'),
    ),
    posts: 2,
  },
  'a code in Chinese': withCode('zh-CN', form('zh-CN'), (given, posts) =>
    posts === 1
      ? asks('动态验证码', '验证', '请输入身份验证器中的 6 位动态码')
      : codeIsRight(given)
        ? WELCOME
        : asks('动态验证码', '验证'),
  ),
  'a code that the site does not take': {
    ...once('en', 'refused', form('en'), (_given, posts) =>
      posts === 1
        ? asks('Authentication code', 'Verify', 'Two-factor authentication')
        : `<p>Invalid two-factor code.</p>${asks('Authentication code', 'Verify', 'Two-factor authentication')}`,
    ),
    posts: 2,
  },
  'a code by message': once(
    'zh-CN',
    'more',
    form('zh-CN'),
    () =>
      '<h1>安全验证</h1><p>短信验证码已发送至 138****0000</p><form method="post"><label>短信验证码 <input name="sms" maxlength="6"></label><button>确定</button><a href="#">重新发送</a></form>',
  ),
  // What only the person can do, and what was never sent.
  'a riddle in words': once('en', 'more', form('en'), () =>
    form('en', '<p>Please copy the number <b>4 7 1 1</b> into the box: <input name="proof" size="6"></p>'),
  ),
  'a riddle to read, in Chinese': once(
    'zh-CN',
    'more',
    single(
      'zh-CN',
      `say.innerHTML = '<p>请输入图片中的字符</p><input name="vcode" placeholder="图形验证码" maxlength="4"><img alt="看不清？换一张" width="80" height="30">';`,
    ),
    status(200),
  ),
  'a passkey is asked for next': once(
    'en',
    'more',
    form('en'),
    () => '<h1>Use your passkey to confirm it’s you</h1><button>Continue</button>',
  ),
  'an agreement that was not ticked': {
    ...once(
      'zh-CN',
      ['not-sent', 'more'],
      single('zh-CN', 'welcome();')
        .replace(
          'event.preventDefault();',
          `event.preventDefault(); if (!a.checked) { say.innerHTML = '<div class="toast">请先阅读并同意用户协议</div>'; return; }`,
        )
        .replace(
          '<div id="say">',
          '<label><input type="checkbox" id="a"> 我已阅读并同意《用户协议》</label><div id="say">',
        ),
      status(200),
    ),
    posts: 0,
  },
  'a button that does nothing': {
    ...once(
      'en',
      ['not-sent', 'cannot-tell'],
      `<h1>Sign in</h1><div>${fields('en')}<button type="button">Sign in</button></div>`,
    ),
    posts: 0,
  },
  'a riddle that was not solved before': {
    ...once(
      'en',
      ['not-sent', 'more'],
      single('en', 'welcome();').replace(
        'event.preventDefault();',
        `event.preventDefault(); if (!window.solved) { say.innerHTML = '<p class="error">Please complete the challenge.</p>'; return; }`,
      ),
      status(200),
    ),
    posts: 0,
  },
  // Of other kinds: what stands in the way, and what only looks like an end.
  'a puzzle slides over the form before anything is sent': {
    ...once(
      'zh-CN',
      ['more', 'not-sent'],
      single('zh-CN', 'welcome();').replace(
        'event.preventDefault();',
        `event.preventDefault(); document.body.insertAdjacentHTML('beforeend', '<div style="position:fixed;left:180px;top:60px;width:340px;height:240px;background:white;border:1px solid"><p>请完成安全验证</p><canvas width="300" height="120"></canvas><p>拖动滑块完成拼图</p></div>'); return;`,
      ),
    ),
    posts: 0,
  },
  'wrong, a toast that counts the tries left, and goes': once(
    'zh-CN',
    'refused',
    single(
      'zh-CN',
      `f.querySelector('[type=password]').value = ''; document.body.insertAdjacentHTML('beforeend', '<div id="t" class="el-message" style="position:fixed;top:20px;left:40%;background:#fde2e2;padding:8px">密码输入有误，您还可以尝试4次</div>'); setTimeout(() => t.remove(), 9000);`,
    ),
    status(200),
  ),
  'right, and a second factor is to be set up': once(
    'de',
    ['more', 'signed-in'],
    form('de'),
    () =>
      '<h1>Zwei-Faktor-Authentifizierung einrichten</h1><p>Scannen Sie den QR-Code mit Ihrer Authenticator-App und geben Sie den angezeigten Code ein.</p><img alt="QR-Code" width="160" height="160"><p>Geheimer Schlüssel: JBSW Y3DP EHPK 3PXP</p><form method="post"><label>Code <input name="otp" inputmode="numeric" maxlength="6" autocomplete="one-time-code"></label><button>Aktivieren</button></form>',
  ),
  'wrong, the button says so': once(
    'fr',
    'refused',
    single(
      'fr',
      `f.querySelector('button').textContent = 'Identifiants incorrects'; f.querySelector('button').style.background = 'crimson';`,
    ),
    status(200),
  ),
  'wrong, in a window of the page’s own over the form': once(
    'ja',
    'refused',
    single(
      'ja',
      `document.body.insertAdjacentHTML('beforeend', '<dialog id="d"><p>会員IDまたはパスワードが一致しません。</p><form method="dialog"><button>閉じる</button></form></dialog>'); d.showModal();`,
    ),
    status(200),
  ),
  'right, and the address has to be confirmed first': once(
    'ru',
    'more',
    form('ru'),
    () =>
      '<h1>Подтвердите адрес электронной почты</h1><p>Мы отправили письмо на r…@example.org. Перейдите по ссылке в нём, чтобы продолжить.</p><button>Отправить ещё раз</button>',
  ),
  'right, inside a payment has failed': once(
    'ar',
    'signed-in',
    form('ar'),
    () =>
      '<div dir="rtl"><h1>مرحبا robin</h1><p>فشل الدفع للطلب رقم 1042. تحقق من بيانات بطاقتك.</p><a href="#">تسجيل الخروج</a></div>',
  ),
  'right, the form stays in the page, hidden': once(
    'en',
    'signed-in',
    single(
      'en',
      `box.style.display = 'none'; box.insertAdjacentHTML('afterend', '<nav><a href="#">Inbox</a> <a href="#">Calendar</a></nav><main><h1>Inbox</h1><p>Nothing new since yesterday, robin.</p></main>');`,
    ),
    status(200),
  ),
  'right, and new terms are to be accepted': once(
    'en',
    ['more', 'signed-in'],
    form('en'),
    () =>
      '<h1>We have updated our terms</h1><p>Please read and accept them before you continue to your account.</p><form method="post"><label><input type="checkbox" required> I accept</label><button>Continue</button></form>',
  ),
  'a wall that takes one for a robot': once('en', ['cannot-tell', 'more'], form('en'), () => ({
    status: 403,
    body: '<h1>Sorry, you have been blocked</h1><p>This website is using a security service to protect itself from online attacks.</p><p>Ray ID: 8c1f</p>',
  })),
  'right, and what comes next is missing': once('en', 'cannot-tell', form('en'), () => ({
    status: 404,
    body: '<h1>Page not found</h1><p><a href="/">Home</a></p>',
  })),
  'the page had expired, and its form comes again': once('en', 'cannot-tell', form('en'), () => ({
    status: 419,
    body: form('en', '<p class="error">The page has expired. Please try again.</p>'),
  })),
  'the site has broken down': once('en', 'cannot-tell', form('en'), () => ({
    status: 500,
    body: '<h1>500 Internal Server Error</h1>',
  })),
  'the site thinks for longer than anybody waits': once(
    'en',
    'cannot-tell',
    single('en', 'welcome();'),
    status(200, 25_000),
  ),
  // Nothing on the page moves, and of what was asked only the browser tells.
  'the site thinks for longer than anybody waits, and its script reads the fields by themselves': once(
    'en',
    'cannot-tell',
    byValue(single('en', 'welcome();')),
    status(200, 25_000),
  ),
  'right, the site thinks for nine seconds without a word': once(
    'de',
    'signed-in',
    byValue(single('de', 'welcome();')),
    status(200, 9_000),
  ),
  'a dead button in a form whose script takes it over': {
    ...once(
      'fr',
      'not-sent',
      `<h1>Connexion</h1><form id="f">${fields('fr')}<button>Connexion</button></form><script>f.onsubmit = (event) => event.preventDefault();</script>`,
    ),
    posts: 0,
  },
  // One phrase among many, and words that mean something else inside.
  'right, inside a list of people, one of whom is switched off': once(
    'en',
    'signed-in',
    form('en'),
    () =>
      `<header>Ward <a href="#">Projects</a> <a href="#">People</a> <span>${NAME}</span></header><h1>People</h1><table><tr><th>Name<th>Status<tr><td>pat<td>Active<tr><td>sam<td>Account disabled</table><button>Invite</button>`,
  ),
  'right, inside a list of customers that is empty': once(
    'en',
    'signed-in',
    form('en'),
    () =>
      '<nav><ul><li>Accounts<li>Contacts<li>Leads<li>Reports</ul></nav><h1>Accounts</h1><button>New account</button><p>No accounts found</p><a href="#">Log out</a>',
  ),
  'right, inside a list of accounts, one of which is locked, in Chinese': once(
    'zh-CN',
    'signed-in',
    form('zh-CN'),
    () =>
      '<ul><li>系统首页<li>用户管理<li>日志</ul><p>您好，robin</p><table><tr><td>li<td>正常<tr><td>wang<td>账号已锁定</table>',
  ),
  'right, inside a bank’s accounts of both kinds': once(
    'en',
    'signed-in',
    form('en'),
    () => '<h1>Accounts</h1><div>Checking</div><div>••4521</div><div>Savings</div><div>••8830</div><div>Transfer</div>',
  ),
  'right, inside an order that is under way, in Chinese': once(
    'zh-CN',
    'signed-in',
    form('zh-CN'),
    () => '<h1>我的订单</h1><div>1042</div><div>处理中</div><div>1041</div><div>已完成</div>',
  ),
  'right, and all other devices were signed out': once(
    'en',
    'signed-in',
    form('en'),
    () => '<p>You have been signed out of your other devices.</p><h1>Welcome, robin</h1><a href="#">Sign out</a>',
  ),
  'right, by a page that posts itself on': once(
    'en',
    'signed-in',
    form('en'),
    () =>
      `<p>Click continue if nothing happens.</p><form id="on"><input type="hidden" name="token" value="7"><button>Continue</button></form><script>setTimeout(() => { document.body.innerHTML = ${JSON.stringify(WELCOME)}; }, 1200)</script>`,
  ),
  'right, and a first step of several': once(
    'en',
    ['signed-in', 'more'],
    form('en'),
    () =>
      '<h1>Step 1 of 3</h1><p>Choose how you want to be called.</p><form method="post"><input name="nick" placeholder="Display name"><button>Next</button></form><a href="#">Skip</a>',
  ),
  'right, and what was paid for has run out': once(
    'de',
    ['signed-in', 'more'],
    form('de'),
    () =>
      '<h1>Ihr Abonnement ist abgelaufen</h1><p>Verlängern Sie es, um weiter zu lesen.</p><button>Verlängern</button><a href="#">Abmelden</a>',
  ),
  'wrong, only that it be looked at again, in Chinese': once(
    'zh-CN',
    'refused',
    single('zh-CN', `say.innerHTML = '<span style="color:red">请检查后重试</span>';`),
    status(200),
  ),
  'wrong, whoever it is has no access any more': once(
    'fr',
    'refused',
    form('fr'),
    () =>
      '<h1>Accès suspendu</h1><p>Votre compte a été suspendu. Contactez votre administrateur.</p><a href="#">Retour</a>',
  ),
  'wrong, a way out is shown while the site thinks': once(
    'en',
    'refused',
    single(
      'en',
      `out.remove(); f.style.display = ''; say.innerHTML = '<p>Wrong user name or password</p>';`,
      `f.style.display = 'none'; box.insertAdjacentHTML('beforeend', '<div id="out"><span>My things</span> | <a href="#">Log out</a><h2>Loading</h2><p>Please wait...</p></div>');`,
    ),
    status(401, 2_500),
  ),
  'wrong, above a long foot': once(
    'en',
    'refused',
    form('en'),
    () =>
      '<h1>Account disabled</h1><footer><a href="#">Help</a><br><a href="#">Terms</a><br><a href="#">Privacy</a><br><a href="#">Imprint</a><br><a href="#">Jobs</a></footer>',
  ),
  'wrong, an answer that the script does not read, and no word': once(
    'en',
    ['refused', 'cannot-tell'],
    byValue(single('en', '')),
    status(401),
  ),
};

export interface EndingSites {
  origin: string;
  /** How often something was posted to the site at `path`. */
  posts(path: string): number;
  close(): void;
}
/** Where an ending stands: a number, which tells nothing. */
export const pathOf = (name: string): string => `/${Object.keys(ENDINGS).indexOf(name)}`;

export async function startEndings(): Promise<EndingSites> {
  const posts = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const ending = Object.values(ENDINGS)[Number(pathname.slice(1))];
    const send = (given: string | Answer) => {
      const { status: code = 200, body, after = 0, headers = {} } = typeof given === 'string' ? { body: given } : given;
      const type = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
      const page = `<!doctype html><html lang="${ending?.lang ?? 'en'}"><head><meta charset="utf-8"><title>Ward</title><style>body{font:18px sans-serif;margin:3rem}</style></head><body>${body}</body></html>`;
      setTimeout(() => response.writeHead(code, { ...type, ...headers }).end(page), after);
    };
    if (pathname === '/session') return send({ status: 401, body: '' });
    if (request.method !== 'POST') return send(ending?.page ?? { status: 404, body: '' });
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const given = new URLSearchParams(body);
      posts.set(pathname, (posts.get(pathname) ?? 0) + 1);
      const isWhole = given.has('otp') || isRight(given);
      send(
        ending?.answer && isWhole
          ? ending.answer(given, posts.get(pathname) ?? 1)
          : { status: 400, body: 'not what was meant' },
      );
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    posts: (path) => posts.get(path) ?? 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
