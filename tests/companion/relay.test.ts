import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildApp, newShared } from '../../server/app.ts';
import { newHealth, newRoomWatch, newSweep } from '../../server/health.ts';
import type { Network } from '../../server/http/addresses.ts';
import { ownCertificate } from '../../server/http/certificate.ts';
import { Traffic } from '../../server/http/limits.ts';
import { newListener } from '../../server/http/listener.ts';
import type { Refusal } from '../../server/http/problems.ts';
import { Relay } from '../../server/relay/relay.ts';
import { Room } from '../../server/store/room.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import { FOR_EVER } from '../../server/store/store.ts';
import { PROBLEM_CODES } from '../../src/protocol/errors.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { character } from '../unit/characters.ts';
import { companion, EXTENSION, MOZ, newSid, newToken, PK, pair, party } from './party.ts';

let server: Awaited<ReturnType<typeof companion>>;
/** Connected first and saying nothing while the other tests run: its three seconds need not be waited for. */
let silent: Awaited<ReturnType<typeof party>>;
/** Until headers are cut off that come drop by drop, begun at the same time. */
let dripping: Promise<void>;

async function drip(): Promise<void> {
  const own = await companion();
  // Not the five seconds that are documented: how well they are kept is what counts, and that is for the others to be done.
  own.app.server.headersTimeout = 1;
  const socket = connect(own.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
  // Never long without another line: only the time for all of them can end this.
  const drops = setInterval(() => socket.write('x-a: b\r\n'), 100);
  await new Promise((closed) => socket.on('close', closed));
  clearInterval(drops);
  await own.close();
}

beforeAll(async () => {
  server = await companion();
  silent = await party(server.port, EXTENSION);
  dripping = drip();
});
afterAll(() => server.close());

/** The database as it lies on the disk, what is still in its log included. */
const onDisk = (path: string): string =>
  ['', '-wal'].map((end) => (existsSync(path + end) ? readFileSync(path + end, 'latin1') : '')).join('');

describe('who may speak', () => {
  const roles: [string, string | undefined, number, number][] = [
    ['our extension in Chromium', EXTENSION, 101, 0],
    ['any installation of it in Firefox', MOZ, 101, 0],
    ['another Chromium extension', 'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 403, 0],
    ['a web page', 'https://evil.example', 403, 0],
    ['a sandboxed page', 'null', 403, 0],
    ['somebody without an Origin', undefined, 403, 0],
    ['a name that only looks like an extension', 'https://chrome-extension', 403, 0],
    ['an extension id with more behind it', `${EXTENSION}.evil.example`, 403, 0],
  ];
  test.each(roles)('%s', async (_name, origin, status) => {
    const one = await party(server.port, origin);
    expect(one.status).toBe(status);
    one.close();
  });

  test.each(roles)('%s is told so, where an extension asks', async (_name, origin, status) => {
    const answer = await fetch(`${server.page}/v1/companion`, { headers: origin === undefined ? {} : { origin } });
    const { admits } = (await answer.json()) as { admits?: boolean };
    expect(admits).toBe(/^(chrome|moz)-extension:/.test(origin ?? '') ? status === 101 : undefined);
    expect(answer.headers.get('vary')).toContain('origin');
  });

  test('a phone page may not open a session, nor an extension join one', async () => {
    const hash = await tokenHash(newToken());
    const page = await party(server.port, server.page);
    page.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: hash });
    expect(await page.problem()).toBe('origin-required');
    const extension = await party(server.port, EXTENSION);
    extension.say({ t: 'join', sid: newSid(), tokenHash: hash });
    expect(await extension.problem()).toBe('origin-required');
  });

  test.each(['evil.test', '127.0.0.1', '127.0.0.1:1', '[::1]:80'])(
    'nobody is answered under the name %s',
    async (host) => {
      const answer = await server.app.inject({ method: 'GET', url: '/', headers: { host } });
      expect(answer.statusCode).toBe(421);
      expect(answer.json().code).toBe('host-unknown');
      expect((await party(server.port, EXTENSION, { host })).status).toBe(421);
    },
  );
});

