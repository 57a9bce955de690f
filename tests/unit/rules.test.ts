// Passwords by a site's own rules, as pages write them in `passwordrules`.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRules, passwordBy } from '../../src/phone/vault/password-rules.ts';

describe('rules', () => {
  test.each([
    ['', { min: 0, max: 128, required: [], allowed: '' }],
    ['minlength: 12; maxlength: 16', { min: 12, max: 16, required: [], allowed: '' }],
    ['MinLength:8;required:[-_];', { min: 8, required: ['-_'], allowed: '-_' }],
    ['allowed: [abc], digit', { allowed: 'abc0123456789' }],
    // A bracket at the end of a set is in it, and so is a dash at its beginning; a semicolon in a set ends nothing.
    ['required: [-;]]; maxlength: 9', { required: ['-;]'], max: 9 }],
    ['minlength: 30; maxlength: 10', { min: 10, max: 10 }],
    ['minlength: -4; maxlength: 0', { min: 0, max: 128 }],
    ['max-consecutive: 2; max-consecutive: 1', { consecutive: 1 }],
    ['nonsense: 4; required: nothing; <script>', { required: [], allowed: '' }],
  ])('%j say what they say', (text, expected) => {
    expect(parseRules(text)).toMatchObject(expected);
  });
});

describe('a password', () => {
  test.each([
    ['', /^[!-~]{20}$/],
    ['maxlength: 8', /^[!-~]{8}$/],
    ['minlength: 32', /^[!-~]{32}$/],
    ['required: digit; allowed: digit; maxlength: 6', /^\d{6}$/],
    ['required: lower; required: upper; required: digit', /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d]{20}$/],
    ['required: [-]; allowed: lower', /^(?=.*-)[a-z-]{20}$/],
    ['required: upper, digit; allowed: ascii-printable', /^(?=.*[A-Z\d])[!-~ ]{20}$/],
    ['maxlength: 20; minlength: 8', /^[!-~]{20}$/],
  ])('keeps to %j', (rules, pattern) => {
    for (let i = 0; i < 50; i++) expect(passwordBy(rules)).toMatch(pattern);
  });

  test('keeps to any rules that can be kept, and ends for those that cannot', () => {
    const set = fc.constantFrom('upper', 'lower', 'digit', 'special', '[-_.]', '[abc]', 'ascii-printable');
    const rule = fc.oneof(
      fc.tuple(fc.constantFrom('required', 'allowed'), set).map(([name, value]) => `${name}: ${value}`),
      fc.tuple(fc.constantFrom('minlength', 'maxlength'), fc.nat(60)).map(([name, value]) => `${name}: ${value}`),
    );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), (list) => {
        const text = list.join('; ');
        const { min, max, required, allowed } = parseRules(text);
        const password = passwordBy(text);
        // More kinds than there are places.
        fc.pre(required.length <= max);
        expect(password.length).toBeGreaterThanOrEqual(min);
        expect(password.length).toBeLessThanOrEqual(max);
        for (const kind of required) expect([...password].some((one) => kind.includes(one))).toBe(true);
        if (allowed) expect([...password].every((one) => allowed.includes(one))).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(passwordBy('allowed: [a]; max-consecutive: 1')).toBe('a'.repeat(20));
  });

  test('has a kind that is said last, however often another was said before', () => {
    for (let i = 0; i < 50; i++)
      expect(passwordBy(`maxlength: 4; ${'required: upper; '.repeat(4)}required: [-_.]`)).toMatch(/[-_.]/);
  });

  test('is not made the same twice', () => {
    expect(new Set(Array.from({ length: 500 }, () => passwordBy('maxlength: 12'))).size).toBe(500);
  });

  test('takes hostile text in little time', () => {
    const before = performance.now();
    for (const text of [
      '['.repeat(240),
      'required: ['.repeat(30),
      ']'.repeat(240),
      'a:'.repeat(120),
      `${'-'.repeat(239)}:`,
    ])
      expect(passwordBy(text).length).toBeGreaterThan(3);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
