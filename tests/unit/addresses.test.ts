// Where an address is: with the companion, in a network of its own, or nowhere.
import { expect, test } from 'vitest';
import { networkOf } from '../../server/http/addresses.ts';

const interfaces = {
  eth0: [
    { address: '192.168.1.5', cidr: '192.168.1.5/24', family: 'IPv4' },
    { address: '203.0.113.9', cidr: '203.0.113.9/24', family: 'IPv4' },
    { address: 'fd00:1::5', cidr: 'fd00:1::5/64', family: 'IPv6' },
    { address: 'fe80::5', cidr: 'fe80::5/64', family: 'IPv6' },
    { address: '2001:db8:9::5', cidr: '2001:db8:9::5/64', family: 'IPv6' },
  ],
};
test.each([
  ['127.0.0.1', 'here'],
  ['127.255.0.9', 'here'],
  ['::1', 'here'],
  ['::ffff:127.0.0.1', 'here'],
  ['192.168.1.77', 'here'],
  ['::ffff:192.168.1.77', 'here'],
  ['fd00:1::77', 'here'],
  ['fe80::77%eth0', 'here'],
  ['fd00:2::77', 'fd00:2:0:0::/64'],
  ['192.168.2.77', '192.168.2.77'],
  ['10.0.0.4', '10.0.0.4'],
  // A public interface's neighbours are strangers.
  ['203.0.113.10', '203.0.113.10'],
  ['2001:db8:9::77', '2001:db8:9:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['nonsense', undefined],
  ['127.1', undefined],
  ['2130706433', undefined],
  ['', undefined],
])('%s is on the network %s', (ip, network) => {
  expect(networkOf(ip, interfaces as never)).toBe(network);
});
