// What the companion makes of its command line, and where it says that it is reached.
import { describe, expect, test } from 'vitest';
import { type Given, readArguments, UsageError } from '../../server/operate/arguments.ts';
import { VERBS } from '../../server/operate/verbs.ts';
import { reachOf } from '../../server/reach.ts';

const read = (args: readonly string[]) => readArguments(args) as Given;
const shown = (...args: string[]) => (readArguments(args) as { shows: string }).shows;

describe('the command line', () => {
  test('of nothing is a trial’s, on port 8787', () => {
    expect(readArguments([])).toMatchObject({ port: 8787, data: 'data', verb: undefined, publicOrigin: undefined });
  });

  test('takes commands, and what may be said more than once', () => {
    const said = ['admit', 'ABCD-EFGH', '--name', 'Li', '--push-host', 'a', '--push-host', 'b:1'];
    expect(readArguments(said)).toMatchObject({
      verb: 'admit',
      words: ['ABCD-EFGH'],
      name: 'Li',
      'push-host': ['a', 'b:1'],
    });
    expect(read(['--limit', 'opens=600', '--limit', 'connections=2000']).limits).toEqual({
      opens: 600,
      connections: 2000,
    });
    expect(read(['--public-url', 'https://Keys.example:443/']).publicOrigin).toBe('https://keys.example');
    // As the address of a subscription will have it.
    expect(read(['--push-host', 'Push.Example:443', '--push-host', '[fd00::1]:1'])['push-host']).toEqual([
      'push.example',
      '[fd00::1]:1',
    ]);
  });

  test('has help for all, and for each command, in lines that fit a terminal', () => {
    const verbs = Object.keys(VERBS);
    for (const all of [shown('help'), shown('--help')]) for (const verb of verbs) expect(all).toContain(`\n  ${verb}`);
    for (const verb of verbs) {
      expect(shown('help', verb)).toMatch(new RegExp(`^Usage: npm start -- ${verb}`));
      expect(shown(verb, '--help')).toBe(shown('help', verb));
    }
    expect(shown('help', 'backup')).toContain('keep it as safe as --data');
    for (const line of ['help', ...verbs].flatMap((verb) =>
      shown('help', ...(verb === 'help' ? [] : [verb])).split('\n'),
    ))
      expect(line.length).toBeLessThanOrEqual(120);
  });

  test.each([
    ['9464', '127.0.0.1'],
    ['10.0.0.2:9464', '10.0.0.2'],
    ['[::1]:9464', '::1'],
    ['[fd00::1]:9464', 'fd00::1'],
  ])('shows its figures at %s, which is %s', (at, host) => {
    expect(read(['--metrics', at]).metrics).toEqual({ host, port: 9464 });
  });

  test('takes the proxies that are believed, and believes none by itself', () => {
    const behind = (...more: string[]) => read(['--public-url', 'https://keys.example', ...more]).proxies;
    expect(behind()).toEqual([]);
    expect(behind('--trust-proxy', '10.0.0.3', '--trust-proxy', 'fd00::/64')).toHaveLength(2);
  });

  test.each([
    [[], undefined],
    [['--public-url', 'https://keys.example'], '127.0.0.1'],
    [['--public-url', 'https://keys.example', '--trust-proxy', '127.0.0.1', '--trust-proxy', '::1'], '127.0.0.1'],
    [['--public-url', 'https://keys.example', '--trust-proxy', '127.0.0.1', '--trust-proxy', '10.0.0.3'], undefined],
    [['--public-url', 'https://keys.example', '--host', '0.0.0.0'], '0.0.0.0'],
  ])('with %j leaves its port open to whoever has business there', (args, host) => {
    expect(read(args).host).toBe(host);
  });

  test.each([
    ['a port that is none', ['--port', '0'], /between 1 and 65534, not "0"/],
    ['the last port, which leaves none for HTTPS', ['--port', '65535'], /between 1 and 65534/],
    ['a public address by http', ['--public-url', 'http://keys.example'], /must be an https address/],
    ...['/x', '/x/', '?a=b', '#a'].map(
      (rest) =>
        [
          `a public address that goes on with ${rest}`,
          ['--public-url', `https://keys.example${rest}`],
          /without a path/,
        ] as [string, string[], RegExp],
    ),
    ['a public address with a password', ['--public-url', 'https://a:b@keys.example'], /without a path/],
    ...['0', '65536', 'x', '0.0.0.0:9464', '[::]:9464', '203.0.113.7:9464', 'companion:9464', '127.1:9464'].map(
      (at) =>
        [`figures for all to see at ${at}`, ['--metrics', at], /whoever can connect there/] as [
          string,
          string[],
          RegExp,
        ],
    ),
    ['a limit that there is not', ['--limit', 'open=5'], /must be one of opens, .*connections.* not "open=5"/],
    ['a limit that lets nobody in', ['--limit', 'opens=0'], /with a number, as opens=600, not "opens=0"/],
    ['less room than anything takes', ['--room', '1'], /16 or more/],
    ...['ABC', 'iafbdandlnajajocdfhpngcoakkghafq', 'scankey@example.org', ''].map(
      (id) =>
        [`an extension’s id that is none, "${id}"`, ['--extension-id', id], /32 letters from a to p/] as [
          string,
          string[],
          RegExp,
        ],
    ),
    ...['http://x', 'https://x', 'x/path', 'x:port', 'a@x', 'x?', ''].map(
      (host) =>
        [`a push service that is no host, "${host}"`, ['--push-host', host], /must be a host or host:port/] as [
          string,
          string[],
          RegExp,
        ],
    ),
    ['a proxy by name', ['--public-url', 'https://keys.example', '--trust-proxy', 'caddy'], /as 127\.0\.0\.1 or/],
    ['a proxy that serves nothing', ['--trust-proxy', '127.0.0.1'], /needs --public-url/],
    ['an option that there is not', ['--prot', '1'], /no option "--prot"\. Did you mean "--port"\?/],
    ['an option that is near none', ['--zebra'], /^There is no option "--zebra". "npm start -- help" lists all.$/],
    ['an option without what it takes', ['--team'], /--team.*\n\nUsage: npm start/s],
    [
      'a command that there is not',
      ['dcotor'],
      /no command "dcotor". Did you mean "doctor"\? "npm start -- help" lists all/,
    ],
    ['the beginning of a command', ['back'], /Did you mean "backup"\?/],
    ['help for nothing that there is', ['help', 'admitt'], /Did you mean "admit"\?/],
    ['a command without its word', ['admit'], /"admit" takes CODE\.\n\nUsage: npm start -- admit CODE/],
    ['a command with a word too many', ['people', 'all'], /"people" takes no words/],
  ])('with %s is refused in words', (_name, args, words) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(words);
  });
});