describe('the mailbox', () => {
  test('takes a last word that is followed by hanging up at once', async () => {
    for (let i = 0; i < 20; i++) {
      const { browser, phone } = await pair(server);
      phone.say({ t: 'close', reason: 'denied' });
      phone.socket.close();
      const last = await browser.next();
      expect(last.problem).toMatchObject({ code: 'session-gone', reason: 'denied' });
      browser.close();
    }
  });
  test('forgets what was acknowledged with the same write by which it takes what was said with that', async () => {
    const { browser, phone, sid } = await pair(server);
    phone.say({ t: 'send', n: 0, m: newToken() });
    await phone.next();
    await browser.next();
    const stored = async () => server.store.get(`session:${await tokenHash(sid)}`);
    const before = (await stored())?.rev ?? 0;
    // Both lie there before this process comes to read either.
    browser.say({ t: 'ack', n: 0 });
    browser.say({ t: 'send', n: 0, m: newToken() });
    expect((await browser.next()).t).toBe('acked');
    const after = await stored();
    expect([after?.rev, JSON.parse(after?.value ?? '').p.waiting]).toEqual([before + 1, []]);
  });

  test('one name is the same in capitals and with the port of https, and is not with another one', async () => {
    const own = await companion({ hosts: ['id.example.org'] });
    const status = async (host: string) =>
      (await own.app.inject({ url: '/v1/companion', headers: { host } })).statusCode;
    for (const host of ['id.example.org', 'ID.Example.org', 'id.example.org:443']) expect(await status(host)).toBe(200);
    for (const host of ['id.example.org:80', 'id.example.org.', 'x.id.example.org'])
      expect(await status(host)).not.toBe(200);
    await own.close();
  });

  test('the port of https is taken off a companion’s own names, too, where it listens there', async () => {
    const own = await companion({ hosts: ['localhost:443', '[::1]:443', 'localhost:442'] });
    const status = async (host: string) =>
      (await own.app.inject({ url: '/v1/companion', headers: { host } })).statusCode;
    for (const host of ['localhost:443', 'localhost', '[::1]:443', 'localhost:442'])
      expect(await status(host)).toBe(200);
    expect(await status('localhost:444')).not.toBe(200);
    await own.close();
  });

  test('carries messages both ways, repeats them until acknowledged, and forgets them then', async () => {
    const { browser, phone, sid, tokens, joined, peer } = await pair(server);
    expect(joined).toMatchObject({ t: 'joined', pk: PK, near: true });
    expect(peer).toEqual({ t: 'peer', near: true, second: false });
    const m = newToken();
    phone.say({ t: 'send', n: 0, m });
    expect(await phone.next()).toEqual({ t: 'acked', n: 0 });
    expect(await browser.next()).toEqual({ t: 'msg', n: 0, m });
    browser.close();
    const back = await party(server.port, EXTENSION);
    back.say({ t: 'resume', sid, role: 'b', token: tokens.b, lastSeen: -1 });
    expect(await back.next()).toEqual({ t: 'resumed', next: 0 });
    expect((await back.next()).t).toBe('peer');
    expect(await back.next()).toEqual({ t: 'msg', n: 0, m });
    expect(onDisk(server.path)).toContain(m);
    back.say({ t: 'ack', n: 0 });
    back.say({ t: 'ping' });
    expect((await back.next()).t).toBe('pong');
    const stored = await server.store.get(`session:${await tokenHash(sid)}`);
    expect(stored?.value).not.toContain(m);
    await server.store.sweep();
    expect(onDisk(server.path)).not.toContain(m);
    for (const one of [back, phone]) one.close();
  });

  test('confirms a repeated message and ends the session for a forged one', async () => {
    const { browser, phone } = await pair(server);
    for (let i = 0; i < 2; i++) {
      phone.say({ t: 'send', n: 0, m: 'AAAA' });
      expect(await phone.next()).toEqual({ t: 'acked', n: 0 });
    }
    expect((await browser.next()).t).toBe('msg');
    phone.say({ t: 'send', n: 0, m: 'AAAB' });
    expect(['conflict', 'session-gone']).toContain(await phone.problem());
    expect(await browser.problem()).toBe('session-gone');
  });

  test('refuses gaps, too many waiting messages, and a browser that speaks before a phone has joined', async () => {
    const one = await pair(server);
    one.phone.say({ t: 'send', n: 1, m: 'AAAA' });
    expect(await one.phone.problem()).toBe('out-of-order');
    const many = await pair(server);
    for (let n = 0; n < 32; n++) {
      many.browser.say({ t: 'send', n, m: 'AAAA' });
      expect((await many.browser.next()).t).toBe('acked');
    }
    many.browser.say({ t: 'send', n: 32, m: 'AAAA' });
    expect(await many.browser.problem()).toBe('rate-limited');
    const long = await pair(server);
    const most = LIMITS.waitingCharacters;
    for (const [n, length] of [11_000, 11_000, most - 22_000].entries()) {
      long.browser.say({ t: 'send', n, m: 'A'.repeat(length - (length % 4)) });
      expect((await long.browser.next()).t).toBe('acked');
    }
    long.browser.say({ t: 'send', n: 3, m: 'AAAA' });
    expect(await long.browser.problem()).toBe('rate-limited');
    const early = await party(server.port, EXTENSION);
    early.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()) });
    await early.next();
    early.say({ t: 'send', n: 0, m: 'AAAA' });
    expect(await early.problem()).toBe('out-of-order');
  });

  test('lets a phone that is faster than the browser wait for it', async () => {
    const sid = newSid();
    const phone = await party(server.port, server.page);
    phone.say({ t: 'join', sid, tokenHash: await tokenHash(newToken()) });
    const browser = await party(server.port, EXTENSION);
    browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()) });
    expect((await browser.next()).t).toBe('opened');
    expect((await phone.next()).t).toBe('joined');
  });

  test('takes exactly one of many phones that race, and tells the browser of the others', async () => {
    for (let round = 0; round < 8; round++) {
      const sid = newSid();
      const browser = await party(server.port, MOZ);
      browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()) });
      await browser.next();
      const phones = await Promise.all([1, 2, 3].map(() => party(server.port, server.page)));
      await Promise.all(phones.map(async (one) => one.say({ t: 'join', sid, tokenHash: await tokenHash(newToken()) })));
      const answers = await Promise.all(phones.map((one) => one.next()));
      expect(answers.filter(({ t }) => t === 'joined')).toHaveLength(1);
      expect(answers.filter(({ problem }) => problem?.code === 'session-taken')).toHaveLength(2);
      let told = await browser.next();
      if (told.second === false) told = await browser.next();
      expect(told).toMatchObject({ t: 'peer', second: true });
      for (const one of [browser, ...phones]) one.close();
    }
  });

  test('takes the same phone again, with its token', async () => {
    const { sid, tokens, phone, browser } = await pair(server);
    phone.close();
    const again = await party(server.port, server.page);
    again.say({ t: 'join', sid, tokenHash: await tokenHash(tokens.p) });
    expect((await again.next()).t).toBe('joined');
    browser.close();
  });

  test('answers open twice alike, and refuses another under the same id', async () => {
    const sid = newSid();
    const hash = await tokenHash(newToken());
    const say = async (frame: object) => {
      const one = await party(server.port, EXTENSION);
      one.say({ t: 'open', sid, pk: PK, tokenHash: hash, ...frame });
      const answer = await one.next();
      one.close();
      return answer.problem?.code ?? answer.t;
    };
    expect(await say({})).toBe('opened');
    expect(await say({})).toBe('opened');
    expect(await say({ tokenHash: await tokenHash(newToken()) })).toBe('conflict');
    expect(await say({ pk: PK.replace('BwcH', 'BwcI') })).toBe('conflict');
  });

  test('tells the other side that it was cancelled, and keeps the id unusable', async () => {
    const { browser, phone, sid } = await pair(server);
    browser.say({ t: 'close', reason: 'cancelled' });
    expect((await phone.next()).problem).toMatchObject({ code: 'session-gone', reason: 'cancelled' });
    await phone.closed;
    const again = await party(server.port, EXTENSION);
    again.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()) });
    expect(await again.problem()).toBe('session-gone');
  });

  test('a party that was away when the other side ended the session is told why, and nobody else is', async () => {
    const { browser, phone, sid, tokens } = await pair(server);
    browser.close();
    phone.say({ t: 'close', reason: 'stale' });
    await phone.closed;
    const comesBack = async (token: string) => {
      const one = await party(server.port, EXTENSION);
      one.say({ t: 'resume', sid, role: 'b', token, lastSeen: -1 });
      const { problem } = await one.next();
      return [problem?.code, problem?.reason];
    };
    expect(await comesBack(tokens.b)).toEqual(['session-gone', 'stale']);
    expect(await comesBack(tokens.p)).toEqual(['session-gone', undefined]);
    expect(await comesBack(newToken())).toEqual(['session-gone', undefined]);
  });

  test('the phone of a session that comes after its end is told why, and does not wait', async () => {
    const { browser, phone, sid, tokens } = await pair(server);
    phone.close();
    browser.say({ t: 'close', reason: 'cancelled' });
    await browser.closed;
    const late = await party(server.port, server.page);
    late.say({ t: 'join', sid, tokenHash: await tokenHash(tokens.p) });
    expect((await late.next()).problem).toMatchObject({ code: 'session-gone', reason: 'cancelled' });
  });

  test('takes nothing more once what waits has filled the house, and goes on when there is room again', async () => {
    const own = await companion({}, {}, 2 ** 20);
    const { phone } = await pair(own);
    await own.store.put('much', 'A'.repeat(1.25 * 2 ** 20), FOR_EVER, 0);
    const open = async () => {
      const one = await party(own.port, EXTENSION);
      one.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()) });
      const { t, problem } = await one.next();
      one.close();
      return problem?.code ?? t;
    };
    phone.say({ t: 'send', n: 0, m: 'AAAA' });
    expect([await open(), await phone.problem()]).toEqual(['busy', 'busy']);
    await own.store.delete('much');
    expect(await open()).toBe('opened');
    await own.close();
  });

  test('says the same for an unknown id, an ended session and a wrong token', async () => {
    const { sid, browser, phone } = await pair(server);
    const ended = await pair(server);
    ended.phone.say({ t: 'close', reason: 'done' });
    await ended.browser.next();
    const answers = [];
    for (const one of [newSid(), ended.sid, sid]) {
      const stranger = await party(server.port, EXTENSION);
      stranger.say({ t: 'resume', sid: one, role: 'b', token: newToken(), lastSeen: -1 });
      answers.push(JSON.stringify(await stranger.next()));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('session-gone');
    for (const one of [browser, phone]) one.close();
  });
});

