// Families by what is on the screen: panes, banners, words over fields, fields at rest; and by what is pressed: buttons, links, switches.
import { BUTTON, type Family, FIELDS, form, script, TOOK } from './families.ts';

export const ON_SCREEN: Record<string, Family> = {
  // What is folded, off its stage or out of sight is not asked for, though it stands first.
  ...Object.fromEntries(
    Object.entries({
      'folded-to-no-height': 'height:0;overflow:hidden',
      'folded-by-a-limit': 'max-height:0;overflow-y:hidden;transition:max-height .3s',
      'clipped-to-a-pixel': 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)',
      'folded-but-scrollable': 'height:0;overflow-y:auto',
      transparent: 'position:absolute;opacity:0;pointer-events:none',
      'off-the-screen': 'position:absolute;left:-5000px',
      'turned-over': 'position:absolute;z-index:-1;background:white',
    }).map(([how, style]) => [
      `pane-before-is-${how}`,
      {
        html: `<ul><li>短信登录</li><li><b>密码登录</b></li></ul><div style="${style}">${form('<label>用户名 <input name="other"></label><label>密码 <input name="p2" type="password"></label><button>登录</button>', 'method="post" action="/elsewhere"')}</div>
          <div style="position:relative;background:white;width:500px">${form('<label>用户名 <input name="user"></label><label>密码 <input name="password" type="password"></label><button>登录</button>')}</div>`,
      },
    ]),
  ),
  'pane-of-a-folded-grid': {
    html: `<style>.fold { display: grid; grid-template-rows: 0fr } .fold > div { overflow: hidden; min-height: 0 }</style><div class="fold"><div>${form('<label>Compte <input name="other"></label><label>Mot de passe <input name="p2" type="password"></label><button>Se connecter</button>', 'method="post" action="/elsewhere"')}</div></div>
      ${form('<label>Identifiant <input name="user"></label><label>Mot de passe <input name="password" type="password"></label><button>Se connecter</button>')}`,
  },
  'pane-off-a-carousel': {
    html: `<div style="width:400px;overflow:hidden"><div style="display:flex;width:800px;transform:translateX(-400px)"><div style="width:400px">${form('<label>Card <input name="other"></label><label>Password <input name="p2" type="password"></label><button>Log in</button>', 'method="post" action="/elsewhere"')}</div>
      <div style="width:400px">${form(FIELDS + BUTTON)}</div></div></div>`,
  },
  // What moves is waited for.
  'fades-in': {
    html: `<style>@keyframes in { from { opacity: 0 } } main { animation: in 1.5s .2s both }</style><main>${form(FIELDS + BUTTON)}</main>`,
  },
  'fades-in-by-transition': {
    html: `<style>main { opacity: 0; transition: opacity 2s ease-in }</style><main>${form(FIELDS + BUTTON)}</main>${script(`requestAnimationFrame(() => requestAnimationFrame(() => { document.querySelector('main').style.opacity = 1 }))`)}`,
  },
  'fades-in-by-script': {
    html: `<main style="opacity:0">${form(FIELDS + BUTTON)}</main>${script(`const begun = performance.now(); const turn = setInterval(() => { const part = Math.min((performance.now() - begun) / 2000, 1); document.querySelector('main').style.opacity = part ** 3; if (part === 1) clearInterval(turn) }, 40)`)}`,
  },
  // Each of its steps keeps the machine busy for longer than a glance.
  'fades-in-by-a-script-that-is-slow-at-it': {
    html: `<main style="opacity:0">${form(FIELDS + BUTTON)}</main>${script(`let n = 0; const turn = () => { for (const end = Date.now() + 200; Date.now() < end;); document.querySelector('main').style.opacity = ++n / 50; if (n < 25) setTimeout(turn) }; setTimeout(turn)`)}`,
  },
  'slides-in': {
    html: `<style>@keyframes in { from { transform: translateX(-110vw) } } main { animation: in 1.2s both }</style><main>${form('<p><label>Benutzername <input name="user"></label></p><p><label>Passwort <input name="password" type="password"></label></p><button>Anmelden</button>')}</main>`,
  },
  'behind-a-turning-wheel': {
    html: `${form('<label>账号 <input name="user"></label><label>密码 <input name="password" type="password"></label><button>登录</button>')}<style>@keyframes turn { to { transform: rotate(1turn) } } #wait { position: fixed; inset: 0; background: white; z-index: 9 } #wait i { display: block; width: 40px; height: 40px; border: 4px dotted; animation: turn 1s infinite linear }</style><div id="wait"><i></i>加载中</div>${script(`setTimeout(() => wait.remove(), 1500)`)}`,
  },
  'fades-in-within-a-component': {
    html: `<x-fade></x-fade>${script(`customElements.define('x-fade', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<style>@keyframes in { from, 60% { opacity: 0 } } form { animation: in 2.5s both }</style>' + ${JSON.stringify(form(FIELDS + BUTTON))} } })`)}`,
  },
  // What is fixed over an edge of the window is scrolled clear of.
  'banner-over-the-lower-edge': {
    html: `<div style="height:1500px">A story</div>${form(FIELDS + BUTTON)}<div style="height:700px"></div><div style="position:fixed;left:0;right:0;bottom:0;height:200px;background:white;z-index:99">Cookies? <button>OK</button></div>`,
  },
  'bars-over-both-edges': {
    html: `<header style="position:sticky;top:0;height:110px;background:white;z-index:5">商店</header><div style="height:900px">故事</div>${form('<p><label>手机号/邮箱 <input name="user"></label></p><p><label>密码 <input name="password" type="password"></label></p><button>登录</button>')}<div style="height:700px"></div>
      <footer style="position:fixed;left:0;right:0;bottom:0;height:180px;background:white;z-index:9">我们使用 Cookie <button>同意</button></footer>`,
  },
  'bar-over-a-window-that-scrolls': {
    html: `<div style="height:300px;overflow:auto;position:relative;border:1px solid"><div style="height:500px">Conditions</div>${form('<p><label>Identifiant <input name="user"></label></p><p><label>Mot de passe <input name="password" type="password"></label></p><button>Connexion</button>')}<div style="height:300px"></div>
      <div style="position:sticky;bottom:0;height:120px;background:white">Aide</div></div>`,
  },
  // Words that lie over a field are no cover.
  'words-over-fields': {
    html: `<style>.f { position: relative; width: 300px; height: 40px } .f input { width: 100%; height: 100% } .f span { position: absolute; inset: 0; padding: 10px; cursor: text }</style>
      ${form(`<div class="f"><input name="user"><span>Benutzername oder E-Mail-Adresse</span></div><div class="f"><input name="password" type="password"><span>Passwort</span></div><button>Anmelden</button>`)}
      ${script(`for (const one of document.querySelectorAll('.f span')) { one.onclick = () => one.previousSibling.focus(); one.previousSibling.addEventListener('input', () => { one.hidden = true }) }`)}`,
  },
  'words-that-float-away': {
    html: `<style>.f { position: relative; width: 220px; height: 40px } .f input { width: 100%; height: 100% } .f span { position: absolute; left: 2px; top: 8px; height: 24px; width: 90%; background: white; pointer-events: none } .f:focus-within span, .f.full span { top: -14px; font-size: 11px; width: auto; height: auto }</style>
      ${form('<div class="f"><input name="user" aria-label="用户名"><span>请输入手机号或邮箱</span></div><div class="f"><input name="password" type="password" aria-label="密码"><span>请输入密码</span></div><button>登录</button>')}
      ${script(`for (const one of document.querySelectorAll('input')) one.addEventListener('input', () => one.parentNode.classList.toggle('full', Boolean(one.value)))`)}`,
  },
  // Fields that are not drawn until they are entered, in a box that is.
  'resting-fields': {
    html: `<style>.f { position: relative; border: 1px solid; width: 240px; height: 40px; margin: 8px } .f div { opacity: 0; transition: opacity 120ms } .f:focus-within div, .f.full div { opacity: 1 } .f span { position: absolute; left: 8px; top: 10px; pointer-events: none } input { border: 0; width: 220px; height: 30px }</style>
      ${form('<div class="f"><span aria-hidden="true">Nutzername</span><div><input name="user" aria-label="Nutzername"></div></div><div class="f"><span aria-hidden="true">Kennwort</span><div><input name="password" type="password" aria-label="Kennwort"></div></div><button>Anmelden</button>')}`,
  },
  // As they are below a popup, which has the focus.
  'resting-fields-that-only-typing-wakes': {
    html: `<style>.f { position: relative; border: 1px solid; width: 240px; height: 40px; margin: 8px } .f div { opacity: 0; transition: opacity 120ms } .f.full div { opacity: 1 } .f span { position: absolute; left: 8px; top: 10px; pointer-events: none } input { border: 0; width: 220px; height: 30px }</style>
      ${form('<div class="f"><span aria-hidden="true">用户名</span><div><input name="user" aria-label="用户名"></div></div><div class="f"><span aria-hidden="true">密码</span><div><input name="password" type="password" aria-label="密码"></div></div><button>登录</button>')}
      ${script(`for (const one of document.querySelectorAll('input')) one.addEventListener('input', () => one.closest('.f').classList.toggle('full', Boolean(one.value)))`)}`,
  },
  'resting-fields-of-components': {
    html: `<form method="post" action="/session"><o-field label="用户名" name="user"></o-field><o-field label="密码" name="password" type="password"></o-field><button>登录</button></form>
      ${script(`customElements.define('o-field', class extends HTMLElement { static formAssociated = true; constructor() { super(); const inner = this.attachInternals(); const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
        root.innerHTML = '<style>.box { position: relative; width: 260px; height: 48px; display: flex } .line { position: absolute; inset: 0; pointer-events: none } .line::before { content: ""; position: absolute; inset: 0; border: 1px solid teal; border-radius: 4px } .label { position: absolute; left: 16px; top: 12px; pointer-events: none } .content { opacity: 0; transition: opacity 80ms 60ms; flex: 1; padding: 8px 16px } .box:focus-within .content, .full .content { opacity: 1 } input { border: 0; height: 30px; width: 100% }</style><div class="box"><div class="line"></div><div class="middle" style="flex:1"><span class="label"></span><div class="content"><input></div></div></div>';
        const field = root.querySelector('input'); field.type = this.getAttribute('type') ?? 'text'; field.setAttribute('aria-label', this.getAttribute('label')); root.querySelector('.label').textContent = this.getAttribute('label');
        field.addEventListener('input', () => { inner.setFormValue(field.value); root.querySelector('.box').classList.toggle('full', Boolean(field.value)) }); } });`)}`,
  },
  // Buttons that wake when a field is left, late, or come only then.
  'button-that-wakes-when-fields-are-left': {
    html: `${form(FIELDS + BUTTON.replace('<button', '<button disabled'))}${script(`const left = new Set(), all = [...document.querySelectorAll('input')]; for (const one of all) one.addEventListener('blur', () => { if (one.value) left.add(one); document.querySelector('button').disabled = left.size < all.length })`)}`,
  },
  'button-that-wakes-when-focus-goes-out': {
    html: `${form('<p><label>用户名 <input name="user"></label></p><p><label>密码 <input name="password" type="password"></label></p><button aria-disabled="true">登录</button>')}${script(`const button = document.querySelector('button'); button.addEventListener('click', (e) => { if (button.ariaDisabled === 'true') e.preventDefault() });
      document.forms[0].addEventListener('focusout', ({ target }) => { if (target.name === 'password') setTimeout(() => { button.ariaDisabled = 'false' }, 200) })`)}`,
  },
  'button-that-wakes-after-a-riddle': {
    html: `${form('<p><label>Identifiant <input name="user"></label></p><p><label>Mot de passe <input name="password" type="password"></label></p><p id="say">Vérification…</p><button class="disabled">Se connecter</button>')}${script(`const button = document.querySelector('button'); let solved = false; document.forms[0].addEventListener('submit', (e) => { if (!solved) e.preventDefault() });
      setTimeout(() => { solved = true; button.className = ''; say.textContent = 'Vérifié' }, 3500)`)}`,
  },
  'button-that-comes-when-all-is-typed': {
    html: `<div id="root"><label>User <input id="u"></label><label>Password <input id="p" type="password"></label></div>${script(`${TOOK} root.addEventListener('input', () => { if (u.value && p.value && !root.querySelector('button')) setTimeout(() => { const b = document.createElement('button'); b.textContent = 'Log in'; b.onclick = () => took(u.value, p.value); root.append(b) }, 250) })`)}`,
  },
  // Links with an address that a script takes.
  ...Object.fromEntries(
    [
      ['<a class="btn btn-primary" href="/account">Log in</a>', 'Log in'],
      ['<a href="/user/home" id="go">登录</a>', '登录'],
      ['<a role="button" href="/espace">Se connecter</a>', 'Se connecter'],
    ].map(([link, says]) => [
      `link-with-an-address-${says}`,
      {
        html: `<nav><a href="/away">${says}</a></nav><div><h2>${says}</h2><p><label>User name <input id="u"></label></p><p><label>Password <input id="p" type="password"></label></p>${link} <a href="/forgot">Forgot your password?</a></div>
          ${script(`${TOOK} document.querySelector('div > a').addEventListener('click', (e) => { e.preventDefault(); took(u.value, p.value) })`)}`,
      },
    ]),
  ),
  'link-to-another-site-is-no-button': {
    html: `<div><p><label>User name <input id="u"></label></p><p><label>Password <input id="p" type="password"></label></p><a class="btn" href="http://localhost:1/">Log in</a></div>
      ${script(`${TOOK} p.addEventListener('keydown', (e) => { if (e.key === 'Enter') took(u.value, p.value) })`)}`,
  },
  'button-that-hears-only-what-is-pressed-in-it': {
    html: `${script(`customElements.define('i-button', class extends HTMLElement { constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<button type="button"><slot></slot></button>'; this.shadowRoot.querySelector('button').onclick = () => this.closest('form').requestSubmit() } })`)}${form(`${FIELDS}<i-button type="submit">Anmelden</i-button>`)}`,
  },
  'button-far-outside': {
    html: `<main>${form('<label>用户名 <input name="user"></label><label>密码 <input name="password" type="password"></label>', 'method="post" action="/session" id="f"')}</main><footer><div><button type="button">帮助</button><button type="button" id="b">登录</button></div></footer>${script(`b.onclick = () => document.forms[0].requestSubmit()`)}`,
  },
  // Switches that keep somebody signed in, whatever they are made of.
  ...Object.fromEntries(
    Object.entries({
      'a-switch': `<button type="button" role="switch" aria-checked="true" aria-label="Keep me signed in" style="width:40px;height:20px"></button>`,
      'a-pressed-button': `<button type="button" aria-pressed="true">记住我</button>`,
      'a-box-of-its-own': `<div role="checkbox" aria-checked="true" tabindex="0">Angemeldet bleiben</div>`,
      'a-slow-switch': `<button type="button" role="switch" aria-checked="true" data-slow>Rester connecté</button>`,
      'a-switch-that-words-name': `<button type="button" role="switch" aria-checked="true" aria-labelledby="words" style="width:40px;height:20px"></button><span id="words">自动登录</span>`,
    }).map(([how, html]) => [
      `stays-by-${how}`,
      {
        html: `${form(`${FIELDS}<p>${html}</p>${BUTTON}`)}${script(`const one = document.querySelector('[role=switch], [role=checkbox], [aria-pressed]'); const name = one.hasAttribute('aria-pressed') ? 'aria-pressed' : 'aria-checked'; let on = true;
          one.addEventListener('click', () => { on = !on; setTimeout(() => one.setAttribute(name, on), 'slow' in one.dataset ? 400 : 0) }); document.forms[0].addEventListener('formdata', (e) => e.formData.set('stay', on))`)}`,
        more: { stay: 'false' },
      },
    ]),
  ),
  'stays-by-a-box-behind-its-label': {
    html: form(
      `${FIELDS}<style>#s { position: absolute; opacity: 0; width: 1px; height: 1px } #s:checked + label { color: teal }</style><input type="checkbox" id="s" name="stay" checked><label for="s">下次自动登录</label>${BUTTON}`,
    ),
    more: { stay: '' },
  },
  'stays-by-a-component': {
    html: `${form(`${FIELDS}<p><k-switch checked>Se souvenir de moi</k-switch></p>${BUTTON}`)}${script(`customElements.define('k-switch', class extends HTMLElement { static formAssociated = true; constructor() { super(); const inner = this.attachInternals(); const root = this.attachShadow({ mode: 'open' });
      root.innerHTML = '<label><input type="checkbox" checked><slot></slot></label>'; inner.setFormValue('yes'); root.querySelector('input').addEventListener('change', (e) => { inner.setFormValue(e.target.checked ? 'yes' : 'no'); this.toggleAttribute('checked', e.target.checked) }) } }); document.forms[0].addEventListener('formdata', (e) => e.formData.set('stay', document.querySelector('k-switch').shadowRoot.querySelector('input').checked))`)}`,
    more: { stay: 'false' },
  },
  'stays-by-a-component-that-words-name': {
    html: `${form(`${FIELDS}<p><label><w-switch selected></w-switch> 记住我</label></p>${BUTTON}`)}${script(`customElements.define('w-switch', class extends HTMLElement { constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<div><input type="checkbox" role="switch" checked style="width:40px;height:20px"></div>' } }); document.forms[0].addEventListener('formdata', (e) => e.formData.set('stay', document.querySelector('w-switch').shadowRoot.querySelector('input').checked))`)}`,
    more: { stay: 'false' },
  },
  'stays-by-a-closed-component': {
    html: `${form(`${FIELDS}<p><s-switch checked>Keep me signed in</s-switch></p>${BUTTON}`)}${script(`customElements.define('s-switch', class extends HTMLElement { constructor() { super(); this.attachShadow({ mode: 'closed' }).innerHTML = '<i style="display:inline-block;width:30px;height:16px;background:teal"></i><slot></slot>'; this.onclick = () => this.toggleAttribute('checked') } }); document.forms[0].addEventListener('formdata', (e) => e.formData.set('stay', document.querySelector('s-switch').hasAttribute('checked')))`)}`,
    more: { stay: 'false' },
  },
};

const dead = (button: string, script_ = '') =>
  `${form(FIELDS + button)}${script(`document.forms[0].addEventListener('submit', (e) => e.preventDefault()); window.pressed = 0; document.querySelector('button').addEventListener('click', () => { window.pressed++ }, true); ${script_}`)}`;
/** Forms that are filled and cannot be sent: nothing is pressed. */
export const NOT_SENT: Record<string, string> = {
  'a dead button': dead('<button disabled>Sign in</button>'),
  'a button that says that it is dead': dead('<button aria-disabled="true">登录</button>'),
  'a button that the pointer goes through': dead(
    '<button style="pointer-events:none;opacity:.5">Se connecter</button>',
  ),
  'a switch that stays on': dead(
    '<button>Sign in</button><p role="switch" aria-checked="true" tabindex="0">Stay signed in</p>',
  ),
};
