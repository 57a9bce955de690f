// Addresses as evidence of nearness: two connections are near when they come from the same network.
import { createHmac, randomBytes } from 'node:crypto';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { Store } from '../store/store.ts';

const DAY = 86_400_000;

function privateNetworks(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): BlockList {
  const reserved = new BlockList();
  for (const [net, prefix] of [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['169.254.0.0', 16],
  ] as const)
    reserved.addSubnet(net, prefix, 'ipv4');
  reserved.addSubnet('fc00::', 7, 'ipv6');
  reserved.addSubnet('fe80::', 10, 'ipv6');
  const own = new BlockList();
  own.addSubnet('127.0.0.0', 8, 'ipv4');
  own.addAddress('::1', 'ipv6');
  for (const { address, cidr, family } of Object.values(interfaces).flatMap((list) => list ?? [])) {
    const type = family === 'IPv6' ? 'ipv6' : 'ipv4';
    // Only private networks count as "here": a public interface's neighbours are strangers.
    if (cidr && reserved.check(address, type)) own.addSubnet(address, Number(cidr.split('/')[1]), type);
  }
  return own;
}

/**
 * The network that an address belongs to: `here` for loopback and the companion's own private networks, else the IPv4
 * address itself or the IPv6 /64; undefined when it is no address.
 */
export function networkOf(
  ip: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string | undefined {
  const plain = ip.startsWith('::ffff:') && isIPv4(ip.slice(7)) ? ip.slice(7) : ip.replace(/%.*$/, '');
  if (!isIPv4(plain) && !isIPv6(plain)) return undefined;
  if (privateNetworks(interfaces).check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')) return 'here';
  if (isIPv4(plain)) return plain;
  // The URL parser gives the canonical text of an IPv6 address; its first four groups are the /64.
  const [head = '', tail = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/** Keyed hash of a network under today's salt, base64url: comparable within a day, meaningless later. */
export async function hashNetwork(store: Store, network: string, now: number): Promise<string> {
  const key = `salt:${Math.floor(now / DAY)}`;
  if (!(await store.get(key))) await store.put(key, randomBytes(32).toString('base64url'), now + 2 * DAY, 0);
  const salt = (await store.get(key))?.value ?? '';
  return createHmac('sha256', salt).update(network).digest('base64url');
}
