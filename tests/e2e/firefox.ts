// Firefox ESR with the real extension. Its toolbar is a document of the browser's own, reached through BiDi's chrome scope.
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import puppeteer, { type Page } from 'puppeteer';
import { type Desktop, forgetIn, type Look, type Popup } from './chromium.ts';
import { PATIENCE, until } from './companion.ts';
import { noteTexts, shownIn } from './shown.ts';

const UUID = '5ca4ce70-0000-4000-8000-5ca4ce70e701';
const ID = 'scankey@scankey.example';

/** BiDi commands that puppeteer's types do not name. */
export interface Bidi {
  send(method: string, params: object): Promise<{ result: Record<string, unknown> }>;
}

/** Runs an async function body in the browser's own window and gives its string back. */
export const inWindowOf =
  (bidi: Bidi) =>
  async (body: string): Promise<string> => {
    const tree = await bidi.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
    const contexts = tree.result.contexts as { context: string; url: string }[];
    const window = contexts.find(({ url }) => url.endsWith('/browser.xhtml'));
    const { result } = await bidi.send('script.evaluate', {
      expression: `(async () => { ${body} })()`,
      target: { context: window?.context },
      awaitPromise: true,
    });
    if (result.type === 'exception') throw new Error(JSON.stringify(result.exceptionDetails).slice(0, 500));
    return String((result.result as { value?: unknown }).value ?? '');
  };

