// Load on a relay: servers in processes of their own, what they cost by the system's own account, and clients that speak the frames of
// whole sign-ins, each from an address of its own, as a proxy would tell it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { ROOT, until } from '../tests/e2e/companion.ts';
import { freePort } from '../tests/redis/server.ts';

const ORIGIN = 'https://relay.example';
const EXTENSION = 'chrome-extension://iafbdandlnajajocdfhpngcoakkghafb';
/** Of a tick of /proc, by which the system counts. */
const TICK_MS = 10;

/** As deploy/ has it. */
const YOUNG = '--max-semi-space-size=8';

export interface Server {
  port: number;
  /** What its process has used so far, ms. */
  cpu(): number;
  /** What it takes now, KiB. */
  memory(): number;
  /** Ends its process at once. */
  close(): Promise<void>;
}

/** Starts a companion as operators do, behind a proxy; on Redis where `redis` says which, in a folder that its nodes share, else on SQLite. */
export async function startCompanion(redis?: string, shared?: string) {
  const folder = shared ?? mkdtempSync(join(tmpdir(), 'scankey-bench-'));
  mkdirSync(join(folder, 'page'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html><html data-trial="false"></html>');
  const proxy = ['--public-url', ORIGIN, '--trust-proxy', '127.0.0.1'];
  const own = ['--data', folder, '--page', join(folder, 'page')];
  const server = await start([YOUNG, 'server/main.ts', ...proxy, ...own, '--port'], redis ? { REDIS_URL: redis } : {});
  return {
    ...server,
    folder,
    async close() {
      await server.close();
      if (shared === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the bare `ws` server. */
export const startBare = (): Promise<Server> => start(['bench/bare-relay.ts'], {});

async function start(args: readonly string[], env: Record<string, string>): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, [...args, String(port)], {
    cwd: ROOT,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  await until('a server', async () => {
    if (child.exitCode !== null) throw new Error(`${args[0]} did not start`);
    return said.includes('is running') || undefined;
  });
  return { port, ...accountOf(child), close: () => end(child) };
}

function accountOf({ pid }: ChildProcess): Pick<Server, 'cpu' | 'memory'> {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  return {
    cpu() {
      // Behind the name, which may have blanks: fields 14 and 15 of proc(5) are utime and stime.
      const fields = read('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(read('status'))?.[1]),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export const random = (bytes: number) => randomBytes(bytes).toString('base64url');
const PK = random(1216);
/** Sealed messages of a sign-in, as long as they are: hello, request, answer, outcome. */
const [HELLO, REQUEST, ANSWER, OUTCOME] = [1_392, 2_096, 1_040, 560].map(random) as [string, string, string, string];

let networks = 0;
/** An address that nobody else has. */
export function newAddress(network = '10'): string {
  networks++;
  if (network !== '10') return `${network}.${networks >> 8}.${networks & 255}`;
  return `10.${(networks >> 16) & 255}.${(networks >> 8) & 255}.${networks & 255}`;
}

/** A WebSocket of a browser or a phone at `address`. `heard` is given each frame as text. */
export function connect(port: number, role: 'b' | 'p', address: string, heard: (text: string) => void): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/relay`, {
    origin: role === 'b' ? EXTENSION : ORIGIN,
    headers: { host: new URL(ORIGIN).host, 'x-forwarded-for': address, 'x-forwarded-proto': 'https' },
    perMessageDeflate: false,
  });
  socket.on('message', (data) => heard(String(data)));
  socket.on('error', () => {});
  return socket;
}

export interface Waiting {
  sid: string;
  browser: WebSocket;
  /** Settled with its end: once a phone has joined it. */
  joined: Promise<void>;
}

export const openFrame = (sid: string) => ({ t: 'open' as const, sid, pk: PK, tokenHash: random(32) });
const joinFrame = (sid: string) => ({ t: 'join', sid, tokenHash: random(32) });
const is = (text: string, kind: string): boolean => text.startsWith(`{"t":"${kind}"`);

/** A browser that has drawn its code and waits for a phone. */
export function wait(port: number, address = newAddress()): Promise<Waiting> {
  const sid = random(16);
  const joined = Promise.withResolvers<void>();
  return new Promise((resolve, reject) => {
    const browser = connect(port, 'b', address, (text) => {
      if (is(text, 'opened')) resolve({ sid, browser, joined: joined.promise });
      else if (is(text, 'peer')) joined.resolve();
      else reject(new Error(`not opened: ${text}`));
    });
    browser.on('open', () => browser.send(JSON.stringify(openFrame(sid))));
    browser.on('close', () => reject(new Error('closed while it waits')));
  });
}

/** A phone joins the waiting browser. @returns ms from its word until the browser has heard of it */
export async function wake({ sid, joined }: Waiting, port: number): Promise<number> {
  const phone = connect(port, 'p', newAddress(), () => {});
  await once(phone, 'open');
  const began = performance.now();
  phone.send(JSON.stringify(joinFrame(sid)));
  await joined;
  const took = performance.now() - began;
  phone.close();
  return took;
}

/** A whole sign-in: hello, request, answer, outcome, each acknowledged, then the end. @returns ms that it took @throws Error where it fails */
export function signIn(browserAt: number, phoneAt = browserAt, address = newAddress()): Promise<number> {
  const sid = random(16);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const over = new Set<WebSocket>();
    const say = (socket: WebSocket, frame: object) => socket.send(JSON.stringify(frame));
    const gone = (socket: WebSocket, text: string) => {
      if (!/"reason":"done"/.test(text)) reject(new Error(`failed: ${text.slice(0, 200)}`));
      else if (over.add(socket).size === 2) resolve(performance.now() - began);
    };
    const cutOff = (socket: WebSocket) => over.has(socket) || reject(new Error('cut off'));
    const browser = connect(browserAt, 'b', address, (text) => {
      if (is(text, 'opened')) joinPhone();
      else if (is(text, 'gone')) gone(browser, text);
      else if (is(text, 'msg')) {
        const n = text.startsWith('{"t":"msg","n":0') ? 0 : 1;
        say(browser, { t: 'ack', n });
        say(browser, { t: 'send', n, m: n === 0 ? REQUEST : OUTCOME });
      }
    });
    browser.on('open', () => say(browser, openFrame(sid)));
    browser.on('close', () => cutOff(browser));
    const joinPhone = () => {
      const phone = connect(phoneAt, 'p', address, (text) => {
        if (is(text, 'joined')) say(phone, { t: 'send', n: 0, m: HELLO });
        else if (is(text, 'gone')) gone(phone, text);
        else if (is(text, 'msg')) {
          const n = text.startsWith('{"t":"msg","n":0') ? 0 : 1;
          say(phone, { t: 'ack', n });
          if (n === 0) say(phone, { t: 'send', n: 1, m: ANSWER });
          else say(phone, { t: 'close', reason: 'done' });
        }
      });
      phone.on('open', () => say(phone, joinFrame(sid)));
      phone.on('close', () => cutOff(phone));
    };
  });
}

/** Does `one` again and again, so many at a time, for `ms`. @returns what each took, ms, and how many failed */
export async function again(one: () => Promise<number>, atOnce: number, ms: number) {
  const took: number[] = [];
  let failed = 0;
  const until = performance.now() + ms;
  const worker = async () => {
    while (performance.now() < until)
      await one().then(
        (time) => took.push(time),
        () => failed++,
      );
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { took, failed };
}

/** Somebody who uses the relay ill, in a process of its own. @returns how it stops */
export function flood(kind: string, { port }: Server): () => Promise<void> {
  const child = spawn(process.execPath, ['bench/relay-flood.ts', kind, String(port)], { cwd: ROOT, stdio: 'ignore' });
  return () => end(child);
}
