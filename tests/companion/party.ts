// A companion in this process, on a real socket, and parties that speak raw frames with it.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WebSocket } from 'ws';
import { buildApp, newShared, type Settings } from '../../server/app.ts';
import type { SetLimits } from '../../server/http/limits.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher, type PusherOptions } from '../../server/push/pusher.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { randomBytes, toBase64 } from '../../src/protocol/encoding.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';

export const EXTENSION = 'chrome-extension://iafbdandlnajajocdfhpngcoakkghafb';
export const MOZ = 'moz-extension://5ca4ce70-0000-4000-8000-5ca4ce70e701';

export type Frame = { t: string; [key: string]: unknown } & {
  problem?: { code: string; reason?: string; retryAfter?: number };
};

/** A companion on a free port of the loopback, with a folder of its own. */
export async function companion(
  change: Partial<Settings> = {},
  push: Partial<PusherOptions> = {},
  roomBytes?: number,
  limits?: SetLimits,
) {
  const folder = mkdtempSync(join(tmpdir(), 'scankey-unit-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html data-trial="false"></html>');
  const path = join(folder, 'db.sqlite');
  let offset = 0;
  const now = () => Date.now() + offset;
  let store = openSqlite(path, now);
  const settings: Settings = {
    hosts: [],
    phoneOrigin: '',
    pageOrigins: [],
    extensionIds: ['iafbdandlnajajocdfhpngcoakkghafb'],
    trial: false,
    phonePage: folder,
    ...change,
  };
  const pusher = new Pusher(newPushKeys(), { contact: 'https://scankey.example', ...push });
  let shared = newShared(store, pusher, { roomBytes, limits, now });
  let app = await buildApp(settings, shared);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const page = `http://127.0.0.1:${port}`;
  Object.assign(settings, { hosts: change.hosts ?? [`127.0.0.1:${port}`], phoneOrigin: page, pageOrigins: [page] });
  return {
    port,
    page,
    path,
    get app() {
      return app;
    },
    get store() {
      return store;
    },
    pusher,
    settings,
    get boxes() {
      return shared.boxes;
    },
    get limiters() {
      return shared.limiters;
    },
    /** Every record that lies in the database. */
    async dump(): Promise<{ key: string; value: string }[]> {
      const db = new DatabaseSync(path, { readOnly: true });
      const rows = db.prepare('SELECT key, value FROM records').all() as { key: string; value: string }[];
      db.close();
      return rows;
    },
    /** Moves the companion's clock. */
    later(ms: number) {
      offset += ms;
    },
    /** Stops it as SIGTERM does and starts it anew on the same database and port. */
    async restart() {
      await app.close();
      store.close();
      store = openSqlite(path, now);
      shared = newShared(store, pusher, { roomBytes, limits, now });
      app = await buildApp(settings, shared);
      await app.listen({ host: '127.0.0.1', port });
    },
    async close() {
      await app.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Speaks frames; `next` gives them in the order in which they come. */
export async function party(port: number, origin: string | undefined, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/relay`, { ...(origin ? { origin } : {}), headers });
  const came: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  const refused = new Promise<number>((resolve) =>
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0)),
  );
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    const taker = waiting.shift();
    if (taker) taker(frame);
    else came.push(frame);
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const status = await Promise.race([once(socket, 'open').then(() => 101), refused]);
  return {
    status,
    socket,
    closed,
    say: (frame: object | string) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next(ms = 20_000): Promise<Frame> {
      const frame = came.shift();
      if (frame) return Promise.resolve(frame);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no frame came')), ms);
        waiting.push((one) => {
          clearTimeout(timer);
          resolve(one);
        });
      });
    },
    /** The code of the problem that comes next. */
    async problem(): Promise<string> {
      const frame = await this.next();
      return frame.problem?.code ?? `not a problem: ${frame.t}`;
    },
    close: () => socket.terminate(),
  };
}

export const newSid = (): string => toBase64(randomBytes(16));
export const newToken = (): string => toBase64(randomBytes(32));
export const PK = toBase64(new Uint8Array(1216).fill(7));

/** A browser and a phone in one session. @param headers which both bring, as a proxy adds them */
export async function pair(to: { port: number; page: string }, headers: Record<string, string> = {}) {
  const sid = newSid();
  const tokens = { b: newToken(), p: newToken() };
  const browser = await party(to.port, EXTENSION, headers);
  browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(tokens.b) });
  await browser.next();
  const phone = await party(to.port, to.page, headers);
  phone.say({ t: 'join', sid, tokenHash: await tokenHash(tokens.p) });
  const joined = await phone.next();
  const peer = await browser.next();
  return { sid, tokens, browser, phone, joined, peer };
}
