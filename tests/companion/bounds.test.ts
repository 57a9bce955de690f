// What a companion bears, at its value and one above: what is as large or as late as may be is taken, and what is more is not. How often
// is often enough: too-often.test.ts; how full the house may be: those of backups and boxes.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { hashOf } from '../../server/store/hashes.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { addressOf, BACKUP, newRecoveryKey } from '../../src/protocol/recovery.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { companion, EXTENSION, newSid, newToken, PK, pair, party } from './party.ts';
import { elsewhere, much, newBox, opening, proxies, strangersAt } from './strangers.ts';

let server: Awaited<ReturnType<typeof companion>>;
beforeAll(async () => {
  server = await companion({ proxies });
});
afterAll(() => server.close());
const { asBrowser, asPhone, post, backup } = strangersAt(() => server);

/** What is answered to bytes on a connection of their own: the status, or that there was none. */
const raw = (bytes: string): Promise<string> =>
  new Promise((done) => {
    let came = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => {});
    socket.on('data', (data) => (came += String(data)));
    socket.on('close', () => done(/^HTTP\/1\.1 (\d+)/.exec(came)?.[1] ?? 'nothing'));
  });

/** Messages of these sizes, one after the other, that nobody fetches. @returns the answer to the last */
async function sent(sizes: readonly number[]): Promise<string> {
  const { phone } = await pair(server, elsewhere());
  let answer = '';
  for (const [n, size] of sizes.entries()) {
    phone.say({ t: 'send', n, m: much(size) });
    const { t, problem } = await phone.next();
    answer = problem?.code ?? t;
  }
  return answer;
}

/** Messages to a browser that hears none of them, of so many bytes as frames. @returns whether it is still there */
async function unread(bytes: number): Promise<string> {
  const own = await companion();
  onTestFinished(own.close);
  const sockets: Socket[] = [];
  own.app.server.on('connection', (socket: Socket) => sockets.push(socket));
  const { phone, browser } = await pair(own);
  // The browser's end: its frames lie here, as if it read nothing.
  const [there] = sockets;
  there?.cork();
  const around = JSON.stringify({ t: 'msg', n: 0, m: '' }).length + 4;
  let isGone = false;
  void browser.closed.then(() => (isGone = true));
  for (let n = 0, left = bytes; left > 0; n++) {
    const size = Math.min(left - around, 12_000);
    phone.say({ t: 'send', n, m: much(size) });
    await phone.next();
    left -= size + around;
    await vi.waitFor(() => expect(isGone || there?.writableLength === bytes - left).toBe(true), { interval: 2 });
    if (!isGone) browser.say({ t: 'ack', n });
  }
  return isGone ? 'cut' : 'kept';
}

describe('so much at once', () => {
  test.each<[what: string, limit: number, taken: string, refused: string, say: (size: number) => Promise<string>]>([
    [
      'address and headers of a request',
      8 * 1024,
      '200',
      '431',
      async (size) => {
        const headers = [`host:127.0.0.1:${server.port}`, 'connection:close', 'x:'];
        const others = headers.join('').replaceAll(':', '').length + ':'.length + '/v1/companion'.length;
        return raw(`GET /v1/companion HTTP/1.1\r\n${headers.join('\r\n')}${much(size - others)}\r\n\r\n`);
      },
    ],
    [
      'the body of a request',
      64 * 1024,
      'bad-message',
      'too-large',
      (size) => post('/practice', elsewhere(), much(size), { 'content-type': 'application/json' }),
    ],
    [
      'a backup',
      BACKUP.characters,
      '200',
      'bad-message',
      async (size) =>
        backup(elsewhere(), await addressOf(newRecoveryKey()), { t: 'write', ifRev: 0, rev: 1, blob: much(size) }),
    ],
    ['a frame', 16 * 1024, 'bad-message', 'closed 1009', (size) => asBrowser(elsewhere(), ' '.repeat(size))],
    [
      'parts of a message',
      16,
      'bad-message',
      'closed 1008',
      async (parts) => {
        const one = await party(server.port, EXTENSION, elsewhere());
        const closed = new Promise<string>((done) => one.socket.on('close', (code) => done(`closed ${code}`)));
        for (let part = 1; part <= parts; part++) one.socket.send(' ', { fin: part === parts });
        return Promise.race([one.problem(), closed]);
      },
    ],
    ['a sealed message', 12_000, 'acked', 'bad-message', (size) => sent([size])],
    ['messages that wait for one side', LIMITS.waiting, 'acked', 'rate-limited', (n) => sent(Array(n).fill(1))],
    [
      'characters of those',
      LIMITS.waitingCharacters,
      'acked',
      'rate-limited',
      (size) => sent([12_000, 12_000, size - 24_000]),
    ],
    ['bytes that somebody asks for and does not read', 64 * 1024, 'kept', 'cut', unread],
    [
      'boxes that a phone listens at',
      LIMITS.boxes,
      'calls',
      'bad-message',
      (n) => asPhone(elsewhere(), { t: 'listen', boxes: Array.from({ length: n }, newBox) }),
    ],
  ])('%s: %d', async (_what, limit, taken, refused, say) => {
    expect([await say(limit), await say(limit + 1)]).toEqual([taken, refused]);
  });
});

