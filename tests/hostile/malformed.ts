// What no honest client says: requests and frames that were right and then changed in one field, and such as never were. Each is the
// bytes of a connection; the same seed gives the same ones.
import fc from 'fast-check';
import { PK } from '../companion/party.ts';
import { frame, HOST, ORIGIN, text, UPGRADE } from './house.ts';

export interface Case {
  kind: 'body' | 'frame' | 'noise';
  bytes: Buffer;
}

const EXTENSION = 'chrome-extension://iafbdandlnajajocdfhpngcoakkghafb';
const id = (characters: number) =>
  fc.string({ unit: fc.constantFrom(...'AZaz09-_'), minLength: characters, maxLength: characters });
const [sid, hash] = [id(22), id(43)];

/** Values that stand where another was meant. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      [],
      {},
      '',
      0,
      -1,
      1.5,
      256,
      2 ** 53,
      1e308,
      'null',
      '__proto__',
      'A'.repeat(12_001),
      '\u0000',
      '\ud800',
      '𝕏',
      'end',
    ],
    ...[
      '../../etc/passwd',
      '%00',
      "' OR 1=1 --",
      '<script>',
      'A'.repeat(22),
      'A'.repeat(43),
      PK,
      [[[[]]]],
      { toString: 1 },
    ],
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** All places in a value at which something stands. */
const places = (value: unknown, at: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [[...at, name], ...places(inner, [...at, name])])
    : [];

const HOW = ['replace', 'remove', 'add', 'twice', 'cut', 'wrap', 'deep', 'whole', 'join'] as const;

/** @returns the JSON of `valid`, with one thing about it that is wrong */
function spoil(valid: object, where: number, how: (typeof HOW)[number], value: unknown): string {
  const said = JSON.stringify(valid);
  const copy = JSON.parse(said) as Record<string, unknown>;
  const all = places(copy);
  const path = all[where % all.length] ?? [];
  const name = path.at(-1) ?? 't';
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((inner, key) => inner[key] as typeof inner, copy);
  const json = JSON.stringify(value) ?? 'null';
  switch (how) {
    case 'replace':
      holder[name] = value;
      return JSON.stringify(copy);
    case 'remove':
      delete holder[name];
      return JSON.stringify(copy);
    case 'add':
      holder[`${name}2`] = value;
      return JSON.stringify(copy);
    case 'twice':
      return said.replace('{', `{${JSON.stringify(name)}:${json},`);
    case 'cut':
      return said.slice(0, where % said.length);
    case 'wrap':
      return `[${said}]`;
    case 'deep':
      return `${'{"a":'.repeat(1 + (where % 1_500))}${said}`;
    case 'whole':
      return json;
    case 'join':
      return said + json;
  }
}
const spoilt = (valid: fc.Arbitrary<object>): fc.Arbitrary<string> =>
  fc.tuple(valid, fc.nat(99_999), fc.constantFrom(...HOW), odd).map((given) => spoil(...given));

const record = <T extends object>(t: string, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<object> =>
  fc.record(fields).map((rest) => ({ t, ...rest }));
const n = fc.nat(255);
const call = fc.record({ box: sid, time: fc.nat(), proof: hash });
const push = fc.constant({ endpoint: 'https://127.0.0.1/push', p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) });

const FIRST = fc.oneof(
  record('open', { sid, pk: fc.constant(PK), tokenHash: hash }),
  record('open', { sid, pk: fc.constant(PK), tokenHash: hash, call }),
  record('join', { sid, tokenHash: hash }),
  record('resume', { sid, role: fc.constantFrom('b', 'p'), token: hash, lastSeen: n }),
  record('listen', { boxes: fc.array(fc.record({ box: sid, token: hash }), { minLength: 1, maxLength: 3 }) }),
  record('end-link', { box: sid, why: fc.constantFrom('ended', 'suspended') }),
);
const LATER = fc.oneof(
  record('send', { n, m: hash }),
  record('ack', { n }),
  record('close', { reason: fc.constantFrom('cancelled', 'denied', 'done') }),
  record('extend', {}),
  record('ping', {}),
  record('push', { push }),
  record('echo', { nonce: sid }),
  record('quiet', { box: sid }),
);

