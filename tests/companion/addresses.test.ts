// Where a request comes from: seen by the companion itself, told by proxies that append, replace or drop what they are told, or unknown.
import { describe, expect, test } from 'vitest';
import { type Network, ownNetworks, readNetwork, type Source, sourceOf } from '../../server/http/addresses.ts';

const interfaces = {
  lo: [{ address: '127.0.0.1', cidr: '127.0.0.1/8', family: 'IPv4' }],
  eth0: [
    { address: '192.168.1.5', cidr: '192.168.1.5/24', family: 'IPv4' },
    { address: '203.0.113.9', cidr: '203.0.113.9/24', family: 'IPv4' },
    { address: 'fd00:1::5', cidr: 'fd00:1::5/64', family: 'IPv6' },
    { address: 'fe80::5', cidr: 'fe80::5/64', family: 'IPv6' },
    { address: '2001:db8:9::5', cidr: '2001:db8:9::5/64', family: 'IPv6' },
  ],
  wg0: [{ address: '10.8.0.1', cidr: '10.8.0.1/16', family: 'IPv4' }],
  docker0: [{ address: '172.17.0.1', cidr: '172.17.0.1/16', family: 'IPv4' }],
  // A network within another: packets go to the narrower one.
  eth1: [{ address: '10.8.5.1', cidr: '10.8.5.1/24', family: 'IPv4' }],
  odd: [{ address: '192.168.200.130', cidr: '192.168.200.130/26', family: 'IPv4' }, { address: '10.9.9.9' }],
};

const named = (...texts: string[]): Network[] =>
  texts.map((text) => readNetwork(text) ?? expect.fail(`${text} is no network`));
const from = (peer: string, headers = {}, proxies?: readonly Network[]): Source =>
  sourceOf(peer, headers, proxies, ownNetworks(interfaces as never));
const near = (a: Source, b: Source): boolean => a.networks.some((network) => b.networks.includes(network));

describe('who connects by himself', () => {
  test.each([
    ['192.168.1.77', '192.168.1.0/24'],
    ['::ffff:192.168.1.77', '192.168.1.0/24'],
    ['fd00:1::77', 'fd00:1::/64'],
    ['10.8.200.9', '10.8.0.0/16'],
    ['10.8.5.9', '10.8.5.0/24'],
    ['172.17.0.5', '172.17.0.0/16'],
    ['192.168.200.190', '192.168.200.128/26'],
    ['192.168.200.193', '192.168.200.193/32'],
    ['fd00:2::77', 'fd00:2::/64'],
    ['192.168.2.77', '192.168.2.77/32'],
    ['10.0.0.4', '10.0.0.4/32'],
    ['100.64.3.4', '100.64.3.4/32'],
    // A public interface's neighbours are strangers.
    ['203.0.113.10', '203.0.113.10/32'],
    ['2001:db8:9::77', '2001:db8:9::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8::/64'],
    // One IPv4 address in other words, and not what all who are translated share.
    ['64:ff9b::cb00:710a', '203.0.113.10/32'],
    ['::ffff:0:cb00:710a', '203.0.113.10/32'],
    ['2002:cb00:710a:1::9', '2002:cb00:710a:1::/64'],
  ])('from %s is on the network %s', (ip, network) => {
    expect(from(ip).networks).toEqual([network]);
  });

  test.each([
    '169.254.3.4',
    'fe80::77',
    'fe80::77%eth0',
    '2001:0:cb00:7109::9',
    '0.0.0.0',
    '::',
    '255.255.255.255',
    'ff02::1',
    'nonsense',
    '127.1',
    '2130706433',
    '',
  ])('from %s is on no network that is known', (ip) => {
    expect(from(ip).networks).toEqual([]);
  });

  test('from the companion’s computer is near each of its private networks, which are not near each other', () => {
    const here = ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1'].map((ip) => from(ip));
    const around = ['192.168.1.77', 'fd00:1::77', '10.8.200.9', '172.17.0.5', '10.8.5.9'].map((ip) => from(ip));
    const elsewhere = ['203.0.113.10', '192.168.2.77', '2001:db8:9::77', 'fe80::77%eth0'].map((ip) => from(ip));
    for (const one of here) {
      expect(here.every((other) => near(one, other))).toBe(true);
      expect(around.every((other) => near(one, other))).toBe(true);
      expect(elsewhere.some((other) => near(one, other))).toBe(false);
    }
    for (const one of around) expect(around.filter((other) => near(one, other))).toEqual([one]);
  });

  test('and by a proxy that nobody told of is on none, and the operator can be told', () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto', 'x-forwarded-host'])
      for (const peer of ['127.0.0.1', '192.168.1.77', '100.64.0.2', '203.0.113.250'])
        expect(from(peer, { [name]: '192.168.1.77' })).toMatchObject({ networks: [], doubt: 'proxy-untold' });
  });
});

