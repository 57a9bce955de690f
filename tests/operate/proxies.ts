// Runs in a house of its own: the configurations of deploy/ as they are, one proxy after the other before one companion, and then with one
// mistake each. Says each finding as a line of JSON; proxies.test.ts has what is expected.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { buildApp, newShared, type Settings } from '../../server/app.ts';
import { readNetwork } from '../../server/http/addresses.ts';
import { doctor } from '../../server/operate/doctor.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import { reachOf } from '../../server/reach.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { addressOf, BACKUP, newRecoveryKey } from '../../src/protocol/recovery.ts';
import { EXTENSION, newSid, newToken, PK } from '../companion/party.ts';
import { CONFIGURATIONS, MISTAKES, type ProxyName } from './mistakes.ts';
import { ORIGIN, partyAt } from './through.ts';

const [HERE, ELSEWHERE] = ['198.51.100.7', '203.0.113.9'];
const PORT = 8787;
const say = (found: object): void => void process.stdout.write(`${JSON.stringify(found)}\n`);

const folder = '/mnt/companion';
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'index.html'), '<!doctype html><html data-trial="false"></html>');
const store = openSqlite(join(folder, 'scankey.sqlite'));
const settings: Settings = {
  // Also those of this computer: a proxy that hands on its own name for the companion is answered.
  hosts: reachOf({ port: PORT, publicOrigin: ORIGIN }, {}, 'house').hosts,
  phoneOrigin: ORIGIN,
  pageOrigins: [ORIGIN],
  extensionIds: ['iafbdandlnajajocdfhpngcoakkghafb'],
  proxies: [readNetwork('127.0.0.1') ?? []].flatMap((one) => ('length' in one && one.length === 2 ? [one] : [])),
  trial: false,
  phonePage: folder,
};
const shared = newShared(store, new Pusher(newPushKeys(), { contact: ORIGIN }));
async function listen(host = '127.0.0.1') {
  const app = await buildApp(settings, shared);
  await app.listen({ host, port: PORT });
  return app;
}
let app = await listen();
const HOSTS = '/etc/hosts';
const names = readFileSync(HOSTS, 'utf8');

/** An answer of the proxy, as it is seen from an address. */
function ask(
  path: string,
  from: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise<{ status: number; text: string; ids: readonly string[] }>((done, failed) => {
    const sending = request(
      `${ORIGIN}${path}`,
      { method, headers, localAddress: from, agent: false, servername: 'id.example.org' },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () =>
          done({ status: response.statusCode ?? 0, text, ids: response.headersDistinct['x-request-id'] ?? [] }),
        );
      },
    );
    sending.on('error', failed);
    sending.end(body);
  });
}

/** A sign-in of a browser and a phone at these addresses. @returns whether they were taken to be near, if it went on */
async function signIn(browserAt: string, phoneAt: string, headers?: Record<string, string>): Promise<unknown> {
  const [sid, b, p] = [newSid(), newToken(), newToken()];
  const browser = await partyAt(browserAt, EXTENSION);
  browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(b) });
  await browser.next();
  const phone = await partyAt(phoneAt, ORIGIN, headers);
  phone.say({ t: 'join', sid, tokenHash: await tokenHash(p) });
  const { near } = await phone.next();
  await browser.next();
  phone.say({ t: 'send', n: 0, m: 'AAAA' });
  const word = await browser.next();
  for (const one of [browser, phone]) one.close();
  return word.m === 'AAAA' ? near : word;
}

async function http2(): Promise<unknown> {
  const session = connectHttp2(ORIGIN);
  const stream = session.request({ ':path': '/v1/companion' });
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  session.destroy();
  return headers[':status'];
}

async function largestBackup(): Promise<unknown> {
  const { id, auth } = await addressOf(newRecoveryKey());
  const body = JSON.stringify({
    t: 'write',
    id,
    ifRev: 0,
    rev: 1,
    blob: 'A'.repeat(BACKUP.characters - (BACKUP.characters % 4)),
  });
  const headers = { origin: ORIGIN, authorization: `Scankey ${auth}`, 'content-type': 'application/json' };
  return (await ask('/v1/backup', HERE, { method: 'POST', headers, body })).status;
}

/** Says `bytes` to the proxy, and waits until it answers or hangs up. */
const sayBytes = (bytes: string): Promise<void> =>
  new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port: 443, servername: 'id.example.org', ALPNProtocols: ['http/1.1'] });
    const leave = () => done(void socket.destroy());
    socket.once('secureConnect', () => socket.write(bytes));
    for (const event of ['data', 'close', 'error']) socket.once(event, leave);
    socket.setTimeout(2_000, leave);
  });

