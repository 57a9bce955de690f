// What the companion makes of its command line, and where it says that it is reached.
import { describe, expect, test } from 'vitest';
import { readArguments, UsageError } from '../../server/arguments.ts';
import { reachOf } from '../../server/reach.ts';

describe('the command line', () => {
  test('of nothing is a trial’s, on port 8787', () => {
    expect(readArguments([])).toMatchObject({ port: 8787, data: 'data', command: undefined, publicOrigin: undefined });
    expect(readArguments(['--help'])).toBeUndefined();
  });

  test('takes commands, and what may be said more than once', () => {
    const said = ['admit', 'ABCD-EFGH', '--name', 'Li', '--push-host', 'a', '--push-host', 'b:1'];
    expect(readArguments(said)).toMatchObject({
      command: 'admit',
      code: 'ABCD-EFGH',
      name: 'Li',
      'push-host': ['a', 'b:1'],
    });
    expect(readArguments(['--public-url', 'https://Keys.example:443/'])?.publicOrigin).toBe('https://keys.example');
  });

  test('takes the proxies that are believed, and believes none by itself', () => {
    const behind = (...more: string[]) => readArguments(['--public-url', 'https://keys.example', ...more])?.proxies;
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
    expect(readArguments(args)?.host).toBe(host);
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
    ['less room than anything takes', ['--room', '1'], /16 or more/],
    ['a proxy by name', ['--public-url', 'https://keys.example', '--trust-proxy', 'caddy'], /as 127\.0\.0\.1 or/],
    ['a proxy that serves nothing', ['--trust-proxy', '127.0.0.1'], /needs --public-url/],
    ['a word that there is not', ['--prot', '1'], /Usage: npm start/],
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
  const reach = (host?: string, publicOrigin?: string, list: object[] = [lo, six, lan, vpn]) =>
    reachOf({ port: 8787, host, publicOrigin }, { eth0: list as never }, 'desk');

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
    expect(reach('10.8.0.2')).toMatchObject({ phoneOrigin: 'https://10.8.0.2:8788', addresses: ['10.8.0.2'] });
  });

  test('on this computer alone by plain HTTP, where it is bound to that or has no network', () => {
    const alone = { phoneOrigin: 'http://localhost:8787', addresses: [], trial: false };
    expect(reach('127.0.0.1')).toMatchObject(alone);
    expect(reach(undefined, undefined, [lo, six])).toMatchObject(alone);
  });

  test('by its proxy’s name, which needs no certificate of ours', () => {
    const { phoneOrigin, pageOrigins, hosts, trial } = reach(undefined, 'https://keys.example');
    expect({ phoneOrigin, trial }).toEqual({ phoneOrigin: 'https://keys.example', trial: false });
    // What runs at that port of somebody's own computer is no phone page of a companion that faces the public.
    expect(pageOrigins).toEqual(['https://keys.example']);
    expect(hosts).toContain('keys.example');
  });
});
