import fc from 'fast-check';
import QRCode from 'qrcode';
import { expect, test } from 'vitest';
import vectors from '../../docs/vectors.json' with { type: 'json' };
import { ScankeyError } from '../../src/protocol/errors.ts';
import {
  checkCommitment,
  commitmentTo,
  formatQrLink,
  isSecure,
  newSecret,
  parseFragment,
  parseQrLink,
  sessionId,
} from '../../src/protocol/qr-link.ts';
import { hostName, rest } from './addresses.ts';
import { bytes, hex } from './hex.ts';

const code = {
  origin: vectors.code.origin,
  secret: bytes(vectors.code.secret),
  commitment: bytes(vectors.code.commitment),
};
const codeOfThrown = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof ScankeyError ? error.code : 'other';
  }
  return 'none';
};

test('the published code has the published link, session id and commitment', async () => {
  expect(formatQrLink(code)).toBe(vectors.code.link);
  expect(hex(await sessionId(code.secret))).toBe(vectors.code.sid);
  expect(hex(await commitmentTo(code.secret, bytes(vectors.code.publicKey)))).toBe(vectors.code.commitment);
  expect(parseQrLink(vectors.code.link)).toEqual(code);
});

test('any code survives its link', () => {
  const binary = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(binary(32), binary(16), (secret, commitment) => {
      const one = {
        origin: 'https://a.example:8443',
        secret: new Uint8Array(secret),
        commitment: new Uint8Array(commitment),
      };
      expect(parseQrLink(formatQrLink(one))).toEqual(one);
    }),
  );
});

test('the link fits a version 6 code at level M for origins of up to 45 characters', () => {
  for (const length of [20, 30, 45]) {
    const link = formatQrLink({ ...code, origin: `https://${'a'.repeat(length - 12)}.com` });
    expect(QRCode.create(link, { errorCorrectionLevel: 'M' }).version).toBeLessThanOrEqual(6);
  }
});

const fragment = vectors.code.link.split('#')[1] ?? '';
const flipped = (at: number, to: string) => fragment.slice(0, at) + to + fragment.slice(at + 1);
test.each([
  ['empty', ''],
  ['one short', fragment.slice(1)],
  ['one long', `${fragment}A`],
  ['lower case', fragment.toLowerCase()],
  ['a digit outside the alphabet', flipped(5, '1')],
  ['padding', `${fragment}=`],
  ['padding bits that are not zero', flipped(78, 'R')],
  ['a space', flipped(9, ' ')],
])('a fragment with %s is not a code', (_name, text) => {
  expect(codeOfThrown(() => parseFragment(text, code.origin))).toBe('not-a-code');
});

test('a later version is told from nonsense', () => {
  expect(codeOfThrown(() => parseFragment(flipped(1, 'I'), code.origin))).toBe('version-unsupported');
});

test.each([
  'https://example.com/',
  `http://example.com/#${fragment}`,
  `https://Example.com/#${fragment}`,
  `https://example.com:443/#${fragment}`,
  `https://user@example.com/#${fragment}`,
  `https://example.com/path/#${fragment}`,
  `https://example.com/?q#${fragment}`,
  `javascript:alert(1)/#${fragment}`,
  `ftp://example.com/#${fragment}`,
  ` https://example.com/#${fragment}`,
  fragment,
  'WIFI:T:WPA;S:net;P:pw;;',
])('%s is no code', (text) => {
  expect(codeOfThrown(() => parseQrLink(text))).toBe('not-a-code');
});

test('no text at all makes the parser fail in another way', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(hostName, rest).map(([host, more]) => `https://${host}${more}#${more}`),
      ),
      (text) => {
        expect(['none', 'not-a-code', 'version-unsupported']).toContain(codeOfThrown(() => parseQrLink(text)));
      },
    ),
    { numRuns: 300 },
  );
});

test('a public key that the code does not commit to is refused', async () => {
  const publicKey = bytes(vectors.code.publicKey);
  await checkCommitment(code, publicKey);
  publicKey[700] = (publicKey[700] ?? 0) ^ 1;
  await expect(checkCommitment(code, publicKey)).rejects.toMatchObject({ code: 'key-mismatch' });
});

test('secrets do not repeat', () => {
  const many = new Set(Array.from({ length: 20_000 }, () => hex(newSecret())));
  expect(many.size).toBe(20_000);
});

test('http is secure on the loopback alone', () => {
  const verdicts = [
    'https://a.example',
    'http://localhost:1',
    'http://127.9.9.9',
    'http://[::1]:8',
    'http://a.localhost',
  ];
  for (const text of verdicts) expect(isSecure(new URL(text)), text).toBe(true);
  for (const text of ['http://a.example', 'http://128.0.0.1', 'http://localhost.example', 'ws://localhost'])
    expect(isSecure(new URL(text)), text).toBe(false);
});