describe('limits count', () => {
  test.each([
    ['203.0.113.10', '203.0.113.11', 'each IPv4 address', false],
    ['192.168.1.77', '192.168.1.78', 'each neighbour', false],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 'an IPv6 /64 as one', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 'another /64 apart, in one range', false, true],
    ['2001:db8:1:2::1', '2001:db8:2:2::1', 'another /48 apart altogether', false],
    ['64:ff9b::cb00:710a', '203.0.113.10', 'a translated address as what it is', true],
    ['::ffff:203.0.113.10', '203.0.113.10', 'a mapped address as what it is', true],
  ])('%s and %s: %s', (a, b, _what, same, inRange: boolean = same) => {
    expect(from(a).bucket === from(b).bucket).toBe(same);
    expect(from(a).range === from(b).range).toBe(inRange);
    const [proxy, by] = ['127.0.0.1', named('127.0.0.1')];
    const told = [a, b].map((ip) => from(proxy, { 'x-forwarded-for': ip }, by).bucket);
    expect(told).toEqual([from(a).bucket, from(b).bucket]);
  });
});

/** What reaches the companion of a request by somebody who says `claims` of himself. */
const HABITS: Record<string, (client: string, claims: string | undefined) => string | undefined> = {
  appends: (client, claims) => [...(claims === undefined ? [] : [claims]), client].join(', '),
  replaces: (client) => client,
  'drops what it is told, and says nothing,': () => undefined,
};
const PROXIES = ['127.0.0.1', '::1', '172.17.0.3', '10.0.0.3', '100.64.0.2', '203.0.113.250', '2001:db8:aa::2'];
const CLIENTS = [
  '127.0.0.1',
  '192.168.1.77',
  '10.20.0.66',
  '10.8.200.9',
  '100.64.3.4',
  '198.51.100.7',
  '2001:db8:1:2::5',
];
const CLAIMS = [undefined, ...CLIENTS, '198.51.100.7, 10.20.0.66', '203.0.113.250', 'unknown', '127.1', ',', ' '];

