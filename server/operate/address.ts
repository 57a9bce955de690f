// Looks at the companion by its public address, as phones and browsers come to it: name, certificate, and what the proxy hands on.
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type PeerCertificate } from 'node:tls';
import * as v from 'valibot';
import { BACKUP } from '../../src/protocol/recovery.ts';
import { Problem } from '../../src/protocol/relay.ts';
import type { Store } from '../store/store.ts';
import { type Line, lineFor } from './remedies.ts';
import { SEEN, Seen, withWord } from './seen.ts';

/** Where the doctor writes: what is right or wrong, and what is neither. */
export interface Report {
  line(good: boolean, text: string): void;
  note(text: string): void;
}

export interface Looked {
  /** The companion's own. */
  origin: string;
  /** That of the companion which is to be asked. */
  store: Store;
  port: number;
  /** Chromium builds that are to be admitted. */
  extensionIds: readonly string[];
}

const WITHIN_MS = 10_000;
const CLOCK_MS = 5_000;
/** Certificates are renewed when a third of their time is left, whether that is days or months. */
const LATE = 1 / 5;
/** Nobody's address (RFC 5737): who is believed to come from there was believed himself. */
const MADE_UP = '203.0.113.77';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** @throws Error with the `code` of what failed */
function ask(url: URL, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((done, failed) => {
    const sending = (url.protocol === 'https:' ? request : plainRequest)(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      agent: false,
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    sending.on('error', failed);
    sending.on('upgrade', ({ statusCode = 0, headers: got }, socket) => {
      socket.destroy();
      done({ status: statusCode, headers: got, text: '' });
    });
    sending.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += text.length < 65_536 ? String(chunk) : '';
      });
      const end = () => done({ status: response.statusCode ?? 0, headers: response.headers, text });
      // Who is sent more than he takes hangs up once he has said so.
      response.on('end', end).on('error', end);
    });
    sending.end(body);
  });
}

/** As a proxy answers whose companion does not. */
const AWAY = [502, 503, 504];
/** Nothing listens; or there is no certificate yet, as while a proxy fetches its first one. */
const NOT_YET = ['ECONNREFUSED', 'ECONNRESET', 'EPROTO'];

/** Waits, ten seconds at most, for a companion or a proxy that was only just started. */
export async function waitUntilUp(origin: string, print: (line: string) => void): Promise<void> {
  for (const from = Date.now(); Date.now() - from < WITHIN_MS; await sleep(250)) {
    const answer = await ask(new URL('/healthz', origin), {}).catch((error: NodeJS.ErrnoException) => error);
    const isAway = answer instanceof Error ? NOT_YET.includes(answer.code ?? '') : AWAY.includes(answer.status);
    if (!isAway) return;
  }
  print(`Nothing has answered at ${origin} for ten seconds.`);
}

const isLoopback = (address: string): boolean => /^(127\.|::1$)/.test(address);
/** By how much the clock of whoever answered is ahead of this one, ms; NaN where it does not say. */
const aheadOf = ({ headers }: Answer): number => Date.parse(headers.date ?? '') - Date.now();
const isOff = (ms: number): boolean => Math.abs(ms) > CLOCK_MS;
/** @param whose clock it is, and by how many ms it is ahead of this one */
export const clockOff = (whose: string, ms: number): string =>
  `clock: ${whose} is ${Math.round(ms / 1000)} s off this server’s. Set both by NTP, as: timedatectl set-ntp true`;

/** The companion's own word, where it is that. */
function problemOf({ text }: Answer): string | undefined {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Problem), text);
  return read.success ? read.output.code : undefined;
}