test('a session whose phone has a vault to make lives 600 s, if the phone says so, and then its id is not used again', async () => {
  const own = await companion();
  const { sid, tokens, phone, browser } = await pair(own);
  browser.say({ t: 'extend' });
  expect(await browser.problem()).toBe('out-of-order');
  for (const one of [0, 1]) {
    phone.say({ t: 'extend' });
    phone.say({ t: 'ping' });
    expect([one, (await phone.next()).t]).toEqual([one, 'pong']);
  }
  const resumed = async () => {
    const late = await party(own.port, own.page);
    late.say({ t: 'resume', sid, role: 'p', token: tokens.p, lastSeen: -1 });
    const frame = await late.next();
    late.close();
    return frame.t;
  };
  own.later(598_000);
  expect(await resumed()).toBe('resumed');
  own.later(3_000);
  expect(await resumed()).toBe('gone');
  own.later(590_000);
  const again = await party(own.port, EXTENSION);
  again.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()) });
  expect(await again.problem()).toBe('session-gone');
  await own.close();
});

test('a session lives 75 s unjoined and 300 s in all, by the clock of the store', async () => {
  const own = await companion();
  const unjoined = newSid();
  const browser = await party(own.port, EXTENSION);
  browser.say({ t: 'open', sid: unjoined, pk: PK, tokenHash: await tokenHash(newToken()) });
  await browser.next();
  const { sid, tokens } = await pair(own);
  const state = async (one: string) => ((await own.store.get(`session:${await tokenHash(one)}`)) ? 'alive' : 'gone');
  // The phone shows its token, of which there is never more on the disk than the hash.
  const shown = await party(own.port, own.page);
  shown.say({ t: 'resume', sid, role: 'p', token: tokens.p, lastSeen: -1 });
  expect((await shown.next()).t).toBe('resumed');
  const hash = await tokenHash(tokens.p);
  expect(onDisk(own.path)).toContain(hash);
  expect(onDisk(own.path)).not.toContain(tokens.p);
  own.later(74_000);
  expect([await state(unjoined), await state(sid)]).toEqual(['alive', 'alive']);
  own.later(2_000);
  expect([await state(unjoined), await state(sid)]).toEqual(['gone', 'alive']);
  own.later(225_000);
  const late = await party(own.port, own.page);
  late.say({ t: 'resume', sid, role: 'p', token: tokens.p, lastSeen: -1 });
  expect(await late.problem()).toBe('session-gone');
  await own.store.sweep();
  expect(onDisk(own.path)).not.toContain(hash);
  const again = await party(own.port, EXTENSION);
  again.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()) });
  expect(await again.problem()).toBe('session-gone');
  await own.close();
});

