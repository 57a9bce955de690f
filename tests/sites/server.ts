// Pages to sign in to, each of a family that naive code fails on; they tell what was posted. Name: ward-7, password: Blue-Kettle-42.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const NAME = 'ward-7';
export const PASSWORD = 'Blue-Kettle-42';

const MODULES = join(import.meta.dirname, '../../node_modules');
const LIBRARIES: Record<string, string> = {
  '/react.js': 'react/umd/react.production.min.js',
  '/react-dom.js': 'react-dom/umd/react-dom.production.min.js',
  '/vue.js': 'vue/dist/vue.global.prod.js',
  '/angular.js': 'angular/angular.min.js',
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
  '/hidden': form(`<div style="opacity:0">${FIELDS}</div>${BUTTON}`),
  '/covered': `${form(FIELDS + BUTTON)}<div style="position:fixed;inset:0;background:white;z-index:9">Nothing to see</div>`,
  '/decoy': form(
    `<input name="trap_user" style="position:absolute;left:-9999px"><input name="trap" type="password" style="display:none">${FIELDS}${BUTTON}`,
  ),
  '/elsewhere': form(FIELDS + BUTTON, 'method="post" action="http://localhost:ELSEWHERE/session"'),
  '/diverted': `${form(FIELDS + BUTTON)}<script>document.querySelector('[name=password]').addEventListener('input', () => { document.forms[0].action = 'http://localhost:ELSEWHERE/session' })</script>`,
  '/clobbered': form(`<input type="hidden" name="action" value="/session">${FIELDS}${BUTTON}`),
  '/sign-up':
    form(`<label>E-mail <input name="user" type="email"></label><label>New password <input name="a" type="password" autocomplete="new-password"></label>
    <label>Repeat <input name="b" type="password" autocomplete="new-password"></label><button>Create account</button>`),
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
  '/slow': form(FIELDS + BUTTON, 'method="post" action="/slow-session"'),
  '/react': `<div id="root"></div><script src="/react.js"></script><script src="/react-dom.js"></script><script>${ASK}
    const h = React.createElement;
    function App() {
      const [user, setUser] = React.useState(''); const [password, setPassword] = React.useState(''); const [state, setState] = React.useState('form');
      if (state === 'in') return h('h1', null, 'Welcome');
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

const html = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>body{font:18px sans-serif;margin:3rem}input{font:inherit}</style></head><body>${body}</body></html>`;

export interface Sites {
  origin: string;
  /** Everything that was posted, oldest first. */
  posted: URLSearchParams[];
  close(): void;
}

/** Starts the pages on the loopback. Another instance on another port is "elsewhere". */
export async function startSites(elsewhere = 0): Promise<Sites> {
  const posted: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const send = (status: number, body: string, type = 'text/html; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type }).end(body);
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const given = new URLSearchParams(body);
        posted.push(given);
        const right = given.get('user') === NAME && given.get('password') === PASSWORD;
        if (request.headers.accept === 'application/json') return send(right ? 200 : 403, '{}', 'application/json');
        const page = right
          ? html('Inside', '<h1>Welcome</h1>')
          : html('Again', `<p class="error">Wrong password, says the site</p>${form(FIELDS + BUTTON)}`);
        setTimeout(() => send(right ? 200 : 403, page), pathname === '/slow-session' ? 2500 : 0);
      });
      return;
    }
    const library = LIBRARIES[pathname];
    if (library) return send(200, readFileSync(join(MODULES, library), 'utf8'), 'text/javascript');
    const page = PAGES[pathname];
    send(page ? 200 : 404, html('A site', (page ?? 'Nothing here').replaceAll('ELSEWHERE', String(elsewhere))));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    posted,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