/** @returns whether the certificate is one that browsers take */
async function lookAtCertificate({ hostname, port }: URL, own: number, { line }: Report): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const found = await new Promise<{ cert: PeerCertificate; wrong: string | undefined } | string>((done) => {
    const options = { host, port: Number(port || 443), ...(/[a-z]/i.test(host) ? { servername: host } : {}) };
    const socket = connect({ ...options, rejectUnauthorized: false, timeout: WITHIN_MS }, () => {
      const { authorizationError: wrong } = socket;
      done({ cert: socket.getPeerCertificate(), wrong: wrong ? String(wrong.message || wrong) : undefined });
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.on('timeout', () => done('ETIMEDOUT'));
  });
  if (typeof found === 'string') {
    const why =
      found === 'ENOTFOUND' || found === 'EAI_AGAIN'
        ? `nobody knows the name ${host}: enter it in the DNS, with this server’s address`
        : found === 'ECONNREFUSED' || found === 'ETIMEDOUT'
          ? `nothing listens at ${host}, port ${port || 443}: start the proxy, and let the firewall pass that port (${found})`
          : `what listens at port ${port || 443} speaks no TLS as browsers do: look at the proxy’s certificate (${found})`;
    line(false, why);
    return false;
  }
  const { cert, wrong } = found;
  const give = lineFor('certificate', '', { port: own, name: host });
  const ends = Date.parse(cert.valid_to);
  if (Date.parse(cert.valid_from) > Date.now())
    line(false, 'certificate: begins in the future by this server’s clock: set it by NTP');
  else if (ends < Date.now())
    line(false, `certificate: has ended on ${cert.valid_to}: have it renewed, then reload the proxy`);
  else if (wrong?.includes('altnames') || wrong?.includes('ALTNAME'))
    line(
      false,
      `certificate: is for ${cert.subjectaltname ?? 'another name'}, not for ${host}: get one for ${host}, and give that. ${give}`,
    );
  else if (wrong !== undefined)
    line(
      false,
      `certificate: browsers do not take it (${wrong}). Give the proxy the whole chain, as fullchain.pem, of a known authority. ${give}`,
    );
  else if (ends - Date.now() < LATE * (ends - Date.parse(cert.valid_from)))
    line(false, `certificate: ends on ${cert.valid_to}: it should have been renewed by now`);
  else line(true, `certificate: for ${host}, until ${cert.valid_to}`);
  return wrong === undefined && ends > Date.now();
}

/** @returns how the companion has seen this request; undefined where it was none of this store's that answered */
async function lookAtSeen({ origin, store, port }: Looked, { line }: Report): Promise<[Seen, Answer] | undefined> {
  const answer = await withWord(store, (word) =>
    ask(new URL(SEEN, origin), { authorization: `Bearer ${word}`, 'x-forwarded-for': MADE_UP }),
  ).catch((error: NodeJS.ErrnoException) => error);
  if (answer instanceof Error) {
    line(false, `nothing answers at ${origin} (${answer.code ?? answer.message}): start the companion and the proxy`);
    return undefined;
  }
  const { hostname: name } = new URL(origin);
  const fix = (what: Line) => lineFor(what, String(answer.headers.server ?? ''), { port, name });
  const seen = v.safeParse(v.pipe(v.string(), v.parseJson(), Seen), answer.text);
  if (answer.status === 200 && seen.success) {
    line(true, `the companion answers at ${origin}`);
    return [seen.output, answer];
  }
  const code = problemOf(answer);
  const off = aheadOf(answer);
  // By another clock the word that it was left is over, or not yet there.
  if (code === 'not-found' && isOff(off)) line(false, clockOff('the companion’s', off));
  else if (code === 'host-unknown')
    line(false, `Host: the proxy does not hand on the name that was asked for. ${fix('host')}`);
  else if (code === 'not-found')
    line(
      false,
      `another companion answers at ${origin}, or an older one: give the same --data (or REDIS_URL) as at its start`,
    );
  else if (code !== undefined) line(false, `the companion answers ${code}: see its log`);
  else if (AWAY.includes(answer.status))
    line(
      false,
      `the proxy does not reach the companion (${answer.status}): start it, and see to the address. ${fix('reach')}`,
    );
  else
    line(
      false,
      `something else answers at ${origin} (${answer.status}): the whole name must lead to the companion, without a path before it. ${fix('reach')}`,
    );
  return undefined;
}

const bare = (peer: string): string => peer.replace('::ffff:', '');

/** Whether the companion knows from where people come. */
function lookAtSource(seen: Seen, fix: (line: Line) => string, { line }: Report): void {
  const { doubt, forwardedFor, peer, bucket } = seen;
  if (doubt === 'proxy-untold') line(false, 'the companion was not told of the proxy: start it with --public-url');
  else if (doubt === 'proxy-unnamed')
    line(false, `the proxy is not believed: start the companion with --trust-proxy ${bare(peer)}`);
  else if (doubt === 'proxy-silent' && /\d:\d+$|\]:\d+$/.test(forwardedFor ?? ''))
    line(false, `X-Forwarded-For comes with a port: it has to be a bare address. ${fix('address')}`);
  else if (doubt === 'proxy-silent') line(false, `X-Forwarded-For is missing, or is no address. ${fix('address')}`);
  else if (doubt === 'proxy-for-proxy')
    line(
      false,
      `an address that people come from is named as a proxy’s, too: start the companion with --trust-proxy ${bare(peer)} alone; if another proxy stands there, let the last one pass on the person’s address`,
    );
  else if (bucket.startsWith(`${MADE_UP}/`))
    line(false, `X-Forwarded-For: the proxy hands on what anybody writes there. ${fix('address')}`);
  else line(true, 'the companion knows from where people come');
}

