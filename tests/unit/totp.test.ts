import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aheadBy } from '../../src/phone/vault/clock-ahead.ts';
import { codeAt, codeUntil, readSeed } from '../../src/phone/vault/totp.ts';
import { character } from './characters.ts';

/** RFC 6238, appendix B: eight digits, seeds of 20, 32 and 64 bytes. */
const SEEDS = {
  SHA1: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  SHA256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA',
  SHA512: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA',
} as const;
const VECTORS = [
  [59, { SHA1: '94287082', SHA256: '46119246', SHA512: '90693936' }],
  [1111111109, { SHA1: '07081804', SHA256: '68084774', SHA512: '25091201' }],
  [1234567890, { SHA1: '89005924', SHA256: '91819424', SHA512: '93441116' }],
  [20000000000, { SHA1: '65353130', SHA256: '77737706', SHA512: '47863826' }],
] as const;

describe('one-time codes', () => {
  test.each(VECTORS)('are those of RFC 6238 at %i s', async (seconds, codes) => {
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      const uri = `otpauth://totp/A:b?secret=${SEEDS[algorithm]}&algorithm=${algorithm}&digits=8`;
      expect(await codeAt((await readSeed(uri)) ?? '', seconds * 1000)).toBe(codes[algorithm]);
    }
  });

  test('a seed is taken as sites show it: in groups, in small letters, as an address', async () => {
    const plain = await readSeed(SEEDS.SHA1);
    expect(plain).toMatch(/^otpauth:\/\/totp\//);
    expect(await readSeed('gezd gnbv gy3t qojq gezd gnbv gy3t qojq')).toBe(plain);
    expect(await codeAt(plain ?? '', 59_000)).toBe('287082');
  });

  test.each([
    '',
    'password',
    '12345678',
    'JBSWY3DP',
    'otpauth://hotp/A?secret=GEZDGNBVGY3TQOJQ&counter=1',
    'otpauth://totp/',
    'https://example.com',
  ])('"%s" is no seed', async (text) => expect(await readSeed(text)).toBeUndefined());

  test('no text at all makes it throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: character }), async (text) => {
        const seed = await readSeed(text);
        if (seed !== undefined) expect(await codeAt(seed, 0)).toMatch(/^\d{6,10}$/);
      }),
    );
  });
});

describe('a phone’s clock', () => {
  const NOON = Date.UTC(2026, 10, 24, 12);
  const at = (ms: number) => new Date(NOON + ms).toUTCString();
  test.each([
    ['agrees', 0, 0, at(0), 0],
    ['agrees, though a second is rounded down', 999, 999, at(0), 0],
    ['is behind within what sites allow for', -30_000, -30_000, at(0), 0],
    ['is ahead within what sites allow for, to a second', 31_000, 31_000, at(0), 0],
    ['is ahead', 40_000, 40_000, at(0), 39_000],
    ['is behind', -40_000, -40_000, at(0), -40_000],
    ['is ahead by a day', 86_400_000, 86_400_000, at(0), 86_399_000],
    ['may be right, for the answer took long', -5_000, 55_000, at(0), 0],
    ['may be right, for the phone slept meanwhile', 0, 3_600_000, at(0), 0],
    ['is wrong, however long the answer took', 100_000, 160_000, at(0), 99_000],
    ['is not judged without a date', 40_000, 40_000, null, 0],
    ['is not judged by what is no date', 40_000, 40_000, 'soon', 0],
  ])('%s', (_how, before, after, date, ahead) => {
    expect(aheadBy(NOON + before, NOON + after, date)).toBe(ahead);
  });
});

test('Steam Guard has five letters of the same number', async () => {
  const seed = await readSeed(
    'otpauth://totp/Steam:ann?secret=JBSWY3DPEHPK3PXP&issuer=Steam&digits=5&period=30&encoder=steam',
  );
  // As KeePassXC 2.7.4 shows it.
  expect(await codeAt(seed ?? '', 1_700_000_000_000)).toBe('2KM2P');
  expect((await codeUntil(seed ?? '', 1_700_000_000_000)).code).toBe('2KM2P');
});
