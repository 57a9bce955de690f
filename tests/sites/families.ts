// Families of sign-in forms that users of other managers complain about. Each page tells what its own code understood, by
// posting it or by calling `took(name, password)`.
import { LANGUAGES } from './languages.ts';

export const FIELDS = `<p><label>User name <input name="user" autocomplete="username"></label></p>
  <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>`;
export const BUTTON = '<button>Sign in</button>';
export const form = (inner: string, attributes = 'method="post" action="/session"') =>
  `<form ${attributes}>${inner}</form>`;
/** What scripts call with what they understood. */
export const TOOK = `window.took = (user, password, more) => fetch('/session', { method: 'POST', body: new URLSearchParams({ user, password, ...more }),
  headers: { accept: 'application/json' } }).then(() => { document.body.innerHTML = '<h1>Welcome</h1>' });`;
export const script = (body: string, type = '') => `<script ${type}>${body}</script>`;
/** A field in the page's form for each name that the browser's own properties of forms have: it stands before them. */
export const SHADOWS = script(`const names = new Set();
  for (let own = HTMLFormElement.prototype; own; own = Object.getPrototypeOf(own)) Object.getOwnPropertyNames(own).forEach((name) => names.add(name));
  document.forms[0].insertAdjacentHTML('afterbegin', [...names].map((name) => '<input type="hidden" name="' + name + '" value="/session">').join(''));`);
const element = (name: string, body: string) =>
  `customElements.define('${name}', class extends HTMLElement { connectedCallback() { ${body} } });`;

/** What arrives from a page, or why it is not filled. */
export interface Family {
  html: string;
  more?: Record<string, string>;
  fails?: string;
}