/** Requests that this proxy and the companion might read in two ways. @returns what those who come next are answered */
async function ambiguous(): Promise<unknown> {
  const inner = 'GET /practice HTTP/1.1\r\nhost: id.example.org\r\n\r\n';
  const post = (body: string, ...headers: string[]) =>
    `${['POST /v1/half HTTP/1.1', 'host: id.example.org', ...headers].join('\r\n')}\r\n\r\n${body}`;
  const length = (body: string) => `content-length: ${body.length}`;
  const chunks = `0\r\n\r\n${inner}`;
  const heard = new Set<string>();
  for (const bytes of [
    post(chunks, 'content-length: 5', 'transfer-encoding: chunked'),
    post(chunks, length(chunks), 'transfer-encoding : chunked'),
    post(chunks, length(chunks), 'transfer-encoding: xchunked'),
    post(chunks, 'transfer-encoding: chunked', 'transfer-encoding: identity'),
    post(`x${inner}`, 'content-length: 1', length(`x${inner}`)),
    post('', `x: a\r\n content-length: 0`, 'host: other.example'),
  ]) {
    await sayBytes(bytes);
    for (let others = 0; others < 3; others++) {
      const { status, text } = await ask('/v1/companion', ELSEWHERE);
      heard.add(`${status} ${text.includes('phoneOrigin')}`);
    }
  }
  return [...heard];
}

/** What the proxy answers while the companion is started anew, and as soon as it has been. */
async function startedAnew(): Promise<unknown> {
  await app.close();
  const without = await ask('/v1/companion', HERE);
  app = await listen();
  return [without.status >= 502, (await ask('/v1/companion', HERE)).status];
}

const CHECKS: Record<string, () => Promise<unknown>> = {
  'the phone page': async () => (await ask('/', HERE)).status,
  'HTTP/2': http2,
  'a sign-in in one house': () => signIn(HERE, HERE),
  'a sign-in from elsewhere': () => signIn(HERE, ELSEWHERE),
  'a stranger who says that he is there': () =>
    signIn(HERE, ELSEWHERE, { 'x-forwarded-for': HERE, forwarded: `for=${HERE}` }),
  'the largest backup': largestBackup,
  'the id that a stranger gives his request': async () =>
    (await ask('/v1/companion', HERE, { headers: { 'x-request-id': 'of-a-stranger' } })).ids,
  'what two servers read in two ways': ambiguous,
  'a companion that is started anew': startedAnew,
  'another name': async () =>
    (await ask('/v1/companion', HERE, { headers: { host: 'other.example' } })).text.includes('phoneOrigin'),
};

const isListening = (): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(
      { host: '127.0.0.1', port: 443, servername: 'id.example.org', rejectUnauthorized: true },
      () => {
        socket.destroy();
        done(true);
      },
    );
    socket.on('error', () => done(false));
  });

async function run(name: ProxyName, edit: (text: string) => string): Promise<() => Promise<void>> {
  const { file, args, before } = CONFIGURATIONS[name];
  const text = edit(readFileSync(join(import.meta.dirname, '../../deploy', file), 'utf8'));
  const path = `/mnt/${file}`;
  before();
  const [command, given] = args(path, text);
  const env = { ...process.env, HOME: '/mnt/home', XDG_DATA_HOME: '/mnt/home' };
  const child: ChildProcess = spawn(command, given, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const gone = once(child, 'exit');
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  for (let tries = 0; tries < 400 && child.exitCode === null && !(await isListening()); tries++) await sleep(25);
  if (child.exitCode !== null) throw new Error(`${name} did not start: ${said}`);
  return async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(late);
    if (await isListening()) throw new Error(`${name} has left something behind`);
  };
}

async function askDoctor(more: { extensionIds?: string[] } = {}): Promise<string[]> {
  const lines: string[] = [];
  await doctor(
    { origin: ORIGIN, store, port: PORT, roomBytes: 2 ** 31, extensionIds: more.extensionIds ?? [] },
    undefined,
    (line) => lines.push(line),
  );
  return lines;
}

const only = process.argv[2];
for (const name of (Object.keys(CONFIGURATIONS) as ProxyName[]).filter((one) => !only || one === only)) {
  const stop = await run(name, (text) => text);
  for (const [check, look] of Object.entries(CHECKS))
    say({ proxy: name, check, found: await look().catch((error: Error) => String(error)) });
  say({ proxy: name, check: 'doctor', found: await askDoctor() });
  await stop();
}
for (const { name, proxy, edit, set, extensionIds, host, address } of MISTAKES.filter(
  (one) => !only || one.proxy === only,
)) {
  const before = { ...settings };
  if (set) Object.assign(settings, set);
  if (address) writeFileSync(HOSTS, `${address} id.example.org\n${names.replace(' id.example.org', '')}`);
  if (host) {
    await app.close();
    app = await listen(host);
  }
  const stop = await run(proxy, edit ?? ((text) => text));
  say({ proxy, mistake: name, found: await askDoctor(extensionIds ? { extensionIds } : {}) });
  await stop();
  Object.assign(settings, before);
  writeFileSync(HOSTS, names);
  if (host) {
    await app.close();
    app = await listen();
  }
}
process.exit(0);
