// Real applications that nobody here wrote, to sign in to on the loopback. What they need is installed once, into .cache or by apt.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { freePort, ROOT, until } from '../e2e/companion.ts';

export interface App {
  url: string;
  username: string;
  password: string;
  /** Seed of one-time codes, base32. */
  totp?: string;
  /** Whether the page shows what only somebody who is signed in sees. */
  isIn(page: Page): Promise<boolean>;
  stop(): void;
}

const ACCOUNT = { username: 'ward-7', password: 'Blue-Kettle-42' } as const;

/** Installs a package into a folder of its own, once; returns that folder. */
function installed(spec: string): string {
  const name = spec.replace(/@[^@]*$/, '');
  const home = join(ROOT, '.cache/apps', spec.replace(/\W+/g, '-'));
  mkdirSync(home, { recursive: true });
  // Another worker may be installing it, too: the second finds it there.
  const install = `[ -e node_modules/${name}/package.json ] || { echo '{"private":true}' >package.json &&
    npm install ${spec} --ignore-scripts --no-audit --no-fund --loglevel=error; }`;
  execFileSync('flock', ['.lock', 'sh', '-c', install], { cwd: home, stdio: ['ignore', 2, 2] });
  return home;
}

/** Installs packages of Debian's, unless `file` says that they are there; another worker may be installing, too. */
function fromDebian(file: string, ...packages: string[]): void {
  if (existsSync(file)) return;
  execFileSync('apt-get', ['install', '-y', '-qq', '-o', 'DPkg::Lock::Timeout=120', ...packages], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
}

const temporary = (): string => mkdtempSync(join(tmpdir(), 'scankey-app-'));

/** Starts a process that answers at `url` after a while; it and its folder go when it is stopped, or with us. */
async function serve(
  command: string,
  args: readonly string[],
  folder: string,
  url: string,
  env: Record<string, string> = {},
): Promise<() => void> {
  const child = spawn(command, args, { stdio: 'ignore', cwd: folder, env: { ...process.env, ...env } });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await until(`an application at ${url}`, async () => (await fetch(url).catch(() => undefined)) !== undefined);
  return () => {
    kill();
    rmSync(folder, { recursive: true, force: true });
  };
}

const shows = (text: string) => (page: Page) =>
  page.evaluate((wanted) => document.body?.innerText.includes(wanted), text).catch(() => false);

/** Node-RED: a box built by script, the token by XHR. */
export async function nodeRed(): Promise<App> {
  const home = installed('node-red@4.1.8');
  const port = await freePort();
  const folder = temporary();
  const settings = `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', userDir: ${JSON.stringify(folder)},
    telemetry: { enabled: false, updateNotification: false }, logging: { console: { level: 'error' } },
    adminAuth: { type: 'credentials', users: [{ username: '${ACCOUNT.username}', permissions: '*',
      password: require(${JSON.stringify(join(home, 'node_modules/bcryptjs'))}).hashSync('${ACCOUNT.password}', 8) }] } };`;
  writeFileSync(join(folder, 'settings.cjs'), settings);
  const url = `http://127.0.0.1:${port}/`;
  const script = join(home, 'node_modules/node-red/red.js');
  const stop = await serve(process.execPath, [script, '-s', join(folder, 'settings.cjs')], folder, `${url}auth/login`);
  return { ...ACCOUNT, url, isIn: shows('Deploy'), stop };
}

/** HAXcms: web components in each other's shadow trees (Lit); the name first, then the password. */
export async function haxcms(): Promise<App> {
  const home = installed('@haxtheweb/haxcms-nodejs@11.0.15');
  const folder = temporary();
  const port = await freePort();
  const url = `http://localhost:${port}/`;
  const script = join(home, 'node_modules/@haxtheweb/haxcms-nodejs/dist/app.js');
  // Its own names: it makes them up at its first start, in the home folder.
  const stop = await serve(process.execPath, [script], folder, url, { PORT: String(port), HOME: folder });
  return { url, username: 'admin', password: 'admin', isIn: async (page) => !(await hasField(page)), stop };
}

/** Whether a sign-in dialog of HAXcms still stands. */
const hasField = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const login = document.querySelector('app-hax-site-login');
    return Boolean(login?.shadowRoot?.querySelector('input'));
  });