/** Page by name; `more` is what has to arrive besides name and password, `fails` the code where filling must be refused. */
export const FAMILIES: Record<string, Family> = {
  plain: { html: form(FIELDS + BUTTON) },
  'no-autocomplete': { html: form(FIELDS.replaceAll(/autocomplete="[^"]*"/g, 'autocomplete="off"') + BUTTON) },
  'no-labels': {
    html: form(`<input name="x1" placeholder="Login"><input name="x2" type="password">${BUTTON}`)
      .replace('x1', 'user')
      .replace('x2', 'password'),
  },
  'labels-in-table': {
    html: form(
      '<table><tr><td>Benutzer</td><td><input name="user"></td></tr><tr><td>Kennwort</td><td><input name="password" type="password"></td></tr></table><input type="submit" value="Anmelden">',
    ),
  },
  // What lets the pointer through and lies below, or is cut off, or floats over its own field, hides nothing.
  decorated: {
    html: `<div><div style="position:fixed;inset:0;z-index:-1;background:linear-gradient(white,teal);pointer-events:none"></div></div>
      <div style="position:absolute;inset:0;background:white;pointer-events:none"></div>
      <nav style="position:absolute;z-index:5;width:100%;max-height:0;overflow:hidden;pointer-events:none"><div style="height:400px;background:white">Menu</div></nav>
      <div style="position:fixed;inset:0;background:white;visibility:hidden;pointer-events:none;z-index:6">Loading</div>
      <main style="position:relative">${form(`<p style="position:relative"><input name="user" id="user" autocomplete="username"><label for="user" style="position:absolute;left:2px;top:2px;width:90%;background:white;pointer-events:none">User name</label></p>
      <p><input name="password" type="password" placeholder="Password"></p>${BUTTON}`)}</main>`,
  },
  // A form that came in by an animation which still holds, before pictures that move: their z-index says what lies below.
  'moving-decoration': {
    html: `<style>@keyframes in { from { transform: translateY(9px) } to { transform: none } } @keyframes drift { to { transform: translateX(40px) } }</style>
      <canvas width="800" height="600" style="position:fixed;inset:0;width:100%;height:100%;z-index:0;will-change:transform;pointer-events:none"></canvas>
      <div style="position:fixed;inset:0;z-index:-1;background:linear-gradient(white,teal);animation:drift 5s infinite;pointer-events:none"></div>
      <main style="position:relative;z-index:1;animation:in 1ms both">${form(FIELDS + BUTTON)}</main>`,
  },
  'fields-called-like-all-that-a-form-has': { html: form(FIELDS + BUTTON) + SHADOWS },
  'picture-button': {
    html: form(
      `${FIELDS}<input type="image" alt="Log in" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" width="80" height="30">`,
    ),
  },
  'link-as-button': { html: `${form(FIELDS)}<a href="#" class="btn" onclick="document.forms[0].submit()">Sign in</a>` },
  'enter-only': { html: form(FIELDS) },
  'social-buttons-first': {
    html: form(`<button type="button" onclick="document.body.remove()">Sign in with Google</button><button type="button" onclick="document.body.remove()">Continue with Apple</button>
      ${FIELDS}<button type="button" onclick="document.body.remove()">Show password</button><a href="/reset">Forgot password?</a><button type="button" onclick="document.body.remove()">Cancel</button>${BUTTON}`),
  },
  'button-outside': {
    html: `${form(FIELDS, 'id="f" method="post" action="/session"')}<div><button form="f">Log in</button></div>`,
  },
  'decoys-around': {
    html: form(`<input name="fake_user" style="position:absolute;left:-9999px"><input name="fake_password" type="password" style="display:none">
      <input name="website" tabindex="-1" aria-hidden="true">${FIELDS}${BUTTON}`),
  },
  'other-forms-around': {
    html: `${form('<input name="q" type="search"><button>Search</button>', 'action="/search"')}${form(FIELDS + BUTTON)}
      ${form('<input name="email" type="email" placeholder="Your e-mail"><button>Subscribe</button>', 'action="/newsletter"')}`,
  },
  'sign-up-beside': {
    html: `${form('<h2>Create an account</h2><input name="email" placeholder="E-mail"><input name="new" type="password" placeholder="Choose a password"><button>Sign up</button>', 'action="/register" method="post"')}
      <h2>Sign in</h2>${form(FIELDS + BUTTON)}`,
  },
  'dialog-built-late': {
    html: `<button id="open">Sign in</button><div id="at"></div>${script(`setTimeout(() => { at.innerHTML = ${JSON.stringify(`<div role="dialog" aria-label="Sign in">${form(FIELDS + BUTTON)}</div>`)} }, 800)`)}`,
  },
  'modal-dialog': {
    html: `<dialog>${form(FIELDS + BUTTON)}</dialog>${script(`document.querySelector('dialog').showModal()`)}`,
  },
  'read-only-until-focus': {
    html: form(FIELDS.replaceAll('<input', '<input readonly onfocus="this.removeAttribute(\'readonly\')"') + BUTTON),
  },
  'replaced-while-typing': {
    html: `${form(FIELDS + BUTTON)}${script(`document.addEventListener('input', function once(e) { document.removeEventListener('input', once);
      const old = document.querySelector('[name=password]'); const fresh = old.cloneNode(); fresh.value = ''; old.replaceWith(fresh); })`)}`,
  },
  'emptied-after-typing': {
    html: `${form(FIELDS + BUTTON)}${script(`let once = true; document.querySelector('[name=user]').addEventListener('change', (e) => { if (once) { once = false; e.target.value = ''; } })`)}`,
  },
  'value-that-only-typing-sets': {
    html: `<div><input id="u" placeholder="User name"><input id="p" type="password"><button id="b">Sign in</button></div>${script(`${TOOK}
      const kept = { u: '', p: '' };
      for (const id of ['u', 'p']) { const field = document.getElementById(id); field.addEventListener('input', (e) => {
        if (!e.isTrusted) { field.value = kept[id]; return; } kept[id] = field.value; }); }
      b.onclick = () => took(kept.u, kept.p);`)}`,
  },
  'button-that-wakes-up': {
    html: `${form(FIELDS + BUTTON.replace('<button', '<button disabled'))}${script(`document.forms[0].addEventListener('input', () => { setTimeout(() => {
      document.querySelector('button').disabled = ![...document.querySelectorAll('input')].every((i) => i.value) }, 300) })`)}`,
  },
  'stay-signed-in-left-off': {
    html: form(`${FIELDS}<label><input type="checkbox" name="stay" checked> Keep me signed in</label>${BUTTON}`),
    more: { stay: '' },
  },
  'company-field': {
    html: form(`<label>Company <input name="company"></label>${FIELDS}${BUTTON}`),
    more: { company: 'Ward North' },
  },
  'company-choice': {
    html: form(
      `<label>Organisation <select name="company"><option value="1">South</option><option value="2">Ward North</option></select></label>${FIELDS}${BUTTON}`,
    ),
    more: { company: '2' },
  },
  'code-in-the-same-form': {
    html: form(
      `${FIELDS}<label>Two-factor code <input name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="6"></label>${BUTTON}`,
    ),
    more: { otp: '492039' },
  },
  'picture-code-left-alone': {
    html: form(
      `${FIELDS}<label>验证码 <input name="captcha_code"></label><img alt="" src="/captcha.png" width="80" height="30">${BUTTON}`,
    ),
    more: { captcha_code: '' },
  },
  'contenteditable-left-alone': {
    html: `<div contenteditable id="note" aria-label="Password">note</div>${form(FIELDS + BUTTON)}${script(`document.forms[0].addEventListener('formdata', (e) => e.formData.set('note', note.textContent))`)}`,
    more: { note: 'note' },
  },
  'password-too-long-for-the-field': {
    html: form(FIELDS.replace('type="password"', 'type="password" maxlength="8"') + BUTTON),
    fails: 'does-not-fit',
  },
  'open-shadow': {
    html: `<sign-in></sign-in>${script(element('sign-in', `this.attachShadow({ mode: 'open' }).innerHTML = ${JSON.stringify(form(FIELDS + BUTTON))};`))}`,
  },
  'closed-shadow': {
    html: `<sign-in></sign-in>${script(element('sign-in', `this.attachShadow({ mode: 'closed' }).innerHTML = ${JSON.stringify(form(FIELDS + BUTTON))};`))}`,
  },
  // Authentik, Home Assistant, American Airlines: every field in a component of its own, the form far above.
  'nested-shadow': {
    html: `<x-page></x-page>${script(`${TOOK}
      ${element('x-field', `const root = this.attachShadow({ mode: 'open' }); root.innerHTML = '<label>' + this.getAttribute('label') + '</label><div><slot></slot><input type="' + (this.getAttribute('type') ?? 'text') + '"></div>'; this.input = root.querySelector('input');`)}
      ${element(
        'x-stage',
        `const root = this.attachShadow({ mode: 'open' }); root.innerHTML = '<form><x-field label="Username or e-mail"></x-field><x-field label="Password" type="password"></x-field><button type="submit">Log in</button></form>';
        root.querySelector('form').onsubmit = (e) => { e.preventDefault(); const [u, p] = root.querySelectorAll('x-field'); took(u.input.value, p.input.value); };`,
      )}
      ${element('x-page', `this.attachShadow({ mode: 'open' }).innerHTML = '<div><x-stage></x-stage></div>';`)}`)}`,
  },
  'nested-closed-shadow': {
    html: `<y-page></y-page>${script(`${TOOK} const roots = new WeakMap(); const open = (host) => { const root = host.attachShadow({ mode: 'closed' }); roots.set(host, root); return root; };
      ${element('y-field', `open(this).innerHTML = '<input aria-label="' + this.getAttribute('label') + '" type="' + (this.getAttribute('type') ?? 'text') + '">';`)}
      ${element(
        'y-page',
        `const root = open(this); root.innerHTML = '<y-field label="User"></y-field><y-field label="Password" type="password"></y-field><button>Log in</button>';
        root.querySelector('button').onclick = () => { const [u, p] = [...root.querySelectorAll('y-field')].map((f) => roots.get(f).querySelector('input').value); took(u, p); };`,
      )}`)}`,
  },
  'component-button': {
    html: `${script(`${TOOK} ${element('z-button', `this.attachShadow({ mode: 'open' }).innerHTML = '<button><slot></slot></button>';`)}`)}
      <div class="login"><input placeholder="E-mail" id="u"><input type="password" id="p"><z-button onclick="took(u.value, p.value)">Log in</z-button></div>`,
  },
  'same-origin-frame': {
    html: '<h1>Portal</h1><iframe src="/family/plain" style="width:700px;height:400px"></iframe>',
  },
  'frame-in-shadow': {
    html: `<f-box></f-box>${script(element('f-box', `this.attachShadow({ mode: 'open' }).innerHTML = '<iframe src="/family/plain" style="width:700px;height:400px"></iframe>';`))}`,
  },
  react: {
    html: `<div id="root"></div><script src="/react.js"></script><script src="/react-dom.js"></script>${script(`${TOOK}
      const h = React.createElement; function App() { const [u, setU] = React.useState(''); const [p, setP] = React.useState('');
        return h('div', null, h('input', { placeholder: 'User', value: u, onChange: (e) => setU(e.target.value) }), h('input', { type: 'password', value: p, onChange: (e) => setP(e.target.value) }),
          h('button', { disabled: !u || !p, onClick: () => took(u, p) }, 'Log in')); }
      ReactDOM.createRoot(document.getElementById('root')).render(h(App));`)}`,
  },
  preact: {
    html: `<div id="root"></div><script type="importmap">{"imports":{"preact":"/modules/preact/dist/preact.mjs","preact/hooks":"/modules/preact/hooks/dist/hooks.mjs"}}</script>${script(TOOK)}${script(
      `import { h, render } from 'preact'; import { useState } from 'preact/hooks'; function App() { const [u, setU] = useState(''); const [p, setP] = useState('');
        return h('form', { onSubmit: (e) => { e.preventDefault(); took(u, p); } }, h('input', { name: 'login', value: u, onInput: (e) => setU(e.target.value) }), h('input', { type: 'password', value: p, onInput: (e) => setP(e.target.value) }), h('button', null, 'Log in')); }
      render(h(App), document.getElementById('root'));`,
      'type="module"',
    )}`,
  },
  vue: {
    html: `<div id="root"></div><script src="/vue.js"></script>${script(`${TOOK}
      Vue.createApp({ template: '<form @submit.prevent="go"><input v-model="u" name="account"><input v-model.lazy="p" type="password"><button>Sign in</button></form>',
        data: () => ({ u: '', p: '' }), methods: { go() { took(this.u, this.p) } } }).mount('#root');`)}`,
  },
  angularjs: {
    html: `<div ng-app="a" ng-controller="c"><form ng-submit="go()" novalidate><input ng-model="m.u" name="user"><input type="password" ng-model="m.p"><button ng-disabled="!m.u||!m.p">Sign in</button></form></div>
      <script src="/angular.js"></script>${script(`${TOOK} angular.module('a', []).controller('c', ['$scope', ($scope) => { $scope.m = {}; $scope.go = () => took($scope.m.u, $scope.m.p); }]);`)}`,
  },
  alpine: {
    html: `${script(TOOK)}<div x-data="{ u: '', p: '' }"><input x-model="u" placeholder="Username"><input type="password" x-model="p"><button @click="took(u, p)">Sign in</button></div><script defer src="/alpine.js"></script>`,
  },
  lit: {
    html: `<lit-sign-in></lit-sign-in><script type="importmap">{"imports":{"lit":"/modules/lit/index.js","lit/":"/modules/lit/","@lit/reactive-element":"/modules/@lit/reactive-element/reactive-element.js","lit-html":"/modules/lit-html/lit-html.js","lit-html/":"/modules/lit-html/","lit-element/":"/modules/lit-element/","lit-element/lit-element.js":"/modules/lit-element/lit-element.js"}}</script>
      ${script(TOOK)}${script(
        `import { LitElement, html } from 'lit';
      customElements.define('lit-sign-in', class extends LitElement { static properties = { u: {}, p: {} }; constructor() { super(); this.u = ''; this.p = ''; }
        render() { return html\`<form @submit=\${(e) => { e.preventDefault(); took(this.u, this.p); }}><input name="uidField" .value=\${this.u} @input=\${(e) => { this.u = e.target.value }}>
          <input type="password" .value=\${this.p} @input=\${(e) => { this.p = e.target.value }}><button>Log in</button></form>\`; } });`,
        'type="module"',
      )}`,
  },
  ...Object.fromEntries(
    Object.entries(LANGUAGES).map(([language, { name, password, signIn }]) => [
      `language-${language}`,
      {
        html: form(
          `<p><label for="a1">${name}</label><input id="a1" name="user"></p><p><label for="a2">${password}</label><input id="a2" name="password" type="password"></p><button>${signIn}</button>`,
        ),
      },
    ]),
  ),
};

const boxes = (attributes: string) =>
  Array.from({ length: 6 }, (_, i) => `<input ${attributes} aria-label="Digit ${i + 1}" id="d${i}">`).join('');
const sendBoxes = `(() => took('', '', { otp: [...document.querySelectorAll('input')].map((i) => i.value).join('') }))()`;
/** Steps that ask for a one-time code alone: 492039. */
export const CODES: Record<string, string> = {
  'one-box': form(
    '<h1>Two-step verification</h1><label>Enter the 6-digit code from your authenticator app <input name="otp" inputmode="numeric" maxlength="6"></label><button>Verify</button>',
  ),
  'one-box-in-chinese': form('<h1>两步验证</h1><input name="otp" placeholder="请输入动态码"><button>验证</button>'),
  'one-time-code-token': form('<input name="otp" autocomplete="one-time-code"><button>Continue</button>'),
  'one-box-that-sends-itself': `${form('<label>Authentication code <input name="otp" inputmode="numeric" autocomplete="one-time-code"></label><button>Verify</button>')}${script(`
    document.querySelector('input').addEventListener('input', (e) => { if (e.target.value.length === 6) document.forms[0].submit() });`)}`,
  'one-box-that-sends-itself-late': `${form('<label>Authentication code <input name="otp" inputmode="numeric" autocomplete="one-time-code"></label><button>Verify</button>')}${script(`
    const form = document.forms[0], button = document.querySelector('button'); const post = () => fetch('/session', { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { accept: 'application/json' } });
    form.addEventListener('submit', (e) => { e.preventDefault(); post() });
    document.querySelector('input').addEventListener('input', () => { button.disabled = true; setTimeout(() => { post(); button.disabled = false }, 300) });`)}`,
  'six-boxes-that-advance': `<h1>Authentication code</h1><div>${boxes('maxlength="1" inputmode="numeric" style="width:30px"')}</div><button>Verify</button>${script(`${TOOK}
    const all = [...document.querySelectorAll('input')]; for (const [i, box] of all.entries()) box.addEventListener('input', () => { if (box.value) all[i + 1]?.focus() });
    document.querySelector('button').onclick = () => ${sendBoxes};`)}`,
  'six-boxes-that-send-themselves': `<h1>Authentication code</h1><div>${boxes('maxlength="1" inputmode="numeric" style="width:30px"')}</div>${script(`${TOOK}
    const all = [...document.querySelectorAll('input')]; for (const [i, box] of all.entries()) box.addEventListener('input', () => { all[i + 1]?.focus(); if (all.every((b) => b.value)) ${sendBoxes}; });`)}`,
  // 9 stands in the code, too.
  'six-boxes-before-page-9-of-a-list': `<div id="root"><h1>Authentication code</h1><div>${boxes('maxlength="1" inputmode="numeric" style="width:30px"')}</div><button>Verify</button></div>${script(`${TOOK}
    document.querySelector('button').onclick = () => { const otp = [...document.querySelectorAll('input')].map((i) => i.value).join('');
      document.getElementById('root').remove(); history.pushState(null, '', '?page=9'); took('', '', { otp: location.search === '?page=9' ? otp : 'kept back' }) };`)}`,
  'six-boxes-of-a-framework': `<div id="root"></div><script src="/react.js"></script><script src="/react-dom.js"></script>${script(`${TOOK}
    const h = React.createElement; function App() { const [digits, set] = React.useState(['', '', '', '', '', '']);
      return h('div', null, h('h1', null, 'Enter the code from your authenticator app'), digits.map((d, i) => h('input', { key: i, maxLength: 1, inputMode: 'numeric', style: { width: 30 }, value: d,
        onChange: (e) => set((old) => old.map((o, k) => k === i ? e.target.value.slice(-1) : o)) })), h('button', { disabled: digits.some((d) => !d), onClick: () => took('', '', { otp: digits.join('') }) }, 'Verify')); }
    ReactDOM.createRoot(document.getElementById('root')).render(h(App));`)}`,
};

/** Forms that ask for something else; a credential is not put into any of them. */
export const LEFT_ALONE: Record<string, string> = {
  'a-log-out-below-a-name-and-a-password': form(`${FIELDS}<button>Log out</button>`),
  'sign-up': form(
    '<h1>Create account</h1><label>E-mail <input name="email" type="email"></label><label>Password <input type="password" autocomplete="new-password"></label><label>Repeat password <input type="password"></label><button>Sign up</button>',
  ),
  'sign-up-with-one-password': form(
    '<h1>Join now</h1><label>Full name <input name="full"></label><label>E-mail <input name="email" type="email"></label><label>Password <input name="p" type="password"></label><button>Create account</button>',
  ),
  'change-password': form(
    '<label>Current password <input type="password" name="old"></label><label>New password <input type="password" name="new1"></label><label>Confirm new password <input type="password" name="new2"></label><button>Change password</button>',
  ),
  'change-password-in-chinese': form(
    '<label>原密码 <input type="password"></label><label>新密码 <input type="password"></label><label>确认密码 <input type="password"></label><button>修改密码</button>',
  ),
  'password-reset': form(
    '<h1>Reset your password</h1><label>New password <input type="password" name="n"></label><label>Repeat <input type="password" name="r"></label><button>Save</button>',
  ),
  'reset-request': form(
    '<h1>Forgot your password?</h1><label>E-mail <input name="email" type="email"></label><button>Send reset link</button>',
  ),
  newsletter: form(
    '<h2>Newsletter</h2><input type="email" name="email" placeholder="Your e-mail"><button>Subscribe</button>',
  ),
  search: form('<input type="search" name="q" placeholder="Search users"><button>Search</button>', 'role="search"'),
  payment: form(
    '<label>Name on card <input name="ccname"></label><label>Card number <input name="cardnumber"></label><label>Security code <input name="cvc" type="password" maxlength="4"></label><button>Pay now</button>',
  ),
  contact: form(
    '<h1>Contact us</h1><label>Name <input name="name"></label><label>E-mail <input name="email"></label><textarea name="message"></textarea><button>Send</button>',
  ),
  'code-by-message': form(
    '<h1>Check your phone</h1><p>We sent a code by SMS to …89.</p><label>Verification code <input name="otp" maxlength="6"></label><button>Verify</button><a href="#">Resend</a>',
  ),
  'admin-sets-a-password': form(
    '<h1>Edit user</h1><label>User name <input name="user" value="nurse-2"></label><label>New password <input type="password" name="pw"></label><label>Confirm <input type="password" name="pw2"></label><button>Save user</button>',
  ),
};
