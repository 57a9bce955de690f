// Set-up for every command, run by npm before it: the packages of the lock file, with --browsers the browsers that demo and pictures
// drive, and with --tests all that tests and bench need. Does nothing, in milliseconds, when everything is there. Node 20, no dependencies.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const stamp = join(root, 'node_modules/.scankey-lock');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing packages…\n');
  // Install scripts run for the one package that is allowed them in package.json.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, lock);
}

const BROWSERS = [
  ['chromium', '/usr/bin/chromium'],
  ['firefox-esr', '/usr/bin/firefox-esr'],
  ['fonts-noto-cjk', '/usr/share/fonts/opentype/noto'],
];
const TESTS = [
  ...BROWSERS,
  // The engine of every browser on an iPhone, and a screen for it to draw on.
  ['webkit2gtk-driver', '/usr/bin/WebKitWebDriver'],
  ['xvfb', '/usr/bin/Xvfb'],
  // Reads our exports in a test; and what types a file's name into the window in which Chromium asks for one.
  ['keepassxc', '/usr/bin/keepassxc-cli'],
  ['xdotool', '/usr/bin/xdotool'],
  // A house of its own for proxies and for who follows docs/operating.md (tests/operate).
  ['iproute2', '/usr/sbin/ip'],
  ['openssl', '/usr/bin/openssl'],
  ['systemd', '/usr/bin/systemd-analyze'],
  // Clients that say and read what they have to drop by drop (tests/hostile).
  ['slowhttptest', '/usr/bin/slowhttptest'],
  // Has Redis' server in it, and starts none.
  ['redis-tools', '/usr/bin/redis-check-rdb'],
  // Sites that sign in by OpenID Connect, in Python, Ruby, Perl and C. Every package of Debian has this file, under a name without a
  // version, and it goes with the package (what dpkg itself notes stays where there is configuration).
  ...[
    'python3-django',
    'python3-social-django',
    // Of which that makes use for OpenID Connect, and which its package only recommends.
    'python3-jose',
    'ruby-omniauth-openid-connect',
    'libmojolicious-plugin-oauth2-perl',
    'libapache2-mod-auth-openidc',
  ].map((name) => [name, `/usr/share/doc/${name}/copyright`]),
];
/** What is unpacked into that house alone, and never installed: as a service each would take this computer's ports. */
const UNPACKED = [
  ['caddy', '/usr/bin/caddy'],
  ['nginx', '/usr/sbin/nginx'],
  ['haproxy', '/usr/sbin/haproxy'],
];
const packages = join(root, '.cache/proxies');
const isUnpacked = (name) => existsSync(packages) && readdirSync(packages).some((file) => file.startsWith(`${name}_`));

const forTests = process.argv.includes('--tests');
if (forTests || process.argv.includes('--browsers')) {
  const isThere = ([, path]) => existsSync(path);
  const missing = (forTests ? TESTS : BROWSERS).filter((one) => !isThere(one)).map(([name]) => name);
  const debian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  // Nobody but root has such a house.
  const proxies = debian && forTests ? UNPACKED : [];
  const unpacked = proxies.filter((one) => !isThere(one) && !isUnpacked(one[0])).map(([name]) => name);
  if (missing.length + unpacked.length > 0) {
    const install = ['install', '-y', '-q', '--no-install-recommends'];
    if (!debian) {
      process.stderr.write(
        `Please install: ${missing.join(', ')} (on Debian: sudo apt-get install ${missing.join(' ')}).\n`,
      );
      process.exit(1);
    }
    process.stderr.write(`Installing ${[...missing, ...unpacked].join(', ')}…\n`);
    const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    execFileSync('apt-get', ['update', '-q'], options);
    if (missing.length > 0) execFileSync('apt-get', [...install, ...missing], options);
    if (unpacked.length > 0) {
      // With all that they need and this computer has not.
      mkdirSync(join(packages, 'partial'), { recursive: true });
      const into = ['--download-only', '-o', `Dir::Cache::archives=${packages}`];
      execFileSync('apt-get', [...install, ...into, ...unpacked], options);
    }
  }
}
