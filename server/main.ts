// `node server/main.ts`: reads the command line, opens the store, listens, stops cleanly.
import { mkdirSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import QRCode from 'qrcode';
import { buildApp, newShared, type Settings } from './app.ts';
import { ownCertificate } from './http/certificate.ts';
import { loadPushKeys } from './push/push-keys.ts';
import { Pusher } from './push/pusher.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Team } from './team/team-file.ts';

const USAGE = `Usage: npm start -- [command] [options]
  doctor              looks whether a team's providers can be reached as they are set up
  people              lists who has signed in to the team's sites, and with which code one is admitted
  admit CODE          admits somebody, with --name and --email if given
  remove CODE         takes somebody out again

  --team FILE         sites, providers and people of a team (docs/operating.md); makes this an OpenID provider
  --port N            HTTP port (8787); HTTPS on the local network is one above it
  --host ADDRESS      listen on this address alone (127.0.0.1: this computer only)
  --public-url URL    the https address that a reverse proxy serves this companion under
  --data FOLDER       where the database and the certificate are kept (data)
  --page FOLDER       the built phone page (dist/phone)
  --extension-id ID   a Chromium extension that may open sessions; may be repeated
  --push-host HOST    a push service of your own, as host or host:port, beside those of the browsers; may be repeated
`;

/** The id that the `key` in manifest.json gives every unpacked Chromium build. */
const DEFAULT_EXTENSION_ID = 'iafbdandlnajajocdfhpngcoakkghafb';
const SWEEP_MS = 5_000;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        team: { type: 'string' },
        name: { type: 'string' },
        email: { type: 'string' },
        port: { type: 'string', default: '8787' },
        host: { type: 'string' },
        'public-url': { type: 'string' },
        data: { type: 'string', default: 'data' },
        page: { type: 'string', default: join(import.meta.dirname, '../dist/phone') },
        'extension-id': { type: 'string', multiple: true, default: [] },
        'push-host': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_534)
      fail(`--port must be between 1 and 65534, not "${values.port}".`);
    const publicUrl = values['public-url'];
    if (publicUrl !== undefined && !(URL.canParse(publicUrl) && new URL(publicUrl).protocol === 'https:'))
      fail(`--public-url must be an https address, not "${publicUrl}".`);
    return {
      ...values,
      positionals,
      port,
      publicOrigin: publicUrl === undefined ? undefined : new URL(publicUrl).origin,
    };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

async function teamOf(path: string): Promise<Team> {
  const { readTeam } = await import('./team/team-file.ts');
  try {
    return readTeam(path);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const options = readArguments();
const { port, publicOrigin } = options;
const addresses = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address)
  .filter((address) => options.host === undefined || options.host === '0.0.0.0' || options.host === address);
// Behind a proxy, or on this computer alone, the phone page needs no certificate of ours.
const lan = publicOrigin === undefined ? addresses[0] : undefined;
const tlsPort = port + 1;
const phoneOrigin = publicOrigin ?? (lan === undefined ? `http://localhost:${port}` : `https://${lan}:${tlsPort}`);

const names = ['localhost', '127.0.0.1', '[::1]', hostname(), ...addresses];
const hosts = names.flatMap((name) => [`${name}:${port}`, `${name}:${tlsPort}`]);
if (publicOrigin !== undefined) hosts.push(new URL(publicOrigin).host);

const folder = () => mkdirSync(options.data, { recursive: true, mode: 0o700 });
const file = join(options.data, 'scankey.sqlite');
const [command, code] = options.positionals;
const team = options.team === undefined ? undefined : await teamOf(options.team);
if (command !== undefined) {
  folder();
  const store = openSqlite(file);
  const { runCommand } = await import('./commands.ts');
  const done = await runCommand({
    command,
    code,
    team,
    store,
    origin: phoneOrigin,
    name: options.name,
    email: options.email,
  });
  store.close();
  if (done === undefined) fail(`There is no command "${command}".\n\n${USAGE}`);
  process.exit(done ? 0 : 1);
}
if (team && lan !== undefined)
  fail('--team needs an address that browsers trust: give --public-url, or --host 127.0.0.1 for this computer alone.');

const settings: Settings = {
  hosts,
  phoneOrigin,
  pageOrigins: [...new Set([phoneOrigin, `http://localhost:${port}`, `http://127.0.0.1:${port}`])],
  extensionIds: [DEFAULT_EXTENSION_ID, ...options['extension-id']],
  behindProxy: publicOrigin !== undefined,
  trial: lan !== undefined,
  phonePage: options.page,
};

folder();
const store = openSqlite(file);
// A companion of one's own starts without what teams need.
if (team) {
  const { teamServices } = await import('./team/team-app.ts');
  settings.team = await teamServices(team, store, phoneOrigin, settings.behindProxy);
}
// RFC 8292 wants an https or mailto contact; a companion on this computer alone has none that leads anywhere.
const contact = phoneOrigin.startsWith('https:') ? phoneOrigin : 'https://localhost';
const pusher = new Pusher(loadPushKeys(options.data), { allowed: options['push-host'], contact });
const shared = newShared(store, pusher);
const listeners = [await buildApp(settings, shared, { logger: true })];
const host = options.host ?? '0.0.0.0';
if (lan !== undefined) {
  const tls = await ownCertificate(options.data, addresses);
  listeners.push(await buildApp(settings, shared, { tls, logger: true }));
}
try {
  for (const [index, listener] of listeners.entries()) await listener.listen({ host, port: port + index });
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  fail(inUse ? `Port ${port} or ${tlsPort} is in use. Choose another with --port.` : `Cannot listen: ${String(error)}`);
}

const sweeping = setInterval(() => void store.sweep().catch(() => {}), SWEEP_MS);
let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(sweeping);
  await Promise.all(listeners.map((listener) => listener.close()));
  store.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

process.stdout.write(`
Scankey companion is running.

  This computer     http://localhost:${port}
  Your phone        ${phoneOrigin}
${lan === undefined ? '' : '                    (a certificate of its own: accept it once on the phone; for a trial only)\n'}
${await QRCode.toString(phoneOrigin, { type: 'utf8', errorCorrectionLevel: 'M' })}
  Stop with Ctrl+C.
`);