describe('a companion is reached', () => {
  const lo = { address: '127.0.0.1', family: 'IPv4', internal: true };
  const lan = { address: '192.168.1.5', family: 'IPv4', internal: false };
  const six = { address: 'fe80::5', family: 'IPv6', internal: false };
  const vpn = { address: '10.8.0.2', family: 'IPv4', internal: false };
  const reach = (host?: string, publicOrigin?: string, list: object[] = [lo, six, lan, vpn], port = 8787) =>
    reachOf({ port, host, publicOrigin }, { eth0: list as never }, 'desk');

  test('on the local network by HTTPS one port above, for a trial', () => {
    expect(reach()).toEqual({
      phoneOrigin: 'https://192.168.1.5:8788',
      pageOrigins: ['https://192.168.1.5:8788', 'http://localhost:8787', 'http://127.0.0.1:8787'],
      hosts: ['localhost', '127.0.0.1', '[::1]', 'desk', '192.168.1.5', '10.8.0.2'].flatMap((name) => [
        `${name}:8787`,
        `${name}:8788`,
      ]),
      addresses: ['192.168.1.5', '10.8.0.2'],
      trial: true,
    });
    for (const all of ['0.0.0.0', '::']) expect(reach(all)).toEqual(reach());
    expect(reach('10.8.0.2')).toMatchObject({ phoneOrigin: 'https://10.8.0.2:8788', addresses: ['10.8.0.2'] });
  });

  test('on this computer alone by plain HTTP, where it is bound to that or has no network', () => {
    const alone = { phoneOrigin: 'http://localhost:8787', addresses: [], trial: false };
    expect(reach('127.0.0.1')).toMatchObject(alone);
    expect(reach(undefined, undefined, [lo, six])).toMatchObject(alone);
  });

  test('as browsers name it, where its port is the one that they leave out', () => {
    const plain = reach('127.0.0.1', undefined, [lo], 80);
    expect(plain).toMatchObject({
      phoneOrigin: 'http://localhost',
      pageOrigins: ['http://localhost', 'http://127.0.0.1'],
    });
    expect(plain.hosts).toEqual(expect.arrayContaining(['localhost', 'localhost:80']));
    const secure = reach(undefined, undefined, [lo, lan], 442);
    expect(secure).toMatchObject({ phoneOrigin: 'https://192.168.1.5', trial: true });
    expect(secure.hosts).toContain('192.168.1.5');
  });

  test('by its proxy’s name, which needs no certificate of ours', () => {
    const { phoneOrigin, pageOrigins, hosts, trial } = reach(undefined, 'https://keys.example');
    expect({ phoneOrigin, trial }).toEqual({ phoneOrigin: 'https://keys.example', trial: false });
    // What runs at that port of somebody's own computer is no phone page of a companion that faces the public.
    expect(pageOrigins).toEqual(['https://keys.example']);
    expect(hosts).toContain('keys.example');
  });
});