/** Each from an address of its own among so many, as the proxy tells it. */
const from = fc
  .nat(8_191)
  .map((at) => `x-forwarded-for: 2001:db8:${(at >> 4).toString(16)}:${(at & 15).toString(16)}::1`);

/** A connection that is upgraded, and says this. What comes last ends it, whatever came before. */
const upgraded = (said: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(from, fc.constantFrom(EXTENSION, ORIGIN), said)
    .map(([address, origin, bytes]) =>
      Buffer.concat([Buffer.from(`${UPGRADE}\r\norigin: ${origin}\r\n${address}\r\n\r\n`), bytes, text('!')]),
    );

const opened = record('open', { sid, pk: fc.constant(PK), tokenHash: hash }).map((frame) => JSON.stringify(frame));
const listening = fc.constant('{"t":"listen","boxes":[]}');
const right = LATER.map((later) => JSON.stringify(later));
const frames = upgraded(
  fc.oneof(
    { weight: 3, arbitrary: spoilt(FIRST).map(text) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.oneof({ weight: 1, arbitrary: opened }, { weight: 3, arbitrary: listening }),
          fc.array(right, { maxLength: 3 }),
          spoilt(LATER),
        )
        .map(([first, later, last]) => Buffer.concat([first, ...later, last].map(text))),
    },
  ),
);

/** What each address takes, in which form, and what else must come with it. */
const BODIES: [path: string, type: string, headers: string, valid: fc.Arbitrary<object>][] = [
  ...(['read', 'delete'] as const).map((t): (typeof BODIES)[number] => [
    '/v1/backup',
    'application/json',
    `origin: ${ORIGIN}\r\nauthorization: Scankey ${'A'.repeat(43)}`,
    record(t, { id: sid }),
  ]),
  [
    '/v1/backup',
    'application/json',
    `origin: ${ORIGIN}\r\nauthorization: Scankey ${'A'.repeat(43)}`,
    record('write', { id: sid, ifRev: n, rev: n, blob: hash }),
  ],
  [
    '/v1/vault',
    'application/json',
    `origin: ${ORIGIN}`,
    record('begin', { provider: fc.constant('dingtalk'), secret: hash }),
  ],
  ['/v1/vault', 'application/json', `origin: ${ORIGIN}`, record('link', { secret: hash, escrow: hash })],
  [
    '/v1/half',
    'text/plain',
    `origin: ${EXTENSION}`,
    record('open', { secret: hash, receipt: hash, id: sid, auth: hash }),
  ],
  ['/v1/known-by', 'application/json', `origin: ${ORIGIN}`, fc.record({ key: id(87), signature: id(86) })],
  ['/v1/in-app/dingtalk', 'application/json', `origin: ${ORIGIN}`, fc.record({ sid })],
  ['/v1/in-app/ticket', 'application/json', `origin: ${ORIGIN}`, fc.record({ sid, signIn: sid })],
  ['/sign-in/AAAAAAAAAAAAAAAAAAAAA/proof', 'application/json', `origin: ${ORIGIN}`, fc.record({ ticket: hash })],
  ['/practice', 'application/x-www-form-urlencoded', '', fc.record({ username: hash, password: hash })],
  [
    '/oidc/token',
    'application/x-www-form-urlencoded',
    `authorization: Basic ${Buffer.from('wiki:wrong').toString('base64')}`,
    fc.record({
      grant_type: fc.constant('authorization_code'),
      code: hash,
      redirect_uri: fc.constant('https://wiki.example.org/back'),
      code_verifier: hash,
    }),
  ],
  [
    '/oidc/device-code',
    'application/x-www-form-urlencoded',
    '',
    fc.record({ client_id: fc.constant('terminal'), scope: fc.constant('openid') }),
  ],
  ['/device', 'application/x-www-form-urlencoded', '', fc.record({ xsrf: hash, user_code: id(8) })],
];

const asForm = (said: string): string => {
  try {
    return new URLSearchParams(JSON.parse(said)).toString();
  } catch {
    return said;
  }
};
const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  'text/xml',
  'a/b',
];

