import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NoAnswer, send } from '../../server/http/outgoing.ts';
import { DINGTALK_ERRORS, signatureOf } from '../../server/team/providers/dingtalk.ts';
import { FEISHU_ERRORS } from '../../server/team/providers/feishu.ts';
import { WECHAT_ERRORS, wechat } from '../../server/team/providers/wechat.ts';
import { WECOM_ERRORS } from '../../server/team/providers/wecom.ts';
import { readTeam } from '../../server/team/team-file.ts';
import { unseal } from '../../src/background/split-key.ts';
import { toBase64 } from '../../src/protocol/encoding.ts';
import { ERRORS } from '../../src/ui/catalogues.ts';

const folder = mkdtempSync(join(tmpdir(), 'scankey-team-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (text: string): string => {
  const path = join(folder, 'team.yaml');
  writeFileSync(path, text);
  return path;
};
const complaint = (text: string): string => {
  try {
    readTeam(write(text));
  } catch (error) {
    return (error as Error).message.replaceAll(join(folder, 'team.yaml'), 'team.yaml');
  }
  return '';
};

describe('a team’s file', () => {
  test('that is right is read, with secrets from the environment and from files', () => {
    process.env.TEAM_TEST = 'from the environment';
    writeFileSync(join(folder, 'secret'), 'from a file\n');
    const team = readTeam(
      write(`
people: admitted
clients:
  - id: wiki
    name: Wiki
    secret: $TEAM_TEST
    redirect-uris: [https://wiki.example.org/callback]
providers:
  dingtalk: { client-id: ding1, secret: ${join(folder, 'secret')}, organisations: [corp1] }
`),
    );
    expect(team.clients[0]?.secret).toBe('from the environment');
    expect(team.providers.dingtalk?.secret).toBe('from a file');
  });

  const CLIENT = 'clients:\n  - id: wiki\n    name: Wiki\n    redirect-uris:\n      - ';
  const wrong: [string, string, RegExp][] = [
    ['no YAML', 'clients: [\n  x', /^team\.yaml, line \d: /],
    ['an unknown setting', 'people: anyone\nclientz: []', /line 2: clientz is not known here/],
    ['an unknown word', 'people: everybody', /line 1: people must be admitted or anyone/],
    ['no name', 'clients:\n  - id: wiki', /line 2: clients\.0\.name is missing/],
    [
      'http elsewhere',
      `${CLIENT}http://wiki.example.org/cb`,
      /line 5: clients\.0\.redirect-uris\.0 must be a whole https address/,
    ],
    ['a user in an address', `${CLIENT}https://a@wiki.example.org/cb`, /line 5: .*must be a whole https/],
    ['a fragment', `${CLIENT}https://wiki.example.org/cb#x`, /must be a whole https/],
    ['an address to normalise', `${CLIENT}https://wiki.example.org/x/../cb`, /must be a whole https/],
    ['a wildcard', `${CLIENT}https://*.example.org/cb`, /must be a whole https/],
    [
      'http elsewhere after signing out',
      `${CLIENT}https://wiki.example.org/cb\n    after-logout: [http://wiki.example.org/]`,
      /line 6: clients\.0\.after-logout\.0 must be .*http: true/,
    ],
    [
      'no PKCE and no secret',
      `${CLIENT}https://wiki.example.org/cb\n    pkce: false`,
      /line 6: clients\.0\.pkce may be left out only by a site that has a secret/,
    ],
    ['no scheme', `${CLIENT}wiki.example.org/cb`, /line 5: clients\.0\.redirect-uris\.0 must be a whole https/],
    [
      'an unknown signature',
      'clients:\n  - { id: a, name: A, device: true, signed-with: HS256 }',
      /must be RS256, ES256 or EdDSA/,
    ],
    [
      'keys that are not there',
      'clients:\n  - { id: a, name: A, device: true, public-keys: /no/such/file }',
      /line 2: .*names no file that holds a JSON Web Key Set/,
    ],
    ['no address at all', 'clients:\n  - id: wiki\n    name: Wiki', /line 2: clients\.0 has no redirect-uris/],
    [
      'an id twice',
      'clients:\n  - { id: a, name: A, device: true }\n  - { id: a, name: B, device: true }',
      /line 3: clients\.1\.id is the id of another/,
    ],
    [
      'a secret that is not there',
      'clients:\n  - { id: a, name: A, device: true, secret: $NOT_SET_ANYWHERE }',
      /line 2: .*names a secret that is not there/,
    ],
    [
      'a provider that is not set up',
      'clients:\n  - { id: a, name: A, device: true, confirm: feishu }',
      /names a provider that is not set up/,
    ],
    [
      'a wrong app id',
      'providers:\n  wechat:\n    website: { app-id: abc, secret: $TEAM_TEST }',
      /line 3: .*must be wx and 16/,
    ],
    [
      'one app for both',
      'providers:\n  wechat:\n    website: { app-id: wx0123456789abcdef, secret: $TEAM_TEST }\n    account: { app-id: wx0123456789abcdef, secret: $TEAM_TEST }',
      /line 4: .*two apps/,
    ],
    [
      'a host by http',
      'providers:\n  feishu:\n    client-id: a\n    secret: $TEAM_TEST\n    hosts: { open: "http://10.0.0.1" }',
      /line 5: .*must be a whole https/,
    ],
    ['a path as a file’s name', 'verification:\n  ../secret.txt: x', /line 2: .*is no name of such a file/],
  ];
  test.each(wrong)('with %s is refused, with the line and the reason', (_name, text, expected) => {
    process.env.TEAM_TEST = 'x';
    expect(complaint(text)).toMatch(expected);
  });

  test('says no secret in what it complains of', () => {
    process.env.TEAM_TEST = 'a-very-secret-thing';
    expect(complaint('clients:\n  - { id: a, name: 5, device: true, secret: $TEAM_TEST }')).not.toContain(
      'very-secret',
    );
  });
});

describe('what providers say', () => {
  const codes = [WECHAT_ERRORS, DINGTALK_ERRORS, WECOM_ERRORS, FEISHU_ERRORS].flatMap((table) => Object.entries(table));
  test.each(codes)('%s is %s, with a sentence in both languages', (_said, code) => {
    for (const sentences of Object.values(ERRORS)) expect(sentences[code].length).toBeGreaterThan(5);
  });

  test('DingTalk’s older signature is that of its documents', () => {
    expect(signatureOf('testappSecret', '1546084445901')).toBe('HCbG3xNE3vzhO+u7qCUL1jS5hsu2n5r2cFhnTrtyDAE=');
  });

  test('WeChat’s events: only a scan is one, whatever else the XML says', () => {
    const account = { 'app-id': 'wx0123456789abcdef', secret: 's', token: 't' };
    const { scanOf = () => undefined, stampOf } = wechat({ account, hosts: {} }).codes ?? {};
    const by = { subjects: ['wechat:wx0123456789abcdef:o1'], name: '', member: false };
    const xml = (event: string, key: string) =>
      `<xml><FromUserName>o1</FromUserName><Event>${event}</Event><EventKey>${key}</EventKey></xml>`;
    expect(scanOf(xml('SCAN', 'abc'))).toEqual({ identity: by, scene: 'abc' });
    expect(scanOf(xml('subscribe', 'qrscene_abc'))).toEqual({ identity: by, scene: 'abc' });
    for (const other of [
      xml('subscribe', 'abc'),
      xml('unsubscribe', 'abc'),
      xml('CLICK', 'abc'),
      '',
      '<xml>',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>&e;</xml>',
    ])
      expect(scanOf(other)).toBeUndefined();
    expect(stampOf?.({ signature: '', timestamp: '1', nonce: '2' })).toBeUndefined();
  });
});

describe('what the companion asks by itself', () => {
  const PRIVATE = [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'ff02::1',
  ];
  const ways: [string, string, string[]][] = [
    ...PRIVATE.map((address): [string, string, string[]] => [
      `a name that leads to ${address}`,
      'https://api.weixin.qq.com/x',
      [address],
    ]),
    ...PRIVATE.map((address): [string, string, string[]] => [
      `one of two at ${address}`,
      'https://api.weixin.qq.com/x',
      ['8.8.8.8', address],
    ]),
    ...PRIVATE.slice(0, 10).map((address): [string, string, string[]] => [
      `the address ${address}`,
      `https://${address}/`,
      [],
    ]),
    ...PRIVATE.slice(10).map((address): [string, string, string[]] => [
      `the address ${address}`,
      `https://[${address}]/`,
      [],
    ]),
    ['plain http', 'http://api.weixin.qq.com/x', ['8.8.8.8']],
    ['one number', 'https://2130706433/', []],
    ['octal', 'https://0177.0.0.1/', []],
    ['hexadecimal', 'https://0x7f.1/', []],
    ['a file', 'file:///etc/passwd', []],
    ['no address', 'https://api.weixin.qq.com/x', []],
  ];
  test('there are sixty ways inside', () => expect(ways).toHaveLength(60));
  test.each(ways)('%s: no socket', async (_name, url, addresses) => {
    const asked = send(new URL(url), {
      method: 'GET',
      headers: {},
      listed: false,
      within: 500,
      resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    });
    await expect(asked).rejects.toMatchObject({ why: 'refused' });
  });

  test('a name that changes between the look and the call is called where it was looked at', async () => {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits++;
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    let looks = 0;
    const resolve = async () => [{ address: looks++ === 0 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    // Listed by the operator, so the loopback may be called; a redirect is an answer and nothing else.
    const options = { method: 'GET', headers: {}, listed: true, within: 1000, resolve } as const;
    expect(await send(new URL(`http://name.test:${port}/`), options)).toMatchObject({ status: 302, text: '' });
    expect([hits, looks]).toEqual([1, 1]);
    server.close();
    expect(new NoAnswer('slow').why).toBe('slow');
  });
});

test('one half of a split key opens nothing', async () => {
  const [half, sealed] = [
    toBase64(crypto.getRandomValues(new Uint8Array(32))),
    toBase64(crypto.getRandomValues(new Uint8Array(80))),
  ];
  const iv = toBase64(new Uint8Array(12));
  const kept = {
    origin: 'https://a.example',
    provider: 'wechat' as const,
    username: 'li',
    relay: '',
    id: '',
    auth: '',
    half,
    iv,
    sealed,
  };
  await expect(unseal(kept, half)).rejects.toMatchObject({ code: 'not-opened' });
});