/** Parse Dashboard: React, a second page for the one-time code. */
export async function parseDashboard(): Promise<App> {
  const home = installed('parse-dashboard@9.2.0');
  const folder = temporary();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/login`;
  const totp = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const apps = [{ serverURL: 'http://127.0.0.1:9/parse', appId: 'a', masterKey: 'm', appName: 'Ward' }];
  const users = [{ user: ACCOUNT.username, pass: ACCOUNT.password, mfa: totp }];
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ apps, users }));
  const script = join(home, 'node_modules/parse-dashboard/bin/parse-dashboard');
  const args = ['--config', 'config.json', '--port', String(port), '--host', '127.0.0.1', '--allowInsecureHTTP=1'];
  const stop = await serve(process.execPath, [script, ...args], folder, url);
  return { ...ACCOUNT, totp, url, isIn: async (page) => /\/apps/.test(page.url()), stop };
}

/** TiddlyWiki: HTTP Basic by its own Node server. */
export async function tiddlyWiki(): Promise<App> {
  const home = installed('tiddlywiki@5.4.1');
  const folder = temporary();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const script = join(home, 'node_modules/tiddlywiki/tiddlywiki.js');
  execFileSync(process.execPath, [script, 'wiki', '--init', 'server'], { cwd: folder, stdio: 'ignore' });
  const { username, password } = ACCOUNT;
  const args = ['wiki', '--listen', `port=${port}`, `username=${username}`, `password=${password}`];
  const stop = await serve(process.execPath, [script, ...args], folder, url);
  return { ...ACCOUNT, url, isIn: shows('TiddlyWiki'), stop };
}

/**
 * nginx with one server. @param folder for what it writes @param server the lines of its block, with a `listen` on the loopback
 * @param url where it answers, in plain HTTP (where it listens for TLS, by a refusal) @returns what ends it, and removes the folder
 */
export async function startNginx(folder: string, server: string, url: string): Promise<() => void> {
  fromDebian('/usr/sbin/nginx', 'nginx-light');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; user root; pid ${folder}/pid; error_log ${folder}/error.log; events {}
      http { access_log off; ${paths.join(' ')} server { ${server} } }`,
  );
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'master_process off;'];
  return serve('/usr/sbin/nginx', args, folder, url);
}

/** nginx: HTTP Basic (and, at /portal, a page that frames another application of the same origin). */
export async function nginx(framed?: App): Promise<App> {
  const folder = temporary();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const salt = randomBytes(6).toString('hex').slice(0, 8);
  const hash = execFileSync('openssl', ['passwd', '-apr1', '-salt', salt, ACCOUNT.password], { encoding: 'utf8' });
  writeFileSync(join(folder, 'users'), `${ACCOUNT.username}:${hash}`);
  writeFileSync(join(folder, 'index.html'), '<h1>Ward monitor</h1>');
  const portal = `location = /portal { default_type text/html; return 200 '<!doctype html><title>Portal</title><iframe src="/" style="width:900px;height:700px"></iframe>'; }
      location / { proxy_pass ${framed ? new URL(framed.url).origin : ''}; proxy_hide_header X-Frame-Options; proxy_hide_header Content-Security-Policy; proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_set_header Host $http_host; }`;
  const basic = `location / { root ${folder}; auth_basic "Ward monitor"; auth_basic_user_file ${folder}/users; }`;
  const stop = await startNginx(folder, `listen 127.0.0.1:${port}; ${framed ? portal : basic}`, url);
  if (!framed) return { ...ACCOUNT, url, isIn: shows('Ward monitor'), stop };
  const isIn = async (page: Page) => {
    const frame = page.frames().find((one) => one.parentFrame());
    return Boolean(await frame?.evaluate(() => document.body?.innerText.includes('Deploy')).catch(() => false));
  };
  return { ...framed, url: `${url}portal`, isIn, stop };
}

/** Apache with Debian's mod_auth_openidc: the whole site is for whom the issuer knows. `port` is in the address that is registered. */
export async function apache(
  issuer: string,
  client: { id: string; secret: string; port: number },
): Promise<Omit<App, 'username' | 'password'>> {
  const modules = '/usr/lib/apache2/modules';
  fromDebian(`${modules}/mod_auth_openidc.so`, '--no-install-recommends', 'apache2-bin', 'libapache2-mod-auth-openidc');
  const folder = temporary();
  const url = `http://localhost:${client.port}/`;
  writeFileSync(
    join(folder, 'index.html'),
    '<title>Ward monitor</title><h1>Ward monitor</h1><p>All beds are quiet.</p>',
  );
  writeFileSync(join(folder, 'open.txt'), 'here');
  const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'dir', 'alias'];
  writeFileSync(
    join(folder, 'httpd.conf'),
    `${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
ServerName localhost
Listen 127.0.0.1:${client.port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
DefaultRuntimeDir ${folder}
DocumentRoot ${folder}
DirectoryIndex index.html
OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${client.id}
OIDCClientSecret ${client.secret}
OIDCRedirectURI ${url}callback
OIDCCryptoPassphrase ${randomBytes(16).toString('hex')}
OIDCPKCEMethod S256
OIDCScope "openid profile email"
<Location />
  AuthType openid-connect
  Require valid-user
</Location>
<Location /open.txt>
  AuthType None
  Require all granted
</Location>
`,
  );
  // One process: those that it starts otherwise go on without it.
  const stop = await serve('/usr/sbin/apache2', ['-X', '-f', join(folder, 'httpd.conf')], folder, `${url}open.txt`);
  return { url, isIn: shows('Ward monitor'), stop };
}