const post = (path: string, headers: readonly string[], body: string): Buffer =>
  Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      `host: ${HOST}`,
      'connection: close',
      `content-length: ${Buffer.byteLength(body)}`,
      ...headers.filter(Boolean),
      '',
      body,
    ].join('\r\n'),
  );

const bodies = fc.tuple(fc.constantFrom(...BODIES), fc.boolean()).chain(([[path, type, headers, valid]]) =>
  fc.tuple(spoilt(valid), from, fc.option(fc.constantFrom(...TYPES), { freq: 8 })).map(([said, address, other]) => {
    const given = other ?? type;
    return post(path, [`content-type: ${given}`, headers, address], given.includes('form') ? asForm(said) : said);
  }),
);

/** What stands in an address. */
const QUERIES = [
  '/oidc/auth?client_id=wiki&response_type=code&redirect_uri=https%3A%2F%2Fwiki.example.org%2Fback&scope=openid&code_challenge=AAAA&code_challenge_method=S256&state=1',
  '/v1/callback/dingtalk?state=0&authCode=1',
  '/v1/kept/go?ticket=1',
  '/v1/session/AAAAAAAAAAAAAAAAAAAAAA',
  '/v1/sign-in/AAAAAAAAAAAAAAAAAAAAA',
  '/sign-in/AAAAAAAAAAAAAAAAAAAAA/about',
  '/sign-in/AAAAAAAAAAAAAAAAAAAAA/with/dingtalk',
  '/device?user_code=AAAA-AAAA',
  '/v1/doctor',
  '/assets/index.html',
  '/oidc/logout?id_token_hint=a.b.c',
];
const visible = fc.string({
  maxLength: 60,
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const addresses = fc
  .tuple(fc.constantFrom(...QUERIES), fc.nat(200), visible, fc.nat(4), from)
  .map(([query, at, other, length, address]) => {
    const cut = at % query.length;
    const path = `/${query.slice(1, cut)}${other}${query.slice(cut + length)}`;
    return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${HOST}\r\nconnection: close\r\n${address}\r\n\r\n`);
  });

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const word = fc.string({ maxLength: 12, unit: 'binary' });
const noise = fc.oneof(
  // Frames of a valid connection: any opcode, length, mask and payload.
  upgraded(
    fc.tuple(fc.nat(255), bytes(200), fc.boolean()).map(([first, payload, masked]) => frame(first, payload, masked)),
  ),
  upgraded(fc.string({ maxLength: 300, unit: 'binary' }).map(text)),
  upgraded(bytes(60)),
  // Bodies of no form, …
  fc
    .tuple(fc.constantFrom(...BODIES), fc.constantFrom(...TYPES), fc.string({ maxLength: 300, unit: 'binary' }), from)
    .map(([[path, , headers], type, said, address]) => post(path, [`content-type: ${type}`, headers, address], said)),
  // …headers of none, and requests that are none.
  fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'get', ''),
      visible,
      fc.array(fc.tuple(word, word), { maxLength: 4 }),
    )
    .map(([method, path, headers]) =>
      Buffer.from(
        `${method} /${path} HTTP/1.1\r\nhost: ${HOST}\r\nconnection: close\r\n${headers.map((pair) => `${pair.join(': ')}\r\n`).join('')}\r\n`,
        'latin1',
      ),
    ),
  bytes(200).map((array) => Buffer.concat([array, Buffer.from('\r\n\r\n')])),
);

const cases: fc.Arbitrary<Case> = fc.oneof(
  { weight: 2, arbitrary: frames.map((said): Case => ({ kind: 'frame', bytes: said })) },
  {
    weight: 2,
    arbitrary: fc
      .oneof({ weight: 3, arbitrary: bodies }, { weight: 1, arbitrary: addresses })
      .map((said): Case => ({ kind: 'body', bytes: said })),
  },
  { weight: 4, arbitrary: noise.map((said): Case => ({ kind: 'noise', bytes: said })) },
);

/** So many cases; the same for the same seed. */
export const malformed = (seed: number, count: number): Case[] => fc.sample(cases, { seed, numRuns: count });
