import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, uint, utf8 } from '../../src/protocol/encoding.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import { type Kind, type Message, PLAINTEXT_BYTES, pack, unpack } from '../../src/protocol/messages.ts';
import { character } from './characters.ts';

const credential = (username: string, password: string): Message<'answer'> => ({
  v: 1,
  t: 'credential',
  request: 'A'.repeat(43),
  frameOrigin: 'https://example.com',
  username,
  password,
});
const hello: Message<'hello'> = { v: 1, t: 'hello', phone: 'p', attempt: 1 };

test('every account gives one length, and an answer that denies gives the same', () => {
  const lengths = new Set([pack('answer', { v: 1, t: 'denied', reason: 'declined' }).length]);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 80, unit: character }),
      fc.string({ minLength: 1, maxLength: 60, unit: character }),
      (username, password) => {
        lengths.add(pack('answer', credential(username, password)).length);
      },
    ),
    { numRuns: 400 },
  );
  expect([...lengths]).toEqual([PLAINTEXT_BYTES.answer]);
});

test('a credential comes out as it went in', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60, unit: 'grapheme' }),
      fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
      (username, password) => {
        const message = credential(username, password);
        expect(unpack('answer', pack('answer', message))).toEqual(message);
      },
    ),
  );
});

test('what does not fit is refused, never cut', () => {
  expect(() => pack('answer', credential('u', 'x'.repeat(2000)))).toThrow(ScankeyError);
  expect(() => pack('answer', credential('u', 'x'.repeat(2000)))).toThrow('too-large');
});

const raw = (kind: Kind, json: string, length = utf8(json).length) => {
  const body = concat(uint(length, 2), utf8(json));
  return concat(body, new Uint8Array(Math.max(0, PLAINTEXT_BYTES[kind] - body.length)));
};
const json = JSON.stringify(hello);
test.each([
  ['an unknown field', raw('hello', JSON.stringify({ ...hello, more: 1 }))],
  ['another version', raw('hello', JSON.stringify({ ...hello, v: 2 }))],
  ['another type', raw('hello', JSON.stringify({ ...hello, t: 'request' }))],
  ['a missing field', raw('hello', '{"v":1,"t":"hello"}')],
  ['a fourth attempt', raw('hello', JSON.stringify({ ...hello, attempt: 4 }))],
  ['a nameless phone', raw('hello', JSON.stringify({ ...hello, phone: '' }))],
  ['broken JSON', raw('hello', '{"v":1')],
  ['a length that cuts the JSON', raw('hello', json, json.length - 1)],
  ['a length that takes padding in', raw('hello', json, json.length + 1)],
  ['a length past the end', raw('hello', json, 65_535)],
  ['no UTF-8', concat(uint(2, 2), Uint8Array.of(0xff, 0xfe), new Uint8Array(252))],
  ['padding that is not zero', concat(raw('hello', json).slice(0, -1), Uint8Array.of(1))],
  ['one byte less', raw('hello', json).slice(0, -1)],
  ['one byte more', concat(raw('hello', json), Uint8Array.of(0))],
])('a hello with %s is a bad message', (_name, plaintext) => {
  expect(() => unpack('hello', plaintext)).toThrow('bad-message');
});

test.each([
  ['none', undefined, true],
  ['an origin', 'https://login.example.com', true],
  ['an address', 'https://login.example.com/in', false],
  ['a host', 'login.example.com', false],
  ['no origin', 'null', false],
  ['nothing', '', false],
  ['one in other letters', 'https://LOGIN.example.com', false],
])('a request may name one other origin that its form sends to: %s', (_what, sendsTo, fits) => {
  const origin = 'https://example.com';
  const request: Message<'request'> = {
    ...{
      v: 1,
      t: 'request',
      kind: 'password',
      topOrigin: origin,
      frameOrigin: origin,
      title: '',
      browser: '',
      os: '',
      time: 1,
    },
    ...(sendsTo === undefined ? {} : { sendsTo }),
  };
  const read = () => unpack('request', pack('request', request));
  if (fits) expect(read()).toEqual(request);
  else expect(read).toThrow('bad-message');
});

test.each<[string, object, object | undefined]>([
  ['a result of a later version', { result: 'sent-twice' }, { result: 'cannot-tell' }],
  ['a code of a later version', { result: 'not-filled', code: 'page-asleep' }, { result: 'not-filled' }],
  ['a later reason for what was not sent', { result: 'not-sent', code: 'page-asleep' }, { result: 'not-sent' }],
  ['what is both', { result: 'signed-in', code: 'covered' }, { result: 'signed-in', code: 'covered' }],
  ['no result', {}, undefined],
  ['a result that is no word', { result: 1 }, undefined],
  ['a code that is no word', { result: 'more', code: {} }, undefined],
])('an outcome with %s is told as far as it is understood', (_what, said, heard) => {
  const read = () => unpack('outcome', raw('outcome', JSON.stringify({ v: 1, t: 'outcome', ...said })));
  if (heard) expect(read()).toEqual({ v: 1, t: 'outcome', ...heard });
  else expect(read).toThrow('bad-message');
});

test.each<[string, object, object | undefined]>([
  ['a later version', { t: 'has-moved', where: 'elsewhere' }, { v: 1, t: 'later' }],
  ['this version', { t: 'holding' }, { v: 1, t: 'holding' }],
  ['this version, misspelt', { t: 'setting-up' }, undefined],
  ['this version, with more than belongs to it', { t: 'holding', where: 'elsewhere' }, undefined],
  ['no version', { t: 1 }, undefined],
])('a word of %s beside the answer is no fault, unless it is malformed', (_what, said, heard) => {
  const read = () => unpack('followUp', raw('followUp', JSON.stringify({ v: 1, ...said })));
  if (heard) expect(read()).toEqual(heard);
  else expect(read).toThrow('bad-message');
});

test('nothing that arrives makes the reader fail in another way', () => {
  const kinds = fc.constantFrom<Kind>('hello', 'request', 'answer', 'outcome');
  fc.assert(
    fc.property(
      kinds,
      fc.oneof(
        fc.uint8Array({ minLength: 2, maxLength: 600 }),
        fc.json().map((text) => raw('outcome', text)),
      ),
      (kind, plaintext) => {
        try {
          unpack(kind, new Uint8Array(plaintext));
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-message' });
        }
      },
    ),
    { numRuns: 200 },
  );
});

test.each(['https://example.com/', 'https://EXAMPLE.com', 'null', 'about:blank', 'https://example.com:443'])(
  '%s is no origin to sign in to',
  (frameOrigin) => {
    expect(() =>
      unpack('answer', pack('answer', { ...credential('u', 'p'), frameOrigin } as Message<'answer'>)),
    ).toThrow('bad-message');
  },
);