/** Whether a backup comes through that is as large as the largest, and nobody's: the companion refuses it in its own words. */
async function lookAtLargest(origin: string, fix: (line: Line) => string, { line }: Report): Promise<void> {
  const large = { origin, 'content-type': 'application/json' };
  const answer = await ask(new URL('/v1/backup', origin), large, JSON.stringify('A'.repeat(BACKUP.characters))).catch(
    () => undefined,
  );
  const isThrough = answer !== undefined && problemOf(answer) === 'bad-message';
  line(
    isThrough,
    isThrough
      ? 'backups come through'
      : `a backup of ${Math.ceil(BACKUP.characters / 2 ** 20)} MiB does not come through (${answer?.status ?? 'cut'}). ${fix('body')}`,
  );
}

/** @returns what a companion of this store that answers there has said of itself */
export async function lookAtAddress(looked: Looked, report: Report): Promise<Seen | undefined> {
  const { origin, port, extensionIds } = looked;
  const { line, note } = report;
  const url = new URL(origin);
  const isPublic = url.protocol === 'https:';
  line(
    isPublic || url.hostname === 'localhost',
    `address: ${origin}${isPublic ? '' : ' (good for this computer alone; others want --public-url)'}`,
  );
  if (isPublic && !(await lookAtCertificate(url, port, report))) return undefined;
  const found = await lookAtSeen(looked, report);
  if (!found) return undefined;
  const [seen, { headers }] = found;
  // By the moment at which they were said: what comes next may take its time.
  const [ahead, date] = [seen.now - Date.now(), aheadOf(found[1])];
  const fix = (what: Line) => lineFor(what, String(headers.server ?? ''), { port, name: url.hostname });
  if (isPublic) lookAtSource(seen, fix, report);

  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = { 'sec-websocket-key': randomBytes(16).toString('base64'), origin };
  const { status } = await ask(new URL('/v1/relay', origin), { ...upgrade, ...key }).catch(() => ({ status: 0 }));
  line(
    status === 101,
    status === 101 ? 'WebSockets come through' : `WebSockets do not come through (${status}). ${fix('upgrade')}`,
  );

  if (seen.trial) note('a trial keeps no backups');
  else await lookAtLargest(origin, fix, report);

  if (isOff(ahead)) line(false, clockOff('the companion’s', ahead));
  // Many a proxy hands the companion's on.
  if (isOff(date) && isOff(date - ahead)) line(false, clockOff('the proxy’s', date));
  for (const id of extensionIds)
    if (!seen.extensionIds.includes(id))
      line(false, `extension ${id} is not admitted: start the companion with --extension-id ${id}`);
  const open = seen.listens.filter((address) => !isLoopback(address));
  const where = `the companion listens on ${open.join(' and ')}`;
  if (isPublic && open.length > 0 && isLoopback(bare(seen.peer)))
    line(
      false,
      `${where}, and its proxy is on this computer: nobody else has business at port ${port}. Start it with --host 127.0.0.1`,
    );
  else if (isPublic && open.length > 0) note(`${where}: a firewall must keep all but the proxy off port ${port}`);
  return seen;
}
