// A team's companion as a process of its own, behind a proxy that vouches for addresses; what is said to it byte by byte, and how it is
// afterwards.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { stringify } from 'yaml';
import { pair } from '../companion/party.ts';
import { startCompanion } from '../operate/companion.ts';

export const HOST = 'id.example.org';
export const ORIGIN = `https://${HOST}`;
/** Of a tick of /proc, by which the system counts. */
const TICK_MS = 10;
/** As large as the phone's own script. */
const SCRIPT_BYTES = 400 * 1024;
const SECRET = 'secret-of-the-wiki';

const team = {
  people: 'anyone',
  clients: [
    { id: 'wiki', name: 'The Wiki', secret: '$HOUSE_WIKI', 'redirect-uris': ['https://wiki.example.org/back'] },
    { id: 'terminal', name: 'Terminal', device: true },
  ],
  providers: { dingtalk: { 'client-id': 'ding1', secret: '$HOUSE_WIKI', organisations: ['corp1'] } },
};

/** Asks Node's own inspector. @returns what it answers, in turn */
async function inspect(said: string, ...methods: string[]): Promise<Record<string, number>[]> {
  const url = /Debugger listening on (ws:\S+)/.exec(said)?.[1];
  if (url === undefined) throw new Error('nobody listens for a debugger');
  const socket = new WebSocket(url);
  await new Promise((open) => socket.once('open', open));
  const answers: Record<string, number>[] = [];
  for (const [id, method] of methods.entries()) {
    const answer = new Promise<string>((come) => socket.once('message', (data) => come(String(data))));
    socket.send(JSON.stringify({ id, method }));
    answers.push((JSON.parse(await answer) as { result: Record<string, number> }).result);
  }
  socket.terminate();
  return answers;
}

export async function startHouse() {
  let honest = 0;
  const folder = mkdtempSync(join(tmpdir(), 'scankey-hostile-'));
  for (const name of ['phone', 'sign-in', 'data']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.html'), '<!doctype html><html data-trial="false"></html>');
  }
  mkdirSync(join(folder, 'phone/assets'));
  writeFileSync(join(folder, 'phone/assets/large.js'), '/'.repeat(SCRIPT_BYTES));
  writeFileSync(join(folder, 'team.yaml'), stringify(team));
  const companion = await startCompanion({
    folder: join(folder, 'phone'),
    data: join(folder, 'data'),
    more: ['--public-url', ORIGIN, '--trust-proxy', '127.0.0.1', '--team', join(folder, 'team.yaml')],
    env: { HOUSE_WIKI: SECRET, NODE_OPTIONS: '--inspect=127.0.0.1:0' },
  });
  return {
    ...companion,
    /** Bytes in use on its heap once all is thrown away that can be. */
    async heap(): Promise<number> {
      const collect = 'HeapProfiler.collectGarbage';
      const answers = await inspect(companion.said(), collect, collect, 'Runtime.getHeapUsage');
      return answers.at(-1)?.usedSize ?? 0;
    },
    /** What its process has used so far by the system's own account, ms. */
    cpu() {
      const fields = readFileSync(`/proc/${companion.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    /** What of its log says that something of ours went wrong. */
    failures: () => companion.said().match(/^.*("level":50|[Uu]nhandled|[a-z]Error:).*$/gm) ?? [],
    /** A browser and a phone that mean well, from the first frame to an answer. @returns the milliseconds that it takes */
    async honest(): Promise<number> {
      const from = performance.now();
      const address = { 'x-forwarded-for': `203.0.${honest >> 8}.${honest++ & 255}` };
      const { browser, phone } = await pair({ port: companion.port, page: ORIGIN }, address);
      phone.say({ t: 'send', n: 0, m: 'AAAA' });
      const heard = [await phone.next(), await browser.next()].map(({ t }) => t).join();
      if (heard !== 'acked,msg') throw new Error(`an honest phone heard ${heard}`);
      browser.say({ t: 'close', reason: 'done' });
      await phone.closed;
      return performance.now() - from;
    },
    async end() {
      await companion.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type House = Awaited<ReturnType<typeof startHouse>>;

/**
 * Says `bytes` on a connection of its own.
 * @param isEnough asked of all that has come so far: whether more is not waited for
 * @param isAll no more will be said, which the companion is told @param ms after which it is left
 * @returns what came until the companion closed, or there was enough, or nothing more is waited for
 */
export function say(
  port: number,
  bytes: Uint8Array | string,
  { isEnough, isAll = false, ms = 20_000 }: { isEnough?: (came: Buffer) => boolean; isAll?: boolean; ms?: number } = {},
): Promise<{ came: Buffer; by: 'companion' | 'us' }> {
  return new Promise((resolve) => {
    let came = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1');
    const leave = (by: 'companion' | 'us') => {
      clearTimeout(patience);
      socket.destroy();
      resolve({ came, by });
    };
    const patience = setTimeout(() => leave('us'), ms);
    socket.on('error', () => {});
    socket.on('close', () => leave('companion'));
    socket.on('data', (data) => {
      came = Buffer.concat([came, data]);
      if (isEnough?.(came)) leave('us');
    });
    if (isAll) socket.end(bytes);
    else socket.write(bytes);
  });
}

export const UPGRADE = [
  'GET /v1/relay HTTP/1.1',
  `host: ${HOST}`,
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
].join('\r\n');

/** A frame as a client sends it (RFC 6455 section 5.2). @param first the byte of FIN, RSV and opcode; `masked`: as it has to be */
export function frame(first: number, payload: Uint8Array | string, masked = true): Buffer {
  const data = Buffer.from(payload);
  const mask = masked ? 0x80 : 0;
  const head =
    data.length < 126
      ? Buffer.from([first, mask | data.length])
      : data.length < 65_536
        ? Buffer.from([first, mask | 126, data.length >> 8, data.length & 255])
        : Buffer.from([first, mask | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((by) => (data.length >> by) & 255)]);
  // A mask of zeros changes nothing, and is one.
  return Buffer.concat([head, ...(masked ? [Buffer.alloc(4)] : []), data]);
}
export const text = (payload: string): Buffer => frame(0x81, payload);

/** An answer as it came: its status, and the frames of a connection that was upgraded. */
export function read(came: Buffer): { status: number; head: string; frames: { opcode: number; data: Buffer }[] } {
  const headEnd = came.indexOf('\r\n\r\n');
  const head = came.toString('latin1', 0, headEnd < 0 ? came.length : headEnd);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const frames: { opcode: number; data: Buffer }[] = [];
  for (let at = headEnd + 4; status === 101 && at + 2 <= came.length; ) {
    let length = came.readUInt8(at + 1) & 127;
    const opcode = came.readUInt8(at) & 15;
    at += 2;
    if (length === 126) {
      if (at + 2 > came.length) break;
      length = came.readUInt16BE(at);
      at += 2;
    }
    if (at + length > came.length) break;
    frames.push({ opcode, data: came.subarray(at, at + length) });
    at += length;
  }
  return { status, head, frames };
}