describe('so long', () => {
  afterEach(() => void vi.useRealTimers());
  type Once = () => Promise<string>;
  type Own = typeof server;
  const resumes = (own: Own, sid: string, token: string) => async () => {
    const one = await party(own.port, EXTENSION);
    one.say({ t: 'resume', sid, role: 'b', token, lastSeen: -1 });
    const { t, problem } = await one.next();
    one.close();
    return problem?.code ?? t;
  };
  const opens = async (own: Own, more: object = {}) => {
    const one = await party(own.port, EXTENSION);
    one.say(await opening(more));
    const { t, problem } = await one.next();
    one.close();
    return problem?.code ?? t;
  };

  test.each<[what: string, ms: number, before: string, then: string, begin: (own: Own) => Promise<Once>]>([
    [
      'a code that nobody scans',
      75_000,
      'resumed',
      'session-gone',
      async (own) => {
        const [sid, token, one] = [newSid(), newToken(), await party(own.port, EXTENSION)];
        one.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(token) });
        await one.next();
        return resumes(own, sid, token);
      },
    ],
    [
      'a session',
      300_000,
      'resumed',
      'session-gone',
      async (own) => {
        const { sid, tokens } = await pair(own);
        return resumes(own, sid, tokens.b);
      },
    ],
    [
      'one in which a vault is made',
      600_000,
      'resumed',
      'session-gone',
      async (own) => {
        const { sid, tokens, phone } = await pair(own);
        phone.say({ t: 'extend' });
        phone.say({ t: 'ping' });
        await phone.next();
        return resumes(own, sid, tokens.b);
      },
    ],
    [
      'the silence after a no',
      60_000,
      'called-too-often',
      'opened',
      async (own) => {
        const [one, { box, token }] = [await party(own.port, own.page), newBox()];
        one.say({ t: 'listen', boxes: [{ box, token }] });
        await one.next();
        one.say({ t: 'quiet', box });
        one.say({ t: 'ping' });
        while ((await one.next()).t !== 'pong');
        return () => opens(own, { call: { box, time: 1, proof: newToken() } });
      },
    ],
  ])('%s: %d ms', async (_what, ms, before, then, begin) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const own = await companion();
    onTestFinished(own.close);
    const began = Date.now();
    const look = await begin(own);
    vi.setSystemTime(began + ms - 1);
    expect(await look()).toBe(before);
    vi.setSystemTime(began + ms);
    expect(await look()).toBe(then);
  });

  test.each([
    ['a session', false, 300_000],
    ['one in which a vault is made', true, 600_000],
  ])('%s, though the computer’s clock is set back by an hour meanwhile', async (_what, isExtended, ms) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const own = await companion();
    onTestFinished(own.close);
    const { sid, browser, phone } = await pair(own);
    if (isExtended) phone.say({ t: 'extend' });
    phone.say({ t: 'ping' });
    await phone.next();
    own.later(-3_600_000);
    const there = async () => (await own.store.get(`session:${hashOf(sid)}`)) !== undefined;
    // In steps in which pings are answered.
    for (let left = ms - 1; left > 0; left -= 10_000) {
      vi.advanceTimersByTime(Math.min(left, 10_000));
      await (await fetch(`${own.page}/healthz`)).text();
    }
    expect(await there()).toBe(true);
    vi.advanceTimersByTime(1);
    expect([await browser.problem(), await phone.problem(), await there()]).toEqual([
      'session-gone',
      'session-gone',
      false,
    ]);
  });

  test('a connection that says nothing: 3 s; and one that answers no ping: from the first, at 20 s, to the second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const own = await companion();
    onTestFinished(own.close);
    const silent = await party(own.port, own.page);
    const deaf = new WebSocket(`ws://127.0.0.1:${own.port}/v1/relay`, { origin: own.page, autoPong: false });
    await once(deaf, 'open');
    deaf.send('{"t":"listen","boxes":[]}');
    await once(deaf, 'message');
    const pinged = once(deaf, 'ping');
    const closed = once(deaf, 'close');
    let heard = 0;
    for (const event of ['ping', 'close']) deaf.on(event, () => heard++);
    /** Whatever the companion had to say by now has come: it answers another one after that. */
    const settled = async () => void (await (await fetch(`${own.page}/healthz`)).text());
    vi.advanceTimersByTime(2_999);
    await settled();
    expect(silent.socket.readyState).toBe(WebSocket.OPEN);
    vi.advanceTimersByTime(1);
    expect(await silent.problem()).toBe('bad-message');
    vi.advanceTimersByTime(16_999);
    await settled();
    expect(heard).toBe(0);
    vi.advanceTimersByTime(1);
    await pinged;
    vi.advanceTimersByTime(19_999);
    await settled();
    expect(heard).toBe(1);
    vi.advanceTimersByTime(1);
    await closed;
  });

  test('a request, as Node is told: headers 5 s, all of it 10 s, the next on the same connection 30 s', () => {
    const { timeout, headersTimeout, requestTimeout, keepAliveTimeout } = server.app.server;
    expect([timeout, headersTimeout, requestTimeout, keepAliveTimeout]).toEqual([10_000, 5_000, 10_000, 30_000]);
  });
});
