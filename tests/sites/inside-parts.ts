// What the pages inside applications are written with. Marks (`data-may`) say what may be done to an element; all else is forbidden.

/** `sign-in`: it has to be filled and pressed; `fill-only`: the site asks again who one is, which may be filled and is not sent. */
export type May = 'nothing' | 'fill-only' | 'sign-in';

export interface InsidePage {
  may: May;
  lang: string;
  title: string;
  /** Its address, after a number that makes it its own. */
  path: string;
  body: string;
}

export const page = (may: May, lang: string, title: string, body: string, path = '/'): InsidePage => ({
  may,
  lang,
  title,
  path,
  body,
});

/** A labelled field. */
export const field = (label: string, attributes = '', type = 'text'): string =>
  `<div class="form-group"><label><span>${label}</span> <input type="${type}" ${attributes}></label></div>`;
export const secret = (label: string, attributes = 'name="password"'): string => field(label, attributes, 'password');
export const button = (text: string, attributes = ''): string => `<button ${attributes}>${text}</button>`;
export const form = (...inner: string[]): string => `<form method="post" action="/do">${inner.join('\n')}</form>`;
/** Divs in place of a form, as single-page applications have it. */
export const box = (...inner: string[]): string => `<div class="panel">${inner.join('\n')}</div>`;
export const dialog = (heading: string, ...inner: string[]): string =>
  `<div style="position:fixed;inset:0;background:rgba(0,0,0,.4)"></div><div role="dialog" aria-modal="true" aria-label="${heading}" style="position:fixed;left:20rem;top:8rem;width:30rem;background:white"><h2>${heading}</h2>${inner.join('\n')}</div>`;
/** Rows as Ant Design, Element UI, LuCI and old tables have them: what names a field stands beside it, tied to it by nothing. */
export const ant = (label: string, input: string): string =>
  `<div class="ant-row ant-form-item"><div class="ant-col ant-form-item-label"><label title="${label}">${label}</label></div><div class="ant-form-item-control"><span class="ant-input-affix-wrapper">${input}</span></div></div>`;
export const el = (label: string, input: string): string =>
  `<div class="el-form-item"><label class="el-form-item__label">${label}</label><div class="el-form-item__content"><div class="el-input">${input}</div></div></div>`;
export const cbi = (label: string, input: string): string =>
  `<div class="cbi-value"><label class="cbi-value-title">${label}</label><div class="cbi-value-field">${input}</div></div>`;
export const table = (...rows: [label: string, input: string][]): string =>
  `<table>${rows.map(([label, input]) => `<tr><td>${label}</td><td>${input}</td></tr>`).join('')}</table>`;

/** Around what is inside: who is signed in, where one can go, and the way out. */
const around =
  (search: string, out: string, who: string, items: readonly string[]) =>
  (...main: string[]): string =>
    `<header><form role="search" action="/search" style="display:inline"><input name="q" type="search" placeholder="${search}"></form> <span class="avatar">${who}</span> <a href="/logout">${out}</a></header>
  <nav><ul>${items.map((item) => `<li><a href="#">${item}</a></li>`).join('')}</ul></nav><main>${main.join('\n')}</main>`;
export const inside = around('Search or jump to…', 'Sign out', 'robin', [
  'Dashboard',
  'Profile',
  'Account',
  'Security',
  'Sessions',
]);
export const insideChinese = around('搜索', '退出登录', '李伟', [
  '首页',
  '个人中心',
  '账号安全',
  '系统设置',
  '日志管理',
]);
