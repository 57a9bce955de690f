// Pages that want a credential where no person sees it go. Each is a sign-in form under one trick; nothing may be filled.
// `late` tricks begin a moment after the page was drawn. Numbers T… are those of docs/threat-model.md.

const FIELDS = `<p><label>User name <input name="user" autocomplete="username"></label></p>
  <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>`;
const form = (inner: string) => `<form method="post" action="/session">${inner}</form>`;
const BUTTON = '<button>Sign in</button>';
const styled = (style: string) => form(`<div style="${style}">${FIELDS}</div>${BUTTON}`);
const fieldStyle = (style: string) => `<style>input { ${style} }</style>${form(FIELDS + BUTTON)}`;
const scripted = (script: string) => `${form(FIELDS + BUTTON)}<script>
  const [user, password] = document.querySelectorAll('input'); const form = document.forms[0]; ${script}</script>`;
const cover = (style: string, inner = 'Nothing to see') =>
  `${form(FIELDS + BUTTON)}<div style="position:fixed;inset:0;background:white;z-index:9;${style}">${inner}</div>`;

/** T13: fields that no person sees, or no longer sees when the value would arrive. */
export const HIDDEN: Record<string, string> = {
  'no-opacity': fieldStyle('opacity: 0'),
  'hardly-any-opacity': fieldStyle('opacity: 0.001'),
  'ancestor-opacity': styled('opacity: 0'),
  'opacity-that-multiplies': form(`<div style="opacity:.4"><div style="opacity:.4">${FIELDS}</div></div>${BUTTON}`),
  'filter-opacity': styled('filter: opacity(0)'),
  'filter-opacity-percent': fieldStyle('filter: blur(0px) opacity(5%)'),
  mask: styled(
    '-webkit-mask-image: linear-gradient(transparent, transparent); mask-image: linear-gradient(transparent, transparent)',
  ),
  'visibility-hidden': styled('visibility: hidden'),
  'not-displayed': styled('display: none'),
  'content-visibility': styled('content-visibility: hidden'),
  'clip-path': fieldStyle('clip-path: inset(50%)'),
  'clip-path-on-ancestor': styled('clip-path: circle(0)'),
  'clip-rect': styled('position: absolute; clip: rect(0, 0, 0, 0)'),
  'no-size': fieldStyle('width: 0; height: 0; padding: 0; border: 0'),
  'one-pixel': fieldStyle('width: 1px; height: 1px; padding: 0; border: 0'),
  'box-without-height': styled('height: 0; overflow: hidden'),
  'off-left': styled('position: absolute; left: -9999px'),
  'off-top': fieldStyle('position: absolute; top: -9999px'),
  'fixed-outside': styled('position: fixed; left: 200vw; top: 0'),
  'scaled-away': styled('transform: scale(0)'),
  'scaled-small': styled('transform: scale(0.02)'),
  'moved-by-transform': styled('transform: translateX(-9999px)'),
  'turned-edge-on': styled('transform: rotateY(90deg)'),
  zoomed: styled('zoom: 0.01'),
  covered: cover(''),
  'covered-by-a-veil': cover('pointer-events: none'),
  // Answers at once to whoever touches it, and is back before the next frame.
  'covered-by-a-veil-that-steps-aside': `${form(FIELDS + BUTTON)}<script>
    customElements.define('a-veil', class extends HTMLElement { static observedAttributes = ['style'];
      attributeChangedCallback(_name, before) { if (before === null) return; this.hidden = true; requestAnimationFrame(() => { this.hidden = false }); } });</script>
    <style>a-veil { position: fixed; inset: 0; background: white; pointer-events: none } a-veil[hidden] { display: none }</style>
    <a-veil style="color: black">Nothing to see</a-veil>`,
  // Keeps letting the pointer through for a while after it was told not to.
  'covered-by-a-slow-veil': cover('pointer-events: none; transition: pointer-events 9s allow-discrete'),
  'covered-by-an-inert-veil': cover('').replace('<div style="position', '<div inert style="position'),
  'covered-by-a-veil-from-below': `<div style="position:absolute"><div style="position:fixed;inset:0;z-index:2;background:white;pointer-events:none">Nothing to see</div></div>
    <div style="position:relative;z-index:1">${form(FIELDS + BUTTON)}</div>`,
  'in-a-dialog-behind-a-popover': `<dialog>${form(FIELDS + BUTTON)}</dialog><div popover="manual" style="width:100vw;height:100vh;background:white;margin:0;border:0">Cookies?</div>
    <script>document.querySelector('dialog').showModal(); document.querySelector('[popover]').showPopover()</script>`,
  'covered-by-a-picture': `${form(FIELDS + BUTTON)}<img alt="" style="position:fixed;inset:0;width:100%;height:100%;pointer-events:none" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E%3Crect width='9' height='9' fill='white'/%3E%3C/svg%3E">`,
  'covered-by-a-frame': `${form(FIELDS + BUTTON)}<iframe srcdoc="<p>Hello" style="position:fixed;inset:0;width:100%;height:100%;background:white"></iframe>`,
  inert: `<div inert>${form(FIELDS + BUTTON)}</div>`,
  'behind-a-dialog': scripted(
    `const box = document.createElement('dialog'); box.textContent = 'Cookies?'; document.body.append(box); box.showModal();`,
  ),
  'behind-a-popover': `${form(FIELDS + BUTTON)}<div popover style="width:100vw;height:100vh;background:white;margin:0;border:0">Cookies?</div>
    <script>document.querySelector('[popover]').showPopover()</script>`,
  'in-closed-details': `<details><summary>More</summary>${form(FIELDS + BUTTON)}</details>`,
  // Fields that rest at no opacity, each but one thing short of those that wake when they are entered.
  'resting-over-a-bait': `<style>.f { position: relative; width: 240px; height: 40px; border: 1px solid } .f > * { position: absolute; inset: 0; width: 100% } .f input + input { opacity: 0 }</style>${form(`<div class="f"><input placeholder="Search this shop"><input name="user" autocomplete="username"></div><div class="f"><input placeholder="City"><input name="password" type="password"></div>${BUTTON}`)}`,
  'resting-for-good': `<style>.f { border: 1px solid; width: 240px; padding: 8px } .f input { opacity: 0 } .f:focus-within { border-color: blue }</style>${form(`<div class="f"><input name="user" autocomplete="username"></div><div class="f"><input name="password" type="password"></div>${BUTTON}`)}`,
  'resting-without-a-place': `<style>input { opacity: 0 } input:focus { opacity: 1 }</style><section style="border:1px solid;height:400px">${form(FIELDS + BUTTON)}</section>`,
  'resting-and-leaving-when-entered': `<style>.f { border: 1px solid; width: 240px; padding: 8px } .f input { opacity: 0 } .f input:focus { opacity: 1; position: absolute; left: -9999px }</style>${form(`<div class="f"><input name="user" autocomplete="username"></div><div class="f"><input name="password" type="password"></div>${BUTTON}`)}`,
  'resting-and-covered-when-entered': `<style>.f { border: 1px solid; width: 240px; padding: 8px } .f input { opacity: 0 } .f:focus-within input { opacity: 1 } form:focus-within + b { display: block } b { display: none; position: fixed; inset: 0; background: white; pointer-events: none }</style>${form(`<div class="f"><input name="user" autocomplete="username"></div><div class="f"><input name="password" type="password"></div>${BUTTON}`)}<b>Nothing to see</b>`,
  // Banners that nothing can be scrolled clear of.
  'under-a-banner-at-the-end-of-the-page': `<div style="height:1500px"></div>${form(FIELDS + BUTTON)}<div style="position:fixed;left:0;right:0;bottom:0;height:220px;background:white">Cookies?</div>`,
  'under-a-banner-that-follows': `<div style="height:1500px"></div>${form(FIELDS + BUTTON)}<div style="height:1500px"></div><div id="bar" style="position:absolute;left:0;right:0;height:220px;background:white">Cookies?</div><script>
    const follow = () => { bar.style.top = document.querySelector('form').getBoundingClientRect().top + scrollY - 20 + 'px'; requestAnimationFrame(follow) }; follow()</script>`,
  'under-bars-that-meet': `<div style="height:1500px"></div>${form(FIELDS + BUTTON)}<div style="height:1500px"></div><div style="position:fixed;left:0;right:0;bottom:0;height:55vh;background:white">Cookies?</div><div style="position:fixed;left:0;right:0;top:0;height:55vh;background:white">Shop</div>`,
  // What seems to be see-through, or words.
  'covered-by-what-a-pseudo-element-draws': cover('background:none').replace(
    '<div style',
    '<style>#c::before { content: ""; position: absolute; inset: 0; background: white }</style><div id="c" style',
  ),
  'covered-by-a-shadow': cover('background:none;box-shadow:inset 0 0 0 2000px white'),
  'covered-by-a-border': cover('background:none;border:60vh solid white;height:0'),
  'covered-by-a-blur': cover('background:none;backdrop-filter:blur(40px)'),
  'covered-by-many-thin-veils': cover(
    'background:none;pointer-events:none',
    '<p style="position:absolute;inset:0;margin:0;background:rgb(255 255 255 / .4);pointer-events:none"></p>'.repeat(6),
  ),
  'covered-by-words-on-white': cover('', '<p style="background:white;height:100vh;margin:0">用户名</p>'),
  'covered-by-blocks-of-words': cover(
    'background:none;font-size:40px;line-height:1;color:white;overflow:hidden',
    '█'.repeat(2000),
  ),
  'fields-covered-by-words-that-stay': `<style>.f { position: relative; width: 240px; height: 40px } .f input { width: 100%; height: 100% } .f span { position: absolute; inset: 0; background: white }</style>${form(`<div class="f"><input name="user" autocomplete="username"><span>User name</span></div><div class="f"><input name="password" type="password"><span>Password</span></div>${BUTTON}`)}`,
  ...Object.fromEntries(
    Object.entries({
      'a-thick-line':
        '<span style="text-decoration:underline white 60px;text-underline-offset:-40px">用户名用户名用户名</span>',
      'three-thin-grounds': '<span style="background:rgb(255 255 255 / .49)"></span>'.repeat(3),
      'an-outline': '<span style="outline:30px solid white;outline-offset:-30px">User</span>',
    }).map(([what, words]) => [
      `fields-covered-by-${what}-of-words`,
      `<style>.f { position: relative; width: 240px; height: 40px } .f input { width: 100%; height: 100% } .f span { position: absolute; inset: 0 }</style>${form(`<div class="f"><input name="user" autocomplete="username">${words}</div><div class="f"><input name="password" type="password">${words}</div>${BUTTON}`)}`,
    ]),
  ),
  // Folded, clipped, off their stage.
  'folded-to-an-edge': styled('max-height: 6px; overflow: hidden'),
  'folded-by-a-grid': `<div style="display:grid;grid-template-rows:0fr"><div style="overflow:hidden;min-height:0">${form(FIELDS + BUTTON)}</div></div>`,
  'clipped-without-scrolling': styled('height: 0; overflow: clip'),
  'off-its-carousel': `<div style="width:400px;overflow:hidden"><div style="display:flex;width:800px;transform:translateX(-400px)"><div style="width:400px">${form(FIELDS + BUTTON)}</div><div style="width:400px">Lamps</div></div></div>`,
  // Moves, and never comes.
  'fading-for-ever': `<style>@keyframes in { from { opacity: 0 } to { opacity: .19 } } form { animation: in 1s infinite alternate }</style>${form(FIELDS + BUTTON)}`,
  'moved-on-focus': scripted(
    `password.addEventListener('focus', () => { password.style.cssText = 'position:absolute;left:-9999px' }); user.remove();`,
  ),
  'faded-on-focus': scripted(`addEventListener('focusin', () => { form.style.opacity = 0 });`),
  'covered-on-focus': scripted(`addEventListener('focusin', () => { const veil = document.createElement('div');
    veil.style.cssText = 'position:fixed;inset:0;background:white'; document.body.append(veil); });`),
  'hides-the-password-when-the-name-comes': scripted(
    `user.addEventListener('input', () => { password.style.opacity = 0 });`,
  ),
  // Hidden before the second look, however late frames and timers come: what is asked for first is done first.
  'shown-for-one-frame-now-and-then': scripted(
    `const hide = () => { form.style.opacity = 0 }; (function show() { form.style.opacity = 1; requestAnimationFrame(hide); setTimeout(hide, 50); setTimeout(show, 400) })();`,
  ),
  'swapped-between-look-and-fill': scripted(`setTimeout(() => { form.style.transform = 'translateX(-9999px)' }, 0);
    requestAnimationFrame(function turn() { form.style.transform = 'translateX(-9999px)'; requestAnimationFrame(turn) });`),
};

