// Pages to sign in to, each of a family that naive code fails on; they tell what was posted. Name: ward-7, password: Blue-Kettle-42.

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { TOTP } from 'otpauth';
import { mustNotLeak } from '../e2e/secrets.ts';
import { AGREED_PAGES, BEYOND_PAGES, HONEST_PAGES, TRICK_PAGES } from './elsewhere.ts';
import { CODES, FAMILIES, LEFT_ALONE } from './families.ts';
import { CLICKJACKED, FRAMED, HIDDEN, TAMPERED } from './hostile.ts';
import { KINDS } from './kinds.ts';
import { NOT_SENT, ON_SCREEN } from './on-screen.ts';

export const NAME = 'ward-7';
export const PASSWORD = mustNotLeak('Blue-Kettle-42');
/** Seed of the account's one-time codes, base32. */
export const SEED = mustNotLeak('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
const totp = new TOTP({ secret: SEED });
/** However long a busy machine was on its way with it. */
const isCode = (token: string | null): boolean => totp.validate({ token: token ?? '', window: 9 }) !== null;

const MODULES = join(import.meta.dirname, '../../node_modules');
const LIBRARIES: Record<string, string> = {
  '/react.js': 'react/umd/react.production.min.js',
  '/react-dom.js': 'react-dom/umd/react-dom.production.min.js',
  '/vue.js': 'vue/dist/vue.global.prod.js',
  '/angular.js': 'angular/angular.min.js',
  '/alpine.js': 'alpinejs/dist/cdn.min.js',
};

const form = (inner: string, attributes = 'method="post" action="/session"') => `<form ${attributes}>${inner}</form>`;
const FIELDS = `<p><label>User name <input name="user" autocomplete="username"></label></p>
  <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>`;
const BUTTON = '<button>Sign in</button>';
/** What scripts call when their sign-in was pressed: asks the server, then shows the outcome in place. */
const ASK = `async function ask(user, password) {
  const answer = await fetch('/session', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ user, password }) });
  return answer.ok;
}`;

const PAGES: Record<string, string> = {
  '/plain': form(FIELDS + BUTTON),
  '/two-forms': `${form('<input name="q" type="search"><button>Search</button>', 'action="/search"')}${form(FIELDS + BUTTON)}
    ${form('<input name="email" type="email"><button>Subscribe</button>', 'action="/newsletter"')}`,
  '/no-button': form(`${FIELDS}`),
  '/nothing': '<p>Opening hours: always.</p>',
  '/late': `<div id="box"></div><script>setTimeout(() => { box.innerHTML = ${JSON.stringify(form(FIELDS + BUTTON))} }, 1200)</script>`,
  '/folded': `<details><summary>For staff</summary>${form(FIELDS + BUTTON)}</details>`,
  '/hidden': form(`<div style="opacity:0">${FIELDS}</div>${BUTTON}`),
  '/covered': `${form(FIELDS + BUTTON)}<div style="position:fixed;inset:0;background:white;z-index:9">Nothing to see</div>`,
  '/decoy': form(
    `<input name="trap_user" style="position:absolute;left:-9999px"><input name="trap" type="password" style="display:none">${FIELDS}${BUTTON}`,
  ),
  '/elsewhere': form(FIELDS + BUTTON, 'method="post" action="http://localhost:ELSEWHERE/session"'),
  '/sister': form(FIELDS + BUTTON, 'method="post" action="http://127.0.0.1:ELSEWHERE/session"'),
  '/diverted': `${form(FIELDS + BUTTON)}<script>document.querySelector('[name=password]').addEventListener('input', () => { document.forms[0].action = 'http://localhost:ELSEWHERE/session' })</script>`,
  '/diverted-later': `${form(FIELDS + BUTTON)}<script>let first = true; const form = document.forms[0]; form.addEventListener('submit', (event) => { if (!first) return; first = false; event.preventDefault();
    setTimeout(() => { form.action = 'http://localhost:ELSEWHERE/session'; form.requestSubmit() }, 300) })</script>`,
  '/into-its-address': form(FIELDS + BUTTON, 'action="/session"'),
  '/clobbered': form(`<input type="hidden" name="action" value="/session">${FIELDS}${BUTTON}`),
  '/sign-up': form(
    `<label>E-mail <input name="user" type="email"></label><label>New password <input name="a" type="password" autocomplete="new-password"></label>
    <label>Repeat <input name="b" type="password" autocomplete="new-password"></label><button>Create account</button>`,
    'method="post" action="/done"',
  ),
  '/change': form(
    `<h1>Change password</h1><label>Current password <input name="old" type="password" autocomplete="current-password"></label>
    <label>New password <input name="a" type="password" autocomplete="new-password" passwordrules="minlength: 10; required: lower; required: digit; allowed: [-]" maxlength="16"></label>
    <label>Repeat new password <input name="b" type="password" autocomplete="new-password"></label><button>Change password</button>`,
    'method="post" action="/done"',
  ),
  // AdminJS and many others: a sign-in form that asks browsers not to fill it.
  '/unwilling': form(
    `<input name="user"><input name="password" type="password" autocomplete="new-password"><button>Log in</button>`,
  ),
  '/sign-up-once': form(
    `<input name="user" type="email"><input name="a" type="password" autocomplete="new-password"><button>Create account</button>`,
  ),
  '/tampered': `${form(FIELDS + BUTTON)}<script>
    window.stolen = [];
    const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    Object.defineProperty(HTMLInputElement.prototype, 'value', { get() { return 'lie'; }, set(v) { window.stolen.push(v); } });
    document.querySelector = document.querySelectorAll = () => [];
    Element.prototype.getBoundingClientRect = () => ({ width: 0, height: 0 });
    Element.prototype.checkVisibility = () => false;
  </script>`,
  '/sudo': `<h1>Confirm access</h1><p>Signed in as ward-7</p>${form('<label>Password <input name="password" type="password" autocomplete="current-password"></label><button>Confirm</button>', 'method="post" action="/done"')}`,
  // Whatever is typed there is wrong.
  '/refuses': form(FIELDS + BUTTON, 'method="post" action="/refusing-session"'),
  '/slow': form(FIELDS + BUTTON, 'method="post" action="/slow-session"'),
  // Nothing comes of it, nothing for half a minute, and a window of the page's own.
  '/dead': `<h1>Sign in</h1><div>${FIELDS}<button type="button">Sign in</button></div>`,
  '/thinks': form(FIELDS + BUTTON, 'method="post" action="/thinking-session"'),
  '/name-thinks': form(
    '<label>User name <input name="user" autocomplete="username"></label><button>Next</button>',
    'method="post" action="/thinking-session"',
  ),
  '/alerts': form(FIELDS + BUTTON, 'onsubmit="alert(1); return false"'),
  '/react': `<div id="root"></div><script src="/react.js"></script><script src="/react-dom.js"></script><script>${ASK}
    const h = React.createElement;
    function App() {
      const [user, setUser] = React.useState(''); const [password, setPassword] = React.useState(''); const [state, setState] = React.useState('form');
      if (state === 'in') return h('div', null, h('h1', null, 'Welcome'), h('button', { onClick: () => { setUser(''); setPassword(''); setState('form') } }, 'Sign out'));
      return h('div', null, state === 'bad' && h('p', { role: 'alert' }, 'Wrong password, says React'),
        h('input', { placeholder: 'User', value: user, onChange: (e) => setUser(e.target.value) }),
        h('input', { type: 'password', value: password, onChange: (e) => setPassword(e.target.value) }),
        h('button', { disabled: !user || !password, onClick: async () => setState(await ask(user, password) ? 'in' : 'bad') }, 'Log in'));
    }
    ReactDOM.createRoot(document.getElementById('root')).render(h(App));</script>`,
  '/vue': `<div id="root"></div><script src="/vue.js"></script><script>${ASK}
    const { createApp, ref, h, withDirectives, vModelText } = Vue;
    createApp({ setup() {
      const user = ref(''); const password = ref(''); const state = ref('form');
      const field = (model, type, name) => withDirectives(h('input', { type, name, 'onUpdate:modelValue': (v) => model.value = v }), [[vModelText, model.value]]);
      return () => state.value === 'in' ? h('h1', 'Welcome') : h('form', { onSubmit: async (e) => { e.preventDefault(); state.value = await ask(user.value, password.value) ? 'in' : 'bad'; } },
        [state.value === 'bad' ? h('p', { role: 'alert' }, 'Wrong password, says Vue') : null, field(user, 'text', 'account'), field(password, 'password', 'secret'), h('button', 'Sign in')]);
    } }).mount('#root');</script>`,
  '/angular': `<div ng-app="a" ng-controller="c"><h1 ng-if="state=='in'">Welcome</h1><form ng-if="state!='in'" ng-submit="go()" novalidate><p role="alert" ng-if="state=='bad'">Wrong password, says Angular</p>
    <input type="text" ng-model="m.user" name="user"><input type="password" ng-model="m.password"><button ng-disabled="!m.user||!m.password">Sign in</button></form></div>
    <script src="/angular.js"></script><script>${ASK}
    angular.module('a', []).controller('c', ['$scope', ($scope) => { $scope.m = {}; $scope.state = 'form';
      $scope.go = () => ask($scope.m.user, $scope.m.password).then((ok) => $scope.$apply(() => { $scope.state = ok ? 'in' : 'bad' })); }]);</script>`,
  '/shadow': `<sign-in></sign-in><script>customElements.define('sign-in', class extends HTMLElement { connectedCallback() {
      this.attachShadow({ mode: 'open' }).innerHTML = ${JSON.stringify(form(FIELDS + BUTTON))}; } })</script>`,
};

const WELCOME = '<h1>Welcome</h1>';
const NAME_STEP = (to: string, alert = '') =>
  `${alert && `<p role="alert">${alert}</p>`}<h1>Sign in</h1>${form('<label>E-mail or user name <input name="user" autocomplete="username"></label><button>Next</button>', `method="post" action="${to}"`)}`;
const PASSWORD_STEP = (to: string, alert = '') =>
  `${alert && `<p role="alert">${alert}</p>`}<h1>Welcome back</h1><p>ward-7</p>${form('<label>Password <input name="password" type="password"></label><button>Sign in</button>', `method="post" action="${to}"`)}`;
const CODE_STEP = (to: string, alert = '') =>
  `${alert && `<p role="alert">${alert}</p>`}<h1>Two-step verification</h1>${form('<label>Enter the 6-digit code from your authenticator app <input name="otp" inputmode="numeric" maxlength="6"></label><button>Verify</button>', `method="post" action="${to}"`)}`;

/** Sign-ins over several documents: what each POST leads to. Each begins at GET /steps/NAME. */
const STEPS: Record<string, { first: string; next(given: URLSearchParams, at: string): string }> = {
  // Name, password, code; each on a page of its own.
  three: {
    first: NAME_STEP('/steps/three?at=name'),
    next(given, at) {
      if (at === 'name')
        return given.get('user') === NAME ? PASSWORD_STEP('?at=password') : NAME_STEP('?at=name', 'No such account');
      if (at === 'password')
        return given.get('password') === PASSWORD
          ? CODE_STEP('?at=code')
          : PASSWORD_STEP('?at=password', 'Wrong password');
      return isCode(given.get('otp')) ? WELCOME : CODE_STEP('?at=code', 'Wrong code');
    },
  },
  'wrong-code': {
    first: form(FIELDS + BUTTON, 'method="post" action="/steps/wrong-code"'),
    next: (_given, at) => CODE_STEP('?at=code', at === 'code' ? 'That code is not right' : ''),
  },
  // Name and password on one page, the code on the next.
  'password-then-code': {
    first: form(FIELDS + BUTTON, 'method="post" action="/steps/password-then-code"'),
    next(given, at) {
      if (at !== 'code') return CODE_STEP('?at=code');
      return isCode(given.get('otp')) ? WELCOME : CODE_STEP('?at=code', 'Wrong code');
    },
  },
  'code-by-message': {
    first: form(FIELDS + BUTTON, 'method="post" action="/steps/code-by-message"'),
    next: () =>
      '<h1>Check your e-mail</h1><p>We sent a code to w…@example.org</p><form><label>Code <input name="code"></label><button>Verify</button></form>',
  },
  riddle: {
    first: form(FIELDS + BUTTON, 'method="post" action="/steps/riddle"'),
    next: () =>
      `<p role="alert">Show that you are no robot</p>${form(`${FIELDS}<label>Captcha <input name="captcha"></label>${BUTTON}`)}`,
  },
};

/** The same without a navigation: name, password and code slide in one after the other. */
const SPA = `<div id="box"></div><script>
  const steps = ${JSON.stringify({ name: NAME_STEP(''), password: PASSWORD_STEP(''), code: CODE_STEP('') })};
  const given = {}; const order = ['name', 'password', 'code']; let at = 0;
  function show() { box.innerHTML = '<p>…</p>'; setTimeout(() => { box.innerHTML = steps[order[at]]; box.querySelector('form').onsubmit = async (e) => { e.preventDefault();
    for (const input of box.querySelectorAll('input')) given[input.name] = input.value;
    if (++at < order.length) return show();
    const answer = await fetch('/steps/spa', { method: 'POST', body: new URLSearchParams(given), headers: { accept: 'application/json' } });
    box.innerHTML = answer.ok ? '<h1>Welcome</h1>' : '<p role="alert">No</p>'; }; }, 700); }
  show();</script>`;

const REALM = 'Ward monitor';
/** Whether a request carries the right name and password for `scheme` (RFC 7617, RFC 7616). */
function isAuthorised(request: IncomingMessage, scheme: 'basic' | 'digest', nonce: string): boolean {
  const given = request.headers.authorization ?? '';
  if (scheme === 'basic') return given === `Basic ${Buffer.from(`${NAME}:${PASSWORD}`).toString('base64')}`;
  const part = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(given)?.[1] ?? '';
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const secret = md5(`${NAME}:${REALM}:${PASSWORD}`);
  const asked = md5(`${request.method}:${part('uri')}`);
  const response = md5([secret, nonce, part('nc'), part('cnonce'), 'auth', asked].join(':'));
  return given.startsWith('Digest ') && part('nonce') === nonce && part('response') === response;
}

/** Collections of pages by the first part of their address. */
const COLLECTIONS: Record<string, Record<string, string>> = {
  family: Object.fromEntries(
    Object.entries({ ...FAMILIES, ...ON_SCREEN }).map(([name, { html: page }]) => [name, page]),
  ),
  code: CODES,
  'left-alone': LEFT_ALONE,
  'not-sent': NOT_SENT,
  hidden: HIDDEN,
  clickjacked: CLICKJACKED,
  framed: FRAMED,
  tampered: TAMPERED,
  race: {
    before: form(`${FIELDS}<input type="hidden" name="other" value="1">${BUTTON}`),
    first: form(FIELDS + BUTTON),
    other: form(`${FIELDS}<input type="hidden" name="other" value="1">${BUTTON}`),
  },
  trick: TRICK_PAGES,
  honest: HONEST_PAGES,
  // Under a number: a name would say what the page is.
  kind: Object.fromEntries(Object.values(KINDS).map((page, at) => [String(at), page])),
  agreed: AGREED_PAGES,
  beyond: BEYOND_PAGES,
};

const html = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>body{font:18px sans-serif;margin:3rem}input{font:inherit}</style></head><body>${body}</body></html>`;

export interface Sites {
  origin: string;
  /** How often the browser's own window was asked for. */
  challenged: number;
  /** Everything that was posted, oldest first. */
  posted: URLSearchParams[];
  /** All that every request said: method, full address, body. */
  heard: string[];
  /** When the last one came, ms since 1970. */
  postedAt: number;
  close(): void;
}

/** Starts the pages on the loopback. Another instance on another port is "elsewhere". */
export async function startSites(elsewhere = 0): Promise<Sites> {
  const posted: URLSearchParams[] = [];
  const heard: string[] = [];
  const nonce = randomBytes(12).toString('hex');
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    const said = `${request.method} http://${request.headers.host}${request.url}`;
    if (request.method !== 'POST') heard.push(said);
    const send = (status: number, body: string, type = 'text/html; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type }).end(body);
    if (pathname === '/basic' || pathname === '/digest') {
      const scheme = pathname === '/basic' ? 'basic' : 'digest';
      if (request.headers.authorization) posted.push(new URLSearchParams({ scheme }));
      if (isAuthorised(request, scheme, nonce)) return send(200, html('Inside', WELCOME));
      const challenge =
        scheme === 'basic' ? `Basic realm="${REALM}"` : `Digest realm="${REALM}", qop="auth", nonce="${nonce}"`;
      response.setHeader('www-authenticate', challenge);
      response.once('finish', () => (sites.challenged += 1));
      return send(401, html('401', '<h1>401 Authorization Required</h1>'));
    }
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const given = new URLSearchParams(body);
        posted.push(given);
        heard.push(`${said} ${body}`);
        sites.postedAt = Date.now();
        const [, first, story = ''] = pathname.split('/');
        const walk = first === 'steps' ? STEPS[story] : undefined;
        if (walk) return send(200, html('Steps', walk.next(given, searchParams.get('at') ?? '')));
        const known = given.get('user') === NAME && given.get('password') === PASSWORD;
        const right = pathname === '/done' || (known && pathname !== '/refusing-session');
        if (request.headers.accept === 'application/json') return send(right ? 200 : 403, '{}', 'application/json');
        const page = right
          ? html('Inside', '<h1>Welcome</h1>')
          : html('Again', `<p class="error">Wrong password, says the site</p>${form(FIELDS + BUTTON)}`);
        const thinks: Record<string, number> = { '/slow-session': 2_500, '/thinking-session': 30_000 };
        const timer = setTimeout(() => send(right ? 200 : 403, page), thinks[pathname] ?? 0);
        response.once('close', () => clearTimeout(timer));
      });
      return;
    }
    if (pathname === '/away') return response.writeHead(302, { location: `http://localhost:${elsewhere}/plain` }).end();
    if (pathname.startsWith('/modules/')) {
      const file = normalize(join(MODULES, pathname.slice('/modules/'.length)));
      return file.startsWith(MODULES) ? send(200, readFileSync(file, 'utf8'), 'text/javascript') : send(404, '');
    }
    const library = LIBRARIES[pathname];
    if (library) return send(200, readFileSync(join(MODULES, library), 'utf8'), 'text/javascript');
    const [, collection = '', name = ''] = pathname.split('/').map(decodeURIComponent);
    const page =
      (collection === 'steps' ? (name === 'spa' ? SPA : STEPS[name]?.first) : undefined) ??
      PAGES[pathname] ??
      COLLECTIONS[collection]?.[name];
    send(
      page === undefined ? 404 : 200,
      html(
        'A site',
        (page ?? 'Nothing here').replaceAll('ELSEWHERE', String(elsewhere)).replaceAll('OWNPORT', String(port)),
      ),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const sites: Sites = {
    origin: `http://127.0.0.1:${port}`,
    challenged: 0,
    posted,
    heard,
    postedAt: 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return sites;
}
