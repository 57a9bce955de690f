// Which account fits which page (T15, T17), and how a foreign name is shown (T16).
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, type Match, newAccount } from '../../src/phone/vault/document.ts';
import { isOneSlip } from '../../src/phone/vault/host-names.ts';
import { type Astray, accountsFor, astray, loadNames, nearest, originOf, siteOf } from '../../src/phone/vault/sites.ts';
import { foreign } from '../../src/ui/foreign.ts';
import { hostName, rest } from './addresses.ts';

beforeAll(() => loadNames());

const account = (site: string): Account => newAccount({ id: site, sites: [site], password: 'x', changedAt: 1 });
/** Whether an account kept for what was typed as `site` is released on a page at `page` without another word. */
const fits = (site: string, page: string): boolean => {
  const origin = originOf(site);
  return origin !== undefined && accountsFor(new URL(page).origin, [account(origin)]).exact.length === 1;
};

/** Ways to write the origin of https://bank.com that change nothing. */
const SAME = [
  'https://bank.com',
  'https://bank.com/',
  'https://bank.com:443',
  'https://BANK.com',
  'HTTPS://bank.com/login',
  'https://bank.com/a/../b',
  'https://bank.com?q=1',
  'https://bank.com#x',
  'https://user@bank.com',
  'https://user:pw@bank.com/',
  'https://evil.com@bank.com',
  'https:bank.com',
  'https://bank.com\\path',
  '  https://bank.com  ',
  'https://%62ank.com',
];
/** Other origins, most of them made to look like it. */
const OTHER = [
  'http://bank.com',
  'https://bank.com:8443',
  'https://bank.com:80',
  'http://bank.com:443',
  'https://www.bank.com',
  'https://login.bank.com',
  'https://bank.com.',
  'https://bank.com.evil.com',
  'https://bank.com-evil.com',
  'https://evilbank.com',
  'https://bank.co',
  'https://bank.comm',
  'https://bank.org',
  'https://bank.com@evil.com',
  'https://bank.com:443@evil.com',
  'https://bank.com%40evil.com',
  'https://evil.com/bank.com',
  'https://evil.com?bank.com',
  'https://evil.com#bank.com',
  'https://evil.com\\@bank.com',
  'https://bаnk.com',
  'https://xn--bnk-5cd.com',
  'https://bank。com.evil.com',
  'https://b4nk.com',
  'https://bаnk.com.',
  'https://bank.com.br',
  'https://1.1.1.1',
  'https://[::1]',
  'https://localhost',
  'https://bank',
  'https://com',
  'https://bank.com,evil.com',
  'https://bank.com;evil.com',
];

describe('a form that sends to another origin', () => {
  const kept = (match: Match, ...sites: string[]) =>
    newAccount({ id: 'one', sites, match, password: 'x', changedAt: 1 });
  const BANK = 'https://bank.com';
  const IDENTITY = 'https://id.group.example';
  test.each<[string, string, string, Account | undefined, Astray | undefined]>([
    ['a host below', BANK, 'https://login.bank.com', undefined, undefined],
    ['a host above', 'https://www.shop.bank.com', BANK, undefined, undefined],
    ['a host beside', 'https://www.bank.com', 'https://login.bank.com', undefined, undefined],
    ['another port', BANK, 'https://bank.com:8443', undefined, undefined],
    ['a host under a suffix of two parts', 'https://bank.co.uk', 'https://login.bank.co.uk', undefined, undefined],
    ['a host of an international name', 'https://xn--fiqs8s.com', 'https://login.xn--fiqs8s.com', undefined, undefined],
    ['another port of the same number', 'http://127.0.0.1:80', 'http://127.0.0.1:8080', undefined, undefined],
    ['another port of the same IPv6 number', 'https://[::1]', 'https://[::1]:8443', undefined, undefined],
    ['another port of an intranet name', 'http://wiki', 'http://wiki:8080', undefined, undefined],
    ['its own host, encrypted', 'http://bank.com', 'https://bank.com', undefined, undefined],
    ['a sister host, encrypted', 'http://www.bank.com', 'https://login.bank.com', undefined, undefined],
    ['a sister host, where neither is encrypted', 'http://www.bank.com', 'http://login.bank.com', undefined, undefined],
    ['its own host, no longer encrypted', BANK, 'http://bank.com', undefined, 'downgrade'],
    ['a sister host, no longer encrypted', BANK, 'http://login.bank.com', undefined, 'downgrade'],
    ['the loopback', BANK, 'http://127.0.0.1', undefined, 'downgrade'],
    ['another scheme', BANK, 'ftp://bank.com', undefined, 'downgrade'],
    [
      'one that is not encrypted, from this computer’s own',
      'http://localhost:3000',
      'http://bank.com',
      kept('origin', 'http://localhost:3000', 'http://bank.com'),
      'downgrade',
    ],
    [
      'another of this computer’s own',
      'http://localhost:3000',
      'http://127.0.0.1',
      kept('origin', 'http://localhost:3000', 'http://127.0.0.1'),
      undefined,
    ],
    ['another site', BANK, 'https://evil.com', undefined, 'stranger'],
    ['a name that only begins alike', BANK, 'https://bank.com.evil.com', undefined, 'stranger'],
    ['a name that only ends alike', BANK, 'https://evilbank.com', undefined, 'stranger'],
    ['a neighbour under a suffix of two parts', 'https://bank.co.uk', 'https://evil.co.uk', undefined, 'stranger'],
    ['a neighbour under a private suffix', 'https://ann.github.io', 'https://bob.github.io', undefined, 'stranger'],
    ['the suffix itself', 'https://ann.github.io', 'https://github.io', undefined, 'stranger'],
    ['what lies below the suffix', 'https://github.io', 'https://ann.github.io', undefined, 'stranger'],
    ['another number', 'http://10.0.0.1', 'http://10.0.0.2', undefined, 'stranger'],
    ['a number below', 'http://10.0.0.1', 'http://1.10.0.0', undefined, 'stranger'],
    ['another intranet name', 'http://wiki', 'http://mail', undefined, 'stranger'],
    ['a name that looks alike', BANK, 'https://xn--bnk-5cd.com', undefined, 'stranger'],
    ['the loopback by its name', 'http://127.0.0.1', 'http://localhost', undefined, 'stranger'],
    ['an address that the account is kept for, too', BANK, IDENTITY, kept('origin', BANK, IDENTITY), undefined],
    [
      'a host of one whose account is kept for all of them',
      BANK,
      IDENTITY,
      kept('domain', BANK, 'https://group.example'),
      undefined,
    ],
    [
      'a host of one whose account is kept for it alone',
      BANK,
      IDENTITY,
      kept('origin', BANK, 'https://group.example'),
      'stranger',
    ],
    [
      'an address that the account is not kept for',
      BANK,
      'https://evil.com',
      kept('domain', BANK, IDENTITY),
      'stranger',
    ],
    [
      'an address that it is kept for, no longer encrypted',
      BANK,
      'http://old.example',
      kept('origin', BANK, 'http://old.example'),
      'downgrade',
    ],
  ])('is sent to %s, or is not', (_what, page, target, account, why) => {
    expect(astray(new URL(page).origin, target, account)).toBe(why);
  });
});