const late = (script: string) =>
  `<script>setTimeout(() => { ${script}; document.documentElement.dataset.late = 'yes' }, 300)</script>`;
const veil = (style: string) =>
  `const v = document.createElement('div'); v.textContent = 'Are you a robot?'; v.style.cssText = 'position:fixed;inset:0;background:white;${style}'; document.body.append(v);`;
const follow = (
  pointer: string,
) => `const lens = document.createElement('div'); lens.style.cssText = 'position:fixed;width:900px;height:900px;background:white;${pointer}';
  document.body.append(lens); addEventListener('mousemove', (e) => { lens.style.left = e.clientX - 450 + 'px'; lens.style.top = e.clientY - 450 + 'px' }); lens.style.left = lens.style.top = '0px';`;

/** T12: what clickjacks the interface that other managers draw into pages; ours draws none, and fills nothing here. */
export const CLICKJACKED: Record<string, string> = {
  'body-faded': `<style>body { opacity: .01 }</style>${form(FIELDS + BUTTON)}`,
  'body-faded-late': `${form(FIELDS + BUTTON)}${late('document.body.style.opacity = .01')}`,
  'html-faded': `<style>html { opacity: .01 }</style>${form(FIELDS + BUTTON)}`,
  'html-faded-late': `${form(FIELDS + BUTTON)}${late('document.documentElement.style.opacity = .01')}`,
  'overlay-that-takes-clicks': `${form(FIELDS + BUTTON)}<script>${veil('')}</script>`,
  'overlay-that-takes-clicks-late': `${form(FIELDS + BUTTON)}${late(veil(''))}`,
  'overlay-that-lets-clicks-through': `${form(FIELDS + BUTTON)}<script>${veil('pointer-events:none')}</script>`,
  'overlay-that-lets-clicks-through-late': `${form(FIELDS + BUTTON)}${late(veil('pointer-events:none'))}`,
  'top-layer-overlay': `${form(FIELDS + BUTTON)}<script>${veil('width:100vw;height:100vh;margin:0;border:0')}; v.popover = 'manual'; v.showPopover();</script>`,
  'top-layer-overlay-late': `${form(FIELDS + BUTTON)}${late(`${veil('width:100vw;height:100vh;margin:0;border:0')}; v.popover = 'manual'; v.showPopover();`)}`,
  'lens-that-follows-the-pointer': `${form(FIELDS + BUTTON)}<script>${follow('')}</script>`,
  'lens-that-follows-and-lets-through': `${form(FIELDS + BUTTON)}<script>${follow('pointer-events:none')}</script>`,
};

