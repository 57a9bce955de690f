// What is said below the level of messages: requests that two servers would read in two ways, frames that are none, and storms of those
// that ask for nothing. Each is answered as its standard has it, costs next to nothing, and the companion is well afterwards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frame, HOST, type House, ORIGIN, read, say, startHouse, text, UPGRADE } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house?.end());

/** Each of them from an address of its own. */
let network = 0;
const from = () => `x-forwarded-for: 198.51.${network++ >> 8}.${network & 255}`;

const request = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
const companion = 'GET /v1/companion HTTP/1.1';
const host = `host: ${HOST}`;
const last = 'connection: close';
const body = '{"t":"read"}';
const smuggled = request('GET /practice HTTP/1.1', host);

describe('a request', () => {
  test.each<[what: string, said: string, statuses: number[]]>([
    [
      'with a length and chunks',
      request('POST /v1/backup HTTP/1.1', host, 'content-length: 4', 'transfer-encoding: chunked', '', '0'),
      [400],
    ],
    [
      'with two lengths',
      `${request('POST /v1/backup HTTP/1.1', host, 'content-length: 5', 'content-length: 6')}abcdef`,
      [400],
    ],
    [
      'with a length that is no number',
      `${request('POST /v1/backup HTTP/1.1', host, 'content-length: +5')}abcde`,
      [400],
    ],
    [
      'with another coding behind chunks',
      request('POST /v1/backup HTTP/1.1', host, 'transfer-encoding: chunked, identity', '', '0'),
      [400],
    ],
    [
      'with a coding that is none',
      request('POST /v1/backup HTTP/1.1', host, 'transfer-encoding: xchunked', '', '0'),
      [400],
    ],
    [
      'with a chunk of no length',
      request('POST /v1/backup HTTP/1.1', host, 'transfer-encoding: chunked', '', 'zz'),
      [400],
    ],
    [
      'with another one in its body, which is none',
      `${request('POST /v1/half HTTP/1.1', host, last, `content-length: ${smuggled.length}`)}${smuggled}`,
      [400],
    ],
    ['to two hosts', request(companion, host, 'host: evil.example', last), [400]],
    ['to two hosts, the other first', request(companion, 'host: evil.example', host, last), [400]],
    ['to one host, said twice', request(companion, host, host, last), [400]],
    ['to no host', request(companion, last), [400]],
    ['to an empty host', request(companion, 'host:', last), [421]],
    ['to no host, by HTTP/1.0', request('GET /v1/companion HTTP/1.0', last), [421]],
    ['to another host', request(companion, 'host: evil.example', last), [421]],
    ['to another port', request(companion, `${host}:8443`, last), [421]],
    ['to somebody at the host', request(companion, `host: evil@${HOST}`, last), [421]],
    ['to the host in capitals', request(companion, host.toUpperCase(), last), [200]],
    ['to the host at the port of https', request(companion, `${host}:443`, last), [200]],
    [
      'to the whole address of another host',
      request('GET http://evil.example/v1/companion HTTP/1.1', host, last),
      [421],
    ],
    [
      'to its whole address, whatever host is said besides',
      request(`GET ${ORIGIN}/v1/companion HTTP/1.1`, 'host: evil.example', last),
      [200],
    ],
    ['with a header over two lines', request(companion, host, 'x-a: b', ' c', last), [400]],
    ['with a space before the colon', request(companion, `host : ${HOST}`, last), [400]],
    ['with a header that holds a NUL', request(companion, host, 'x-a: \0', last), [400]],
    ['with lines that end in LF alone', request(companion, host, last).replaceAll('\r', ''), [400]],
    ['with headers of 8 KiB', request(companion, host, last, `x-a: ${'a'.repeat(8 * 1024 - 100)}`), [200]],
    ['with headers of more', request(companion, host, last, `x-a: ${'a'.repeat(8 * 1024 + 100)}`), [431]],
    [
      'with a body of 64 KiB',
      `${request('POST /v1/half HTTP/1.1', host, last, `content-length: ${64 * 1024}`, 'content-type: text/plain')}${' '.repeat(64 * 1024)}`,
      [403],
    ],
    [
      'with a body of more',
      `${request('POST /v1/half HTTP/1.1', host, last, `content-length: ${64 * 1024 + 1}`, 'content-type: text/plain')}${' '.repeat(64 * 1024 + 1)}`,
      [413],
    ],
    ['followed by another', request(companion, host) + request(companion, host, last), [200, 200]],
    [
      'of an upgrade with a body',
      `${request(UPGRADE, `origin: ${ORIGIN}`, `content-length: ${body.length}`)}${body}`,
      [101],
    ],
    ['of an upgrade from two origins', request(UPGRADE, `origin: ${ORIGIN}`, 'origin: https://evil.example'), [403]],
    ['of an upgrade to another version', request(UPGRADE.replace('13', '12'), `origin: ${ORIGIN}`), [400]],
    ['of an upgrade without a key', request(UPGRADE.replace(/A{22}==/, 'A'), `origin: ${ORIGIN}`), [400]],
    ['of an upgrade to something else', request(UPGRADE.replace('websocket', 'h2c'), `origin: ${ORIGIN}`), [400]],
  ])('%s', async (_what, said, statuses) => {
    const { came } = await say(house.port, said.replace('\r\n', `\r\n${from()}\r\n`), { isAll: true });
    const answers = [...came.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
    expect(answers).toEqual(statuses);
    await house.honest();
    expect([house.code(), house.failures()]).toEqual([null, []]);
  });
});

test('what is no HTTP at all is a problem document, too, and nothing of what it was', async () => {
  for (const [said, status] of [
    ['\x16\x03\x01 <script>', 400],
    [request(companion, host, `x-a: ${'a'.repeat(9 * 1024)}`), 431],
  ] as const) {
    const { came } = await say(house.port, said);
    const [head = '', body = ''] = came.toString('latin1').split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*content-type: application/problem\\+json`));
    const code = status === 431 ? 'too-large' : 'bad-message';
    expect(JSON.parse(body)).toEqual({ type: `/problems/${code}`, title: expect.any(String), status, code });
  }
});

const listen = text('{"t":"listen","boxes":[]}');
const many = (count: number, one: Buffer) => Buffer.concat(Array.from({ length: count }, () => one));

describe('a connection', () => {
  test('on which compression is offered has none', async () => {
    const offer = 'sec-websocket-extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame';
    const { came } = await say(
      house.port,
      Buffer.concat([Buffer.from(request(UPGRADE, `origin: ${ORIGIN}`, from(), offer)), text('!')]),
      {
        isEnough: (so) => read(so).frames.some(({ opcode }) => opcode === 8),
      },
    );
    expect(read(came)).toMatchObject({ status: 101, head: expect.not.stringMatching(/extensions/i) });
  });

  test.each<[what: string, said: Buffer, code: number | 'told, or cut']>([
    ['text that is no UTF-8', frame(0x81, Buffer.from([0xc3, 0x28])), 1007],
    ['text that is cut in a character', frame(0x81, Buffer.from([0xf0, 0x9f, 0x98])), 1007],
    ['half of a pair of surrogates', frame(0x81, Buffer.from([0xed, 0xa0, 0x80])), 1007],
    ['a frame without a mask', frame(0x81, '{}', false), 1002],
    ['a frame that says it is compressed', frame(0xc1, '{}'), 1002],
    ['a reserved bit', frame(0xa1, '{}'), 1002],
    ['an opcode that is none', frame(0x83, '{}'), 1002],
    ['a control frame in parts', frame(0x09, ''), 1002],
    ['a control frame that is too long', frame(0x89, Buffer.alloc(126)), 1002],
    ['a part of nothing', frame(0x80, '{}'), 1002],
    ['a message within another', Buffer.concat([frame(0x01, '{'), text('{}')]), 1002],
    ['bytes', frame(0x82, '{}'), 1000],
    ['nothing', text(''), 1000],
    ['a frame above 16 KiB', text(' '.repeat(16 * 1024 + 1)), 1009],
    ['parts above 16 KiB', Buffer.concat([frame(0x01, ' '.repeat(16 * 1024)), frame(0x80, ' ')]), 1009],
    ['a length of 2 to the 62nd', Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
    [
      'a length below zero',
      Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      1009,
    ],
    ['a close without a whole code', frame(0x88, Buffer.from([3])), 1002],
    ['a close with a code that is none', frame(0x88, Buffer.from([3, 237])), 1002],
    ['a close with a reason that is no UTF-8', frame(0x88, Buffer.from([3, 232, 0xc3, 0x28])), 1007],
    ['ten thousand closes', many(10_000, frame(0x88, Buffer.from([3, 232]))), 1000],
    ['twenty thousand pings at once', many(20_000, frame(0x89, Buffer.alloc(125))), 'told, or cut'],
    ['twenty thousand pongs', many(20_000, frame(0x8a, '')), 1000],
    [
      'a hundred thousand empty parts',
      Buffer.concat([frame(0x01, ''), many(100_000, frame(0x00, '')), frame(0x80, '!')]),
      1008,
    ],
    [
      'pings between the parts of a message',
      Buffer.concat([frame(0x01, '{"t":'), many(10, frame(0x89, 'a')), frame(0x80, '"ping"}!')]),
      1000,
    ],
  ])('on which is said: %s', async (_what, said, code) => {
    const before = house.cpu();
    const { came } = await say(
      house.port,
      Buffer.concat([Buffer.from(request(UPGRADE, `origin: ${ORIGIN}`, from())), listen, said]),
      {
        isEnough: (so) => read(so).frames.some(({ opcode }) => opcode === 8),
      },
    );
    const closing = read(came).frames.find(({ opcode }) => opcode === 8);
    // Who reads no answers is cut off, if there were many before he was told.
    const told = closing?.data.readUInt16BE(0) ?? 'cut';
    if (code === 'told, or cut') expect([1000, 'cut']).toContain(told);
    else expect(told).toBe(code);
    expect(house.cpu() - before).toBeLessThan(1_000);
    await house.honest();
    expect([house.code(), house.failures()]).toEqual([null, []]);
  });
});