describe('an account is released by itself only on its own origin', () => {
  const pairs = SAME.flatMap((a) => OTHER.map((b) => [a, b] as const)).filter(([, b]) => URL.canParse(b));
  test.each(SAME)('%s is that origin', (one) => {
    expect(fits(one, 'https://bank.com/login')).toBe(originOf(one) === 'https://bank.com');
    expect(originOf(one) ?? 'https://bank.com').toBe('https://bank.com');
  });

  test(`${pairs.length} pairs of near misses do not fit, either way round`, () => {
    expect(pairs.length).toBeGreaterThan(100);
    for (const [a, b] of pairs) {
      // What only looks different to us may be the same to the browser: its own reading is the judge.
      const same = URL.canParse(a.trim()) && new URL(a.trim()).origin === new URL(b).origin;
      if (URL.canParse(a.trim())) expect(fits(b, a.trim()), `${b} on ${a}`).toBe(same && originOf(b) !== undefined);
      expect(fits(a, b), `${a} on ${b}`).toBe(same && originOf(a) !== undefined);
    }
  });

  test('whatever the two addresses are, the verdict is that of their origins', () => {
    const host = fc.oneof(hostName, fc.ipV4(), fc.constantFrom('localhost', 'bank.com', 'BANK.com', 'bank.com.'));
    const address = fc
      .tuple(fc.constantFrom('http', 'https'), host, fc.constantFrom('', ':80', ':443', ':8080'), rest)
      .map(([scheme, name, port, path]) => `${scheme}://${name}${port}${path}`);
    fc.assert(
      fc.property(address, address, (a, b) => {
        fc.pre(URL.canParse(a) && URL.canParse(b));
        expect(fits(a, b)).toBe(new URL(a).origin === new URL(b).origin);
        expect(fits(a, b)).toBe(fits(b, a));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['https://alice.github.io', 'https://mallory.github.io'],
    ['https://a.vercel.app', 'https://b.vercel.app'],
    ['https://one.s3.amazonaws.com', 'https://two.s3.amazonaws.com'],
    ['https://a.co.uk', 'https://b.co.uk'],
    ['https://nas', 'https://nas2'],
    ['https://192.168.1.2', 'https://192.168.1.3'],
  ])('%s and %s are strangers', (a, b) => {
    const { exact, related, others } = accountsFor(b, [account(a)]);
    expect([exact.length, related.length, others.length]).toEqual([0, 0, 1]);
  });
});

describe('how near an address is', () => {
  const nearnessOf = (page: string, site: string, match: Match = 'origin') =>
    nearest(page, newAccount({ id: '1', sites: [site], match })).nearness;

  test.each([
    ['https://bank.com', 'https://bank.com', 'origin', 'same'],
    ['https://bank.com:8443', 'https://bank.com', 'origin', 'port'],
    ['https://bank.com:8443', 'https://bank.com', 'host', 'fits'],
    ['http://bank.com', 'https://bank.com', 'host', 'scheme'],
    ['http://bank.com', 'https://bank.com', 'domain', 'scheme'],
    ['https://login.bank.com', 'https://bank.com', 'origin', 'domain'],
    ['https://login.bank.com', 'https://bank.com', 'host', 'domain'],
    ['https://login.bank.com', 'https://bank.com', 'domain', 'fits'],
    ['http://login.bank.com', 'https://bank.com', 'domain', 'domain'],
    ['https://login.bank.com:8443', 'https://bank.com', 'domain', 'domain'],
    ['https://mallory.github.io', 'https://alice.github.io', 'domain', 'other'],
    ['http://nas:5000', 'http://nas:5001', 'host', 'fits'],
    ['http://nas:5000', 'http://nas:5001', 'origin', 'port'],
    ['http://192.168.1.2', 'http://192.168.1.3', 'domain', 'other'],
  ] as const)('%s for an account of %s that fits by %s: %s', (page, site, match, expected) => {
    expect(nearnessOf(page, site, match)).toBe(expected);
  });

  test.each([
    ['https://xn--80ak6aa92e.com', 'https://apple.com'],
    ['https://paypa1.com', 'https://paypal.com'],
    ['https://g00gle.com', 'https://google.com'],
    ['https://g๐๐gle.com', 'https://google.com'],
    ['https://løgın.com', 'https://login.com'],
    ['https://rnicrosoft.com', 'https://microsoft.com'],
    ['https://gooogle.com', 'https://google.com'],
    ['https://example.org', 'https://example.com'],
    ['https://login.exarnple.com', 'https://example.com'],
  ])('%s only looks like %s', (page, site) => {
    expect(nearnessOf(page, site)).toBe('lookalike');
    const { exact, related, others } = accountsFor(page, [account(site)]);
    expect([exact.length, related.length, others.length]).toEqual([0, 0, 1]);
  });

  test.each([
    ['https://github.com', 'https://gitlab.com'],
    ['https://a.com', 'https://b.com'],
    ['https://10.0.0.1', 'https://10.0.0.11'],
    ['https://bank.co.uk', 'https://shop.co.uk'],
  ])('%s and %s are told apart by anybody', (page, site) => {
    expect(nearnessOf(page, site)).toBe('other');
  });
});

test.each([
  ['google', 'google', false],
  ['', '', false],
  ['', 'a', true],
  ['google', 'goggle', true],
  ['google', 'gooogle', true],
  ['google', 'oogle', true],
  ['google', 'googl', true],
  ['google', 'googles', true],
  ['google', 'goolge', false],
  ['google', 'googless', false],
  ['google', 'gogles', false],
  ['aa', 'bb', false],
])('%s and %s are one slip of a finger apart: %s', (a, b, expected) => {
  expect([isOneSlip(a, b), isOneSlip(b, a)]).toEqual([expected, expected]);
});

describe('a name that pretends', () => {
  const LOOKALIKES = [
    'аррӏе.com',
    'раураl.com',
    'gооgle.com',
    'ɡithub.com',
    'microsοft.com',
    'аmazon.com',
    'wikipedіa.org',
    'xn--80ak6aa92e.com',
    'пример.рф',
    '例え.jp',
    'bücher.de',
    'faß.de',
    'straße.de',
    'ｂank.com',
    'bank。com',
    'BANK.COM',
    'ⓑank.com',
    '𝐛ank.com',
    'bank．com',
    'ﬁsh.com',
  ];
  test.each(LOOKALIKES)('%s is shown in letters that everybody can tell apart', (name) => {
    const { before, domain } = siteOf(new URL(`https://${name}`).origin);
    expect(before + domain).toMatch(/^[a-z0-9.-]+$/);
  });

  const MARKS = [
    '\u202e',
    '\u202d',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200e',
    '\u200f',
    '\u061c',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u034f',
    '\u180e',
    '\u0000',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u{e0061}',
    '\u115f',
    '\u3164',
    '\uffa0',
    '\ufe0f',
    '\u2061',
  ];
  test.each(MARKS.map((mark) => [mark.codePointAt(0)?.toString(16), mark]))(
    'the mark U+%s shows as a box',
    (_code, mark) => {
      const shown = foreign(`Bank${mark}moc.live`);
      expect(shown).not.toContain(mark);
      expect(shown).toMatch(/^Bank[▯ ]moc\.live$/);
    },
  );

  test.each([
    ['a'.repeat(300), 120],
    ['😀'.repeat(200), 120],
    ['  many \n\t spaces  ', 11],
  ])('a long or spread out name is cut', (text, length) => {
    expect([...foreign(text)].length).toBeLessThanOrEqual(Math.max(length, 12));
  });

  test('a label of 63 letters and a name of 253 keep their domain in sight', () => {
    const long = `https://${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example.com`;
    expect(siteOf(new URL(long).origin).domain).toBe('example.com');
    expect(siteOf('https://bank.com.example.com').domain).toBe('example.com');
  });
});