test('a companion that ends tells each to come back, not all at once, and loses nothing of what they had said', async () => {
  const own = await companion();
  const one = await pair(own);
  one.phone.say({ t: 'send', n: 0, m: 'AAAA' });
  await one.phone.next();
  const codes = [one.browser, one.phone].map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)));
  await one.browser.next();
  await own.restart();
  for (const { next } of [one.browser, one.phone]) {
    const told = await next();
    expect(told.problem).toMatchObject({ code: 'busy', retryAfter: expect.any(Number) });
    expect(told.problem?.retryAfter).toBeLessThan(1);
  }
  expect(await Promise.all(codes)).toEqual([1012, 1012]);
  const back = await party(own.port, EXTENSION);
  back.say({ t: 'resume', sid: one.sid, role: 'b', token: one.tokens.b, lastSeen: -1 });
  expect([(await back.next()).t, (await back.next()).t, await back.next()]).toEqual([
    'resumed',
    'peer',
    { t: 'msg', n: 0, m: 'AAAA' },
  ]);
  back.close();
  await own.close();
});

test('a companion that ends is not kept by somebody who comes just then, and does not hang up', async () => {
  const own = await companion();
  const upgrade = [
    'GET /v1/relay HTTP/1.1',
    `Host: 127.0.0.1:${own.port}`,
    `Origin: ${own.page}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${'A'.repeat(22)}==`,
  ];
  const come = async () => {
    const socket = connect({ port: own.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    socket.write(`${upgrade.join('\r\n')}\r\n\r\n`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    return { socket, status: answer.split(' ')[1] };
  };
  // It does not answer to its end: so much longer others still come.
  const deaf = await come();
  const ended = own.close();
  const late = await come();
  deaf.socket.destroy();
  await ended;
  expect([deaf.status, late.status]).toEqual(['101', '503']);
  late.socket.destroy();
});

test('a companion that restarts goes on with the sessions that were open', async () => {
  const own = await companion();
  const { sid, tokens, phone, browser } = await pair(own);
  phone.say({ t: 'send', n: 0, m: 'c2VhbGVk' });
  await phone.next();
  await own.restart();
  await Promise.all([browser.closed, phone.closed]);
  const back = await party(own.port, EXTENSION);
  back.say({ t: 'resume', sid, role: 'b', token: tokens.b, lastSeen: -1 });
  expect([(await back.next()).t, (await back.next()).t, await back.next()]).toEqual([
    'resumed',
    'peer',
    { t: 'msg', n: 0, m: 'c2VhbGVk' },
  ]);
  const phoneBack = await party(own.port, own.page);
  phoneBack.say({ t: 'resume', sid, role: 'p', token: tokens.p, lastSeen: -1 });
  expect(await phoneBack.next()).toEqual({ t: 'resumed', next: 1 });
  await own.close();
});

describe('bounds', () => {
  test.each([
    ['no JSON', '{'],
    ['an unknown verb', '{"t":"steal"}'],
    ['an unknown field', `{"t":"join","sid":"${'A'.repeat(22)}","tokenHash":"${'A'.repeat(43)}","x":1}`],
    ['a short id', `{"t":"join","sid":"AAAA","tokenHash":"${'A'.repeat(43)}"}`],
    ['a list', '[]'],
    ['deep nesting', `${'['.repeat(4000)}${']'.repeat(4000)}`],
    ['a verb that must come later', '{"t":"ack","n":0}'],
  ])('%s as the first frame is a bad message', async (_name, text) => {
    const one = await party(server.port, EXTENSION);
    one.say(text);
    expect(await one.problem()).toBe('bad-message');
  });

  test('bytes are a bad message', async () => {
    const one = await party(server.port, EXTENSION);
    one.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    expect(await one.problem()).toBe('bad-message');
  });

  test('an address that says too much is told to wait, on whatever connection, and is read no further', async () => {
    const own = await companion();
    const { phone, browser } = await pair(own);
    const flood = await party(own.port, own.page);
    flood.say({ t: 'listen', boxes: [] });
    expect((await flood.next()).t).toBe('calls');
    // A clock that stands: by a real one a busy machine would give it time to say more.
    own.limiters.traffic = new Traffic(() => 0);
    const ping = `{"t":"ping"${' '.repeat(LIMITS.frameBytes - 12)}}`;
    for (let i = 0; i < 400; i++) flood.say(ping);
    let last = await flood.next();
    while (last.t === 'pong') last = await flood.next();
    expect(last.problem).toMatchObject({ code: 'rate-limited', retryAfter: 1 });
    phone.say(ping);
    expect(await phone.problem()).toBe('rate-limited');
    for (const one of [flood, phone, browser]) one.close();
    await own.close();
  });

  test('compression is not offered', async () => {
    const one = await party(server.port, EXTENSION);
    expect(one.socket.extensions).toBe('');
    one.close();
  });

  test('who comes back to a session that has ended has not guessed', async () => {
    const own = await companion({}, {}, undefined, { misses: 1 });
    const { phone, browser, sid, tokens } = await pair(own);
    phone.say({ t: 'close', reason: 'done' });
    await browser.closed;
    const guess = async (known: object = {}) => {
      const one = await party(own.port, own.page);
      one.say({ t: 'resume', sid: newSid(), role: 'p', token: newToken(), lastSeen: -1, ...known });
      return one.problem();
    };
    for (let i = 0; i < 3; i++) expect(await guess({ sid, token: tokens.p })).toBe('session-gone');
    expect([await guess(), await guess()]).toEqual(['session-gone', 'rate-limited']);
    await own.close();
  });

  test('who has closed a connection may open another in its place', async () => {
    const own = await companion({}, {}, undefined, { connections: 2 });
    const phone = async () => {
      const one = await party(own.port, own.page);
      one.say({ t: 'listen', boxes: [] });
      return one;
    };
    const first = await phone();
    await phone();
    const extra = await party(own.port, EXTENSION);
    expect((await extra.next()).problem).toMatchObject({ code: 'busy', retryAfter: 5 });
    await extra.closed;
    first.close();
    const answers = async () => {
      const again = await party(own.port, EXTENSION);
      again.say('{}');
      return again.problem();
    };
    await vi.waitFor(async () => expect(await answers()).toBe('bad-message'));
    await own.close();
  });

  test('nothing that a stranger sends gets another answer than a problem', async () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constantFrom('open', 'join', 'resume', 'send', 'A'.repeat(22), 'A'.repeat(43), PK),
    );
    const frames = fc.oneof(
      fc
        .dictionary(
          fc.constantFrom('t', 'sid', 'pk', 'tokenHash', 'token', 'role', 'n', 'm', 'lastSeen', '__proto__'),
          value,
        )
        .map((frame) => JSON.stringify(frame)),
      fc.string({ maxLength: 300, unit: character }),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(frames, async (text) => {
        const one = await party(server.port, EXTENSION);
        one.say(text);
        expect(PROBLEM_CODES).toContain(await one.problem());
        one.close();
      }),
      { numRuns: 40 },
    );
    expect(
      (await server.app.inject({ url: '/readyz', headers: { host: `127.0.0.1:${server.port}` } })).statusCode,
    ).toBe(200);
  });
});

describe('health', () => {
  test('is what can be written, however much can still be read', async () => {
    const own = await companion();
    const health = async () => {
      own.later(2_000);
      const { statusCode, body } = await own.app.inject({
        url: '/readyz',
        headers: { host: `127.0.0.1:${own.port}` },
      });
      return [statusCode, JSON.parse(body).code];
    };
    expect(await health()).toEqual([200, undefined]);
    const { put } = own.store;
    own.store.put = () => Promise.reject(new Error('database or disk is full'));
    expect(await health()).toEqual([503, 'store-unavailable']);
    own.store.put = put;
    expect(await health()).toEqual([200, undefined]);
    await own.close();
  });

  test('of the process is another thing than that of its store', async () => {
    const own = await companion();
    const status = async (url: string) => {
      const { statusCode } = await own.app.inject({ url, headers: { host: `127.0.0.1:${own.port}` } });
      return statusCode;
    };
    own.store.put = () => Promise.reject(new Error('database or disk is full'));
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
    await own.close();
  });

  test('a request is found again by a word of the companion’s own, whatever a proxy passes on that a stranger wrote', async () => {
    const own = await companion({ proxies: [[ipaddr.parse('127.0.0.1'), 32]] });
    const asked = { host: `127.0.0.1:${own.port}`, 'x-request-id': 'of-a-stranger' };
    const idFrom = async (remoteAddress: string) => {
      const { headers } = await own.app.inject({ url: '/v1/companion', headers: asked, remoteAddress });
      return headers['x-request-id'];
    };
    const made = [await idFrom('198.51.100.7'), await idFrom('127.0.0.1')];
    for (const id of made) expect(id).toMatch(/^[\w-]{16}$/);
    expect(new Set(made).size).toBe(2);
    await own.close();
  });

  test('is not where sign-ins find no room', async () => {
    const own = await companion({}, {}, 2 ** 20);
    const health = async () => {
      own.later(2_000);
      return (await own.app.inject({ url: '/readyz', headers: { host: `127.0.0.1:${own.port}` } })).statusCode;
    };
    expect(await health()).toBe(200);
    await own.store.put('much', 'A'.repeat(1.25 * 2 ** 20), FOR_EVER, 0);
    expect(await health()).toBe(503);
    await own.store.delete('much');
    expect(await health()).toBe(200);
    await own.close();
  });

  test('of sign-ins is nothing that backups could take, nor what had grown without a bound before', async () => {
    for (const bytes of [2 ** 20, 2.5 * 2 ** 20]) {
      const own = await companion({}, {}, 2 ** 20);
      await own.store.put('much', 'A'.repeat(bytes), FOR_EVER, 0);
      await own.restart();
      const { statusCode } = await own.app.inject({ url: '/readyz', headers: { host: `127.0.0.1:${own.port}` } });
      const { browser, phone, joined } = await pair(own);
      expect([statusCode, joined.t]).toEqual([200, 'joined']);
      for (const one of [browser, phone]) one.close();
      await own.close();
    }
  });

  test('of the room is told as it becomes worse, once', async () => {
    let taken = 0;
    const said: string[] = [];
    const room = new Room({ bytes: async () => taken }, 2 ** 20);
    const watch = newRoomWatch(room, (sentence) => said.push(sentence.split(':')[0] ?? ''));
    for (const quarters of [0, 2, 2, 1, 2, 3, 4, 5, 1, 5]) {
      taken = quarters * 2 ** 18;
      await watch();
      await watch();
    }
    expect(said).toEqual(['The room is half full', 'The room is three quarters full', 'The room is full']);
  });

  test('of what cannot be deleted is told once, however long that lasts', async () => {
    const said: string[] = [];
    let isFull = false;
    const store = { sweep: () => (isFull ? Promise.reject(new Error('disk full')) : Promise.resolve()) };
    const sweep = newSweep(store, (sentence) => said.push(sentence));
    for (const full of [false, true, true, false, true]) {
      isFull = full;
      await sweep();
    }
    expect(said).toEqual(Array(2).fill('what has expired cannot be deleted: is the disk full?'));
  });

  test('is looked at once a second, however often it is asked for', async () => {
    let now = 0;
    const store = openSqlite(':memory:', () => now);
    const put = vi.spyOn(store, 'put');
    const health = newHealth(store, new Room(store), () => now);
    for (let i = 0; i < 100; i++) await health();
    expect(put).toHaveBeenCalledTimes(1);
    now += 1_000;
    for (let i = 0; i < 100; i++) await health();
    expect(put).toHaveBeenCalledTimes(2);
    // A clock that is set back makes no answer last.
    now -= 3_600_000;
    await health();
    expect(put).toHaveBeenCalledTimes(3);
    store.close();
  });
});

describe('plain requests', () => {
  const get = (url: string, method: 'GET' | 'POST' = 'GET') =>
    server.app.inject({ method, url, headers: { host: `127.0.0.1:${server.port}` } });

  test('errors are problem documents that tell nothing of the inside', async () => {
    for (const [url, method, code] of [
      ['/nothing', 'GET', 'not-found'],
      ['/../etc/passwd', 'GET', 'not-found'],
      ['/%00', 'GET', undefined],
      ['/v1/relay', 'POST', 'not-found'],
    ] as const) {
      const answer = await get(url, method);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      const document = answer.json();
      expect(Object.keys(document).sort()).toEqual(['code', 'instance', 'status', 'title', 'type']);
      expect(document.instance).toBe(`/requests/${answer.headers['x-request-id']}`);
      expect(document.status).toBe(answer.statusCode);
      expect(answer.statusCode).toBeLessThan(500);
      if (code) expect(document.code).toBe(code);
      expect(answer.body).not.toMatch(/fastify|node_modules|at \w+ \(/i);
    }
  });

  test('a trial’s page bears its mark, however its name is written', async () => {
    const own = await companion();
    const tls = await ownCertificate(dirname(own.path), ['127.0.0.1']);
    const settings = { ...own.settings, trial: true };
    const trial = await buildApp(settings, newShared(own.store, own.pusher), { tls });
    writeFileSync(join(dirname(own.path), 'index.html.br'), 'pressed, without a mark');
    const ask = async (url: string) => {
      const headers = { host: `127.0.0.1:${own.port}`, 'accept-encoding': 'br' };
      const { statusCode, body } = await trial.inject({ url, headers });
      return [statusCode, /data-trial="(\w+)"/.exec(body)?.[1]];
    };
    for (const url of ['/', '/index.html', '/?x', '/index.html?x']) expect(await ask(url)).toEqual([200, 'true']);
    for (const url of [
      '/%69ndex.html',
      '/./index.html',
      '//index.html',
      '/index.html.br',
      '/a/../index.html',
      '/index%2ehtml',
      '/%2569ndex.html',
      '/%25',
      '/%25zz/index.html',
    ]) {
      const [status, mark] = await ask(url);
      expect(mark === 'true' || (mark === undefined && Math.floor(Number(status) / 100) === 4), url).toBe(true);
    }
    await trial.close();
    await own.close();
  });

  test('the page comes with a policy that allows nothing but itself', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'| \*|https:/);
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(String(headers['permissions-policy'])).toContain('camera=(self)');
    expect(headers.server).toBeUndefined();
  });
});

describe('a companion that dies while a session is opened', () => {
  /** It dies before the `nth` write. @returns what is answered when the browser, or somebody else, says it again `later` ms after */
  async function said(nth: number, later: number, by: { pk?: string; token?: string } = {}) {
    let now = 0;
    let writes = 0;
    const store = openSqlite(':memory:', () => now);
    const dying = {
      ...store,
      put: async (...write: Parameters<typeof store.put>) => {
        if (++writes >= nth) throw new Error('killed');
        return store.put(...write);
      },
    };
    const [sid, token] = [newSid(), newToken()];
    const opening = { t: 'open', sid, pk: PK, tokenHash: await tokenHash(token) } as const;
    const at = { networks: [], signsIn: false };
    const before = new Relay(dying, new Room(store), () => now);
    await expect(before.open(opening, at)).rejects.toThrow('killed');
    now += later;
    const relay = new Relay(store, new Room(store), () => now);
    const again = { ...opening, pk: by.pk ?? PK, tokenHash: await tokenHash(by.token ?? token) };
    const answer = await relay.open(again, at).then(
      async () => {
        now = LIMITS.joinableMs + 1;
        return (await relay.session(sid)) ? 'lasts longer' : 'opened';
      },
      (refusal: Refusal) => refusal.code,
    );
    store.close();
    return answer;
  }

  test.each([
    ['before anything was written', 1, 5_000, {}, 'lasts longer'],
    ['between its two writes: it goes on, as long as it would have', 2, 5_000, {}, 'opened'],
    ['between them, and its time is over', 2, LIMITS.joinableMs + 1, {}, 'session-gone'],
    ['between them, and somebody else says so', 2, 0, { token: newToken() }, 'session-gone'],
    [
      'between them, and another key is said',
      2,
      0,
      { pk: PK.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')) },
      'session-gone',
    ],
  ])('%s', async (_when, nth, later, by, answer) => {
    expect(await said(nth, later, by)).toBe(answer);
  });
});

describe('proximity', () => {
  /** A relay whose clock stands at `time`, a session of `203.0.113.7`, and what a phone there is told that joins later. */
  async function across(time: string, later: number, meanwhile?: 'resumed') {
    let now = Date.parse(time);
    const store = openSqlite(':memory:', () => now);
    const relay = new Relay(store, new Room(store), () => now);
    const [sid, token] = [newSid(), newToken()];
    const at = { networks: ['203.0.113.7/32'], signsIn: false };
    await relay.open({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(token) }, at);
    now += later;
    if (meanwhile) await relay.resume({ t: 'resume', sid, role: 'b', token, lastSeen: -1 }, at.networks);
    const joining = { t: 'join', sid, tokenHash: await tokenHash(newToken()) } as const;
    const { near } = await relay.join(joining, at.networks);
    const salts = await store.list('salt:');
    store.close();
    return { near, salts: salts.length };
  }
  test('is seen across midnight (UTC), by the salt of the day on which the session was opened', async () => {
    expect(await across('2026-03-01T12:00:00Z', 20_000)).toEqual({ near: true, salts: 1 });
    expect(await across('2026-03-01T23:59:50Z', 20_000)).toEqual({ near: true, salts: 1 });
    expect(await across('2026-03-01T23:59:50Z', 20_000, 'resumed')).toEqual({ near: true, salts: 1 });
  });

  type Proxies = readonly Network[] | undefined;
  const loopback: Network[] = [[ipaddr.parse('127.0.0.1'), 32]];
  const from = (ip: string | undefined): Record<string, string> => (ip === undefined ? {} : { 'x-forwarded-for': ip });
  const nearBehind = async (proxies: Proxies, browserIp: string | undefined, phoneIp: string | undefined) => {
    const own = await companion({ proxies });
    const sid = newSid();
    const browser = await party(own.port, EXTENSION, from(browserIp));
    browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(newToken()) });
    await browser.next();
    const phone = await party(own.port, own.page, from(phoneIp));
    phone.say({ t: 'join', sid, tokenHash: await tokenHash(newToken()) });
    const { near } = await phone.next();
    await own.close();
    return near;
  };
  test.each<[string, Proxies, string | undefined, string | undefined, boolean]>([
    ['behind a proxy, the same public address', loopback, '198.51.100.7', '198.51.100.7', true],
    ['behind a proxy, another address', loopback, '198.51.100.7', '198.51.100.8', false],
    ['behind a proxy, the same IPv6 /64', loopback, '2001:db8:1:2::1', '2001:db8:1:2:ffff::1', true],
    ['behind a proxy, another IPv6 /64', loopback, '2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['behind a proxy that appends, who claims another’s', loopback, '203.0.113.7, 10.20.0.66', '203.0.113.7', false],
    ['behind a proxy that does not say for whom', loopback, undefined, undefined, false],
    [
      'behind one proxy, while another is named',
      [[ipaddr.parse('10.0.0.3'), 32]],
      '198.51.100.7',
      '198.51.100.7',
      false,
    ],
    ['behind a proxy that nobody has named', [], '198.51.100.7', '198.51.100.7', false],
    ['a proxy that nobody told us of', undefined, '198.51.100.7', '198.51.100.7', false],
    ['no proxy', undefined, undefined, undefined, true],
  ])('%s', async (_name, proxies, browserIp, phoneIp, near) => {
    expect(await nearBehind(proxies, browserIp, phoneIp)).toBe(near);
  });

  test.each<[string, Proxies, (n: number) => string]>([
    ['who claims another address each time', loopback, (n) => `198.51.${n}.77, 10.20.0.66`],
    ['who has a whole IPv6 /64', loopback, (n) => `2001:db8:1:2::${n.toString(16)}`],
    ['who comes by a proxy that nobody has named', [], (n) => `198.51.${n}.77`],
  ])('limits count one %s', async (_name, proxies, ipOf) => {
    const own = await companion({ proxies });
    const hash = await tokenHash(newToken());
    // At a box that there is not, so that nothing has to be written.
    const call = { box: newSid(), time: 1, proof: newToken() };
    const codes = await Promise.all(
      Array.from({ length: 61 }, async (_, n) => {
        const one = await party(own.port, EXTENSION, from(ipOf(n)));
        one.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: hash, call });
        return one.problem();
      }),
    );
    expect(codes.filter((code) => code === 'link-unknown')).toHaveLength(60);
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(1);
    await own.close();
  });

  test('an operator is told once what to do where nobody can be near, and not whose request it was', async () => {
    const lines: string[] = [];
    const log = (proxies: Proxies) =>
      newListener({ log: { write: (line) => lines.push(line) } }, { hosts: ['here'], proxies });
    const ask = (app: FastifyInstance, headers: object, remoteAddress: string) =>
      app.inject({ url: '/where', headers: { host: 'here', ...headers }, remoteAddress });
    for (const [proxies, headers, says] of [
      [undefined, { 'x-forwarded-for': '198.51.100.7' }, '--public-url'],
      [[], {}, '--trust-proxy'],
      [loopback, { 'x-forwarded-for': '198.51.100.7' }, '--trust-proxy'],
      [[[ipaddr.parse('203.0.113.0'), 24]] as Network[], { 'x-forwarded-for': '203.0.113.7' }, 'name the proxy alone'],
      [[[ipaddr.parse('203.0.113.250'), 32]] as Network[], {}, 'X-Forwarded-For'],
    ] as const) {
      lines.length = 0;
      const app = log(proxies);
      app.get('/where', async (request) => request.source);
      for (let i = 0; i < 3; i++) await ask(app, headers, '203.0.113.250');
      const warnings = lines.filter((line) => line.includes('"level":40'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(says);
      expect(lines.join()).not.toMatch(/198\.51\.100\.7|203\.0\.113\.250/);
      await app.close();
    }
  });
});

test('headers that come drop by drop are cut off', async () => {
  await dripping;
}, 20_000);

test('a connection that says nothing is closed', async () => {
  expect((await silent.next(4500)).problem?.code).toBe('bad-message');
  await silent.closed;
});
