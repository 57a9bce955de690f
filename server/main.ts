// `node server/main.ts`: reads the command line, opens the store, listens, stops cleanly.
import { existsSync, mkdirSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { buildApp, newShared, type Settings } from './app.ts';
import { greeting } from './greeting.ts';
import { newRoomWatch, newSweep, telling } from './health.ts';
import { ownCertificate } from './http/certificate.ts';
import { Events, type Pushed } from './http/events.ts';
import { readArguments, UsageError } from './operate/arguments.ts';
import { DATABASE } from './operate/copies.ts';
import { loadPushKeys } from './push/push-keys.ts';
import { Pusher } from './push/pusher.ts';
import { reachOf } from './reach.ts';
import { hashOf } from './store/hashes.ts';
import { openSqlite } from './store/sqlite.ts';
import { FOR_EVER } from './store/store.ts';
import { once } from './store/values.ts';
import type { Team } from './team/team-file.ts';

/**
 * Chromium ids that need no --extension-id: the one that the `key` in manifest.json gives every unpacked build, and beside it those that the
 * stores have given, of which there are none yet.
 */
const KNOWN_EXTENSION_IDS = ['iafbdandlnajajocdfhpngcoakkghafb'];
const SWEEP_MS = 5_000;
/** Connections that the system holds until we take them: with Node's 511 a thousand at once shut honest ones out for seconds. */
const BACKLOG = 4_096;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

const inWords = (error: unknown): never => fail(error instanceof Error ? error.message : String(error));

/** What `work` gives; what it throws is for the operator to mend. */
function tried<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return inWords(error);
  }
}

function said() {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) fail(error.message);
    throw error;
  }
}

async function teamOf(path: string): Promise<Team> {
  const { readTeam } = await import('./team/team-file.ts');
  return tried(() => readTeam(path));
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    fail(`The folder ${path} cannot be made: is --data right? (${String(error)})`);
  }
}

// Keys and records are this user's alone, whoever may look into a folder that was there before.
process.umask(0o077);
const options = said();
if (options.shows !== undefined) {
  process.stdout.write(options.shows);
  process.exit(0);
}
const { verb, port, publicOrigin, data } = options;
const { phoneOrigin, addresses, trial, ...names } = reachOf(options, networkInterfaces(), hostname().toLowerCase());
const team = options.team === undefined ? undefined : await teamOf(options.team);
if (team && trial && verb === undefined)
  fail('--team needs an address that browsers trust: give --public-url, or --host 127.0.0.1 for this computer alone.');

const redis = process.env.REDIS_URL;
// Only who keeps many companions on one Redis loads what speaks to it.
const openStore = async () => {
  if (redis) return import('./store/redis.ts').then(({ openRedis }) => openRedis(redis)).catch(inWords);
  makeFolder(data);
  return tried(() => openSqlite(join(data, DATABASE)));
};
if (verb !== undefined) {
  const { runCommand } = await import('./operate/commands.ts');
  const isDone = await runCommand(verb, { given: options, team, open: openStore });
  process.exit(isDone ? 0 : 1);
}
if (redis && team && team.keys === undefined)
  fail(
    'With REDIS_URL a team’s file needs "keys:": every companion on one Redis signs with the same (docs/operating.md).',
  );
// Before anything is made: the companion serves what was built.
for (const name of team ? ['', '../sign-in'] : ['']) {
  const page = join(options.page, name, 'index.html');
  if (!existsSync(page)) fail(`There is no page ${page}: is --page right, and was "npm run build" run?`);
}
makeFolder(data);
// Only who is asked for them loads what counts them.
const metrics = options.metrics && new (await import('./operate/metrics.ts')).Metrics();
const opened = telling(await openStore(), (sentence) => process.stderr.write(`${sentence}\n`));
const store = metrics?.timed(opened) ?? opened;

const settings: Settings = {
  ...names,
  phoneOrigin,
  extensionIds: [...KNOWN_EXTENSION_IDS, ...options['extension-id']],
  proxies: publicOrigin === undefined ? undefined : options.proxies,
  trial,
  phonePage: options.page,
};
// A companion of one's own starts without what teams need.
if (team) {
  const { teamServices } = await import('./team/team-app.ts');
  settings.team = await teamServices(team, store, phoneOrigin, data).catch(inWords);
}
// RFC 8292 wants an https or mailto contact; a companion on this computer alone has none that leads anywhere.
const contact = phoneOrigin.startsWith('https:') ? phoneOrigin : 'https://localhost';
const pushKeys = tried(() => loadPushKeys(data));
const sealedBy = hashOf(pushKeys.seal);
if (redis && (await once(store, 'push-keys', sealedBy, FOR_EVER).catch(inWords)) !== sealedBy)
  fail(
    `Other companions on this Redis have other push keys: copy their push-keys.json into ${data} (docs/operating.md).`,
  );
const events = new Events();
const pushed = (how: Pushed) => events.emit('pushed', how);
const pusher = new Pusher(pushKeys, { allowed: options['push-host'], contact, pushed });
const { roomBytes, limits } = options;
const shared = newShared(store, pusher, { roomBytes, limits, events });
// Whoever reads along wants sentences, and of the rest what is wrong.
const log = { log: process.stderr, quiet: !options.log && process.stderr.isTTY };
const app = await buildApp(settings, shared, log);
if (metrics && options.metrics) {
  metrics.watch({ events, present: shared.present, store, roomBytes: options.roomBytes });
  await metrics.listen(options.metrics).catch((error) => fail(`Cannot listen for --metrics: ${String(error)}`));
}
const listeners = [app];
if (trial) {
  const tls = await ownCertificate(data, addresses);
  listeners.push(await buildApp(settings, shared, { tls, ...log }));
}
try {
  const host = options.host ?? '0.0.0.0';
  for (const [index, listener] of listeners.entries())
    await listener.listen({ host, port: port + index, backlog: BACKLOG });
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  fail(
    inUse ? `Port ${port} or ${port + 1} is in use. Choose another with --port.` : `Cannot listen: ${String(error)}`,
  );
}

const watchRoom = newRoomWatch(shared.room, (sentence) => app.log.warn(sentence));
await watchRoom();
// Each of several companions, so that the doctor can tell whether they are one.
const tellKeys =
  redis && settings.team
    ? (await import('./operate/same-keys.ts')).newKeysTeller(store, `${hostname()}:${port}`, settings.team.keysHash)
    : async () => {};
await tellKeys();
const sweep = newSweep(store, (sentence) => app.log.error(sentence));
const sweeping = setInterval(async () => {
  await sweep();
  // Of a Redis that is lost the engine tells itself.
  await watchRoom().catch(() => {});
  await tellKeys().catch(() => {});
}, SWEEP_MS);
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
// The terminal was closed.
process.on('SIGHUP', () => void stop());
// Whoever started it is gone (scripts/serve.mjs).
process.on('disconnect', () => void stop());

const isTerminal = process.stdout.isTTY;
process.stdout.write(await greeting({ phoneOrigin, trial, port, isTerminal, isQuiet: log.quiet }));