const framed = (attributes: string) =>
  `<h1>A page</h1><iframe ${attributes} style="width:600px;height:300px"></iframe>`;
const inner = form(FIELDS + BUTTON).replaceAll('"', '&quot;');

/** T14: forms in frames that are not of the page's own origin by their address. */
export const FRAMED: Record<string, string> = {
  'another-origin': framed('src="http://localhost:ELSEWHERE/plain"'),
  srcdoc: framed(`srcdoc="${inner}"`),
  'about-blank': `${framed('')}<script>document.querySelector('iframe').contentDocument.body.innerHTML = ${JSON.stringify(form(FIELDS + BUTTON))}</script>`,
  'data-address': framed(`src="data:text/html,${encodeURIComponent(form(FIELDS + BUTTON))}"`),
  'blob-address': `${framed('')}<script>document.querySelector('iframe').src = URL.createObjectURL(new Blob([${JSON.stringify(form(FIELDS + BUTTON))}], { type: 'text/html' }))</script>`,
  sandboxed: framed('sandbox="allow-forms allow-scripts" src="/plain"'),
  'moved-to-another-origin': framed('src="/away"'),
};

const SPY = `window.stolen = []; const keep = (v) => window.stolen.push(String(v));`;
/** T21: the page's own world lies about everything; the engine must fill as if it did not, and never through the page's code. */
export const TAMPERED: Record<string, string> = {
  'value-setter': `${form(FIELDS + BUTTON)}<script>${SPY}
    Object.defineProperty(HTMLInputElement.prototype, 'value', { get() { return 'lie' }, set(v) { keep(v) } });</script>`,
  queries: `${form(FIELDS + BUTTON)}<script>${SPY}
    for (const it of [Document, DocumentFragment, Element]) it.prototype.querySelector = it.prototype.querySelectorAll = () => [];
    Document.prototype.elementFromPoint = () => null; Element.prototype.attachShadow = () => null;</script>`,
  geometry: `${form(FIELDS + BUTTON)}<script>${SPY}
    Element.prototype.getBoundingClientRect = () => ({ width: 0, height: 0, left: 0, top: 0 });
    Element.prototype.checkVisibility = () => false; window.getComputedStyle = () => ({ opacity: 0 });</script>`,
  events: `${form(FIELDS + BUTTON)}<script>${SPY}
    EventTarget.prototype.dispatchEvent = () => false; HTMLElement.prototype.click = () => {}; HTMLFormElement.prototype.requestSubmit = () => {};</script>`,
  clobbered: form(
    `<input type="hidden" name="action" value="http://localhost:ELSEWHERE/session"><input type="hidden" name="submit" value="x"><input type="hidden" name="elements" value="x">${FIELDS}${BUTTON}`,
  ),
};
