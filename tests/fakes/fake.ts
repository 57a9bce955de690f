// What the fakes of providers share: a process of its own with real HTTP, a clock and moods that a test sets from outside the
// provider's own addresses, and a record of everything that was asked.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a fake behaves beside its rules; a test sets it, a provider's bad day does. */
export interface Mood {
  /** Milliseconds by which its clock is ahead. */
  ahead: number;
  /** It fails: waits, breaks, answers with a page, with half a JSON, or with its limit of requests. */
  fails: '' | 'slow' | 'down' | 'html' | 'garbled' | 'busy';
  /** Who uses the app. */
  person: string;
  [more: string]: string | number | boolean;
}

export interface Asked {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Answer {
  status?: number;
  type?: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

export const json = (body: unknown, status = 200, type = 'application/json'): Answer => ({
  status,
  type,
  body: JSON.stringify(body),
});
export const html = (body: string, status = 200): Answer => ({
  status,
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><body>${body}`,
});
export const redirect = (to: string): Answer => ({ status: 302, headers: { location: to } });
export const random = (bytes = 16): string => randomBytes(bytes).toString('hex');

/** A code for one use: for whom, which app, until when. */
export interface Code {
  person: string;
  app: string;
  until: number;
  used: boolean;
  [more: string]: string | number | boolean;
}

/** Serves `answer` on a free port, tells the parent process which, and ends with it. */
export function serveFake(mood: Mood, busy: Answer, answer: (asked: Asked) => Answer | Promise<Answer>): void {
  const record: { method: string; path: string; query: string; body: string; agent: string }[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const send = ({ status = 200, type = 'text/plain', headers = {}, body: text = '' }: Answer) =>
      response
        .writeHead(status, { 'content-type': type, date: new Date(Date.now() + mood.ahead).toUTCString(), ...headers })
        .end(text);
    if (url.pathname === '/__fake/mood') return send(json(Object.assign(mood, JSON.parse(body || '{}'))));
    if (url.pathname === '/__fake/record') return send(json(record));
    const isApi = !url.pathname.startsWith('/__fake') && !(request.headers.accept ?? '').includes('text/html');
    if (!url.pathname.startsWith('/__fake'))
      record.push({
        method: request.method ?? '',
        path: url.pathname,
        query: url.search,
        body,
        agent: request.headers['user-agent'] ?? '',
      });
    if (isApi) {
      // As slow as whoever asks is patient.
      if (mood.fails === 'slow') await once(request.socket, 'close');
      if (mood.fails === 'down') return send(json({}, 502));
      if (mood.fails === 'html') return send(html('<h1>502 Bad Gateway</h1>'));
      if (mood.fails === 'garbled') return send({ type: 'application/json', body: '{"errcode":' });
      if (mood.fails === 'busy') return send(busy);
    }
    return send(await answer({ method: request.method ?? 'GET', url, headers: request.headers, body }));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  // A test that waits for the operator's commands asks nothing for longer than a connection is kept otherwise.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
  process.stdin.on('end', () => process.exit(0)).resume();
}

export interface Fake {
  readonly origin: string;
  mood(change: Partial<Mood>): Promise<Mood>;
  record(): Promise<{ method: string; path: string; query: string; body: string; agent: string }[]>;
  /** Does something that a person does in the provider's app. */
  does(what: string, details: object): Promise<unknown>;
  stop(): void;
}

/** Starts the fake in `file` of this folder. */
export async function startFake(file: string, config: object): Promise<Fake> {
  const child: ChildProcess = spawn(process.execPath, [`${import.meta.dirname}/${file}`, JSON.stringify(config)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const origin = `http://127.0.0.1:${Number(String(line))}`;
  const post = async (path: string, body: object) =>
    (await fetch(origin + path, { method: 'POST', body: JSON.stringify(body) })).json();
  return {
    origin,
    mood: (change) => post('/__fake/mood', change) as Promise<Mood>,
    record: async () => (await fetch(`${origin}/__fake/record`)).json() as ReturnType<Fake['record']>,
    does: (what, details) => post(`/__fake/${what}`, details),
    stop: () => child.kill('SIGKILL'),
  };
}