export async function firefox(build: string, look: Look = {}): Promise<Desktop> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: look.managed?.program ?? '/usr/bin/firefox-esr',
    args: ['--remote-allow-system-access', '--width=1200', '--height=900'],
    defaultViewport: null,
    timeout: PATIENCE,
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [ID]: UUID }),
      'app.update.enabled': false,
      'browser.startup.page': 0,
      'datareporting.policy.dataSubmissionEnabled': false,
      'network.proxy.type': 0,
      // Sites stay apart; tabs of one site share a process, or each tab would start one and end it.
      'dom.ipc.processCount.webIsolated': 1,
      // Nor is one begun for a page that may come.
      'dom.ipc.processPrelaunch.enabled': false,
      // Every moving picture of the browser's own is drawn by the processor.
      'ui.prefersReducedMotion': 1,
      'extensions.webextOptionalPermissionPrompts': false,
      ...(look.lang ? { 'intl.locale.requested': look.lang, 'intl.accept_languages': look.lang } : {}),
      // What is to be installed for good, as from a store, no store has signed.
      ...(look.archive || look.managed ? { 'xpinstall.signatures.required': false } : {}),
      ...(look.trusted ? { 'network.dns.localDomains': 'id.scankey.test' } : {}),
      ...(look.dark ? { 'ui.systemUsesDarkTheme': 1, 'layout.css.prefers-color-scheme.content-override': 0 } : {}),
    },
  });
  const bidi = (browser as unknown as { connection: Bidi }).connection;
  const inWindow = inWindowOf(bidi);
  if (look.trusted)
    await inWindow(`
      const certificates = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB);
      certificates.addCertFromBase64('${new X509Certificate(look.trusted).raw.toString('base64')}', 'C,,');
      return '';`);
  const isThere = () => inWindow(`return WebExtensionPolicy.getByID('${ID}')?.active ? 'yes' : '';`);
  if (look.managed) await until('the policy has installed it', isThere);
  else
    await bidi.send('webExtension.install', {
      extensionData: look.archive
        ? { type: 'archivePath', path: look.archive }
        : { type: 'path', path: join(build, 'firefox') },
      // For private windows it would be ended and begun anew, in the middle of its first moment.
      'moz:allowPrivateBrowsing': look.archive === undefined,
      'moz:permanent': look.archive !== undefined,
    });

  const POPUP = `const popup = document.querySelector('browser.webextension-popup-browser');`;
  /** Runs an expression inside the popup's own document; empty when it is not there to answer. */
  const inPopup = async (expression: string, patience = 2_000): Promise<string> =>
    inWindow(`${POPUP}
      if (!popup) return '';
      return await new Promise((resolve) => {
        const name = 'scankey-test:' + Math.random();
        // A popup that is just being opened or closed takes the script with it: nobody answers then.
        setTimeout(() => resolve(''), ${patience});
        const looking = setInterval(() => popup.isConnected || resolve('closed'), 100);
        setTimeout(() => clearInterval(looking), ${patience});
        popup.messageManager.addMessageListener(name, function take(message) {
          popup.messageManager.removeMessageListener(name, take);
          resolve(message.data);
        });
        const script = 'Promise.resolve((() => { const document = content.document; return (' + ${JSON.stringify(expression)} +
          '); })()).then((value) => sendAsyncMessage("' + name + '", String(value ?? "")), () => sendAsyncMessage("' + name + '", ""))';
        popup.messageManager.loadFrameScript('data:application/javascript;charset=utf-8,' + encodeURIComponent(script), false);
      });`);

  const popup: Popup = {
    text: () =>
      until('the popup speaks', () =>
        inPopup('[...document.querySelectorAll("header, main")].map((one) => one.innerText).join("\\n")'),
      ),
    async follow() {
      await inPopup(`(${noteTexts})(content)`, PATIENCE);
      return shownIn(async () => JSON.parse((await inPopup('JSON.stringify(content.texts)')) || '[]'));
    },
    async picture() {
      // The panel follows its content a moment later.
      const fits = 'document.querySelector("main") && Math.abs(content.innerHeight - document.body.offsetHeight) <= 2';
      await until('the popup is drawn', async () => (await inPopup(fits)) === 'true');
      const url = await inWindow(`${POPUP}
        const { width, height } = popup.getBoundingClientRect();
        const image = await popup.browsingContext.currentWindowGlobal.drawSnapshot(new DOMRect(0, 0, width, height), 2, 'white');
        const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
        canvas.width = image.width; canvas.height = image.height;
        canvas.getContext('2d').drawImage(image, 0, 0);
        return canvas.toDataURL('image/png');`);
      return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    },
    link: () =>
      until('a code on screen', () =>
        inPopup(`content.wrappedJSObject.chrome.storage.session.get(null).then((all) => {
          const shown = document.querySelector('svg.code path')?.getAttribute('d');
          return Object.values(all).find((record) => record.view?.drawing?.path === shown)?.view.drawing.link;
        })`),
      ),
    async click(label) {
      const button = `[...document.querySelectorAll('button')].find((one) => one.textContent.includes(${JSON.stringify(label)}))`;
      // In one task: what was found may be replaced in the next. A click that is slow to answer is not done again.
      const press = `(() => { const found = ${button}; if (!found || found.disabled) return ''; const hand = content.windowUtils.setHandlingUserInput(true); try { found.click(); } finally { hand.destruct(); } return 'pressed'; })()`;
      await until(`a button "${label}"`, async () => ['pressed', 'closed'].includes(await inPopup(press, PATIENCE)));
    },
    async nudge() {
      await inPopup(
        `content.wrappedJSObject.chrome.runtime.sendMessage(Cu.cloneInto({ t: 'here' }, content)).then(() => 'ok')`,
      );
    },
    async close() {
      await until('the popup is gone', () =>
        inWindow(`${POPUP} popup?.closest('panel')?.hidePopup(); return popup ? '' : 'gone';`),
      );
    },
  };

  const self: Desktop = {
    make: 'firefox',
    browser,
    async newPage(url): Promise<Page> {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.goto(url, { waitUntil: 'load' });
      return page;
    },
    async openPopup(page) {
      await popup.close();
      await page.bringToFront();
      await inWindow(`
        const widget = document.querySelector('[data-extensionid="${ID}"]');
        (widget.querySelector('.unified-extensions-item-action-button') ?? widget).click();
        return '';`);
      await until(
        'the popup is open',
        async () => (await inPopup('document.querySelector("main") ? "yes" : ""')) === 'yes',
      );
      // Somebody is at it all the while, so that it does not close by itself before a test has looked.
      await inPopup(
        'content.setInterval(() => document.documentElement.dispatchEvent(new content.Event("keydown")), 500)',
      );
      return popup;
    },
    async willAllow() {
      // The preference above says so for every origin.
    },
    async allow(...patterns) {
      await inWindow(`
        const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
        const { extension } = WebExtensionPolicy.getByID('${ID}');
        await ExtensionPermissions.add('${ID}', { permissions: [], origins: ${JSON.stringify(patterns)} }, extension);
        return '';`);
    },
    async inExtension(work, ...args) {
      const answer = await inWindow(`
        const url = 'moz-extension://${UUID}/src/popup/options.html';
        // Marked at once: who asks meanwhile waits for the same tab.
        let tab = gBrowser.tabs.find((one) => one.dataset.scankeyTest || one.linkedBrowser.currentURI.spec === url);
        if (!tab) {
          const front = gBrowser.selectedTab;
          tab = gBrowser.addTrustedTab(url);
          tab.dataset.scankeyTest = 'own page';
          gBrowser.selectedTab = front;
        }
        while (tab.linkedBrowser.currentURI.spec !== url || tab.linkedBrowser.webProgress?.isLoadingDocument)
          await new Promise((resolve) => setTimeout(resolve, 50));
        const { messageManager } = tab.linkedBrowser;
        return await new Promise((resolve) => {
          const name = 'scankey-test:' + Math.random();
          messageManager.addMessageListener(name, function take(message) {
            messageManager.removeMessageListener(name, take);
            resolve(message.data);
          });
          // A sandbox of the page's own principal: its functions are the page's, and the page's policy forbids no text.
          const script = 'const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");' +
            'const say = (value) => sendAsyncMessage("' + name + '", value);' +
            'const work = () => { const sandbox = Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });' +
            'Promise.resolve(Cu.evalInSandbox(' + JSON.stringify(${JSON.stringify(
              `(${work})(...${JSON.stringify(args)}).then((value) => JSON.stringify({ value }), (error) => JSON.stringify({ error: String(error) }))`,
            )}) + ', sandbox)).then(say, (error) => say(JSON.stringify({ error: String(error) }))) };' +
            // The document that a tab begins with has no extension in it yet.
            'const look = () => content?.wrappedJSObject?.chrome?.runtime ? work() : setTimeout(look, 20); look();';
          messageManager.loadFrameScript('data:application/javascript;charset=utf-8,' + encodeURIComponent(script), false);
        });`);
      const { value, error } = JSON.parse(answer) as { value: Awaited<ReturnType<typeof work>>; error?: string };
      if (error) throw new Error(error);
      return value;
    },
    async dismissWindow() {
      const closed = await inWindow(`
        const box = gBrowser.getTabDialogBox(gBrowser.selectedBrowser);
        const open = [box.getTabDialogManager(), box.getContentDialogManager()].some((one) => one.hasDialogs);
        box.abortAllDialogs();
        return open ? 'closed' : '';`);
      return closed !== '';
    },
    async killWorker() {
      // What the browser itself does to an idle event page.
      await inWindow(`
        const { WebExtensionPolicy } = globalThis;
        await WebExtensionPolicy.getByID('${ID}').extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });
        return '';`);
    },
    async setClock(ahead) {
      await self.inExtension(async (ms) => {
        // One that is not there has the system's, and nothing to forget.
        const background = chrome.extension.getBackgroundPage() as (Window & typeof globalThis) | null;
        if (background) background.Date.now = () => Date.now() + ms;
      }, ahead);
    },
    forget: forgetIn(browser),
    close: () => browser.close(),
  };
  return self;
}