describe.each(Object.entries(HABITS))('a proxy that %s', (habit, passes) => {
  const speaks = !habit.startsWith('drops');
  const by = (proxy: string, client: string, claims: string | undefined, proxies: readonly Network[]) => {
    const forwarded = passes(client, claims);
    return from(proxy, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, proxies);
  };

  test.each(PROXIES)('at %s lets nobody be where he is not, whatever he claims', (proxy) => {
    const proxies = named('192.0.2.1', proxy);
    const victims = CLIENTS.map((client) => ({ client, source: by(proxy, client, undefined, proxies) }));
    const wrong: string[] = [];
    for (const attacker of CLIENTS) {
      // The companion's own loopback is not the proxy's.
      const known = speaks && attacker !== '127.0.0.1';
      const { bucket } = from(known ? attacker : proxy);
      for (const claims of CLAIMS) {
        const source = by(proxy, attacker, claims, proxies);
        if (source.bucket !== bucket) wrong.push(`${attacker} claims ${claims}: counted as ${source.bucket}`);
        for (const victim of victims)
          if (near(source, victim.source) !== (known && attacker === victim.client))
            wrong.push(`${attacker} claims ${claims}: to ${victim.client} ${near(source, victim.source)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(PROXIES)('at %s that is not named makes nobody near, and all of its people share its limits', (proxy) => {
    const { bucket, range } = from(proxy);
    const none = { bucket, range, networks: [], doubt: 'proxy-unnamed' };
    const others = named('192.0.2.1', '10.0.0.2', '2001:db8:aa::3');
    const sources = CLAIMS.flatMap((claims) =>
      CLIENTS.flatMap((client) => [by(proxy, client, claims, []), by(proxy, client, claims, others)]),
    );
    expect(new Set(sources.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify(none)]));
  });
});

describe('a proxy that is named', () => {
  test.each([
    ['nothing', undefined, 'proxy-silent'],
    ['an empty line', '', 'proxy-silent'],
    ['a word', '198.51.100.7, unknown', 'proxy-silent'],
    ['an address with a port', '198.51.100.7:4711', 'proxy-silent'],
    ['an address in another way of writing', '0x7f000001', 'proxy-silent'],
    ['nothing at last', '198.51.100.7,', 'proxy-silent'],
    ['another proxy', '198.51.100.7, 10.0.0.4', 'proxy-for-proxy'],
    ['itself', '198.51.100.7, 10.0.0.3', undefined],
    ['its own loopback', '198.51.100.7, 127.0.0.1', undefined],
    ['its own link', 'fe80::7', undefined],
  ])('and says %s tells nothing', (_what, forwarded, doubt) => {
    const headers = forwarded === undefined ? { forwarded: 'for=198.51.100.7' } : { 'x-forwarded-for': forwarded };
    expect(from('10.0.0.3', headers, named('10.0.0.0/28'))).toEqual({
      bucket: '10.0.0.3/32',
      range: '10.0.0.3/32',
      networks: [],
      ...(doubt && { doubt }),
    });
  });

  test('leaves neighbours in the companion’s own network near, and strangers in it apart', () => {
    const by = (client: string) => from('127.0.0.1', { 'x-forwarded-for': client }, named('127.0.0.1'));
    expect(near(by('192.168.1.77'), by('192.168.1.20'))).toBe(true);
    expect(near(by('192.168.1.77'), by('10.8.200.9'))).toBe(false);
    expect(near(by('198.51.100.7'), by('198.51.100.8'))).toBe(false);
    expect(near(by('2001:db8:1:2::1'), by('2001:db8:1:2:ffff::1'))).toBe(true);
  });
});

describe('an operator names', () => {
  test.each([
    ['127.0.0.1', ['127.0.0.1', '::ffff:127.0.0.1'], ['127.0.0.2', '::1']],
    ['10.0.0.0/28', ['10.0.0.0', '10.0.0.15'], ['10.0.0.16', '10.0.1.3']],
    ['100.64.0.2/32', ['100.64.0.2'], ['100.64.0.3']],
    ['fd00:1::/64', ['fd00:1::9'], ['fd00:1:0:1::9', '10.0.0.1']],
  ])('%s, and nobody else', (text, inside, outside) => {
    const doubt = (peer: string) => from(peer, {}, named(text)).doubt;
    expect(inside.map(doubt).every((one) => one === 'proxy-silent')).toBe(true);
    expect(outside.map(doubt).every((one) => one === 'proxy-unnamed')).toBe(true);
  });

  test.each([
    '',
    'caddy',
    'loopback',
    '127.1',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/8/9',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/1e1',
    '10.0.0.0/-1',
    '::/129',
    'fe80::1%eth0',
    '10.0.0.1:80',
    '10.0.0.1 ',
  ])('no “%s”', (text) => {
    expect(readNetwork(text)).toBeUndefined();
  });
});
