// Set-up for every command, run by npm before it: the packages of the lock file, and with --browsers the browsers that
// demo, tests and bench drive. Does nothing, in milliseconds, when everything is there. Node 20, no dependencies.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const NEEDED = [
  ['chromium', '/usr/bin/chromium'],
  ['firefox-esr', '/usr/bin/firefox-esr'],
  ['fonts-noto-cjk', '/usr/share/fonts/opentype/noto'],
  // The engine of every browser on an iPhone, and a screen for it to draw on.
  ['webkit2gtk-driver', '/usr/bin/WebKitWebDriver'],
  ['xvfb', '/usr/bin/Xvfb'],
  // Reads our exports in a test.
  ['keepassxc', '/usr/bin/keepassxc-cli'],
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

if (process.argv.includes('--browsers')) {
  const missing = NEEDED.filter(([, path]) => !existsSync(path)).map(([name]) => name);
  if (missing.length > 0) {
    const install = ['install', '-y', '-q', '--no-install-recommends', ...missing];
    const debian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
    if (!debian) {
      process.stderr.write(
        `Please install: ${missing.join(', ')} (on Debian: sudo apt-get install ${missing.join(' ')}).\n`,
      );
      process.exit(1);
    }
    process.stderr.write(`Installing ${missing.join(', ')}…\n`);
    const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    execFileSync('apt-get', ['update', '-q'], options);
    execFileSync('apt-get', install, options);
  }
}
