// Addresses of those who connect, as far as they say where somebody is.
import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Only private networks count as "here": a public interface's neighbours are strangers. */
const PRIVATE: readonly string[] = ['private', 'linkLocal', 'uniqueLocal'];

const isIn = (address: Address, cidr: string): boolean => {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return address.kind() === network.kind() && PRIVATE.includes(network.range()) && address.match(network, bits);
};

/**
 * The network that an address belongs to: `here` for loopback and the companion's own private networks, else the IPv4
 * address itself or the IPv6 /64; undefined when it is no address.
 */
export function networkOf(
  ip: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string | undefined {
  const plain = ip.replace(/%.*$/, '');
  // The library also reads `127.1` and `0x7f000001`.
  if (isIP(plain) === 0) return undefined;
  const address: Address = ipaddr.process(plain);
  const own = Object.values(interfaces).flatMap((list) => (list ?? []).flatMap(({ cidr }) => cidr ?? []));
  if (address.range() === 'loopback' || own.some((cidr) => isIn(address, cidr))) return 'here';
  if (address instanceof ipaddr.IPv4) return address.toString();
  const half = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${half.join(':')}::/64`;
}
